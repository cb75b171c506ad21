import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Address from "../src/Address.ts"
import { anyText, fairText, tellingText } from "./texts.ts"

const jid = (text: string) => Address.parse(text, "jid")
const local = (text: string) => Address.parse(text, "linkLocal")
const bare = (text: string) => Address.bareText(text, "jid")

const likely = fc.array(
  fc.constantFrom(
    "a",
    "Z",
    "é",
    "e\u0301",
    "ß",
    "Σ",
    "İ",
    "ｗ",
    "．",
    "@",
    "/",
    ".",
    "-",
    "xn--",
    "[",
    "]",
    ":",
    "1",
    " ",
    "א",
    "\0",
    "\ud800"
  ),
  { maxLength: 12 }
).map((each) => each.join(""))

const texts = fc.oneof(
  anyText,
  likely,
  ...[likely, tellingText, fairText].flatMap((parts) => [
    parts.map((each) => `a@${each}`),
    parts.map((each) => `${each}@b/c`),
    parts.map((each) => `a@b/${each}`)
  ])
)

describe("JIDs", () => {
  it("JID-01 cuts at the first slash, then at the first at sign", () => {
    expect(jid("mira@tansy.example/a@b/c")).toEqual({
      naming: "jid",
      local: "mira",
      domain: "tansy.example",
      resource: "a@b/c"
    })
    expect(jid("tansy.example/a@b")).toEqual({ naming: "jid", domain: "tansy.example", resource: "a@b" })
    expect(jid("a@b@c")).toBeUndefined()
    for (const parts of [{ domain: "b" }, { local: "a", domain: "b" }, { domain: "b", resource: "c" }]) {
      const { domain, local, resource } = { local: undefined, resource: undefined, ...parts }
      const text = `${local === undefined ? "" : `${local}@`}${domain}${resource === undefined ? "" : `/${resource}`}`
      expect(jid(text)).toStrictEqual({ naming: "jid", ...parts })
    }
  })

  it("JID-01 cuts before mapping: a fullwidth at sign is no separator", () => {
    expect(jid("mira＠tansy@example")).toBeUndefined()
    expect(jid("mira＠tansy.example")).toBeUndefined()
  })

  it("JID-02 bounds each part after mapping", () => {
    expect(jid(`${"a".repeat(1023)}@b`)?.local).toHaveLength(1023)
    expect(jid(`${"a".repeat(1024)}@b`)).toBeUndefined()
    expect(jid(`${"é".repeat(512)}@b`)).toBeUndefined()
    expect(jid(`${"ａ".repeat(1023)}@b`)?.local).toBe("a".repeat(1023))
    expect(jid(`${"u\u0308\u0304".repeat(511)}@b`)?.local).toBe("\u01d6".repeat(511))
    expect(jid(`a@b/${"\u03b1\u0313\u0300\u0345".repeat(341)}`)?.resource).toBe("\u1f82".repeat(341))
    expect(jid(`a@b/${"c".repeat(1023)}`)?.resource).toHaveLength(1023)
    expect(jid(`a@b/${"c".repeat(1024)}`)).toBeUndefined()
    expect(jid("a".repeat(1_000_000))).toBeUndefined()
  })

  it("JID-03 strips one trailing dot and maps case and width", () => {
    expect(bare("NADIA@Harbor.Example.")).toBe("nadia@harbor.example")
    expect(bare("nadia@ｈarbor．example")).toBe("nadia@harbor.example")
    expect(bare("nadia@harbor.example..")).toBeUndefined()
    expect(bare("nadia@.")).toBeUndefined()
  })

  it("JID-04 maps the case and the width of the local part", () => {
    expect(bare("ＭIra@tansy")).toBe("mira@tansy")
    expect(bare("ZOË@tansy")).toBe("zoë@tansy")
    expect(bare("zoe\u0308@tansy")).toBe("zoë@tansy")
    expect(bare("fußball@tansy")).toBe("fußball@tansy")
    expect(bare("π@example.com")).toBe("π@example.com")
    expect(bare("ΣΑΣ@tansy")).toBe("σας@tansy")
  })

  it.each([
    "\"",
    "&",
    "'",
    ":",
    "<",
    ">",
    " ",
    "\t",
    "\0",
    "\u00a0",
    "\u200d",
    "\u00ad",
    "ﬁ",
    "Ⅳ",
    "♚",
    "\u1100",
    "\ud800",
    "\u0640"
  ])(
    "JID-04 refuses %j in a local part",
    (each) => {
      expect(jid(`ab${each}c@tansy`)).toBeUndefined()
    }
  )

  it("JID-04 refuses letters of both directions in one local part", () => {
    expect(bare("שלום@tansy")).toBe("שלום@tansy")
    expect(jid("שaלום@tansy")).toBeUndefined()
    expect(jid("1שלום@tansy")).toBeUndefined()
  })

  it("JID-05 keeps the case of a resource and makes its spaces one kind", () => {
    expect(jid("a@b/Foo\u00a0Bar ♚")?.resource).toBe("Foo Bar ♚")
    expect(jid("a@b/e\u0301")?.resource).toBe("é")
    expect(jid("a@b/\u0007")).toBeUndefined()
    expect(jid("a@b/x\u200by")).toBeUndefined()
    expect(jid("a@b/\ud800")).toBeUndefined()
  })

  it("JID-07 refuses an empty local part and an empty resource", () => {
    expect(jid("@b")).toBeUndefined()
    expect(jid("a@b/")).toBeUndefined()
    expect(jid("b/")).toBeUndefined()
    expect(jid("a@")).toBeUndefined()
    expect(jid("")).toBeUndefined()
  })

  it("JID-08 refuses a leading space in a resource", () => {
    expect(jid("a@b/ x")).toBeUndefined()
    expect(jid("a@b/\u3000x")).toBeUndefined()
    expect(jid("a@b/x y")?.resource).toBe("x y")
  })

  it("JID-11 writes IPv6 as RFC 5952 does", () => {
    expect(bare("a@[2001:DB8:0:0:1:0:0:1]")).toBe("a@[2001:db8::1:0:0:1]")
  })

  it("HDR-17 the resource does not count", () => {
    expect(Address.sameBare("Mira@tansy/x", "mira@tansy/y", "jid")).toBe(true)
    expect(Address.sameBare("mira@tansy", "tansy", "jid")).toBe(false)
    expect(Address.sameBare("@", "@", "jid")).toBe(false)
  })

  it("CERT-05 a mere domain is a service", () => {
    expect([jid("tansy"), jid("a@tansy")].map((each) => each && Address.isService(each))).toEqual([true, false])
  })
})

