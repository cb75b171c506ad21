import { describe, expect, it } from "@effect/vitest"
import * as Address from "@xmpp-e2e/protocol/Address"
import * as Admission from "@xmpp-e2e/protocol/Admission"
import * as Language from "@xmpp-e2e/protocol/Language"
import * as FastCheck from "fast-check"
import * as Pseudonym from "../src/Pseudonym.ts"

const local = FastCheck.constantFrom("romeo", "Romeo", "ro mæo", "ro:meo", "ÉMILE", "e\u0301mile", "x".repeat(1024))
const domain = FastCheck.constantFrom(
  "forza",
  "Forza.Example",
  "forza.example.",
  "a.pumps.example",
  "pumps.example",
  "bücher.example",
  "xn--bcher-kva.example",
  "192.0.2.1",
  "[2001:DB8::1]",
  "a..b",
  "a.".repeat(120) + "b"
)
const resource = FastCheck.constantFrom("orchard", "Orchard", " orchard", "o\u00a0rchard", "")
const address = FastCheck.oneof(
  FastCheck.tuple(FastCheck.option(local), domain, FastCheck.option(resource)).map(([local, domain, resource]) =>
    (local === null ? "" : `${local}@`) + domain + (resource === null ? "" : `/${resource}`)
  ),
  FastCheck.string({ unit: "binary", maxLength: 12 })
)
const naming = FastCheck.constantFrom<Address.Naming>("jid", "linkLocal")
const secret = FastCheck.string({ minLength: 1 })

describe("address", () => {
  it("JID-06 stands for equal addresses when the addresses are equal, and only then", () => {
    FastCheck.assert(
      FastCheck.property(address, address, naming, secret, (one, other, naming, secret) => {
        const name = Pseudonym.make(secret, naming).address
        expect(Address.sameBare(name(one), name(other), naming)).toBe(Address.sameBare(one, other, naming))
        const [whole, wholeOther] = [one, other].map((each) => Address.parse(each, naming))
        const [named, namedOther] = [one, other].map((each) => Address.parse(name(each), naming))
        expect(named?.resource === namedOther?.resource).toBe(whole?.resource === wholeOther?.resource)
      }),
      { numRuns: 500 }
    )
  })

  it("HDR-17 has the parts that the address has, and its bare form is that of the bare address", () => {
    FastCheck.assert(
      FastCheck.property(address, naming, secret, (text, naming, secret) => {
        const name = Pseudonym.make(secret, naming).address
        const [was, is] = [Address.parse(text, naming), Address.parse(name(text), naming)]
        expect(is === undefined).toBe(was === undefined)
        expect(is?.local === undefined).toBe(was?.local === undefined)
        expect(is?.resource === undefined).toBe(was?.resource === undefined)
        const bare = Address.bareText(text, naming)
        expect(Address.bareText(name(text), naming)).toBe(bare === undefined ? undefined : name(bare))
        // What is not yet prepared stays so: a text may be compared as it stands.
        expect(is !== undefined && Address.format(is) === name(text)).toBe(
          was !== undefined && Address.format(was) === text
        )
      }),
      { numRuns: 500 }
    )
  })

  it("CERT-05 is covered by a wildcard when the address is", () => {
    FastCheck.assert(
      FastCheck.property(address, address, naming, (one, other, naming) => {
        const { address, authorised } = Pseudonym.make("secret", naming)
        const verdict = (entry: string) => ({
          decision: "accept" as const,
          code: "trusted" as const,
          rule: "CERT-70",
          because: "",
          strength: "pki" as const,
          authorised: [entry],
          notices: []
        })
        for (const entry of [other, `*.${other}`]) {
          expect(Admission.authorises(verdict(authorised(entry)), address(one), naming)).toBe(
            Admission.authorises(verdict(entry), one, naming)
          )
        }
      }),
      { numRuns: 500 }
    )
  })

  it("is another one for another secret", () => {
    const text = "romeo@forza.example/orchard"
    const names = ["one", "other"].map((secret) => Pseudonym.make(secret, "jid").address(text))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^u[0-9a-f]{12}@d[0-9a-f]{8}\.d[0-9a-f]{8}\/r[0-9a-f]{12}$/)
  })
})

describe("fingerprint", () => {
  it("has as many hexadecimal digits as there were", () => {
    const { fingerprint } = Pseudonym.make("secret", "jid")
    for (const length of [0, 40, 64, 200]) {
      expect(fingerprint("a".repeat(length))).toMatch(new RegExp(`^[0-9a-f]{${length}}$`))
    }
  })
})

describe("host", () => {
  it("ERR-36 does not see the space around it", () => {
    const { host } = Pseudonym.make("secret", "jid")
    expect(host(" a.example ")).toBe(host("a.example"))
    expect(host(" ")).toBe("")
  })
})

describe("language", () => {
  const subtag = FastCheck.stringMatching(/^[A-Za-z0-9]{1,8}$/)
  const primary = FastCheck.constantFrom("en", "EN", "de", "zh", "yue", "x", "i", "klingon")
  const tag = FastCheck.oneof(
    FastCheck.tuple(primary, FastCheck.array(FastCheck.constantFrom("Latn", "GB", "gb", "x", "K4pulet", "k4pulet")))
      .map(
        ([first, rest]) => [first, ...rest].join("-")
      ),
    FastCheck.tuple(primary, FastCheck.array(subtag)).map(([first, rest]) => [first, ...rest].join("-")),
    FastCheck.string()
  )

  it("LANG-02 is found by another exactly when it was, and LANG-03 is a tag when it was", () => {
    FastCheck.assert(
      FastCheck.property(tag, FastCheck.array(tag), secret, (wanted, supported, secret) => {
        const { language } = Pseudonym.make(secret, "jid")
        expect(Language.isTag(language(wanted))).toBe(Language.isTag(wanted))
        // Of what is no tag only that is left.
        const tags = supported.filter(Language.isTag)
        // Nobody looks for what is no tag (LANG-03).
        const found = Language.isTag(wanted) ? Language.lookup(wanted, tags, "") : ""
        expect(Language.lookup(language(wanted), tags.map(language), "")).toBe(found === "" ? "" : language(found))
      }),
      { numRuns: 500, examples: [["I", ["i"], " "], ["en-?", ["en"], " "]] }
    )
  })

  it.each(["en", "zh-Hant-TW", "es-419", "yue"])("LANG-03 leaves %s as it is", (tag) => {
    expect(Pseudonym.make("secret", "jid").language(tag)).toBe(tag)
  })

  it.each([
    ["en-GB-x-k4pulet", /^en-GB-[a-z0-9]-[a-p]{8}$/],
    ["x-romeo-loves-j", /^x-[a-p]{8}-[a-p]{8}-[a-z0-9]$/],
    ["de-1901-verona", /^de-[a-p]{8}-[a-p]{8}$/],
    ["verona", /^[a-p]{8}$/],
    ["verona verona", /^\?{13}$/]
  ])("LANG-03 of %s hides what may be anything", (tag, hidden) => {
    expect(Pseudonym.make("secret", "jid").language(tag)).toMatch(hidden)
  })
})
