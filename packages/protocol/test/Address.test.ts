import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Address from "../src/Address.ts"

const jid = (text: string) => Address.parse(text, "jid")
const local = (text: string) => Address.parse(text, "linkLocal")
const bare = (text: string) => Address.bareText(text, "jid")

const anyText = fc.string({ unit: "binary", maxLength: 80 })
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

describe("JIDs", () => {
  it("JID-01 cuts at the first slash, then at the first at sign", () => {
    expect(jid("mira@tansy.example/a@b/c")).toEqual({ local: "mira", domain: "tansy.example", resource: "a@b/c" })
    expect(jid("tansy.example/a@b")).toEqual({ domain: "tansy.example", resource: "a@b" })
    expect(jid("a@b@c")).toBeUndefined()
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

describe("link-local names", () => {
  it("HDR-16 folds the letters of ASCII only, and allows spaces and dots", () => {
    expect(local("Mira Q. Ö@Tansy")).toEqual({ local: "mira q. Ö", domain: "tansy" })
    expect(Address.bareText("Zoe\u0308@Tansy", "linkLocal")).toBe("zoë@tansy")
  })

  it("JID-09 is user@machine of 1 to 63 octets, the machine in ASCII", () => {
    expect(local("tansy")).toBeUndefined()
    expect(local("@tansy")).toBeUndefined()
    expect(local("mira@")).toBeUndefined()
    expect(local("mira@tänsy")).toBeUndefined()
    expect(local("a@b@c")).toEqual({ local: "a@b", domain: "c" })
    expect(local(`${"a".repeat(57)}@tansy`)).toBeDefined()
    expect(local(`${"a".repeat(58)}@tansy`)).toBeUndefined()
    expect(local(`${"é".repeat(29)}@tansy`)).toBeUndefined()
    expect(local("mi\nra@tansy")).toBeUndefined()
    expect(local("mi\ud800ra@tansy")).toBeUndefined()
  })

  it("JID-09 has no resource: a slash is a character like any other", () => {
    expect(local("mira/x@tansy")).toEqual({ local: "mira/x", domain: "tansy" })
  })

  it("JID-10 the two kinds disagree on the same text", () => {
    expect(Address.sameBare("mira@tansy/a", "mira@tansy/b", "jid")).toBe(true)
    expect(Address.sameBare("mira@tansy/a", "mira@tansy/b", "linkLocal")).toBe(false)
  })
})

describe.each(["jid", "linkLocal"] as const)("every text as %s", (naming) => {
  it("JID-06 is read without a throw, and what was read reads the same again", () => {
    let read = 0
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          likely,
          likely.map((each) => `a@${each}`),
          likely.map((each) => `${each}@b/c`)
        ),
        (text) => {
          const address = Address.parse(text, naming)
          if (address === undefined) return
          read += 1
          expect(Address.parse(Address.format(address), naming)).toEqual(address)
        }
      ),
      { numRuns: 2000 }
    )
    expect(read).toBeGreaterThan(50)
  })

  it("JID-06 keeps to the equality of bare forms", () => {
    fc.assert(fc.property(likely, likely, (one, other) => {
      const same = Address.sameBare(`${one}@b`, `${other}@b`, naming)
      expect(same).toBe(Address.sameBare(`${other}@b`, `${one}@b`, naming))
      expect(Address.sameBare(`${one}@b`, `${one}@b`, naming)).toBe(Address.parse(`${one}@b`, naming) !== undefined)
    }))
  })
})
