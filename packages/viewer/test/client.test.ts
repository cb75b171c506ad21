/** The parts of the program in the page that need no page. What is left is tried in `browser.test.ts`. */
import { Element } from "@xmpp-e2e/xml"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decode, dump } from "../src/internal/client/bytes.ts"
import { filter } from "../src/internal/client/filter.ts"
import { heightOf, layRow, offsets, reached, rowAt } from "../src/internal/client/layout.ts"
import { further, refusing } from "../src/internal/client/selection.ts"
import { visible } from "../src/internal/client/text.ts"
import { runs } from "../src/internal/client/timeline.ts"
import { rootTag, xml } from "../src/internal/client/xml.ts"
import { phases } from "../src/internal/model.ts"
import { dataIn, pageOf, saying, source } from "./recordings.ts"

describe("text", () => {
  it("shows what would hide or turn its surroundings", () => {
    expect(visible("a\u202eb\u0000\ud800")).toBe("a\\u{202e}b\\u{0}\\u{d800}")
    expect(visible("a\n\tb", true)).toBe("a\n\tb")
    expect(visible("a\nb")).toBe("a\\u{a}b")
    expect(visible("x".repeat(30_000)).length).toBeLessThan(20_100)
  })
})

describe("xml", () => {
  it("is indented, escaped, and names a namespace where it changes", () => {
    const inner = Element.make("urn:b", "b", { x: "\"<&" }, ["1 < 2"])
    expect(xml(Element.make("urn:a", "a", {}, [inner, "tail"]))).toBe(
      "<a xmlns=\"urn:a\">\n  <b xmlns=\"urn:b\" x=\"&quot;&lt;&amp;\">1 &lt; 2</b>\n  tail\n</a>"
    )
    expect(xml(Element.make("urn:a", "a"))).toBe("<a xmlns=\"urn:a\"/>")
  })

  it("is cut short, however deep it is", () => {
    let deep = Element.make("urn:a", "a")
    for (let level = 0; level < 20_000; level++) deep = Element.make("urn:a", "a", {}, [deep])
    expect(xml(deep).split("\n")).toHaveLength(401)
  })

  it("HDR-01 shows a header as it was declared", () => {
    const shown = rootTag({
      name: "stream",
      namespace: "urn:s",
      prefix: "stream",
      attributes: [{ name: "to", value: "a" }],
      declarations: [{ prefix: "", namespace: "urn:c" }, { prefix: "stream", namespace: "urn:s" }]
    })
    expect(shown).toBe("<stream:stream\n  to=\"a\"\n  xmlns=\"urn:c\"\n  xmlns:stream=\"urn:s\">")
  })
})

describe("bytes", () => {
  it("come back from base64, and are dumped eight a line", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = decode(Buffer.from(bytes).toString("base64"))
      expect(read).toEqual(bytes)
      expect(dump(bytes).split("\n")).toHaveLength(Math.max(1, Math.ceil(bytes.length / 8)))
    }))
    expect(dump(new TextEncoder().encode("<a/>\n"))).toMatch(/^0000 {2}3c 61 2f 3e 0a +<a\/>·$/)
    expect(decode("n*")).toBeUndefined()
  })

  it("are cut short", () => {
    expect(dump(new Uint8Array(1_000_000)).split("\n").at(-1)).toBe("… 1000000 bytes in all")
  })
})

describe("layout", () => {
  const both = dataIn(pageOf(source("secure-session.initiator"), source("secure-session.recipient")))

  it("draws no two messages over each other, and each one once", () => {
    for (const row of both.rows) {
      const crossing = layRow(both, row).marks.filter(({ towards }) => towards !== undefined)
      expect(new Set(crossing.map(({ line }) => line)).size).toBe(crossing.length)
    }
    const drawn = both.rows.flatMap((row) => layRow(both, row).marks.filter(({ towards }) => towards !== undefined))
    expect(drawn).toHaveLength(both.matching?.arrived ?? -1)
  })

  it("finds the row at every pixel", () => {
    const visible = both.rows.map((_, at) => at)
    const starts = offsets(both, visible)
    expect(starts.at(-1)).toBe(both.rows.map((row) => heightOf(layRow(both, row))).reduce((sum, one) => sum + one, 0))
    fc.assert(fc.property(fc.integer({ min: 0, max: (starts.at(-1) ?? 1) - 1 }), (pixel) => {
      const at = rowAt(starts, pixel)
      expect(starts[at]).toBeLessThanOrEqual(pixel)
      expect(starts[at + 1]).toBeGreaterThan(pixel)
    }))
    expect(rowAt(offsets(both, []), 100)).toBe(0)
  })

  it("knows how far each side is", () => {
    expect([...reached([{ steps: [0, null] }, { steps: [null, 0] }, { steps: [1, 1] }], 1)]).toEqual([-1, 0, 1])
  })
})

describe("filter", () => {
  const model = dataIn(pageOf(saying("Wherefore art thou")))

  it("finds text in any case, anywhere in a step", () => {
    const found = filter(model, new Set(), "wherefore ART")
    expect(found.map((row) => model.sides[0]?.steps[row]?.event._tag)).toEqual(["SendRequested"])
    expect(filter(model, new Set(), "no such text")).toEqual([])
  })

  it("shows the kinds that are asked for, and all when none is", () => {
    expect(filter(model, new Set(), "")).toHaveLength(model.rows.length)
    const tls = filter(model, new Set(["tls"] as const), "")
    expect(tls.length).toBeGreaterThan(0)
    expect(tls.length).toBeLessThan(model.rows.length)
    for (const row of tls) expect(model.sides[0]?.steps[row]?.kinds).toContain("tls")
  })
})

describe("selection", () => {
  it("moves among the rows that are shown, also from between them", () => {
    const shown = [2, 5, 9]
    expect([further(shown, 2, 1), further(shown, 3, 1), further(shown, 3, -1), further(shown, 9, 1)]).toEqual([
      5,
      5,
      2,
      9
    ])
    expect([further(shown, 12, -1), further(shown, 0, -1), further(shown, 5, 10), further([], 1, 1)]).toEqual([
      9,
      2,
      9,
      undefined
    ])
  })

  it("TLS-21 finds who refused first, then how the other side learnt of it", () => {
    const model = dataIn(pageOf(source("initiator-not-believed.initiator"), source("initiator-not-believed.recipient")))
    const first = refusing(model, 0)
    expect(first).toMatchObject({ side: 1, step: 4 })
    const row = model.rows.findIndex(({ steps }) => steps[1] === 4)
    expect(refusing(model, row)).toMatchObject({ side: 0, step: 6 })
    expect(refusing(dataIn(pageOf(source("secure-session.initiator"))), 0)).toBeUndefined()
  })
})

describe("timeline", () => {
  it("covers every step once, in few parts", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...phases), { maxLength: 9000 }), (all) => {
      const parts = runs(all)
      expect(parts.length).toBeLessThanOrEqual(2000)
      expect(parts.reduce((at, { from, until }) => from === at ? until : -1, 0)).toBe(all.length)
    }))
  })
})
