/**
 * The service that answers "who is at the other end?" with a verdict. The stream asks it once TLS is up, before a byte of
 * XML is written or read (CERT-104). It never fails: what cannot be judged is refused (fail closed).
 *
 * Here the facts are gathered: the clock, the pins, the signatures. What follows from them is decided in `Judge.ts`.
 *
 * @since 0.1.0
 */
import { Address, type Verdict } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Certificate from "./Certificate.ts"
import * as Fingerprint from "./Fingerprint.ts"
import * as FirstUse from "./FirstUse.ts"
import { prepare, type Prepared } from "./internal/prepared.ts"
import * as Judge from "./Judge.ts"
import * as Path from "./Path.ts"
import { layerMemory, PinStore, type PinStoreError } from "./PinStore.ts"
import * as PresentedNames from "./PresentedNames.ts"
import * as Trust from "./Trust.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Question {
  /** As the peer sent it, DER, end entity first. */
  readonly chain: ReadonlyArray<Uint8Array>
  /** Our role: an initiator judges a TLS server, a recipient a TLS client. */
  readonly role: "initiator" | "recipient"
  /** CERT-01: what we wanted, fixed before connecting. An initiator always has it. */
  readonly expected?: string
  readonly naming: Address.Naming
  /** CERT-91: lower-case hex SHA-1 or SHA-256 of certificates announced beforehand. */
  readonly hints?: ReadonlyArray<string>
  /** Whether a recipient insists on a known peer (certificates §8, the recipient note). */
  readonly authenticatePeer: boolean
}

/**
 * @since 0.1.0
 * @category services
 */
export class PeerJudge extends Context.Service<PeerJudge, {
  readonly judge: (question: Question) => Effect.Effect<Verdict.Verdict>
}>()("@xmpp-e2e/certificates/PeerJudge") {}

/**
 * Judges by a `Trust` and the pins of the store. When `firstUse` is `ask`, an `Approver` that is there is asked.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (trust: Trust.Trust): Layer.Layer<PeerJudge, Trust.TrustError, PinStore> =>
  Layer.effect(
    PeerJudge,
    Effect.gen(function*() {
      const prepared = yield* Effect.fromResult(prepare(trust))
      const context = yield* Effect.context<PinStore>()
      return { judge: (question) => Effect.provideContext(judge(question, prepared), context) }
    })
  )

/**
 * Certificates with these SHA-256 fingerprints, and no others.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerPinned = (fingerprints: ReadonlyArray<string>): Layer.Layer<PeerJudge, Trust.TrustError> =>
  Layer.provide(layer(Trust.make({ fingerprints })), layerMemory())

/**
 * Certificates issued by these authorities, DER.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerAuthority = (anchors: ReadonlyArray<Uint8Array>): Layer.Layer<PeerJudge, Trust.TrustError> =>
  Layer.provide(layer(Trust.make({ anchors })), layerMemory())

/**
 * Whoever comes first: the store remembers, and from then on nobody else is accepted for that address.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFirstUse = (firstUse: "ask" | "accept"): Layer.Layer<PeerJudge, Trust.TrustError, PinStore> =>
  layer(Trust.make({ firstUse }))

const judge = (
  question: Question,
  trust: Prepared
): Effect.Effect<Verdict.Verdict, never, PinStore> =>
  judgeUnsafe(question, trust).pipe(
    Effect.catch((error) => Effect.succeed(Verdicts.internal(blank, error.message))),
    Effect.catchDefect((defect) =>
      Effect.as(
        Effect.logError("the judge of certificates died", defect),
        Verdicts.internal(blank, "the judge broke down")
      )
    ),
    Effect.map((verdict) =>
      question.role === "recipient" && !question.authenticatePeer ? Verdicts.tolerate(verdict) : verdict
    )
  )

const judgeUnsafe = Effect.fnUntraced(function*(
  question: Question,
  trust: Prepared
): Effect.fn.Return<Verdict.Verdict, PinStoreError, PinStore> {
  const { expected, naming, role } = question
  const wanted = expected === undefined ? undefined : Address.parse(expected, naming)
  if (wanted === undefined && (role === "initiator" || expected !== undefined)) {
    return Verdicts.internal(blank, `the wanted address ${JSON.stringify(expected ?? "")} is no address`)
  }
  const now = yield* Clock.currentTimeMillis
  const reference = wanted === undefined ? {} : { wanted: Address.bare(wanted) }
  const shown = yield* gather(question, reference.wanted, trust, now)
  const hints = (question.hints ?? []).map(Fingerprint.normalise)
  const ruling = Judge.decide({ role, naming, hints, now, trust, shown, ...reference })
  if (shown._tag !== "Shown") return ruling.verdict
  return yield* FirstUse.settle(ruling, { role, naming, now, hashes: shown.hashes }, trust)
})

const gather = Effect.fnUntraced(function*(
  { chain, naming, role }: Question,
  wanted: Address.Address | undefined,
  trust: Prepared,
  now: number
): Effect.fn.Return<Judge.Facts["shown"], PinStoreError, PinStore> {
  const [der, ...more] = chain
  if (der === undefined) return { _tag: "Nothing" }
  const fingerprint = yield* Fingerprint.sha256(der)
  const read = Certificate.decode(der)
  if (Result.isFailure(read)) return { _tag: "Unreadable", fingerprint, error: read.failure }
  const certificate = read.success
  const names = PresentedNames.read(certificate, naming)
  const hashes = { certificate: fingerprint, key: yield* Fingerprint.sha256(certificate.publicKey.spki) }
  const others = more.slice(0, chainMax).map(Certificate.decode)
  const path = yield* Path.find({
    leaf: certificate,
    intermediates: [...others.flatMap((each) => Result.isSuccess(each) ? [each.success] : []), ...trust.intermediates],
    anchors: trust.anchors,
    now,
    purpose: { peer: role === "initiator" ? "server" : "client", policy: trust.purpose }
  })
  const addresses = wanted === undefined ? names.xmppAddr : [Address.format(wanted)]
  return {
    _tag: "Shown",
    certificate,
    hashes,
    sha1: yield* Fingerprint.sha1(der),
    names,
    path,
    pinsByAddress: yield* pinsByAddress(addresses, naming, trust),
    pinsByFingerprint: yield* pinsByFingerprint([hashes.certificate, hashes.key], trust),
    notices: others.flatMap((each, at) =>
      Result.isFailure(each)
        ? [`malformed: certificate ${at + 2} of the chain cannot be read: ${each.failure.detail}.`]
        : []
    )
  }
})

const pinsByAddress = Effect.fnUntraced(function*(
  addresses: ReadonlyArray<string>,
  naming: Address.Naming,
  trust: Prepared
) {
  const store = yield* PinStore
  const kept = yield* Effect.forEach(addresses, (address) => store.find({ address, naming }))
  const given = trust.pins.filter((each) => each.naming === naming && addresses.includes(each.address))
  return [...given, ...kept.flat()]
})

const pinsByFingerprint = Effect.fnUntraced(function*(fingerprints: ReadonlyArray<string>, trust: Prepared) {
  const store = yield* PinStore
  const kept = yield* Effect.forEach(fingerprints, store.findByFingerprint)
  const given = trust.pins.filter((each) => fingerprints.includes(each.certificate) || fingerprints.includes(each.key))
  return [...given, ...kept.flat()]
})

const blank: Verdicts.Case = { presented: [], notices: [] }
/** CERT-40: what a peer may send besides its own certificate. */
const chainMax = 32