describe("RFC 7622 §3.5", () => {
  it.each([
    [1, "juliet@example.com"],
    [2, "juliet@example.com/foo"],
    [3, "juliet@example.com/foo bar"],
    [4, "juliet@example.com/foo@bar"],
    [5, "foo\\20bar@example.com"],
    [6, "fussball@example.com"],
    [7, "fu\u00dfball@example.com"],
    [8, "\u03c0@example.com"],
    [9, "\u03a3@example.com/foo", "\u03c3@example.com/foo"],
    [10, "\u03c3@example.com/foo"],
    [11, "\u03c2@example.com/foo"],
    [12, "king@example.com/\u265a"],
    [13, "example.com"],
    [14, "example.com/foobar"],
    [15, "a.example.com/b@example.net"]
  ])("JID-01…06 Table 1, %i: %s", (_, text, form = text) => {
    const address = jid(text)
    expect(address && Address.format(address)).toBe(form)
    expect(Address.explain(text, "jid")).toBeUndefined()
  })

  it("JID-06 Table 1: 9 and 10 are one address, 11 is another, and so are 6 and 7", () => {
    expect(Address.sameBare("Σ@example.com", "σ@example.com", "jid")).toBe(true)
    expect(Address.sameBare("Σ@example.com", "ς@example.com", "jid")).toBe(false)
    expect(Address.sameBare("fussball@example.com", "fußball@example.com", "jid")).toBe(false)
  })

  it.each(
    [
      [16, "\"juliet\"@example.com", "local", "JID-04"],
      [17, "foo bar@example.com", "local", "JID-04"],
      // Erratum 4560 takes this row back; the house keeps it (AMB-14).
      [18, "juliet@example.com/ foo", "resource", "JID-08"],
      [19, "@example.com/", "local", "JID-07"],
      [20, "henry\u2163@example.com", "local", "JID-04"],
      [21, "\u265a@example.com", "local", "JID-04"],
      [22, "juliet@", "domain", "JID-03"],
      [23, "/foobar", "domain", "JID-03"]
    ] as const
  )("JID-04 JID-07 JID-08 Table 2, %i: %j", (_, text, part, rule) => {
    expect(jid(text)).toBeUndefined()
    expect(Address.explain(text, "jid")).toMatchObject({ part, rule })
  })
})

