import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Idna from "../src/Idna.ts"
import * as Punycode from "../src/internal/punycode.ts"

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
    ["[::ffff:c000:201]", "[::ffff:192.0.2.1]"]
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
    "[192.0.2.1::]"
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
