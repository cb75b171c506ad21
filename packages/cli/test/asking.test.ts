/** A question to the person at the terminal, and whose the next line of input is. Without a terminal: by the services. */
import { type FirstUse, Identity, PeerJudge, PinStore, Trust, TrustModel } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import * as Asking from "../src/asking.ts"
import * as Input from "../src/input.ts"

const run = <A>(body: Effect.Effect<A, unknown, Scope.Scope>): Promise<A> => Effect.runPromise(Effect.scoped(body))

const stranger = Effect.gen(function*() {
  const address = "mira@tansy"
  const made = yield* Identity.createSelfSigned({ address, naming: "jid", algorithm: "p256", days: 1 })
  const { chain } = yield* Identity.fromPem({ certificates: made.certificatePem, privateKey: made.privateKeyPem })
  const question: PeerJudge.Question = {
    role: "initiator",
    naming: "jid",
    authenticatePeer: true,
    expected: address,
    chain
  }
  return question
})

/** What is judged of a stranger when a person types these lines, and what is in the store afterwards. */
const judgedWith = (...typed: ReadonlyArray<string>) => {
  const trust = Trust.make({ combination: TrustModel.anyOf(TrustModel.firstUse), firstUse: "ask" })
  const input = Input.layerAsking(Stream.fromIterable(typed))
  const judge = Layer.provideMerge(PeerJudge.layer(trust), PinStore.layerMemory())
  return Effect.gen(function*() {
    const { judge } = yield* PeerJudge.PeerJudge
    const { verdict } = yield* judge(yield* stranger)
    const { all } = yield* PinStore.PinStore
    const { lines } = yield* Input.Input
    return { code: verdict.code, pins: (yield* all).length, rest: yield* Stream.runCollect(lines) }
  }).pipe(Effect.provide([judge, Layer.provideMerge(Asking.layer, input)]))
}

describe("a question", () => {
  it("CERT-87 yes is consent, and the lines after it belong to the conversation", () =>
    run(Effect.gen(function*() {
      const told = yield* judgedWith(" Yes", "hello", "how are you?")
      assert.deepStrictEqual(told, { code: "firstUse", pins: 1, rest: ["hello", "how are you?"] })
    })))

  for (const typed of [["no"], [""], ["y"], ["yes, but"], []]) {
    it(`CERT-87 ${JSON.stringify(typed)} is no consent, and nothing is remembered`, () =>
      run(Effect.gen(function*() {
        assert.deepStrictEqual(yield* judgedWith(...typed), { code: "userRejected", pins: 0, rest: [] })
      })))
  }

  it("CERT-87 shows address, fingerprint, why, and notes; a name moves no cursor", () => {
    const request: FirstUse.Request = {
      role: "recipient",
      addresses: ["mira\u001b[2J@tansy"],
      names: ["mira@tansy", ...Array.from({ length: 20 }, (_, at) => `m${at}\u202e@tansy`)],
      fingerprint: "AB:CD",
      because: "The certificate is signed by its own key",
      notices: ["pinnedElsewhere: this certificate is already pinned to oskar@linden."]
    }
    const text = Asking.question(request).join("\n")
    for (
      const part of [
        "calls as mira",
        "@tansy",
        "It names mira@tansy, m0",
        " and 13 more.",
        "SHA-256 AB:CD",
        "its own key",
        "Note: pinnedElsewhere",
        "[yes/no]"
      ]
    ) {
      assert.include(text, part)
    }
    assert.notMatch(text, /[\u001b\u202e]/)
  })
})

describe("input", () => {
  it(
    "is the conversation's, but for answers; a question that is given up takes none",
    () =>
      run(Effect.gen(function*() {
        const typed = yield* Queue.unbounded<string>()
        yield* Effect.gen(function*() {
          const { answer, lines } = yield* Input.Input
          const heard: Array<string> = []
          yield* Effect.forkScoped(Stream.runForEach(lines, (line) => Effect.sync(() => void heard.push(line))))
          const first = yield* Effect.forkChild(answer(Effect.void), { startImmediately: true })
          const second = yield* Effect.forkChild(answer(Effect.void), { startImmediately: true })
          yield* Queue.offer(typed, "to the first")
          assert.strictEqual(yield* Fiber.join(first), "to the first")
          yield* settled
          yield* Queue.offer(typed, "to the second")
          assert.strictEqual(yield* Fiber.join(second), "to the second")
          const third = yield* Effect.forkChild(answer(Effect.void), { startImmediately: true })
          yield* settled
          yield* Fiber.interrupt(third)
          yield* Queue.offer(typed, "to nobody in particular")
          yield* settled
          assert.deepStrictEqual(heard, ["to nobody in particular"])
        }).pipe(Effect.provide(Input.layerAsking(Stream.fromQueue(typed))))
      }))
  )

  it("answers a question that follows right from the answer before", () =>
    run(Effect.gen(function*() {
      const typed = yield* Queue.unbounded<string>()
      yield* Effect.gen(function*() {
        const { answer } = yield* Input.Input
        const twice = Effect.flatMap(answer(Effect.void), (first) =>
          Effect.map(answer(Effect.void), (second) => [first, second]))
        const fiber = yield* Effect.forkChild(twice, { startImmediately: true })
        for (const line of ["one", "two"]) {
          yield* Queue.offer(typed, line)
          yield* settled
        }
        assert.deepStrictEqual(fiber.pollUnsafe(), Exit.succeed(["one", "two"]))
      }).pipe(Effect.provide(Input.layerAsking(Stream.fromQueue(typed))))
    })))

  it("asks nobody where nobody is asked", () =>
    run(
      Effect.gen(function*() {
        const { answer } = yield* Input.Input
        assert.isUndefined(yield* answer(Effect.die("nobody reads this")))
      }).pipe(Effect.provide(Input.layer))
    ))
})

/** Everybody else has had a turn. */
const settled = Effect.yieldNow.pipe(Effect.repeat({ times: 20 }))
