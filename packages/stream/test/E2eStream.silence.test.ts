/** A peer that stops talking, at every stage: the right timer ends it, and says so. */
import { assert, describe, it } from "@effect/vitest"
import type { Reason } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { E2eStream, OverOptions } from "../src/E2eStream.ts"
import type { ConfigInvalid, StreamFailed } from "../src/Failure.ts"
import * as Support from "./support.ts"

const { asJuliet, asRomeo, clear, features, header, juliet, romeo, starttlsRequired, withPuppet } = Support

type Negotiating = Fiber.Fiber<E2eStream, StreamFailed | ConfigInvalid>

/** What the peer does before it falls silent. */
type Prelude = (other: Support.Puppet) => Effect.Effect<unknown>

const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
const mechanisms = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"

const answered = header({ from: juliet, to: romeo, id: "1" })
const opened = header({ from: romeo, to: juliet })

const upToTls: Prelude = (other) =>
  Effect.gen(function*() {
    yield* other.hear("version")
    yield* other.say(answered + features(starttlsRequired))
    yield* other.hear("starttls")
    yield* other.say(proceed)
  })

const insideTls: Prelude = (other) =>
  Effect.gen(function*() {
    yield* upToTls(other)
    yield* other.turnToTls("server", juliet)
    yield* other.hear("version")
  })

const initiator: ReadonlyArray<readonly [string, Prelude, OverOptions, number, Reason.Cause]> = [
  ["TIME-04 no response header", (other) => other.hear("version"), asRomeo(), 15_000, "silence"],
  ["TIME-04 no features", (other) => other.say(answered), asRomeo(), 15_000, "silence"],
  ["TIME-04 no proceed", (other) => other.say(answered + features(starttlsRequired)), asRomeo(), 15_000, "silence"],
  ["TIME-06 no handshake", upToTls, asRomeo(), 15_000, "tlsTimeout"],
  ["TIME-13 no header inside TLS", insideTls, asRomeo(), 135_000, "silence"],
  [
    "TIME-04 no answer to auth",
    (other) => Effect.andThen(insideTls(other), other.say(answered.replace("id='1'", "id='2'") + features(mechanisms))),
    asRomeo(),
    15_000,
    "silence"
  ]
]

const recipient: ReadonlyArray<readonly [string, Prelude, OverOptions, number, Reason.Cause]> = [
  ["TIME-03 no header", () => Effect.void, asJuliet(), 15_000, "noHeader"],
  ["TIME-05 no choice", (other) => other.say(opened), asJuliet(), 30_000, "silence"],
  [
    "TIME-06 no handshake",
    (other) => other.say(`${opened}<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`),
    asJuliet(),
    15_000,
    "tlsTimeout"
  ]
]

/** The peer answers nothing, not even the end: the cause is that of the first silence. */
const endsIn = (prelude: Prelude, options: OverOptions) =>
  Effect.gen(function*() {
    const { fiber, other } = yield* withPuppet(options)
    const listening = yield* Effect.forkChild(prelude(other))
    yield* Support.settle
    yield* Fiber.join(listening)
    yield* Support.settle
    return { fiber, other }
  })

const check = (fiber: Negotiating, millis: number, cause: Reason.Cause, other: Support.Puppet) =>
  Effect.gen(function*() {
    yield* TestClock.adjust(millis - 1)
    yield* Support.settle
    assert.isUndefined(fiber.pollUnsafe())
    const hearing = yield* Effect.forkChild(other.hearOut)
    // One more for the timer, then the timers that bound the end.
    const { value } = yield* Support.elapsing(Effect.flip(Fiber.join(fiber)))
    assert.strictEqual(value._tag, "StreamFailed")
    if (value._tag === "StreamFailed") assert.strictEqual(value.reason.cause, cause)
    yield* Fiber.interrupt(hearing)
  })

describe.each([...initiator, ...recipient])("%s", (name, prelude, options, millis, cause) => {
  it.effect(`${name}: the ${options.role} gives up after ${millis} ms`, () =>
    Effect.flatMap(endsIn(prelude, options), ({ fiber, other }) => check(fiber, millis, cause, other)).pipe(
      Effect.provide(Support.credulous)
    ))
})

describe("an established stream", () => {
  it.effect("TIME-01 is kept alive with white space, for as long as it lives", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* Support.clearWithPuppet()
      yield* TestClock.adjust("299 seconds")
      yield* stream.send(Support.message("hi"))
      yield* other.hear("</message>")
      yield* TestClock.adjust("299 seconds")
      const fiber = yield* Effect.forkChild(other.hear(" "))
      yield* Support.settle
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), " ")
      yield* TestClock.adjust("300 seconds")
      assert.strictEqual(yield* other.hear(" "), " ")
      yield* stream.abort
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("TIME-09 whose peer does not answer a ping ends by connection-timeout", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* Support.clearWithPuppet()
      const pinging = yield* Effect.forkChild(Effect.flip(stream.ping({ timeout: "10 seconds" })))
      yield* other.hear("urn:xmpp:ping")
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(pinging)).reason._tag, "TimedOut")
      yield* TestClock.adjust("20 seconds")
      assert.match(yield* other.hear(Support.footer), /<connection-timeout/)
      yield* other.say(Support.footer)
      yield* other.connection.end
      assert.strictEqual((yield* stream.ended).reason.cause, "unresponsive")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("TIME-10 may be too idle", () =>
    Effect.gen(function*() {
      const { other, stream } = yield* Support.clearWithPuppet({ timeouts: { idleMillis: 700_000 } })
      yield* TestClock.adjust("700 seconds")
      yield* other.hear(Support.footer)
      yield* other.say(Support.footer)
      yield* other.connection.end
      const ended = yield* stream.ended
      assert.deepStrictEqual([ended.reason.cause, ended.clean], ["idle", true])
      assert.deepStrictEqual(yield* Stream.runCollect(stream.stanzas), [])
    }).pipe(Effect.provide(Support.credulous)))
})

assert.isDefined(clear)
