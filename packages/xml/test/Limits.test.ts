/** What a peer can make a reader hold: to the byte, and when it never stops. */
import * as fc from "fast-check"
import { setImmediate } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import * as Serialize from "../src/Serialize.ts"
import { bytesOf, element, header, rootTag, runs } from "./arbitrary.ts"
import { brief, decide, drain, open, opening, read } from "./reading.ts"

const within = (changes: Partial<Limits.Limits>): Limits.Limits => ({ ...Limits.defaults, ...changes })

describe("defaults", () => {
  it("LIM-02 are those of the ledger, and above the floor of RFC 6120", () => {
    expect(Limits.defaults).toEqual({
      headerBytesMax: 16_384,
      elementBytesMax: 262_144,
      depthMax: 64,
      attributesMax: 128
    })
    expect(Limits.defaults.elementBytesMax).toBeGreaterThanOrEqual(10_000)
  })
})

describe("to the byte", () => {
  it("P-31 an element at the limit passes, one byte over it is refused at that byte", () => {
    fc.assert(
      fc.property(element, fc.constantFrom("", " ", "\n\n\n"), (element, blank) => {
        if (element.name === "stream") return
        const written = bytesOf(Serialize.element(element, header.declarations))
        const bytes = bytesOf(blank + Serialize.element(element, header.declarations))
        const exact = open(within({ elementBytesMax: written.length }))
        exact.push(bytes)
        expect(brief(drain(exact)).at(-1)).toBe("ElementRead")
        const tight = open(within({ elementBytesMax: written.length - 1 }))
        expect(decide(tight, bytes)).toEqual({ kind: "elementTooBig", after: bytes.length })
      }),
      runs
    )
  })

  it("P-31 each element counts anew, and white space between them does not count", () => {
    const reader = open(within({ elementBytesMax: 10 }))
    reader.push(bytesOf(`<a>456</a>${" ".repeat(50)}<b>456</b>${"\n".repeat(50)}<c>4567</c>`))
    expect(brief(drain(reader))).toEqual([
      "ElementRead",
      "WhitespaceRead",
      "ElementRead",
      "WhitespaceRead",
      "elementTooBig"
    ])
  })

  it("P-31 a header counts from the first byte of the document, declaration and white space included", () => {
    fc.assert(
      fc.property(rootTag, fc.constantFrom("", "\n", " \r\n"), (tag, blank) => {
        const declared = bytesOf(Serialize.rootTag(tag).replace("?><", `?>${blank}<`))
        const plain = bytesOf(blank + Serialize.rootTag(tag).replace("<?xml version='1.0'?>", ""))
        for (const bytes of [declared, plain]) {
          expect(brief(read(bytes, within({ headerBytesMax: bytes.length }))).at(-1)).toBe("RootOpened")
          const tight = Reader.make(within({ headerBytesMax: bytes.length - 1 }))
          expect(decide(tight, bytes)).toEqual({ kind: "headerTooBig", after: bytes.length })
        }
      }),
      runs
    )
  })

  it("LIM-05 a restarted document counts anew", () => {
    const reader = Reader.make(within({ headerBytesMax: opening.length }))
    reader.push(bytesOf(opening + opening))
    expect(reader.next()?._tag).toBe("RootOpened")
    reader.restart()
    expect(reader.next()?._tag).toBe("RootOpened")
  })

  it("XML-18 the footer, CDATA and references between elements are bounded like elements", () => {
    const limit = within({ elementBytesMax: 20 })
    for (const endless of [`</stream:stream${" ".repeat(9)}`, `<![CDATA[${" ".repeat(20)}`, `&#${"0".repeat(30)}`]) {
      expect(decide(open(limit), bytesOf(endless))).toEqual({ kind: "elementTooBig", after: 21 })
    }
  })

  it("XML-18 depth is decided when a start tag begins", () => {
    const limit = within({ depthMax: 3 })
    const reader = open(limit)
    reader.push(bytesOf("<a><b><c></c><c/></b></a>"))
    expect(brief(drain(reader))).toEqual(["ElementRead"])
    expect(decide(open(limit), bytesOf("<a><b><c>text<d"))).toEqual({ kind: "tooDeep", after: 15 })
    expect(decide(open(limit), bytesOf("<a><b><c><\u{10000}"))).toEqual({ kind: "tooDeep", after: 14 })
    expect(decide(open(limit), bytesOf("<a><b><c><1"))).toEqual({ kind: "notWellFormed", after: 11 })
    expect(decide(open(limit), bytesOf("<a><b><c><!-"))).toEqual({ kind: "restricted", after: 12 })
    expect(decide(open(within({ depthMax: 1 })), bytesOf("<a></a><b/><c><d"))).toEqual({ kind: "tooDeep", after: 16 })
    expect(decide(open(within({ depthMax: 0 })), bytesOf("<a"))).toEqual({ kind: "tooDeep", after: 2 })
  })

  it("XML-18 attributes count with declarations, in the header too", () => {
    const limit = within({ attributesMax: 2 })
    expect(decide(open(within({ attributesMax: 4 })), bytesOf("<a xmlns='u' xmlns:b='u' b:c='' d=''/>")))
      .toBeUndefined()
    const tooMany = "<a xmlns='u' xmlns:b='u' b:c=''"
    expect(decide(Reader.make(limit), bytesOf(tooMany))).toEqual({ kind: "tooManyAttributes", after: tooMany.length })
    expect(brief(read("<a b='' c=''><d e='' f=''/><d e='' f='' g=''/>", limit))).toEqual([
      "RootOpened",
      "ElementRead",
      "tooManyAttributes"
    ])
  })

  it("limits below anything refuse everything, and never fail otherwise", () => {
    for (const bound of [0, -1, -Infinity]) {
      expect(brief(read(opening, within({ headerBytesMax: bound })))).toEqual(["headerTooBig"])
      expect(brief(read(`${opening}<a/>`, within({ elementBytesMax: bound })))).toEqual(["RootOpened", "elementTooBig"])
    }
    const none = within({ headerBytesMax: Infinity, elementBytesMax: Infinity })
    expect(brief(read(`${opening}<a/>`, none))).toEqual(["RootOpened", "ElementRead"])
  })
})

