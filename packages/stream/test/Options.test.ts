import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Options from "../src/Options.ts"
import { identity } from "./support.ts"

describe("toConfig", () => {
  it.effect("fills in the defaults of the protocol, and two seconds to say the rest (END-04)", () =>
    Effect.gen(function*() {
      const config = yield* Options.toConfig("initiator", { from: "mira@tansy" }, "oskar@linden")
      assert.strictEqual(config.policy.tls, "required")
      assert.strictEqual(config.timeouts.drainMillis, 2000)
      assert.strictEqual(config.timeouts.closeMillis, 5000)
      assert.strictEqual(config.peer, "oskar@linden")
      assert.isUndefined(config.certificate)
    }))

  it.effect("SASL-16 tells the protocol which addresses our certificate holds", () =>
    Effect.gen(function*() {
      const options = { from: "mira@tansy", identity: identity("mira@tansy") }
      const config = yield* Options.toConfig("recipient", options, undefined)
      assert.deepStrictEqual(config.certificate, { addresses: ["mira@tansy"] })
    }))

  const refused: ReadonlyArray<readonly [string, "initiator" | "recipient", Options.Options, RegExp]> = [
    ["a recipient without an identity", "recipient", { from: "mira@tansy" }, /identity/],
    ["what contradicts the protocol", "initiator", { from: "mira@tansy", policy: { legacy: "accept" } }, /legacy/],
    ["a bound that is none", "initiator", { from: "mira@tansy", stanzasMax: 0 }, /stanzasMax/],
    ["an address that is none", "initiator", { from: "@" }, /address/]
  ]
  for (const [what, role, options, words] of refused) {
    it.effect(`refuses ${what}, with a sentence for each contradiction`, () =>
      Effect.gen(function*() {
        const failure = yield* Effect.flip(Options.toConfig(role, options, "oskar@linden"))
        assert.isAtLeast(failure.contradictions.length, 1)
        assert.match(failure.message, words)
      }))
  }
})
