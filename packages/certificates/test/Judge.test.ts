import { assert, describe, it } from "@effect/vitest"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import { DerError } from "../src/Der.ts"
import * as Judge from "../src/Judge.ts"
import type * as Path from "../src/Path.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Trust from "../src/Trust.ts"
import { make, now, type Party, pinOf, xmppAddr } from "./making.ts"

const mira = "mira@tansy"
const invalid = (code: Path.FaultCode): Path.Answer => ({
  _tag: "Invalid",
  code,
  rule: "CERT-30",
  detail: "something is wrong"
})
const valid = ({ certificate }: Party): Path.Answer => ({ _tag: "Valid", path: [certificate], anchor: certificate })

const factsOf = Effect.fnUntraced(
  function*(party: Party, path: Path.Answer, more: Partial<Judge.Facts> = {}, shown: Partial<Judge.Shown> = {}) {
    const wanted = Address.parse(mira, "jid")
    const { certificate, key } = yield* pinOf(party, mira)
    const facts: Judge.Facts = {
      role: "initiator",
      ...wanted === undefined ? {} : { wanted },
      naming: "jid",
      hints: [],
      now,
      trust: Trust.nobody,
      shown: {
        _tag: "Shown",
        certificate: party.certificate,
        hashes: { certificate, key },
        sha1: "",
        names: PresentedNames.read(party.certificate, "jid"),
        path,
        pinsByAddress: [],
        pinsByFingerprint: [],
        notices: [],
        ...shown
      },
      ...more
    }
    return facts
  }
)

describe("the order of certificates §8", () => {
  it.effect("CERT-53 each row wins over those below it, and a pin over a revocation", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira)] })
      const stranger = yield* make()
      const [own, foreign] = [yield* pinOf(shown, mira), yield* pinOf(stranger, mira)]
      const pinned = { pinsByAddress: [own], pinsByFingerprint: [own] }
      const contradicted = { pinsByAddress: [foreign] }
      const code = Effect.fnUntraced(
        function*(path: Path.Answer, more: Partial<Judge.Facts> = {}, of: Partial<Judge.Shown> = {}) {
          return Judge.decide(yield* factsOf(shown, path, more, of)).verdict.code
        }
      )
      assert.strictEqual(yield* code(valid(shown), { hints: ["00"] }, pinned), "offerMismatch", "row 3 before 4")
      assert.strictEqual(yield* code(invalid("revoked"), {}, pinned), "pinned", "row 4 before 10")
      assert.strictEqual(yield* code(invalid("expired"), {}, contradicted), "pinMismatch", "row 5 before 9")
      assert.strictEqual(yield* code(valid(shown), {}, contradicted), "trusted", "row 6 excepts row 5")
      assert.strictEqual(yield* code(valid(shown)), "trusted")
      assert.strictEqual(yield* code(invalid("purpose")), "purpose")
      assert.strictEqual(yield* code(invalid("selfSigned")), "selfSigned")
    }))

  it("rows 1 and 2 need no certificate", () => {
    const base = { naming: "jid" as const, hints: [], now, trust: Trust.nobody }
    const nothing = (role: "initiator" | "recipient") =>
      Judge.decide({ ...base, role, shown: { _tag: "Nothing" } }).verdict
    assert.deepStrictEqual([nothing("initiator").decision, nothing("recipient").decision], ["reject", "accept"])
    const error = new DerError({ rule: "CERT-21", detail: "a length is indefinite" })
    const { verdict } = Judge.decide({
      ...base,
      role: "recipient",
      shown: { _tag: "Unreadable", fingerprint: "ab", error }
    })
    assert.deepInclude(verdict, { decision: "reject", code: "malformed", rule: "CERT-21", fingerprint: "ab" })
  })

  it.effect("CERT-86 only rows 8 and 13 may become a first use", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira)] })
      const trust = Trust.make({ firstUse: "accept" })
      const codes = [
        "selfSigned",
        "untrustedCa",
        "expired",
        "badSignature",
        "weakKey",
        "revoked",
        "unknownCritical"
      ] as const
      const open: Array<string> = []
      for (const each of codes) {
        if (Judge.decide(yield* factsOf(shown, invalid(each), { trust })).firstUse !== undefined) open.push(each)
      }
      assert.deepStrictEqual(open, ["selfSigned", "untrustedCa"])
      const nameless = yield* make()
      const ruling = Judge.decide(yield* factsOf(nameless, valid(nameless), { trust }))
      assert.strictEqual(ruling.verdict.code, "noIdentity")
      assert.deepStrictEqual(ruling.firstUse?.addresses, [mira])
      assert.strictEqual(ruling.firstUse?.accepted.code, "firstUse")
      assert.strictEqual(ruling.firstUse?.conflicting.code, "pinMismatch")
    }))

  it.effect("CERT-02 a recipient that wants somebody accepts only that name", () =>
    Effect.gen(function*() {
      const role = "recipient" as const
      const both = yield* make({ names: [xmppAddr(mira), xmppAddr("teo@linden")] })
      const trusted = Judge.decide(yield* factsOf(both, valid(both), { role })).verdict
      assert.deepInclude(trusted, { code: "trusted", identity: mira })
      assert.deepStrictEqual(trusted.authorised, [mira])
      const other = yield* make({ names: [xmppAddr("teo@linden")] })
      const mismatch = Judge.decide(yield* factsOf(other, valid(other), { role })).verdict
      assert.deepInclude(mismatch, { decision: "accept", code: "identityMismatch", strength: "none" })
      assert.deepStrictEqual(mismatch.authorised, [])
      const trust = Trust.make({ firstUse: "accept" })
      const first = Judge.decide(yield* factsOf(other, invalid("selfSigned"), { role, trust }))
      assert.deepStrictEqual([first.verdict.code, first.firstUse], ["identityMismatch", undefined])
      const named = Judge.decide(yield* factsOf(both, invalid("selfSigned"), { role, trust }))
      assert.deepStrictEqual(named.firstUse?.addresses, [mira])
    }))

  it.effect("CERT-70 nothing but an acceptance grants anything", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira)] })
      for (const role of ["initiator", "recipient"] as const) {
        for (const code of ["selfSigned", "expired", "purpose", "internal"] as const) {
          const path = code === "internal" ? invalid("policy") : invalid(code)
          const { verdict } = Judge.decide(yield* factsOf(shown, path, { role }))
          assert.deepInclude(verdict, { decision: "reject", strength: "none" })
          assert.deepStrictEqual(verdict.authorised, [])
          assert.notProperty(verdict, "identity")
          assert.notProperty(verdict, "expiresIn")
        }
      }
    }))
})
