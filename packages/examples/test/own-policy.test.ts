import { Hunt } from "@xmpp-e2e/testkit"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { pairOf, sealed, tried } from "../src/own-policy.ts"

describe("a policy of one's own", () => {
  it("P-25 that requires TLS delivers nothing in clear, whatever the network does", () => {
    assert.isUndefined(tried(pairOf("required"), 500))
  })

  it("P-25 that hopes for TLS is found out, with somebody in the middle as the only fault", () => {
    const found = tried(pairOf("preferred"), 500)
    assert.strictEqual(found?.breach.rule, sealed.id)
    assert.deepStrictEqual(found?.plan.faults.map(({ kind }) => kind), ["strip"])
    assert.deepStrictEqual(found?.plan.pair, pairOf("preferred"))
    // Without the law of the application there is nothing to complain of: that is what the policy allows.
    if (found !== undefined) assert.isUndefined(Hunt.attempt(found.plan).breach)
  })
})

describe("the program", () => {
  it("tells both", () => {
    const program = fileURLToPath(new URL("../src/own-policy.ts", import.meta.url))
    const told = execFileSync(process.execPath, [program], { encoding: "utf8" })
    assert.include(told, "TLS required: 500 sessions, and all laws were kept")
    assert.match(told, /TLS preferred: seed \d+ breaks sealed of (?:initiator|recipient)/)
  })
})
