import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Connection } from "../../src/Connection.ts"
import type { Transport } from "../../src/Transport.ts"
import { aMoment, bytes, connect, pattern, readCount, readText, soon } from "./fixture.ts"

export const bytesContract = (layer: Layer.Layer<Transport>): void => {
  it.live("carries bytes both ways, in order", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.write(bytes("<stream"))
      yield* near.write(bytes(":stream>"))
      assert.strictEqual(yield* readText(far, 15), "<stream:stream>")
      yield* far.write(bytes("</stream:stream>"))
      assert.strictEqual(yield* readText(near, 16), "</stream:stream>")
      assert.match(near.remote, /^127\.0\.0\.1:\d+$/)
      assert.match(far.remote, /^127\.0\.0\.1:\d+$/)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("an empty write is harmless", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.write(new Uint8Array(0))
      yield* near.write(bytes("x"))
      assert.strictEqual(yield* readText(far, 1), "x")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("LIM-03 a writer waits while nobody reads, and 10 MB arrive at a slow reader", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const all = pattern(10_000_000)
      let written = 0
      const writer = yield* Effect.forkChild(
        Effect.forEach(slices(all, 50_000), (slice) =>
          Effect.andThen(near.write(slice), Effect.sync(() => written += slice.length)), { discard: true })
      )
      yield* Effect.sleep("300 millis")
      assert.isBelow(written, all.length, "the writer was not held back")
      const start = yield* readCount(far, 1_000_000)
      yield* Effect.sleep(aMoment)
      const rest = yield* readCount(far, all.length - start.length)
      assert.isTrue(Buffer.concat([start, rest]).equals(all), "bytes were lost or moved")
      yield* Fiber.join(writer)
    }).pipe(Effect.provide(layer), Effect.timeout("20 seconds")))

  it.live("an interrupted read loses no byte", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      for (let round = 0; round < 20; round++) {
        const reader = yield* Effect.forkChild(far.read, { startImmediately: true })
        yield* Fiber.interrupt(reader)
        yield* near.write(bytes(`<${round}>`))
        assert.strictEqual(yield* readText(far, `<${round}>`.length), `<${round}>`)
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("readThen, where there is one, brings what read would, once; whoever waits no longer loses no byte", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const { readThen } = far
      if (readThen === undefined) return
      for (let round = 0; round < 20; round++) {
        let told = 0
        readThen(() => {
          told += 1
        })()
        const text = `<${round}>`
        yield* near.write(bytes(text))
        assert.strictEqual(yield* readText(far, text.length), text)
        yield* near.write(bytes("x"))
        assert.deepStrictEqual(yield* then(readThen), Option.some(bytes("x")))
        assert.strictEqual(told, 0)
      }
      const waiting = yield* Effect.forkChild(far.read, { startImmediately: true })
      assert.match((yield* Effect.flip(then(readThen))).detail, /another read/)
      yield* Fiber.interrupt(waiting)
      yield* near.end
      assert.deepStrictEqual(yield* then(readThen), Option.none())
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("writeNow, where there is one, hands over in order with write, or takes nothing", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const { writeNow } = near
      if (writeNow === undefined) return
      const block = pattern(100_000)
      let taken = 0
      while (taken < 1000 && writeNow(block)) taken += 1
      // A peer that does not read fills what lies between.
      assert.isTrue(taken > 0 && taken < 1000)
      const rest = yield* Effect.forkChild(near.write(bytes("end")))
      assert.deepStrictEqual(
        yield* readCount(far, taken * block.length + 3),
        new Uint8Array([...Array.from({ length: taken }, () => block), bytes("end")].flatMap((each) => [...each]))
      )
      yield* Fiber.join(rest)
      yield* near.end
      assert.isFalse(writeNow(bytes("late")))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a read that is interrupted while bytes arrive loses none", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const all = pattern(200_000)
      const writer = yield* Effect.forkChild(near.write(all))
      const got: Array<Uint8Array> = []
      let size = 0
      while (size < all.length) {
        const chunk = yield* far.read.pipe(Effect.timeoutOption("1 millis"))
        if (Option.isNone(chunk) || Option.isNone(chunk.value)) continue
        got.push(chunk.value.value)
        size += chunk.value.value.length
      }
      assert.isTrue(Buffer.concat(got).equals(all))
      yield* Fiber.join(writer)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("an interrupted write returns at once and cuts nothing in two", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const all = pattern(8_000_000)
      const writer = yield* Effect.forkChild(near.write(all), { startImmediately: true })
      yield* Effect.sleep(aMoment)
      assert.isUndefined(writer.pollUnsafe(), "the write did not wait")
      yield* Fiber.interrupt(writer)
      const reader = yield* Effect.forkChild(readCount(far, all.length + 4))
      yield* near.write(bytes("tail"))
      const got = yield* Fiber.join(reader)
      assert.isTrue(Buffer.concat([all, bytes("tail")]).equals(got))
    }).pipe(Effect.provide(layer), Effect.timeout("20 seconds")))

  it.live("a second read at the same time is refused, and the first goes on", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const first = yield* Effect.forkChild(far.read, { startImmediately: true })
      const second = yield* Effect.flip(far.read)
      assert.strictEqual(second._tag, "TransportError")
      yield* near.write(bytes("x"))
      assert.deepStrictEqual(Option.map(yield* Fiber.join(first), (chunk) => chunk.length), Option.some(1))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))
}

const slices = (all: Uint8Array, size: number): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.subarray(index * size, (index + 1) * size))

const then = (readThen: NonNullable<Connection["readThen"]>): Connection["read"] =>
  Effect.callback((resume) =>
    void readThen((read) => resume(Effect.map(read, Option.map((each) => new Uint8Array(each)))))
  )
