import { assert, it } from "@effect/vitest"
import { DiscoveryFailed } from "../src/Discovery.ts"

it("LL-12 a failure says in words what is wrong", () => {
  const failed = new DiscoveryFailed({ reason: "noFreeName", detail: "fifteen names were tried, and all are taken" })
  assert.strictEqual(failed.message, "fifteen names were tried, and all are taken")
  assert.strictEqual(failed._tag, "DiscoveryFailed")
})
