import { describe, expect, it } from "@effect/vitest"
import { Address, Idna } from "@xmpp-e2e/protocol"
import fc from "fast-check"
import * as Match from "../src/Match.ts"
import type { PresentedNames } from "../src/PresentedNames.ts"

const none: PresentedNames = {
  xmppAddr: [],
  srv: [],
  dns: [],
  ip: [],
  commonNames: [],
  hasAlternatives: true,
  notices: []
}
const rules: Match.Rules = { naming: "jid", services: ["xmpp-client"], legacyCommonName: false }
const address = (text: string, naming: Address.Naming = "jid"): Address.Address => {
  const read = Address.parse(text, naming)
  if (read === undefined) throw new Error(`${text} is no address`)
  return read
}
const match = (names: Partial<PresentedNames>, wanted: string, more: Partial<Match.Rules> = {}) =>
  Match.match({ ...none, ...names }, address(wanted, more.naming), { ...rules, ...more })

const label = fc.constantFrom("a", "b", "pumps", "xn--bro-hoa", "*", "a*", "example", "1")
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((each) => each.join("."))

describe("match", () => {
  it("CERT-05 CERT-77 CERT-78 everybody with a local part is known by XmppAddr alone", () => {
    const service = {
      dns: ["pumps.example"],
      srv: [{ service: "xmpp-client", name: "pumps.example" }],
      xmppAddr: ["pumps.example"]
    }
    expect(match(service, "pumps.example")).toBe("matches")
    expect(match(service, "mira@pumps.example")).toBe("mismatch")
    expect(match({ xmppAddr: ["mira@pumps.example"] }, "mira@pumps.example")).toBe("matches")
    expect(match({ xmppAddr: ["mira@pumps.example"] }, "pumps.example")).toBe("mismatch")
  })

  it("CERT-05 a link-local name is never a service", () => {
    expect(match({ dns: ["tansy"], xmppAddr: ["tansy"] }, "mira@tansy", { naming: "linkLocal" })).toBe("mismatch")
    expect(match({ xmppAddr: ["mira@tansy"] }, "Mira@Tansy", { naming: "linkLocal" })).toBe("matches")
  })

  it("CERT-06 CERT-62 names that do not fit are a mismatch, no names are none", () => {
    expect(match({ dns: ["a.b"] }, "mira@tansy")).toBe("mismatch")
    expect(match({}, "mira@tansy")).toBe("nameless")
    expect(match({ commonNames: ["mira@tansy"], hasAlternatives: false }, "mira@tansy")).toBe("nameless")
  })

  it("CERT-75 service and name match in the same SRVName", () => {
    const srv = [{ service: "xmpp-client", name: "a.b" }, { service: "xmpp-server", name: "c.d" }]
    expect([match({ srv }, "a.b"), match({ srv }, "c.d")]).toEqual(["matches", "mismatch"])
    expect(match({ srv }, "c.d", { services: ["xmpp-client", "xmpp-server"] })).toBe("matches")
  })

  it("CERT-63 the Common Name is the last resort, and only when asked for", () => {
    const names = { commonNames: ["first.example", "*.PUMPS.example"], hasAlternatives: false }
    expect(match(names, "a.pumps.example")).toBe("nameless")
    const legacy = { legacyCommonName: true }
    expect(match(names, "a.pumps.example", legacy)).toBe("matches")
    expect(match(names, "first.example", legacy)).toBe("mismatch")
    expect(match({ ...names, hasAlternatives: true }, "a.pumps.example", legacy)).toBe("nameless")
    expect(match({ commonNames: ["pumps.example\0"], hasAlternatives: false }, "pumps.example", legacy)).toBe(
      "nameless"
    )
  })

  it("CERT-71 CERT-72 CERT-73 agrees with a simple reading of the rules, for any names", () => {
    let matches = 0
    fc.assert(
      fc.property(domain, domain, (presented, wanted) => {
        const prepared = Idna.prepare(wanted)
        if (prepared === undefined) return
        const [have, want] = [presented.split("."), wanted.split(".")]
        const isWild = have[0] === "*" && have.length >= 3 && have.at(-1) !== "1" &&
          !have.slice(1).join(".").includes("*")
        const isSame = have.length === want.length &&
          have.every((each, at) => each === want[at] || (at === 0 && isWild))
        const answer = match({ dns: [presented] }, wanted) === "matches"
        expect(answer).toBe(isSame && (isWild || !presented.includes("*")))
        if (answer) matches += 1
      }),
      { numRuns: 3000 }
    )
    expect(matches).toBeGreaterThan(10)
  })
})

describe("addresses", () => {
  it("certificates §5.3 lists exactly what would match", () => {
    let covered = 0
    fc.assert(
      fc.property(fc.array(domain, { maxLength: 3 }), domain, (dns, wanted) => {
        const prepared = Idna.prepare(wanted)
        if (prepared === undefined) return
        const covers = Match.covers(Match.addresses({ ...none, dns }, rules), { naming: "jid", domain: prepared })
        expect(covers).toBe(match({ dns }, wanted) === "matches")
        if (covers) covered += 1
      }),
      { numRuns: 3000 }
    )
    expect(covered).toBeGreaterThan(10)
  })

  it("CERT-72 CERT-77 a wildcard covers mere domains with one more label, and nobody else", () => {
    const authorised = Match.addresses({ ...none, dns: ["*.pumps.example", "*.2.3.4", "*.example"] }, rules)
    expect(authorised).toEqual(["*.pumps.example"])
    expect(
      ["a.pumps.example", "pumps.example", "b.a.pumps.example", "x@a.pumps.example"].map((each) =>
        Match.covers(authorised, address(each))
      )
    ).toEqual([
      true,
      false,
      false,
      false
    ])
  })

  it("CERT-08 other services' SRVNames do not count", () => {
    const srv = [{ service: "xmpp-server", name: "a.b" }, { service: "xmpp-client", name: "c.d" }]
    expect(Match.addresses({ ...none, srv }, rules)).toEqual(["c.d"])
    expect(Match.addresses({ ...none, srv, xmppAddr: ["mira@tansy"] }, { ...rules, naming: "linkLocal" })).toEqual([
      "mira@tansy"
    ])
  })

  it("CERT-71 domains are given with U-labels, each one once", () => {
    const names = {
      ...none,
      xmppAddr: ["büro.example"],
      dns: ["xn--bro-hoa.example", "a_b.example", "192.0.2.1"],
      ip: ["192.0.2.1"]
    }
    expect(Match.addresses(names, rules)).toEqual(["büro.example", "192.0.2.1"])
  })
})
