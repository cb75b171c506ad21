/**
 * Proof that policy was asked. `Established` requires an `Admission`, and only `admit` makes one; whoever reads
 * `Established` knows.
 *
 * @since 0.1.0
 */
import * as Address from "./Address.ts"
import type { Config } from "./Config.ts"
import type { Link, PeerHeader, PeerIdentity } from "./State.ts"
import type { Verdict } from "./Verdict.ts"

declare const admitted: unique symbol

/**
 * @since 0.1.0
 * @category models
 */
export interface Admission {
  /** Only the type system sees this: it keeps others from building the value. */
  readonly [admitted]: true
  readonly peer: PeerIdentity
  readonly secured: boolean
  readonly header: PeerHeader
}

/**
 * Whether the peer may come in, and as whom (FEAT-17, P-14). The default is no: `undefined`, unless every level that the
 * policy asks for has been reached.
 *
 * @since 0.1.0
 * @category constructors
 */
export const admit = (config: Config, link: Link, header: PeerHeader): Admission | undefined => {
  if (config.policy.tls === "required" && link._tag === "Clear") return undefined
  if (config.policy.sasl === "required" && link._tag !== "Authenticated") return undefined
  const peer = identify(config, link, header)
  if (config.policy.authenticatePeer && link._tag !== "Clear" && !peer.verified) return undefined
  if (config.policy.legacy === "refuse" && !header.modern) return undefined
  const facts: Omit<Admission, typeof admitted> = { peer, secured: link._tag !== "Clear", header }
  return facts as Admission
}

/**
 * Whether a verdict lets the peer use an address (certificates §5.3).
 *
 * @since 0.1.0
 * @category guards
 */
export const authorises = (verdict: Verdict, address: string, naming: Address.Naming): boolean =>
  verdict.authorised.some((entry) =>
    entry.startsWith("*.") ? coversService(entry.slice(2), address, naming) : Address.sameBare(entry, address, naming)
  )

/**
 * The one address a verdict authorises, when it authorises exactly one by name.
 *
 * @since 0.1.0
 * @category getters
 */
export const soleAddress = (verdict: Verdict): string | undefined => {
  const [first, ...others] = verdict.authorised
  return first !== undefined && others.length === 0 && !first.startsWith("*.") ? first : undefined
}

const coversService = (parent: string, text: string, naming: Address.Naming): boolean => {
  const address = Address.parse(text, naming)
  if (address === undefined || !Address.isService(address)) return false
  const dot = address.domain.indexOf(".")
  return dot > 0 && Address.sameBare(address.domain.slice(dot + 1), parent, naming)
}

const identify = (config: Config, link: Link, header: PeerHeader): PeerIdentity =>
  config.role === "initiator" ? identifyRecipient(config, link, header) : identifyInitiator(config, link, header)

const identifyRecipient = (config: Config, link: Link, header: PeerHeader): PeerIdentity => {
  if (link._tag === "Clear") return announced(header.from ?? config.peer)
  const verdict = link._tag === "Secured" ? link.verdict : link.secured.verdict
  const { identity } = verdict
  if (identity === undefined || verdict.decision !== "accept" || verdict.strength === "none") {
    return announced(header.from ?? config.peer)
  }
  const alias = config.peer !== undefined && !Address.sameBare(config.peer, identity, config.naming)
    ? { alias: config.peer }
    : {}
  return { address: identity, how: "certificate", verified: true, ...alias }
}

const identifyInitiator = (config: Config, link: Link, header: PeerHeader): PeerIdentity => {
  if (link._tag === "Authenticated" && link.identity !== undefined) {
    return { address: link.identity, how: "sasl", verified: true }
  }
  if (link._tag === "Secured" && link.verdict.decision === "accept") {
    const claimed = header.from ?? soleAddress(link.verdict)
    if (claimed !== undefined && authorises(link.verdict, claimed, config.naming)) {
      return { address: Address.bareText(claimed, config.naming) ?? claimed, how: "certificate", verified: true }
    }
  }
  return announced(header.from)
}

const announced = (address: string | undefined): PeerIdentity =>
  address === undefined ? { how: "unknown", verified: false } : { address, how: "announced", verified: false }
