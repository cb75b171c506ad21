/**
 * `replay --reducer MODULE`, and `--against MODULE`: recordings folded through another version of the reducer than ours,
 * and the first step at which two versions differ. A module is a program and is run: only modules that the user names.
 */
import { Describe, State } from "@xmpp-e2e/protocol"
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { recordingFiles } from "./recordingFiles.ts"
import { asFailure, nameOf, reads } from "./recordingReads.ts"

/** The reducer of a module: its `initial` and `step`, or those of its `Step`, as `@xmpp-e2e/protocol` has them. */
export const load = Effect.fnUntraced(function*(module: string): Effect.fn.Return<Replay.Folds, CommandFailed> {
  const loaded = yield* Effect.tryPromise({
    try: (): Promise<unknown> => import(pathToFileURL(resolve(module)).href),
    catch: (error) => usage(`${nameOf(module)} cannot be loaded as a module: ${Describe.clean(String(error))}`)
  })
  if (isReducer(loaded)) return loaded
  if (Predicate.hasProperty(loaded, "Step") && isReducer(loaded.Step)) return loaded.Step
  return yield* usage(
    `${nameOf(module)} is no reducer: it has to export the functions initial and step, or Step with them`
  )
})

/** That these functions are what they are called is for whoever named the module to say. */
const isReducer = (module: unknown): module is Replay.Folds =>
  Predicate.hasProperty(module, "initial") && Predicate.isFunction(module.initial) &&
  Predicate.hasProperty(module, "step") && Predicate.isFunction(module.step)

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
    for (const file of files) {
      const found = yield* firstDifference(file, one, other)
      if (found._tag === "Diverged") differing += 1
      yield* Output.line(request.json ? JSON.stringify({ file, ...asJson(found) }) : asText(file, request, found))
    }
    if (differing > 0) {
      const sentence = `the two reducers differ on ${differing} of ${files.length} recordings`
      return yield* new CommandFailed({ code: exitCodes.failed, sentence })
    }
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
  ): Effect.fn.Return<Replay.Replay, CommandFailed, FileSystem.FileSystem> {
    let state: State.State | undefined
    let replay: Replay.Replay | undefined
    const take = (read: Recording.Read): void => {
      if (read._tag === "Head") {
        // Answers of both are fresh, so there is nothing to redact.
        const { redacted: _redacted, ...head } = read.head
        state = one.initial(head.config)
        replay = Replay.start(head, other)
      } else if (read._tag === "Line" && Recording.isStep(read.line) && state !== undefined && replay !== undefined) {
        const [after, actions] = one.step(state, read.line.event)
        state = after
        replay = Replay.next(replay, { ...read.line, actions, state: State.label(after) }, other)
      }
    }
    yield* reads(file).pipe(
      Stream.mapError(asFailure),
      Stream.takeUntil(() => replay?._tag === "Diverged"),
      Stream.runForEach((read) => guarded(file, () => read, () => take(read)))
    )
    return replay ?? (yield* usage(`${nameOf(file)}: not a recording: it has no head`))
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
