/**
 * What a stream is told before it begins: who we are, whom we want, what we insist on. Plain data, carried by reference
 * and never changed; a recording needs it once. `make` refuses a configuration that contradicts itself, so that `step`
 * need not care.
 *
 * @since 0.1.0
 */
import { type Element, Limits as XmlLimits } from "@xmpp-e2e/xml"
import * as Address from "./Address.ts"
import type { Resumption } from "./Event.ts"
import * as Language from "./Language.ts"
import * as Namespace from "./Namespace.ts"
import type { Millis } from "./Timer.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Config {
  readonly role: "initiator" | "recipient"
  /** Our own address. */
  readonly self: string
  /** Other addresses that are ours. */
  readonly aliases: ReadonlyArray<string>
  /** Addresses that were ours and are no longer (`host-gone`). */
  readonly former: ReadonlyArray<string>
  /** The wanted peer; an initiator must have one. */
  readonly peer?: string
  /** How addresses are compared (HDR-16, HDR-17). */
  readonly naming: Address.Naming
  readonly policy: Policy
  readonly limits: Limits
  readonly timeouts: Timeouts
  /** RFC 5646 tag of our own texts. */
  readonly lang: string
  /** Languages we can answer in besides `lang`. */
  readonly languages: ReadonlyArray<string>
  /** Features a recipient adds to its own: disco#info data, caps (FEAT-21, FEAT-22). Public by nature. */
  readonly extraFeatures: ReadonlyArray<Element.Element>
  /** Addresses of ours that our certificate holds; how many decides what EXTERNAL says (SASL-16…19). */
  readonly certificate?: { readonly addresses: ReadonlyArray<string> }
  readonly management: Management
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Policy {
  /** XEP-0246 0.1: TLS and EXTERNAL are required. 0.1.1: EXTERNAL is offered when a usable certificate was shown (AMB-06). */
  readonly profile: "0.1" | "0.1.1"
  /** TLS-30…32. */
  readonly tls: "required" | "preferred" | "never"
  /** `direct`: the transport turns to TLS before the first header (TLS-33). */
  readonly tlsEntry: "starttls" | "direct"
  /** SASL-40…42. */
  readonly sasl: "ifUsable" | "required" | "never"
  /** Whether a peer without a believable certificate may stay, unauthenticated (certificates §8). */
  readonly authenticatePeer: boolean
  /** Peers without version (VER-07, VER-13). */
  readonly legacy: "refuse" | "accept"
  readonly contentNamespace: typeof Namespace.client | typeof Namespace.server
  /** First-level elements of foreign namespaces (NS-07). */
  readonly unknownElement: "ignore" | "close"
  /** NS-04: refuse a stream prefix other than `stream`. */
  readonly strictStreamPrefix: boolean
  /** HDR-26: a repeated stream id after TLS ends the stream. */
  readonly strictIds: boolean
  /** HDR-09: no `from` before TLS. */
  readonly hideFromBeforeTls: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Limits extends XmlLimits.Limits {
  /** STZ-23: stanzas that wait for the negotiation to end. */
  readonly heldStanzasMax: number
  readonly heldBytesMax: number
  /** LIM-05: events that wait for a verdict. */
  readonly deferredMax: number
  /** SASL-39: failed handshakes, 2…5. */
  readonly saslTriesMax: number
}

/**
 * Milliseconds; names as in `Timer`. `drainMillis` 0 means: answer the peer's footer at once (END-04).
 *
 * @since 0.1.0
 * @category models
 */
export interface Timeouts {
  readonly negotiationMillis: Millis
  readonly stepMillis: Millis
  readonly verdictMillis: Millis
  readonly commitMillis: Millis
  readonly closeMillis: Millis
  readonly drainMillis: Millis
  readonly endMillis: Millis
  readonly keepaliveMillis: Millis
  /** Absent: idle peers are welcome (TIME-10). */
  readonly idleMillis?: Millis
  readonly pongMillis: Millis
  /** SM-26: how long the first unacknowledged stanza may wait. */
  readonly acknowledgementMillis: Millis
}

/**
 * Stream management (XEP-0198), off unless asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Management {
  /** A recipient offers it, an initiator enables it. */
  readonly use: boolean
  /** Sessions may be taken up again, for this many seconds. Absent: acknowledgements only. */
  readonly resumableSeconds?: number
  /** An initiator wants this session back (SM-14). */
  readonly resume?: Resumption
}

/**
 * What `make` needs; the rest has defaults (requirements 0.2, design §4).
 *
 * @since 0.1.0
 * @category models
 */
export interface Input
  extends Partial<Omit<Config, "role" | "self" | "policy" | "limits" | "timeouts" | "management">>
{
  readonly role: Config["role"]
  readonly self: string
  readonly policy?: Partial<Policy>
  readonly limits?: Partial<Limits>
  readonly timeouts?: Partial<Timeouts>
  readonly management?: Partial<Management>
}

/**
 * A configuration, or the sentences that say why there is none.
 *
 * @since 0.1.0
 * @category models
 */
export type Made =
  | { readonly _tag: "Made"; readonly config: Config }
  | { readonly _tag: "Contradictory"; readonly contradictions: ReadonlyArray<string> }

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (input: Input): Made => {
  const config: Config = {
    role: input.role,
    self: input.self,
    aliases: input.aliases ?? [],
    former: input.former ?? [],
    ...(input.peer === undefined ? {} : { peer: input.peer }),
    naming: input.naming ?? "jid",
    policy: policyOf(input.policy ?? {}),
    limits: { ...limits, ...input.limits },
    timeouts: { ...timeouts, ...input.timeouts },
    lang: input.lang ?? "en",
    languages: input.languages ?? [],
    extraFeatures: input.extraFeatures ?? [],
    ...(input.certificate === undefined ? {} : { certificate: input.certificate }),
    management: { use: false, ...input.management }
  }
  const contradictions = contradictionsOf(config)
  return contradictions.length === 0 ? { _tag: "Made", config } : { _tag: "Contradictory", contradictions }
}

