/** What a command line may say, and what is made of figures for those who read them. */
import { describe, expect, it } from "vitest"
import { benches } from "../src/benches/all.ts"
import { throughput } from "../src/benches/throughput.ts"
import { asTable, holds } from "../src/harness/acceptance.ts"
import { read, usage } from "../src/harness/command.ts"
import { asMarkdown, asText, number, spread } from "../src/harness/table.ts"

describe("arguments", () => {
  it("without any, a bench does all it can", () => {
    const { json, kinds, turns } = read(throughput, [])
    expect({ json, kinds, turns }).toEqual({ json: false, kinds: throughput.kinds, turns: throughput.turns })
  })

  it("choose kinds and contenders; the one that all are compared with always runs", () => {
    const { contenders, kinds } = read(throughput, ["--kind", "bulk", "--only", "JSON lines", "--turns", "3"])
    expect({ contenders, kinds }).toEqual({ contenders: ["ours", "JSON lines"], kinds: ["bulk"] })
  })

  it.each([
    [["--turns", "0"], /whole number above 0/],
    [["--turns", "1.5"], /whole number above 0/],
    [["--turns", "many"], /not many/],
    [["--kind", "poem"], /knows: chat, mixed, bulk/],
    [["--only", "nobody"], /knows: ours/],
    [["--loud"], /--loud/],
    [["more"], /more/]
  ])("%j is refused", (words, because) => {
    expect(() => read(throughput, words)).toThrow(because)
  })

  it.each(benches)("$name explains itself", (bench) => {
    expect(usage(bench)).toContain(bench.about)
    expect(usage(bench).split("\n").every((line) => line.length <= 160)).toBe(true)
  })

  it("benches have names of their own", () => {
    expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length)
  })
})

describe("figures", () => {
  const claim = { figure: "speed", must: 1, aim: 2 }

  it.each(
    [
      ["least", 0.99, "no"],
      ["least", 1, "must"],
      ["least", 2, "aim"],
      ["most", 2.5, "no"],
      ["most", 0.5, "aim"]
    ] as const
  )("at %s: %d holds: %s", (bound, measured, expected) => {
    expect(holds({ ...claim, bound, measured })).toBe(expected)
  })

  it("without an aim the must is all", () => {
    expect(holds({ figure: "growth", bound: "most", must: 1.1, measured: 1 })).toBe("aim")
    expect(asTable([{ figure: "growth", bound: "most", must: 1.1, measured: 1.2 }]).rows).toEqual([
      ["growth", "≤ 1.1", "", "1.20", "no"]
    ])
  })

  it("are written with as many digits as say something", () => {
    expect([0.123, 1.005, 12.34, 123.4, 1_234_567].map(number)).toEqual(["0.12", "1.00", "12.3", "123", "1 234 567"])
    expect(spread({ least: 1, median: 2, most: 30 })).toBe("2.00 (1.00..30.0)")
  })

  it("are tables on a terminal and in a document", () => {
    const table = { title: "T", columns: ["", "n"], rows: [["one", "1"], ["three", "3"]] }
    expect(asText(table)).toBe("T\n       n\none    1\nthree  3\n")
    expect(asMarkdown(table)).toBe("**T**\n\n|  | n |\n|---|--:|\n| one | 1 |\n| three | 3 |\n")
  })
})
