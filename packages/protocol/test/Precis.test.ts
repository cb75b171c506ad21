import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Precis from "../src/Precis.ts"
import { anyText, fairText, tellingText } from "./texts.ts"

const profiles: ReadonlyArray<Precis.Profile> = [
  "UsernameCaseMapped",
  "UsernameCasePreserved",
  "OpaqueString",
  "Nickname"
]
const enforced = (text: string, profile: Precis.Profile) => {
  const outcome = Precis.enforce(text, profile)
  return outcome._tag === "Prepared" ? outcome.text : undefined
}
const refusal = (text: string, profile: Precis.Profile) => {
  const outcome = Precis.enforce(text, profile)
  return outcome._tag === "Refused" ? outcome : undefined
}
const texts = fc.oneof(tellingText, fairText, anyText)

describe("code points", () => {
  it.each(
    [
      ["Exceptions", "PVALID", [0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007]],
      ["Exceptions", "CONTEXTO", [0xb7, 0x375, 0x5f3, 0x5f4, 0x30fb, 0x660, 0x669, 0x6f0, 0x6f9]],
      ["Exceptions", "DISALLOWED", [0x640, 0x7fa, 0x302e, 0x302f, 0x3031, 0x3035, 0x303b]],
      ["Unassigned", "UNASSIGNED", [0x378, 0x2065, 0xfff0, 0xe0000, 0x16ea0]],
      ["ASCII7", "PVALID", [0x21, 0x22, 0x40, 0x41, 0x7e]],
      ["JoinControl", "CONTEXTJ", [0x200c, 0x200d]],
      ["OldHangulJamo", "DISALLOWED", [0x1100, 0x115f, 0x1160, 0x11ff, 0xa960, 0xa97c, 0xd7b0, 0xd7fb]],
      ["PrecisIgnorableProperties", "DISALLOWED", [
        0xad,
        0x34f,
        0x200b,
        0xfe00,
        0xfeff,
        0xfdd0,
        0xffff,
        0x10ffff,
        0xe0001
      ]],
      ["Controls", "DISALLOWED", [0, 9, 0x1f, 0x7f, 0x85, 0x9f]],
      ["HasCompat", "FREE_PVAL", [0xa0, 0xaa, 0x17f, 0x1c4, 0x2163, 0x2126, 0x212b, 0x3000, 0xfb01, 0xff21, 0x1d400]],
      ["LetterDigits", "PVALID", [0xe9, 0xc9, 0x300, 0x5d0, 0x903, 0x966, 0x13a0, 0xab70, 0x4e00, 0xac00, 0x10400]],
      ["OtherLetterDigits", "FREE_PVAL", [0x488, 0x1f88, 0x16ee, 0x20dd, 0x3021]],
      ["Spaces", "FREE_PVAL", [0x20, 0x1680]],
      ["Symbols", "FREE_PVAL", [0xa2, 0xa6, 0xd7, 0x221e, 0x265a, 0x2666, 0x1f37a]],
      ["Punctuation", "FREE_PVAL", [0xa1, 0xab, 0x2010, 0x3001, 0x10100]],
      ["Other", "DISALLOWED", [0x600, 0x6dd, 0x2028, 0x2029, 0xd800, 0xdfff, 0xe000, 0x100000]]
    ] as const
  )("RFC 8264 §8 §9 %s are %s", (category, property, points) => {
    for (const point of points) {
      expect([point, Precis.category(point), Precis.property(point)]).toEqual([point, category, property])
    }
  })
})

