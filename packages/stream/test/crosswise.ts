/** Two who dial each other, on a network in memory. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as E2eStream from "../src/E2eStream.ts"
import type { Handler } from "../src/Options.ts"
import * as Peers from "../src/Peers.ts"
import * as Stanza from "../src/Stanza.ts"
import * as Support from "./support.ts"

const { identity, juliet, romeo } = Support

/** Two ends of a network in memory, each dialling the other by name. */
export const couple = Effect.fnUntraced(
  function*({ handlers = [], ...more }: Pick<Partial<Peers.Options<unknown>>, "grace" | "idle" | "onStanza"> & {
    readonly handlers?: ReadonlyArray<Handler>
  } = {}) {
    const heard: Array<string> = []
    const ends = new Map<string, Peers.Peers<unknown>>()
    const at = { host: "verona", port: 0 }
    const places = new Map<string, typeof at>()
    for (const from of [romeo, juliet]) {
      const peers = yield* Peers.make({
        from,
        dial: (to) => E2eStream.connect({ from, to, identity: identity(from), at: places.get(to) ?? at }),
        onStanza: ({ stanza }) => Effect.sync(() => heard.push(`${from} hears ${Stanza.bodyOf(stanza)}`)),
        ...more
      })
      const listener = yield* E2eStream.listen({ from, identity: identity(from), at, handlers }, peers.admit)
      places.set(from, listener.at)
      ends.set(from, peers)
    }
    const end = (name: string): Peers.Peers<unknown> => {
      const found = ends.get(name)
      if (found === undefined) throw new Error(name)
      return found
    }
    return { his: end(romeo), hers: end(juliet), heard }
  }
)

/** Long enough for whatever has to go. */
export const pass = Effect.andThen(
  Effect.forEach(Array.from({ length: 30 }), () => TestClock.adjust(200), { discard: true }),
  Support.settle
)
