import { describe, expect, it } from "@effect/vitest"
import { Laws } from "@xmpp-e2e/testkit"
import { runs } from "@xmpp-e2e/testkit/skin/effect"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { credulous, mine, onlyRomeo, search } from "../src/own-law.ts"

describe("a law of one's own", () => {
  it.prop("holds beside the others", [runs({ config: mine() })], ([run]) => {
    expect(Laws.broken(run.trace, [onlyRomeo, ...Laws.all])).toBeUndefined()
  }, { arbitrary: { runs: 300, seed: 1 } })

  it("is tried: stanzas are delivered in the runs that it judges", () => {
    const never = {
      ...onlyRomeo,
      id: "never",
      check: (trace: Parameters<typeof onlyRomeo.check>[0]) => ({
        ok: !trace.some(({ actions }) => actions.some(({ _tag }) => _tag === "Deliver"))
      })
    }
    expect(search([never], 2_000)).toContain("breaks never")
  })

  it("finds a reducer that believes everybody", () => {
    expect(search([onlyRomeo], 2_000)).toBeUndefined()
    expect(search([onlyRomeo], 2_000, credulous)).toMatch(/^seed \d+ breaks only-romeo: a stanza from (paris|@)/)
  })
})

describe("the program", () => {
  it("tells that only Romeo was heard", () => {
    const program = fileURLToPath(new URL("../src/own-law.ts", import.meta.url))
    const told = execFileSync(process.execPath, [program], { encoding: "utf8" })
    expect(told).toContain("2000 runs, and only Romeo was heard")
    expect(told).toContain("believes everybody:\nseed ")
  })
})
