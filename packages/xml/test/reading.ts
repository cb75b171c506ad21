/** Readers put to work, and what they said. */
import { expect } from "vitest"
import type { FaultKind } from "../src/Fault.ts"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import * as Serialize from "../src/Serialize.ts"
import { bytesOf, header } from "./arbitrary.ts"

export const opening = Serialize.rootTag(header)

export const drain = (reader: Reader.Reader): ReadonlyArray<Reader.ReaderEvent> => {
  const events: Array<Reader.ReaderEvent> = []
  for (let event = reader.next(); event !== undefined; event = reader.next()) events.push(event)
  return events
}

/** All events of these pieces, asked for after each. */
export const readPieces = (
  pieces: Iterable<Uint8Array>,
  limits: Limits.Limits = Limits.defaults
): ReadonlyArray<Reader.ReaderEvent> => {
  const reader = Reader.make(limits)
  const events: Array<Reader.ReaderEvent> = []
  for (const piece of pieces) {
    reader.push(piece)
    events.push(...drain(reader))
  }
  return events
}

export const read = (input: string | Uint8Array, limits?: Limits.Limits): ReadonlyArray<Reader.ReaderEvent> =>
  readPieces([typeof input === "string" ? bytesOf(input) : input], limits)

/** Events in short: a tag each, a fault with its kind. */
export const brief = (events: ReadonlyArray<Reader.ReaderEvent>): ReadonlyArray<string> =>
  events.map((event) => event._tag === "Faulted" ? event.fault.kind : event._tag)

/** What is read of this inside an open stream. */
export const inside = (input: string | Uint8Array, limits: Limits.Limits = Limits.defaults) => {
  const reader = open(limits)
  reader.push(typeof input === "string" ? bytesOf(input) : input)
  return drain(reader)
}

/** A reader that has read the header of a stream. */
export const open = (limits: Limits.Limits = Limits.defaults): Reader.Reader => {
  const reader = Reader.make(limits)
  reader.push(bytesOf(opening))
  reader.next()
  return reader
}

/** The first-level element that this is, in an open stream. */
export const readElement = (written: string) => {
  const [event, ...more] = inside(written)
  if (event?._tag === "ElementRead" && more.length === 0) return event
  throw new Error(`no element: ${brief(event === undefined ? [] : [event, ...more]).join(", ")}`)
}

export interface Decision {
  readonly kind: string
  /** Bytes that came until the fault was known; the last of them decided. */
  readonly after: number
}

/** Which fault, and after how many bytes, when they come one at a time. */
export const decide = (reader: Reader.Reader, bytes: Uint8Array): Decision | undefined => {
  for (let at = 0; at < bytes.length; at++) {
    reader.push(bytes.subarray(at, at + 1))
    for (const event of drain(reader)) if (event._tag === "Faulted") return { kind: event.fault.kind, after: at + 1 }
  }
  return undefined
}

/** The fault that these bytes end in, and only their last one. */
export const expectDecided = (bytes: string | Uint8Array, kind: FaultKind, reader = open()) => {
  const all = typeof bytes === "string" ? bytesOf(bytes) : bytes
  expect(decide(reader, all)).toEqual({ kind, after: all.length })
}

export const fresh = (): Reader.Reader => Reader.make(Limits.defaults)
