/**
 * Subtrees of names (RFC 5280 §4.2.1.10, RFC 4985 §4), one form of name after the other. A subtree has a key, and a name
 * has the keys of every subtree that holds it; so a name lies in a subtree when one of its keys is that of the subtree, and
 * a set answers for many subtrees at once. Who may be where is decided in `NameConstraints.ts`.
 *
 * @internal
 */
import * as Der from "../Der.ts"
import type { GeneralName } from "../GeneralName.ts"
import { exactName, hostName, srvParts } from "./hosts.ts"
import { mailbox } from "./mailbox.ts"
import * as oids from "./oids.ts"

export interface Place {
  /** The keys of all subtrees that hold everything the name stands for. */
  readonly within: Iterable<string>
  /** A wildcard stands for names right below this one, so it touches each subtree further below as well. */
  readonly above?: string
}

/** Names of one kind are constrained together. The types of otherName are kinds of their own. */
export const kindOf = (name: GeneralName): string =>
  name._tag === "Other" ? `${name._tag} ${name.oid}` : name._tag === "Unread" ? `${name._tag} ${name.tag}` : name._tag

/** `undefined`: it cannot be read, or nobody says what subtrees its form has. */
export const keyOf = (base: GeneralName): string | undefined => {
  switch (base._tag) {
    case "Dns":
      return base.octets.length === 0 ? everything : map(textOf(base.octets), exactName)
    case "Mail":
      return map(textOf(base.octets), (text) => text.includes("@") ? mailbox(text)?.key : hostKey(text))
    case "Uri":
      return map(textOf(base.octets), hostKey)
    case "Ip":
      return network(base.octets)
    case "Directory":
      return base.name.rdns.join("")
    case "Other":
      return base.oid === oids.dnsSrv ? map(srvParts(base.value), srvKey) : undefined
    case "Registered":
    case "Unread":
      return undefined
  }
}

/** `undefined`: as above. */
export const placeOf = (name: GeneralName): Place | undefined => {
  switch (name._tag) {
    case "Dns":
      return map(textOf(name.octets), dnsPlace)
    case "Mail":
      return map(map(textOf(name.octets), mailbox), ({ host, key }) => ({ within: [key, ...hostKeys(host)] }))
    case "Uri":
      return map(map(textOf(name.octets), hostOfUri), (host) => ({ within: hostKeys(host) }))
    case "Ip":
      return isAddress(name.octets) ? { within: networks(name.octets) } : undefined
    case "Directory":
      return { within: ancestors(name.name.rdns) }
    case "Other":
      return name.oid === oids.dnsSrv ? map(srvParts(name.value), srvPlace) : undefined
    case "Registered":
    case "Unread":
      return undefined
  }
}

/** Whether a subtree of domains lies below a domain. */
export const isBelow = (key: string, above: string): boolean =>
  above === everything ? key !== everything : key.endsWith(`.${above}`)

const everything = ""

const map = <A, B>(value: A | undefined, next: (value: A) => B | undefined): B | undefined =>
  value === undefined ? undefined : next(value)

const textOf = (octets: Uint8Array): string | undefined =>
  octets.length <= textOctetsMax ? Der.ascii(octets) : undefined

/** The name, its parent, and so on; not the root. */
const lineage = (name: string): ReadonlyArray<string> => {
  const labels = name.split(".")
  return labels.map((_, at) => labels.slice(at).join("."))
}

const dnsPlace = (text: string): Place | undefined => {
  const name = hostName(text)
  if (name === undefined) return undefined
  if (!name.includes("*")) return { within: [...lineage(name), everything] }
  // A star within a label is taken for a whole one, which stands for more.
  const [first = "", ...rest] = name.split(".")
  const parent = rest.join(".")
  if (!first.includes("*") || parent.includes("*")) return undefined
  return { within: parent === "" ? [everything] : [...lineage(parent), everything], above: parent }
}

/** A host, or a dot and the domain below which it may be. */
const hostKey = (text: string): string | undefined =>
  text.startsWith(".") ? map(exactName(text.slice(1)), (name) => `.${name}`) : exactName(text)

const hostKeys = (host: string): ReadonlyArray<string> => [
  host,
  ...lineage(host).slice(1).map((domain) => `.${domain}`)
]

/** RFC 3986 §3.2. An address instead of a name cannot be judged, nor can a name that depends on who asks. */
const hostOfUri = (text: string): string | undefined => {
  const authority = uriForm.exec(text)?.[1]
  const host = map(authority, (each) => map(authorityForm.exec(each)?.[1], exactName))
  const labels = host?.split(".") ?? []
  return labels.length < 2 || numberForm.test(labels.at(-1) ?? "") ? undefined : host
}

const isAddress = ({ length }: Uint8Array): boolean => length === 4 || length === 16

const bitsOf = (octets: Uint8Array): string => Array.from(octets, (each) => each.toString(2).padStart(8, "0")).join("")

/** An address and a mask; the mask is some ones and then only zeros. */
const network = (octets: Uint8Array): string | undefined => {
  const half = octets.length / 2
  const [address, mask] = [octets.subarray(0, half), octets.subarray(half)]
  const ones = isAddress(address) && isAddress(mask) ? /^(1*)0*$/.exec(bitsOf(mask))?.[1] : undefined
  return map(ones, ({ length }) => `${half}:${bitsOf(address).slice(0, length)}`)
}

const networks = function*(octets: Uint8Array): Iterable<string> {
  const bits = bitsOf(octets)
  for (let length = bits.length; length >= 0; length--) yield `${octets.length}:${bits.slice(0, length)}`
}

const ancestors = function*(rdns: ReadonlyArray<string>): Iterable<string> {
  let key = everything
  yield key
  for (const rdn of rdns) yield key += rdn
}

interface Srv {
  readonly service: string
  readonly name: string
}

const srvKey = ({ name, service }: Srv): string => `${service}/${name}`

const srvPlace = ({ name, service }: Srv): Place | undefined =>
  service === "" || name === "" ? undefined : {
    within: [
      srvKey({ service, name: "" }),
      ...lineage(name).flatMap((each) => [srvKey({ service, name: each }), srvKey({ service: "", name: each })])
    ]
  }

const uriForm = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i
const authorityForm = /^(?:[\w.~!$&'()*+,;=:%-]*@)?([^@:]*)(?::\d*)?$/
const numberForm = /^(?:\d+|0x[\da-f]*)$/
/** More than a mailbox, an address of the web or a host has; what is longer is not read. */
const textOctetsMax = 4096
