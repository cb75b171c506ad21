import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Idna from "../src/Idna.ts"
import * as Punycode from "../src/internal/punycode.ts"
import * as Precis from "../src/Precis.ts"
import { anyText, fairText, tellingText } from "./texts.ts"

const rule = (text: string) => {
  const domain = Idna.read(text)
  return typeof domain === "string" ? undefined : domain.rule
}

describe("domains", () => {
  it("JID-03 A-labels become U-labels and back", () => {
    expect(Idna.prepare("xn--bro-hoa.Example")).toBe("büro.example")
    expect(Idna.prepare("XN--BRO-HOA.example.")).toBe("büro.example")
    expect(Idna.toAscii("BÜRO.example")).toBe("xn--bro-hoa.example")
    expect(Idna.toAscii("pumps.example")).toBe("pumps.example")
    expect(Idna.toAscii("faß.example")).toBe("xn--fa-hia.example")
  })

  it.each([
    "xn--",
    "xn--a",
    "xn--abc-",
    "xn--bro-hoaé",
    "xn--BRO-HOA-",
    "xn--99999999999",
    "xn--ls8h",
    "xn--bro-hoa-",
    "-a",
    "a-",
    "a_b",
    "a b",
    "a..b",
    "a/b",
    ".",
    "",
    "é-",
    "\u0301a",
    "ab--é",
    "ﬁ",
    "\u200dé",
    "*.example",
    "a\0b",
    "x".repeat(64),
    "é".repeat(62)
  ])("JID-03 %j is no domain", (text) => {
    expect(Idna.prepare(text)).toBeUndefined()
    expect(Idna.toAscii(text)).toBeUndefined()
  })

  it("JID-03 takes IPv4 and unqualified names", () => {
    expect(Idna.prepare("192.0.2.7")).toBe("192.0.2.7")
    expect(Idna.prepare("192.0.2.255")).toBe("192.0.2.255")
    expect(Idna.prepare("192.0.2.256")).toBeUndefined()
    expect(Idna.prepare("192.0.02.1")).toBeUndefined()
    expect(Idna.prepare("tansy")).toBe("tansy")
  })

  it.each([
    ["[2001:DB8:0:0:0:0:0:1]", "[2001:db8::1]"],
    ["[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"],
    ["[2001:0:0:1:0:0:0:1]", "[2001:0:0:1::1]"],
    ["[2001:db8::1:0:0:1]", "[2001:db8::1:0:0:1]"],
    ["[::]", "[::]"],
    ["[::1]", "[::1]"],
    ["[1::]", "[1::]"],
    ["[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"],
    ["[::ffff:c000:201]", "[::ffff:192.0.2.1]"],
    ["[1:2:3:4:5:6:192.0.2.1]", "[1:2:3:4:5:6:c000:201]"],
    ["[::1:2:192.0.2.1]", "[::1:2:c000:201]"],
    ["[1::ffff:c000:201]", "[1::ffff:c000:201]"],
    ["[::ff00:c000:201]", "[::ff00:c000:201]"],
    ["[::ff:c000:201]", "[::ff:c000:201]"],
    ["[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]"],
    ["[::2:3:4:5:6:7:8]", "[0:2:3:4:5:6:7:8]"]
  ])("JID-11 %s is written %s", (text, form) => {
    expect(Idna.prepare(text)).toBe(form)
    expect(Idna.prepare(form)).toBe(form)
  })

  it.each([
    "[]",
    "[:]",
    "[:::]",
    "[1::2::3]",
    "[12345::]",
    "[::1%eth0]",
    "[1:2:3:4:5:6:7]",
    "[1:2:3:4:5:6:7:8:9]",
    "[::1",
    "::1",
    "[::1.2.3]",
    "[1:2:3:4:5:6:7::8]",
    "[192.0.2.1::]",
    "[1:g::]",
    "[::g:1]",
    "[1:12345::]",
    "[::1:]",
    "[:1::]",
    "[::192.0.2.256]",
    "[::1:192.0.2]"
  ])(
    "JID-11 %s is no domain",
    (text) => {
      expect(Idna.prepare(text)).toBeUndefined()
    }
  )

  it("CERT-64 gives the octets of literals only", () => {
    expect(Idna.ipOctets("192.0.2.7")).toEqual([192, 0, 2, 7])
    expect(Idna.ipOctets("[::1]")).toEqual([...Array.from({ length: 15 }, () => 0), 1])
    expect(Idna.ipOctets("tansy")).toBeUndefined()
  })

  it("CERT-71 both forms of a domain prepare to the same", () => {
    let read = 0
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."aé漢zß.-1א"), maxLength: 12 }), (text) => {
      const domain = Idna.prepare(text)
      const ascii = Idna.toAscii(text)
      if (domain === undefined || ascii === undefined) return
      read += 1
      expect(Idna.prepare(domain)).toBe(domain)
      expect(Idna.prepare(ascii)).toBe(domain)
      expect(ascii).toMatch(/^[a-z0-9.-]+$/)
    }))
    expect(read).toBeGreaterThan(5)
  })
})

