import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as base64 from "../../src/internal/base64.ts"

const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

describe("decode", () => {
  it("SASL-14 RFC 4648 §4: reads what others write", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(base64.decode(Buffer.from(bytes).toString("base64"))).toEqual([...bytes])
    }))
  })

  it("SASL-14 SASL-15 SASL-48 anything else is refused, and nothing crashes", () => {
    const characters = fc.constantFrom(..."AQgwz059+/=-_ \n\tÄ".split(""))
    const texts = fc.oneof(fc.string(), fc.string({ unit: characters, maxLength: 12 }))
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = base64.decode(text)
        const canonical = strict.test(text) && Buffer.from(text, "base64").toString("base64") === text
        expect(bytes).toEqual(canonical ? [...Buffer.from(text, "base64")] : undefined)
      }),
      { numRuns: 2000 }
    )
  })

  it.each([
    "=",
    "==",
    "===",
    "====",
    "A",
    "AA",
    "AAA",
    "A===",
    "=AAA",
    "BBBB=CCC",
    "AA=A",
    "AB==",
    "AAB=",
    " AAAA",
    "AAAA ",
    "AA AA",
    "AAAA\n",
    "AA-_"
  ])(
    "SASL-14 SASL-15 refuses %j",
    (text) => expect(base64.decode(text)).toBeUndefined()
  )
})

describe("textOf", () => {
  it("SASL-20 reads UTF-8 and nothing else", () => {
    const reader = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    const read = (bytes: ReadonlyArray<number>): string | undefined => {
      try {
        return reader.decode(Uint8Array.from(bytes))
      } catch {
        return undefined
      }
    }
    const edge = fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xe0,
      0xed,
      0xa0,
      0x9f,
      0xef,
      0xf0,
      0xf4,
      0x90,
      0xf5,
      0xff
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(edge, fc.nat(255)), { maxLength: 8 }), (bytes) => {
        expect(base64.textOf(bytes)).toBe(read(bytes))
      }),
      { numRuns: 2000 }
    )
  })
})

describe("encodeText", () => {
  it("SASL-20 RFC 3629 §3 is UTF-8 at each border between lengths, and in halves of surrogates", () => {
    for (const text of ["\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\u{10000}", "\u{10ffff}"]) {
      expect([text, base64.encodeText(text)]).toEqual([text, Buffer.from(text, "utf8").toString("base64")])
    }
    for (const half of ["\ud800", "\udbff", "\udc00", "\udfff"]) {
      expect(base64.encodeText(half)).toBe(base64.encodeText("\ufffd"))
    }
    for (const near of ["\ud7ff", "\ue000"]) expect(base64.encodeText(near)).not.toBe(base64.encodeText("\ufffd"))
  })

  it("SASL-14 SASL-20 is UTF-8 in base64, and reads back", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      const encoded = base64.encodeText(text)
      expect(encoded).toBe(Buffer.from(text, "utf8").toString("base64"))
      expect(base64.textOf(base64.decode(encoded) ?? [])).toBe(text)
    }))
  })

  it("SASL-48 a lone surrogate reads as U+FFFD", () => {
    expect(base64.encodeText("a\ud800b")).toBe(Buffer.from("a\ufffdb", "utf8").toString("base64"))
  })
})
