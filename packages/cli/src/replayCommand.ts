/** The command `replay` and its flags; what it does is in `replay.ts` and `comparing.ts`, loaded when it is called. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { type CommandFailed, usage } from "./exit.ts"
import { json } from "./flags.ts"
import { html } from "./htmlFlag.ts"

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
    json
  },
  Effect.fnUntraced(function*(input) {
    const ways = [
      Option.isSome(input.diff) ? "--diff" : "",
      Option.isSome(input.against) ? "--against" : "",
      input.interactive ? "--interactive" : "",
      input.mermaid ? "--mermaid" : "",
      Option.isSome(input.pcapng) ? "--pcapng" : ""
    ].filter((way) => way !== "")
    if (ways.length > 1) return yield* usage(`${ways.join(" and ")} exclude each other`)
    if (input.sides && Option.isNone(input.diff)) {
      return yield* usage("--sides needs --diff OTHER, the recording of the other side")
    }
    const [way] = ways
    if (way !== undefined && Option.isSome(input.html)) return yield* usage(`--html and ${way} exclude each other`)
    if (Option.isSome(input.against)) return yield* bisect(input, input.against.value)
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

const bisect = Effect.fnUntraced(function*(
  { json, paths, reducer }: {
    readonly paths: ReadonlyArray<string>
    readonly reducer: Option.Option<string>
    readonly json: boolean
  },
  against: string
): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
  if (Option.isNone(reducer)) return yield* usage("--against needs --reducer MODULE, the version to compare with")
  const { bisect } = yield* Effect.promise(() => import("./reducers.ts"))
  yield* bisect({ paths, reducer: reducer.value, against, json })
})
