import { assert, describe, expect, it, onTestFinished, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import type * as Certificate from "../src/Certificate.ts"
import * as Crl from "../src/Crl.ts"
import * as Keys from "../src/internal/keys.ts"
import * as Revocation from "../src/Revocation.ts"
import { type Asked, evidenceOf, scene, status, tagOf } from "./asking.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import {
  authority,
  commonName,
  make,
  now,
  type Party,
  sha1Signer,
  type Spec,
  unknownExtension,
  usage,
  year
} from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day } = Revoking

/** What a certificate says about a CRL, what the CRL says about itself, and whether they are about each other. */
type Scopes = ReadonlyArray<readonly [string, ReadonlyArray<Uint8Array>, ReadonlyArray<Uint8Array>, boolean]>
const [here, there] = [Revoking.uri("http://ca.example/1"), Revoking.uri("http://ca.example/2")]
const shard = Encode.sequence(Encode.oid("2.5.4.3"), Encode.utf8("shard"))
const shardOfCa = Revoking.directoryName(
  Encode.sequence(Encode.set(Encode.sequence(Encode.oid("2.5.4.3"), Encode.utf8("CA"))), Encode.set(shard))
)
const altName = Fabricating.extension("2.5.29.18", false, Encode.sequence(there))
const scopes: Scopes = [
  ["nobody names anything", [], [], true],
  ["only the certificate names a point", [Revoking.points({ names: [here] })], [], true],
  ["both name one", [Revoking.points({ names: [there, here] })], [Revoking.scope({ names: [here] })], true],
  ["they name different ones", [Revoking.points({ names: [there] })], [Revoking.scope({ names: [here] })], false],
  ["the certificate names none", [], [Revoking.scope({ names: [here] })], false],
  ["the CRL names its issuer", [], [Revoking.scope({ names: [Revoking.directoryName(commonName("ca"))] })], true],
  ["it names the issuer's other name", [altName], [Revoking.scope({ names: [there] })], true],
  ["a relative name", [Revoking.points({ relative: shard })], [Revoking.scope({ relative: shard })], true],
  [
    "a relative and its full name",
    [Revoking.points({ relative: shard })],
    [Revoking.scope({ names: [shardOfCa] })],
    true
  ],
  ["only users", [], [Revoking.scope({ marks: [1] })], true],
  ["only authorities", [], [Revoking.scope({ marks: [2] })], false],
  ["only attributes", [], [Revoking.scope({ marks: [5] })], false],
  ["an indirect one of its own issuer", [], [Revoking.scope({ marks: [4] })], true],
  ["a point that cannot be read", [Fabricating.extension("2.5.29.31", false, Encode.nothing())], [], true],
  ["the CRL of somebody else", [Revoking.points({ names: [here], issuer: commonName("another") })], [
    Revoking.scope({ names: [here] })
  ], false]
]

