/** What a verdict rests on, put in order: the chain, and what was broken before what was kept. */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { broken, chain, kept, ordered, told } from "../src/internal/client/claims.ts"
import { certificate, claim, expired, rule } from "./recordings.ts"

const subjects = (evidence: Verdict.Evidence, by = "CERT-86"): ReadonlyArray<string> =>
  chain(evidence, by).map(({ facts }) => facts.subject)

/** Whatever the schema allows; the numbers of certificates need not be those of any. */
const claims = fc.letrec<{ readonly claim: Verdict.Claim }>((tie) => ({
  claim: fc.record({
    about: fc.constantFrom("verdict", "combination", "model", "path", "certificate", "rule"),
    words: fc.string(),
    holds: fc.boolean(),
    needs: fc.constantFrom("all", "any"),
    reasons: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("claim"), { maxLength: 4 })),
    rule: fc.constantFrom("CERT-30", "CERT-86"),
    certificate: fc.nat(5)
  })
})).claim

const evidence: fc.Arbitrary<Verdict.Evidence> = fc.record({
  proof: claims,
  certificates: fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("a", "b", "c")).map(([one, other]) =>
      certificate(one, other)
    ),
    { maxLength: 6 }
  )
})

describe("chain", () => {
  it("CERT-42 leads from the peer's own certificate to the anchor", () => {
    expect(subjects(expired)).toEqual(["CN=romeo", "CN=Between", "CN=Root"])
    expect(chain(expired, "CERT-86")[0]?.claim?.holds).toBe(false)
  })

  it("CERT-40 goes on by names where nobody looked any further", () => {
    const proof = claim("path", [claim("certificate", [rule("It is good", false)], { certificate: 0 })])
    const links = chain({ ...expired, proof }, "CERT-86")
    expect(links.map(({ claim, facts }) => [facts.subject, claim === undefined])).toEqual([
      ["CN=romeo", false],
      ["CN=Between", true],
      ["CN=Root", true]
    ])
  })

  it("CERT-43 is the path that is good, else the one with the rule that decided", () => {
    const path = (id: number, holds: boolean, by: string) =>
      claim("path", [claim("certificate", [rule("So", holds, { rule: by })], { certificate: id })])
    const certificates = ["a", "b", "c"].map((name) => certificate(name, name))
    const tried = [path(0, false, "CERT-30"), path(1, false, "CERT-86")]
    expect(subjects({ certificates, proof: claim("model", tried) })).toEqual(["CN=b"])
    expect(subjects({ certificates, proof: claim("model", tried) }, "CERT-1")).toEqual(["CN=a"])
    expect(subjects({ certificates, proof: claim("model", [...tried, path(2, true, "CERT-30")]) })).toEqual(["CN=c"])
  })

  it("CERT-83 is what was sent, where no path was looked for", () => {
    expect(subjects({ ...expired, proof: rule("It is the one pinned", false) })).toEqual(["CN=romeo", "CN=Between"])
  })

  it("ends, whatever a recording says", () => {
    fc.assert(fc.property(evidence, (any) => {
      const links = chain(any, "CERT-30")
      for (const { facts } of links) expect(any.certificates).toContain(facts)
      expect(links.filter(({ claim }) => claim === undefined).length).toBeLessThanOrEqual(any.certificates.length)
    }))
  })
})

describe("rules", () => {
  it("CERT-86 that were broken come first, and before them the one that decided", () => {
    expect(broken(expired.proof).map((each) => each.rule)).toEqual(["CERT-99", "CERT-86"])
    expect(broken(expired.proof, "CERT-86").map((each) => each.rule)).toEqual(["CERT-86", "CERT-99"])
    expect(kept(expired.proof)).toBe(3)
    expect(broken(rule("fine", true))).toEqual([])
  })

  it("keep their order beside that, and none is lost", () => {
    fc.assert(fc.property(fc.array(claims), (all) => {
      const sorted = ordered(all)
      expect(sorted.filter(({ holds }) => !holds)).toEqual(all.filter(({ holds }) => !holds))
      expect(sorted.slice(sorted.findIndex(({ holds }) => holds))).toEqual(
        all.some(({ holds }) => holds) ? all.filter(({ holds }) => holds) : sorted.slice(-1)
      )
    }))
  })

  it("CERT-30 are told by the requirement and its source where redaction took the words", () => {
    const hidden = rule("x".repeat(22), false, { rule: "CERT-30", source: "RFC 5280 §6.1.3 (a)(2)", found: "xxxxxxx" })
    expect(told(hidden)).toEqual({ words: "It is within its dates" })
    expect(told({ ...hidden, source: "xxxxx" })).toEqual({ words: "It and its path keep RFC 5280 §6.1" })
    expect(told({ ...hidden, rule: "constructor" })).toEqual({ words: "A rule is kept" })
    expect(told(rule("It is good", true, { found: "so it is" }))).toEqual({ words: "It is good", found: "so it is" })
  })
})