describe("explain", () => {
  it.each(
    [
      ["a".repeat(12_285), "address", "JID-02", /3071 octets/],
      [`${"a".repeat(1024)}@b`, "local", "JID-02", /1023 octets \(RFC 7622 §3\.3\)/],
      [`${"é".repeat(512)}@b`, "local", "JID-02", /1023 octets \(RFC 7622 §3\.3\)/],
      [`${"é".repeat(2047)}@b`, "local", "JID-02", /1023 octets \(RFC 7622 §3\.3\)/],
      [`a@b/${"é".repeat(2047)}`, "resource", "JID-02", /1023 octets \(RFC 7622 §3\.4\)/],
      [`${"\u0301\u0323".repeat(1100)}@b`, "local", "JID-02", /1023 octets/],
      [`a@b/${"é".repeat(512)}`, "resource", "JID-02", /1023 octets \(RFC 7622 §3\.4\)/],
      [`a@b/${"\u0301\u0323".repeat(1100)}`, "resource", "JID-02", /1023 octets/],
      [`a@${"b".repeat(64)}`, "domain", "JID-02", /63 octets/],
      ["a:b@c", "local", "JID-04", /U\+003A is not allowed before the @/],
      ["a\uff1ab@c", "local", "JID-04", /U\+003A is not allowed before the @/],
      ["aﬁ@c", "local", "JID-04", /U\+FB01 .* compatibility form/],
      ["a\u0378@c", "local", "JID-04", /U\+0378 is not assigned in Unicode 16/],
      ["a·b@c", "local", "JID-04", /U\+00B7 may stand only between two small letters l/],
      ["שaלום@c", "local", "JID-04", /Bidi Rule/],
      ["a@b_c", "domain", "JID-03", /letters, digits and hyphens/],
      ["a@xn--bro-hoa-", "domain", "JID-03", /xn--/],
      ["a@[::1", "domain", "JID-03", /IPv6/],
      ["a@b/", "resource", "JID-07", /Nothing follows the slash/],
      ["a@b/x\u0007", "resource", "JID-05", /U\+0007 .* control character/]
    ] as const
  )("JID-02…08 says of no JID what is wrong with it (%#)", (text, part, rule, sentence) => {
    expect(Address.explain(text, "jid")).toMatchObject({ _tag: "Refused", part, rule })
    expect(Address.explain(text, "jid")?.text).toMatch(sentence)
  })

  it.each(
    [
      ["mira", /user@machine/],
      ["@tansy", /user@machine/],
      ["mira@", /user@machine/],
      [`${"a".repeat(58)}@tansy`, /63 octets/],
      ["mi\nra@tansy", /U\+000A is not allowed/],
      ["mi\udc00ra@tansy", /U\+DC00 is not allowed/],
      ["mira@tänsy", /not ASCII/]
    ] as const
  )("JID-09 says of no link-local name what is wrong with it: %j", (text, sentence) => {
    expect(Address.explain(text, "linkLocal")?.rule).toBe("JID-09")
    expect(Address.explain(text, "linkLocal")?.text).toMatch(sentence)
    expect(Address.explain(text, "linkLocal")?.part).toBe(text.endsWith("tänsy") ? "domain" : "address")
  })
})

