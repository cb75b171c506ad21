/** People who verify each other: each with pins of his own, and what he is told, over streams on a network in memory. */
import * as PinStore from "@xmpp-e2e/certificates/PinStore"
import * as E2eStream from "@xmpp-e2e/stream/E2eStream"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Verifying from "../src/Verifying.ts"
import { identity } from "./support.ts"

export const romeo = "romeo@forza"
export const juliet = "juliet@pronto"

export interface Person extends Verifying.Verifying {
  readonly name: string
  readonly store: Context.Service.Shape<typeof PinStore.PinStore>
  /** What he was told: `Show 12345 67890`, `Failed different`. */
  readonly told: Array<string>
  readonly options: StreamOptions.Options
}

export const person = Effect.fnUntraced(function*(
  name: string,
  options: Verifying.Options = {},
  change: (store: Person["store"]) => Partial<Person["store"]> = () => ({})
) {
  const kept = yield* Effect.provide(PinStore.PinStore, yield* Layer.build(PinStore.layerMemory()))
  const store = { ...kept, ...change(kept) }
  const verifying = yield* Effect.provideService(Verifying.make(options), PinStore.PinStore, store)
  const told: Array<string> = []
  yield* Effect.forkScoped(
    Stream.runForEach(verifying.events, (event) => Effect.sync(() => void told.push(inWords(event)))),
    { startImmediately: true }
  )
  const one: Person = {
    ...verifying,
    name,
    store,
    told,
    options: { from: name, identity: identity(name), handlers: verifying.handlers }
  }
  return one
})

const inWords = (event: Verifying.Event): string => {
  switch (event._tag) {
    case "Asked":
      return `Asked by ${event.peer}`
    case "Show":
      return `Show ${event.text}`
    case "Verified":
      return `Verified ${event.pin.address}`
    case "Failed":
      return `Failed ${event.failure.why}`
  }
}

export const shown = ({ told }: Person): string | undefined => told.findLast((each) => each.startsWith("Show "))

/** A stream from one to the other: the end of each. */
export const stream = Effect.fnUntraced(function*(
  from: Pick<Person, "name" | "options">,
  to: Pick<Person, "name" | "options">
) {
  const arrived = yield* Deferred.make<E2eStream.E2eStream>()
  const { at } = yield* E2eStream.listen(
    { ...to.options, at: { host: to.name, port: 0 } },
    (opened) => Effect.andThen(Deferred.succeed(arrived, opened), Effect.ignore(Stream.runDrain(opened.stanzas)))
  )
  const dialled = yield* E2eStream.connect({ ...from.options, to: to.name, at })
  return { dialled, arrived: yield* Deferred.await(arrived) }
})

/** Whose pin of whom is marked. */
export const isVerified = ({ store }: Person, peer: string) =>
  Effect.map(
    store.find({ address: peer, naming: "jid" }),
    (pins) => pins.some(({ verified }) => verified?.how === "shortString")
  )
