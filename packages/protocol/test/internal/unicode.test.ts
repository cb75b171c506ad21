/** The tables against what else is known of their properties: the engine, and facts of the Unicode Character Database. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  bidiClass,
  isAscii,
  joiningType,
  mapWidth,
  mark,
  nameOf,
  octets,
  pointsOf
} from "../../src/internal/unicode.ts"

describe("tables", () => {
  it.each([
    [0x41, "L"],
    [0x30, "EN"],
    [0x2b, "ES"],
    [0x2c, "CS"],
    [0x24, "ET"],
    [0x21, "ON"],
    [0x20, "other"],
    [0x300, "NSM"],
    [0x5d0, "R"],
    [0x627, "AL"],
    [0x660, "AN"],
    [0x6f0, "EN"],
    [0x200c, "BN"],
    [0x202e, "other"],
    [0x4e00, "L"],
    [0x10d30, "AN"]
  ])("RFC 5893 §2 Bidi_Class of %i is %s", (point, expected) => {
    expect(bidiClass(point)).toBe(expected)
  })

  it.each([
    [0x628, "D"],
    [0x627, "R"],
    [0xa872, "L"],
    [0x64e, "T"],
    [0x300, "T"],
    [0x200c, "U"],
    [0x61, "U"],
    [0x640, "U"]
  ])("RFC 5892 A.1 Joining_Type of %i is %s", (point, expected) => {
    expect(joiningType(point)).toBe(expected)
  })

  it.each([[0x94d, "virama"], [0x3099, "mark"], [0x5b0, "mark"], [0xf84, "virama"], [0x1107f, "virama"], [
    0x61,
    "none"
  ]])(
    "RFC 5892 A.2 %i is %s",
    (point, expected) => expect(mark(point)).toBe(expected)
  )
})

describe("texts", () => {
  it.each([[0, "U+0000"], [0xe9, "U+00E9"], [0x16ea0, "U+16EA0"], [0x10ffff, "U+10FFFF"]])(
    "%i is %s",
    (point, name) => {
      expect(nameOf(point)).toBe(name)
    }
  )

  it("RFC 8264 §5.2.1 maps width and nothing else", () => {
    expect(mapWidth("ＡｂＺ　ｶﾞ①ﬁ")).toBe("AbZ カ\u3099①ﬁ")
  })

  it("JID-02 counts the octets of UTF-8", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(octets(text)).toBe(Buffer.byteLength(text))
      expect(isAscii(text)).toBe(octets(text) === text.length)
      expect(String.fromCodePoint(...pointsOf(text))).toBe(text)
    }))
    expect(octets("\ud800")).toBe(3)
    for (const each of ["\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\u{10000}"]) {
      expect([each, octets(each)]).toEqual([each, Buffer.byteLength(each)])
    }
  })
})
