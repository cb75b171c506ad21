/** The subcommand `verify` and its flags; what it does is in `verify.ts`, loaded late. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as flags from "./flags.ts"

export const verify = Command.make(
  "verify",
  {
    ...flags.stream,
    as: flags.as,
    to: Argument.String("who").pipe(
      Argument.withDescription("The address of whoever you want to make sure of; nobody else is admitted")
    ),
    host: Flag.String("host").pipe(
      Flag.withDescription(
        "Where the peer listens; without it and --port, whoever announces himself by that name is found"
      ),
      Flag.optional
    ),
    port: Flag.optional(flags.port)
  },
  Effect.fnUntraced(function*(input) {
    const { verify } = yield* Effect.promise(() => import("./verify.ts"))
    yield* verify(input)
  })
).pipe(
  Command.withDescription(
    "Make sure with somebody, by ten digits that you compare by voice, that nobody sits between you; marks the pin in the " +
      "--trust-store"
  )
)
