/**
 * The strings of a TXT record, and the keys and values in them (RFC 6763 §6). Reading forgives whatever the field sends and
 * never fails; writing refuses what others would have to forgive. What the keys mean is the business of `Presence.ts`, and
 * how the strings stand in a message that of whoever speaks DNS.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/**
 * A key in lower case (LL-04: keys are compared without case), and its value in octets. Without `value` the key stands
 * alone, with no `=` after it, which is not the same as an empty value (LL-03).
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly key: string
  readonly value?: Uint8Array
}

/**
 * What a record says, in its order, each key once.
 *
 * @since 0.1.0
 * @category models
 */
export type Txt = ReadonlyArray<Entry>

/**
 * A string with its key has more than 255 octets, or all strings together, with their length octets, more than 1300
 * (LL-08).
 *
 * RFC 6763 §6.1, §6.2.
 *
 * @since 0.1.0
 * @category errors
 */
export class TxtTooLarge extends Data.TaggedError("TxtTooLarge")<{
  /** The key whose string is too long; none when it is the whole record. */
  readonly key?: string
  readonly octets: number
  readonly octetsMax: number
}> {
  override get message(): string {
    const what = this.key === undefined ? "The TXT record" : `The string of the key ${this.key}`
    return `${what} has ${this.octets} octets, and ${this.octetsMax} are the most (RFC 6763 §6); say less.`
  }
}

/**
 * What was to be written is no key, or was there before (LL-04, LL-05).
 *
 * RFC 6763 §6.4.
 *
 * @since 0.1.0
 * @category errors
 */
export class TxtUnsound extends Data.TaggedError("TxtUnsound")<{
  readonly key: string
  readonly reason: "badKey" | "repeatedKey"
}> {
  override get message(): string {
    return this.reason === "repeatedKey"
      ? `The key ${this.key} is there twice, and readers take only the first (RFC 6763 §6.4); leave one out.`
      : `${JSON.stringify(this.key)} is no key: keys are printable ASCII without = (RFC 6763 §6.4); call it otherwise.`
  }
}

/**
 * Reads strings, given in octets. Strings that hold no key are passed over, and so is a key that was there before (LL-03,
 * LL-05). A record that says it is of another version than 1 says nothing else that we understand (LL-06). No string, and
 * a single empty one, are the same: no keys (LL-02). What lies beyond 65 535 octets is not looked at.
 *
 * RFC 6763 §6.
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (strings: ReadonlyArray<Uint8Array>): Txt => {
  const found = new Map<string, Entry>()
  let octets = 0
  for (const each of strings) {
    octets += 1 + each.length
    if (octets > recordOctetsMax) break
    const entry = entryOf(each)
    if (entry !== undefined && !found.has(entry.key)) found.set(entry.key, entry)
  }
  return isOfAnotherVersion(found.get(versionKey)) ? [] : [...found.values()]
}

/**
 * Reads one string; `undefined` when it holds no key (LL-03, LL-04).
 *
 * @since 0.1.0
 * @category decoding
 */
export const entryOf = (string: Uint8Array): Entry | undefined => {
  const at = string.indexOf(equals)
  const key = String.fromCharCode(...string.subarray(0, Math.min(at < 0 ? string.length : at, stringOctetsMax + 1)))
  if (key.length > stringOctetsMax || !keyPattern.test(key)) return undefined
  return at < 0 ? { key: key.toLowerCase() } : { key: key.toLowerCase(), value: string.slice(at + 1) }
}

/**
 * Reads strings as `DiscoveryEvent` has them, in base64. A text that is no base64 is passed over.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (strings: ReadonlyArray<string>): Txt =>
  parse(strings.flatMap((each) => {
    const octets = Base64.decode(each)
    return Result.isSuccess(octets) ? [octets.success] : []
  }))

/**
 * Writes strings, in base64 as `Discovery` wants them. Without any entry it is one empty string, since a TXT record is
 * never empty (LL-02).
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (txt: Txt): Result.Result<ReadonlyArray<string>, TxtTooLarge | TxtUnsound> => {
  const seen = new Set<string>()
  const strings: Array<string> = []
  let octets = 0
  for (const { key, value } of txt) {
    if (!keyPattern.test(key)) return Result.fail(new TxtUnsound({ key, reason: "badKey" }))
    if (seen.has(key.toLowerCase())) return Result.fail(new TxtUnsound({ key, reason: "repeatedKey" }))
    seen.add(key.toLowerCase())
    const string = stringOf(key, value)
    if (string.length > stringOctetsMax) {
      return Result.fail(new TxtTooLarge({ key, octets: string.length, octetsMax: stringOctetsMax }))
    }
    octets += 1 + string.length
    strings.push(Base64.encode(string))
  }
  if (octets > ownOctetsMax) return Result.fail(new TxtTooLarge({ octets, octetsMax: ownOctetsMax }))
  return Result.succeed(strings.length === 0 ? [""] : strings)
}

/**
 * The octets that strings in base64 take in a record, each with its length octet.
 *
 * @since 0.1.0
 * @category getters
 */
export const octets = (strings: ReadonlyArray<string>): number =>
  strings.reduce((sum, each) => sum + 1 + 3 * Math.ceil(each.length / 4) - paddingOf(each), 0)

/**
 * What RFC 6763 §6.2 says of a size in octets (LL-08): `small` up to 200, `message` up to 400, where it fits a message of
 * 512 octets, `large` up to 1300, where it fits a packet, and `excessive` above.
 *
 * @since 0.1.0
 * @category getters
 */
export const fit = (octets: number): "small" | "message" | "large" | "excessive" =>
  octets <= 200 ? "small" : octets <= 400 ? "message" : octets <= ownOctetsMax ? "large" : "excessive"

/**
 * The value of a key, in octets; `undefined` when the key is missing or has none.
 *
 * @since 0.1.0
 * @category getters
 */
export const value = (txt: Txt, key: string): Uint8Array | undefined =>
  txt.find((entry) => entry.key === key.toLowerCase())?.value

/**
 * The value of a key read as UTF-8, with U+FFFD where it is none.
 *
 * @since 0.1.0
 * @category getters
 */
export const text = (txt: Txt, key: string): string | undefined => {
  const found = value(txt, key)
  return found && decoder.decode(found)
}

/**
 * An entry whose value is a text.
 *
 * @since 0.1.0
 * @category constructors
 */
export const entry = (key: string, text: string): Entry => ({ key, value: encoder.encode(text) })

const stringOf = (key: string, value: Uint8Array | undefined): Uint8Array => {
  const head = encoder.encode(value === undefined ? key : `${key}=`)
  const string = new Uint8Array(head.length + (value?.length ?? 0))
  string.set(head)
  string.set(value ?? [], head.length)
  return string
}

const paddingOf = (base64: string): number => base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0

const isOfAnotherVersion = (entry: Entry | undefined): boolean => {
  const version = entry?.value && decoder.decode(entry.value)
  return version !== undefined && /^[0-9]+$/.test(version) && Number(version) !== 1
}

const versionKey = "txtvers"
const keyPattern = /^[\x20-\x3c\x3e-\x7e]+$/
const equals = 0x3d
const stringOctetsMax = 255
const ownOctetsMax = 1300
const recordOctetsMax = 65_535
const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