describe("CRLs (RFC 5280 §6.3)", () => {
  it.effect("CERT-50 CERT-54 who is not on it is good until the next is due, who is on it is revoked", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const other = yield* make({ issuer: ca })
      const crl = yield* Revoking.crl(ca, { revoked: [{ ...leaf, extensions: [Revoking.reason(1)] }] })
      expect(yield* status(other, [ca], { crls: [crl] })).toEqual({ _tag: "Good", source: "crl", until: now + 6 * day })
      expect(yield* status(leaf, [ca], { crls: [crl] }))
        .toEqual({ _tag: "Revoked", source: "crl", at: now - 2 * day, reason: "keyCompromise" })
      expect(yield* status(leaf, [ca], {})).toMatchObject({ _tag: "Unknown", isMissing: true })
    }))

  it.effect("CERT-50 on hold is revoked, taken off is not", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      for (const [code, tag] of [[6, "Revoked"], [8, "Good"]] as const) {
        const crl = yield* Revoking.crl(ca, { revoked: [{ ...leaf, extensions: [Revoking.reason(code)] }] })
        assert.strictEqual(yield* tagOf(leaf, [ca], { crls: [crl] }), tag)
      }
    }))

  it.effect("CERT-50 only a key that may sign it counts", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const twin = yield* authority("CA")
      const forged = yield* Revoking.crl(twin, { revoked: [leaf] })
      expect(yield* status(leaf, [ca], { crls: [forged], issuers: [twin] }))
        .toMatchObject({ _tag: "Unknown", isMissing: false })
      const mute = yield* authority("Mute", { keyUsage: usage(5) })
      const below = yield* make({ issuer: mute })
      const unentitled = yield* Revoking.crl(mute, { revoked: [below] })
      expect(yield* status(below, [mute], { crls: [unentitled] })).toMatchObject({ _tag: "Unknown", isMissing: false })
      const plain = yield* authority("Plain", { keyUsage: undefined })
      assert.strictEqual(
        yield* tagOf(yield* make({ issuer: plain }), [plain], { crls: [yield* Revoking.crl(plain)] }),
        "Good"
      )
    }))

  it.effect("CERT-50 nor one that is not understood, not even for who is on it", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      for (const revoked of [[], [leaf]]) {
        const crls = [yield* Revoking.crl(ca, { revoked, extensions: [unknownExtension(true)] })]
        expect(yield* status(leaf, [ca], { crls })).toMatchObject({ _tag: "Unknown", isMissing: false })
      }
    }))

  it.effect("CERT-54 of several the earliest date counts, where each of them is needed", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const crl = (
        nextUpdate: number,
        reasons: ReadonlyArray<number>,
        revoked: ReadonlyArray<Revoking.EntrySpec> = []
      ) => Revoking.crl(ca, { nextUpdate, revoked, extensions: [Revoking.scope({ reasons })] })
      const all = [1, 2, 3, 4, 5, 6, 7, 8]
      const needed = [yield* crl(now + day, all.slice(0, 4)), yield* crl(now + 3 * day, all.slice(3))]
      for (const crls of [needed, needed.toReversed()]) {
        expect(yield* status(leaf, [ca], { crls })).toMatchObject({ until: now + day })
      }
      const crls = [...needed, yield* crl(now + 2 * day, all)]
      expect(yield* status(leaf, [ca], { crls })).toMatchObject({ until: now + 2 * day })
      const listing = [yield* crl(now + day, [1], [{ ...leaf, at: now - day }]), yield* crl(now + day, [2], [leaf])]
      for (const each of [listing, listing.toReversed()]) {
        expect(yield* status(leaf, [ca], { crls: each })).toMatchObject({ _tag: "Revoked", at: now - 2 * day })
      }
    }))

  it.effect("CERT-35 nor a signature with SHA-1", () =>
    Effect.gen(function*() {
      const ca = yield* authority("CA", { pair: yield* Keys.generate("rsa2048") })
      const leaf = yield* make({ issuer: ca })
      const crl = yield* Revoking.crl(ca, { signer: yield* sha1Signer(ca.pair) })
      expect(yield* status(leaf, [ca], { crls: [crl] })).toMatchObject({ _tag: "Unknown", isMissing: false })
    }))

  it.effect("CERT-50 by its key identifier it may be one of another CA of the same name", () =>
    Effect.gen(function*() {
      const identified = (octet: number): Spec => ({ more: [Fabricating.subjectKey(Uint8Array.of(octet))] })
      const [ca, twin] = [yield* authority("CA", identified(1)), yield* authority("CA", identified(2))]
      const leaf = yield* make({ issuer: ca })
      const found = Effect.fnUntraced(function*(octet: number) {
        const crl = yield* Revoking.crl(twin, { extensions: [Fabricating.authorityKey(Uint8Array.of(octet))] })
        return yield* status(leaf, [ca], { crls: [crl] })
      })
      expect(yield* found(2)).toMatchObject({ _tag: "Unknown", isMissing: true })
      expect(yield* found(1)).toMatchObject({ _tag: "Unknown", isMissing: false })
      const unidentified = yield* scene()
      const strange = yield* Revoking.crl(twin, { extensions: [Fabricating.authorityKey(Uint8Array.of(2))] })
      expect(yield* status(unidentified.leaf, [unidentified.ca], { crls: [strange] })).toMatchObject({
        isMissing: false
      })
    }))

  it.effect("CERT-50 a changed octet under the signature never makes anything good or revoked", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      for (const revoked of [[], [leaf]]) {
        const der = yield* Revoking.crlBytes(ca, { revoked, extensions: [Revoking.scope({ marks: [1] })] })
        const { tbs } = Result.getOrThrow(Crl.decode(der))
        const start = tbs.byteOffset - der.byteOffset
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.nat(tbs.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
              const changed = der.map((each, index) => index === start + at ? each ^ mask : each)
              const read = Crl.decode(changed)
              if (Result.isFailure(read)) return
              const found = await Effect.runPromise(status(leaf, [ca], { crls: [read.success] }))
              expect(found._tag).toBe("Unknown")
            }),
            { numRuns: 150 }
          )
        )
      }
    }))

  it.effect("CERT-50 CERT-54 from its first to its last second, and a day where no next one is announced", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const crls = [yield* Revoking.crl(ca, { thisUpdate: now, nextUpdate: now + day })]
      const moments = [now - 1, now, now + day, now + day + 999, now + day + 1000]
      const tags = ["Unknown", "Good", "Good", "Good", "Unknown"]
      expect(yield* Effect.forEach(moments, (at) => tagOf(leaf, [ca], { crls, at }))).toEqual(tags)
      const undated = [yield* Revoking.crl(ca, { thisUpdate: now, nextUpdate: undefined })]
      expect(yield* Effect.forEach(moments, (at) => tagOf(leaf, [ca], { crls: undated, at }))).toEqual(tags)
    }))

  it.effect("CERT-50 who is on one that is over is revoked all the same", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const crls = [yield* Revoking.crl(ca, { revoked: [leaf] })]
      for (const at of [now - 9 * day, now + year]) {
        assert.strictEqual(yield* tagOf(leaf, [ca], { crls, at }), "Revoked")
      }
    }))

  it.effect("CERT-50 a later one takes the place of an earlier one of the same scope, but not from the future", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const listing = yield* Revoking.crl(ca, { revoked: [leaf], thisUpdate: now - 2 * day })
      const tagWith = Effect.fnUntraced(function*(spec: Revoking.CrlSpec) {
        return yield* tagOf(leaf, [ca], { crls: [listing, yield* Revoking.crl(ca, spec)] })
      })
      assert.strictEqual(yield* tagWith({}), "Good")
      assert.strictEqual(yield* tagWith({ thisUpdate: now + day }), "Revoked")
      assert.strictEqual(yield* tagWith({ thisUpdate: now - 3 * day }), "Revoked")
      assert.strictEqual(yield* tagWith({ extensions: [Revoking.scope({ marks: [1] })] }), "Revoked")
      assert.strictEqual(yield* tagWith({ signer: yield* Fabricating.signerOf(leaf.pair) }), "Revoked")
    }))

  it.effect.each(scopes)("CERT-50 scope: %s", ([, more, extensions, isMeant]) =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene({ more })
      const found = yield* status(leaf, [ca], { crls: [yield* Revoking.crl(ca, { extensions })] })
      expect(found).toMatchObject(isMeant ? { _tag: "Good" } : { _tag: "Unknown", isMissing: true })
      const listing = yield* Revoking.crl(ca, { extensions, revoked: [leaf] })
      assert.strictEqual(yield* tagOf(leaf, [ca], { crls: [listing] }), isMeant ? "Revoked" : "Unknown")
    }))

  it.effect("CERT-50 scope: the certificate of an authority", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      for (const [marks, tag] of [[[1], "Unknown"], [[2], "Good"]] as const) {
        const crl = yield* Revoking.crl(root, { extensions: [Revoking.scope({ marks })] })
        assert.strictEqual(yield* tagOf(middle, [root], { crls: [crl] }), tag)
      }
    }))

  it.effect("CERT-50 any set in any order: revoked on one is revoked, good needs all reasons", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const shards = [[1, 2], [2, 3, 4], [5, 6], [7, 8], [1, 2, 3, 4, 5, 6]]
      const make = (reasons: ReadonlyArray<number>, revoked: ReadonlyArray<Party>) =>
        Revoking.crl(ca, { revoked, extensions: [Revoking.scope({ reasons })] })
      const clean = yield* Effect.forEach(shards, (reasons) => make(reasons, []))
      const listing = yield* make([8], [leaf])
      const strange = yield* Revoking.crl(yield* authority("Other"), { revoked: [leaf] })
      const picks = fc.array(fc.nat(shards.length + 1), { maxLength: 9 })
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(picks, async (picked) => {
            const crls = picked.flatMap((each) => [...clean, listing, strange][each] ?? [])
            const covered = new Set(picked.flatMap((each) => shards[each] ?? []))
            const expected = crls.includes(listing) ? "Revoked" : covered.size === 8 ? "Good" : "Unknown"
            expect(await Effect.runPromise(tagOf(leaf, [ca], { crls }))).toBe(expected)
          }),
          { numRuns: 200 }
        )
      )
    }))

  it.effect("CERT-50 a point may be for some reasons only", () =>
    Effect.gen(function*() {
      const first = { names: [here], reasons: [1] }
      const { ca, leaf } = yield* scene({ more: [Revoking.points(first, { names: [there] })] })
      const at = (name: Uint8Array) => Revoking.crl(ca, { extensions: [Revoking.scope({ names: [name] })] })
      assert.strictEqual(yield* tagOf(leaf, [ca], { crls: [yield* at(here)] }), "Unknown")
      assert.strictEqual(yield* tagOf(leaf, [ca], { crls: [yield* at(there)] }), "Good")
    }))
})