describe("string classes", () => {
  it("RFC 8264 §8 RFC 5892 §2.6 a border of a category is a border", () => {
    const of = (...points: ReadonlyArray<number>) => points.map(Precis.category)
    const [inside, outside] = ["Exceptions", "LetterDigits"]
    expect(of(0x660, 0x669, 0x6f0, 0x6f9)).toEqual([inside, inside, inside, inside])
    expect(of(0x65f, 0x6ee, 0x6ef, 0x6fa)).toEqual([outside, outside, outside, outside])
    expect(of(0x20, 0x21, 0x7e, 0x7f)).toEqual(["Spaces", "ASCII7", "ASCII7", "Controls"])
    expect([0x20, 0x21, 0x7e, 0x7f].map(Precis.property)).toEqual(["FREE_PVAL", "PVALID", "PVALID", "DISALLOWED"])
    expect([0x200b, 0x200c, 0x200d, 0x200e].map(Precis.property)).toEqual([
      "DISALLOWED",
      "CONTEXTJ",
      "CONTEXTJ",
      "DISALLOWED"
    ])
  })

  it.each(["", "juliet@example.com", "π", "l·l", "क्\u200cष"])("RFC 8264 §4.2 %j is an identifier", (text) => {
    expect(Precis.fault(text, "IdentifierClass")).toBeUndefined()
    expect(Precis.fault(text, "FreeformClass")).toBeUndefined()
  })

  it.each(["foo bar", "Ⅳ", "∞", "«", "ǅ"])("RFC 8264 §4.3 %j is free text, and no identifier", (text) => {
    expect(Precis.fault(text, "IdentifierClass")?.rule).toBe("disallowed")
    expect(Precis.fault(text, "FreeformClass")).toBeUndefined()
  })

  it.each(
    [
      ["\u0007", "disallowed", 7],
      ["a\u0378", "unassigned", 0x378],
      ["a·l", "context", 0xb7],
      ["\ud800", "disallowed", 0xd800],
      ["\u{10ffff}", "disallowed", 0x10ffff]
    ] as const
  )("RFC 8264 §4 %j is neither, and it is told which code point is at fault", (text, rule, point) => {
    for (const each of ["IdentifierClass", "FreeformClass"] as const) {
      expect(Precis.fault(text, each)).toMatchObject({ rule, point })
    }
  })
})

describe("refusals", () => {
  it("RFC 8264 §4 say which code point, what it is, and by which section", () => {
    const sentence = (text: string, stringClass: Precis.StringClass) => Precis.fault(text, stringClass)?.text
    expect(sentence("a b", "IdentifierClass")).toBe(
      "U+0020 is not allowed, because it is a space (RFC 8264 §4.2.3); leave it out."
    )
    expect(sentence("\u0007", "FreeformClass")).toBe(
      "U+0007 is not allowed, because it is a control character (RFC 8264 §4.3.3); leave it out."
    )
    expect(sentence("\u0378", "FreeformClass")).toBe("U+0378 is not assigned in Unicode 16.0.0; leave it out.")
    expect(sentence("a·l", "FreeformClass")).toBe(
      "U+00B7 may stand only between two small letters l (RFC 5892 Appendix A.3); leave it out."
    )
  })

  it("RFC 8265 §3.3.2 say what is wrong with the whole", () => {
    expect(refusal("", "UsernameCaseMapped")).toStrictEqual({
      _tag: "Refused",
      rule: "empty",
      text: "Nothing is left of the text (RFC 8265 §3.3.2); give at least one character."
    })
    expect(refusal("1ש", "UsernameCaseMapped")?.text).toBe(
      "The text is written from right to left and does not begin with a letter (condition 1), against the Bidi Rule " +
        "(RFC 5893 §2)."
    )
    expect(Precis.prepare("a b", "UsernameCaseMapped")).toMatchObject({ _tag: "Refused", rule: "disallowed" })
  })
})

