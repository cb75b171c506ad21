/** `replay`: folds recordings through the reducer and says whether they still come out the same. */
import { State } from "@xmpp-e2e/protocol"
import { Explain, Recording, Replay } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"

export interface Request {
  readonly files: ReadonlyArray<string>
  readonly until: Option.Option<number>
  readonly describe: boolean
  readonly json: boolean
}

export const replay = Effect.fnUntraced(
  function*(request: Request): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    let diverged = 0
    for (const file of request.files) {
      const told = yield* replayFile(file, request)
      if (told.replay._tag === "Diverged") diverged += 1
      yield* Output.line(request.json ? JSON.stringify({ file, ...summary(told) }) : sentence(file, request, told))
      if (told.torn !== undefined) yield* Output.remark(`${file}: ${told.torn}; the rest was read`)
    }
    if (diverged > 0) {
      return yield* new CommandFailed({
        code: exitCodes.failed,
        sentence: `${diverged} of ${request.files.length} recordings came out otherwise than recorded`
      })
    }
  }
)

interface Told {
  readonly replay: Replay.Replay
  readonly torn?: string
}

/** Line by line, so that a recording of any length fits. */
const replayFile = Effect.fnUntraced(
  function*(file: string, request: Request): Effect.fn.Return<Told, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const fold = new Fold(request)
    const unreadable = (cause: { readonly message: string }): CommandFailed => usage(`${file}: ${cause.message}`)
    yield* fs.stream(file).pipe(
      Stream.decodeText,
      Stream.mapError(unreadable),
      Stream.runForEachArray((pieces) => {
        const taken = fold.take(pieces.join(""))
        return Result.isFailure(taken) ? Effect.fail(unreadable(taken.failure)) : Output.lines(taken.success)
      })
    )
    const ended = fold.end()
    if (Result.isFailure(ended)) return yield* unreadable(ended.failure)
    return ended.success
  }
)

type Read<A> = Result.Result<A, { readonly message: string }>

/** The fold over one file: text in, lines of a description out, the replay at the end. */
class Fold {
  private rest = ""
  private cursor: Recording.Cursor = Recording.begin
  private replay: Replay.Replay | undefined
  private before = "Dormant"
  private torn: string | undefined
  private readonly request: Request

  constructor(request: Request) {
    this.request = request
  }

  take(text: string): Read<ReadonlyArray<string>> {
    const whole = (this.rest + text).split("\n")
    this.rest = whole.pop() ?? ""
    const described: Array<string> = []
    for (const line of whole) {
      const read = this.line(line, true)
      if (Result.isFailure(read)) return Result.fail(read.failure)
      described.push(...read.success)
    }
    return Result.succeed(described)
  }

  end(): Read<Told> {
    if (this.rest !== "") {
      const read = this.line(this.rest, false)
      if (Result.isFailure(read)) return Result.fail(read.failure)
    }
    return this.replay === undefined
      ? Result.fail({ message: "not a recording: it is empty" })
      : Result.succeed({ replay: this.replay, ...(this.torn === undefined ? {} : { torn: this.torn }) })
  }

  private line(text: string, ended: boolean): Read<ReadonlyArray<string>> {
    const decoded = Recording.decodeLine(this.cursor, text, ended)
    if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
    const { cursor, read } = decoded.success
    this.cursor = cursor
    switch (read._tag) {
      case "Empty":
        return Result.succeed([])
      case "Torn":
        this.torn = read.error.message
        return Result.succeed([])
      case "Head":
        this.replay = Replay.start(read.head)
        return Result.succeed(this.request.describe ? [Explain.head(read.head)] : [])
      case "Line":
        return Result.succeed(this.step(read.line))
    }
  }

  private step(line: Recording.Line): ReadonlyArray<string> {
    if (this.replay === undefined || Recording.isWire(line)) return []
    if (Option.isSome(this.request.until) && line.seq > this.request.until.value) return []
    this.replay = Replay.next(this.replay, line)
    const described = this.request.describe ? [Explain.step(this.before, line)] : []
    this.before = line.state
    return described
  }
}

const summary = ({ replay, torn }: Told) => ({
  outcome: replay._tag === "Matched" ? "matched" : "diverged",
  ...(replay._tag === "Matched"
    ? { steps: replay.steps, state: State.label(replay.state) }
    : { seq: replay.seq, event: replay.event, expected: replay.expected, actual: replay.actual }),
  ...(torn === undefined ? {} : { torn })
})

const sentence = (file: string, { until }: Request, { replay }: Told): string => {
  const outcome = `${file}: ${Explain.outcome(replay)}`
  return Option.isSome(until) && replay._tag === "Matched"
    ? `${outcome}\n${JSON.stringify(replay.state, undefined, 2)}`
    : outcome
}
