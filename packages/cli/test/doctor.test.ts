import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { run, start, temporary } from "./processes.ts"

describe("doctor", () => {
  it("tells one finding a line, and ends with 1 only when one failed, within five seconds", async () => {
    const begun = Date.now()
    const { code, stdout } = await run(["doctor", "--json", "--identity", join(temporary(), "none")])
    assert.isBelow(Date.now() - begun, 5000)
    const findings = stdout.trimEnd().split("\n").map((line): Record<string, unknown> => JSON.parse(line))
    for (const finding of findings) assert.hasAllKeys(finding, ["check", "level", "found", "advice"])
    assert.deepInclude(findings.find(({ check }) => check === "key"), { level: "failed" })
    assert.strictEqual(code, 1)
  })

  it("ends at once when it is interrupted", async () => {
    const doctor = start(["doctor"])
    await doctor.until("asking the network")
    doctor.child.kill("SIGINT")
    assert.strictEqual(await doctor.ended, 130)
    assert.strictEqual(doctor.stdout(), "")
  })
})
