/**
 * Addresses of streams: JIDs (RFC 7622) and link-local names, two different kinds that are never mixed up (JID-09,
 * JID-10). Domains are prepared in `Idna.ts`.
 *
 * @since 0.1.0
 */
import * as Idna from "./Idna.ts"
import { isAscii, isFreeform, isIdentifier, keepsDirection, mapWidth, octets } from "./internal/unicode.ts"

/**
 * Which rules read an address: `jid` (JID-01…08) or `linkLocal` (HDR-16, JID-09).
 *
 * @since 0.1.0
 * @category models
 */
export type Naming = "jid" | "linkLocal"

/**
 * A prepared address: two addresses are the same exactly when their parts are equal octet by octet (JID-06).
 *
 * A link-local name is one opaque label; its `local` is what stands before the last `@`, its `domain` the machine.
 *
 * @since 0.1.0
 * @category models
 */
export interface Address {
  readonly local?: string
  readonly domain: string
  readonly resource?: string
}

/**
 * Reads an address; `undefined` when the text is none. Reading what `format` wrote gives the same address.
 *
 * RFC 7622 §3 for `jid`, XEP-0174 and RFC 6763 §4.1.1 for `linkLocal`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string, naming: Naming): Address | undefined => {
  // Mapping makes a text shorter, but never this much.
  if (text.length > 4 * addressOctetsMax) return undefined
  return naming === "jid" ? parseJid(text) : parseLinkLocal(text)
}

/**
 * The text of an address: `local@domain/resource`.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = (address: Address): string =>
  (address.local === undefined ? "" : `${address.local}@`)
  + address.domain
  + (address.resource === undefined ? "" : `/${address.resource}`)

/**
 * Without its resource.
 *
 * @since 0.1.0
 * @category getters
 */
export const bare = (address: Address): Address =>
  address.local === undefined ? { domain: address.domain } : { local: address.local, domain: address.domain }

/**
 * The bare, prepared form as text; `undefined` when the text is no address.
 *
 * @since 0.1.0
 * @category getters
 */
export const bareText = (text: string, naming: Naming): string | undefined => {
  const address = parse(text, naming)
  return address && format(bare(address))
}

/**
 * Whether two texts are addresses with the same bare form.
 *
 * @since 0.1.0
 * @category guards
 */
export const sameBare = (one: string, other: string, naming: Naming): boolean => {
  const text = bareText(one, naming)
  return text !== undefined && text === bareText(other, naming)
}

/**
 * Whether an address is a mere domain: a service (CERT-05). A link-local name never is.
 *
 * @since 0.1.0
 * @category guards
 */
export const isService = (address: Address): boolean => address.local === undefined

/** JID-01: the cuts come before any mapping. */
const parseJid = (text: string): Address | undefined => {
  const slash = text.indexOf("/")
  const head = slash < 0 ? text : text.slice(0, slash)
  const at = head.indexOf("@")
  const local = at < 0 ? undefined : prepareLocal(head.slice(0, at))
  const domain = Idna.prepare(head.slice(at + 1))
  const resource = slash < 0 ? undefined : prepareResource(text.slice(slash + 1))
  if (domain === undefined || (at >= 0 && local === undefined) || (slash >= 0 && resource === undefined)) {
    return undefined
  }
  return { ...(local === undefined ? {} : { local }), domain, ...(resource === undefined ? {} : { resource }) }
}

/** JID-04: an approximation of UsernameCaseMapped; the full PRECIS profile is to take its place. */
const prepareLocal = (text: string): string | undefined => {
  const wide = mapWidth(text)
  if (!isIdentifier(wide)) return undefined
  const local = wide.toLowerCase().normalize("NFC")
  return isPart(local) && !forbiddenInLocal.test(local) && keepsDirection(local) && isStable(local) ? local : undefined
}

/** RFC 8264 §7: what changes when it is prepared again is refused. */
const isStable = (local: string): boolean => isIdentifier(local) && local.toLowerCase().normalize("NFC") === local

/** JID-05, JID-08: an approximation of OpaqueString; the full PRECIS profile is to take its place. */
const prepareResource = (text: string): string | undefined => {
  const resource = text.replace(otherSpaces, " ").normalize("NFC")
  return isFreeform(resource) && isPart(resource) && !resource.startsWith(" ") ? resource : undefined
}

/** JID-02. The whole is then never longer than three parts and two separators. */
const isPart = (text: string): boolean => text !== "" && octets(text) <= partOctetsMax

/** HDR-16: opaque, so nothing but NFC and the letters of ASCII is mapped. */
const parseLinkLocal = (text: string): Address | undefined => {
  const name = text.normalize("NFC").replace(/[A-Z]+/g, (each) => each.toLowerCase())
  const at = name.lastIndexOf("@")
  if (at < 1 || at === name.length - 1 || octets(name) > labelOctetsMax || unspeakable.test(name)) return undefined
  const domain = name.slice(at + 1)
  return isAscii(domain) ? { local: name.slice(0, at), domain } : undefined
}

const forbiddenInLocal = /["&'/:<>@\s]/
const otherSpaces = /\p{Zs}/gu
const unspeakable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u
const partOctetsMax = 1023
const addressOctetsMax = 3071
const labelOctetsMax = 63
