/**
 * `demo --verdicts`: every way of trusting, once accepting and once refusing, in the words that people get to read. The
 * certificates are made on the spot and judged in memory, by the judge that streams ask.
 */
import {
  Authority,
  AuthorityTrust,
  CustomTrust,
  Fingerprint,
  type FirstUse,
  Identity,
  PeerJudge,
  type Pin,
  PinStore,
  PinTrust,
  Renewal,
  Trust,
  TrustModel
} from "@xmpp-e2e/certificates"
import { Address } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { CommandFailed, exitCodes } from "./exit.ts"
import * as Output from "./output.ts"
import { stoppedAt } from "./showing.ts"
import * as VerdictText from "./verdictText.ts"

export const tour = Effect.fnUntraced(function*() {
  const cast = yield* makeCast.pipe(
    Effect.mapError(({ message }) => new CommandFailed({ code: exitCodes.failed, sentence: message }))
  )
  yield* Effect.forEach(chapters(cast), tell, { discard: true })
})

interface Chapter {
  readonly title: string
  readonly judge: Layer.Layer<PeerJudge.PeerJudge, { readonly message: string }>
  readonly scenes: ReadonlyArray<Scene>
  readonly needsAll?: true
}

interface Scene {
  readonly title: string
  /** What the peer shows; nobody shows nothing. */
  readonly shown: Identity.Identity | undefined
  readonly wanted: string
}

const tell = Effect.fnUntraced(
  function*(chapter: Chapter) {
    const { judge, scenes, title } = chapter
    yield* Output.lines([Output.paint("initiator", title), ""])
    const { judge: ask } = yield* PeerJudge.PeerJudge.pipe(Effect.provide(yield* Layer.build(judge)))
    for (const scene of scenes) {
      const question: PeerJudge.Question = {
        role: "initiator",
        naming,
        authenticatePeer: true,
        chain: scene.shown?.chain ?? [],
        expected: scene.wanted
      }
      const judgement = yield* ask(question)
      const words = VerdictText.lines(judgement, question, {
        isWhole: false,
        needsAll: chapter.needsAll === true,
        store: Option.some("DIR")
      })
      yield* Output.lines([`* ${scene.title}`, ...words.map((line) => `  ${line}`), ""])
    }
  },
  Effect.scoped,
  Effect.mapError(({ message }) => new CommandFailed({ code: exitCodes.failed, sentence: message }))
)

/** Who shows which certificate. */
interface Cast {
  readonly anchors: ReadonlyArray<Uint8Array>
  /** Issued by the authority. */
  readonly romeo: Identity.Identity
  /** The same, long ago. */
  readonly romeoOfOld: Identity.Identity
  /** Self-signed. */
  readonly juliet: Identity.Identity
  /** With the same key. */
  readonly julietRenewed: Identity.Identity
  /** Somebody else, who says that she is Juliet. */
  readonly impostor: Identity.Identity
  readonly pinOfRomeo: Pin.Pin
  readonly pinOfJuliet: Pin.Pin
}

const chapters = (cast: Cast): ReadonlyArray<Chapter> => {
  const { anchors, impostor, juliet, julietRenewed, pinOfJuliet: pin, romeo, romeoOfOld } = cast
  const isJuliet = { title: "The pinned certificate", shown: juliet, wanted: julietsAddress }
  const isRenewed = { title: "A renewal with the same key", shown: julietRenewed, wanted: julietsAddress }
  const isImpostor = { title: "Another certificate, with another key", shown: impostor, wanted: julietsAddress }
  const isRomeo = { title: "A certificate of the authority, for the address", shown: romeo, wanted: romeosAddress }
  return [
    {
      title: "An authority is trusted (--trust-ca)",
      judge: believing({ combination: TrustModel.anyOf(TrustModel.authority), anchors }),
      scenes: [
        isRomeo,
        { title: "The same certificate, for another address", shown: romeo, wanted: julietsAddress },
        { title: "A certificate that is out of date", shown: romeoOfOld, wanted: romeosAddress },
        { title: "A certificate that no authority issued", shown: juliet, wanted: julietsAddress },
        { title: "No certificate", shown: undefined, wanted: romeosAddress }
      ]
    },
    {
      title: "A certificate is pinned (--trust-pin)",
      judge: believing({ combination: TrustModel.anyOf(TrustModel.pin), pins: [pin] }),
      scenes: [isJuliet, isRenewed]
    },
    {
      title: "A key is pinned (--trust-pin --trust-by key)",
      judge: believing({ combination: TrustModel.anyOf(TrustModel.pin), pins: [pin], pinBy: "key" }),
      scenes: [isRenewed, isImpostor]
    },
    {
      title: "Whoever comes first is remembered (--trust-store)",
      judge: believing({ combination: rememberingPins, firstUse: "accept" }),
      scenes: [
        { ...isJuliet, title: "A certificate that nobody knows, for the first time" },
        { ...isJuliet, title: "The same certificate again" },
        { ...isImpostor, title: "Another certificate for the same address" }
      ]
    },
    {
      title: "A function of the application decides",
      judge: PeerJudge.layerOf(TrustModel.custom("friends")).pipe(Layer.provide(friends(juliet))),
      scenes: [{ ...isJuliet, title: "Somebody whom it knows" }, {
        ...isImpostor,
        title: "Somebody whom it does not know"
      }]
    },
    {
      title: "An authority and a pin have to agree (--trust-require all)",
      needsAll: true,
      judge: PeerJudge.layerOf(authorityAndPin).pipe(
        Layer.provide(pinnedAndIssued(cast))
      ),
      scenes: [isRomeo, { title: "A certificate that no authority issued", shown: juliet, wanted: julietsAddress }]
    }
  ]
}

