/**
 * One line of JSON to one line of a recording: version, up-caster, schema, sequence.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Cursor, Line, Read, Step } from "../Recording.ts"
import * as RecordingError from "../RecordingError.ts"
import { current, type Upcast, upcastFrom } from "../upcast/versions.ts"
import { complaint } from "./complaint.ts"
import { nestedDeeper } from "./nesting.ts"
import * as Passing from "./passing.ts"
import * as Lines from "./schema/line.ts"

/** @internal */
export type Decoded = Result.Result<{ readonly read: Read; readonly cursor: Cursor }, RecordingError.RecordingError>

/** @internal */
export const readLine = (cursor: Cursor, text: string, ended: boolean): Decoded => {
  const at: Cursor = { ...cursor, line: cursor.line + 1 }
  if (text.length > lineCharsMax) return malformed(at, `longer than ${lineCharsMax} characters`)
  if (text.trim() === "") return Result.succeed({ read: { _tag: "Empty" }, cursor: at })
  if (nestedDeeper(text, nestingMax)) return malformed(at, `nested deeper than ${nestingMax}`)
  const json = parse(text)
  if (Result.isSuccess(json)) {
    return cursor.upcast === undefined
      ? first(at, json.success)
      : later(at, cursor.upcast, json.success)
  }
  if (cursor.upcast === undefined) return fail({ _tag: "NotARecording", detail: "the first line is no JSON" })
  if (ended) return malformed(at, "no JSON")
  const error = RecordingError.make({ _tag: "TornLastLine", line: at.line })
  return Result.succeed({ read: { _tag: "Torn", error }, cursor: at })
}

const first = (at: Cursor, json: unknown): Decoded => {
  if (own(json, "format") !== Lines.format) {
    return fail({ _tag: "NotARecording", detail: `the first line does not name the format ${Lines.format}` })
  }
  const version = own(json, "version")
  if (typeof version !== "number") return malformed(at, "the version is no number")
  const upcast = upcastFrom(version)
  if (upcast === undefined) return fail({ _tag: "UnsupportedVersion", version, newest: current })
  return Result.map(judge(at, decodeFirst, upcast.head(json)), ({ format: _format, version: _version, ...head }) => ({
    read: { _tag: "Head", head },
    cursor: { ...at, upcast }
  }))
}

const later = (at: Cursor, upcast: Upcast, recorded: unknown): Decoded => {
  const json = upcast.line(recorded)
  const beside = besideSteps.find(({ key }) => own(json, key) !== undefined)
  if (beside !== undefined) {
    return Result.map(judge(at, beside.decode, json), (line) => ({ read: { _tag: "Line", line }, cursor: at }))
  }
  if (own(json, "seq") !== undefined) {
    const { json: complete, passed } = Passing.filled(json)
    return Result.flatMap(judge(at, decodeStep, complete), (step) => inOrder(at, reunited(step, passed)))
  }
  return malformed(
    at,
    own(json, "format") === undefined ? "neither a step, a chunk nor a secret" : "a second head"
  )
}

/** Where actions left their element out, it is that of the event: one and the same. */
const reunited = (step: Step, passed: ReadonlyArray<number>): Step => {
  const element = Passing.brought(step.event)
  return element === undefined || passed.length === 0
    ? step
    : { ...step, actions: step.actions.map((each, at) => passed.includes(at) ? Passing.passing(each, element) : each) }
}

const inOrder = (at: Cursor, step: Step): Decoded =>
  step.seq === at.seq + (step.omitted ?? 0)
    ? Result.succeed({ read: { _tag: "Line", line: step }, cursor: { ...at, seq: step.seq + 1 } })
    : fail({ _tag: "SequenceGap", line: at.line, expected: at.seq, found: step.seq })

const judge = <A>(
  at: Cursor,
  decode: (json: unknown) => Result.Result<A, Schema.SchemaError>,
  json: unknown
): Result.Result<A, RecordingError.RecordingError> =>
  Result.mapError(
    decode(json),
    (error) => RecordingError.make({ _tag: "Malformed", line: at.line, detail: complaint(error, json) })
  )

const parse = (text: string): Result.Result<unknown, unknown> => Result.try((): unknown => JSON.parse(text))

const own = (json: unknown, key: string): unknown =>
  Predicate.isObject(json) && Object.hasOwn(json, key) ? Reflect.get(json, key) : undefined

const malformed = (at: Cursor, detail: string): Decoded => fail({ _tag: "Malformed", line: at.line, detail })

const fail = (reason: RecordingError.Fault): Decoded => Result.fail(RecordingError.make(reason))

const decodeFirst = Schema.decodeUnknownResult(Lines.FirstLine)
const decodeStep = Schema.decodeUnknownResult(Lines.Step)

/** Lines that no replay looks at, each known by its first key. */
const besideSteps: ReadonlyArray<{
  readonly key: string
  readonly decode: (json: unknown) => Result.Result<Line, Schema.SchemaError>
}> = [
  { key: "wire", decode: Schema.decodeUnknownResult(Lines.Wire) },
  { key: "tls", decode: Schema.decodeUnknownResult(Lines.Tls) },
  { key: "keylog", decode: Schema.decodeUnknownResult(Lines.KeyLog) }
]

/**
 * A session with a full queue of held stanzas, escaped at its worst, fits. More must not: JSON of this length can be made
 * to fill twenty times its size in memory.
 *
 * @internal
 */
export const lineCharsMax = 16 * 1024 * 1024

/** Two levels an element, and few around it: the reader's `depthMax` is 64. Twice this would strain the stack. */
const nestingMax = 600
