/**
 * Addresses of streams: JIDs (RFC 7622) and link-local names, two different kinds that are never mixed up (JID-09,
 * JID-10). Domains are prepared in `Idna.ts`, the other parts of JIDs as `Precis.ts` says.
 *
 * @since 0.1.0
 */
import * as Idna from "./Idna.ts"
import { isAscii, nameOf, octets } from "./internal/unicode.ts"
import * as Precis from "./Precis.ts"

/**
 * Which rules read an address: `jid` (JID-01…08) or `linkLocal` (HDR-16, JID-09).
 *
 * @since 0.1.0
 * @category models
 */
export type Naming = "jid" | "linkLocal"

/**
 * A JID, prepared: two are the same exactly when their parts are equal octet by octet (JID-06).
 *
 * RFC 7622 §3.
 *
 * @since 0.1.0
 * @category models
 */
export interface Jid {
  readonly naming: "jid"
  readonly local?: string
  readonly domain: string
  readonly resource?: string
}

/**
 * A link-local name: one opaque label; `local` is what stands before its last `@`, `domain` the machine.
 *
 * XEP-0174, RFC 6763 §4.1.1.
 *
 * @since 0.1.0
 * @category models
 */
export interface LinkLocalName {
  readonly naming: "linkLocal"
  readonly local: string
  readonly domain: string
  readonly resource?: never
}

/**
 * An address of either kind. One kind is never equal to the other, whatever their texts (JID-10).
 *
 * @since 0.1.0
 * @category models
 */
export type Address = Jid | LinkLocalName

/**
 * Why a text is no address: the part at fault, the rule (`JID-04`), and a sentence for people. The sentence names code
 * points and holds none of the text.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refusal {
  readonly _tag: "Refused"
  readonly part: "address" | "local" | "domain" | "resource"
  readonly rule: string
  readonly text: string
}

/**
 * Reads an address; `undefined` when the text is none, and `explain` says why. Reading what `format` wrote gives the same
 * address.
 *
 * RFC 7622 §3 for `jid`, XEP-0174 and RFC 6763 §4.1.1 for `linkLocal`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string, naming: Naming): Address | undefined => {
  const known = naming === "jid" ? remembered.get(text) : undefined
  if (known !== undefined) return known
  const address = read(text, naming)
  if (!("naming" in address)) return undefined
  if (naming === "jid" && text.length <= rememberedUnitsMax) remember(text, address)
  return address
}

/**
 * Why a text is no address; `undefined` when it is one.
 *
 * @since 0.1.0
 * @category getters
 */
export const explain = (text: string, naming: Naming): Refusal | undefined => {
  const address = read(text, naming)
  return "naming" in address ? undefined : address
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
  address.resource === undefined ? address : jid(address.local, address.domain, undefined)

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
  const left = parse(one, naming)
  const right = parse(other, naming)
  return left !== undefined && right !== undefined && left.domain === right.domain && left.local === right.local
}

/**
 * Whether an address is a mere domain: a service (CERT-05). A link-local name never is.
 *
 * @since 0.1.0
 * @category guards
 */
export const isService = (address: Address): boolean => address.local === undefined

/**
 * Each stanza names the same two or three, and preparing one takes longer than all else that is done with a stanza. What is
 * forgotten is prepared again: nothing but speed depends on it.
 */
const remembered = new Map<string, Address>()

const remember = (text: string, address: Address): void => {
  if (remembered.size >= rememberedMax) remembered.clear()
  remembered.set(text, address)
}

const read = (text: string, naming: Naming): Address | Refusal =>
  // Mapping makes a text shorter, but never this much.
  text.length > 4 * addressOctetsMax ? tooLong : naming === "jid" ? readJid(text) : readLinkLocal(text)

/** JID-01: the cuts come before any mapping. */
const readJid = (text: string): Jid | Refusal => {
  const slash = text.indexOf("/")
  const head = slash < 0 ? text : text.slice(0, slash)
  const at = head.indexOf("@")
  const local = at < 0 ? undefined : readLocal(head.slice(0, at))
  if (typeof local === "object") return local
  const domain = Idna.read(head.slice(at + 1))
  if (typeof domain === "object") return refuse("domain", domain.rule === "length" ? "JID-02" : "JID-03", domain.text)
  const resource = slash < 0 ? undefined : readResource(text.slice(slash + 1))
  return typeof resource === "object" ? resource : jid(local, domain, resource)
}