/**
 * @since 0.1.0
 * @category constants
 */
export const limits: Limits = {
  ...XmlLimits.defaults,
  heldStanzasMax: 256,
  heldBytesMax: 1_048_576,
  deferredMax: 64,
  saslTriesMax: 3
}

/**
 * @since 0.1.0
 * @category constants
 */
export const timeouts: Timeouts = {
  negotiationMillis: 60_000,
  stepMillis: 15_000,
  verdictMillis: 120_000,
  commitMillis: 5_000,
  closeMillis: 5_000,
  drainMillis: 0,
  endMillis: 3_000,
  keepaliveMillis: 300_000,
  pongMillis: 30_000,
  acknowledgementMillis: 30_000
}

const policyOf = (given: Partial<Policy>): Policy => ({
  profile: "0.1.1",
  tls: "required",
  tlsEntry: "starttls",
  sasl: given.profile === "0.1" ? "required" : "ifUsable",
  authenticatePeer: true,
  legacy: "refuse",
  contentNamespace: Namespace.client,
  unknownElement: "ignore",
  strictStreamPrefix: false,
  strictIds: false,
  hideFromBeforeTls: false,
  ...given
})

const contradictionsOf = (config: Config): ReadonlyArray<string> => [
  ...addressContradictions(config),
  ...contentContradictions(config),
  ...policyContradictions(config),
  ...boundContradictions(config)
]

const addressContradictions = (config: Config): ReadonlyArray<string> => {
  const found: Array<string> = []
  const own = [config.self, ...config.aliases, ...config.former, ...(config.peer === undefined ? [] : [config.peer])]
  for (const each of own) {
    const refusal = Address.explain(each, config.naming)
    if (refusal === undefined) continue
    found.push(`${JSON.stringify(each)} is not an address (${refusal.rule}): ${refusal.text}`)
  }
  if (config.role === "initiator" && config.peer === undefined) found.push("an initiator needs a peer to ask for")
  return found
}

const contentContradictions = ({ extraFeatures, lang, languages }: Config): ReadonlyArray<string> => [
  ...[lang, ...languages].filter((each) => !Language.isTag(each)).map((each) =>
    `${JSON.stringify(each)} is not a language tag (LANG-03)`
  ),
  ...extraFeatures.filter(({ namespace }) => negotiated.includes(namespace)).map(({ name, namespace }) =>
    `the extra feature ${name} has no namespace of its own, but ${JSON.stringify(namespace)} (FEAT-03, FEAT-11)`
  )
]

const policyContradictions = ({ extraFeatures, policy, role }: Config): ReadonlyArray<string> => {
  const found: Array<string> = []
  const when = (broken: boolean, sentence: string): void => void (broken && found.push(sentence))
  when(policy.legacy === "accept" && policy.tls === "required", "legacy peers cannot do TLS, which is required")
  when(policy.legacy === "accept" && policy.sasl === "required", "legacy peers cannot do SASL, which is required")
  when(policy.sasl === "required" && policy.tls === "never", "EXTERNAL needs TLS, which is never used")
  when(policy.profile === "0.1" && policy.tls !== "required", "profile 0.1 requires TLS")
  when(policy.profile === "0.1" && policy.sasl !== "required", "profile 0.1 requires SASL EXTERNAL")
  when(policy.tlsEntry === "direct" && policy.tls === "never", "direct TLS is TLS, which is never used")
  when(
    role === "recipient" && policy.tls === "preferred" && extraFeatures.length === 0,
    "TLS is voluntary only beside another feature (TLS-04): add one to extraFeatures"
  )
  return found
}

const boundContradictions = ({ limits, timeouts }: Config): ReadonlyArray<string> => {
  const found: Array<string> = []
  const between = (name: string, value: number, least: number, most: number): void => {
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      found.push(`${name} is ${value}; it lies between ${least} and ${most}`)
    }
  }
  between("elementBytesMax", limits.elementBytesMax, 10_000, Number.MAX_SAFE_INTEGER)
  between("headerBytesMax", limits.headerBytesMax, 1_024, Number.MAX_SAFE_INTEGER)
  between("depthMax", limits.depthMax, 4, 10_000)
  between("attributesMax", limits.attributesMax, 8, 100_000)
  between("heldStanzasMax", limits.heldStanzasMax, 0, 1_000_000)
  between("heldBytesMax", limits.heldBytesMax, 0, Number.MAX_SAFE_INTEGER)
  between("deferredMax", limits.deferredMax, 1, 10_000)
  between("saslTriesMax", limits.saslTriesMax, 2, 5)
  for (const [name, value] of Object.entries(timeouts)) {
    if (value !== undefined) between(name, value, name === "drainMillis" ? 0 : 1, Number.MAX_SAFE_INTEGER)
  }
  if (timeouts.idleMillis !== undefined && timeouts.idleMillis < 2 * timeouts.keepaliveMillis) {
    found.push("idleMillis is at least twice keepaliveMillis")
  }
  return found
}

/** Namespaces whose features the reducer itself puts into an offer, or never does. */
const negotiated: ReadonlyArray<string> = [
  "",
  Namespace.stream,
  Namespace.client,
  Namespace.server,
  Namespace.tls,
  Namespace.sasl,
  Namespace.bind,
  Namespace.management
]
