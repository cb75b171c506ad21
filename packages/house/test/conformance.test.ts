/** The ledger, the names of the tests and `docs/conformance.md` agree. */
import { describe, expect, it } from "vitest"
import { evidence, idleReasons, idsIn, missing, page } from "../src/conformance.ts"
import { groups, later, machineIds, rows } from "../src/ledger.ts"
import { reasons } from "../src/reasons.ts"
import { read, sources } from "../src/repository.ts"
import { source } from "../src/syntax.ts"

/** How many duties may still lack both a test and a reason. It only ever goes down. */
const missingMax = 0

describe("the ledger", () => {
  it("has each id once, in order, and a title of our own for it", () => {
    const ids = rows.map(([id]) => id)
    expect(ids.length).toBe(565)
    expect(new Set(ids).size).toBe(ids.length)
    expect(rows.filter(([, , , title]) => title.length < 10 || title.length > 100)).toEqual([])
    for (const group of groups) {
      const numbers = group.rows.map(([id]) => Number(id.split("-")[1]))
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
      expect(new Set(group.rows.map(([id]) => id.split("-")[0])).size).toBe(1)
    }
    expect(machineIds.length).toBe(240)
  })

  it("keeps what comes later apart", () => {
    const prefixes = later.flatMap(([prefix]) => prefix.split(", "))
    expect(rows.filter(([id]) => prefixes.includes(id.split("-")[0] ?? ""))).toEqual([])
  })
})

describe("ids in titles", () => {
  it.each([
    ["XML-03 refuses a DOCTYPE", ["XML-03"]],
    ["XML-03, XML-04: refuses both (END-20)", ["XML-03", "XML-04", "END-20"]],
    ["XML-01…04 refuses", ["XML-01", "XML-02", "XML-03", "XML-04"]],
    ["XML-09..XML-10 refuses", ["XML-09", "XML-10"]],
    ["CERT-100 asks", ["CERT-100"]],
    ["8.2.1 goes on", ["8.2.1"]],
    ["8.10.10 queues", ["8.10.10"]],
    ["8.2.11 is no row", []],
    ["refuses XML-03", []],
    ["XML-99 is no row", []],
    ["UTF-8 as in XML-09", []]
  ])("%s", (title, ids) => expect(idsIn(title)).toEqual(ids))

  it("are found in titles and tables of test files, nowhere else", () => {
    const text = "it(\"XML-01 a\", b)\nit.each([[`XML-02 ${c}`, \"d XML-03\"]])\n// XML-04\nit.effect('8.2.1 e')"
    const found = (path: string) => [...evidence([source(path, text)])]
    expect(found("packages/xml/test/Reader.test.ts")).toEqual([
      ["XML-01", ["packages/xml/test/Reader.test.ts"]],
      ["XML-02", ["packages/xml/test/Reader.test.ts"]],
      ["8.2.1", ["packages/xml/test/Reader.test.ts"]]
    ])
    expect(found("packages/xml/src/Reader.ts")).toEqual([])
    expect(found("packages/xml/test/help.ts")).toEqual([])
    expect(found("packages/house/test/Reader.test.ts")).toEqual([])
  })
})

describe("docs/conformance.md", () => {
  const tests = evidence(sources())

  it("is fresh; if not: pnpm conformance", () => {
    expect(read("docs/conformance.md") === page(tests)).toBe(true)
  })

  it("lists the duties without test and reason, no more of them than before", () => {
    expect(missing(tests).length).toBeLessThanOrEqual(missingMax)
    expect(missing(new Map()).length).toBeGreaterThan(missing(tests).length)
  })

  it("gives reasons only where there is no test", () => {
    expect(idleReasons(tests)).toEqual([])
    expect(Object.values(reasons).filter((reason) => reason.length < 10)).toEqual([])
  })

  it("shows tests, reasons and gaps as such", () => {
    const text = page(new Map([["XML-01", ["packages/xml/test/Reader.test.ts"]]]))
    expect(text).toContain("| [xml Reader](../packages/xml/test/Reader.test.ts) |")
    expect(text).toContain(`| ${reasons["AMB-01"]} |`)
    expect(text).toContain("| XML-02 | B | MUST NOT | a processing instruction closes the stream | **none** |")
  })
})
