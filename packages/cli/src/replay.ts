/**
 * `replay`: folds recordings through the reducer and says whether they still come out the same. This file replays a set
 * of them and sums up; comparing two is in `comparing.ts`, other formats in `exporting.ts`, two
 * reducers in `reducers.ts`, the flags in `replayCommand.ts`.
 */
import { Step } from "@xmpp-e2e/protocol"
import { JUnit } from "@xmpp-e2e/recording"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import { fileWords } from "./fileWords.ts"
import * as Output from "./output.ts"
import { recordingFiles } from "./recordingFiles.ts"
import { nameOf, notRead, type Unreadable } from "./recordingReads.ts"
import { load } from "./reducerModule.ts"
import * as Discovery from "./replayDiscovery.ts"
import { replayFile, type Told } from "./replayFile.ts"
import * as Text from "./replayText.ts"

export interface Request {
  readonly paths: ReadonlyArray<string>
  readonly until: Option.Option<number>
  readonly describe: boolean
  /** A module with another reducer than ours. */
  readonly reducer: Option.Option<string>
  /** Where a report for machines goes. */
  readonly junit: Option.Option<string>
  readonly json: boolean
}

export const replay = Effect.fnUntraced(
  function*(request: Request): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const files = yield* recordingFiles(request.paths)
    const reducer = Option.isSome(request.reducer) ? yield* load(request.reducer.value) : Step
    let counts = Text.none
    const cases: Array<JUnit.Case> = []
    for (const file of files) {
      if (yield* Discovery.isOne(file)) {
        counts = yield* discovered(file, counts, request)
        if (Option.isSome(request.junit)) {
          yield* Output.remark(`${nameOf(file)} is about no stream, and not in the report`)
        }
        continue
      }
      const [taken, outcome] = yield* Effect.timed(Effect.result(replayFile(file, { ...request, reducer })))
      counts = Text.count(counts, outcome)
      if (Option.isSome(request.junit)) cases.push(Text.testCase(file, Duration.toSeconds(taken), outcome))
      yield* tell(file, outcome, request)
    }
    if (request.json) yield* Output.line(JSON.stringify({ summary: counts }))
    else if (files.length > 1) yield* Output.line(Text.summary(counts))
    if (Option.isSome(request.junit)) yield* writeReport(request.junit.value, cases)
    yield* judge(counts)
  }
)

const discovered = Effect.fnUntraced(
  function*(
    file: string,
    counts: Text.Counts,
    { json }: Request
  ): Effect.fn.Return<Text.Counts, CommandFailed, FileSystem.FileSystem> {
    const outcome = yield* Effect.result(Discovery.replay(file))
    if (Result.isFailure(outcome)) {
      yield* notRead(outcome.failure, json)
      return { ...counts, unreadable: counts.unreadable + 1 }
    }
    const told = outcome.success
    yield* Output.line(json ? Discovery.json(file, told) : Discovery.sentence(file, told))
    if (told.torn !== undefined) yield* Output.remark(`${nameOf(file)}: ${told.torn}; the rest was read`)
    const torn = counts.torn + (told.torn === undefined ? 0 : 1)
    return told.outcome._tag === "Matched"
      ? { ...counts, torn, matched: counts.matched + 1 }
      : { ...counts, torn, diverged: counts.diverged + 1 }
  }
)

const tell = Effect.fnUntraced(
  function*(
    file: string,
    outcome: Result.Result<Told, Unreadable | CommandFailed>,
    request: Request
  ): Effect.fn.Return<void, CommandFailed> {
    if (Result.isFailure(outcome)) return yield* notRead(outcome.failure, request.json)
    const told = outcome.success
    yield* Output.line(request.json ? Text.json(file, told) : Text.sentence(file, request.until, told))
    if (told.torn !== undefined) yield* Output.remark(`${nameOf(file)}: ${told.torn}; the rest was read`)
  }
)

const writeReport = Effect.fnUntraced(
  function*(
    out: string,
    cases: ReadonlyArray<JUnit.Case>
  ): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    yield* Effect.mapError(
      fs.writeFileString(out, JUnit.report("xmpp-e2e replay", cases)),
      (error) => usage(`${nameOf(out)} cannot be written: ${fileWords(error)}`)
    )
  }
)

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
