import { assert, describe, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as IqRouter from "../src/IqRouter.ts"
import * as Stanza from "../src/Stanza.ts"

const weather = "https://tansy.example/weather"
const payload = (name = "forecast", namespace = weather) => Element.make(namespace, name)
const ask = (child = payload(), type: "get" | "set" = "get") => Stanza.iq({ type, id: "q1", payload: child })

const handler = (handle: IqRouter.Handler["handle"], more: Partial<IqRouter.Handler> = {}): IqRouter.Handler => ({
  namespace: weather,
  name: "forecast",
  handle,
  ...more
})

const answer = (router: IqRouter.Router, iq: Element.Element): Effect.Effect<Element.Element> => {
  const routed = router.route(iq, "mira@tansy")
  return routed._tag === "Answered" ? Effect.succeed(routed.reply) : routed.reply
}

const condition = (reply: Element.Element): string => {
  const { condition, type } = Stanza.errorOf(reply)
  return `${condition}/${type}`
}

describe("IqRouter", () => {
  it.effect("IQ-03 hands the request to its handler, and its payload back", () =>
    Effect.gen(function*() {
      const router = IqRouter.make([handler((_, from) => Effect.succeed(Element.make(weather, "rain", { for: from })))])
      const reply = yield* answer(router, ask())
      assert.strictEqual(Stanza.typeOf(reply), "result")
      assert.deepStrictEqual(Element.elements(reply), [Element.make(weather, "rain", { for: "mira@tansy" })])
    }))

  it.effect("PING-02 answers pings, unless a handler of the namespace does", () =>
    Effect.gen(function*() {
      assert.strictEqual(Stanza.typeOf(yield* answer(IqRouter.make([]), Stanza.ping({ id: "p" }))), "result")
      const silent = handler(
        () => Effect.fail(new IqRouter.IqRefusal({ condition: "service-unavailable", type: "cancel" })),
        {
          namespace: "urn:xmpp:ping",
          name: "ping"
        }
      )
      assert.strictEqual(
        condition(yield* answer(IqRouter.make([silent]), Stanza.ping({ id: "p" }))),
        "service-unavailable/cancel"
      )
    }))

  it.effect("IQ-09 IQ-10 refuses what nobody handles, by how much of it is known", () =>
    Effect.gen(function*() {
      const router = IqRouter.make([handler(() => Effect.succeed(undefined), { type: "get" })])
      assert.strictEqual(condition(yield* answer(router, ask(payload("x", "urn:x")))), "service-unavailable/cancel")
      assert.strictEqual(condition(yield* answer(router, ask(payload("archive")))), "feature-not-implemented/cancel")
      assert.strictEqual(condition(yield* answer(router, ask(payload(), "set"))), "feature-not-implemented/cancel")
    }))

  it.effect("IQ-11 IQ-12 tells the refusal of a handler, its defect and its delay", () =>
    Effect.gen(function*() {
      const refusing = IqRouter.make([
        handler(() => Effect.fail(new IqRouter.IqRefusal({ condition: "bad-request", type: "modify" })))
      ])
      assert.strictEqual(condition(yield* answer(refusing, ask())), "bad-request/modify")
      const broken = IqRouter.make([handler(() => Effect.die("a bug"))])
      assert.strictEqual(condition(yield* answer(broken, ask())), "internal-server-error/cancel")
      const slow = IqRouter.make([handler(() => Effect.never)])
      const waiting = yield* Effect.forkChild(answer(slow, ask()), { startImmediately: true })
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(condition(yield* Fiber.join(waiting)), "resource-constraint/wait")
    }))

  it.effect("IQ-12 gives a handler the time that it says it needs", () =>
    Effect.gen(function*() {
      const patient = IqRouter.make([
        handler(() => Effect.as(Effect.sleep("2 minutes"), undefined), { replyMillis: 180_000 }),
        handler(() => Effect.never, { name: "archive", replyMillis: 1000 })
      ])
      const long = yield* Effect.forkChild(answer(patient, ask()), { startImmediately: true })
      const short = yield* Effect.forkChild(answer(patient, ask(payload("archive"))), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(condition(yield* Fiber.join(short)), "resource-constraint/wait")
      yield* TestClock.adjust("119 seconds")
      assert.strictEqual(Stanza.typeOf(yield* Fiber.join(long)), "result")
    }))

  it.effect("XML-19 a payload that XML cannot hold is the handler's fault, not the stream's", () =>
    Effect.gen(function*() {
      const router = IqRouter.make([handler(() => Effect.succeed(Element.make(weather, "rain", {}, ["\u0000"])))])
      assert.strictEqual(condition(yield* answer(router, ask())), "internal-server-error/cancel")
    }))

  it.effect("SERR-01 more requests than handlers may be at work are told to wait, and later served again", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<undefined>()
      const router = IqRouter.make([handler(() => Deferred.await(gate))], { handlersMax: 2 })
      const busy = yield* Effect.forEach(
        [1, 2],
        () => Effect.forkChild(answer(router, ask()), { startImmediately: true })
      )
      assert.strictEqual(condition(yield* answer(router, ask())), "resource-constraint/wait")
      yield* Deferred.succeed(gate, undefined)
      for (const fiber of busy) assert.strictEqual(Stanza.typeOf(yield* Fiber.join(fiber)), "result")
      assert.strictEqual(Stanza.typeOf(yield* answer(router, ask())), "result")
    }))
})
