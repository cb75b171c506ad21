/** The subcommand `simulate` and its flags; what it does is in `simulate.ts`, loaded late. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"

export const simulate = Command.make(
  "simulate",
  {
    seed: Flag.Int("seed").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("The first seed; one seed is one session (default: 1)"),
      Flag.withDefault(1)
    ),
    runs: Flag.Int("runs").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("How many sessions, a seed each (default: 1000)"),
      Flag.withDefault(1_000)
    ),
    faults: Flag.String("faults").pipe(
      Flag.withMetavar("LIST"),
      Flag.withDescription("Kinds of faults that may happen: names with commas between, `all` (default) or `none`"),
      Flag.withDefault("all")
    ),
    reducer: Flag.String("reducer").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("A module whose `step` is tried in place of ours; it is run"),
      Flag.optional
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Where the recording of a session goes that breaks a rule, made as small as possible"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("The outcome as one object of JSON"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*(input) {
    const { simulate } = yield* Effect.promise(() => import("./simulate.ts"))
    yield* simulate(input)
  })
).pipe(
  Command.withDescription("Two endpoints on a simulated network, with faults drawn from seeds: are all rules kept?")
)
