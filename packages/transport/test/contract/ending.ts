import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Transport } from "../../src/Transport.ts"
import { aMoment, bytes, connect, pattern, readCount, readText, soon } from "./fixture.ts"

export const endingContract = (layer: Layer.Layer<Transport>): void => {
  it.live("END-09 one direction ends, the other goes on", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.write(bytes("last"))
      yield* near.end
      assert.strictEqual(yield* readText(far, 100), "last")
      assert.isTrue(Option.isNone(yield* far.read))
      assert.isTrue(Option.isNone(yield* far.read), "the end is told again")
      yield* far.write(bytes("answer"))
      assert.strictEqual(yield* readText(near, 6), "answer")
      yield* far.end
      assert.isTrue(Option.isNone(yield* near.read))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a waiting read learns of the end", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const reader = yield* Effect.forkChild(far.read, { startImmediately: true })
      yield* near.end
      assert.isTrue(Option.isNone(yield* Fiber.join(reader)))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("ending twice is ending once; writing afterwards fails", () =>
    Effect.gen(function*() {
      const { near } = yield* connect
      yield* near.end
      yield* near.end
      const error = yield* Effect.flip(near.write(bytes("late")))
      assert.strictEqual(error.op, "write")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("what was written arrives before an end that follows at once, and before a drop after it", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const all = pattern(50_000)
      yield* near.write(all)
      yield* near.end
      yield* near.drop
      assert.isTrue(Buffer.from(yield* readCount(far, all.length)).equals(all))
      assert.isTrue(Option.isNone(yield* far.read))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("ending does not hang when the peer reads nothing", () =>
    Effect.gen(function*() {
      const { near } = yield* connect
      const writer = yield* Effect.forkChild(near.write(pattern(8_000_000)), { startImmediately: true })
      yield* Effect.sleep(aMoment)
      yield* near.end
      yield* Fiber.interrupt(writer)
      assert.isDefined(writer.pollUnsafe())
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-15 a drop is an error to the peer, not an end", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const reader = yield* Effect.forkChild(Effect.flip(far.read), { startImmediately: true })
      yield* near.drop
      const error = yield* Fiber.join(reader)
      assert.strictEqual(error._tag, "TransportError")
      assert.match(error.message, /reset/)
      assert.strictEqual((yield* Effect.flip(far.read))._tag, "TransportError", "and again")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-15 a drop ends our own waiting read and write, and everything later", () =>
    Effect.gen(function*() {
      const { near } = yield* connect
      const reader = yield* Effect.forkChild(Effect.flip(near.read), { startImmediately: true })
      const writer = yield* Effect.forkChild(Effect.flip(near.write(pattern(8_000_000))), { startImmediately: true })
      yield* Effect.sleep(aMoment)
      yield* near.drop
      yield* near.drop
      assert.strictEqual((yield* Fiber.join(reader)).op, "read")
      assert.strictEqual((yield* Fiber.join(writer)).op, "write")
      assert.strictEqual((yield* Effect.flip(near.read)).op, "read")
      assert.strictEqual((yield* Effect.flip(near.write(bytes("x")))).op, "write")
      yield* near.end
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a write to a peer that is gone fails in the end", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.drop
      const keepWriting = Effect.forever(Effect.andThen(far.write(bytes("x")), Effect.sleep("5 millis")))
      assert.strictEqual((yield* Effect.flip(keepWriting)).op, "write")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-10 a peer that goes away after our end is no error", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.end
      yield* far.drop
      assert.isTrue(Option.isNone(yield* near.read))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("closing the scope of a dial drops the connection", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const fault = yield* Deferred.make<string>()
      const listener = yield* transport.listen(
        { at: { host: "127.0.0.1", port: 0 } },
        (connection) =>
          connection.read.pipe(
            Effect.match({ onSuccess: () => "an end in order", onFailure: (error) => error.message }),
            Effect.flatMap((text) => Deferred.succeed(fault, text))
          )
      )
      yield* Effect.scoped(transport.dial(listener.at))
      assert.match(yield* Deferred.await(fault), /reset/)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))
}