describe("user names", () => {
  it.each([
    [1, "juliet@example.com", "juliet@example.com"],
    [2, "fussball", "fussball"],
    [3, "fußball", "fußball"],
    [4, "π", "π"],
    [5, "Σ", "σ"],
    [6, "σ", "σ"],
    [7, "ς", "ς"]
  ])("RFC 8265 §3.5 Table 1, %i: %s", (_, text, mapped) => {
    expect(enforced(text, "UsernameCaseMapped")).toBe(mapped)
    expect(enforced(text, "UsernameCasePreserved")).toBe(text)
  })

  it.each(
    [
      [8, "foo bar", "disallowed"],
      [9, "", "empty"],
      [10, "henryⅣ", "disallowed"],
      [11, "∞", "disallowed"]
    ] as const
  )("RFC 8265 §3.5 Table 2, %i: %j", (_, text, rule) => {
    expect(refusal(text, "UsernameCaseMapped")?.rule).toBe(rule)
    expect(refusal(text, "UsernameCasePreserved")?.rule).toBe(rule)
  })

  it("RFC 8265 §3.5 5 and 6 are the same name, 7 is another, and so are 2 and 3", () => {
    expect(Precis.compare("Σ", "σ", "UsernameCaseMapped")).toBe(true)
    expect(Precis.compare("Σ", "ς", "UsernameCaseMapped")).toBe(false)
    expect(Precis.compare("σ", "ς", "UsernameCaseMapped")).toBe(false)
    expect(Precis.compare("Σ", "σ", "UsernameCasePreserved")).toBe(false)
    expect(Precis.compare("fussball", "fußball", "UsernameCaseMapped")).toBe(false)
    expect(Precis.compare("∞", "∞", "UsernameCaseMapped")).toBe(false)
  })

  it("JID-04 RFC 8265 §3.3.1 width is mapped before the class is asked, case and normal form after it", () => {
    expect(enforced("ＭＩＲＡ", "UsernameCaseMapped")).toBe("mira")
    expect(enforced("ＭＩＲＡ", "UsernameCasePreserved")).toBe("MIRA")
    expect(Precis.prepare("ＭＩＲＡ", "UsernameCaseMapped")).toEqual({ _tag: "Prepared", text: "MIRA" })
    expect(refusal("\u212bngström", "UsernameCaseMapped")).toMatchObject({ rule: "disallowed", point: 0x212b })
    expect(refusal("\u1100\u1161", "UsernameCaseMapped")).toMatchObject({ rule: "disallowed", point: 0x1100 })
    expect(refusal("L·L", "UsernameCaseMapped")?.rule).toBe("context")
    expect(enforced("zoe\u0308", "UsernameCaseMapped")).toBe("zoë")
    expect(enforced("İ", "UsernameCaseMapped")).toBe("i\u0307")
    expect(enforced("Ꭰ", "UsernameCaseMapped")).toBe("ꭰ")
  })

  it("JID-04 RFC 8265 §3.3.2 holds names from right to left to the Bidi Rule, others not", () => {
    expect(enforced("שלום1", "UsernameCaseMapped")).toBe("שלום1")
    expect(refusal("1שלום", "UsernameCaseMapped")?.rule).toBe("bidi")
    expect(refusal("שaלום", "UsernameCaseMapped")?.rule).toBe("bidi")
    expect(enforced("1-", "UsernameCaseMapped")).toBe("1-")
  })
})

describe("passwords", () => {
  it.each([
    [12, "correct horse battery staple", "correct horse battery staple"],
    [13, "Correct Horse Battery Staple", "Correct Horse Battery Staple"],
    [14, "πßå", "πßå"],
    [15, "Jack of ♦s", "Jack of ♦s"],
    [16, "foo\u1680bar", "foo bar"]
  ])("RFC 8265 §4.3 Table 3, %i: %j", (_, text, expected) => {
    expect(enforced(text, "OpaqueString")).toBe(expected)
  })

  it.each(
    [
      [17, "", "empty"],
      [18, "my cat is a \u0009by", "disallowed"]
    ] as const
  )("RFC 8265 §4.3 Table 4, %i: %j", (_, text, rule) => {
    expect(refusal(text, "OpaqueString")?.rule).toBe(rule)
  })

  it("JID-05 RFC 8265 §4.2.2 every space is one, width and case are kept, no direction is asked for", () => {
    const spaces = Array.from({ length: 0x10000 }, (_, point) => String.fromCharCode(point))
      .filter((each) => /\p{Zs}/u.test(each))
    expect(spaces).toHaveLength(17)
    for (const each of spaces) expect(enforced(`a${each}b`, "OpaqueString")).toBe("a b")
    expect(enforced("Ａ①", "OpaqueString")).toBe("Ａ①")
    expect(enforced("1שa", "OpaqueString")).toBe("1שa")
    expect(enforced("e\u0301", "OpaqueString")).toBe("é")
  })
})

