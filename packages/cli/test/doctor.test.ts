/** On a network of its own: it asks whoever is there, and tests ask nobody else. */
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Namespaces from "../../node/test/contract/namespaces.ts"
import { start, temporary } from "./processes.ts"

const areNamespaces = Namespaces.areThere()

const alone = async (does: (namespace: string) => Promise<void>): Promise<void> => {
  const network = Namespaces.make(1)
  try {
    await does(network.namespace(1))
  } finally {
    network.remove()
  }
}

describe("doctor", () => {
  it.skipIf(!areNamespaces)(
    "tells one finding a line, and ends with 1 only when one failed (needs network namespaces)",
    () =>
      alone(async (namespace) => {
        const identity = join(temporary(), "none")
        const doctor = start(["doctor", "--json", "--identity", identity], { namespace, input: "ignore" })
        assert.strictEqual(await doctor.ended, 1)
        const findings = doctor.lines().map((line): Record<string, unknown> => JSON.parse(line))
        for (const finding of findings) assert.hasAllKeys(finding, ["check", "level", "found", "advice"])
        assert.deepInclude(findings.find(({ check }) => check === "key"), { level: "failed" })
      }),
    30_000
  )

  it.skipIf(!areNamespaces)(
    "ends at once when it is interrupted (needs network namespaces)",
    () =>
      alone(async (namespace) => {
        const doctor = start(["doctor"], { namespace, input: "ignore" })
        await doctor.until("asking the network")
        doctor.child.kill("SIGINT")
        assert.strictEqual(await doctor.ended, 130)
        assert.strictEqual(doctor.stdout(), "")
      }),
    30_000
  )
})
