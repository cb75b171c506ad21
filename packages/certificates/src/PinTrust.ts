/**
 * Trust in pins: this certificate, or this key, belongs to that address, because somebody said so (certificates §6, §8
 * rows 4 and 5). Pins come from the configuration and from the `PinStore`.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Fingerprint from "./Fingerprint.ts"
import { readFingerprint, readPin } from "./internal/configured.ts"
import { outOfDate } from "./internal/rules.ts"
import { listed } from "./internal/visible.ts"
import type { Contradiction } from "./KeyChange.ts"
import * as Match from "./Match.ts"
import type { Opinion, Way } from "./Opinion.ts"
import * as Peer from "./Peer.ts"
import * as Pin from "./Pin.ts"
import { PinStore, type PinStoreError } from "./PinStore.ts"
import * as Proof from "./Proof.ts"
import * as PublicKey from "./PublicKey.ts"
import type { TrustError } from "./TrustError.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class PinTrust extends Context.Service<PinTrust, Way>()("@xmpp-e2e/certificates/PinTrust") {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /**
   * Bare pins: SHA-256 of certificates, in any usual notation; with `by: "key"`, of keys too. For an initiator they are
   * pins of the address it wants; for a recipient the certificate speaks for the XmppAddr names it holds. In both cases
   * not for an address that has a pin of its own. A bare pin of a key speaks for nobody at a recipient: whoever has the
   * key can put any name into a new certificate.
   */
  readonly fingerprints?: ReadonlyArray<string>
  /** Pins besides those of the `PinStore`. */
  readonly pins?: ReadonlyArray<Pin.Pin>
  /** Default `certificate`. */
  readonly by?: Pin.Comparison
  /** CERT-89: a pinned certificate may be out of date. Default no. */
  readonly ignoresValidity?: boolean
}

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<PinTrust, TrustError, PinStore> =>
  Layer.effect(PinTrust, make(options))

const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Way, TrustError, PinStore> {
  const store = yield* PinStore
  const { by = "certificate", ignoresValidity = false } = options
  const fingerprints = yield* Effect.forEach(options.fingerprints ?? [], (each) => readFingerprint(each, "fingerprint"))
  const pins = yield* Effect.forEach(options.pins ?? [], readPin)
  return {
    description: {
      by,
      ignoresValidity,
      fingerprints,
      pins: pins.map(({ address, certificate }) => ({ address, certificate }))
    },
    judge: Effect.fnUntraced(function*(peer) {
      const known = yield* knownPins(peer, pins, store)
      return opine({ peer, known, fingerprints, by, ignoresValidity })
    }),
    hasPin: (peer) =>
      Effect.map(knownPins(peer, pins, store), ({ byAddress }) => byAddress.length + fingerprints.length > 0)
  }
})

/**
 * @since 0.1.0
 * @category models
 */
export interface Known {
  /** Pins of the addresses that matter (`Peer.claimed`). */
  readonly byAddress: ReadonlyArray<Pin.Pin>
  /** Pins of this certificate or key, of whatever address. */
  readonly byFingerprint: ReadonlyArray<Pin.Pin>
}

/**
 * @since 0.1.0
 * @category getters
 */
export const knownPins = Effect.fnUntraced(function*(
  peer: Peer.Peer,
  given: ReadonlyArray<Pin.Pin>,
  store: PinStore["Service"]
): Effect.fn.Return<Known, PinStoreError> {
  const { hashes, naming } = peer
  const addresses = Peer.claimed(peer)
  const fingerprints = [hashes.certificate, hashes.key]
  const byAddress = yield* Effect.forEach(addresses, (address) => store.find({ address, naming }))
  const byFingerprint = yield* Effect.forEach(fingerprints, store.findByFingerprint)
  return {
    byAddress: [
      ...given.filter((each) => each.naming === naming && addresses.includes(each.address)),
      ...byAddress.flat()
    ],
    byFingerprint: [
      ...given.filter((each) => fingerprints.includes(each.certificate) || fingerprints.includes(each.key)),
      ...byFingerprint.flat()
    ]
  }
})

/**
 * @since 0.1.0
 * @category models
 */
