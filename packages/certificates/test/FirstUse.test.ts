import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FirstUse from "../src/FirstUse.ts"
import type { Ruling } from "../src/Judge.ts"
import * as PinStore from "../src/PinStore.ts"
import * as Verdicts from "../src/Verdicts.ts"
import { now } from "./making.ts"

const hashes = { certificate: "ab".repeat(32), key: "cd".repeat(32) }
const what: Verdicts.Case = { fingerprint: hashes.certificate, presented: [], notices: ["otherNames: somebody else."] }
const addresses = ["mira@tansy", "teo@linden"]
const ruling: Ruling = {
  verdict: Verdicts.fault(what, { code: "selfSigned", rule: "CERT-82", detail: "it is signed by its own key" }),
  firstUse: {
    addresses,
    accepted: Verdicts.firstUse(what, { authorised: addresses, strength: "firstUse" }),
    conflicting: Verdicts.pinMismatch(what, addresses)
  }
}
const candidate: FirstUse.Candidate = { role: "recipient", naming: "jid", hashes, now }
const settle = (firstUse: "reject" | "ask" | "accept", of: Ruling = ruling) =>
  FirstUse.settle(of, candidate, { firstUse, pinBy: "certificate" })
const pins = Effect.gen(function*() {
  const store = yield* PinStore.PinStore
  return yield* Effect.forEach(addresses, (address) => store.find({ address, naming: "jid" }))
})
const answering = (answer: boolean, seen: Array<FirstUse.Request> = []) =>
  Effect.provideService(FirstUse.Approver, {
    approve: (request) => Effect.sync(() => (seen.push(request), answer))
  })

describe("first use", () => {
  it.effect("CERT-88 an acceptance is remembered for every address, once, with its moment", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* settle("accept")).code, "firstUse")
      assert.strictEqual((yield* settle("accept")).code, "firstUse", "the same certificate again")
      const firstSeen = "2026-01-15T12:00:00Z"
      assert.deepStrictEqual(
        yield* pins,
        addresses.map((address) => [{ ...hashes, address, naming: "jid", firstSeen, how: "firstUse" }])
      )
    }).pipe(Effect.provide(PinStore.layerMemory())))

  it.effect("CERT-85 one address that is taken spoils them all, and nothing is remembered", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      const other = { certificate: "00".repeat(32), key: "00".repeat(32) }
      yield* store.remember({ ...other, address: "teo@linden", naming: "jid", firstSeen: "", how: "manual" })
      assert.strictEqual((yield* settle("accept")).code, "pinMismatch")
      assert.deepStrictEqual((yield* pins).map((each) => each.length), [0, 1])
    }).pipe(Effect.provide(PinStore.layerMemory())))

  it.effect("CERT-86 without consent nothing is remembered", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* settle("reject")).code, "selfSigned")
      assert.strictEqual((yield* settle("ask").pipe(answering(false))).code, "userRejected")
      const alone = yield* settle("ask")
      assert.deepInclude(alone, { decision: "reject", code: "selfSigned" })
      assert.isTrue(alone.notices.some((each) => each.startsWith("ask:")))
      assert.deepStrictEqual(yield* pins, [[], []])
    }).pipe(Effect.provide(PinStore.layerMemory())))

  it.effect("CERT-87 who is asked sees addresses, fingerprint, reason and notices", () =>
    Effect.gen(function*() {
      const seen: Array<FirstUse.Request> = []
      assert.strictEqual((yield* settle("ask").pipe(answering(true, seen))).code, "firstUse")
      const fingerprint = Array.from({ length: 32 }, () => "AB").join(":")
      assert.deepStrictEqual(seen, [{
        role: "recipient",
        addresses,
        fingerprint,
        because: ruling.verdict.because,
        notices: what.notices
      }])
    }).pipe(Effect.provide(PinStore.layerMemory())))

  it.effect("CERT-86 whoever is not up for a first use is not asked about", () =>
    Effect.gen(function*() {
      const seen: Array<FirstUse.Request> = []
      const { verdict } = ruling
      assert.deepStrictEqual(yield* settle("ask", { verdict }).pipe(answering(true, seen)), verdict)
      assert.deepStrictEqual(seen, [])
    }).pipe(Effect.provide(PinStore.layerMemory())))

  it.effect("CERT-85 a pin that another process keeps while somebody is asked counts", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      const other = { certificate: "00".repeat(32), key: "00".repeat(32) }
      const meanwhile = Effect.provideService(FirstUse.Approver, {
        approve: () =>
          store.remember({ ...other, address: "mira@tansy", naming: "jid", firstSeen: "now", how: "firstUse" }).pipe(
            Effect.orDie,
            Effect.as(true)
          )
      })
      assert.strictEqual((yield* settle("ask").pipe(meanwhile)).code, "pinMismatch")
      assert.deepStrictEqual((yield* pins).map((each) => each.map(({ key }) => key)), [[other.key], []])
    }).pipe(Effect.provide(PinStore.layerMemory())))
})
