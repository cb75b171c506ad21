/** How streams end: by either side, by both, by nobody, with the scope; always, and in bounded time. */
import { assert, describe, it } from "@effect/vitest"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as E2eStream from "../src/E2eStream.ts"
import * as Recorder from "../src/Recorder.ts"
import * as Support from "./support.ts"

const { bodies, clearWithPuppet, drain, elapsing, footer, message, next, pair, settle } = Support

describe("an orderly end", () => {
  it.effect("E2E-18 by the initiator, the recipient answering", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      yield* romeo.send(message("adieu"))
      const [his, hers] = yield* Effect.all([romeo.close, Effect.andThen(drain(juliet), juliet.close)], {
        concurrency: 2
      })
      assert.deepStrictEqual([his.clean, his.reason.cause, his.endedLate], [true, "closedBySelf", false])
      assert.deepStrictEqual([hers.clean, hers.reason.cause, hers.endedLate], [true, "closedByPeer", false])
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("E2E-18 by the recipient, the initiator answering", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      const [hers, his] = yield* Effect.all([juliet.close, Effect.andThen(drain(romeo), romeo.close)], {
        concurrency: 2
      })
      assert.deepStrictEqual([hers.clean, hers.reason.cause], [true, "closedBySelf"])
      assert.deepStrictEqual([his.clean, his.reason.cause], [true, "closedByPeer"])
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("END-11 by both at once", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      const [his, hers] = yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
      assert.isTrue(his.clean && hers.clean)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("VER-07 a peer without a version reads our header before it hears that we refuse it", () =>
    Effect.gen(function*() {
      const writes: Array<string> = []
      const { fiber, other } = yield* Support.withPuppet(
        Support.asJuliet(),
        undefined,
        (bytes) => writes.push(new TextDecoder().decode(bytes))
      )
      yield* other.say(
        Support.header({ from: Support.romeo, to: Support.juliet }).replace(" version='1.0' from", " from")
      )
      yield* settle
      assert.strictEqual(writes.length, 1)
      assert.match(writes[0] ?? "", /<stream:stream [^>]*>$/)
      yield* TestClock.adjust("50 millis")
      yield* settle
      assert.strictEqual(writes.length, 2)
      assert.match(writes[1] ?? "", /^<stream:error><unsupported-version [^]*<\/stream:error><\/stream:stream>$/)
      yield* other.say(footer)
      yield* other.hearOut
      yield* Effect.orDie(other.connection.end)
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber)))._tag, "StreamFailed")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("END-04 leaves two seconds to say the rest", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      const closing = yield* Effect.forkChild(romeo.close)
      yield* drain(juliet)
      yield* TestClock.adjust("1900 millis")
      yield* juliet.send(message("one more thing"))
      assert.strictEqual((yield* next(romeo)).canReply, false)
      yield* TestClock.adjust("200 millis")
      assert.strictEqual((yield* Fiber.join(closing)).clean, true)
      assert.strictEqual((yield* Effect.flip(juliet.send(message("too late")))).reason._tag, "StreamEnded")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-21 delivers what was on its way when we closed", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      const closing = yield* Effect.forkChild(stream.close)
      yield* other.hear(footer)
      yield* other.say(`<message><body>crossing</body></message>${footer}`)
      yield* other.connection.end
      const received = yield* drain(stream)
      assert.deepStrictEqual(received.map(({ canReply }) => canReply), [false])
      assert.strictEqual((yield* Fiber.join(closing)).clean, true)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-21 loses nothing of what a slow consumer still takes", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet({ stanzasMax: 2 })
      const closing = yield* Effect.forkChild(stream.close)
      yield* other.hear(footer)
      const saying = Effect.andThen(other.say("<message/>".repeat(5000) + footer), other.connection.end)
      const [received] = yield* Effect.all([drain(stream), saying], { concurrency: 2 })
      assert.strictEqual(received.length, 5000)
      assert.strictEqual((yield* Fiber.join(closing)).clean, true)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("does not wait for a consumer that left with its scope, nor after an error", () =>
    Effect.gen(function*() {
      const full = Effect.fnUntraced(function*() {
        const { other, stream } = yield* clearWithPuppet({ stanzasMax: 2 })
        yield* other.say("<message/>".repeat(10))
        yield* settle
        yield* Effect.forkDetach(
          other.hear(footer).pipe(
            Effect.andThen(other.say("<message/>".repeat(10) + footer)),
            Effect.andThen(other.connection.end)
          )
        )
        return stream
      })
      const left = yield* Effect.scoped(full())
      assert.isTrue((yield* left.ended).clean)
      const failing = yield* full()
      assert.isTrue((yield* failing.fail("conflict")).clean)
    }).pipe(Effect.provide(Support.credulous)))
})

describe("an end without order", () => {
  it.effect("END-07 TIME-08 the peer vanishes", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      yield* other.say("<message><body>last words</body></message>")
      assert.deepStrictEqual(bodies([yield* next(stream)]), ["last words"])
      yield* other.connection.drop
      const failed = yield* Effect.flip(drain(stream))
      assert.include(["transportLost", "truncated"], failed.reason.cause)
      assert.strictEqual((yield* stream.ended).clean, false)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("END-07 END-12 the transport ends before the stream", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      yield* other.connection.end
      const failed = yield* Effect.flip(drain(stream))
      assert.strictEqual(failed.reason.cause, "truncated")
      assert.match(yield* other.hearOut, /<\/stream:stream>$/)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("STZ-24 half a stanza is none", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      yield* other.say("<message><body>whole</body></message><message><body>ha")
      yield* other.connection.end
      const received: Array<unknown> = []
      yield* Effect.flip(Stream.runForEach(stream.stanzas, (each) => Effect.sync(() => received.push(each))))
      assert.strictEqual(received.length, 1)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("END-15 abort drops at once", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      const { millis, value } = yield* elapsing(stream.abort)
      assert.deepStrictEqual([value.reason.cause, millis], ["aborted", 0])
      assert.notInclude(yield* other.hearOut, footer)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("ERR-01 fail tells the peer why", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      const [his, hers] = yield* Effect.all([romeo.fail("conflict", { text: "two of me" }), juliet.ended], {
        concurrency: 2
      })
      assert.deepStrictEqual([his.reason.cause, his.reason.condition], ["failedBySelf", "conflict"])
      assert.deepStrictEqual([hers.reason.cause, hers.reason.detail], ["reported", "two of me"])
      assert.match((yield* Effect.flip(drain(juliet))).message, /<conflict\/>: two of me \[ERR-02\]/)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("ERR-32 what cannot be read ends the stream, and only that", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* clearWithPuppet()
      yield* other.say("<message></massage>")
      assert.match(yield* other.hearOut, /<not-well-formed[^>]*\/><\/stream:error><\/stream:stream>$/)
      yield* other.connection.end
      const failed = yield* Effect.flip(drain(stream))
      assert.deepStrictEqual([failed.reason.cause, failed.reason.condition], ["misbehaved", "not-well-formed"])
    }).pipe(Effect.provide(Support.credulous)))
})

describe("a defect", () => {
  const broken = (atStep: number): Layer.Layer<never> =>
    Layer.succeed(Recorder.Recorder, {
      begin: () =>
        Effect.sync(() => {
          let steps = 0
          return {
            step: () => {
              steps += 1
              if (steps === atStep) throw new Error("the disk is full")
            },
            wire: () => {}
          }
        })
    })

  it.effect("of our own in the negotiation fails it, and drops the connection", () =>
    Effect.gen(function*() {
      const { fiber, other } = yield* Support.withPuppet(Support.asRomeo())
      assert.notInclude(yield* other.hearOut, footer)
      const failed = yield* Effect.flip(Fiber.join(fiber))
      assert.strictEqual(
        failed._tag === "StreamFailed" ? failed.reason.condition : failed._tag,
        "internal-server-error"
      )
    }).pipe(Effect.provide([Support.credulous, broken(1), Logger.layer([])])))

  it.effect("of our own later ends the stream, and tells everybody who waits", () =>
    Effect.gen(function*() {
      const { stream } = yield* clearWithPuppet()
      const taking = yield* Effect.forkChild(Effect.flip(drain(stream)))
      const asking = yield* Effect.forkChild(Effect.flip(stream.ping()))
      yield* settle
      assert.strictEqual((yield* Effect.flip(stream.send(message("x")))).reason._tag, "StreamEnded")
      assert.strictEqual((yield* Fiber.join(taking)).reason.cause, "failedBySelf")
      assert.strictEqual((yield* Fiber.join(asking)).reason._tag, "StreamEnded")
      assert.strictEqual((yield* stream.close).reason.cause, "failedBySelf")
    }).pipe(Effect.provide([Support.credulous, broken(5), Logger.layer([])])))

  it.effect.each(["read", "write"] as const)(
    "of the transport in %s is a lost transport",
    (direction) =>
      Effect.gen(function*() {
        const [left] = yield* Memory.pair()
        const breaking = { ...left, read: Effect.die("bug"), write: () => Effect.die("bug") }
        const failed = yield* Effect.flip(
          E2eStream.over({ ...left, [direction]: breaking[direction] }, Support.asRomeo())
        )
        assert.include(
          ["transportLost", "peerGone"],
          failed._tag === "StreamFailed" ? failed.reason.cause : failed._tag
        )
      }).pipe(Effect.provide(Support.credulous))
  )
})

describe("leaving the scope", () => {
  it.effect("closes in order", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* Effect.scoped(pair())
      assert.isTrue((yield* juliet.ended).clean)
      assert.isTrue((yield* romeo.ended).clean)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("writes what was accepted before it", () =>
    Effect.gen(function*() {
      const heard = yield* Effect.scoped(Effect.gen(function*() {
        const { other, stream } = yield* clearWithPuppet()
        yield* Effect.forkChild(stream.send(message("last")))
        yield* settle
        yield* other.hear("last")
        yield* Effect.forkDetach(
          other.hear(footer).pipe(Effect.andThen(other.say(footer)), Effect.andThen(other.connection.end))
        )
        return other
      }))
      assert.strictEqual(yield* heard.hearOut, "")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("END-06 is bounded by the close timer when the peer is silent", () =>
    Effect.gen(function*() {
      const { millis } = yield* elapsing(Effect.scoped(clearWithPuppet()))
      assert.strictEqual(millis, 5_000)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("by an interruption takes two and a half seconds at most", () =>
    Effect.gen(function*() {
      const ready = Promise.withResolvers<E2eStream.E2eStream>()
      const fiber = yield* Effect.forkChild(Effect.scoped(Effect.gen(function*() {
        const { stream } = yield* clearWithPuppet()
        ready.resolve(stream)
        return yield* Effect.never
      })))
      const stream = yield* Effect.promise(() => ready.promise)
      const { millis } = yield* elapsing(Fiber.interrupt(fiber))
      assert.strictEqual(millis, 2_500)
      const ended = yield* stream.ended
      assert.deepStrictEqual([ended.reason.cause, ended.clean], ["closedBySelf", false])
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("does not wait for a write that never drains", () =>
    Effect.gen(function*() {
      const { millis } = yield* elapsing(Effect.scoped(Effect.gen(function*() {
        const { stream } = yield* clearWithPuppet({}, { bufferBytesMax: 100 })
        yield* Effect.forkChild(Effect.ignore(stream.sendAll(Array.from({ length: 500 }, () => message("more")))))
        yield* settle
      })))
      assert.isAtMost(millis, 5_200)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("tells senders that wait: for room, for a place, and for a write that never ends", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair({ bufferBytesMax: 10_000_000 })
      const stuck = { ...left, write: (bytes: Uint8Array) => bytes.length > 5000 ? Effect.never : left.write(bytes) }
      const { juliet, romeo } = yield* Effect.all({
        romeo: E2eStream.over(stuck, Support.asRomeo({ policy: Support.clear })),
        juliet: E2eStream.over(right, Support.asJuliet({ policy: Support.clear }))
      }, { concurrency: 2 })
      const forRoom = yield* Effect.forkChild(Effect.exit(romeo.sendAll(many)))
      yield* settle
      yield* Effect.forkChild(romeo.abort, { startImmediately: true })
      const forAPlace = yield* Effect.forEach(
        many.slice(0, 700),
        (stanza) => Effect.forkChild(Effect.exit(romeo.send(stanza)), { startImmediately: true })
      )
      for (const fiber of [forRoom, ...forAPlace]) assert.isTrue(Exit.isFailure(yield* Fiber.join(fiber)))
      yield* juliet.abort
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("tells those whose messages nobody took", () =>
    Effect.gen(function*() {
      const { juliet, romeo } = yield* pair()
      yield* Effect.forkChild(romeo.abort, { startImmediately: true })
      const sends = yield* Effect.forEach(many.slice(0, 700), (stanza) =>
        Effect.forkChild(Effect.exit(romeo.send(stanza)), { startImmediately: true }))
      for (const fiber of sends) {
        assert.isTrue(Exit.isFailure(yield* Fiber.join(fiber)))
      }
      yield* juliet.abort
    }).pipe(Effect.provide(Support.credulous)))
})

const many = Array.from({ length: 50_000 }, (_, number) => message(`number ${number} of very many`))
