/** What is said while both dial, and while streams come and go: nothing is lost, and nothing changes its place. */
import { assert, describe, it } from "@effect/vitest"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import fc from "fast-check"
import * as E2eStream from "../src/E2eStream.ts"
import * as Peers from "../src/Peers.ts"
import * as Stanza from "../src/Stanza.ts"
import { couple, pass } from "./crosswise.ts"
import * as Support from "./support.ts"

const { juliet, message, romeo } = Support

const words = (who: string, count: number) => Array.from({ length: count }, (_, each) => `${who} ${each}`)

/** A stream that Juliet has initiated. */
const theOtherWay = Effect.gen(function*() {
  const [left, right] = yield* Memory.pair()
  const [romeos, juliets] = yield* Effect.all([
    E2eStream.over(left, Support.asJuliet({ from: romeo, identity: Support.identity(romeo) })),
    E2eStream.over(right, Support.asRomeo({ from: juliet, to: romeo, identity: Support.identity(juliet) }))
  ], { concurrency: 2 })
  yield* Effect.addFinalizer(() => Effect.all([romeos.close, juliets.close], { concurrency: 2 }))
  return { romeo: romeos, juliet: juliets }
})

describe("a clash", () => {
  it.effect(
    "DUP-01 RFC 6120 §10.1 whatever both say meanwhile comes once, and in order, also to whoever is slow",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            fc.record({
              his: fc.integer({ min: 1, max: 60 }),
              hers: fc.integer({ min: 1, max: 60 }),
              gap: fc.integer({ min: 0, max: 30 }),
              slowness: fc.integer({ min: 0, max: 5 })
            }),
            ({ gap, hers: hersCount, his: hisCount, slowness }) =>
              Effect.runPromise(
                Effect.gen(function*() {
                  const heard: Array<string> = []
                  const rest = (times: number) =>
                    Effect.forEach(Array.from({ length: times }), () => Effect.yieldNow, { discard: true })
                  const { hers, his } = yield* couple({
                    grace: "10 millis",
                    onStanza: ({ stanza }) =>
                      Effect.andThen(rest(slowness), Effect.sync(() => void heard.push(Stanza.bodyOf(stanza) ?? "?")))
                  })
                  const [hisWords, hersWords] = [words("his", hisCount), words("hers", hersCount)]
                  const saying = (peers: Peers.Peers<unknown>, to: string, all: ReadonlyArray<string>) =>
                    Effect.forEach(all, (each) => peers.send(to, message(each)), { discard: true })
                  yield* Effect.all([
                    saying(his, juliet, hisWords),
                    Effect.andThen(rest(gap), saying(hers, romeo, hersWords))
                  ], { concurrency: 2 })
                  for (let round = 0; round < 200 && heard.length < hisCount + hersCount; round++) {
                    yield* Effect.sleep("5 millis")
                  }
                  assert.deepStrictEqual(heard.filter((each) => each.startsWith("his")), hisWords)
                  assert.deepStrictEqual(heard.filter((each) => each.startsWith("hers")), hersWords)
                }).pipe(Effect.scoped, Effect.provide(Support.world))
              )
          ),
          { numRuns: 25 }
        )
      ),
    60_000
  )

  it.effect("DUP-01 whoever initiated the stream that goes closes it at once, in order", () =>
    Effect.gen(function*() {
      const { juliet: end, romeo: ours } = yield* Support.pair()
      const { romeo: better } = yield* theOtherWay
      const his = yield* Peers.make({ from: romeo, dial: () => Effect.succeed(ours), onStanza: () => Effect.void })
      yield* his.send(juliet, message("1"))
      yield* Effect.forkChild(his.admit(better))
      yield* Support.settle
      assert.deepStrictEqual(Support.bodies([yield* Support.next(end)]), ["1"])
      yield* Effect.forkChild(end.close)
      yield* Support.settle
      const ended = yield* ours.ended
      assert.deepStrictEqual([ended.clean, ended.reason.cause], [true, "closedBySelf"])
      assert.strictEqual(yield* his.send(juliet, message("2")), better)
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("RFC 6120 §10.1 what was said on the stream that goes is heard before what is said on the other one", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const heard: Array<string | undefined> = []
      const { juliet: ours, romeo: better } = yield* theOtherWay
      const { juliet: end, romeo: going } = yield* Support.pair()
      const hers = yield* Peers.make({
        from: juliet,
        dial: () => Effect.succeed(ours),
        onStanza: ({ stanza }) =>
          Effect.andThen(
            Stanza.bodyOf(stanza) === "1" ? Deferred.await(gate) : Effect.void,
            Effect.sync(() => heard.push(Stanza.bodyOf(stanza)))
          )
      })
      yield* hers.stream(romeo)
      yield* Effect.forkChild(hers.admit(end), { startImmediately: true })
      yield* going.sendAll([message("1"), message("2")])
      yield* Effect.forkChild(going.close)
      yield* better.send(message("3"))
      yield* Support.settle
      assert.deepStrictEqual(heard, [])
      yield* Deferred.succeed(gate, undefined)
      yield* Support.settle
      assert.deepStrictEqual(heard, ["1", "2", "3"])
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  const answering = Effect.fnUntraced(function*(answers: boolean) {
    const policy = Support.clear
    const { fiber, other } = yield* Support.withPuppet({ role: "initiator", from: juliet, to: romeo, policy })
    yield* other.hear("version")
    yield* other.say(Support.header({ from: romeo, to: juliet, id: "1" }) + Support.features(""))
    const ours = yield* Fiber.join(fiber)
    const hers = yield* Peers.make({ from: juliet, dial: () => Effect.succeed(ours), onStanza: () => Effect.void })
    yield* hers.stream(romeo)
    const { juliet: end, romeo: his } = yield* Support.pair({ romeo: { policy }, juliet: { policy } })
    yield* Effect.forkChild(hers.admit(end))
    yield* Effect.forkChild(
      answers ? Effect.andThen(other.hear("urn:xmpp:ping"), other.say("<message/>")) : Effect.never
    )
    for (let round = 0; round < 4; round++) yield* pass
    return { hers, his, ours }
  })

  it.effect("DUP-01 a stream of ours that leads nowhere any more gives way to that of a peer that was gone", () =>
    Effect.gen(function*() {
      const { hers, his, ours } = yield* answering(false)
      assert.strictEqual((yield* ours.ended).reason.cause, "aborted")
      assert.deepStrictEqual((yield* hers.present).map(({ role }) => role), ["recipient"])
      yield* hers.send(romeo, message("Wherefore art thou"))
      assert.deepStrictEqual(Support.bodies([yield* Support.next(his)]), ["Wherefore art thou"])
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("DUP-01 PING-03 one that still leads somewhere stays, however it shows that", () =>
    Effect.gen(function*() {
      const { hers, his, ours } = yield* answering(true)
      assert.strictEqual((yield* his.ended).reason.condition, "conflict")
      assert.deepStrictEqual(yield* hers.present, [ours])
      yield* ours.abort
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("a stream that has ended is not used again, while another one is being dialled", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const second = yield* Support.pair()
      const his = yield* Peers.make({
        from: romeo,
        dial: () => Effect.as(Deferred.await(gate), second.romeo),
        onStanza: () => Effect.void
      })
      const { juliet: hers, romeo: arrived } = yield* theOtherWay
      const sending = yield* Effect.forkChild(his.send(juliet, message("1")))
      yield* Effect.forkChild(his.admit(arrived))
      yield* Support.settle
      yield* Fiber.join(sending)
      yield* hers.close
      yield* Support.settle
      const again = yield* Effect.forkChild(his.send(juliet, message("2")))
      yield* Support.settle
      yield* Deferred.succeed(gate, undefined)
      yield* Support.settle
      assert.strictEqual(yield* Fiber.join(again), second.romeo)
      assert.deepStrictEqual(Support.bodies([yield* Support.next(second.juliet)]), ["2"])
    }).pipe(Effect.scoped, Effect.provide(Support.world)))
})
