/**
 * Names of instances: `juliet@pronto`, one label of DNS that may hold dots, spaces and whatever Unicode has (LL-17). Which
 * texts are such names, and which are the same, `@xmpp-e2e/protocol/Address` decides; here they are made, written as part of
 * a longer name, read back, and changed when somebody else has them.
 *
 * @since 0.1.0
 */
import * as Address from "@xmpp-e2e/protocol/Address"

/**
 * `label` is for people and for DNS: NFC, with its case. `address` is what it is the same by.
 *
 * @since 0.1.0
 * @category models
 */
export interface InstanceName {
  readonly label: string
  readonly address: Address.LinkLocalName
}

/**
 * Reads a label, unescaped; `undefined` when it is no such name, and `explain` says why. A machine that is not ASCII is refused (LL-18), as is all that is not `user@machine` in at most
 * 63 octets.
 *
 * RFC 6763 §4.1.1, XEP-0174 §12.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (label: string): InstanceName | undefined => {
  const address = Address.parse(label, "linkLocal")
  return address?.naming === "linkLocal" ? { label: label.normalize("NFC"), address } : undefined
}

/**
 * Why a label is no such name; `undefined` when it is one.
 *
 * @since 0.1.0
 * @category getters
 */
export const explain = (label: string): Address.Refusal | undefined => Address.explain(label, "linkLocal")

/**
 * A text for which two labels have the same one exactly if they name the same instance.
 *
 * @since 0.1.0
 * @category getters
 */
export const key = (name: InstanceName): string => Address.format(name.address)

/**
 * What stands before the last `@` and after it, with their case.
 *
 * @since 0.1.0
 * @category getters
 */
export const parts = (name: InstanceName): { readonly user: string; readonly machine: string } => {
  const at = name.label.lastIndexOf("@")
  return { user: name.label.slice(0, at), machine: name.label.slice(at + 1) }
}

/**
 * A label as part of a longer name: `.` and `\` get a `\` before them.
 *
 * RFC 6763 §4.3.
 *
 * @since 0.1.0
 * @category encoding
 */
export const escape = (label: string): string => label.replace(/[.\\]/g, "\\$&")

/**
 * Reads one escaped label, also with octets in decimal as other programs write them (`\032`, RFC 1035 §5.1); `undefined`
 * when it is more than one label, or not UTF-8.
 *
 * @since 0.1.0
 * @category decoding
 */
export const unescape = (text: string): string | undefined => {
  if (text.length > 4 * labelOctetsMax || !escaped.test(text)) return undefined
  const octets = [...text.matchAll(units)].flatMap(([unit]) => octetsOf(unit))
  if (octets.length > labelOctetsMax || octets.some((octet) => octet > 0xff)) return undefined
  const label = decoder.decode(Uint8Array.from(octets))
  // A text that is its own replacement character is rare enough to be told apart by going back.
  return encoder.encode(label).length === octets.length && sameOctets(encoder.encode(label), octets) ? label : undefined
}

/**
 * The whole name under which the records of an instance stand: `juliet@pronto._presence._tcp.local.`, escaped.
 *
 * @since 0.1.0
 * @category encoding
 */
export const serviceName = (label: string): string => `${escape(label)}.${service}`

/**
 * The label in a whole, escaped name; `undefined` when the name is none of this service.
 *
 * @since 0.1.0
 * @category decoding
 */
export const ofServiceName = (text: string): string | undefined => {
  const ending = `.${service}`
  const cut = text.length - ending.length
  return cut > 0 && text.slice(cut).toLowerCase() === ending ? unescape(text.slice(0, cut)) : undefined
}

/**
 * The name to try for the `count`-th time, from 1, since somebody has this one: with `-1`, `-2`, … after the machine, or
 * after the user when it is the user's name that is taken on this machine (LL-11). No two counts give the same, and none
 * gives the name itself. Where it would be longer than a label, whole code points go: first of the part that gets the
 * number, then of the user. `undefined` when a machine's name leaves no room for a user's number.
 *
 * XEP-0174 §3.
 *
 * @since 0.1.0
 * @category combinators
 */
export const renamed = (name: InstanceName, part: "machine" | "user", count: number): InstanceName | undefined => {
  // Cutting can bring back a name that ended in that very number.
  const back = Number(/-([0-9]{1,15})$/.exec(parts(name)[part])?.[1] ?? 0)
  const skips = back > 0 && back <= count && numbered(name, part, back)?.label === name.label
  return numbered(name, part, skips ? count + 1 : count)
}

const numbered = (name: InstanceName, part: "machine" | "user", count: number): InstanceName | undefined => {
  const { machine, user } = parts(name)
  const number = `-${count}`
  const room = labelOctetsMax - 1 - number.length
  const label = part === "user"
    ? `${cut(user, room - machine.length)}${number}@${machine}`
    : besideUser(user, machine, number, room)
  return parse(label)
}

const besideUser = (user: string, machine: string, number: string, room: number): string => {
  const shorter = cut(machine, room - octetsOf(user).length)
  return `${cut(user, room - shorter.length)}@${shorter}${number}`
}

/** As many whole code points as fit, but at least one. */
const cut = (text: string, octetsMax: number): string => {
  const points = Array.from(text)
  let kept = points.shift() ?? ""
  let octets = octetsOf(kept).length
  for (const point of points) {
    octets += octetsOf(point).length
    if (octets > octetsMax) break
    kept += point
  }
  return kept
}

const octetsOf = (unit: string): ReadonlyArray<number> => {
  if (unit.length === 4 && unit.startsWith("\\")) return [Number(unit.slice(1))]
  return [...encoder.encode(unit.length === 2 && unit.startsWith("\\") ? unit.slice(1) : unit)]
}

const sameOctets = (one: Uint8Array, other: ReadonlyArray<number>): boolean =>
  one.every((octet, at) => octet === other[at])

const escaped = /^(?:\\[0-9]{3}|\\[^0-9]|[^\\.])+$/su
const units = /\\[0-9]{3}|\\[^0-9]|[^\\.]/gsu
const service = "_presence._tcp.local."
const labelOctetsMax = 63
const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
