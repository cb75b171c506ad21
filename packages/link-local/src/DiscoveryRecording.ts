/**
 * A session of discovery, written down as it happens and folded into the same roster again later: NDJSON, a head and then a
 * line for each event. It has the form of `@xmpp-e2e/recording`, and stands here because that package records the reducer
 * of streams and knows nothing of link-local networks.
 *
 * What is written names nobody: `writer` puts pseudonyms in the place of names, addresses and texts, unless it is told to
 * write everything.
 *
 * @since 0.1.0
 */
import * as RecordingError from "@xmpp-e2e/recording/RecordingError"
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { DiscoveryEvent } from "./DiscoveryEvent.ts"
import * as Lines from "./internal/recordedLines.ts"
import * as Veil from "./internal/veil.ts"
import * as Roster from "./Roster.ts"

/**
 * What the roster was made with, and words for people. `startedAt` is ISO 8601.
 *
 * @since 0.1.0
 * @category models
 */
export interface Head extends Roster.Options {
  readonly startedAt?: string
  readonly note?: string
  readonly redacted?: true
}

/**
 * What came of a line, without names: the changes that the roster told, sorted, each with the status of the entity and the
 * numbers of its interfaces and endpoints; and how many entities were there then.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly changes: ReadonlyArray<string>
  readonly entities: number
}

/**
 * What the roster was told: an event, other names of our own, or that a period for telling is over. `at` is milliseconds
 * since the start, for people only; `told` is what came of it, for comparison.
 *
 * @since 0.1.0
 * @category models
 */
export type Line =
  | { readonly at: number; readonly event: DiscoveryEvent; readonly told?: Told }
  | { readonly at: number; readonly own: ReadonlyArray<string>; readonly told?: Told }
  | { readonly at: number; readonly refreshed: true; readonly told?: Told }

/**
 * Whether a session still comes out as it was recorded. `compared` counts the lines that say what came of them; `line` is the
 * first one, counted from 1 without the head, of which something else comes now.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "Matched"; readonly lines: number; readonly compared: number; readonly entities: number }
  | { readonly _tag: "Diverged"; readonly line: number; readonly expected: Told; readonly actual: Told }

/**
 * `torn` reports a last line that was being written when the writer died; everything before it is there.
 *
 * @since 0.1.0
 * @category models
 */
export interface DiscoveryRecording {
  readonly head: Head
  readonly lines: ReadonlyArray<Line>
  readonly torn?: RecordingError.RecordingError
}

/**
 * Writes a session line by line; each ends with U+000A.
 *
 * @since 0.1.0
 * @category models
 */
export interface Writer {
  readonly head: string
  readonly line: (line: Line) => string
}

/**
 * A writer that names nobody. Pseudonyms are the same for the same names under one secret; who holds it can try out guesses.
 *
 * @since 0.1.0
 * @category constructors
 */
export const writer = (head: Head, secret: Uint8Array | string): Writer => {
  const veil = Veil.make(secret)
  return { head: headText(veil.head(head)), line: (line) => lineText(veil.line(line)) }
}

/**
 * A writer that writes everything: who was there, under what addresses, and what they said of themselves.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fullWriter = (head: Head): Writer => ({ head: headText(head), line: lineText })

/**
 * The whole document, as it is.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = ({ head, lines }: DiscoveryRecording): string => headText(head) + lines.map(lineText).join("")

/**
 * The same without names, addresses and texts. It folds into a roster of the same shape: as many entities, on as many
 * interfaces, of the same status, after the same changes; as long as no bound was reached.
 *
 * @since 0.1.0
 * @category combinators
 */
export const redact = (recording: DiscoveryRecording, secret: Uint8Array | string): DiscoveryRecording => {
  const veil = Veil.make(secret)
  return { ...recording, head: veil.head(recording.head), lines: recording.lines.map(veil.line) }
}

/**
 * Reads a document. Empty lines mean nothing.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (text: string): Result.Result<DiscoveryRecording, RecordingError.RecordingError> => {
  const lines: Array<Line> = []
  let read: First | undefined
  for (let [from, number] = [0, 1]; from < text.length; number++) {
    const end = text.indexOf("\n", from)
    const json = jsonOf(text.slice(from, end < 0 ? text.length : end))
    from = end < 0 ? text.length : end + 1
    if (json === empty) continue
    if (read === undefined) {
      const first = firstLine(json, number)
      if (Result.isFailure(first)) return Result.fail(first.failure)
      read = first.success
    } else if (json === undefined && end < 0) {
      return Result.succeed({
        head: read.head,
        lines,
        torn: RecordingError.make({ _tag: "TornLastLine", line: number })
      })
    } else {
      const line = Result.mapError(decodeLine(read.upcast.line(json)), complaint(number))
      if (Result.isFailure(line)) return Result.fail(line.failure)
      lines.push(line.success)
    }
  }
  return read === undefined ? notOurs("it is empty") : Result.succeed({ head: read.head, lines })
}

/**
 * The roster after the first `count` lines, all of them unless told otherwise, and all that it told on the way.
 *
 * @since 0.1.0
 * @category combinators
 */
