/** Requests of ours that wait for replies, and requests of the peer that must get exactly one. */
import { assert, describe, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type * as E2eStream from "../src/E2eStream.ts"
import type { IqFailed } from "../src/Failure.ts"
import { type Handler, IqRefusal } from "../src/IqRouter.ts"
import * as Stanza from "../src/Stanza.ts"
import * as Support from "./support.ts"

const { briefly, juliet, message, next, pair, romeo, settle } = Support

const weather = "urn:example:weather"
const question = (name = "temperature") => Stanza.iq({ type: "get", payload: Element.make(weather, name) })

const answering = (handle: Handler["handle"], more: Partial<Handler> = {}): Handler => ({
  namespace: weather,
  name: "temperature",
  handle,
  ...more
})

const refusalOf = (stream: E2eStream.E2eStream, iq: Element.Element) =>
  Effect.map(
    Effect.flip(stream.request(iq)),
    ({ reason }) => reason._tag === "Refused" ? `${reason.error.condition}/${reason.error.type}` : reason._tag
  )

const idIn = (text: string): string => /id=['"]([^'"]+)['"]/.exec(text)?.[1] ?? "none"

describe("request", () => {
  it.effect("IQ-03 waits for its result", () =>
    Effect.gen(function*() {
      const handler = answering((iq, from) =>
        Effect.succeed(Element.make(weather, "temperature", { for: from, asked: iq.name }, ["21.5"]))
      )
      const { romeo: his } = yield* pair({ juliet: { handlers: [handler] } })
      const result = yield* his.request(question())
      assert.strictEqual(Stanza.typeOf(result), "result")
      const payload = Element.child(result, weather, "temperature")
      assert.deepStrictEqual(payload, Element.make(weather, "temperature", { for: romeo, asked: "iq" }, ["21.5"]))
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("many at once find their own replies, whatever the order of these", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const ask = (id: string) => stream.request(Stanza.iq({ type: "get", id, payload: Element.make(weather, "t") }))
      const fibers = yield* Effect.forEach(["a", "b", "c"], (id) => Effect.forkChild(ask(id)))
      yield* settle
      for (const id of ["c", "a", "b"]) yield* other.say(`<iq type='result' id='${id}'><t xmlns='x'>${id}</t></iq>`)
      const results = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual(results.map((result) => Element.elements(result).map(Element.text)), [["a"], ["b"], ["c"]])
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-14 never shares an id", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const iq = Stanza.ping({ id: "mine" })
      yield* Effect.forkChild(Effect.ignore(stream.request(iq)))
      yield* settle
      const failed = yield* Effect.flip(stream.request(iq))
      assert.strictEqual(failed.reason._tag, "IdInUse")
      yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(Effect.ignore(stream.request(question()))))
      yield* settle
      const heard = yield* other.hear("temperature")
      const ids = [...heard.matchAll(/id=['"]([^'"]+)['"]/g)].map(([, id]) => id)
      assert.strictEqual(new Set(ids).size, 4)
      assert.isTrue(ids.slice(1).every((id) => id !== undefined && id.length >= 22))
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("SERR-02 tells a refusal with its condition, type and text", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(Effect.flip(stream.request(question())))
      const id = idIn(yield* other.hear("</iq>"))
      yield* other.say(
        `<iq type='error' id='${id}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>` +
          `<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no entry</text></error></iq>`
      )
      const { reason } = yield* Fiber.join(asking)
      assert.deepStrictEqual(reason, {
        _tag: "Refused",
        error: { condition: "forbidden", type: "auth", text: "no entry" }
      })
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-07 an error without an error is an undefined condition", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(refusalOf(stream, question()))
      yield* other.say(`<iq type='error' id='${idIn(yield* other.hear("</iq>"))}'/>`)
      assert.strictEqual(yield* Fiber.join(asking), "undefined-condition/cancel")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-06 a result with two payloads is malformed", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(refusalOf(stream, question()))
      yield* other.say(`<iq type='result' id='${idIn(yield* other.hear("</iq>"))}'><a xmlns='x'/><b xmlns='x'/></iq>`)
      assert.strictEqual(yield* Fiber.join(asking), "Malformed")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-08 times out, and ignores the late reply", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(Effect.flip(stream.request(question(), { timeout: "5 seconds" })))
      const id = idIn(yield* other.hear("</iq>"))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual((yield* Fiber.join(asking)).reason, { _tag: "TimedOut", afterMillis: 5000 })
      yield* other.say(`<iq type='result' id='${id}'/><message><body>next</body></message>`)
      assert.strictEqual(Stanza.bodyOf((yield* next(stream)).stanza), "next")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("waits thirty seconds unless told otherwise", () =>
    Effect.gen(function*() {
      const { stream } = yield* briefly()
      const { millis } = yield* Support.elapsing(Effect.flip(stream.request(question())))
      assert.strictEqual(millis, 30_000)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("an interruption forgets the waiter, and the late reply is ignored", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(stream.request(question()))
      const id = idIn(yield* other.hear("</iq>"))
      yield* Fiber.interrupt(asking)
      yield* other.say(`<iq type='result' id='${id}'/><message><body>next</body></message>`)
      assert.strictEqual(Stanza.bodyOf((yield* next(stream)).stanza), "next")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-13 fails when the stream ends first", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const asking = yield* Effect.forkChild(Effect.flip(stream.request(question())))
      yield* other.hear("</iq>")
      yield* other.connection.drop
      assert.strictEqual((yield* Fiber.join(asking)).reason._tag, "StreamEnded")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("is not sent when it is no request, or cannot be written", () =>
    Effect.gen(function*() {
      const { romeo: his } = yield* pair()
      const reasons = (failed: IqFailed) =>
        failed.reason._tag === "Unsent" ? failed.reason.failure._tag : failed.reason._tag
      assert.strictEqual(reasons(yield* Effect.flip(his.request(message("hi")))), "NotAStanza")
      const bad = Stanza.iq({ type: "get", id: "again", payload: Element.make(weather, "t", {}, ["\u0000"]) })
      assert.strictEqual(reasons(yield* Effect.flip(his.request(bad))), "NotRepresentable")
      assert.strictEqual(yield* refusalOf(his, Stanza.withId(question(), "again")), "service-unavailable/cancel")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("replies that nobody waits for are raw stanzas to whoever sent the request raw", () =>
    Effect.gen(function*() {
      const { romeo: his } = yield* pair()
      yield* his.send(Stanza.ping({ id: "raw" }))
      const { stanza } = yield* next(his)
      assert.deepStrictEqual([stanza.name, Stanza.idOf(stanza), Stanza.typeOf(stanza)], ["iq", "raw", "result"])
    }).pipe(Effect.provide(Support.credulous)))
})

describe("ping", () => {
  it.effect("PING-02 is answered, and measures the way there and back", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* briefly()
      const pinging = yield* Effect.forkChild(stream.ping())
      const id = idIn(yield* other.hear("</iq>"))
      yield* TestClock.adjust("120 millis")
      yield* other.say(`<iq type='result' id='${id}'/>`)
      assert.strictEqual(Duration.toMillis(yield* Fiber.join(pinging)), 120)
      yield* other.say(`<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>`)
      const reply = yield* other.hear("/>")
      assert.match(reply, /^<iq [^>]*\/>$/)
      assert.deepStrictEqual([idIn(reply), reply.includes("result")], ["p1", true])
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("PING-03 a refusal proves the peer alive as well", () =>
    Effect.gen(function*() {
      const refusing: Handler = {
        namespace: "urn:xmpp:ping",
        name: "ping",
        handle: () => Effect.fail(new IqRefusal({ condition: "service-unavailable", type: "cancel" }))
      }
      const { romeo: his } = yield* pair({ juliet: { handlers: [refusing] } })
      yield* his.ping()
      assert.strictEqual(yield* refusalOf(his, Stanza.ping()), "service-unavailable/cancel")
    }).pipe(Effect.provide(Support.credulous)))
})

describe("answers to the peer", () => {
  it.effect("IQ-09 IQ-10 what nobody handles is refused, and never reaches the stanzas", () =>
    Effect.gen(function*() {
      const handler = answering(() => Effect.succeed(undefined), { type: "get" })
      const { juliet: hers, romeo: his } = yield* pair({ juliet: { handlers: [handler] } })
      const unknown = Stanza.iq({ type: "set", payload: Element.make("urn:example:unknown", "q") })
      assert.strictEqual(yield* refusalOf(his, unknown), "service-unavailable/cancel")
      assert.strictEqual(yield* refusalOf(his, question("wind")), "feature-not-implemented/cancel")
      const set = Stanza.iq({ type: "set", payload: Element.make(weather, "temperature") })
      assert.strictEqual(yield* refusalOf(his, set), "feature-not-implemented/cancel")
      assert.strictEqual(Element.elements(yield* his.request(question())).length, 0)
      yield* his.send(message("only this"))
      assert.strictEqual(Stanza.bodyOf((yield* next(hers)).stanza), "only this")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-12 a handler that fails, breaks or is late is answered for", () =>
    Effect.gen(function*() {
      const handlers = [
        answering(
          () => Effect.fail(new IqRefusal({ condition: "bad-request", type: "modify", text: "no such place" })),
          {
            name: "refuses"
          }
        ),
        answering(() => Effect.die("broken"), { name: "dies" }),
        answering(() => {
          throw new Error("at once")
        }, { name: "throws" }),
        answering(() => Effect.interrupt, { name: "interrupts" }),
        answering(() => Effect.succeed(Element.make(weather, "t", {}, ["\u0000"])), { name: "unwritable" }),
        answering(() => Effect.never, { name: "sleeps" })
      ]
      const { romeo: his } = yield* pair({ juliet: { handlers } })
      assert.strictEqual(yield* refusalOf(his, question("refuses")), "bad-request/modify")
      for (const name of ["dies", "throws", "interrupts", "unwritable"]) {
        assert.strictEqual(yield* refusalOf(his, question(name)), "internal-server-error/cancel", name)
      }
      const patient = his.request(question("sleeps"), { timeout: "2 minutes" }).pipe(Effect.flip)
      const { millis, value } = yield* Support.elapsing(patient)
      assert.strictEqual(millis, 60_000)
      assert.strictEqual(value.reason._tag === "Refused" ? value.reason.error.condition : "", "resource-constraint")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("IQ-03 the reply has the addresses swapped, or none where the request had none", () =>
    Effect.gen(function*() {
      const { other } = yield* briefly()
      yield* other.say(`<iq type='get' id='1' from='${juliet}/b' to='${romeo}'><q xmlns='urn:nobody'/></iq>`)
      const addressed = yield* other.hear("</iq>")
      assert.match(addressed, /from=['"]romeo@forza['"]/)
      assert.match(addressed, /to=['"]juliet@pronto\/b['"]/)
      yield* other.say(`<iq type='get' id='2'><q xmlns='urn:nobody'/></iq>`)
      assert.notMatch(yield* other.hear("</iq>"), /from=| to=/)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("handlers work side by side within their bound, and hold up nothing", () =>
    Effect.gen(function*() {
      const release = yield* Deferred.make<void>()
      let most = 0
      let now = 0
      const handler = answering(() =>
        Effect.sync(() => {
          now += 1
          most = Math.max(most, now)
        }).pipe(
          Effect.andThen(Deferred.await(release)),
          Effect.ensuring(Effect.sync(() => {
            now -= 1
          })),
          Effect.as(undefined)
        )
      )
      const { juliet: hers, romeo: his } = yield* pair({ juliet: { handlers: [handler], handlersMax: 4 } })
      const asking = yield* Effect.forEach(
        Array.from({ length: 10 }, () => question()),
        (iq) => Effect.forkChild(Effect.result(his.request(iq)))
      )
      yield* his.send(message("meanwhile"))
      assert.strictEqual(Stanza.bodyOf((yield* next(hers)).stanza), "meanwhile")
      yield* settle
      yield* Deferred.succeed(release, undefined)
      const results = yield* Effect.forEach(asking, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual([most, results.filter(({ _tag }) => _tag === "Success").length], [4, 4])
      assert.strictEqual(Element.elements(yield* his.request(question())).length, 0)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("E2E-18 requests that come after our footer are not handled: nobody could be told", () =>
    Effect.gen(function*() {
      let handled = 0
      const handler = answering(() => Effect.sync(() => void (handled += 1)))
      const { other, stream } = yield* briefly({ handlers: [handler] })
      const closing = yield* Effect.forkChild(stream.close)
      yield* other.hear(Support.footer)
      yield* other.say(`<iq type='get' id='1'><temperature xmlns='${weather}'/></iq>`)
      yield* settle
      yield* other.say(Support.footer)
      yield* other.connection.end
      assert.strictEqual((yield* Fiber.join(closing)).clean, true)
      assert.strictEqual(handled, 0)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("handlers end with their stream", () =>
    Effect.gen(function*() {
      const interrupted = yield* Deferred.make<boolean>()
      const handler = answering(() =>
        Effect.onExit(Effect.never, (exit) =>
          Deferred.succeed(interrupted, exit._tag === "Failure" && Cause.hasInterrupts(exit.cause)))
      )
      const { juliet: hers, romeo: his } = yield* pair({ juliet: { handlers: [handler] } })
      yield* Effect.forkChild(Effect.ignore(his.request(question())))
      yield* settle
      yield* hers.abort
      assert.isTrue(yield* Deferred.await(interrupted))
    }).pipe(Effect.provide(Support.credulous)))
})
