/** The subcommand `discover` and its flags; what it does is in `discover.ts`, loaded late. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { json } from "./flags.ts"
import { record } from "./recordFlags.ts"

export const discover = Command.make(
  "discover",
  {
    once: Flag.Boolean("once").pipe(
      Flag.withDescription("Who is found within --seconds, and no more"),
      Flag.withDefault(false)
    ),
    seconds: Flag.Int("seconds").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("How long --once waits for answers (default: 2)"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3600 }))),
      Flag.withDefault(2)
    ),
    record: record.pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "Write down what the network says and what comes of it, redacted; `replay FILE` folds it again"
      )
    ),
    recordLevel: Flag.Literals("record-level", ["redacted", "full"]).pipe(
      Flag.withDescription(
        "redacted: pseudonyms for names, addresses and texts; full: as it was heard (default: redacted)"
      ),
      Flag.withDefault("redacted")
    ),
    json
  },
  Effect.fnUntraced(function*(input) {
    const [{ discover }, NodeDiscovery] = yield* Effect.promise(() =>
      Promise.all([import("./discover.ts"), import("@xmpp-e2e/node/NodeDiscovery")])
    )
    yield* Effect.provide(discover(input), NodeDiscovery.layer)
  })
).pipe(Command.withDescription("Who is on this network (XEP-0174): a line for whoever comes, changes or goes"))
