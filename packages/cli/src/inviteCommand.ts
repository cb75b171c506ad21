/** The subcommand `invite`, and the flags by which others take one; what it does is in `invite.ts`, loaded late. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as flags from "./flags.ts"

const taken = Flag.String("invite").pipe(Flag.withMetavar("URI"))

/** For `connect`. */
export const wanted = taken.pipe(
  Flag.withDescription(
    "Instead of --to: what `xmpp-e2e invite` made for whom we want. It says who, believes nothing but the fingerprint in " +
      "it, and may say where"
  ),
  Flag.optional
)

/** For `listen`. */
export const welcome = taken.pipe(
  Flag.withDescription("Somebody who may come, by the fingerprint in his invite and by nothing else; may be repeated"),
  Flag.atLeast(0)
)

export const invite = Command.make(
  "invite",
  {
    identity: Flag.String("identity").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Directory with cert.pem, as `identity create` makes it; the key is not read")
    ),
    as: flags.as.pipe(
      Flag.withDescription("Which address of the certificate (default: its first)"),
      Flag.optional
    ),
    host: Flag.String("host").pipe(
      Flag.withDescription("Where we listen, by name or number, as others reach it; may be repeated"),
      Flag.atLeast(0)
    ),
    port: flags.port.pipe(
      Flag.withDescription("TCP port of --host: one for all of them, or one for each"),
      Flag.atLeast(0)
    ),
    qr: Flag.Boolean("qr").pipe(
      Flag.withDescription("A QR code too, even if standard output is no terminal"),
      Flag.withDefault(false)
    ),
    naming: flags.naming,
    json: flags.json
  },
  Effect.fnUntraced(function*(input) {
    const { invite } = yield* Effect.promise(() => import("./invite.ts"))
    yield* invite(input)
  })
).pipe(
  Command.withDescription(
    "A line of text and a QR code by which others know us at first sight, without trust on first use"
  )
)