describe("paths and modes", () => {
  const check = (path: ReadonlyArray<Party>, anchor: Party, mode: Revocation.Mode, asked: Asked) =>
    Revocation.check({
      path: path.map(({ certificate }): Certificate.Certificate => certificate),
      anchor: anchor.certificate,
      mode,
      now: asked.at ?? now,
      evidence: evidenceOf(asked)
    })
  const codeOf = Effect.fnUntraced(function*(...all: Parameters<typeof check>) {
    const { notices, refusal } = yield* check(...all)
    return refusal?.code ?? (notices.length > 0 ? "trusted, with a notice" : "trusted")
  })
  const modes = ["hard", "soft", "off"] as const

  it.effect("T41 CERT-51 revoked always refuses, unknown by the mode", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const codes = (asked: Asked) => Effect.forEach(modes, (mode) => codeOf([leaf], ca, mode, asked))
      const said = (answer: "good" | "revoked" | "unknown") => Revoking.ocsp(ca, { about: [{ ...leaf, answer }] })
      const unknown = ["revocationUnknown", "trusted, with a notice", "trusted"]
      expect(yield* codes({ staple: yield* said("revoked") })).toEqual(["revoked", "revoked", "trusted"])
      expect(yield* codes({ staple: yield* said("good") })).toEqual(["trusted", "trusted", "trusted"])
      expect(yield* codes({ staple: yield* said("unknown") })).toEqual(unknown)
      expect(yield* codes({})).toEqual(unknown)
    }))

  it.effect("CERT-51 what is there and cannot be believed is not what is not there", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const refused = ["revocationUnknown", "revocationUnknown", "trusted"]
      const evidence: ReadonlyArray<Asked> = [
        { crls: [yield* Revoking.crl(ca, { nextUpdate: now - 1000 })] },
        { crls: [yield* Revoking.crl(yield* authority("CA"))] },
        { staple: Uint8Array.of(1, 2, 3) },
        { staple: Revoking.response(3), crls: [yield* Revoking.crl(ca, { nextUpdate: now - 1000 })] }
      ]
      for (const each of evidence) {
        expect(yield* Effect.forEach(modes, (mode) => codeOf([leaf], ca, mode, each))).toEqual(refused)
        const crls = [...each.crls ?? [], yield* Revoking.crl(ca, { extensions: [Revoking.scope({ marks: [1] })] })]
        assert.strictEqual(yield* codeOf([leaf], ca, "hard", { ...each, crls }), "trusted", "another CRL says enough")
      }
    }))

  it.effect("CERT-50 each certificate below the anchor counts, the staple for the leaf alone", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      const leaf = yield* make({ issuer: middle })
      const [ofRoot, ofMiddle] = [yield* Revoking.crl(root), yield* Revoking.crl(middle)]
      const staple = yield* Revoking.ocsp(middle, { about: [leaf] })
      const code = (asked: Asked) => codeOf([leaf, middle], root, "hard", asked)
      assert.strictEqual(yield* code({ crls: [ofRoot, ofMiddle] }), "trusted")
      assert.strictEqual(yield* code({ crls: [ofRoot], staple }), "trusted")
      assert.strictEqual(yield* code({ crls: [ofMiddle], staple }), "revocationUnknown")
      const middleRevoked = yield* Revoking.crl(root, { revoked: [middle] })
      assert.strictEqual(yield* code({ crls: [middleRevoked, ofMiddle], staple }), "revoked")
      const leafRevoked = yield* Revoking.crl(middle, { revoked: [leaf] })
      assert.strictEqual(
        yield* code({ crls: [ofRoot, leafRevoked], staple }),
        "revoked",
        "although the staple says good"
      )
      const ofAnother = yield* Revoking.ocsp(root, { about: [{ ...middle, answer: "revoked" }] })
      assert.strictEqual(yield* code({ crls: [ofRoot, ofMiddle], staple: ofAnother }), "trusted")
      const { statuses } = yield* check([leaf, middle], root, "hard", { crls: [ofRoot], staple })
      expect(statuses).toMatchObject([{ source: "ocsp" }, { source: "crl" }])
    }))

  it.effect("CERT-40 CERT-50 questions that belong together check no signature twice", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const evidence = evidenceOf({
        crls: [yield* Revoking.crl(ca)],
        staple: yield* Revoking.ocsp(ca, { about: [leaf] })
      })
      const question = { path: [leaf.certificate], anchor: ca.certificate, mode: "hard", now, evidence } as const
      const verify = vi.spyOn(crypto.subtle, "verify")
      onTestFinished(() => verify.mockRestore())
      const shared = { ...question, checks: Revocation.noChecks() }
      const answers = [yield* Revocation.check(shared), yield* Revocation.check(shared)]
      assert.strictEqual(verify.mock.calls.length, 2)
      assert.deepStrictEqual(answers[0], answers[1])
      assert.deepStrictEqual(answers[0], yield* Revocation.check(question))
      assert.strictEqual(verify.mock.calls.length, 4)
    }))

  it.effect("CERT-52 a promised staple must be there and be good", () =>
    Effect.gen(function*() {
      for (const [features, isPromise] of [[[5], true], [[17], true], [[10], false]] as const) {
        const { ca, leaf } = yield* scene({ more: [Revoking.tlsFeatures(...features)] })
        const crls = [yield* Revoking.crl(ca)]
        const refused = isPromise ? "revocationUnknown" : "trusted"
        assert.strictEqual(Revocation.promisesStaple(leaf.certificate), isPromise)
        expect(yield* Effect.forEach(modes, (mode) => codeOf([leaf], ca, mode, { crls })))
          .toEqual([refused, refused, "trusted"])
        const staple = yield* Revoking.ocsp(ca, { about: [leaf] })
        assert.strictEqual(yield* codeOf([leaf], ca, "hard", { staple }), "trusted")
        const late = yield* Revoking.ocsp(ca, { about: [leaf], responder: leaf })
        assert.strictEqual(yield* codeOf([leaf], ca, "soft", { crls, staple: late }), refused)
      }
      const junk = yield* scene({ more: [Fabricating.extension("1.3.6.1.5.5.7.1.24", false, Encode.nothing())] })
      assert.isTrue(Revocation.promisesStaple(junk.leaf.certificate))
    }))

  it.effect("CERT-53 who is trusted by itself is not asked about", () =>
    Effect.gen(function*() {
      const own = yield* make()
      const crl = yield* Revoking.crl(own, { revoked: [own] })
      expect(yield* check([], own, "hard", { crls: [crl] })).toMatchObject({ statuses: [], notices: [] })
      assert.strictEqual(yield* codeOf([], own, "hard", { crls: [crl] }), "trusted")
    }))

  it.effect("CERT-54 when to ask again: at the first next update, and after a day where nothing is known", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const askAgainAt = Effect.fnUntraced(function*(asked: Asked, mode: Revocation.Mode = "soft") {
        return (yield* check([leaf], ca, mode, asked)).askAgainAt
      })
      const soon = now + Revoking.hour
      assert.strictEqual(yield* askAgainAt({ crls: [yield* Revoking.crl(ca, { nextUpdate: soon })] }), soon)
      assert.strictEqual(yield* askAgainAt({ crls: [yield* Revoking.crl(ca)] }), now + 6 * day)
      assert.strictEqual(yield* askAgainAt({}), now + day)
      assert.isUndefined(yield* askAgainAt({}, "off"))
    }))
})
