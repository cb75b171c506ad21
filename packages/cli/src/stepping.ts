/**
 * `replay --interactive`: on a terminal single keys (`stepScreen.ts`); from a pipe, lines are commands for `stepper.ts`, and
 * what they show goes to standard output.
 */
import type { Recording } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { type CommandFailed, usage } from "./exit.ts"
import { Input, layer } from "./input.ts"
import * as Output from "./output.ts"
import { asFailure, nameOf, reads } from "./recordingReads.ts"
import * as Stepper from "./stepper.ts"
import * as StepScreen from "./stepScreen.ts"

export const interactive = Effect.fnUntraced(
  function*(file: string): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem | Input> {
    let stepper = Stepper.make(yield* load(file))
    if (yield* StepScreen.isThere) return yield* StepScreen.walk(stepper)
    yield* Output.lines(Stepper.opening(stepper))
    yield* prompt
    const { lines } = yield* Input
    yield* lines.pipe(
      Stream.map((typed) => Stepper.parse(typed, stepper)),
      Stream.takeWhile(({ _tag }) => _tag !== "Quit"),
      Stream.runForEach((command) => {
        const shown = Stepper.apply(stepper, command)
        stepper = shown.stepper
        return Effect.andThen(Output.lines(shown.lines), prompt)
      })
    )
  },
  Effect.provide(layer)
)

const prompt = Effect.suspend(() => process.stdin.isTTY ? Output.write(process.stdout, "> ") : Effect.void)

/** Whoever wants to go back needs all of it in memory, so there is a bound. */
const load = Effect.fnUntraced(
  function*(file: string): Effect.fn.Return<Recording.Recording, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const info = yield* Effect.mapError(fs.stat(file), (error) => usage(`${nameOf(file)}: ${error.message}`))
    const all = Number(info.size) > bytesMax
      ? yield* usage(`${nameOf(file)} is larger than ${bytesMax / 1e6} MB, too large to walk through; try --describe`)
      : yield* Effect.mapError(Stream.runCollect(reads(file)), asFailure)
    const [first, ...rest] = all
    if (first?._tag !== "Head") return yield* usage(`${nameOf(file)}: not a recording: it has no head`)
    return { head: first.head, lines: rest.flatMap((read) => read._tag === "Line" ? [read.line] : []) }
  }
)

const bytesMax = 100_000_000
