/** Whole sessions with bytes cut at random and interrupted anywhere: both ends agree, and nothing is left running. */
import { assert, describe, it } from "@effect/vitest"
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as Memory from "@xmpp-e2e/transport/Memory"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import * as E2eStream from "../src/E2eStream.ts"
import * as Recorder from "../src/Recorder.ts"
import * as Stanza from "../src/Stanza.ts"
import * as Support from "./support.ts"

const quiet = Layer.mergeAll(TestClock.layer(), Support.credulous, Logger.layer([]))

const { asJuliet, asRomeo, clear, message, settle } = Support

const policies = fc.constantFrom(
  {},
  { sasl: "required" },
  { sasl: "never" },
  { profile: "0.1" },
  { tls: "preferred" },
  { tlsEntry: "direct" },
  clear,
  { ...clear, legacy: "accept" }
) as fc.Arbitrary<NonNullable<E2eStream.OverOptions["policy"]>>

/** FEAT-20: who offers TLS and does not insist has to offer something else as well. */
const another = Element.make("urn:example:feature", "feature")

/** XML has no other characters (XML 1.0 §2.2). */
const isWritable = (word: string): boolean =>
  /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(word)

interface Session {
  readonly seed: number
  readonly most: number
  readonly buffer: number
  readonly his: NonNullable<E2eStream.OverOptions["policy"]>
  readonly hers: NonNullable<E2eStream.OverOptions["policy"]>
  readonly words: ReadonlyArray<string>
}

const session: fc.Arbitrary<Session> = fc.record({
  seed: fc.integer(),
  most: fc.integer({ min: 1, max: 300 }),
  buffer: fc.integer({ min: 1, max: 4000 }),
  his: policies,
  hers: policies,
  // At least one: whoever closes a clear stream before a word is said has not been heard to commit to it.
  words: fc.array(fc.string({ unit: "grapheme", maxLength: 40 }).filter(isWritable), { minLength: 1, maxLength: 12 })
})

const link = ({ buffer, most, seed }: Session): Memory.Link => ({
  bufferBytesMax: buffer,
  chunk: Memory.chunks({ least: 1, most, seed })
})

/** Negotiates, has juliet echo what romeo says, and closes; the bodies that came back, or why there was no stream. */
const run = Effect.fnUntraced(function*(shape: Session) {
  const [left, right] = yield* Memory.pair(link(shape))
  const his = E2eStream.over(left, asRomeo({ policy: shape.his })).pipe(
    Effect.flatMap((stream) =>
      Effect.gen(function*() {
        yield* Effect.forkChild(stream.sendAll(shape.words.map(message)))
        const echoes: Array<string | undefined> = []
        while (echoes.length < shape.words.length) {
          echoes.push(Stanza.bodyOf((yield* Support.next(stream)).stanza))
        }
        return { echoes, ended: yield* stream.close }
      })
    ),
    Effect.scoped,
    Effect.result
  )
  const hers = E2eStream.over(right, asJuliet({ policy: shape.hers, extraFeatures: [another] })).pipe(
    Effect.flatMap((stream) =>
      Effect.gen(function*() {
        for (let next = yield* stream.receive; next._tag === "Some"; next = yield* stream.receive) {
          yield* stream.send(message(Stanza.bodyOf(next.value.stanza) ?? "?"))
        }
        return yield* stream.close
      })
    ),
    Effect.scoped,
    Effect.result
  )
  const { value } = yield* Support.elapsing(Effect.all([his, hers], { concurrency: 2 }))
  return { his: value[0], hers: value[1] }
})

const recordingOf = (lines: ReadonlyArray<string>) => Result.getOrThrow(Recording.decode(`${lines.join("\n")}\n`))

describe("P-22 two of ours", () => {
  it("P-20 P-21 P-27 P-28 under any cuts of the bytes and any pair of policies, both have a stream or neither", async () => {
    let streams = 0
    await fc.assert(
      fc.asyncProperty(session, (shape) =>
        Effect.runPromise(
          Effect.gen(function*() {
            const written: Array<Array<string>> = []
            const { hers, his } = yield* run(shape).pipe(Effect.provide(Recorder.layerMemory(written)))
            assert.strictEqual(his._tag, hers._tag)
            assert.deepStrictEqual(written.map((lines) => Replay.run(recordingOf(lines))._tag), ["Matched", "Matched"])
            if (Result.isFailure(his) || Result.isFailure(hers)) return
            streams += 1
            assert.deepStrictEqual(his.success.echoes, [...shape.words])
            assert.isTrue(his.success.ended.clean)
            assert.isTrue(hers.success.clean)
          }).pipe(Effect.scoped, Effect.provide(quiet))
        )),
      { numRuns: 300 }
    )
    // Neither outcome is so rare that it was hardly tried.
    assert.isAtLeast(streams, 60)
    assert.isAtMost(streams, 280)
  })
})

describe("an interruption", () => {
  it("at any moment of the negotiation ends the connection and every fiber", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(400), fc.boolean(), (moment, early) =>
        Effect.runPromise(
          Support.counted((alive) =>
            Effect.gen(function*() {
              const before = alive()
              const [left, right] = yield* Memory.pair({ chunk: () => 40 })
              const his = yield* Effect.forkChild(Effect.scoped(E2eStream.over(left, asRomeo())))
              const hers = yield* Effect.forkChild(Effect.scoped(E2eStream.over(right, asJuliet())))
              for (let turn = 0; turn < moment; turn++) yield* Effect.yieldNow
              const { millis } = yield* Support.elapsing(Fiber.interrupt(early ? his : hers))
              assert.isAtMost(millis, 2600)
              const rest = yield* Support.elapsing(Fiber.await(early ? hers : his))
              assert.isAtMost(rest.millis, 8000)
              yield* settle
              assert.strictEqual(alive(), before)
              assert.isTrue(Exit.isFailure(yield* Effect.exit(left.write(new Uint8Array(1)))))
              assert.isTrue(Exit.isFailure(yield* Effect.exit(right.write(new Uint8Array(1)))))
            })
          ).pipe(Effect.scoped, Effect.provide(quiet))
        )),
      { numRuns: 120 }
    ))

  it.effect("of connect ends what had begun, long before the scope does", () =>
    Effect.gen(function*() {
      const { fiber, other } = yield* Support.withPuppet(asRomeo())
      yield* other.hear("version")
      // Heard while it is said: what nobody has read when a connection is dropped is gone.
      const heard = yield* Effect.forkChild(other.hearOut, { startImmediately: true })
      const { millis } = yield* Support.elapsing(Fiber.interrupt(fiber))
      assert.strictEqual(millis, 2500)
      assert.strictEqual(yield* Fiber.join(heard), Support.footer)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("of a judge that waits for a person is at once", () =>
    Effect.gen(function*() {
      const negotiating = yield* Effect.forkChild(Support.pair())
      yield* Effect.forEach([1, 2, 3, 4], () => settle, { discard: true })
      const { millis } = yield* Support.elapsing(Fiber.interrupt(negotiating))
      assert.isAtMost(millis, 2600)
    }).pipe(Effect.provide(Support.judging(() => Effect.never))))
})