describe("code points of labels", () => {
  it.each(
    [
      ["PVALID", [0x2d, 0x30, 0x39, 0x61, 0x7a, 0xdf, 0xe9, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007, 0x300, 0x13a0, 0x4e00]],
      ["CONTEXTJ", [0x200c, 0x200d]],
      ["CONTEXTO", [0xb7, 0x375, 0x5f3, 0x5f4, 0x30fb, 0x660, 0x669, 0x6f0, 0x6f9]],
      ["DISALLOWED", [0x21, 0x2e, 0x40, 0x41, 0x5f, 0xa0, 0xc9, 0x640, 0x7fa, 0x302e, 0x303b, 0x1100, 0x17f, 0x2163]],
      ["DISALLOWED", [
        0xab70,
        0x1e9e,
        0x20d0,
        0x1d165,
        0x1d242,
        0x19da,
        0xfb01,
        0xff41,
        0x10400,
        0xe000,
        0xd800,
        0xffff
      ]],
      ["UNASSIGNED", [0x378, 0xe0000, 0x16ea0]]
    ] as const
  )("RFC 5892 §3 are %s: %j", (property, points) => {
    for (const point of points) expect([point, Idna.property(point)]).toEqual([point, property])
  })

  it("RFC 5892 §3 what labels and PRECIS say differs as it should", () => {
    const of = (point: number) => [Idna.property(point), Precis.property(point)]
    expect(of(0x41)).toEqual(["DISALLOWED", "PVALID"])
    expect(of(0x5f)).toEqual(["DISALLOWED", "PVALID"])
    expect(of(0xc9)).toEqual(["DISALLOWED", "PVALID"])
    expect(of(0x265a)).toEqual(["DISALLOWED", "FREE_PVAL"])
  })
})

