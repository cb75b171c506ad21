/** `replay --reducer MODULE --against MODULE`: the first step of each recording at which two versions of the reducer differ. */
import { Describe, State } from "@xmpp-e2e/protocol"
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { recordingFiles } from "./recordingFiles.ts"
import { headless, nameOf, notRead, reads, type Unreadable } from "./recordingReads.ts"
import { load } from "./reducerModule.ts"
import { recordings } from "./replayText.ts"

export interface Request {
  readonly paths: ReadonlyArray<string>
  readonly reducer: string
  readonly against: string
  readonly json: boolean
}

/** For each recording the first step at which the two answer otherwise. */
export const bisect = Effect.fnUntraced(
  function*(request: Request): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const one = yield* load(request.reducer)
    const other = yield* load(request.against)
    const files = yield* recordingFiles(request.paths)
    let differing = 0
    let unreadable = 0
    for (const file of files) {
      const outcome = yield* Effect.result(firstDifference(file, one, other))
      if (Result.isFailure(outcome)) {
        unreadable += 1
        yield* notRead(outcome.failure, request.json)
        continue
      }
      const found = outcome.success
      if (found._tag === "Diverged") differing += 1
      yield* Output.line(request.json ? JSON.stringify({ file, ...asJson(found) }) : asText(file, request, found))
    }
    const all = recordings(files.length)
    if (differing > 0) {
      const sentence = `the two reducers differ on ${differing} of ${all}`
      return yield* new CommandFailed({ code: exitCodes.failed, sentence })
    }
    if (unreadable > 0) return yield* usage(`${unreadable} of ${all} could not be read`)
  }
)

/**
 * The answers of the one are what the other is expected to give. What was recorded plays no part, so that the events of a
 * recording are good for any two versions.
 */
const firstDifference = Effect.fnUntraced(
  function*(
    file: string,
    one: Replay.Folds,
    other: Replay.Folds
  ): Effect.fn.Return<Replay.Replay, Unreadable | CommandFailed, FileSystem.FileSystem> {
    // What the one has come to, and the other.
    let folds: { readonly state: State.State; readonly replay: Replay.Replay } | undefined
    const take = (read: Recording.Read): void => {
      if (read._tag === "Head") {
        // Answers of both are fresh, so there is nothing to redact.
        const { redacted: _redacted, ...head } = read.head
        folds = { state: one.initial(head.config), replay: Replay.start(head, other) }
      } else if (read._tag === "Line" && Recording.isStep(read.line) && folds !== undefined) {
        const [state, actions] = one.step(folds.state, read.line.event)
        const expected = { ...read.line, actions, state: State.label(state) }
        folds = { state, replay: Replay.next(folds.replay, expected, other) }
      }
    }
    yield* reads(file).pipe(
      Stream.takeUntil(() => folds?.replay._tag === "Diverged"),
      Stream.runForEach((read) => guarded(file, () => read, () => take(read)))
    )
    return folds === undefined ? yield* headless(file) : folds.replay
  }
)

/** Ours never throws; of others nobody knows. `at` is what it was about to take. */
export const guarded = <A>(
  file: string,
  at: () => Recording.Read | undefined,
  take: () => A
): Effect.Effect<A, CommandFailed> =>
  Effect.try({
    try: take,
    catch: (error) => {
      const read = at()
      const where = read?._tag === "Line" && Recording.isStep(read.line) ? ` at step ${read.line.seq}` : ""
      const sentence = `${nameOf(file)}: the reducer threw${where}: ${Describe.clean(String(error))}`
      return new CommandFailed({ code: exitCodes.failed, sentence })
    }
  })

const asJson = (found: Replay.Replay) =>
  found._tag === "Matched"
    ? { outcome: "same", steps: found.steps }
    : { outcome: "different", seq: found.seq, event: found.event, reducer: found.expected, against: found.actual }

const asText = (file: string, { against, reducer }: Request, found: Replay.Replay): string => {
  if (found._tag === "Matched") return `${nameOf(file)}: the same, ${found.steps} steps`
  const answer = ({ actions, state }: Replay.Answer) => `${Describe.actions(actions)}  -> ${Describe.clean(state)}`
  return [
    `${nameOf(file)}: the reducers differ at step ${found.seq}  <- ${Describe.event(found.event)}`,
    `  ${nameOf(reducer)}: ${answer(found.expected)}`,
    `  ${nameOf(against)}: ${answer(found.actual)}`
  ].join("\n")
}
