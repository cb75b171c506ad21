/** The subcommand `send` and its flags; what it does is in `send.ts`, loaded late. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as flags from "./flags.ts"

export const send = Command.make(
  "send",
  {
    ...flags.person,
    host: Flag.String("host").pipe(
      Flag.withDescription(
        "Where the peer listens; without it and --port, whoever announces himself by that name is found"
      ),
      Flag.optional
    ),
    port: Flag.optional(flags.port),
    wait: Flag.Finite("wait").pipe(
      Flag.withMetavar("SECONDS"),
      Flag.withDescription("How long to wait for the receipt of the peer (default: 5)"),
      Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 3600 }))),
      Flag.withDefault(5)
    ),
    who: Argument.String("who").pipe(
      Argument.withDescription("To whom; the part before the @ is enough where only one is called that")
    ),
    text: Argument.String("text").pipe(Argument.withDescription("What to say; - takes it from standard input"))
  },
  Effect.fnUntraced(function*(input) {
    const { send } = yield* Effect.promise(() => import("./send.ts"))
    yield* send(input)
  })
).pipe(Command.withDescription("Say one thing to somebody on this network, and tell whether it was received"))
