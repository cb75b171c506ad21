/**
 * The stream header: as we write it, and the check of the one the peer sent (state-machine §7.1). The order of the tests
 * is the order of HDR-04; the first that fails decides.
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"
import * as Address from "./Address.ts"
import { authorises, soleAddress } from "./Admission.ts"
import type { StreamCondition } from "./Condition.ts"
import type { Config } from "./Config.ts"
import * as Language from "./Language.ts"
import * as Namespace from "./Namespace.ts"
import type { Diagnostic } from "./Notice.ts"
import type { Cause } from "./Reason.ts"
import type { Link, PeerHeader } from "./State.ts"
import * as Version from "./Version.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface StreamHeader {
  readonly to?: string
  /** The empty string is written as such (HDR-14). */
  readonly from?: string
  readonly id?: string
  /** Absent towards a peer without version (VER-04). */
  readonly version?: "1.0"
  readonly lang?: string
  readonly contentNamespace: string
}

/**
 * The root tag of a header of ours: `stream:stream`, the content namespace as default (NS-02).
 *
 * @since 0.1.0
 * @category encoding
 */
export const toRootTag = (header: StreamHeader): Element.RootTag => ({
  name: "stream",
  namespace: Namespace.stream,
  prefix: "stream",
  attributes: [
    ...Element.attributesOf({ from: header.from, id: header.id, to: header.to, version: header.version }),
    ...(header.lang === undefined
      ? []
      : [{ name: "lang", namespace: Element.xmlNamespace, value: header.lang }])
  ],
  declarations: [
    { prefix: "", namespace: header.contentNamespace },
    { prefix: "stream", namespace: Namespace.stream }
  ]
})

/**
 * What a check found: a header to work with, or the first fault. `header` is there in both cases, because a recipient
 * answers even a bad header with its own (HDR-03).
 *
 * @since 0.1.0
 * @category models
 */
