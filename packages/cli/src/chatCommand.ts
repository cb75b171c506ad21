/** The subcommand `chat` and its flags; what it does is in `chat.ts`, loaded late. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { announceFlags } from "./announceFlags.ts"
import * as flags from "./flags.ts"

export const chat = Command.make(
  "chat",
  {
    ...flags.person,
    ...announceFlags,
    host: Flag.String("host").pipe(
      Flag.withDescription("Address to listen on (default: every address of this machine)"),
      Flag.optional
    ),
    files: Flag.String("files").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Where files go that you take from others (default: ~/Downloads, if there is one)"),
      Flag.optional
    ),
    port: flags.port.pipe(Flag.withDefault(0)),
    who: Argument.String("who").pipe(
      Argument.withDescription("Whom to talk to first; the part before the @ is enough where only one is called that"),
      Argument.optional
    )
  },
  Effect.fnUntraced(function*(input) {
    const { chat } = yield* Effect.promise(() => import("./chat.ts"))
    yield* chat(input)
  })
).pipe(
  Command.withDescription(
    "Talk with people on this network, without a server: who is here, what they say, whether it is verified who they are"
  )
)