describe("U-labels", () => {
  it.each([
    ["RFC 5891 §4.2.3.1", "hyphen", ["é-", "-é", "ab--é", "éé--b", "a-.example", "-a"]],
    ["RFC 5891 §4.2.3.2", "mark", ["\u0301a", "\u0903é", "é.\u0301é"]],
    ["RFC 5891 §4.2.3.3", "context", ["a\u200db", "é·l", "a・é", "\u0660\u06f0ب", "׳"]],
    ["RFC 5892 §3", "disallowed", ["ﬁé", "é_", "♚", "é\u00ad", "\u1100\u0300", "ꭰ", "\ue000", "\ud800", "é@"]],
    ["RFC 5892 §3", "unassigned", ["\u0378", "\ua7d2"]],
    ["RFC 5890 §2.3.1", "ascii", ["a_b", "a b", "*", "a@b", "a\0"]],
    ["RFC 1035 §2.3.1", "empty", ["", ".", "a..b", "é..b", ".é"]],
    ["RFC 7622 §3.2", "literal", ["192.0.2.256", "1.2.3..", "[::", "[1.2.3.4]"]],
    ["JID-02", "length", ["a".repeat(64), "é".repeat(60), "a.".repeat(512) + "b", "ａ".repeat(5000)]],
    ["RFC 5891 §5.4", "alabel", ["xn--", "xn--abc-", "xn--99999999999", "xn--bro-hoa-"]]
  ])("%s refuses as %s", (_, expected, texts) => {
    for (const text of texts) {
      expect([text, rule(text)]).toEqual([text, expected])
      const refusal = Idna.read(text)
      expect(typeof refusal === "object" && refusal.text).toMatch(/^[A-Z].* (?:.*RFC \d{4}.*|.*Unicode 16\.0\.0.*)\.$/)
    }
  })

  it("RFC 5891 §4.2 a refusal says what is wrong, and by which section", () => {
    const sentence = (text: string) => {
      const refused = Idna.read(text)
      return typeof refused === "object" ? refused.text : undefined
    }
    expect(sentence("é_")).toBe("U+005F is not allowed in a label (RFC 5892); leave it out.")
    expect(sentence("é·l")).toBe(
      "U+00B7 may stand only between two small letters l (RFC 5892 Appendix A.3); leave it out."
    )
    expect(sentence("\u0378")).toBe("U+0378 is not assigned in Unicode 16.0.0; leave it out.")
    expect(sentence("אב.1a")).toMatch(
      /^The domain has a label from right to left, and a label does not begin .*\(RFC 5893 §2\)\.$/
    )
  })

  it("RFC 5891 §4.2.3.1 §5.4 hyphens are looked for where they deceive, normal forms in what was encoded", () => {
    expect(Idna.prepare("abcé--d")).toBe("abcé--d")
    expect(rule("éa--d")).toBe("hyphen")
    expect(rule(`xn--${Punycode.encode("bu\u0308ro")}`)).toBe("normal")
    expect(rule(`xn--${Punycode.encode("é\u0378")}`)).toBe("unassigned")
  })

  it("JID-02 RFC 5890 §2.3.2.1 lengths are counted in octets, of the form that counts", () => {
    const label = "a".repeat(63)
    expect(Idna.prepare(label)).toBe(label)
    expect(rule(`${label}a`)).toBe("length")
    const longest = [...Array.from({ length: 15 }, () => label), "b".repeat(63)].join(".")
    expect(longest).toHaveLength(1023)
    expect(Idna.prepare(longest)).toBe(longest)
    expect(Idna.prepare(`${longest}.`)).toBe(longest)
    expect(rule(`${longest.slice(0, -1)}.bb`)).toBe("length")
    const wide = "é".repeat(30)
    const domain = Array.from({ length: 16 }, () => wide).join(".")
    expect(Buffer.byteLength(domain)).toBe(975)
    expect(Idna.prepare(domain)).toBe(domain)
    expect(rule(`${domain}.${wide}`)).toBe("length")
  })

  it("RFC 5891 §4.2.3.3 allows code points with a context where they belong", () => {
    expect(Idna.prepare("col·lecció.example")).toBe("col·lecció.example")
    expect(Idna.prepare("نامه\u200cای")).toBe("نامه\u200cای")
    expect(Idna.prepare("क्\u200dष.भारत")).toBe("क्\u200dष.भारत")
    expect(Idna.prepare("ア・イ")).toBe("ア・イ")
  })

  it("RFC 5890 §2.3.1 a label of ASCII with hyphens in third and fourth place is a host name all the same", () => {
    expect(Idna.prepare("r3---sn.example")).toBe("r3---sn.example")
  })

  it("RFC 5895 §2 maps case, but keeps the capitals of Cherokee, which alone may stand in labels", () => {
    expect(Idna.prepare("ÉCOLE.Example")).toBe("école.example")
    expect(Idna.prepare("ᎠᎴ.Example")).toBe("ᎠᎴ.example")
    expect(Idna.prepare(Idna.toAscii("ᎠᎴ.example") ?? "")).toBe("ᎠᎴ.example")
  })

  it("RFC 5891 §5.4 an A-label encodes a U-label, letter by letter", () => {
    const encoded = (label: string) => `xn--${Punycode.encode(label)}`
    expect(Idna.prepare(encoded("büro"))).toBe("büro")
    for (const label of ["bÜro", "bu\u0308ro", "♚", "é-", "ab--é", "\u0301a", "a\u200db", "buero", "שa"]) {
      expect([label, Idna.prepare(encoded(label))]).toEqual([label, undefined])
    }
  })
})