export interface Case {
  readonly peer: Peer.Peer
  readonly known: Known
  /** Normalised. */
  readonly fingerprints: ReadonlyArray<string>
  readonly by: Pin.Comparison
  readonly ignoresValidity: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const opine = (of: Case): Opinion => {
  const held = holding(of)
  if (held !== undefined) return opineOnHeld(of, held)
  const contradicted = contradictedBy(of)
  const found = `${Fingerprint.display(of.peer.hashes.certificate)} came`
  if (contradicted === undefined) {
    return { _tag: "Abstains", proof: claim(of, [pinned(of, false, `nothing is pinned to ${Peer.who(of.peer)}`)]) }
  }
  return {
    _tag: "Refuses",
    verdict: Verdicts.pinMismatch(Peer.caseOf(of.peer), contradicted),
    proof: claim(of, [
      pinned(of, false, `another certificate is pinned to ${listed(contradicted.addresses, "it")}, and ${found}`)
    ])
  }
}

interface Held {
  readonly addresses: ReadonlyArray<string>
  readonly strength: "pinned" | "firstUse"
}

/** Row 4. A bare pin speaks for the wanted address, or for the XmppAddr names, unless somebody else is pinned to them. */
const holding = ({ by, fingerprints, known, peer }: Case): Held | undefined => {
  const { hashes, names, naming } = peer
  const wanted = Peer.wantedText(peer)
  const isCertificate = fingerprints.includes(hashes.certificate)
  const isBare = isCertificate || (by === "key" && fingerprints.includes(hashes.key))
  const held = known.byFingerprint.filter((each) =>
    each.naming === naming && Pin.holds(each, hashes, by) && (wanted === undefined || each.address === wanted)
  )
  const own = held.map((each) => each.address)
  const isTaken = (address: string): boolean =>
    !own.includes(address) && known.byAddress.some((each) => each.address === address)
  // Of a certificate somebody has seen the names; to a key its owner can add more.
  const claimed = wanted !== undefined ? [wanted] : isCertificate ? names.xmppAddr : []
  const bare = isBare ? claimed.filter((each) => !isTaken(each)) : []
  const addresses = [...new Set([...own, ...bare])]
  if (addresses.length === 0 && (!isBare || wanted !== undefined)) return undefined
  // CERT-88: a first use stays one until somebody confirms or verifies it, for each address.
  const confirmed = [
    ...bare,
    ...held.flatMap(({ address, how, verified }) => how === "firstUse" && verified === undefined ? [] : [address])
  ]
  return { addresses, strength: addresses.every((each) => confirmed.includes(each)) ? "pinned" : "firstUse" }
}

const opineOnHeld = (of: Case, { addresses, strength }: Held): Opinion => {
  const { ignoresValidity, peer } = of
  const { certificate, names, now, rules, wanted } = peer
  const dates = outOfDate(certificate, now)
  const inDate = (holds: boolean): Proof.Proof =>
    Proof.rule("CERT-89", "It is within its dates, or dates do not matter here", holds, {
      ...dates === undefined ? {} : { found: dates.detail }
    })
  const holds = pinned(of, true, `it is pinned to ${listed(addresses, "no address")}`)
  if (dates !== undefined && !ignoresValidity) {
    const verdict = Verdicts.fault(Peer.caseOf(peer), { ...dates, rule: "CERT-89" })
    return { _tag: "Refuses", verdict, proof: claim(of, [holds, inDate(false)]) }
  }
  const isNamed = wanted === undefined || Match.match(names, wanted, rules) !== "mismatch"
  const what = Peer.caseOf(peer, [
    ...dates === undefined ? [] : [`${dates.code}: ${dates.detail}, which does not matter for pins here.`],
    ...Peer.markedAsAuthority(peer),
    ...PublicKey.isStrong(certificate.publicKey) ? [] : [`weakKey: the pinned key is ${certificate.publicKey.text}.`],
    ...isNamed ? [] : [Verdicts.otherNames(Peer.caseOf(peer))]
  ])
  const expiresIn = dates === undefined ? { expiresIn: Peer.timeLeft([certificate], now) } : {}
  return {
    _tag: "Accepts",
    verdict: Verdicts.pinned(what, { authorised: addresses, strength, ...expiresIn }),
    proof: claim(of, [holds, inDate(true)])
  }
}

/** Row 5: the addresses to which something else is pinned than what was shown, and the pins that say so. */
const contradictedBy = ({ fingerprints, known, peer }: Case): Contradiction | undefined => {
  const wanted = Peer.wantedText(peer)
  const pins = known.byAddress
  const { key } = peer.hashes
  if (pins.length > 0) return { addresses: [...new Set(pins.map((each) => each.address))], pins, key }
  return wanted !== undefined && fingerprints.length > 0 ? { addresses: [wanted], pins: [] } : undefined
}

const claim = ({ peer }: Case, reasons: ReadonlyArray<Proof.Proof>): Proof.Proof =>
  Proof.all({ _tag: "Model", model: "pin" }, `A pin says that the peer is ${Peer.who(peer)}`, reasons)

const pinned = ({ by, peer }: Case, holds: boolean, found: string): Proof.Proof =>
  Proof.rule("CERT-83", `The ${by} is the one pinned to ${Peer.who(peer)}`, holds, { found })