export interface Checked {
  readonly header: PeerHeader
  readonly fault?: HeaderFault
  readonly diagnostics: ReadonlyArray<Diagnostic>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface HeaderFault {
  readonly condition: StreamCondition
  readonly cause: Cause
  readonly rule: string
  readonly text?: string
}

/**
 * CHECK for the header an initiator sent us.
 *
 * @since 0.1.0
 * @category combinators
 */
export const checkInitial = (config: Config, link: Link, tag: Element.RootTag, overloaded: boolean): Checked => {
  const header = read(tag, config)
  const fault = checkRoot(config, tag) ?? checkVersion(config, tag, header) ?? checkTo(config, link, header) ??
    checkFrom(config, link, header) ??
    (overloaded ? fault_("resource-constraint", "failedBySelf", "LIM-01") : undefined) ??
    checkAdmissible(config, link, header)
  return { header, diagnostics: diagnose(tag, []), ...(fault === undefined ? {} : { fault }) }
}

/**
 * CHECK for the header a recipient answered with.
 *
 * @since 0.1.0
 * @category combinators
 */
export const checkResponse = (config: Config, link: Link, tag: Element.RootTag): Checked => {
  const header = read(tag, config)
  const tlsToCome = link._tag === "Clear" && config.policy.tls !== "never"
  const diagnostics: Array<Diagnostic> = []
  const fault = checkRoot(config, tag) ?? checkVersion(config, tag, header) ?? checkMajor(tag) ??
    ((): HeaderFault | undefined => {
      if (header.to !== undefined && !isOurs(config, header.to)) {
        if (link._tag !== "Clear") return fault_("host-unknown", "identity", "HDR-22")
        diagnostics.push("ignoredAddress")
      }
      if (header.from !== undefined && !isWanted(config, header.from)) {
        if (!tlsToCome) return fault_("invalid-from", "identity", "HDR-20")
        diagnostics.push("ignoredAddress")
      }
      if (header.id === undefined) diagnostics.push("missingId")
      else if (link._tag === "Authenticated" && link.id === header.id) {
        if (config.policy.strictIds) return fault_("policy-violation", "misbehaved", "HDR-26")
        diagnostics.push("repeatedId")
      }
      return undefined
    })()
  return { header, diagnostics: diagnose(tag, diagnostics), ...(fault === undefined ? {} : { fault }) }
}

/**
 * Whether an address names us: HDR-17, HDR-18.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOurs = (config: Config, address: string): boolean =>
  names(config, address, config.self) || config.aliases.some((own) => names(config, address, own))

const isWanted = (config: Config, address: string): boolean =>
  config.peer !== undefined && names(config, address, config.peer)

/** HDR-17: the bare parts are equal; resources matter only when both sides name one. */
const names = (config: Config, given: string, known: string): boolean => {
  if (!Address.sameBare(given, known, config.naming)) return false
  const one = Address.parse(given, config.naming)?.resource
  const other = Address.parse(known, config.naming)?.resource
  return one === undefined || other === undefined || one === other
}

const read = (tag: Element.RootTag, config: Config): PeerHeader => {
  const get = (name: string): string | undefined => Element.attribute(tag, name)
  const [to, from, id] = [get("to"), get("from"), get("id")]
  const lang = Element.attribute(tag, "lang", Element.xmlNamespace)
  const version = get("version")
  return {
    ...(to === undefined ? {} : { to }),
    // HDR-14: a recipient that does not say who it is may write an empty name.
    ...(from === undefined || (from === "" && config.role === "initiator") ? {} : { from }),
    // HDR-24: an initiator has no business naming an id.
    ...(id === undefined || config.role === "recipient" ? {} : { id }),
    // A version nobody can read is refused by the check; it is not the mark of an old peer.
    modern: version !== undefined && !Version.isLegacy(Version.parse(version) ?? { major: 1, minor: 0 }),
    ...(lang === undefined || !Language.isTag(lang) ? {} : { lang })
  }
}

const diagnose = (tag: Element.RootTag, more: ReadonlyArray<Diagnostic>): ReadonlyArray<Diagnostic> => {
  const lang = Element.attribute(tag, "lang", Element.xmlNamespace)
  return lang !== undefined && !Language.isTag(lang) ? [...more, "ignoredLanguage"] : more
}

const checkRoot = (config: Config, tag: Element.RootTag): HeaderFault | undefined => {
  if (tag.namespace !== Namespace.stream) return fault_("invalid-namespace", "misbehaved", "HDR-02")
  if (tag.name !== "stream") return fault_("bad-format", "misbehaved", "HDR-02")
  if (config.policy.strictStreamPrefix && tag.prefix !== "stream") {
    return fault_("bad-namespace-prefix", "misbehaved", "NS-04")
  }
  const content = tag.declarations.find((each) => each.prefix === "")?.namespace
  const accepted = [config.policy.contentNamespace, Namespace.stream, "", undefined]
  return accepted.includes(content) ? undefined : fault_("invalid-namespace", "misbehaved", "NS-03")
}

const checkVersion = (config: Config, tag: Element.RootTag, header: PeerHeader): HeaderFault | undefined => {
  const version = Element.attribute(tag, "version")
  if (version !== undefined && Version.parse(version) === undefined) {
    return fault_("unsupported-version", "unsupportedVersion", "VER-10")
  }
  if (header.modern || config.policy.legacy === "accept") return undefined
  return fault_("unsupported-version", "unsupportedVersion", config.role === "recipient" ? "VER-07" : "VER-06")
}

const checkMajor = (tag: Element.RootTag): HeaderFault | undefined => {
  const version = Version.parse(Element.attribute(tag, "version") ?? "")
  return version !== undefined && version.major > 1
    ? fault_("unsupported-version", "unsupportedVersion", "VER-09")
    : undefined
}

const checkTo = (config: Config, link: Link, header: PeerHeader): HeaderFault | undefined => {
  const { to } = header
  if (to === undefined) return undefined
  if (Address.parse(to, config.naming) === undefined) return fault_("host-unknown", "misbehaved", "HDR-19")
  if (!isOurs(config, to)) {
    return config.former.some((old) => Address.sameBare(to, old, config.naming))
      ? fault_("host-gone", "misbehaved", "HDR-18")
      : fault_("host-unknown", "misbehaved", "HDR-18")
  }
  return link._tag === "Authenticated" && link.to !== undefined && !names(config, to, link.to)
    ? fault_("not-authorized", "misbehaved", "HDR-30")
    : undefined
}

const checkFrom = (config: Config, link: Link, header: PeerHeader): HeaderFault | undefined => {
  const { from } = header
  if (from === undefined) return undefined
  if (Address.parse(from, config.naming) === undefined) return fault_("invalid-from", "identity", "HDR-19")
  // HDR-07: nothing said before TLS is worth a judgement.
  if (link._tag === "Clear" && config.policy.tls !== "never" && header.modern) return undefined
  if (config.peer !== undefined && !names(config, from, config.peer)) {
    return fault_("invalid-from", "identity", "HDR-31")
  }
  if (link._tag === "Authenticated") {
    return link.identity !== undefined && !Address.sameBare(from, link.identity, config.naming)
      ? fault_("invalid-from", "identity", "HDR-32")
      : undefined
  }
  if (link._tag === "Secured" && config.policy.authenticatePeer && link.verdict.authorised.length > 0) {
    return authorises(link.verdict, from, config.naming) ? undefined : fault_("invalid-from", "identity", "HDR-31")
  }
  return undefined
}

/** SASL-40: instead of waiting for what can never come. */
const checkAdmissible = (config: Config, link: Link, header: PeerHeader): HeaderFault | undefined => {
  if (link._tag !== "Secured") return undefined
  const offered = config.policy.sasl !== "never" && link.verdict.authorised.length > 0
  const named = header.from ?? soleAddress(link.verdict)
  const lacking = (config.policy.authenticatePeer && link.verdict.authorised.length === 0) ||
    (config.policy.sasl === "required" && !offered) ||
    (config.policy.authenticatePeer && !offered && named === undefined)
  return lacking
    ? { ...fault_("policy-violation", "authenticationRequired", "SASL-40"), text: "A certificate is needed here." }
    : undefined
}

const fault_ = (condition: StreamCondition, cause: Cause, rule: string): HeaderFault => ({ condition, cause, rule })
