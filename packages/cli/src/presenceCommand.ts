/** The subcommand `presence` and its flags; what it does is in `presence.ts`, loaded late. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { as, json } from "./flags.ts"

export const presence = Command.make(
  "presence",
  {
    status: Argument.Literals("status", ["avail", "away", "dnd"]).pipe(
      Argument.withDescription(
        "What everybody on this network is told from now on; without it, what they are told is shown"
      ),
      Argument.optional
    ),
    text: Argument.String("text").pipe(
      Argument.withDescription("A text beside it, such as \"back at five\"; without it there is none any more"),
      Argument.optional
    ),
    as: as.pipe(
      Flag.withDescription("Whose, where processes with several addresses are running"),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function*(input) {
    const { presence } = yield* Effect.promise(() => import("./presence.ts"))
    yield* presence(input)
  })
).pipe(
  Command.withDescription("Change what a `listen` or `chat` of yours that is running announces of you, or show it")
)
