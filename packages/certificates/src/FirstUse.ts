/**
 * The leap of faith (CERT-86…88): a certificate that nobody vouches for is bound to an address because nobody else has
 * been there before. Somebody may be asked, and the pin is kept.
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Fingerprint from "./Fingerprint.ts"
import { toIso } from "./internal/calendar.ts"
import { unvouched } from "./internal/unvouched.ts"
import { listed } from "./internal/visible.ts"
import type { Leap, Opinion, Way } from "./Opinion.ts"
import * as Peer from "./Peer.ts"
import type * as Pin from "./Pin.ts"
import { PinStore, type PinStoreError } from "./PinStore.ts"
import * as PinTrust from "./PinTrust.ts"
import * as PresentedNames from "./PresentedNames.ts"
import * as Proof from "./Proof.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * Trust on first use. What is in the store counts before anything else, so that it serves alone too.
 *
 * @since 0.1.0
 * @category services
 */
export class FirstUseTrust extends Context.Service<
  FirstUseTrust,
  Way & {
    /** Makes a leap, or does not. */
    readonly settle: (peer: Peer.Peer, leap: Leap, accepted: Verdict.Verdict) => Effect.Effect<Settled, PinStoreError>
  }
>()("@xmpp-e2e/certificates/FirstUseTrust") {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Settled {
  readonly verdict: Verdict.Verdict
  readonly proof: Proof.Proof
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** CERT-86. `ask` needs an `Approver`; without one nobody is accepted. `reject` asks none, even where there is one. */
  readonly policy: "reject" | "ask" | "accept"
  /** Default `certificate`. */
  readonly by?: Pin.Comparison
}

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<FirstUseTrust, never, PinStore> =>
  Layer.effect(
    FirstUseTrust,
    Effect.map(PinStore, (store) => {
      const { by = "certificate", policy } = options
      return {
        description: { policy, by },
        judge: (peer, heard) => judge(peer, heard, { by, policy }, store),
        hasPin: (peer) => Effect.map(PinTrust.knownPins(peer, [], store), ({ byAddress }) => byAddress.length > 0),
        settle: (peer, leap, accepted) => settle(peer, leap, accepted, { policy, by }, store)
      }
    })
  )

/**
 * Asks somebody who can compare fingerprints. The stream bounds the time by its `verdict` timer: whoever does not answer
 * has not consented.
 *
 * @since 0.1.0
 * @category services
 */
export class Approver extends Context.Service<Approver, {
  readonly approve: (request: Request) => Effect.Effect<boolean>
}>()("@xmpp-e2e/certificates/Approver") {}

/**
 * What a person has to see (CERT-87).
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly role: "initiator" | "recipient"
  /** What the certificate would be pinned to. */
  readonly addresses: ReadonlyArray<string>
  /** What the certificate says of itself; a stranger wrote it. */
  readonly names: ReadonlyArray<string>
  /** SHA-256, upper case, in pairs. */
  readonly fingerprint: string
  /** Why nothing else vouches for it. */
  readonly because: string
  /** Among them: that the same certificate is pinned to another address (CERT-94), or names others. */
  readonly notices: ReadonlyArray<string>
}

const judge = Effect.fnUntraced(function*(
  peer: Peer.Peer,
  heard: ReadonlyArray<Opinion>,
  { by, policy }: Required<Options>,
  store: PinStore["Service"]
): Effect.fn.Return<Opinion, PinStoreError> {
  const known = yield* PinTrust.knownPins(peer, [], store)
  const pinned = PinTrust.opine({ peer, known, fingerprints: [], by, ignoresValidity: false })
  if (pinned._tag !== "Abstains") return pinned
  const said = heard.find((each) => each._tag === "Abstains" && each.verdict !== undefined)?.verdict
  return opine(peer, said ?? (yield* unvouched(peer)), known, policy)
})

/** Row 13. */
const opine = (
  peer: Peer.Peer,
  reason: Verdict.Verdict,
  known: PinTrust.Known,
  policy: Options["policy"]
): Opinion => {
  const claim = (...reasons: ReadonlyArray<Proof.Proof>): Proof.Proof =>
    Proof.all({ _tag: "Model", model: "firstUse" }, `Nobody has been seen as ${Peer.who(peer)} before`, reasons)
  const isNobody = reason.code === "selfSigned" || reason.code === "untrustedCa" || reason.code === "noIdentity"
  const sound = Proof.rule("CERT-86", "Nothing is known against it but that nobody vouches for it", isNobody, {
    found: reason.because
  })
  if (!isNobody) return { _tag: "Refuses", verdict: reason, proof: claim(sound) }
  const addresses = addressesOf(peer)
  const unbound = whyUnbound(peer, addresses, reason)
  const bound = Proof.rule("CERT-88", "There are addresses to bind it to, and few", unbound === undefined, {
    found: `it names ${listed(peer.names.xmppAddr, "nobody")}`
  })
  if (unbound !== undefined) return { _tag: "Refuses", verdict: unbound, proof: claim(sound, bound) }
  const what = Peer.caseOf(peer, noticesOf(peer, addresses, known))
  const unvouched = { ...reason, notices: what.notices }
  const isPossible = policy !== "reject"
  const possible = Proof.rule("CERT-86", "Strangers may be welcome here", isPossible)
  if (!isPossible) return { _tag: "Refuses", verdict: unvouched, proof: claim(sound, bound, possible) }
  const expiresIn = Peer.timeLeft([peer.certificate], peer.now)
  const { key } = peer.hashes
  return {
    _tag: "Accepts",
    verdict: Verdicts.firstUse(what, { authorised: addresses, strength: "firstUse", expiresIn }),
    proof: claim(sound, bound, possible),
    leap: {
      addresses,
      unvouched,
      conflicting: (pins) =>
        Verdicts.pinMismatch(what, { addresses: [...new Set(pins.map(({ address }) => address))], pins, key })
    }
  }
}

