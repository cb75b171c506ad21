import { assert, describe, it } from "@effect/vitest"
import type { Timer } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Timers from "../src/Timers.ts"

const running = Effect.gen(function*() {
  const fired: Array<Timer.Armed> = []
  const timers = yield* Timers.make((armed) => Effect.sync(() => void fired.push(armed)))
  yield* Effect.forkScoped(timers.run, { startImmediately: true })
  return { fired, timers }
})

describe("Timers", () => {
  it.effect("fire once, with their generation, when their time has come and not before", () =>
    Effect.gen(function*() {
      const { fired, timers } = yield* running
      timers.set("step", 1, 15_000)
      yield* TestClock.adjust("14999 millis")
      assert.deepStrictEqual(fired, [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(fired, [{ timer: "step", generation: 1 }])
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(fired, 1)
      assert.deepStrictEqual(timers.armed(), [])
    }))

  it.effect("fire in the order of their deadlines, also when a sooner one is set later", () =>
    Effect.gen(function*() {
      const { fired, timers } = yield* running
      timers.set("negotiation", 1, 60_000)
      yield* TestClock.adjust("1 second")
      timers.set("step", 2, 100)
      timers.set("commit", 3, 50)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(fired.map(({ timer }) => timer), ["commit", "step", "negotiation"])
    }))

  it.effect("setting anew moves the deadline; the old generation never fires", () =>
    Effect.gen(function*() {
      const { fired, timers } = yield* running
      for (let generation = 1; generation <= 1000; generation++) {
        timers.set("keepalive", generation, 1000)
        yield* TestClock.adjust("900 millis")
      }
      assert.deepStrictEqual(fired, [])
      yield* TestClock.adjust("100 millis")
      assert.deepStrictEqual(fired, [{ timer: "keepalive", generation: 1000 }])
    }))

  it.effect("P-09 clearing with a former generation clears nothing", () =>
    Effect.gen(function*() {
      const { fired, timers } = yield* running
      timers.set("close", 1, 10)
      timers.set("close", 2, 10)
      timers.clear("close", 1)
      assert.deepStrictEqual(timers.armed(), [{ timer: "close", generation: 2 }])
      timers.clear("close", 2)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(fired, [])
    }))

  it.effect("CERT-105 durations of years are kept", () =>
    Effect.gen(function*() {
      const { fired, timers } = yield* running
      timers.set("certificate", 1, 10 * 365 * 24 * 3_600_000)
      yield* TestClock.adjust("3640 days")
      assert.deepStrictEqual(fired, [])
      yield* TestClock.adjust("10 days")
      assert.lengthOf(fired, 1)
    }))
})