describe("domains from right to left", () => {
  it.each(["אב.example", "example.אב", "אב1.example", "אב-גד.a1.example", "\u0627\u0628.\u05d0"])(
    "RFC 5893 §2 keeps %j",
    (text) => {
      expect(Idna.prepare(text)).toBe(text)
    }
  )

  it.each(["1אב.example", "אbב.example", "אב.1a", "אב.example.1", "1.אב", "אב\u0660א1", "\u0660a.example"])(
    "RFC 5893 §2 refuses %j",
    (text) => {
      expect(rule(text)).toBe("bidi")
    }
  )

  it("RFC 5893 §2 an A-label counts as what it encodes", () => {
    expect(Idna.prepare("xn--4dbc.example")).toBe("אב.example")
    expect(rule("xn--4dbc.1a")).toBe("bidi")
    expect(Idna.prepare("büro.1a")).toBe("büro.1a")
  })
})

describe("every text as a domain", () => {
  const texts = fc.oneof(tellingText, fairText, anyText, fc.tuple(fairText, fairText).map((each) => each.join(".")))

  it("JID-03 preparing twice is preparing once, and the A-label form leads back", () => {
    let read = 0
    fc.assert(
      fc.property(texts, (text) => {
        const domain = Idna.prepare(text)
        if (domain === undefined) return
        read += 1
        expect(Idna.prepare(domain)).toBe(domain)
        expect(Idna.prepare(Idna.toAscii(text) ?? "")).toBe(domain)
        expect(domain.normalize("NFC")).toBe(domain)
      }),
      { numRuns: 4000 }
    )
    expect(read).toBeGreaterThan(200)
  })

  it("JID-02 is one of 1 to 1023 octets, or a refusal in printable ASCII", () => {
    fc.assert(fc.property(texts, (text) => {
      const domain = Idna.read(text)
      const [octets, sentence] = typeof domain === "string"
        ? [Buffer.byteLength(domain), "None."]
        : [1, domain.text]
      expect(octets).toBeGreaterThan(0)
      expect(octets).toBeLessThanOrEqual(1023)
      expect(sentence).toMatch(/^[A-Z][ -~§]+\.$/)
    }))
  })
})

describe("punycode", () => {
  // RFC 3492 §7.1.
  it.each([
    ["他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"],
    ["למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"],
    ["почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"],
    ["porquénopuedensimplementehablarenespañol", "porqunopuedensimplementehablarenespaol-fmd56a"],
    ["3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"],
    ["ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"],
    ["そのスピードで", "d9juau41awczczp"]
  ])("%s", (text, coded) => {
    expect(Punycode.encode(text)).toBe(coded)
    expect(Punycode.decode(coded)).toBe(text)
  })

  it("RFC 3492 §6.2 §6.3 codes every point of Unicode but halves of surrogates", () => {
    for (const text of ["\u0080", "a\u0080b", "\u007f\u0080", "\ud7ff", "\ue000", "\u{10ffff}", "a", "a-b-"]) {
      expect([text, Punycode.decode(Punycode.encode(text))]).toEqual([text, text])
    }
    for (const half of ["\ud800", "\udbff", "\udc00", "\udfff"]) {
      expect(Punycode.decode(Punycode.encode(half))).toBeUndefined()
    }
    // Digits stand in front of those that weigh more: one more of the first is one point more.
    const last = Punycode.encode("\u{10ffff}")
    const beyond = String.fromCharCode(last.charCodeAt(0) + 1) + last.slice(1)
    expect(Punycode.decode(beyond)).toBeUndefined()
  })

  it("RFC 3492 §6.2 refuses a number that breaks off, or holds no digits", () => {
    for (const text of ["9", "a9", "abc-9", "-a", "-", "é", "A"]) {
      expect([text, Punycode.decode(text)]).toEqual([text, undefined])
    }
  })

  it("decodes what it encodes", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (text) => {
      expect(Punycode.decode(Punycode.encode(text))).toBe(text)
    }))
  })

  it("answers every text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => {
      const decoded = Punycode.decode(text)
      expect(decoded === undefined || typeof decoded === "string").toBe(true)
    }))
  })
})
