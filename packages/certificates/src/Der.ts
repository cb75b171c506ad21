/**
 * DER, read strictly (CERT-20…23): every byte string gives a tree or a `DerError`, nothing throws, and nothing is read
 * that a length did not announce. What the trees mean is the business of `Certificate.ts`.
 *
 * X.690 §8, §10, §11.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Result from "effect/Result"
import { fromUtf8 } from "./internal/bytes.ts"
import { toMillis } from "./internal/calendar.ts"
import { readHead } from "./internal/head.ts"

/**
 * One value: its identifier octet, its content, and itself as it stood in the input. Of a constructed value the content
 * has been read too.
 *
 * @since 0.1.0
 * @category models
 */
export interface Value {
  readonly tag: number
  readonly raw: Uint8Array
  readonly content: Uint8Array
  readonly children: ReadonlyArray<Value>
}

/**
 * The bytes are no DER, or not the DER that was wanted.
 *
 * @since 0.1.0
 * @category errors
 */
export class DerError extends Data.TaggedError("DerError")<{
  /** `CERT-20` and its neighbours. */
  readonly rule: string
  readonly detail: string
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * @since 0.1.0
 * @category models
 */
export type Read<A> = Result.Result<A, DerError>

/**
 * Exactly one value, and nothing after it.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (bytes: Uint8Array): Read<Value> =>
  Result.flatMap(
    readValue(bytes, 0, 1),
    (read) => read.next === bytes.length ? Result.succeed(read.value) : wrong("CERT-20", "bytes follow the value")
  )

/**
 * @since 0.1.0
 * @category errors
 */
export const wrong = (rule: string, detail: string): Read<never> => Result.fail(new DerError({ rule, detail }))

/**
 * The value, if it is there and has the tag.
 *
 * @since 0.1.0
 * @category decoding
 */
export const expect = (value: Value | undefined, tag: number, what: string): Read<Value> =>
  value?.tag === tag ? Result.succeed(value) : wrong("CERT-20", `${what} is missing or has another type`)

/**
 * What stands in a SEQUENCE.
 *
 * @since 0.1.0
 * @category decoding
 */
export const sequence = (value: Value | undefined, what: string): Read<ReadonlyArray<Value>> =>
  Result.map(expect(value, tags.sequence, what), (each) => each.children)

/**
 * What stands in a SEQUENCE that must not be empty.
 *
 * @since 0.1.0
 * @category decoding
 */
export const atLeastOne = (value: Value | undefined, what: string): Read<ReadonlyArray<Value>> =>
  Result.flatMap(
    sequence(value, what),
    (children) => children.length > 0 ? Result.succeed(children) : wrong("CERT-20", `${what} is empty`)
  )

/**
 * The octets of an INTEGER, two's complement, in their shortest form.
 *
 * @since 0.1.0
 * @category decoding
 */
export const integer = (value: Value | undefined, what: string): Read<Uint8Array> =>
  Result.flatMap(expect(value, tags.integer, what), ({ content }) => {
    const [first, second] = content
    if (first === undefined) return wrong("CERT-20", `${what} is empty`)
    const isPadded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
    return isPadded ? wrong("CERT-21", `${what} is longer than needed`) : Result.succeed(content)
  })

/**
 * An INTEGER from 0 to 2^31 - 1.
 *
 * @since 0.1.0
 * @category decoding
 */
export const smallInteger = (value: Value | undefined, what: string): Read<number> =>
  Result.flatMap(integer(value, what), (content) => {
    const isSmall = content.length <= 4 && (content[0] ?? 0x80) < 0x80
    return isSmall
      ? Result.succeed(content.reduce((sum, each) => sum * 256 + each, 0))
      : wrong("CERT-20", `${what} is out of range`)
  })

/**
 * @since 0.1.0
 * @category decoding
 */
export const boolean = (value: Value | undefined, what: string): Read<boolean> =>
  Result.flatMap(expect(value, tags.boolean, what), ({ content }) => {
    const isBoolean = content.length === 1 && (content[0] === 0 || content[0] === 0xff)
    return isBoolean ? Result.succeed(content[0] === 0xff) : wrong("CERT-21", `${what} is neither 00 nor FF`)
  })

/**
 * An OBJECT IDENTIFIER in dotted form, of at most 255 octets.
 *
 * @since 0.1.0
 * @category decoding
 */
export const oid = (value: Value | undefined, what: string): Read<string> =>
  Result.flatMap(expect(value, tags.oid, what), ({ content }) => {
    // People read them in sentences.
    if (content.length > oidOctetsMax) return wrong("CERT-20", `${what} is longer than ${oidOctetsMax} octets`)
    const arcs: Array<number | bigint> = []
    let arc: number | bigint = 0
    for (const [at, octet] of content.entries()) {
      if (arc === 0 && octet === 0x80) return wrong("CERT-21", `${what} has an arc that is longer than needed`)
      // UUIDs make arcs of 128 bits.
      arc = arc > 2 ** 45 ? BigInt(arc) * 128n + BigInt(octet & 0x7f) : Number(arc) * 128 + (octet & 0x7f)
      if (octet < 0x80) {
        arcs.push(arc)
        arc = 0
      } else if (at === content.length - 1) {
        return wrong("CERT-20", `${what} ends within an arc`)
      }
    }
    const [head, ...tail] = arcs
    if (head === undefined) return wrong("CERT-20", `${what} is empty`)
    const first = head < 40 ? 0 : head < 80 ? 1 : 2
    const second = typeof head === "bigint" ? head - 80n : head - 40 * first
    return Result.succeed([first, second, ...tail].join("."))
  })

/**
 * A BIT STRING: its octets, and how many bits of the last are unused.
 *
 * @since 0.1.0
 * @category decoding
 */
export const bits = (
  value: Value | undefined,
  what: string
): Read<{ readonly octets: Uint8Array; readonly unused: number }> =>
  Result.flatMap(expect(value, tags.bitString, what), ({ content }) => {
    const unused = content[0]
    const octets = content.subarray(1)
    const last = octets.at(-1)
    if (unused === undefined || unused > 7 || (unused > 0 && last === undefined)) {
      return wrong("CERT-20", `${what} is no bit string`)
    }
    const isPadded = last !== undefined && (last & ((1 << unused) - 1)) !== 0
    return isPadded ? wrong("CERT-21", `${what} has unused bits that are set`) : Result.succeed({ octets, unused })
  })

/**
 * A BIT STRING of whole octets.
 *
 * @since 0.1.0
 * @category decoding
 */
export const bitOctets = (value: Value | undefined, what: string): Read<Uint8Array> =>
  Result.flatMap(
    bits(value, what),
    ({ octets, unused }) => unused === 0 ? Result.succeed(octets) : wrong("CERT-20", `${what} does not end at an octet`)
  )

/**
 * UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 has them, in milliseconds since 1970.
 *
 * @since 0.1.0
 * @category decoding
 */
export const time = (value: Value | undefined, what: string): Read<number> => {
  const form = value?.tag === tags.utcTime ? utcForm : value?.tag === tags.generalizedTime ? generalizedForm : undefined
  const parts = form?.exec(String.fromCharCode(...(value?.content ?? []).slice(0, 16)))?.slice(1).map(Number)
  const [year = 0, ...rest] = parts ?? []
  const century = form === generalizedForm ? 0 : year >= 50 ? 1900 : 2000
  const millis = toMillis([century + year, ...rest])
  return millis === undefined ? wrong("CERT-20", `${what} is no time`) : Result.succeed(millis)
}

/**
 * The text of a character string that is ASCII or UTF-8; `undefined` for other types and for octets that are neither.
 *
 * @since 0.1.0
 * @category decoding
 */
export const text = (value: Value): string | undefined => {
  if (value.tag === tags.utf8String) return fromUtf8(value.content)
  return value.tag === tags.printableString || value.tag === tags.ia5String ? ascii(value.content) : undefined
}

/**
 * `undefined` when an octet is above 7F.
 *
 * @since 0.1.0
 * @category decoding
 */
export const ascii = (octets: Uint8Array): string | undefined =>
  octets.every((each) => each < 0x80) ? fromUtf8(octets) : undefined

/**
 * The numbers are identifier octets, so `sequence` and `set` carry the bit for constructed.
 *
 * @since 0.1.0
 * @category constants
 */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31
} as const

interface Reading {
  readonly value: Value
  readonly next: number
}

const readValue = (bytes: Uint8Array, start: number, depth: number): Read<Reading> => {
  if (depth > depthMax) return wrong("CERT-23", `values are nested deeper than ${depthMax}`)
  const head = readHead(bytes, start)
  if (Result.isFailure(head)) return Result.fail(new DerError(head.failure))
  const { from, next, tag } = head.success
  const content = bytes.subarray(from, next)
  return Result.map((tag & constructed) === 0 ? Result.succeed([]) : readAll(content, depth + 1), (children) => ({
    value: { tag, raw: bytes.subarray(start, next), content, children },
    next
  }))
}

const readAll = (bytes: Uint8Array, depth: number): Read<ReadonlyArray<Value>> => {
  const values: Array<Value> = []
  for (let at = 0; at < bytes.length;) {
    const read = readValue(bytes, at, depth)
    if (Result.isFailure(read)) return Result.fail(read.failure)
    values.push(read.success.value)
    at = read.success.next
  }
  return Result.succeed(values)
}

const constructed = 0x20
const depthMax = 32
const oidOctetsMax = 255
const utcForm = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const generalizedForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
