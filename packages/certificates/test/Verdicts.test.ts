import { describe, expect, it } from "@effect/vitest"
import * as Fingerprint from "../src/Fingerprint.ts"
import type { Pin } from "../src/Pin.ts"
import * as Verdicts from "../src/Verdicts.ts"

const fingerprint = "ab".repeat(32)
const print = Fingerprint.display(fingerprint)
const what: Verdicts.Case = { fingerprint, wanted: "mira@tansy", presented: ["teo@linden"], notices: ["one: two."] }
const grant: Verdicts.Grant = { authorised: ["mira@tansy"], strength: "pki", expiresIn: 5 }
const codes = [
  "expired",
  "notYetValid",
  "revoked",
  "revocationUnknown",
  "badSignature",
  "nameChaining",
  "notACa",
  "pathLength",
  "keyUsage",
  "purpose",
  "policy",
  "nameConstraint",
  "unknownCritical",
  "weakSignature",
  "weakKey",
  "eeIsCa",
  "emptySubject",
  "selfSigned",
  "untrustedCa"
] as const
const pin: Pin = {
  address: "mira@tansy",
  naming: "jid",
  certificate: "ab".repeat(32),
  key: "ef".repeat(32),
  firstSeen: "2026-01-01T00:00:00Z",
  how: "firstUse"
}
const faults = codes.map((code) => Verdicts.fault(what, { code, rule: "CERT-30", detail: "something was found" }))
const all = [
  Verdicts.noCertificate("initiator"),
  Verdicts.noCertificate("recipient"),
  Verdicts.malformed(what, "CERT-21", "a length is indefinite"),
  Verdicts.offerMismatch(what, ["cd".repeat(20)]),
  Verdicts.pinned(what, grant),
  Verdicts.pinMismatch(what, { addresses: ["mira@tansy"], pins: [] }),
  Verdicts.pinMismatch(what, { addresses: ["mira@tansy"], pins: [pin], key: "cd".repeat(32) }),
  Verdicts.pinMismatch(what, { addresses: ["mira@tansy"], pins: [pin, pin], key: pin.key }),
  Verdicts.acceptedByCustom(what, "members", "mira is on the list", grant),
  Verdicts.refusedByCustom(what, "members", "mira is not on the list"),
  Verdicts.trusted(what, grant, "CN=Root"),
  Verdicts.identityMismatch(what, "initiator"),
  Verdicts.identityMismatch(what, "recipient"),
  Verdicts.noIdentity(what, "initiator"),
  Verdicts.noIdentity(what, "recipient"),
  Verdicts.firstUse(what, grant),
  Verdicts.userRejected(what),
  Verdicts.internal(what, "the store is gone"),
  ...faults
]

describe("verdicts", () => {
  it("CERT-85 the alarm says what changed: which certificate, since when, how it came there, and the key", () => {
    const alarm = (key: string) => Verdicts.pinMismatch(what, { addresses: ["mira@tansy"], pins: [pin], key }).because
    expect(alarm(pin.key)).toContain("AB:AB:AB")
    expect(alarm(pin.key)).toContain("known from a first use since 2026-01-01T00:00:00Z")
    expect(alarm(pin.key)).toContain("its key is the same")
    expect(alarm("cd".repeat(32))).toContain("its key is another one")
    const bare = { ...pin, how: "manual" as const, firstSeen: "1970-01-01T00:00:00Z", key: pin.certificate }
    const ofEither =
      Verdicts.pinMismatch(what, { addresses: ["mira@tansy"], pins: [bare], key: "cd".repeat(32) }).because
    expect(ofEither).toContain("The certificate or key with the SHA-256 fingerprint")
    expect(ofEither).toContain("(set by hand) is pinned")
    expect(ofEither).not.toContain("its key is")
  })

  it("CERT-30 each is a sentence to go on from, and says what to do when it is a refusal", () => {
    const sentences = [...all, ...all.map(Verdicts.tolerate)].map(({ because }) => because)
    expect(sentences.filter((each) => !/^[A-Z].{20,}[^.!?;,: ]$/.test(each))).toEqual([])
    expect(sentences.filter((each) => /undefined|FINGERPRINT|\.\.|;\.| ,/.test(each))).toEqual([])
    const refusals = all.filter(({ code, decision }) =>
      decision === "reject" && code !== "userRejected" && code !== "internal"
    )
    expect(refusals.length).toBeGreaterThan(20)
    expect(refusals.filter(({ because }) => !/; |, so ask/.test(because))).toEqual([])
  })

  it("CERT-87 those that a pin could turn name the fingerprint to compare", () => {
    const pinnable = all.filter(({ code }) =>
      ["selfSigned", "untrustedCa", "identityMismatch", "noIdentity", "pinMismatch", "firstUse"].includes(code)
    )
    expect(pinnable).toHaveLength(10)
    expect(pinnable.filter(({ because }) => !because.includes(print))).toEqual([])
  })

  it("CERT-70 only acceptances by pin, path, first use or function grant anything", () => {
    const granting = all.filter(({ authorised }) => authorised.length > 0)
    expect(granting.map(({ code }) => code)).toEqual(["pinned", "trusted", "trusted", "firstUse"])
    expect(
      granting.every(({ decision, expiresIn, identity }) =>
        decision === "accept" && identity === "mira@tansy" && expiresIn === 5
      )
    ).toBe(true)
    expect(all.filter((each) => each.strength !== "none")).toEqual(granting)
  })

  it("CERT-70 the identity is the wanted one, and only when it is granted", () => {
    expect(Verdicts.trusted(what, { ...grant, authorised: ["teo@linden"] }, "CN=Root").identity).toBeUndefined()
  })

  it("certificates §8 a lenient recipient tolerates refusals, but no sign of an attack", () => {
    const kept = all.map(Verdicts.tolerate).filter(({ decision }) => decision === "reject").map(({ code }) => code)
    expect(kept).toEqual(["malformed", "offerMismatch", "pinMismatch", "pinMismatch", "pinMismatch", "internal"])
    const tolerated = Verdicts.tolerate(faults[0] ?? Verdicts.internal(what, ""))
    expect(tolerated).toMatchObject({ decision: "accept", authorised: [], strength: "none", code: "expired" })
    const accepted = Verdicts.pinned(what, grant)
    expect(Verdicts.tolerate(accepted)).toBe(accepted)
  })

  it("CERT-87 a name cannot deceive whoever reads it", () => {
    const { because } = Verdicts.identityMismatch({ ...what, presented: ["a\u202eb\u001b[2J\n@c"] }, "initiator")
    expect(because).toContain("a\\u{202e}b\\u{1b}[2J\\u{a}@c")
    expect(because).toMatch(/^[\x20-\x7e]+$/)
  })

  it("CERT-90 an announcement cannot either, however long it is", () => {
    const { because } = Verdicts.offerMismatch(what, ["\u001b[2j\u202e", "aa".repeat(50_000)])
    expect(because).toMatch(/^[\x20-\x7e…]{1,1000}$/)
  })

  it("CERT-87 many names are cut short", () => {
    const presented = Array.from({ length: 100 }, (_, at) => `a${at}@b`)
    expect(Verdicts.identityMismatch({ ...what, presented }, "initiator").because).toMatch(/a7@b and 92 more/)
  })
})
