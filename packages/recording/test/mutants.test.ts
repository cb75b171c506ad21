/** Whether the corpus finds a reducer with a single changed rule, and at which step. */
import { beforeAll, describe, expect, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Corpus from "./corpus.ts"
import type { Finding } from "./mutants/find.ts"
import { mutants } from "./mutants/mutants.ts"

let findings: ReadonlyArray<Finding> = []

beforeAll(async () => {
  const program = fileURLToPath(new URL("mutants/find.ts", import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 67_108_864 })
  findings = stdout.trimEnd().split("\n").map((line): Finding => JSON.parse(line))
})

describe("P-21 the corpus", () => {
  it("is asked about every mutant, none of them twice", () => {
    expect(findings).toHaveLength(mutants.length + 1)
    expect(mutants.length).toBeGreaterThanOrEqual(30)
    expect(new Set(mutants.map(({ file, find, replace }) => JSON.stringify([file, find, replace]))).size).toBe(
      mutants.length
    )
  })

  it("has nothing to say about the reducer as it is, read in the same way", () => {
    expect(findings.at(-1)).toMatchObject({ places: 0, found: [] })
  })

  it.each([...mutants.entries()].map(([at, mutant]) => [mutant.rule, mutant.sentence, at] as const))(
    "%s finds a reducer that %s",
    (rule, sentence, at) => {
      const finding = findings[at]
      expect(finding).toMatchObject({ rule, sentence })
      // Else the rule has moved: say in `mutants/` where it is now.
      expect(finding?.places).toBe(1)
      const [first] = finding?.found ?? []
      expect(Corpus.names()).toContain(first?.recording)
      expect(first?.seq).toBeGreaterThanOrEqual(0)
    }
  )

  it.each([
    ["never sends a close", "sets no timer when it closes", "unanswered-footer.initiator", 3, "CloseRequested"],
    ["a skipped verdict", "believes whom its judge refuses", "verdict-revoked.initiator", 2, "PeerJudged"],
    ["a wrong sender", "delivers in anybody's name", "stanza-from-impostor.initiator", 5, "ElementReceived"],
    ["an early stanza", "passes over stanzas that come too early", "early-stanza.recipient", 2, "ElementReceived"],
    ["a missing restart", "does not begin anew after success", "second-try.initiator", 6, "ElementReceived"]
  ])("shows the step of %s", (_, sentence, recording, seq, event) => {
    const finding = findings.find((each) => each.sentence === sentence)
    expect(finding?.found).toContainEqual({ recording, seq, event })
  })
})
