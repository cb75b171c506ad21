/**
 * The document: NDJSON, a head and then a line for each step of the reducer, optionally with the raw chunks that caused
 * them, and with TLS and its secrets.
 *
 * This file owns the lines, how they are written one at a time, and how they are read back, one at a time or all at once.
 * It leaves the content of events and actions to `Schema`, and what they mean to `Replay` and `Explain`.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import * as Base64 from "effect/encoding/Base64"
import type * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Passing from "./internal/passing.ts"
import { readLine } from "./internal/read.ts"
import { format } from "./internal/schema/line.ts"
import * as RecordingError from "./RecordingError.ts"
import { current, type Upcast } from "./upcast/versions.ts"

/**
 * What the first line says, besides format and version. `startedAt` (ISO 8601) and `note` are for people; `trust` is what
 * the judge of peers says of itself, whom it believes and how that is combined; `redacted` is there when `Redact` has been
 * at it, and `level` then says how much it left (recordings from before there were levels have none). `tls` says that lines
 * of `Tls` and `KeyLog` may follow.
 *
 * @since 0.1.0
 * @category models
 */
export interface Head {
  readonly config: Config.Config
  readonly note?: string
  readonly startedAt?: string
  readonly trust?: Schema.Json
  readonly redacted?: true
  readonly level?: "shape" | "redacted"
  readonly tls?: true
}

/**
 * One step of the reducer: what happened, what was asked for, and the label of the state after it. `seq` counts from 0
 * without gaps; `at` is milliseconds since the start, for people only. `omitted` steps before this one happened and were
 * not written, to keep the recording small: what follows can no longer be replayed. Where it is 0, chunks were left out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly seq: number
  readonly at: number
  readonly event: Event.Event
  readonly actions: ReadonlyArray<Action.Action>
  readonly state: string
  readonly omitted?: number
}

/**
 * A chunk as it came from or went to the wire, in base64. Under TLS: what TLS carried.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wire {
  readonly wire: "in" | "out"
  readonly at: number
  readonly bytes: string
}

/**
 * Bytes of TLS as the network carried them, in base64, in order, cut anywhere. What came in one piece with the last clear
 * text is in that `Wire` instead.
 *
 * @since 0.1.0
 * @category models
 */
export interface Tls {
  readonly tls: "in" | "out"
  readonly at: number
  readonly bytes: string
}

/**
 * A secret of TLS: a line of `SSLKEYLOGFILE` (draft-ietf-tls-keylogfile), less its end. Whoever has it can read `Tls`.
 *
 * @since 0.1.0
 * @category models
 */
export interface KeyLog {
  readonly keylog: string
  readonly at: number
}

/**
 * A line after the head.
 *
 * @since 0.1.0
 * @category models
 */
export type Line = Step | Wire | Tls | KeyLog

/**
 * A whole document. `torn` (`TornLastLine`) reports a last line that was being written when the writer died; everything
 * before it is there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Recording {
  readonly head: Head
  readonly lines: ReadonlyArray<Line>
  readonly torn?: RecordingError.RecordingError
}

/**
 * @since 0.1.0
 * @category guards
 */
export const isStep = (line: Line): line is Step => "seq" in line

/**
 * @since 0.1.0
 * @category guards
 */
export const isWire = (line: Line): line is Wire => "wire" in line

/**
 * @since 0.1.0
 * @category guards
 */
export const isTls = (line: Line): line is Tls => "tls" in line

/**
 * @since 0.1.0
 * @category guards
 */
export const isKeyLog = (line: Line): line is KeyLog => "keylog" in line

/**
 * The steps of a document, without the other lines.
 *
 * @since 0.1.0
 * @category getters
 */
export const steps = (recording: Recording): ReadonlyArray<Step> => recording.lines.filter(isStep)

/**
 * @since 0.1.0
 * @category constructors
 */