/** An initiator binds to the address it wants, a recipient to the XmppAddr names it is shown. */
const addressesOf = (peer: Peer.Peer): ReadonlyArray<string> => {
  const wanted = Peer.wantedText(peer)
  return peer.role === "initiator" && wanted !== undefined
    ? [wanted]
    : peer.names.xmppAddr.filter((each) => wanted === undefined || each === wanted)
}

const whyUnbound = (
  peer: Peer.Peer,
  { length }: ReadonlyArray<string>,
  reason: Verdict.Verdict
): Verdict.Verdict | undefined => {
  const what = Peer.caseOf(peer)
  if (length === 0) {
    return peer.names.xmppAddr.length === 0
      ? Verdicts.noIdentity(what, peer.role)
      : Verdicts.identityMismatch(what, peer.role)
  }
  if (length <= addressesMax) return undefined
  return Verdicts.fault(what, {
    code: reason.code === "selfSigned" ? "selfSigned" : "untrustedCa",
    rule: "CERT-88",
    detail: `the certificate names ${length} addresses, and a stranger gets no more than ${addressesMax}`
  })
}

const noticesOf = (
  peer: Peer.Peer,
  addresses: ReadonlyArray<string>,
  known: PinTrust.Known
): ReadonlyArray<string> => {
  const { xmppAddr } = peer.names
  const isNamed = xmppAddr.length === 0 || addresses.some((each) => xmppAddr.includes(each))
  return [
    ...Peer.markedAsAuthority(peer),
    ...isNamed ? [] : [Verdicts.otherNames(Peer.caseOf(peer))],
    ...elsewhere(known, Peer.wantedText(peer))
  ]
}

/** CERT-84, CERT-94. */
const elsewhere = ({ byFingerprint }: PinTrust.Known, wanted: string | undefined): ReadonlyArray<string> => {
  const others = [...new Set(byFingerprint.map((each) => each.address))].filter((each) => each !== wanted)
  return others.length === 0
    ? []
    : [`pinnedElsewhere: this certificate is already pinned to ${listed(others, "another")}.`]
}

/**
 * The store says who came first: two strangers who claim the same address at once do not both get it. When one of several
 * addresses is taken, none is bound.
 */
const settle = Effect.fnUntraced(function*(
  peer: Peer.Peer,
  { addresses, conflicting, unvouched }: Leap,
  accepted: Verdict.Verdict,
  { by, policy }: Required<Options>,
  store: PinStore["Service"]
): Effect.fn.Return<Settled, PinStoreError> {
  const consent = policy === "accept" ? given : yield* ask(peer, addresses, unvouched)
  if (consent.verdict !== undefined) return { verdict: consent.verdict, proof: consent.proof }
  const { hashes, naming, now } = peer
  const taken = yield* store.rememberFirst(
    addresses.map((address) => ({ ...hashes, address, naming, firstSeen: toIso(now), how: "firstUse" })),
    by
  )
  return taken.length === 0
    ? { verdict: accepted, proof: consent.proof }
    : {
      verdict: conflicting(taken),
      proof: Proof.rule("CERT-85", "Nobody else has claimed the address meanwhile", false)
    }
})

interface Consent {
  readonly verdict?: Verdict.Verdict
  readonly proof: Proof.Proof
}

const ask = Effect.fnUntraced(function*(
  peer: Peer.Peer,
  addresses: ReadonlyArray<string>,
  { because, ...unvouched }: Verdict.Verdict
): Effect.fn.Return<Consent> {
  const approver = yield* Effect.serviceOption(Approver)
  const { certificate } = peer.hashes
  const { notices } = unvouched
  if (Option.isNone(approver)) {
    const verdict = { ...unvouched, because, notices: [...notices, nobodyToAsk] }
    return { verdict, proof: consented(false, "there is nobody who could be asked") }
  }
  const fingerprint = Fingerprint.display(certificate)
  const isApproved = yield* approver.value.approve({
    role: peer.role,
    addresses,
    names: PresentedNames.texts(peer.names),
    fingerprint,
    because,
    notices
  })
  return isApproved
    ? { proof: consented(true, "somebody was asked, who said yes") }
    : { verdict: Verdicts.userRejected(Peer.caseOf(peer)), proof: consented(false, "somebody was asked, who said no") }
})

const consented = (holds: boolean, found: string): Proof.Proof =>
  Proof.rule("CERT-87", "A stranger is welcome", holds, { found })

const given: Consent = { proof: consented(true, "here everybody is who comes first") }

const nobodyToAsk = "ask: there is nobody here who could be asked, so an unknown certificate is refused."
/** So that a stranger who is welcome does not take all names that there are. */
const addressesMax = 4
