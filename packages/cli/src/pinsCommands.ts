/** The commands for the pins that a `--trust-store` remembers, with their flags. What they do is in `pins.ts`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as flags from "./flags.ts"
import { store } from "./trustFlags.ts"

const trustStore = store.pipe(Flag.withDescription("The store, as --trust-store of listen and connect names it"))

const list = Command.make(
  "list",
  { trustStore, json: flags.json },
  Effect.fnUntraced(function*(input) {
    const { list } = yield* Effect.promise(() => import("./pins.ts"))
    yield* list(input)
  })
).pipe(Command.withDescription("Every pin: whose, which certificate, since when and why"))

const remove = Command.make(
  "remove",
  {
    address: Argument.String("address").pipe(Argument.withDescription("Whose pins: mira@tansy")),
    trustStore,
    certificate: Flag.String("certificate").pipe(
      Flag.withMetavar("SHA256"),
      Flag.withDescription("Only the pin of this certificate"),
      Flag.optional
    ),
    yes: Flag.Boolean("yes").pipe(Flag.withDescription("Do not ask"), Flag.withDefault(false)),
    naming: flags.naming,
    json: flags.json
  },
  Effect.fnUntraced(function*(input) {
    const { remove } = yield* Effect.promise(() => import("./pins.ts"))
    const { layerAsking } = yield* Effect.promise(() => import("./input.ts"))
    yield* remove(input).pipe(Effect.provide(layerAsking()))
  })
).pipe(Command.withDescription("Forget the pins of an address, after its owner has confirmed a new certificate"))

export const pins = Command.make("pins").pipe(
  Command.withDescription("Look through the certificates that a --trust-store remembers, and remove some"),
  Command.withSubcommands([list, remove])
)
