/** XML-16: however the bytes are cut, the same is read. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import { anything, bytesOf, cut, cuts, joinBytes, runs } from "./arbitrary.ts"
import { brief, drain, open, opening, readPieces } from "./reading.ts"

const limits: fc.Arbitrary<Limits.Limits> = fc.oneof(
  fc.constant(Limits.defaults),
  fc.record({
    headerBytesMax: fc.integer({ min: 1, max: 220 }),
    elementBytesMax: fc.integer({ min: 1, max: 90 }),
    depthMax: fc.integer({ min: 1, max: 3 }),
    attributesMax: fc.integer({ min: 1, max: 4 })
  })
)

const afterHeader = (sizes: ReadonlyArray<number>, bytes: Uint8Array) => {
  const reader = open()
  return cut(bytes, sizes).flatMap((piece) => {
    reader.push(piece)
    return drain(reader)
  })
}

describe("chunks", () => {
  it("P-20 any division of the same bytes gives the same events and the same fault", () => {
    fc.assert(
      fc.property(anything, cuts, limits, (bytes, sizes, limits) => {
        const whole = readPieces([bytes], limits)
        expect(readPieces(cut(bytes, [1]), limits)).toEqual(whole)
        expect(readPieces(cut(bytes, sizes), limits)).toEqual(whole)
      }),
      { numRuns: runs.numRuns * 5 }
    )
  })

  it("P-20 and so it is inside an open stream", () => {
    fc.assert(
      fc.property(anything, cuts, (bytes, sizes) => {
        const whole = afterHeader([bytes.length + 1], bytes)
        expect(afterHeader([1], bytes)).toEqual(whole)
        expect(afterHeader(sizes, bytes)).toEqual(whole)
      }),
      { numRuns: runs.numRuns * 2 }
    )
  })

  it("P-20 it does not matter when events are asked for", () => {
    fc.assert(
      fc.property(anything, cuts, (bytes, sizes) => {
        const reader = Reader.make(Limits.defaults)
        for (const piece of cut(bytes, sizes)) reader.push(piece)
        expect(drain(reader)).toEqual(readPieces([bytes]))
      }),
      runs
    )
  })

  it("P-20 a fault ends the reading, and what came before is the same without it", () => {
    fc.assert(
      fc.property(anything, fc.nat(), (bytes, at) => {
        const all = readPieces([bytes])
        const some = readPieces([bytes.subarray(0, at % (bytes.length + 1))])
        expect(all.slice(0, some.length)).toEqual(some)
        expect(all.slice(0, -1).every(({ _tag }) => _tag !== "Faulted" && _tag !== "RootClosed")).toBe(true)
      }),
      runs
    )
  })
})

describe("the earliest byte wins", () => {
  const both = (text: string, octets: ReadonlyArray<number>, after = "") =>
    joinBytes([bytesOf(opening), bytesOf(text), Uint8Array.from(octets), bytesOf(after)])
  const small = { ...Limits.defaults, elementBytesMax: 20 }

  it.each([
    ["XML-07 before XML-09", both("<a></b>", [0xFF]), "notWellFormed"],
    ["XML-07 in the same tag before XML-09", both("<a b=c", [0xFF], ">"), "notWellFormed"],
    ["XML-09 before XML-07", both("<a", [0xFF], "></b>"), "encoding"],
    ["XML-17 before XML-09", both("text", [0xFF]), "textAtRoot"],
    ["XML-07 before XML-01", both("<a>\u0001<!-- -->", []), "notWellFormed"],
    ["XML-07 before XML-04", both("<a>]]> &nbsp;", []), "notWellFormed"],
    ["XML-07 in an attribute before XML-01", both("<a b='<!-- -->", []), "notWellFormed"],
    ["XML-07 in an attribute before XML-02", both("<a b='><?x", []), "notWellFormed"],
    ["XML-01 before XML-18", both("<a><!--                    ", []), "restricted"],
    ["XML-18 before XML-01", both("<a>                       <!--", []), "elementTooBig"],
    ["XML-18 before XML-09", both("<a>                 ", [0xFF]), "elementTooBig"],
    ["XML-09 before XML-18", both("<a>                ", [0xFF], " "), "encoding"],
    ["XML-18 before XML-07", both("<a>                 </b>", []), "elementTooBig"]
  ])("%s", (_, bytes, kind) => {
    expect(brief(readPieces([bytes], small)).at(-1)).toBe(kind)
    expect(brief(readPieces(cut(bytes, [1]), small)).at(-1)).toBe(kind)
  })
})

describe("wire example 16", () => {
  it.each([
    ["16.4 a character", "<a>é</a>"],
    ["16.5 the end of CDATA", "<a><![CDATA[x]]]></a>"],
    ["16.5 a reference", "<a b='&amp;'>&amp;</a>"],
    ["16.5 an opening of CDATA", "<a><![CDATA[]]></a>"],
    ["XML-17 white space as reference and as CDATA", "&#x20; &#10;\n<![CDATA[ ]]> <a/>"],
    ["XML-22 a line end", "<a b='\r\n'>\r\n\r</a>"]
  ])("%s is the same in one part and in two", (_, written) => {
    const bytes = bytesOf(written)
    const whole = afterHeader([bytes.length], bytes)
    expect(brief(whole).at(-1)).toBe("ElementRead")
    for (let at = 1; at < bytes.length; at++) expect(afterHeader([at, bytes.length], bytes)).toEqual(whole)
  })
})
