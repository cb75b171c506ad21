/** The check itself is tried row by row in `Step.check.test.ts`; here is what the steps do not show. */
import { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Header from "../src/Header.ts"
import * as Namespace from "../src/Namespace.ts"
import type { Link } from "../src/State.ts"
import { addresses, facts, roles, rootTag, verdict } from "./speaking.ts"
import { config } from "./walking.ts"

const clear: Link = { _tag: "Clear" }
const own: Header.StreamHeader = {
  to: addresses.recipient,
  from: addresses.initiator,
  id: "drawn",
  version: "1.0",
  lang: "de",
  contentNamespace: Namespace.client
}

describe("toRootTag", () => {
  it("HDR-02 HDR-05 NS-01 NS-02 NS-09 is stream:stream with the content namespace as default, and no other", () => {
    expect(Header.toRootTag(own)).toEqual({
      name: "stream",
      namespace: Namespace.stream,
      prefix: "stream",
      attributes: [
        { name: "from", value: addresses.initiator },
        { name: "id", value: "drawn" },
        { name: "to", value: addresses.recipient },
        { name: "version", value: "1.0" },
        { name: "lang", namespace: Element.xmlNamespace, value: "de" }
      ],
      declarations: [
        { prefix: "", namespace: Namespace.client },
        { prefix: "stream", namespace: Namespace.stream }
      ]
    })
  })

  it("HDR-14 VER-02 VER-04 what is absent stays absent, an empty from is written", () => {
    const tag = Header.toRootTag({ from: "", contentNamespace: Namespace.server })
    expect(tag.attributes).toEqual([{ name: "from", value: "" }])
    expect(tag.declarations[0]).toEqual({ prefix: "", namespace: Namespace.server })
  })

  it("HDR-13 E2E-07 is what the other side's check reads", () => {
    const asked = Header.checkInitial(config("recipient"), clear, Header.toRootTag(own), false)
    const { from, lang, to } = own
    expect(asked).toStrictEqual({ header: { from, to, lang, modern: true }, diagnostics: [] })
    const answered = Header.checkResponse(
      config("initiator"),
      clear,
      Header.toRootTag({ ...own, from: addresses.recipient, to: addresses.initiator })
    )
    expect(answered).toStrictEqual({
      header: { from: addresses.recipient, to: addresses.initiator, id: "drawn", lang, modern: true },
      diagnostics: []
    })
  })
})

describe("what is read", () => {
  it("HDR-24 a recipient reads no id", () => {
    const { header } = Header.checkInitial(config("recipient"), clear, rootTag("recipient", { id: "x" }), false)
    expect(header).not.toHaveProperty("id")
  })

  it.each(roles)("LANG-03 a malformed language counts as absent and is told, %s", (role) => {
    for (const lang of ["", "x y", "_", "de_CH", "-"]) {
      const tag = rootTag(role, {}, lang)
      const found = role === "initiator"
        ? Header.checkResponse(config(role), clear, tag)
        : Header.checkInitial(config(role), clear, tag, false)
      expect(found.header).not.toHaveProperty("lang")
      expect(found.diagnostics).toEqual(["ignoredLanguage"])
      expect(found.fault).toBeUndefined()
    }
  })

  it("VER-04 VER-05 VER-10 an unreadable version is no mark of an old peer", () => {
    const modern = (version: string | undefined) =>
      Header.checkInitial(config("recipient"), clear, rootTag("recipient", { version }), false).header.modern
    expect([undefined, "0.9", "one", "", "1.0", "2"].map(modern)).toEqual([false, false, true, true, true, true])
  })

  it("HDR-03 HDR-06 any tag gets a header and at most one fault", () => {
    const text = fc.oneof(
      fc.constantFrom("", "1.0", "a@b", "@@", Namespace.stream, Namespace.client, "stream"),
      fc.string()
    )
    const attribute = fc.record({ name: fc.constantFrom("to", "from", "id", "version", "x"), value: text })
    const tags: fc.Arbitrary<Element.RootTag> = fc.record({
      name: text,
      namespace: text,
      prefix: text,
      attributes: fc.array(attribute),
      declarations: fc.array(fc.record({ prefix: fc.constantFrom("", "stream"), namespace: text }))
    })
    fc.assert(fc.property(tags, fc.boolean(), (tag, overloaded) => {
      const asked = Header.checkInitial(config("recipient"), clear, tag, overloaded)
      const answered = Header.checkResponse(config("initiator"), clear, tag)
      expect(typeof asked.header.modern).toBe("boolean")
      expect(!overloaded || asked.fault !== undefined).toBe(true)
      for (const { fault } of [asked, answered]) expect(fault === undefined || fault.rule.length > 4).toBe(true)
    }))
  })
})

describe("what is checked", () => {
  it("NS-02 NS-03 the content namespace is the default one, wherever it is declared", () => {
    const declarations = [...rootTag("recipient").declarations].reverse()
    const strange = [{ prefix: "stream", namespace: Namespace.stream }, { prefix: "", namespace: "urn:x" }]
    const ruleOf = (tag: Element.RootTag) => Header.checkInitial(config("recipient"), clear, tag, false).fault?.rule
    expect(ruleOf({ ...rootTag("recipient"), declarations })).toBeUndefined()
    expect(ruleOf({ ...rootTag("recipient"), declarations: strange })).toBe("NS-03")
  })

  it("LANG-03 a header without a language is no fault, and has none", () => {
    const bare = Element.attributesOf({ version: "1.0" })
    for (const role of roles) {
      const tag = { ...rootTag(role), attributes: bare }
      const found = role === "initiator"
        ? Header.checkResponse(config(role), clear, tag)
        : Header.checkInitial(config(role), clear, tag, false)
      expect(found).toStrictEqual({ header: { modern: true }, diagnostics: role === "initiator" ? ["missingId"] : [] })
    }
  })

  it("HDR-30 who named nobody before EXTERNAL may name us after it", () => {
    const link: Link = {
      _tag: "Authenticated",
      secured: { _tag: "Secured", facts, verdict: verdict("recipient"), expired: false },
      identity: addresses.initiator
    }
    expect(Header.checkInitial(config("recipient"), link, rootTag("recipient"), false).fault).toBeUndefined()
    const named = { ...link, to: addresses.recipient }
    expect(Header.checkInitial(config("recipient"), named, rootTag("recipient"), false).fault).toBeUndefined()
  })
})

describe("isOurs", () => {
  const us = config("recipient", { aliases: ["attic@quarry.example"], former: ["cellar@quarry.example"] })
  const ours = (address: string) => Header.isOurs(us, address)

  it("HDR-16 HDR-17 HDR-18 our address and its aliases, bare or full; not what we were", () => {
    expect(["teo@quarry.example", "TEO@Quarry.Example/x", "attic@quarry.example"].map(ours)).toEqual([true, true, true])
    expect(["quarry.example", "cellar@quarry.example", "@@", ""].map(ours)).toEqual([false, false, false, false])
    const local = config("recipient", { naming: "linkLocal", self: "Oskar@linden" })
    expect(["oskar@LINDEN", "oskar@linden.local"].map((each) => Header.isOurs(local, each))).toEqual([true, false])
  })

  it("HDR-17 two resources must be one", () => {
    const full = config("recipient", { self: "teo@quarry.example/shed" })
    expect(
      ["teo@quarry.example/shed", "teo@quarry.example", "teo@quarry.example/attic"].map((each) =>
        Header.isOurs(full, each)
      )
    )
      .toEqual([true, true, false])
  })
})
