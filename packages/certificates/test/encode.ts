/**
 * Writes DER, value by value: the other half of `Der.ts`, for tests that need certificates which no library makes.
 */
import { tags } from "../src/Der.ts"
import { concat, toUtf8 } from "../src/internal/bytes.ts"
import { value } from "../src/internal/encode.ts"

export { value }

export type Der = Uint8Array<ArrayBuffer>

export const sequence = (...contents: ReadonlyArray<Uint8Array>): Der => value(tags.sequence, ...contents)

export const set = (...contents: ReadonlyArray<Uint8Array>): Der => value(tags.set, ...contents)

/** `[n]` around a whole value. */
export const explicit = (number: number, content: Uint8Array): Der => value(0xa0 + number, content)

export const octetString = (content: Uint8Array): Der => value(tags.octetString, content)

export const bitString = (octets: Uint8Array, unused = 0): Der => value(tags.bitString, Uint8Array.of(unused), octets)

export const boolean = (isTrue: boolean): Der => value(tags.boolean, Uint8Array.of(isTrue ? 0xff : 0))

export const nothing = (): Der => value(tags.null)

/** Of the octets of a number that is not negative. */
export const unsigned = (octets: Uint8Array): Der => {
  const first = octets.findIndex((each) => each !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : octets.subarray(first)
  return value(tags.integer, (digits[0] ?? 0) < 0x80 ? digits : concat([Uint8Array.of(0), digits]))
}

export const integer = (number: number): Der =>
  unsigned(Uint8Array.of((number >>> 24) & 0xff, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff))

export const oid = (dotted: string): Der => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  return value(tags.oid, Uint8Array.from([40 * first + second, ...rest].flatMap(base128)))
}

export const utf8 = (text: string): Der => value(tags.utf8String, toUtf8(text))

export const ia5 = (text: string): Der => value(tags.ia5String, toUtf8(text))

/** RFC 5280 §4.1.2.5: UTCTime through the year 2049, GeneralizedTime from then on. */
export const time = (millis: number): Der => {
  const text = new Date(millis).toISOString().replace(/[-:T]|\.\d+/g, "")
  return text >= "1950" && text < "2050"
    ? value(tags.utcTime, toUtf8(text.slice(2)))
    : value(tags.generalizedTime, toUtf8(text))
}

const base128 = (arc: number): ReadonlyArray<number> => {
  const digits = [arc & 0x7f]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}
