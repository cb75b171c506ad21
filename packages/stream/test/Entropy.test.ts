import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Entropy from "../src/Entropy.ts"

it.effect("HDR-23 ids are URL-safe, carry 144 bits, and do not repeat", () =>
  Effect.gen(function*() {
    const source = yield* Entropy.Entropy
    const ids = Array.from({ length: 10_000 }, () => Entropy.freshId(source))
    for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{24}$/)
    assert.strictEqual(new Set(ids).size, ids.length)
  }))

it.effect("the seeded source gives the same ids for the same seed, and others for another", () =>
  Effect.gen(function*() {
    const drawn = (seed: number) =>
      Effect.map(Entropy.Entropy, (source) => [Entropy.freshId(source), Entropy.freshId(source)]).pipe(
        Effect.provide(Entropy.layerSeeded(seed))
      )
    assert.deepStrictEqual(yield* drawn(7), yield* drawn(7))
    assert.notDeepEqual(yield* drawn(7), yield* drawn(8))
    const [one, other] = yield* drawn(7)
    assert.notStrictEqual(one, other)
  }))
