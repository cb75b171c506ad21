import { assert, describe, it } from "@effect/vitest"
import { Config } from "@xmpp-e2e/protocol"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scheduler from "effect/Scheduler"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Driver from "../src/Driver.ts"
import * as Stanza from "../src/Stanza.ts"
import { briefly, credulous, settle } from "./support.ts"

const configOf = (input: Config.Input): Config.Config => {
  const made = Config.make(input)
  if (made._tag !== "Made") throw new Error(made.contradictions.join())
  return made.config
}

const policy = { tls: "never", sasl: "never", authenticatePeer: false } as const
const romeo = configOf({ role: "initiator", self: "romeo@forza", peer: "juliet@pronto", policy })
const juliet = configOf({ role: "recipient", self: "juliet@pronto", policy })

const setup = (connection: Driver.Setup["connection"], config: Config.Config): Driver.Setup => ({
  connection,
  config,
  handlers: [],
  router: {},
  stanzasMax: 16
})

const both = Effect.gen(function*() {
  const [left, right] = yield* Memory.pair()
  const one = yield* Driver.make(setup(left, romeo))
  const other = yield* Driver.make(setup(right, juliet))
  yield* Effect.all([one.opened, other.opened], { concurrency: 2 })
  return { one, other }
})

describe("Driver", () => {
  it.effect("negotiates, carries stanzas in order, and ends when one side closes", () =>
    Effect.gen(function*() {
      const { one, other } = yield* both
      yield* one.send([Stanza.message({ body: "1" }), Stanza.message({ body: "2" })])
      const heard = [yield* other.deliveries.next, yield* other.deliveries.next]
      assert.deepStrictEqual(
        heard.map((each) => Option.map(each, ({ stanza }) => Stanza.bodyOf(stanza))),
        [Option.some("1"), Option.some("2")]
      )
      yield* one.tell({ _tag: "CloseRequested" })
      const [mine, theirs] = yield* Effect.all([one.ended, other.ended], { concurrency: 2 })
      assert.strictEqual(mine.reason.cause, "closedBySelf")
      assert.strictEqual(theirs.reason.cause, "closedByPeer")
      assert.isTrue(mine.clean && theirs.clean)
      const late = yield* Effect.flip(one.send([Stanza.message({ body: "3" })]))
      assert.strictEqual(late.reason._tag, "StreamEnded")
    }).pipe(Effect.scoped, Effect.provide(credulous)))

  it.effect("LANG-04 knows the language of the peer's header", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair()
      const one = yield* Driver.make(setup(left, romeo))
      const other = yield* Driver.make(
        setup(right, configOf({ role: "recipient", self: "juliet@pronto", policy, lang: "it" }))
      )
      const [mine, theirs] = yield* Effect.all([one.opened, other.opened], { concurrency: 2 })
      assert.deepStrictEqual([mine.lang, theirs.lang], ["it", "en"])
    }).pipe(Effect.scoped, Effect.provide(credulous)))

  it.effect("a scope that closes drops the stream at once, and the other side notices", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair()
      const scope = yield* Scope.make()
      const one = yield* Driver.make(setup(left, romeo)).pipe(Scope.provide(scope))
      const other = yield* Driver.make(setup(right, juliet))
      yield* Effect.all([one.opened, other.opened], { concurrency: 2 })
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* one.ended).clean, false)
      assert.include(["transportLost", "truncated"], (yield* other.ended).reason.cause)
    }).pipe(Effect.scoped, Effect.provide(credulous)))

  it.effect("TIME-04 a silent peer is told, and left", () =>
    Effect.gen(function*() {
      const [left] = yield* Memory.pair()
      const one = yield* Driver.make(setup(left, romeo))
      yield* TestClock.adjust("15 seconds")
      yield* TestClock.adjust("5 seconds")
      const { reason } = yield* one.ended
      assert.deepInclude(reason, { cause: "silence", condition: "connection-timeout" })
      assert.strictEqual((yield* Effect.flip(one.opened)).reason.cause, "silence")
    }).pipe(Effect.scoped, Effect.provide(credulous)))
})

describe("what is read", () => {
  const thing = "<thing xmlns='urn:example:thing'/>"

  it.effect("is dealt with before more is read, whenever the application makes room", () =>
    Effect.gen(function*() {
      for (const opsBeforeYield of [3, 5, 8, 13, 21]) {
        for (let pause = 0; pause < 40; pause++) {
          const got = yield* Effect.gen(function*() {
            const { other, stream } = yield* briefly({ stanzasMax: 1 })
            let got = 0
            const taking = Effect.gen(function*() {
              while (Option.isSome(yield* stream.receive)) {
                got += 1
                for (let at = 0; at < pause; at++) yield* Effect.yieldNow
              }
            })
            const fiber = yield* Effect.forkChild(Effect.ignore(taking))
            // What nobody knows is reported, and so gives the stream something to do between two stanzas.
            yield* other.say(`<message/>${thing}<message/>${thing}<message/>${thing}<message/>`)
            for (let turn = 0; turn < 4; turn++) yield* settle
            yield* Fiber.interrupt(fiber)
            return got
          }).pipe(
            Effect.scoped,
            Effect.provide(credulous),
            Effect.provideService(Scheduler.MaxOpsBeforeYield, opsBeforeYield)
          )
          assert.strictEqual(got, 4, `${opsBeforeYield} operations, ${pause} pauses`)
        }
      }
    }))
})