describe("link-local names", () => {
  it("HDR-16 folds the letters of ASCII only, and allows spaces and dots", () => {
    expect(local("Mira Q. Ö@Tansy")).toEqual({ naming: "linkLocal", local: "mira q. Ö", domain: "tansy" })
    expect(Address.bareText("Zoe\u0308@Tansy", "linkLocal")).toBe("zoë@tansy")
  })

  it("JID-09 is user@machine of 1 to 63 octets, the machine in ASCII", () => {
    expect(local("tansy")).toBeUndefined()
    expect(local("@tansy")).toBeUndefined()
    expect(local("mira@")).toBeUndefined()
    expect(local("mira@tänsy")).toBeUndefined()
    expect(local("a@b")).toStrictEqual({ naming: "linkLocal", local: "a", domain: "b" })
    expect(local("a@b@c")).toEqual({ naming: "linkLocal", local: "a@b", domain: "c" })
    expect(local(`${"a".repeat(57)}@tansy`)).toBeDefined()
    expect(local(`${"a".repeat(58)}@tansy`)).toBeUndefined()
    expect(local(`${"é".repeat(29)}@tansy`)).toBeUndefined()
    expect(local("mi\nra@tansy")).toBeUndefined()
    expect(local("mi\ud800ra@tansy")).toBeUndefined()
  })

  it("JID-09 has no resource: a slash is a character like any other", () => {
    expect(local("mira/x@tansy")).toEqual({ naming: "linkLocal", local: "mira/x", domain: "tansy" })
  })

  it("JID-10 the two kinds disagree on the same text", () => {
    expect(Address.sameBare("mira@tansy/a", "mira@tansy/b", "jid")).toBe(true)
    expect(Address.sameBare("mira@tansy/a", "mira@tansy/b", "linkLocal")).toBe(false)
  })
})

describe("the two kinds", () => {
  it("JID-09 JID-10 are never equal, whatever the text", () => {
    let both = 0
    fc.assert(fc.property(fc.oneof(texts, fc.constantFrom("mira@tansy", "a@b", "MIRA@tansy.example")), (text) => {
      const [one, other] = [jid(text), local(text)]
      if (one === undefined || other === undefined) return
      both += 1
      expect(one).not.toEqual(other)
      expect([Address.bare(one).naming, Address.bare(other).naming]).toEqual(["jid", "linkLocal"])
    }))
    expect(both).toBeGreaterThan(5)
  })

  it("JID-09 JID-10 are kept apart by the compiler", () => {
    const isJid = (address: Address.Jid) => address.naming === "jid"
    const name: Address.LinkLocalName = { naming: "linkLocal", local: "mira", domain: "tansy" }
    // @ts-expect-error a link-local name is no JID
    expect(isJid(name)).toBe(false)
    // @ts-expect-error and it has no resource
    expect({ ...name, resource: "x" } satisfies Address.Address).not.toEqual(name)
  })
})

describe.each(["jid", "linkLocal"] as const)("every text as %s", (naming) => {
  it("JID-06 is read without a throw, and what was read reads the same again", () => {
    let read = 0
    fc.assert(
      fc.property(
        texts,
        (text) => {
          const address = Address.parse(text, naming)
          const refusal = Address.explain(text, naming)
          expect(refusal === undefined).toBe(address !== undefined)
          expect(refusal?.text ?? "None.").toMatch(/^[A-Z][ -~§]+\.$/)
          if (address === undefined) return
          read += 1
          expect(Address.parse(Address.format(address), naming)).toEqual(address)
        }
      ),
      { numRuns: 4000 }
    )
    expect(read).toBeGreaterThan(50)
  })

  it("JID-02 JID-09 keeps to the bounds after mapping, in text that is whole", () => {
    const long = fc.tuple(fc.constantFrom("a", "é", "İ", "ａ", "가", "漢", "Ω", "\u0344"), fc.nat(1100)).map(
      ([each, times]) => each.repeat(times)
    )
    const [partMax, wholeMax] = naming === "jid" ? [1023, 3071] : [63, 63]
    fc.assert(fc.property(fc.tuple(long, long).map(([one, two]) => `${one}@b/${two}`), (text) => {
      const address = Address.parse(text, naming)
      if (address === undefined) return
      const parts = [address.local, address.domain, address.resource].filter((each) => each !== undefined)
      for (const part of parts) {
        expect(Buffer.byteLength(part)).toBeGreaterThan(0)
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(partMax)
        expect(part.isWellFormed()).toBe(true)
      }
      expect(Buffer.byteLength(Address.format(address))).toBeLessThanOrEqual(wholeMax)
    }))
  })

  it("JID-06 keeps to the equality of bare forms", () => {
    fc.assert(fc.property(likely, likely, (one, other) => {
      const same = Address.sameBare(`${one}@b`, `${other}@b`, naming)
      expect(same).toBe(Address.sameBare(`${other}@b`, `${one}@b`, naming))
      expect(Address.sameBare(`${one}@b`, `${one}@b`, naming)).toBe(Address.parse(`${one}@b`, naming) !== undefined)
    }))
  })
})
