/** Peers that ask too often, or say whatever they like. */
import { assert, describe, it } from "@effect/vitest"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import * as Wire from "@xmpp-e2e/stream/VerificationWire"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { settle, world } from "./support.ts"
import { isVerified, juliet, person, romeo, shown, stream } from "./verifying.ts"

const hex = (seed: number): string => seed.toString(16).padStart(64, "0")

const say = (end: E2eStream, payload: Element.Element) => end.request(Stanza.iq({ type: "set", payload }))

const start = (end: E2eStream, seed: number) => say(end, Wire.write({ _tag: "start", run: hex(seed) }))

const stop = (end: E2eStream, seed: number) => say(end, Wire.write({ _tag: "stop", run: hex(seed) }))

const questions = (told: ReadonlyArray<string>): number => told.filter((each) => each.startsWith("Asked")).length

describe("a peer that asks again and again", () => {
  it.effect("bothers the person once in half a minute, on however many streams", () =>
    Effect.gen(function*() {
      const hers = yield* person(juliet)
      const his = yield* person(romeo)
      const one = yield* stream(his, hers)
      const other = yield* stream(his, hers)
      yield* start(one.dialled, 0)
      yield* stop(one.dialled, 0)
      for (let seed = 1; seed < 50; seed++) {
        const refused = yield* Effect.flip(start(seed % 2 === 0 ? one.dialled : other.dialled, seed))
        assert.strictEqual(refused.reason._tag, "Refused")
      }
      assert.strictEqual(questions(hers.told), 1)
      yield* TestClock.adjust("30 seconds")
      yield* start(other.dialled, 50)
      yield* settle
      assert.strictEqual(questions(hers.told), 2)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("waits for the answer to its first question, whatever time has passed", () =>
    Effect.gen(function*() {
      const hers = yield* person(juliet)
      const his = yield* person(romeo)
      const one = yield* stream(his, hers)
      const other = yield* stream(his, hers)
      yield* start(one.dialled, 0)
      yield* TestClock.adjust("60 seconds")
      const { message } = yield* Effect.flip(start(other.dialled, 1))
      assert.include(message, "the person has not answered")
      const { message: busy } = yield* Effect.flip(start(one.dialled, 2))
      assert.include(busy, "under way")
      assert.strictEqual(questions(hers.told), 1)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("of which there are many gets few questions asked in all", () =>
    Effect.gen(function*() {
      const hers = yield* person(juliet)
      for (let one = 0; one < 20; one++) {
        const { dialled } = yield* stream(yield* person(`montague-${one}@forza`), hers)
        yield* Effect.ignore(start(dialled, one))
      }
      assert.strictEqual(questions(hers.told), 8)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("does not use up a question with what is none, IQ-11", () =>
    Effect.gen(function*() {
      const hers = yield* person(juliet)
      const { dialled } = yield* stream(yield* person(romeo), hers)
      const { reason } = yield* Effect.flip(say(dialled, Element.make(Wire.namespace, "start", { run: "soon" })))
      assert.strictEqual(reason._tag === "Refused" ? reason.error.condition : "", "bad-request")
      yield* start(dialled, 1)
      assert.strictEqual(questions(hers.told), 1)
    }).pipe(Effect.scoped, Effect.provide(world)))
})

/** What happens: words of our person, messages of a peer that keeps to nothing, and time. */
const word = fc.constantFrom("begin", "agree", "same", "different", "stop", "wait")
const lie = fc.record({
  name: fc.constantFrom("start", "answer", "reveal", "stop", "prove"),
  run: fc.constantFrom("ours", "own", "other"),
  nonce: fc.nat({ max: 3 })
})
type Happening = { readonly word: string } | {
  readonly lie: { readonly name: string; readonly run: string; readonly nonce: number }
}
const happening: fc.Arbitrary<Happening> = fc.oneof(fc.record({ word }), fc.record({ lie }))

const pinsOnlyBySame = (happenings: ReadonlyArray<Happening>) =>
  Effect.gen(function*() {
    const hers = yield* person(juliet)
    let ours = hex(9)
    const overheard = {
      namespace: Wire.namespace,
      name: "start",
      handle: (iq: Element.Element) =>
        Effect.sync(() => {
          ours = Wire.read(Element.elements(iq)[0] ?? iq)?.run ?? ours
          return undefined
        })
    }
    const his = yield* person(romeo)
    const { arrived, dialled } = yield* stream({ ...his, options: { ...his.options, handlers: [overheard] } }, hers)
    let isSaid = false
    for (const one of happenings) {
      if ("lie" in one) {
        const run = { ours, own: hex(1), other: hex(2) }[one.lie.run]
        const payload = Element.make(Wire.namespace, one.lie.name, { run, nonce: hex(one.lie.nonce) })
        yield* Effect.ignore(say(dialled, payload))
      } else if (one.word === "begin") yield* Effect.ignore(hers.begin(arrived))
      else if (one.word === "agree") yield* hers.agree(arrived)
      else if (one.word === "same") isSaid = (yield* hers.same(arrived)) || isSaid
      else if (one.word === "different") yield* hers.different(arrived)
      else if (one.word === "stop") yield* hers.stop(arrived)
      else yield* TestClock.adjust("31 seconds")
      assert.strictEqual(yield* isVerified(hers, romeo), isSaid)
    }
    return { isSaid, isShown: shown(hers) !== undefined }
  }).pipe(Effect.scoped, Effect.provide([world, TestClock.layer()]))

describe("a pin", () => {
  it("is marked exactly when our own person has said that the strings are the same", async () => {
    // The peer of this property can answer: a run in which it does is among those tried.
    const honest: ReadonlyArray<Happening> = [
      { word: "begin" },
      { lie: { name: "answer", run: "ours", nonce: 1 } },
      { word: "same" }
    ]
    assert.deepStrictEqual(await Effect.runPromise(pinsOnlyBySame(honest)), { isSaid: true, isShown: true })
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 12 }), async (happenings) => {
        await Effect.runPromise(pinsOnlyBySame(happenings))
      }),
      { numRuns: 60 }
    )
  })
})