export const makeWire = (direction: "in" | "out", at: number, bytes: Uint8Array): Wire => ({
  wire: direction,
  at,
  bytes: Base64.encode(bytes)
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const makeTls = (direction: "in" | "out", at: number, bytes: Uint8Array): Tls => ({
  tls: direction,
  at,
  bytes: Base64.encode(bytes)
})

/**
 * The bytes of a chunk; none when its text is not base64.
 *
 * @since 0.1.0
 * @category getters
 */
export const bytesOf = (chunk: Wire | Tls): Option.Option<Uint8Array> => Result.getSuccess(Base64.decode(chunk.bytes))

/**
 * The first line, without its line end.
 *
 * @since 0.1.0
 * @category encoding
 */
export const head = (head: Head): string => {
  const { config, level, note, redacted, startedAt, tls, trust } = head
  return JSON.stringify({ format, version: current, config, note, startedAt, trust, redacted, level, tls })
}

/**
 * The line of a step, without its line end. Events and actions are plain data, so this is one `JSON.stringify` and no
 * schema: it stands on the path of every event of a live stream. An action that passes on the very element of the event
 * leaves it out, and has it again when it is read.
 *
 * @since 0.1.0
 * @category encoding
 */
export const step = (step: Step): string =>
  JSON.stringify({
    seq: step.seq,
    at: step.at,
    event: step.event,
    actions: Passing.brief(step.event, step.actions),
    state: step.state,
    omitted: step.omitted
  })

/**
 * The line of a chunk, without its line end.
 *
 * @since 0.1.0
 * @category encoding
 */
export const wire = (wire: Wire): string => JSON.stringify({ wire: wire.wire, at: wire.at, bytes: wire.bytes })

/**
 * A line after the head, without its line end.
 *
 * @since 0.1.0
 * @category encoding
 */
export const line = (line: Line): string => isStep(line) ? step(line) : isWire(line) ? wire(line) : JSON.stringify(line)

/**
 * A whole document; each line ends with U+000A. A torn line is not written again.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (recording: Recording): string => {
  let text = `${head(recording.head)}\n`
  for (const each of recording.lines) text += `${line(each)}\n`
  return text
}

/**
 * How far a document has been read: `line` lines, and the steps before `seq`. After the head it knows how to read its version.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cursor {
  readonly line: number
  readonly seq: number
  readonly upcast?: Upcast
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const begin: Cursor = { line: 0, seq: 0 }

/**
 * What a line turned out to be. Empty lines are allowed and mean nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Read =
  | { readonly _tag: "Head"; readonly head: Head }
  | { readonly _tag: "Line"; readonly line: Line }
  | { readonly _tag: "Empty" }
  | { readonly _tag: "Torn"; readonly error: RecordingError.RecordingError }

/**
 * Reads the next line, given without its line end. `ended` is false for a last line that had no line end: such a line
 * may be torn, any other may not.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decodeLine = (
  cursor: Cursor,
  text: string,
  ended = true
): Result.Result<{ readonly read: Read; readonly cursor: Cursor }, RecordingError.RecordingError> =>
  readLine(cursor, text, ended)

/**
 * Reads a whole document.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (text: string): Result.Result<Recording, RecordingError.RecordingError> => {
  const lines: Array<Line> = []
  let cursor = begin
  let first: Head | undefined
  let torn: RecordingError.RecordingError | undefined
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from)
    const until = end < 0 ? text.length : end
    const decoded = readLine(cursor, text.slice(from, until), end >= 0)
    if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
    const { read } = decoded.success
    if (read._tag === "Head") first = read.head
    if (read._tag === "Line") lines.push(read.line)
    if (read._tag === "Torn") torn = read.error
    cursor = decoded.success.cursor
    from = until + 1
  }
  if (first === undefined) return Result.fail(RecordingError.make({ _tag: "NotARecording", detail: "it is empty" }))
  return Result.succeed({ head: first, lines, ...(torn === undefined ? {} : { torn }) })
}
