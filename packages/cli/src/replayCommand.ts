/** The command `replay` and its flags; what it does is in `replay.ts` and `comparing.ts`, loaded when it is called. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "./exit.ts"
import { json } from "./flags.ts"

export const replay = Command.make(
  "replay",
  {
    paths: Argument.String("path").pipe(
      Argument.withDescription("Recordings, as --record writes them; directories of *.ndjson; patterns"),
      Argument.atLeast(1)
    ),
    until: Flag.Int("until").pipe(
      Flag.withMetavar("SEQ"),
      Flag.withDescription("Stop after step SEQ and print the state"),
      Flag.optional
    ),
    describe: Flag.Boolean("describe").pipe(
      Flag.withDescription("One line a step, without the contents of stanzas"),
      Flag.withDefault(false)
    ),
    diff: Flag.String("diff").pipe(
      Flag.withMetavar("OTHER"),
      Flag.withDescription("Instead: the first step at which this recording and OTHER differ; exit code 1 if any does"),
      Flag.optional
    ),
    sides: Flag.Boolean("sides").pipe(
      Flag.withDescription(
        "With --diff: the two are the two sides of one session; what one sent must be what the other received"
      ),
      Flag.withDefault(false)
    ),
    json
  },
  Effect.fnUntraced(function*(input) {
    if (Option.isNone(input.diff)) {
      if (input.sides) return yield* usage("--sides needs --diff OTHER, the recording of the other side")
      const { replay } = yield* Effect.promise(() => import("./replay.ts"))
      return yield* replay(input)
    }
    const [one, ...more] = input.paths
    if (one === undefined || more.length > 0) return yield* usage("--diff compares one recording with OTHER")
    const { diff, sides } = yield* Effect.promise(() => import("./comparing.ts"))
    return yield* (input.sides ? sides : diff)({ one, other: input.diff.value, json: input.json })
  })
).pipe(Command.withDescription("Fold recordings through the reducer: do they still come out the same?"))
