/** Sends: when they complete, why they fail, in what order they go, and how the peer's not reading slows them. */
import { assert, describe, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SendFailed } from "../src/Failure.ts"
import { type SendFailure } from "../src/Failure.ts"
import * as Recorder from "../src/Recorder.ts"
import * as Stanza from "../src/Stanza.ts"
import * as Support from "./support.ts"

const { asRomeo, bodies, briefly, clear, features, footer, header, juliet, message, next, pair, romeo, settle } =
  Support

const numbered = (count: number) => Array.from({ length: count }, (_, number) => message(`${number}`))

const kilobyte = message("k".repeat(1024))

const reasonOf = <A>(exit: Exit.Exit<A, SendFailed>): SendFailure | undefined =>
  Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause))?.reason : undefined

describe("send", () => {
  it.effect("completes once the transport has the stanza, not before", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({}, { bufferBytesMax: 1000 })
      yield* stream.send(message("small"))
      const big = yield* Effect.forkChild(stream.send(message("x".repeat(5000))))
      yield* settle
      assert.isUndefined(big.pollUnsafe())
      yield* other.hear("x</body></message>")
      yield* Fiber.join(big)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("XML-19 refuses what XML cannot hold, and says where", () =>
    Effect.gen(function*() {
      const { romeo } = yield* pair()
      const failed = yield* Effect.flip(romeo.send(message("a\u0000b")))
      assert.strictEqual(failed.reason._tag, "NotRepresentable")
      assert.match(failed.message, /XML-19/)
      yield* romeo.ping()
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-01 refuses what is no stanza, and the stream goes on", () =>
    Effect.gen(function*() {
      const { romeo } = yield* pair()
      const foreign = Element.make("urn:example:thing", "message")
      assert.strictEqual((yield* Effect.flip(romeo.send(foreign))).reason._tag, "NotAStanza")
      assert.strictEqual(
        (yield* Effect.flip(romeo.sendAll([message("good"), foreign]))).reason._tag,
        "NotAStanza"
      )
      yield* romeo.ping()
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-20 is refused once the stream has ended, with its reason", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
      const failed = yield* Effect.flip(romeo.send(message("too late")))
      assert.deepStrictEqual(
        failed.reason._tag === "StreamEnded" ? failed.reason.reason.cause : failed.reason._tag,
        "closedBySelf"
      )
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("fails with the reason when the stream ends first", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({}, { bufferBytesMax: 1000 })
      const sends = yield* Effect.forEach(numbered(20), () => Effect.forkChild(stream.send(message("x".repeat(900)))))
      yield* settle
      yield* other.connection.drop
      const exits = yield* Effect.forEach(sends, (fiber) => Fiber.await(fiber))
      assert.isTrue(exits.slice(2).every((exit) => reasonOf(exit)?._tag === "StreamEnded"))
      assert.strictEqual((yield* stream.ended).clean, false)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("an interruption does not take back what was sent", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({}, { bufferBytesMax: 100 })
      const first = yield* Effect.forkChild(stream.send(message("y".repeat(500))))
      yield* settle
      const second = yield* Effect.forkChild(stream.send(message("second")))
      yield* settle
      yield* Fiber.interrupt(second)
      yield* other.hear("second")
      yield* Fiber.join(first)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("NS-05 writes stanzas without prefix and declaration, inside the header's bindings", () =>
    Effect.gen(function*() {
      const { fiber, other } = yield* Support.withPuppet(asRomeo({ policy: clear }))
      yield* other.hear("version")
      yield* other.say(header({ from: juliet, to: romeo, id: "1" }) + features(""))
      const stream = yield* Fiber.join(fiber)
      yield* stream.send(message("after"))
      assert.match(yield* other.hear("</message>"), /^<message><body>after<\/body><\/message>$/)
      yield* stream.abort
    }).pipe(Effect.provide(Support.credulous)))
})

describe("sendAll", () => {
  it.effect("STZ-19 keeps the order of ten thousand, both ways at once", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      const all = numbered(10_000)
      const expected = all.map((stanza) => Stanza.bodyOf(stanza))
      const take = (stream: typeof romeo) => Effect.map(Stream.runCollect(Stream.take(stream.stanzas, 10_000)), bodies)
      const [, , his, hers] = yield* Effect.all([
        romeo.sendAll(all),
        Effect.forEach(all, (stanza) => juliet.send(stanza), { discard: true }),
        take(romeo),
        take(juliet)
      ], { concurrency: "unbounded" })
      assert.deepStrictEqual(his, expected)
      assert.deepStrictEqual(hers, expected)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-19 keeps the order of sends that wait side by side", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      yield* Effect.forEach(numbered(300), (stanza) => Effect.forkChild(romeo.send(stanza), { startImmediately: true }))
      const received = yield* Stream.runCollect(Stream.take(juliet.stanzas, 300))
      assert.deepStrictEqual(bodies(received), numbered(300).map((stanza) => Stanza.bodyOf(stanza)))
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("writes many stanzas at once", () =>
    Effect.gen(function*() {
      const writes: Array<number> = []
      const { other, stream } = yield* briefly({}, { bufferBytesMax: 10_000_000 }, (bytes) => {
        writes.push(bytes.length)
      })
      const before = writes.length
      yield* stream.sendAll(numbered(5000))
      assert.isAtMost(writes.length - before, 30)
      assert.isAtMost(Math.max(...writes), 80_000)
      yield* other.hear("4999")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("of nothing is done at once", () =>
    Effect.gen(function*() {
      const { romeo } = yield* pair()
      yield* romeo.sendAll([])
      yield* romeo.ping()
    }).pipe(Effect.provide(Support.credulous)))
})

describe("back-pressure", () => {
  it.effect("a consumer that does not take stops the other side's sends, and nothing is lost", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair({ juliet: { stanzasMax: 10 }, link: { bufferBytesMax: 2000 } })
      let sent = 0
      const sending = yield* Effect.forkChild(
        Effect.forEach(numbered(500), (stanza) =>
          Effect.andThen(
            romeo.send(stanza),
            Effect.sync(() => {
              sent += 1
            })
          ), { discard: true })
      )
      yield* Effect.forEach(numbered(40), () => settle, { discard: true })
      const stalled = sent
      assert.isBelow(stalled, 400)
      assert.isUndefined(sending.pollUnsafe())
      const received = yield* Stream.runCollect(Stream.take(juliet.stanzas, 500))
      assert.deepStrictEqual(bodies(received), numbered(500).map((stanza) => Stanza.bodyOf(stanza)))
      yield* Fiber.join(sending)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("never keeps more stanzas than it may", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({ stanzasMax: 3 })
      yield* other.say("<message/>".repeat(100))
      yield* settle
      const sizes: Array<number> = []
      yield* stream.stanzas.pipe(
        Stream.take(100),
        Stream.runForEachArray((batch) => Effect.sync(() => sizes.push(batch.length)))
      )
      assert.isAtMost(Math.max(...sizes), 3)
      assert.strictEqual(sizes.reduce((sum, size) => sum + size, 0), 100)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("one at a time works as well", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({ stanzasMax: 3 })
      yield* other.say("<message/>".repeat(50) + footer)
      let taken = 0
      while (Option.isSome(yield* stream.receive)) taken += 1
      assert.strictEqual(taken, 50)
      yield* Effect.all([stream.close, other.connection.end], { concurrency: 2 })
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("LIM-03 a peer that asks and never reads is not listened to for ever", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly({}, { bufferBytesMax: 4096 })
      const ask = (number: number) => `<iq type='get' id='${number}'><ping xmlns='urn:xmpp:ping'/></iq>`
      const flood = Array.from({ length: 1000 }, (_, number) => ask(number)).join("")
      const saying = yield* Effect.forkChild(Effect.forEach(numbered(40), () => other.say(flood), { discard: true }))
      yield* Effect.forEach(numbered(200), () => settle, { discard: true })
      // 40 000 questions would make 1.5 MB of answers; some 256 KiB are owed at most.
      assert.isUndefined(saying.pollUnsafe())
      yield* stream.abort
      yield* Fiber.interrupt(saying)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("LIM-03 keeps a mebibyte or so for a peer that does not read, the rest stays with the caller", () =>
    Effect.gen(function*() {
      let taken = 0
      const counting = Layer.succeed(Recorder.Recorder, {
        begin: () =>
          Effect.succeed({ step: (_, event) => void (taken += Number(event._tag === "SendRequested")), wire: () => {} })
      })
      const { stream } = yield* briefly({}, { bufferBytesMax: 100 }).pipe(Effect.provide(counting))
      const sending = yield* Effect.forkChild(Effect.exit(stream.sendAll(Array.from({ length: 4000 }, () => kilobyte))))
      yield* Effect.forEach(numbered(20), () => settle, { discard: true })
      assert.isAtLeast(taken, 1000)
      assert.isAtMost(taken, 1500)
      yield* stream.abort
      yield* Fiber.join(sending)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("timers and abort work while a write is stuck", () =>
    Effect.gen(function*() {
      const { stream } = yield* briefly({}, { bufferBytesMax: 100 })
      const sending = yield* Effect.forkChild(Effect.exit(stream.sendAll(numbered(100))))
      yield* settle
      const { millis, value } = yield* Support.elapsing(stream.close)
      assert.deepStrictEqual([millis, value.reason.cause], [5000, "closeTimeout"])
      assert.strictEqual(reasonOf(yield* Fiber.join(sending))?._tag, "StreamEnded")
    }).pipe(Effect.provide(Support.credulous)))
})

describe("STZ-03 what is delivered", () => {
  it.effect("has its addresses filled in, and says what was explicit", () =>
    Effect.gen(function*() {
      const { juliet: hers, romeo: his } = yield* pair()
      yield* his.send(message("implicit"))
      yield* his.send(Stanza.message({ from: `${romeo}/orchard`, to: juliet, body: "explicit" }))
      const implicit = yield* next(hers)
      assert.deepStrictEqual([implicit.from, implicit.to], [romeo, juliet])
      assert.isUndefined(Element.attribute(implicit.stanza, "from"))
      const explicit = yield* next(hers)
      assert.strictEqual(explicit.from, `${romeo}/orchard`)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-05 never pretends to come from somebody else", () =>
    Effect.gen(function*() {
      const { juliet: hers, romeo: his } = yield* pair()
      yield* his.send(Stanza.message({ from: "tybalt@pronto", body: "lies" }))
      const ended = yield* hers.ended
      assert.deepStrictEqual([ended.reason.cause, ended.reason.condition], ["misbehaved", "invalid-from"])
      assert.strictEqual((yield* his.ended).reason.condition, "invalid-from")
    }).pipe(Effect.provide(Support.credulous)))
})
