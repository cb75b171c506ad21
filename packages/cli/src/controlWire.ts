/**
 * What a process that is running and a command that wants something of it say to each other: a line of JSON each way, over
 * and over. Where they meet is in `controlPlace.ts`, who speaks in `control.ts` and `controlClient.ts`.
 *
 *     {"request":"presence","with":{"status":"away","message":"back at five"}}
 *     {"answer":{"status":"away","message":"back at five"}}
 *     {"error":{"reason":"unknown","sentence":"…"}}
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

/** `with` is whatever the handler of that name understands. */
export interface Request {
  readonly request: string
  readonly with?: unknown
}

/**
 * - `malformed`: the line is no request, or what is with it is none of that kind; `tooLong`: it has too many characters
 * - `unknown`: nothing of that name can be asked for
 * - `refused`: it was understood, and not done
 */
export class Refused extends Data.TaggedError("Refused")<{
  readonly reason: "malformed" | "tooLong" | "unknown" | "refused"
  readonly sentence: string
}> {
  override get message(): string {
    return this.sentence
  }
}

export const requestLine = (request: Request): string => JSON.stringify(request)

export const decodeRequest = (line: string): Result.Result<Request, Refused> =>
  Result.mapError(
    readRequest(line),
    () => new Refused({ reason: "malformed", sentence: "The line is no request, such as {\"request\":\"self\"}." })
  )

export const answerLine = (answer: Result.Result<unknown, Refused>): string =>
  JSON.stringify(Result.match(answer, {
    onSuccess: (answer) => ({ answer }),
    onFailure: ({ reason, sentence }) => ({ error: { reason, sentence } })
  }))

/** `undefined` for a line that is no answer. */
export const decodeAnswer = (line: string): Result.Result<unknown, Refused> | undefined => {
  const read = Result.getOrUndefined(readAnswer(line))
  if (read === undefined) return undefined
  return "error" in read ? Result.fail(new Refused(read.error)) : Result.succeed(read.answer)
}

/** Who is at the other end: the answer to the request `self`. */
export const Self = Schema.Struct({
  as: Schema.String,
  naming: Schema.Literals(["jid", "linkLocal"]),
  command: Schema.String,
  pid: Schema.Int
})

/** Whole lines; one that gets longer than `charactersMax` ends them. What comes after the last line end counts for nothing. */
export const lines = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  charactersMax: number
): Stream.Stream<string, E | Refused, R> =>
  bytes.pipe(
    Stream.decodeText,
    Stream.mapAccum(() => "", (before: string, text: string) => {
      const parts = (before + text).split("\n")
      const rest = parts.pop() ?? ""
      const isLong = [rest, ...parts].some(({ length }) => length > charactersMax)
      return [rest, isLong ? [undefined] : parts]
    }),
    Stream.mapEffect((line) => line === undefined ? Effect.fail(tooLong(charactersMax)) : Effect.succeed(line))
  )

const tooLong = (charactersMax: number): Refused =>
  new Refused({ reason: "tooLong", sentence: `A line has at most ${charactersMax} characters.` })

const readRequest = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ request: Schema.String, with: Schema.optionalKey(Schema.Unknown) }))
)

const readAnswer = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Union([
  Schema.Struct({
    error: Schema.Struct({
      reason: Schema.Literals(["malformed", "tooLong", "unknown", "refused"]),
      sentence: Schema.String
    })
  }),
  Schema.Struct({ answer: Schema.Unknown })
])))

/** Both sides. The longest that anybody says is a presence text. */
export const lineCharactersMax = 4096
