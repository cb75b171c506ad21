/** The command `replay` and its flags; what it does is in `replay.ts` and `comparing.ts`, loaded when it is called. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "./exit.ts"
import { html } from "./htmlFlag.ts"
import { contradiction, wayOf } from "./replayWays.ts"

export const replay = Command.make(
  "replay",
  {
    paths: Argument.String("path").pipe(
      Argument.withDescription(
        "Recordings, as --record writes them; directories of *.ndjson; patterns; - is standard input"
      ),
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
    reducer: Flag.String("reducer").pipe(
      Flag.withMetavar("MODULE"),
      Flag.withDescription(
        "Fold through the reducer of this module, which exports initial and step as @xmpp-e2e/protocol/Step does. " +
          "The module is run: name only what you trust"
      ),
      Flag.optional
    ),
    against: Flag.String("against").pipe(
      Flag.withMetavar("MODULE"),
      Flag.withDescription("With --reducer: the first step at which the two reducers differ; exit code 1 if any does"),
      Flag.optional
    ),
    interactive: Flag.Boolean("interactive").pipe(
      Flag.withAlias("i"),
      Flag.withDescription("Instead: walk through a recording: next, back, jump, search, state"),
      Flag.withDefault(false)
    ),
    mermaid: Flag.Boolean("mermaid").pipe(
      Flag.withDescription("Instead: a Mermaid sequence diagram on standard output, without the contents of stanzas"),
      Flag.withDefault(false)
    ),
    pcapng: Flag.String("pcapng").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "Instead: write the bytes of the wire as a packet capture with made-up addresses, if the recording holds them; " +
          "with TLS and its secrets, if it was made with --record-tls"
      ),
      Flag.optional
    ),
    junit: Flag.String("junit").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Write a JUnit report of all replays as well"),
      Flag.optional
    ),
    html,
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("NDJSON on standard output: an object for each recording, and then their sum"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*(input) {
    const wrong = contradiction(input)
    if (wrong !== undefined) return yield* usage(wrong)
    const way = wayOf(input)
    if (Option.isSome(input.against) && Option.isSome(input.reducer)) {
      const { bisect } = yield* Effect.promise(() => import("./reducers.ts"))
      return yield* bisect({ ...input, reducer: input.reducer.value, against: input.against.value })
    }
    if (Option.isSome(input.html)) {
      const { writePage } = yield* Effect.promise(() => import("./htmlPage.ts"))
      yield* writePage(input.paths, input.html.value)
    }
    if (way === undefined) {
      const { replay } = yield* Effect.promise(() => import("./replay.ts"))
      return yield* replay(input)
    }
    const [file, ...more] = input.paths
    if (file === undefined || more.length > 0) return yield* usage(`${way} takes one recording`)
    if (Option.isSome(input.diff)) {
      const { diff, sides } = yield* Effect.promise(() => import("./comparing.ts"))
      return yield* (input.sides ? sides : diff)({ one: file, other: input.diff.value, json: input.json })
    }
    if (input.interactive) {
      const { interactive } = yield* Effect.promise(() => import("./stepping.ts"))
      return yield* interactive(file)
    }
    const { mermaid, pcapng } = yield* Effect.promise(() => import("./exporting.ts"))
    return yield* Option.isSome(input.pcapng) ? pcapng(file, input.pcapng.value) : mermaid(file)
  })
).pipe(Command.withDescription("Fold recordings through the reducer: do they still come out the same?"))