const believing = (trust: Partial<Trust.Trust>) =>
  PeerJudge.layer(Trust.make(trust)).pipe(Layer.provide(PinStore.layerMemory()))

const friends = (friend: Identity.Identity) =>
  CustomTrust.layer({
    friends: (peer) =>
      Effect.succeed(
        peer.hashes.certificate === friend.fingerprint
          ? { _tag: "Accept", authorised: friend.addresses, because: "it is in the list of friends" }
          : { _tag: "Refuse", because: "it is not in the list of friends" }
      )
  })

const pinnedAndIssued = ({ anchors, pinOfRomeo }: Cast) =>
  Layer.mergeAll(
    AuthorityTrust.layer({ anchors }),
    PinTrust.layer({ pins: [pinOfRomeo] }).pipe(Layer.provide(PinStore.layerMemory()))
  )

const makeCast = Effect.gen(function*() {
  const clock = yield* Clock.Clock
  const authority = yield* Authority.create({ name: "Harbour authority", algorithm: "p256", days: 365 })
  const issue = Authority.issue(authority, { address: romeosAddress, naming, algorithm: "p256", days: 1 })
  const longAgo = stoppedAt((yield* Clock.currentTimeMillis) - yearMillis, clock)
  const romeo = yield* Effect.flatMap(issue, load)
  const juliet = yield* selfSigned(julietsAddress)
  const renewed = yield* Renewal.certificate(juliet, { days: 2 })
  const cast: Cast = {
    anchors: [authority.certificate.der],
    romeo,
    romeoOfOld: yield* Effect.flatMap(Effect.provideService(issue, Clock.Clock, longAgo), load),
    juliet,
    julietRenewed: yield* Identity.fromPem({ certificates: renewed, privateKey: juliet.privateKey, naming }),
    impostor: yield* selfSigned(julietsAddress),
    pinOfRomeo: yield* pinOf(romeo, romeosAddress),
    pinOfJuliet: yield* pinOf(juliet, julietsAddress)
  }
  return cast
})

const pinOf = Effect.fnUntraced(
  function*({ certificate, fingerprint }: Identity.Identity, address: string): Effect.fn.Return<Pin.Pin> {
    return {
      address: Address.bareText(address, naming) ?? address,
      naming,
      certificate: fingerprint,
      key: yield* Fingerprint.sha256(certificate.publicKey.spki),
      firstSeen: "1970-01-01T00:00:00Z",
      how: "manual"
    }
  }
)

const selfSigned = (address: string) =>
  Effect.flatMap(Identity.createSelfSigned({ address, naming, algorithm: "p256", days: 1 }), load)

const load = (
  made: { readonly certificatePem: string; readonly privateKeyPem: Redacted.Redacted<string> }
) => Identity.fromPem({ certificates: made.certificatePem, privateKey: made.privateKeyPem, naming })

const rememberingPins = TrustModel.anyOf<PinTrust.PinTrust | FirstUse.FirstUseTrust>(
  TrustModel.pin,
  TrustModel.firstUse
)
const authorityAndPin = TrustModel.allOf<AuthorityTrust.AuthorityTrust | PinTrust.PinTrust>(
  TrustModel.authority,
  TrustModel.pin
)

const naming = "jid"
const romeosAddress = "romeo@forza.example"
const julietsAddress = "juliet@pronto.example"
const yearMillis = 31_536_000_000
