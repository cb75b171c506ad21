/**
 * `replay`: folds recordings through the reducer and says whether they still come out the same. This file replays a set
 * of them and sums up; comparing two is in `comparing.ts`, the flags in `replayCommand.ts`.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Option from "effect/Option"
import * as Result from "effect/Result"
import { CommandFailed, exitCodes } from "./exit.ts"
import * as Output from "./output.ts"
import { recordingFiles } from "./recordingFiles.ts"
import { nameOf, type Unreadable } from "./recordingReads.ts"
import { replayFile } from "./replayFile.ts"
import * as Text from "./replayText.ts"

export interface Request {
  readonly paths: ReadonlyArray<string>
  readonly until: Option.Option<number>
  readonly describe: boolean
  readonly json: boolean
}

export const replay = Effect.fnUntraced(
  function*(request: Request): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const files = yield* recordingFiles(request.paths)
    let counts = Text.none
    for (const file of files) {
      const outcome = yield* Effect.result(replayFile(file, request))
      counts = Text.count(counts, outcome)
      yield* Result.match(outcome, {
        onFailure: (error) => notRead(error, request),
        onSuccess: (told) =>
          Output.line(request.json ? Text.json(file, told) : Text.sentence(file, request.until, told))
      })
      if (Result.isSuccess(outcome) && outcome.success.torn !== undefined) {
        yield* Output.remark(`${nameOf(file)}: ${outcome.success.torn}; the rest was read`)
      }
    }
    if (request.json) yield* Output.line(JSON.stringify({ summary: counts }))
    else if (files.length > 1) yield* Output.line(Text.summary(counts))
    yield* judge(counts)
  }
)

const notRead = (error: Unreadable | CommandFailed, { json }: Request): Effect.Effect<void, CommandFailed> => {
  if (error._tag === "CommandFailed") return Effect.fail(error)
  return json ? Output.line(Text.unreadableJson(error)) : Output.remark(error.message)
}

/** What came out otherwise weighs more than what could not be read. */
const judge = ({ diverged, matched, unreadable }: Text.Counts): Effect.Effect<void, CommandFailed> => {
  const all = matched + diverged + unreadable
  if (diverged > 0) {
    const sentence = `${diverged} of ${Text.recordings(all)} came out otherwise than recorded`
    return Effect.fail(new CommandFailed({ code: exitCodes.failed, sentence }))
  }
  if (unreadable === 0) return Effect.void
  const sentence = `${unreadable} of ${Text.recordings(all)} could not be read`
  return Effect.fail(new CommandFailed({ code: exitCodes.usage, sentence }))
}
