/** The subcommand `send-file` and its flags; what it does is in `sendFile.ts`, loaded late. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as flags from "./flags.ts"

export const sendFile = Command.make(
  "send-file",
  {
    ...flags.person,
    host: Flag.String("host").pipe(
      Flag.withDescription(
        "Where the peer listens; without it and --port, whoever announces himself by that name is found"
      ),
      Flag.optional
    ),
    port: Flag.optional(flags.port),
    mediaType: Flag.String("media-type").pipe(
      Flag.withMetavar("TYPE"),
      Flag.withDescription("What the file is, such as text/plain; the peer is told"),
      Flag.optional
    ),
    wait: Flag.Finite("wait").pipe(
      Flag.withMetavar("SECONDS"),
      Flag.withDescription("How long the person at the other end has to say yes (default: 300)"),
      Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 1, maximum: 86_400 }))),
      Flag.withDefault(300)
    ),
    who: Argument.String("who").pipe(
      Argument.withDescription("To whom; the part before the @ is enough where only one is called that")
    ),
    file: Argument.String("file").pipe(Argument.withDescription("Which file"))
  },
  Effect.fnUntraced(function*(input) {
    const { sendFile } = yield* Effect.promise(() => import("./sendFile.ts"))
    yield* sendFile(input)
  })
).pipe(
  Command.withDescription(
    "Offer a file to somebody on this network, and send it if it is wanted; ends when it is there, whole and compared"
  )
)
