/** The subcommand `doctor` and its flags; what it does is in `doctor.ts`, loaded late. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { json } from "./flags.ts"

export const doctor = Command.make(
  "doctor",
  {
    identity: Flag.String("identity").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Look at the key and the certificate in this directory as well"),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function*(input) {
    const { doctor } = yield* Effect.promise(() => import("./doctor.ts"))
    yield* doctor(input)
  })
).pipe(Command.withDescription("What may keep peers apart: multicast, port 5353, firewall, clock, key files, versions"))