const jid = (local: string | undefined, domain: string, resource: string | undefined): Jid => {
  if (local === undefined) return resource === undefined ? { naming, domain } : { naming, domain, resource }
  return resource === undefined ? { naming, local, domain } : { naming, local, domain, resource }
}

/** JID-04, JID-07 */
const readLocal = (text: string): string | Refusal => {
  if (ordinaryLocal.test(text) && text.length <= partOctetsMax) return text.toLowerCase()
  if (text === "") return noLocal
  if (text.length > partUnitsMax) return longPart("local", "RFC 7622 §3.3")
  const local = Precis.enforce(text, "UsernameCaseMapped")
  if (local._tag === "Refused") return refuse("local", "JID-04", local.text)
  const [forbidden] = forbiddenInLocal.exec(local.text) ?? []
  if (forbidden !== undefined) {
    return refuse(
      "local",
      "JID-04",
      `${nameOf(forbidden.charCodeAt(0))} is not allowed before the @ (RFC 7622 §3.3.1).`
    )
  }
  return octets(local.text) > partOctetsMax ? longPart("local", "RFC 7622 §3.3") : local.text
}

/** JID-05, JID-07, JID-08 */
const readResource = (text: string): string | Refusal => {
  if (ordinaryResource.test(text) && text.length <= partOctetsMax) return text
  if (text === "") return noResource
  if (text.length > partUnitsMax) return longPart("resource", "RFC 7622 §3.4")
  const resource = Precis.enforce(text, "OpaqueString")
  if (resource._tag === "Refused") return refuse("resource", "JID-05", resource.text)
  if (resource.text.startsWith(" ")) {
    return refuse("resource", "JID-08", "The resource begins with a space (RFC 7622 §3.5); leave it out.")
  }
  return octets(resource.text) > partOctetsMax ? longPart("resource", "RFC 7622 §3.4") : resource.text
}

/** HDR-16: opaque, so nothing but NFC and the letters of ASCII is mapped. */
const readLinkLocal = (text: string): LinkLocalName | Refusal => {
  if (text.length > 2 * labelOctetsMax) return longLabel
  const name = text.normalize("NFC").replace(/[A-Z]+/g, (each) => each.toLowerCase())
  const at = name.lastIndexOf("@")
  if (at < 1 || at === name.length - 1) return notUserAtMachine
  if (octets(name) > labelOctetsMax) return longLabel
  const [odd] = unspeakable.exec(name) ?? []
  if (odd !== undefined) {
    return refuse(
      "address",
      "JID-09",
      `${nameOf(odd.codePointAt(0) ?? 0)} is not allowed (RFC 6763 §4.1.1); leave it out.`
    )
  }
  const domain = name.slice(at + 1)
  return isAscii(domain) ? { naming: "linkLocal", local: name.slice(0, at), domain } : machineNotAscii
}

const refuse = (part: Refusal["part"], rule: string, text: string): Refusal => ({ _tag: "Refused", part, rule, text })

const longPart = (part: "local" | "resource", source: string): Refusal =>
  refuse(part, "JID-02", `The ${part} part has more than ${partOctetsMax} octets (${source}).`)

const naming = "jid"
const forbiddenInLocal = /["&'/:<>@]/
/** What is already as the profiles want it, but for case, is most of what comes. */
const ordinaryLocal = /^[!#$%(-.0-9;=?A-Z[-~]+$/
const ordinaryResource = /^[!-~][ -~]*$/
const unspeakable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u
const partOctetsMax = 1023
/** No mapping makes fewer octets of a text than half its code units; marks without end would take long to put in order. */
const partUnitsMax = 2 * partOctetsMax
const addressOctetsMax = 3071
const rememberedMax = 512
const rememberedUnitsMax = 256
const labelOctetsMax = 63
const tooLong = refuse("address", "JID-02", `The address has more than ${addressOctetsMax} octets (RFC 7622 §3.1).`)
const noLocal = refuse("local", "JID-07", "Nothing stands before the @ (RFC 7622 §3.3); leave out the @, or say who.")
const noResource = refuse("resource", "JID-07", "Nothing follows the slash (RFC 7622 §3.4); leave out the slash.")
const notUserAtMachine = refuse("address", "JID-09", "A link-local name has the form user@machine (XEP-0174 §2).")
const longLabel = refuse(
  "address",
  "JID-09",
  `A link-local name has at most ${labelOctetsMax} octets in all (RFC 6763 §4.1.1).`
)
const machineNotAscii = refuse(
  "domain",
  "JID-09",
  "The name of the machine, after the last @, is not ASCII (XEP-0174 §2)."
)