export const replay = ({ head, lines }: DiscoveryRecording, count = lines.length): Roster.Step => {
  let roster = Roster.make(head)
  const changes: Array<Roster.Change> = []
  for (const line of lines.slice(0, count)) {
    const step = follow(roster, line)
    roster = step.roster
    changes.push(...step.changes)
  }
  return { roster, changes }
}

/**
 * What one line makes of a roster.
 *
 * @since 0.1.0
 * @category combinators
 */
export const follow = (roster: Roster.Roster, line: Line): Roster.Step =>
  "event" in line
    ? Roster.step(roster, line.event)
    : "own" in line
    ? Roster.withOwn(roster, line.own)
    : Roster.refresh(roster)

/**
 * What is written down of what came of a line.
 *
 * @since 0.1.0
 * @category combinators
 */
export const told = ({ changes, roster }: Roster.Step): Told => ({
  changes: changes.map((change) =>
    change._tag === "Untold"
      ? change._tag
      : `${change._tag} ${
        change.entity.presence?.status ?? "unknown"
      } ${change.entity.via.length} ${change.entity.endpoints.length}`
  ).toSorted(),
  entities: Roster.entities(roster).length
})

/**
 * Folds the session again, and compares what comes of each line with what is written there.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = ({ head, lines }: DiscoveryRecording): Outcome => {
  let [roster, compared] = [Roster.make(head), 0]
  for (const [at, line] of lines.entries()) {
    const step = follow(roster, line)
    roster = step.roster
    if (line.told === undefined) continue
    const actual = told(step)
    if (!Equal.equals(actual, line.told)) return { _tag: "Diverged", line: at + 1, expected: line.told, actual }
    compared += 1
  }
  return { _tag: "Matched", lines: lines.length, compared, entities: Roster.entities(roster).length }
}

interface First {
  readonly head: Head
  readonly upcast: Lines.Upcast
}

const headText = ({ expected, limits, note, own, redacted, startedAt }: Head): string =>
  `${
    JSON.stringify({ format: Lines.format, version: Lines.current, own, expected, limits, startedAt, note, redacted })
  }\n`

const lineText = (line: Line): string => `${JSON.stringify(line)}\n`

const firstLine = (json: unknown, number: number): Result.Result<First, RecordingError.RecordingError> => {
  if (!Predicate.isObject(json) || own(json, "format") !== Lines.format) {
    return notOurs(`the first line does not name the format ${Lines.format}`)
  }
  const version = own(json, "version")
  const upcast = typeof version === "number" ? Lines.upcastFrom(version) : undefined
  if (upcast === undefined) {
    return typeof version === "number"
      ? Result.fail(RecordingError.make({ _tag: "UnsupportedVersion", version, newest: Lines.current }))
      : Result.fail(complaint(number)({ message: "the version is no number" }))
  }
  return decodeHead(upcast.head(json)).pipe(
    Result.map(({ format: _format, version: _version, ...head }) => ({ head, upcast })),
    Result.mapError(complaint(number))
  )
}

/** `undefined` for what is no JSON. */
const jsonOf = (text: string): unknown => {
  if (text.trim() === "") return empty
  if (text.length > lineCharsMax) return undefined
  return Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))
}

const own = (json: object, key: string): unknown => Object.hasOwn(json, key) ? Reflect.get(json, key) : undefined

const complaint = (line: number) => ({ message }: { readonly message: string }): RecordingError.RecordingError =>
  RecordingError.make({ _tag: "Malformed", line, detail: message.slice(0, detailCharsMax) })

const notOurs = (detail: string): Result.Result<never, RecordingError.RecordingError> =>
  Result.fail(RecordingError.make({ _tag: "NotARecording", detail }))

const decodeHead = Schema.decodeUnknownResult(Lines.FirstLine)
const decodeLine = Schema.decodeUnknownResult(Lines.LaterLine)
const empty = Symbol("an empty line")
/** A record of 65 535 octets in base64, and its addresses, fit many times. */
const lineCharsMax = 1024 * 1024
const detailCharsMax = 300