const mebibyte = 1024 * 1024
const pieceBytes = 64 * 1024

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

/** Heap that is in use when all garbage is gone. */
const heap = async (): Promise<number> => {
  // The memory of buffers is given back behind a collection, not in it.
  for (let round = 0; round < 3; round++) {
    collect()
    await setImmediate()
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** `first` once, then `again` to the end of `total` bytes: what was said of it, and what the reader still holds. */
const endless = async (reader: Reader.Reader, first: string, again: string, total = 64 * mebibyte) => {
  const piece = bytesOf(again.repeat(Math.ceil(pieceBytes / again.length)))
  const pieces: Array<WeakRef<Uint8Array>> = []
  const events: Array<string> = []
  const before = await heap()
  const push = (bytes: Uint8Array) => {
    pieces.push(new WeakRef(bytes))
    reader.push(bytes)
    events.push(...brief(drain(reader)))
  }
  push(bytesOf(first))
  for (let sent = 0; sent < total; sent += piece.length) push(piece.slice())
  const grown = await heap() - before
  return {
    events,
    grown,
    pieces: pieces.filter((each) => each.deref() !== undefined).length,
    left: reader.take().length
  }
}

describe("without end", () => {
  const refused: ReadonlyArray<readonly [string, string, string, string]> = [
    ["a name", "<", "a", "elementTooBig"],
    ["an attribute", "<a b='", "x", "elementTooBig"],
    ["an attribute's name", "<a ", "x", "elementTooBig"],
    ["a text", "<a>", "é", "elementTooBig"],
    ["white space in a tag", "<a", " ", "elementTooBig"],
    ["a CDATA section", "<a><![CDATA[", "]", "elementTooBig"],
    ["a reference to an entity", "<a>&", "a", "elementTooBig"],
    ["a character reference", "<a>&#", "0", "elementTooBig"],
    ["many elements", "<a>", "<b/>", "elementTooBig"],
    ["an end tag", "<a></", "a", "elementTooBig"],
    ["open tags", "", "<a>", "tooDeep"],
    ["attributes", "<a ", "b:c='' ", "tooManyAttributes"],
    ["faults", "<a ", "=", "notWellFormed"],
    ["text between elements", "", "x", "textAtRoot"]
  ]

  it.each(refused)("LIM-05 P-29 P-30 %s ends at a limit and leaves nothing", async (_, first, again, kind) => {
    const { grown, ...rest } = await endless(open(), first, again)
    expect(rest).toEqual({ events: [kind], left: 0, pieces: 0 })
    expect(grown).toBeLessThan(mebibyte)
  })

  it.each([
    ["a header", "<stream a='", "x"],
    ["white space before a header", "", " "],
    ["an XML declaration", "<?xml version='", "1"],
    ["declarations", "<stream xmlns:a='", "b"]
  ])("LIM-05 P-29 %s ends at a limit and leaves nothing", async (_, first, again) => {
    const { grown, ...rest } = await endless(Reader.make(Limits.defaults), first, again)
    expect(rest).toEqual({ events: ["headerTooBig"], left: 0, pieces: 0 })
    expect(grown).toBeLessThan(mebibyte)
  })

  it("LIM-05 white space between elements is not held", async () => {
    const reader = open()
    const { grown, ...rest } = await endless(reader, "<a/>", " \r\n")
    expect(rest).toEqual({ events: ["ElementRead"], left: 0, pieces: 0 })
    expect(grown).toBeLessThan(mebibyte)
    reader.push(bytesOf("<b/>"))
    expect(brief(drain(reader))).toEqual(["WhitespaceRead", "ElementRead"])
  })

  it("LIM-05 a stream of elements is not held", async () => {
    const { events, grown, left, pieces } = await endless(
      open(),
      "",
      `<message><body>${"x".repeat(30_000)}</body></message>\n`
    )
    expect(events.filter((event) => event === "ElementRead").length).toBeGreaterThan(2000)
    expect({ left, pieces }).toEqual({ left: 0, pieces: 0 })
    expect(grown).toBeLessThan(mebibyte)
  })

  it("LIM-05 below a limit, text is held, and none of the arrays that were pushed", async () => {
    const limits = within({ elementBytesMax: 4 * mebibyte })
    const { events, grown, pieces } = await endless(open(limits), "<a>", "x", 3 * mebibyte)
    expect({ events, pieces }).toEqual({ events: [], pieces: 0 })
    expect(grown).toBeGreaterThan(2 * mebibyte)
    expect(grown).toBeLessThan(8 * mebibyte)
  })
})

describe("work", () => {
  it("LIM-05 grows with the bytes, not with the square of their pieces", () => {
    const millis = (size: number) => {
      const pieces = [
        `<a b='${"x".repeat(size)}`,
        `'>${"y".repeat(size)}`,
        `<![CDATA[${"z".repeat(size)}`,
        "]]>",
        "</a>"
      ]
      const bytes = bytesOf(pieces.join(""))
      const reader = open(within({ elementBytesMax: Infinity }))
      const start = performance.now()
      const events: Array<string> = []
      for (let at = 0; at < bytes.length; at++) {
        reader.push(bytes.subarray(at, at + 1))
        events.push(...brief(drain(reader)))
      }
      expect(events).toEqual(["ElementRead"])
      return performance.now() - start
    }
    millis(20_000)
    // Sixteen times as much: the square would take 256 times as long.
    expect(millis(320_000) / millis(20_000)).toBeLessThan(100)
  })

  it("LIM-05 a prefix is found at once among thousands", () => {
    const many = Array.from({ length: 100 }, (_, at) => ` xmlns:p${at}='urn:${at}'`).join("")
    const nested = Array.from({ length: 60 }, (_, at) => `<a${many.replaceAll(":p", `:q${at}p`)}>`).join("")
    const used = "<q0p0:b/>".repeat(20_000)
    const reader = open(within({ elementBytesMax: Infinity }))
    reader.push(bytesOf(`${nested}${used}${"</a>".repeat(60)}`))
    const start = performance.now()
    expect(brief(drain(reader))).toEqual(["ElementRead"])
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
