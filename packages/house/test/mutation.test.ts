/** What is read from Stryker's reports, and that the page which tells of it adds up. */
import { existsSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { type Report, survivors, table, tallies } from "../src/mutation.ts"
import { read, root } from "../src/repository.ts"

const mutant = (status: string, line = 1) => ({
  status,
  replacement: "return\n  undefined",
  location: { start: { line, column: 5 } }
})
const report = (file: string, ...statuses: ReadonlyArray<string>): Report => ({
  files: { [`packages/protocol/src/${file}`]: { mutants: statuses.map((each, at) => mutant(each, at + 1)) } }
})

describe("a report", () => {
  const reports = [
    report("internal/b.ts", "Killed", "Timeout", "Survived", "Ignored", "RuntimeError"),
    report("A.ts", "NoCoverage", "Killed"),
    report("Types.ts"),
    report("Constants.ts", "Ignored")
  ]

  it("is counted file by file, without what Stryker leaves out", () => {
    expect(tallies(reports)).toEqual([
      { file: "A.ts", noticed: 1, survived: 1 },
      { file: "internal/b.ts", noticed: 2, survived: 1 }
    ])
  })

  it("becomes a table, whose scores are never rounded up", () => {
    expect(table(tallies(reports)).split("\n").slice(2)).toEqual([
      "| `A.ts` | 2 | 1 | 1 | 50.0 % |",
      "| `internal/b.ts` | 3 | 2 | 1 | 66.6 % |",
      "| together | 5 | 3 | 2 | 60.0 % |"
    ])
  })

  it("says where the survivors are", () => {
    expect(survivors(reports)).toEqual(["internal/b.ts 3:5 return undefined", "A.ts 1:5 return undefined"])
  })
})

describe("docs/mutation.md", () => {
  const rows = [...read("docs/mutation.md").matchAll(/^\| `([^`]+)` \| (\d+) \| (\d+) \| (\d+) \|/gm)]
    .map(([, file = "", mutants, noticed, survived]) => ({
      file,
      mutants: Number(mutants),
      noticed: Number(noticed),
      survived: Number(survived)
    }))

  it("names files that are there, each once", () => {
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ file }) => !existsSync(`${root}packages/protocol/src/${file}`))).toEqual([])
    expect(new Set(rows.map(({ file }) => file)).size).toBe(rows.length)
  })

  it("adds up", () => {
    for (const { mutants, noticed, survived } of rows) expect(noticed + survived).toBe(mutants)
    expect(read("docs/mutation.md")).toContain(table(rows))
  })
})
