/**
 * A DNS message out of bytes. A cursor walks them once; every read answers `undefined` where bytes are missing, and the first
 * thing that is wrong ends it. Names by pointer are followed only to places further and further ahead.
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Malformed, Message, Question, RecordData, ResourceRecord } from "../../mdns/Message.ts"
import { ipv4Text, ipv6Text } from "./addresses.ts"
import { nameOf } from "./names.ts"
import * as Types from "./types.ts"

export const message = (bytes: Uint8Array): Result.Result<Message, Malformed> => {
  if (bytes.length > messageBytesMax) return Result.fail("tooLarge")
  const cursor: Cursor = { bytes, at: 0, names: 0, wrong: undefined }
  const made = walk(cursor)
  return cursor.wrong === undefined ? Result.succeed(made) : Result.fail(cursor.wrong)
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
  /** Bytes of all names so far, pointers followed: many records that point at one long name are little to send. */
  names: number
  /** The first thing that is wrong. What was read after it means nothing. */
  wrong: Malformed | undefined
}

const walk = (cursor: Cursor): Message => {
  const [id, flags] = [short(cursor), short(cursor)]
  const [questionCount, answerCount, authorityCount, additionalCount] = [
    short(cursor),
    short(cursor),
    short(cursor),
    short(cursor)
  ]
  if ((flags & 0x780f) !== 0) fail(cursor, "notQuery")
  if (questionCount + answerCount + authorityCount + additionalCount > partsMax) fail(cursor, "tooMany")
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    truncated: (flags & 0x0200) !== 0,
    questions: list(cursor, questionCount, question),
    answers: list(cursor, answerCount, record),
    authorities: list(cursor, authorityCount, record),
    additionals: list(cursor, additionalCount, record)
  }
}

const fail = (cursor: Cursor, wrong: Malformed): void => {
  cursor.wrong ??= wrong
}

const list = <A>(cursor: Cursor, count: number, read: (cursor: Cursor) => A | undefined): ReadonlyArray<A> => {
  const found: Array<A> = []
  for (let at = 0; at < count && cursor.wrong === undefined; at++) {
    const one = read(cursor)
    if (one !== undefined) found.push(one)
  }
  return found
}

/** Of another class: nothing. */
const question = (cursor: Cursor): Question | undefined => {
  const asked = name(cursor)
  const [type, classAndBit] = [short(cursor), short(cursor)]
  const inClass = [classIn, Types.ANY].includes(classAndBit & 0x7fff)
  return inClass ? { name: asked, type, unicast: (classAndBit & 0x8000) !== 0 } : undefined
}

const record = (cursor: Cursor): ResourceRecord | undefined => {
  const owner = name(cursor)
  const [type, classAndBit] = [short(cursor), short(cursor)]
  const ttl = short(cursor) * 0x10000 + short(cursor)
  const length = short(cursor)
  const end = cursor.at + length
  if (end > cursor.bytes.length) fail(cursor, "cutShort")
  if (cursor.wrong !== undefined) return undefined
  const inClass = (classAndBit & 0x7fff) === classIn
  const data = inClass ? dataOf(cursor, type, length) : undefined
  if (!inClass) cursor.at = end
  if (cursor.at !== end) fail(cursor, "badData")
  // RFC 2181 §8: with the highest bit set, it is nothing.
  return data && { name: owner, ttl: ttl > 0x7fffffff ? 0 : ttl, flush: (classAndBit & 0x8000) !== 0, data }
}

const dataOf = (cursor: Cursor, type: number, length: number): RecordData => {
  switch (type) {
    case Types.A:
      return { type: "A", address: ipv4Text(exactly(cursor, length, 4)) }
    case Types.AAAA:
      return { type: "AAAA", address: ipv6Text(exactly(cursor, length, 16)) }
    case Types.PTR:
      return { type: "PTR", target: name(cursor) }
    case Types.SRV:
      return {
        type: "SRV",
        priority: short(cursor),
        weight: short(cursor),
        port: short(cursor),
        target: name(cursor)
      }
    case Types.TXT:
      return { type: "TXT", strings: strings(cursor, length) }
    default:
      return { type: "other", code: type, bytes: Base64.encode(take(cursor, length)) }
  }
}

const exactly = (cursor: Cursor, length: number, wanted: number): Uint8Array => {
  if (length !== wanted) fail(cursor, "badData")
  return take(cursor, wanted)
}

const strings = (cursor: Cursor, length: number): ReadonlyArray<string> => {
  const end = cursor.at + length
  const found: Array<string> = []
  while (cursor.at < end && cursor.wrong === undefined) {
    const size = byte(cursor)
    if (cursor.at + size > end) fail(cursor, "badData")
    else found.push(Base64.encode(take(cursor, size)))
  }
  return found
}

/** RFC 1035 §4.1.4. A pointer has to lead to before the place where its run of labels began, so that it ends. */
const name = (cursor: Cursor): string => {
  const labels: Array<string> = []
  let [at, start, length] = [cursor.at, cursor.at, 1]
  let after: number | undefined
  while (true) {
    const size = cursor.bytes[at]
    if (size === undefined) return unnamed(cursor, "cutShort")
    if (size === 0) break
    if (size >= 0xc0) {
      const low = cursor.bytes[at + 1]
      if (low === undefined) return unnamed(cursor, "cutShort")
      after ??= at + 2
      at = ((size & 0x3f) << 8) | low
      if (at >= start) return unnamed(cursor, "badName")
      start = at
      continue
    }
    length += size + 1
    if (size > labelBytesMax || length > nameBytesMax) return unnamed(cursor, "badName")
    if (at + 1 + size > cursor.bytes.length) return unnamed(cursor, "cutShort")
    labels.push(utf8.decode(cursor.bytes.subarray(at + 1, at + 1 + size)))
    at += size + 1
  }
  cursor.at = after ?? at + 1
  cursor.names += length
  if (cursor.names > namesBytesMax) fail(cursor, "badName")
  return nameOf(labels)
}

const unnamed = (cursor: Cursor, wrong: Malformed): string => {
  fail(cursor, wrong)
  return ""
}

const byte = (cursor: Cursor): number => {
  const value = cursor.bytes[cursor.at]
  if (value === undefined) fail(cursor, "cutShort")
  cursor.at += 1
  return value ?? 0
}

const short = (cursor: Cursor): number => byte(cursor) * 256 + byte(cursor)

const take = (cursor: Cursor, length: number): Uint8Array => {
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + length)
  if (bytes.length !== length) fail(cursor, "cutShort")
  cursor.at += length
  return bytes
}

/** A label need not be text. What is none has U+FFFD in it, and is nobody's name afterwards. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
const classIn = 1
export const messageBytesMax = 9000
export const labelBytesMax = 63
export const nameBytesMax = 255
const partsMax = 256
const namesBytesMax = 32_768
