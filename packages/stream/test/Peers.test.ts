import { assert, describe, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { settle, type Standing } from "../src/internal/pairing.ts"
import * as Peers from "../src/Peers.ts"
import * as Stanza from "../src/Stanza.ts"
import { couple, pass } from "./crosswise.ts"
import * as Support from "./support.ts"

const { juliet, message, romeo } = Support

const standing = fc.array(fc.record({ by: fc.constantFrom("us" as const, "them" as const), verified: fc.boolean() }))
  .map((all) => all.map((each, id): Standing => ({ id, ...each })))
const address = fc.string({ unit: "grapheme", maxLength: 4 })
const mirrored = (all: ReadonlyArray<Standing>): ReadonlyArray<Standing> =>
  all.map((each) => ({ ...each, by: each.by === "us" ? "them" : "us" }))

describe("settle", () => {
  it("DUP-01 DUP-02 keeps exactly one, and closes every other", () => {
    fc.assert(fc.property(address, address, standing, (self, peer, all) => {
      const { closing, kept } = settle(self, peer, all)
      const ids = [...closing.map(({ id }) => id), ...(kept === undefined ? [] : [kept])]
      assert.sameMembers(ids, all.map(({ id }) => id))
      assert.strictEqual(kept === undefined, all.length === 0)
    }))
  })

  it("DUP-01 comes to the same at both ends, and only who did not initiate a stream says conflict", () => {
    fc.assert(fc.property(address, address, standing, (self, peer, all) => {
      fc.pre(self !== peer)
      const [here, there] = [settle(self, peer, all), settle(peer, self, mirrored(all))]
      assert.strictEqual(here.kept, there.kept)
      for (const { how, id } of here.closing) {
        assert.strictEqual(how, all[id]?.by === "them" ? "conflict" : "leave")
        assert.notStrictEqual(there.closing.find((each) => each.id === id)?.how, how)
      }
    }))
  })

  it("DUP-01 of streams dialled crosswise the one of whose address sorts first by octets stays", () => {
    const crosswise: ReadonlyArray<Standing> = [{ id: 1, by: "us", verified: true }, {
      id: 2,
      by: "them",
      verified: true
    }]
    assert.strictEqual(settle("a@x", "b@x", crosswise).kept, 1)
    assert.strictEqual(settle("b@x", "a@x", crosswise).kept, 2)
    assert.strictEqual(settle("a@x", "a@xy", crosswise).kept, 1)
    // As UTF-16 these would sort the other way round.
    assert.strictEqual(settle("\u{ffee}@x", "\u{10000}@x", crosswise).kept, 1)
  })

  it("DUP-02 of two that the same side opened the newer stays", () => {
    for (const by of ["us", "them"] as const) {
      const twice = [{ id: 1, by, verified: true }, { id: 2, by, verified: true }]
      assert.strictEqual(settle("a@x", "b@x", twice).kept, 2)
    }
  })

  it("DUP-02 nobody who only says who he is drives out somebody who is known", () => {
    fc.assert(fc.property(address, address, standing, (self, peer, all) => {
      const { kept } = settle(self, peer, all)
      if (all.some(({ verified }) => verified)) assert.isTrue(all.find(({ id }) => id === kept)?.verified)
    }))
  })
})

describe("peers", () => {
  it.effect("DUP-01 open one stream, use it in both directions, and never dial twice", () =>
    Effect.gen(function*() {
      const { heard, hers, his } = yield* couple()
      yield* Effect.all([his.send(juliet, message("1")), his.send(juliet, message("2"))], { concurrency: 2 })
      yield* Support.settle
      yield* hers.send(romeo, message("3"))
      yield* Support.settle
      assert.sameMembers(heard, [`${juliet} hears 1`, `${juliet} hears 2`, `${romeo} hears 3`])
      const [streams, others] = [yield* his.present, yield* hers.present]
      assert.deepStrictEqual([streams.length, others.length], [1, 1])
      assert.deepStrictEqual([streams[0]?.role, others[0]?.role], ["initiator", "recipient"])
    }).pipe(Effect.provide(Support.world)))

  it.effect.each(Array.from({ length: 20 }, (_, round) => round))(
    "DUP-01 dialled crosswise one stream stays, and nothing that was said is lost (%i)",
    (round) =>
      Effect.gen(function*() {
        const { heard, hers, his } = yield* couple()
        const gap = Effect.forEach(Array.from({ length: round }), () => Effect.yieldNow)
        yield* Effect.all([
          his.send(juliet, message("from him")),
          Effect.andThen(gap, hers.send(romeo, message("from her")))
        ], { concurrency: 2 })
        yield* pass
        const [streams, others] = [yield* his.present, yield* hers.present]
        assert.deepStrictEqual([streams.length, others.length], [1, 1])
        assert.notStrictEqual(streams[0]?.role, others[0]?.role)
        yield* his.send(juliet, message("again"))
        yield* hers.send(romeo, message("and again"))
        yield* pass
        assert.sameMembers(heard, [
          `${juliet} hears from him`,
          `${romeo} hears from her`,
          `${juliet} hears again`,
          `${romeo} hears and again`
        ])
      }).pipe(Effect.provide(Support.world))
  )

  it.effect("DUP-02 of two streams of one party the newer wins, and the older is told conflict", () =>
    Effect.gen(function*() {
      const { hers } = yield* couple()
      const admitted = Effect.fnUntraced(function*() {
        const { juliet: end, romeo: other } = yield* Support.pair()
        yield* Effect.forkChild(hers.admit(end))
        return other
      })
      const older = yield* admitted()
      yield* Support.settle
      const newer = yield* admitted()
      yield* pass
      const { reason } = yield* older.ended
      assert.deepStrictEqual([reason.cause, reason.condition], ["reported", "conflict"])
      assert.strictEqual((yield* hers.present).length, 1)
      yield* newer.ping()
    }).pipe(Effect.provide(Support.world)))

  it.effect("TIME-01 closes a stream in order when nobody has said anything for long, and opens another on demand", () =>
    Effect.gen(function*() {
      const { heard, his } = yield* couple({ idle: "30 seconds" })
      const closed = yield* his.changes.pipe(
        Stream.filter(({ _tag }) => _tag === "Closed"),
        Stream.take(1),
        Stream.runCollect,
        Effect.forkChild
      )
      yield* his.send(juliet, message("1"))
      for (let second = 0; second < 29; second++) yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* his.present).length, 1)
      yield* his.send(juliet, message("2"))
      for (let second = 0; second < 29; second++) yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* his.present).length, 1)
      for (let second = 0; second < 10; second++) yield* TestClock.adjust("1 second")
      const [change] = yield* Fiber.join(closed)
      assert.isTrue(change?._tag === "Closed" && change.ended.clean)
      assert.deepStrictEqual(yield* his.present, [])
      yield* his.send(juliet, message("3"))
      yield* Support.settle
      assert.deepStrictEqual(heard, [1, 2, 3].map((each) => `${juliet} hears ${each}`))
    }).pipe(Effect.provide(Support.world)))

  it.effect("a stream on which one side waits for an answer is not idle", () =>
    Effect.gen(function*() {
      const answer = yield* Deferred.make<undefined>()
      const slow = { namespace: "urn:slow", name: "slow", handle: () => Deferred.await(answer), replyMillis: 3_600_000 }
      const { his } = yield* couple({ idle: "30 seconds", handlers: [slow] })
      const stream = yield* his.stream(juliet)
      const iq = Stanza.iq({ type: "set", payload: Element.make("urn:slow", "slow") })
      const asking = yield* Effect.forkChild(stream.request(iq, { timeout: "1 hour" }), { startImmediately: true })
      for (let minute = 0; minute < 5; minute++) yield* Effect.andThen(TestClock.adjust("1 minute"), Support.settle)
      assert.deepStrictEqual(yield* his.present, [stream])
      yield* Deferred.succeed(answer, undefined)
      assert.strictEqual(Stanza.typeOf(yield* Fiber.join(asking)), "result")
      for (let second = 0; second < 90; second++) yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* his.present, [])
    }).pipe(Effect.provide(Support.world)))

  it.effect("a dial that fails is told to all who wait, and the next one tries again", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      let dials = 0
      const peers = yield* Peers.make({
        from: romeo,
        dial: () => {
          dials += 1
          return Effect.andThen(Deferred.await(gate), Effect.fail("nobody there" as const))
        },
        onStanza: () => Effect.void
      })
      const waiting = yield* Effect.forkChild(
        Effect.all([Effect.flip(peers.stream(juliet)), Effect.flip(peers.stream(juliet))], { concurrency: 2 })
      )
      yield* Support.settle
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* Fiber.join(waiting), ["nobody there", "nobody there"])
      assert.strictEqual(dials, 1)
      assert.strictEqual(yield* Effect.flip(peers.stream(juliet)), "nobody there")
      assert.strictEqual(dials, 2)
    }))
})