describe("nicknames", () => {
  it.each([
    [1, "Foo", "foo"],
    [2, "foo", "foo"],
    [3, "Foo Bar", "foo bar"],
    [4, "foo bar", "foo bar"],
    [5, "Σ", "σ"],
    [6, "σ", "σ"],
    [7, "ς", "ς"],
    [8, "♚", "♚"],
    [9, "Richard Ⅳ", "richard iv"]
  ])("RFC 8266 §3 Tables 1 and 2, %i: %j is compared as %j", (_, text, form) => {
    expect(enforced(text, "Nickname")).toBeDefined()
    expect(Precis.compare(text, form, "Nickname")).toBe(true)
  })

  it("RFC 8266 §2.2 keeps the case, one space between words, compatibility forms mapped", () => {
    expect(enforced("  Richard\u00a0\u3000 Ⅳ ", "Nickname")).toBe("Richard IV")
    expect(enforced("\u00b4x", "Nickname")).toBe("\u0301x")
    expect(refusal(" \u3000", "Nickname")?.rule).toBe("empty")
    expect(Precis.compare("foo", "bar", "Nickname")).toBe(false)
    expect(Precis.compare("\u03f9", "Σ", "Nickname")).toBe(false)
    expect(Precis.compare("", "", "Nickname")).toBe(false)
  })
})

describe.each(profiles)("every text under %s", (profile) => {
  it("RFC 8264 §7 enforcing twice is enforcing once", () => {
    let read = 0
    fc.assert(
      fc.property(texts, (text) => {
        const once = enforced(text, profile)
        if (once === undefined) return
        read += 1
        expect(enforced(once, profile)).toBe(once)
        // RFC 8266 §2.3 maps case before compatibility forms: U+03F9 and the capital sigma it stands for end up apart.
        expect(profile === "Nickname" || Precis.compare(text, once, profile)).toBe(true)
        expect(Precis.prepare(once, profile)).toEqual({ _tag: "Prepared", text: once })
      }),
      { numRuns: 3000 }
    )
    expect(read).toBeGreaterThan(300)
  })

  it("RFC 8264 §4 what was enforced is in the class, whole, and in its normal form", () => {
    const stringClass = profile.startsWith("Username") ? "IdentifierClass" : "FreeformClass"
    fc.assert(fc.property(texts, (text) => {
      const form = enforced(text, profile)
      if (form === undefined) return
      expect(form).not.toBe("")
      expect(form.isWellFormed()).toBe(true)
      expect(form.normalize(profile === "Nickname" ? "NFKC" : "NFC")).toBe(form)
      expect(Precis.fault(form, stringClass)).toBeUndefined()
    }))
  })

  it("RFC 8264 §6 comparison is symmetric, and a refused text equals none", () => {
    fc.assert(fc.property(texts, texts, (one, other) => {
      expect(Precis.compare(one, other, profile)).toBe(Precis.compare(other, one, profile))
      expect(Precis.compare(one, one, profile)).toBe(enforced(one, profile) !== undefined)
    }))
  })

  it("a refusal is a sentence of printable ASCII and signs of sections", () => {
    fc.assert(fc.property(texts, (text) => {
      expect(refusal(text, profile)?.text ?? "None.").toMatch(/^[A-Z][ -~§]+\.$/)
    }))
  })
})
