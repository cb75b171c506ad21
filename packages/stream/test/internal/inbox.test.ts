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
      const inbox = Inbox.make()
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
      assert.deepStrictEqual(rest.map(requestOf), [])
      assert.deepStrictEqual((yield* inbox.take(() => false)).map(requestOf), [4])
    }))

  it.effect("deals with what is posted while something is dealt with right after it: order is kept", () =>
    Effect.gen(function*() {
      const inbox = Inbox.make()
      const dealt: Array<number | string> = []
      yield* Effect.forkChild(
        inbox.take((message) => {
          const request = requestOf(message)
          if (request === 1) inbox.tell(about(9))
          dealt.push(request)
          return false
        }),
        { startImmediately: true }
      )
      yield* inbox.post(about(1))
      yield* inbox.post(about(2))
      assert.deepStrictEqual(dealt, [1, 9, 2])
    }))

  it.effect("does not go on for ever: the fiber takes over from those who answer each other", () =>
    Effect.gen(function*() {
      const inbox = Inbox.make()
      let dealt = 0
      const waiting = yield* Effect.forkChild(
        inbox.take(() => {
          dealt += 1
          inbox.tell(about(dealt))
          return false
        }),
        { startImmediately: true }
      )
      yield* inbox.post(about(0))
      assert.lengthOf(yield* Fiber.join(waiting), 1)
      assert.isBelow(dealt, 100)
    }))

  it.effect("lets in no more than there are places, in order, and the one who has nothing else to tell always", () =>
    Effect.gen(function*() {
      const inbox = Inbox.make()
      const posting = Effect.forEach(Array.from({ length: 300 }, (_, at) => at), (at) => inbox.post(about(at)))
      const all = yield* Effect.forkChild(posting, { startImmediately: true })
      inbox.tell(about(1000))
      const first = yield* inbox.take(() => false)
      assert.lengthOf(first, 257)
      yield* Fiber.join(all)
      const rest = yield* inbox.take(() => false)
      assert.deepStrictEqual(
        [...first, ...rest].map(requestOf).filter((each) => each !== 1000),
        Array.from({ length: 300 }, (_, at) => at)
      )
    }))

  it.effect("whoever waits for a place when it is closed is told so", () =>
    Effect.gen(function*() {
      const inbox = Inbox.make()
      for (let at = 0; at < 256; at++) assert.isTrue(yield* inbox.post(about(at)))
      const late = yield* Effect.forkChild(inbox.post(about(256)), { startImmediately: true })
      assert.lengthOf(yield* inbox.close, 256)
      assert.isFalse(yield* Fiber.join(late))
    }))

  it.effect("takes nothing any more once it is closed, and gives back what waits", () =>
    Effect.gen(function*() {
      const inbox = Inbox.make()
      yield* inbox.post(about(1))
      yield* inbox.post(about(2))
      assert.deepStrictEqual((yield* inbox.close).map(requestOf), [1, 2])
      assert.strictEqual(yield* inbox.post(about(3)), false)
    }))
})
