/** Who deals with what a stream is told. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Inbox from "../../src/internal/inbox.ts"
import type { Message } from "../../src/internal/message.ts"

const about = (request: number): Message => ({
  _tag: "Happened",
  event: { _tag: "TimerFired", timer: "keepalive", generation: request }
})

const requestOf = (message: Message): number | string =>
  message._tag === "Happened" && message.event._tag === "TimerFired" ? message.event.generation : message._tag

describe("an inbox", () => {
  it.effect("lets whoever posts deal with it while the fiber waits, and wakes the fiber where it is needed", () =>
    Effect.gen(function*() {
      const inbox = yield* Inbox.make()
      const dealt: Array<number | string> = []
      yield* inbox.post(about(1))
      const first = yield* inbox.take(() => false)
      assert.deepStrictEqual(first.map(requestOf), [1])
      const waiting = yield* Effect.forkChild(
        inbox.take((message) => {
          dealt.push(requestOf(message))
          return requestOf(message) === 3
        }),
        { startImmediately: true }
      )
      assert.strictEqual(yield* inbox.post(about(2)), true)
      assert.deepStrictEqual(dealt, [2])
      assert.strictEqual(yield* inbox.post(about(3)), true)
      assert.strictEqual(yield* inbox.post(about(4)), true)
      assert.deepStrictEqual(dealt, [2, 3])
      const rest = yield* Fiber.join(waiting)
      assert.deepStrictEqual(rest.map(requestOf), ["Eased", 4])
    }))

  it.effect("queues what is posted while something is dealt with: order is kept", () =>
    Effect.gen(function*() {
      const inbox = yield* Inbox.make()
      const dealt: Array<number | string> = []
      const waiting = yield* Effect.forkChild(
        inbox.take((message) => {
          dealt.push(requestOf(message))
          Effect.runSync(inbox.post(about(9)))
          return false
        }),
        { startImmediately: true }
      )
      yield* inbox.post(about(1))
      yield* inbox.post(about(2))
      assert.deepStrictEqual(dealt, [1])
      assert.deepStrictEqual((yield* Fiber.join(waiting)).map(requestOf), [9, 2])
    }))

  it.effect("takes nothing any more once it is closed, and gives back what waits", () =>
    Effect.gen(function*() {
      const inbox = yield* Inbox.make()
      yield* inbox.post(about(1))
      yield* inbox.post(about(2))
      assert.deepStrictEqual((yield* inbox.close).map(requestOf), [1, 2])
      assert.strictEqual(yield* inbox.post(about(3)), false)
    }))
})
