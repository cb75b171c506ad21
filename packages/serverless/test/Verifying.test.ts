import { assert, describe, it } from "@effect/vitest"
import { PinStoreError } from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import * as Wire from "@xmpp-e2e/stream/VerificationWire"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { settle, world } from "./support.ts"
import { isVerified, juliet, person, romeo, shown, stream } from "./verifying.ts"
import type { Person } from "./verifying.ts"

const couple = Effect.gen(function*() {
  const his = yield* person(romeo)
  const hers = yield* person(juliet)
  const { arrived, dialled } = yield* stream(his, hers)
  return { his, hers, at: { his: dialled, hers: arrived } }
})

/** Until both see a string. */
const comparing = Effect.gen(function*() {
  const two = yield* couple
  yield* two.his.begin(two.at.his)
  yield* settle
  yield* two.hers.agree(two.at.hers)
  yield* settle
  return two
})

describe("two people", () => {
  it.effect("see the same string, and each marks the pin of the other when its own person says so", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* comparing
      assert.deepStrictEqual(hers.told[0], `Asked by ${romeo}`)
      assert.match(shown(his) ?? "", /^Show \d{5} \d{5}$/)
      assert.strictEqual(shown(hers), shown(his))
      assert.deepStrictEqual([yield* isVerified(his, juliet), yield* isVerified(hers, romeo)], [false, false])
      assert.isTrue(yield* his.same(at.his))
      assert.deepStrictEqual([yield* isVerified(his, juliet), yield* isVerified(hers, romeo)], [true, false])
      assert.isTrue(yield* hers.same(at.hers))
      assert.deepStrictEqual([yield* isVerified(his, juliet), yield* isVerified(hers, romeo)], [true, true])
      yield* settle
      assert.deepStrictEqual([his.told.at(-1), hers.told.at(-1)], [`Verified ${juliet}`, `Verified ${romeo}`])
      assert.isFalse(yield* his.same(at.his))
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("both start at once, and neither is asked", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple
      const both = Effect.all([his.begin(at.his), hers.begin(at.hers)], { concurrency: 2 })
      const fiber = yield* Effect.forkChild(both)
      yield* settle
      yield* Fiber.join(fiber)
      assert.match(shown(his) ?? "", /^Show \d{5} \d{5}$/)
      assert.deepStrictEqual([his.told.length, hers.told], [1, his.told])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("who begins when the peer has asked agrees; who begins twice is told", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple
      yield* his.begin(at.his)
      assert.strictEqual((yield* Effect.flip(his.begin(at.his))).why, "underWay")
      yield* settle
      yield* hers.begin(at.hers)
      yield* settle
      assert.strictEqual(shown(hers), shown(his))
      assert.isDefined(shown(his))
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("RFC 9266 find out at once where somebody relays word by word between two streams", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const passOn = (to: () => E2eStream | undefined) =>
        his.handlers.map((handler) => ({
          ...handler,
          handle: (iq: Element.Element) =>
            Effect.forEach(Element.elements(iq), (payload) =>
              to()?.request(Stanza.iq({ type: "set", payload })) ?? Effect.void).pipe(
                Effect.orDie,
                Effect.as(undefined)
              )
        }))
      const relayed: { onwards?: E2eStream; back?: E2eStream } = {}
      const asJuliet = { ...hers, options: { ...hers.options, handlers: passOn(() => relayed.onwards) } }
      const asRomeo = { ...his, options: { ...his.options, handlers: passOn(() => relayed.back) } }
      const left = yield* stream(his, asJuliet)
      const right = yield* stream(asRomeo, hers)
      relayed.onwards = right.dialled
      relayed.back = left.arrived
      assert.notDeepEqual(left.dialled.tls?.exporter, right.dialled.tls?.exporter)
      yield* his.begin(left.dialled)
      yield* settle
      yield* hers.agree(right.arrived)
      yield* settle
      assert.strictEqual(hers.told.at(-1), "Failed commitmentBroken")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("RFC 9266 see different strings where somebody shows the certificates of both and relays", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const asJuliet = yield* person(juliet)
      const asRomeo = yield* person(romeo)
      const left = yield* stream(his, asJuliet)
      const right = yield* stream(asRomeo, hers)
      yield* his.begin(left.dialled)
      yield* settle
      yield* asRomeo.begin(right.dialled)
      yield* asJuliet.agree(left.arrived)
      yield* settle
      yield* hers.agree(right.arrived)
      yield* settle
      assert.match(shown(hers) ?? "", /^Show \d{5} \d{5}$/)
      assert.notStrictEqual(shown(his), shown(hers))
      yield* his.different(left.dialled)
      yield* settle
      assert.strictEqual(his.told.at(-1), "Failed different")
      assert.strictEqual(asJuliet.told.at(-1), "Failed stoppedByPeer")
      assert.isFalse(yield* isVerified(his, juliet))
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("what is said to the peer", () => {
  it.effect("keeps its order: nothing is said before the peer has what came before it", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const heard: Array<string> = []
      const slow = hers.handlers.map((handler) => ({
        ...handler,
        handle: () =>
          Effect.gen(function*() {
            heard.push(handler.name)
            yield* Effect.sleep(handler.name === "start" ? "5 seconds" : "1 second")
            heard.push(`after ${handler.name}`)
            return undefined
          })
      }))
      const { dialled } = yield* stream(his, { ...hers, options: { ...hers.options, handlers: slow } })
      const fiber = yield* Effect.forkChild(his.begin(dialled), { startImmediately: true })
      yield* settle
      const stopping = yield* Effect.forkChild(his.stop(dialled), { startImmediately: true })
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber))).why, "stopped")
      assert.isUndefined(stopping.pollUnsafe())
      yield* TestClock.adjust("5 seconds")
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.deepStrictEqual(heard, ["start", "after start", "stop", "after stop"])
      assert.isTrue(yield* Fiber.join(stopping))
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("a verification ends", () => {
  it.effect("when either person stops it, and both are told", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* comparing
      assert.isTrue(yield* hers.stop(at.hers))
      yield* settle
      assert.deepStrictEqual([his.told.at(-1), hers.told.at(-1)], ["Failed stoppedByPeer", "Failed stopped"])
      assert.isFalse(yield* his.same(at.his))
      assert.isFalse(yield* isVerified(his, juliet))
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("after two minutes, not before, on both sides", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* comparing
      yield* TestClock.adjust("118 seconds")
      yield* settle
      assert.strictEqual(his.told.at(-1), shown(his))
      yield* TestClock.adjust("2 seconds")
      yield* settle
      assert.strictEqual(his.told.at(-1), "Failed timedOut")
      assert.match(hers.told.at(-1) ?? "", /^Failed (timedOut|stoppedByPeer)$/)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("and the next one has as much time as the first", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple
      yield* his.begin(at.his)
      yield* settle
      yield* TestClock.adjust("100 seconds")
      yield* his.stop(at.his)
      yield* his.begin(at.his)
      yield* hers.agree(at.hers)
      yield* settle
      yield* TestClock.adjust("100 seconds")
      yield* settle
      assert.strictEqual(his.told.at(-1), shown(his))
      yield* TestClock.adjust("20 seconds")
      yield* settle
      assert.strictEqual(his.told.at(-1), "Failed timedOut")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("with its stream, and another stream to the same peer can have one", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple
      yield* his.begin(at.his)
      yield* settle
      yield* at.his.abort
      yield* settle
      assert.deepStrictEqual([his.told.at(-1), hers.told.at(-1)], ["Failed stopped", "Failed stopped"])
      assert.isFalse(yield* hers.agree(at.hers))
      assert.strictEqual((yield* Effect.flip(his.begin(at.his))).why, "unanswered")
      const next = yield* stream(his, hers)
      yield* TestClock.adjust("30 seconds")
      yield* his.begin(next.dialled)
      yield* settle
      assert.strictEqual(hers.told.at(-1), `Asked by ${romeo}`)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("not with its stream where two people compare already; they have no longer for it than otherwise", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* comparing
      yield* his.same(at.his)
      yield* at.his.close
      yield* settle
      assert.isTrue(yield* hers.same(at.hers))
      yield* settle
      assert.strictEqual(hers.told.at(-1), `Verified ${romeo}`)
      assert.isFalse(yield* hers.stop(at.hers))
      const next = yield* stream(his, hers)
      yield* TestClock.adjust("30 seconds")
      yield* his.begin(next.dialled)
      yield* settle
      yield* hers.agree(next.arrived)
      yield* settle
      yield* next.dialled.abort
      yield* TestClock.adjust("2 minutes")
      yield* settle
      assert.deepStrictEqual([his.told.at(-1), hers.told.at(-1)], ["Failed timedOut", "Failed timedOut"])
      assert.isFalse(yield* his.same(next.dialled))
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("when who began is interrupted before the peer has the request", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple
      const fiber = yield* Effect.forkChild(his.begin(at.his), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      yield* settle
      assert.isFalse(yield* his.stop(at.his))
      assert.isFalse(yield* hers.agree(at.hers))
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("in a failure, not in silence, where the pin cannot be kept", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo, {}, () => ({
        remember: () => Effect.fail(new PinStoreError({ reason: "unwritable", detail: "the disk is full" }))
      }))
      const hers = yield* person(juliet)
      const { arrived, dialled } = yield* stream(his, hers)
      yield* his.begin(dialled)
      yield* settle
      yield* hers.agree(arrived)
      yield* settle
      yield* his.same(dialled)
      yield* settle
      assert.strictEqual(his.told.at(-1), "Failed unkept")
      assert.notInclude(his.told, `Verified ${juliet}`)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("with the scope: nobody waits any more, and nobody is asked", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const his = yield* Scope.provide(person(romeo), scope)
      const hers = yield* person(juliet)
      const asked: Array<string> = []
      yield* Effect.forkScoped(
        Stream.runForEach(his.events, ({ _tag }) => Effect.sync(() => void asked.push(_tag))),
        { startImmediately: true }
      )
      const slow = hers.handlers.map((handler) => ({ ...handler, handle: () => Effect.never }))
      const { arrived, dialled } = yield* stream(his, { ...hers, options: { ...hers.options, handlers: slow } })
      const beginning = yield* Effect.forkChild(his.begin(dialled), { startImmediately: true })
      yield* settle
      const stopping = yield* Effect.forkChild(his.stop(dialled), { startImmediately: true })
      yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* settle
      assert.isDefined(beginning.pollUnsafe())
      assert.isDefined(stopping.pollUnsafe())
      assert.strictEqual((yield* Effect.flip(his.begin(dialled))).why, "unanswered")
      const payload = Wire.write({ _tag: "start", run: "0".repeat(64) })
      yield* arrived.request(Stanza.iq({ type: "set", payload }))
      assert.notInclude(asked, "Asked")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

const begun = (whose: Person, peer: Pick<Person, "name" | "options">) =>
  Effect.flatMap(stream(whose, peer), ({ dialled }) => Effect.flip(whose.begin(dialled)))

describe("a stream cannot bear a verification", () => {
  const clear = { tls: "never", sasl: "never", authenticatePeer: false } as const

  it.effect("without TLS, and the peer is told so too", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const one = { ...his, options: { ...his.options, policy: clear } }
      const two = { ...hers, options: { ...hers.options, policy: clear } }
      const failure = yield* begun(one, two)
      assert.strictEqual(failure.why, "unencrypted")
      assert.match(failure.message, /not encrypted.*Open a stream with TLS/)
      const { dialled } = yield* stream(one, two)
      const payload = Wire.write({ _tag: "start", run: "0".repeat(64) })
      const { reason } = yield* Effect.flip(dialled.request(Stanza.iq({ type: "set", payload })))
      assert.strictEqual(reason._tag === "Refused" ? reason.error.condition : reason._tag, "not-acceptable")
      assert.isEmpty(hers.told)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("RFC 9266 with an exporter that is missing or empty, with an older TLS, without certificates or verdict", () =>
    Effect.gen(function*() {
      const { at, his } = yield* couple
      const { dialled } = { dialled: at.his }
      const tls = dialled.tls
      assert.isDefined(tls)
      const { exporter: _, ...withoutExporter } = tls
      const { certificate: __, ...nobody } = dialled.self
      const { verdict: ___, ...unjudged } = dialled
      for (
        const [why, broken] of [
          ["noExporter", { ...dialled, tls: withoutExporter }],
          ["noExporter", { ...dialled, tls: { ...tls, exporter: new Uint8Array() } }],
          ["oldTls", { ...dialled, tls: { ...tls, protocol: "TLSv1.2" } }],
          ["noIdentity", { ...dialled, self: nobody }],
          ["peerUnproven", { ...dialled, tls: { ...tls, chain: [] } }],
          ["peerUnproven", unjudged],
          ["peerUnproven", { ...dialled, peer: { ...dialled.peer, verified: false } }]
        ] as const
      ) {
        assert.strictEqual((yield* Effect.flip(his.begin(broken))).why, why)
      }
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IQ-09 to a peer that knows nothing of it", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const failure = yield* begun(his, { ...hers, options: { ...hers.options, handlers: [] } })
      assert.strictEqual(failure.why, "unsupported")
      assert.match(failure.message, /cannot verify.*Compare fingerprints/)
      assert.isEmpty(his.told)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("to a peer that has nobody to ask, whose words come back", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const failure = yield* begun(his, yield* person(juliet, { absence: "Nobody sits at this machine." }))
      assert.deepStrictEqual([failure.why, failure.detail], ["declined", "Nobody sits at this machine."])
    }).pipe(Effect.scoped, Effect.provide(world)))
})
