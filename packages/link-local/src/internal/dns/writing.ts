/**
 * A DNS message into bytes. Names that end alike share their ends (RFC 1035 §4.1.4), within the targets of PTR and SRV too
 * (RFC 6762 §18.14).
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Message, Question, RecordData, ResourceRecord } from "../../mdns/Message.ts"
import { ipv4Bytes, ipv6Bytes } from "./addresses.ts"
import { labelsOf } from "./names.ts"
import { labelBytesMax, messageBytesMax, nameBytesMax } from "./reading.ts"
import { typeOf } from "./types.ts"

type Wrong = "badName" | "badData" | "tooLarge"

interface Draft {
  readonly bytes: Array<number>
  /** Where a name stands, by its labels; none where names are to be whole. */
  readonly places: Map<string, number> | undefined
  wrong: Wrong | undefined
}

export const message = (one: Message): Result.Result<Uint8Array<ArrayBuffer>, Wrong> => {
  const draft: Draft = { bytes: [], places: new Map(), wrong: undefined }
  const sections = [one.answers, one.authorities, one.additionals]
  // RFC 6762 §18.4: who responds is authoritative.
  const flags = (one.isResponse ? 0x8400 : 0) | (one.truncated ? 0x0200 : 0)
  for (const number of [one.id, flags, one.questions.length, ...sections.map(({ length }) => length)]) {
    short(draft, number)
  }
  for (const each of one.questions) question(draft, each)
  for (const each of sections.flat()) record(draft, each)
  if (draft.bytes.length > messageBytesMax) draft.wrong ??= "tooLarge"
  return draft.wrong === undefined ? Result.succeed(Uint8Array.from(draft.bytes)) : Result.fail(draft.wrong)
}

/** The data of a record with names whole, as two of them are compared (RFC 6762 §8.2). */
export const dataBytes = (one: RecordData): ReadonlyArray<number> => {
  const draft: Draft = { bytes: [], places: undefined, wrong: undefined }
  data(draft, one)
  return draft.bytes
}

/** Whether a label can be sent. */
export const isLabel = (label: string): boolean => label !== "" && utf8.encode(label).length <= labelBytesMax

const question = (draft: Draft, one: Question): void => {
  name(draft, one.name)
  short(draft, one.type)
  short(draft, one.unicast ? 0x8001 : 1)
}

const record = (draft: Draft, one: ResourceRecord): void => {
  name(draft, one.name)
  short(draft, typeOf(one.data))
  short(draft, one.flush ? 0x8001 : 1)
  if (!(one.ttl >= 0 && one.ttl <= 0x7fffffff)) draft.wrong ??= "badData"
  short(draft, Math.floor(one.ttl / 0x10000))
  short(draft, one.ttl % 0x10000)
  const at = draft.bytes.length
  short(draft, 0)
  data(draft, one.data)
  const length = draft.bytes.length - at - 2
  draft.bytes[at] = length >> 8
  draft.bytes[at + 1] = length & 0xff
}

const data = (draft: Draft, one: RecordData): void => {
  switch (one.type) {
    case "A":
      return raw(draft, ipv4Bytes(one.address))
    case "AAAA":
      return raw(draft, ipv6Bytes(one.address))
    case "PTR":
      return name(draft, one.target)
    case "SRV":
      short(draft, one.priority)
      short(draft, one.weight)
      short(draft, one.port)
      return name(draft, one.target)
    case "TXT":
      return strings(draft, one.strings)
    case "other":
      return raw(draft, fromBase64(one.bytes))
  }
}

/** LL-02: without any string there is still one, which is empty. */
const strings = (draft: Draft, texts: ReadonlyArray<string>): void => {
  for (const text of texts.length === 0 ? [""] : texts) {
    const bytes = fromBase64(text)
    if (bytes === undefined || bytes.length > 255) draft.wrong ??= "badData"
    else draft.bytes.push(bytes.length, ...bytes)
  }
}

const name = (draft: Draft, text: string): void => {
  const labels = labelsOf(text).map((label) => utf8.encode(label))
  const length = labels.reduce((sum, label) => sum + label.length + 1, 1)
  if (length > nameBytesMax || labels.some((label) => label.length > labelBytesMax)) {
    draft.wrong ??= "badName"
    return
  }
  for (const [at, label] of labels.entries()) {
    const rest = labels.slice(at).map((each) => each.join()).join(".")
    const place = draft.places?.get(rest)
    if (place !== undefined) return short(draft, 0xc000 | place)
    draft.places?.set(rest, draft.bytes.length)
    draft.bytes.push(label.length, ...label)
  }
  draft.bytes.push(0)
}

const raw = (draft: Draft, bytes: Uint8Array | undefined): void => {
  if (bytes === undefined || bytes.length > messageBytesMax) draft.wrong ??= "badData"
  else draft.bytes.push(...bytes)
}

const short = (draft: Draft, number: number): void => {
  if (!(Number.isInteger(number) && number >= 0 && number <= 0xffff)) draft.wrong ??= "badData"
  draft.bytes.push((number >> 8) & 0xff, number & 0xff)
}

const fromBase64 = (text: string): Uint8Array | undefined => Result.getOrUndefined(Base64.decode(text))

const utf8 = new TextEncoder()
