import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import type * as Crl from "../src/Crl.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as Ocsp from "../src/Ocsp.ts"
import * as Revocation from "../src/Revocation.ts"
import {
  authority,
  commonName,
  make,
  now,
  type Party,
  sha1Signer,
  type Spec,
  unknownExtension,
  usage
} from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day, hour } = Revoking
const status = (leaf: Party, ca: Party, staple: Uint8Array, at = now, crls: ReadonlyArray<Crl.Crl> = []) =>
  Revocation.status({
    certificate: leaf.certificate,
    authorities: [ca.certificate],
    evidence: { crls, issuers: [], staple },
    now: at
  })

const scene = Effect.gen(function*() {
  const ca = yield* authority("CA")
  return { ca, leaf: yield* make({ issuer: ca }) }
})
const good = { _tag: "Good", source: "ocsp", until: now + 23 * hour }
const unusable = { _tag: "Unknown", isMissing: false }
const missing = { _tag: "Unknown", isMissing: true }

describe("answers (RFC 6960 §2.2)", () => {
  it.effect("CERT-50 CERT-54 good, revoked, on hold and unknown, by either hash and either name", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const revoked = { _tag: "Revoked", source: "ocsp", at: now - 2 * day }
      const answers = [
        ["good", good],
        ["revoked", { ...revoked, reason: "unspecified" }],
        ["onHold", { ...revoked, reason: "certificateHold" }],
        ["unknown", missing]
      ] as const
      for (const [answer, expected] of answers) {
        for (const hash of ["sha1", "sha256"] as const) {
          for (const by of ["name", "key"] as const) {
            const staple = yield* Revoking.ocsp(ca, { by, about: [{ ...leaf, hash, answer }] })
            expect(yield* status(leaf, ca, staple)).toMatchObject(expected)
          }
        }
      }
    }))

  it.effect("CERT-50 only what is said about this certificate of this issuer counts", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const other = yield* make({ issuer: ca })
      const twin = yield* authority("CA")
      const aboutOther = yield* Revoking.ocsp(ca, { about: [{ ...other, answer: "revoked" }] })
      expect(yield* status(leaf, ca, aboutOther)).toMatchObject(missing)
      const aboutBoth = yield* Revoking.ocsp(ca, { about: [{ ...other, answer: "revoked" }, leaf] })
      expect(yield* status(leaf, ca, aboutBoth)).toEqual(good)
      const contradicting = yield* Revoking.ocsp(ca, { about: [leaf, { ...leaf, hash: "sha256", answer: "revoked" }] })
      expect(yield* status(leaf, ca, contradicting)).toMatchObject({ _tag: "Revoked" })
      const aboutTwins = yield* Revoking.ocsp(twin, { about: [leaf] })
      expect(yield* status(leaf, ca, aboutTwins)).toMatchObject(missing)
      const renamed = { ...leaf.certificate, issuer: (yield* authority("Other")).certificate.subject }
      const ofOtherName = yield* Revoking.ocsp(ca, { about: [{ certificate: renamed, answer: "revoked" }] })
      expect(yield* status(leaf, ca, ofOtherName)).toMatchObject(missing)
      expect(yield* status(leaf, ca, Revoking.response(3))).toMatchObject(missing)
      expect(yield* status(leaf, ca, Uint8Array.of(0x30, 0x80))).toMatchObject(unusable)
    }))

  it.effect("CERT-50 it holds from its first to its last second; revoked holds for ever", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const tags = Effect.fnUntraced(function*(single: Partial<Revoking.SingleSpec>) {
        const producedAt = now - day
        const staple = yield* Revoking.ocsp(ca, { producedAt, about: [{ ...leaf, thisUpdate: now, ...single }] })
        const moments = [now - 1, now, now + day, now + day + 999, now + day + 1000]
        return yield* Effect.forEach(moments, (at) => Effect.map(status(leaf, ca, staple, at), ({ _tag }) => _tag))
      })
      const expected = ["Unknown", "Good", "Good", "Good", "Unknown"]
      expect(yield* tags({ nextUpdate: now + day })).toEqual(expected)
      expect(yield* tags({ nextUpdate: undefined })).toEqual(expected)
      expect(yield* tags({ nextUpdate: now + day, answer: "revoked" })).toEqual(expected.map(() => "Revoked"))
      const early = yield* Revoking.ocsp(ca, { producedAt: now + hour, about: [leaf] })
      expect(yield* status(leaf, ca, early)).toMatchObject(unusable)
      expect(yield* status(leaf, ca, early, now + hour)).toEqual(good)
    }))

  it.effect("CERT-50 nothing critical may be left that is not understood", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      for (const isCritical of [true, false]) {
        const extensions = [unknownExtension(isCritical)]
        const expected = isCritical ? unusable : good
        const whole = yield* Revoking.ocsp(ca, { about: [leaf], extensions })
        expect(yield* status(leaf, ca, whole)).toMatchObject(expected)
        const single = yield* Revoking.ocsp(ca, { about: [{ ...leaf, extensions }] })
        expect(yield* status(leaf, ca, single)).toMatchObject(expected)
      }
    }))
})

describe("who may answer (RFC 6960 §4.2.2.2)", () => {
  const delegate = (issuer: Party, spec: Spec = {}) =>
    make({ issuer, subject: commonName("Responder"), more: [Revoking.purpose(oids.ocspSigning)], ...spec })

  it.effect("CERT-50 whom the issuer's own key has certified for it, and nobody else", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const signing = Revoking.purpose(oids.ocspSigning)
      const specs: ReadonlyArray<readonly [typeof good | typeof unusable, Spec]> = [
        [good, {}],
        [good, { more: [signing, Revoking.noCheck] }],
        [good, { keyUsage: undefined }],
        [unusable, { more: [] }],
        [unusable, { more: [Revoking.purpose(oids.anyExtendedKeyUsage)] }],
        [unusable, { more: [signing, unknownExtension(true)] }],
        [unusable, { keyUsage: usage(5, 6) }],
        [unusable, { notAfter: now - day }],
        [unusable, { notBefore: now + day }],
        [unusable, { pair: yield* Revoking.shortPair }],
        [unusable, { issuer: yield* authority("CA") }],
        [unusable, { issuer: yield* authority("Other") }]
      ]
      for (const [expected, spec] of specs) {
        const responder = yield* delegate(ca, spec)
        const more = { responder, certificates: [leaf.der, responder.der] }
        const staple = yield* Revoking.ocsp(ca, { about: [leaf], ...more })
        expect(yield* status(leaf, ca, staple)).toMatchObject(expected)
        const bad = yield* Revoking.ocsp(ca, { about: [{ ...leaf, answer: "revoked" }], ...more })
        expect((yield* status(leaf, ca, bad))._tag).toBe(expected === good ? "Revoked" : "Unknown")
      }
    }))

  it.effect("CERT-50 a delegate's certificate comes with the response or is known, among eight", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const responder = yield* delegate(ca)
      const with_ = (...certificates: ReadonlyArray<Uint8Array>) =>
        Revoking.ocsp(ca, { about: [leaf], responder, by: "key", certificates })
      expect(yield* status(leaf, ca, yield* with_())).toMatchObject(unusable)
      expect(yield* status(leaf, ca, yield* with_(commonName("no certificate"), responder.der))).toEqual(good)
      const eight = Array.from({ length: 8 }, () => leaf.der)
      expect(yield* status(leaf, ca, yield* with_(...eight, responder.der))).toMatchObject(unusable)
      const known = Revocation.status({
        certificate: leaf.certificate,
        authorities: [ca.certificate],
        evidence: { crls: [], issuers: [responder.certificate], staple: yield* with_() },
        now
      })
      expect(yield* known).toEqual(good)
    }))

  it.effect("CERT-50 who signed must be who it says", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const responder = yield* delegate(ca)
      for (const by of ["name", "key"] as const) {
        for (const signer of [ca, responder]) {
          const claimed = { ...leaf, pair: signer.pair, subject: commonName("Somebody else") }
          const staple = { about: [leaf], by, certificates: [responder.der] }
          expect(yield* status(leaf, ca, yield* Revoking.ocsp(ca, { ...staple, responder: claimed }))).toMatchObject(
            unusable
          )
          expect(yield* status(leaf, ca, yield* Revoking.ocsp(ca, { ...staple, responder: signer }))).toEqual(good)
        }
      }
    }))

  it.effect("CERT-50 a delegate may be revoked itself, unless its CA says that nobody need ask", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const signing = Revoking.purpose(oids.ocspSigning)
      const points = Revoking.points({ names: [Revoking.uri("http://ca.example/responders")] })
      const users = Revoking.scope({ names: [Revoking.uri("http://ca.example/responders")] })
      const ask = Effect.fnUntraced(function*(more: ReadonlyArray<Uint8Array>, listed?: "clean" | "revoked") {
        const responder = yield* delegate(ca, { more: [signing, ...more] })
        const revoked = listed === "revoked" ? [responder] : []
        const crls = listed === undefined ? [] : [yield* Revoking.crl(ca, { revoked, extensions: [users] })]
        const staple = yield* Revoking.ocsp(ca, { about: [leaf], responder, certificates: [responder.der] })
        return (yield* status(leaf, ca, staple, now, crls))._tag
      })
      assert.strictEqual(yield* ask([points], "clean"), "Good")
      assert.strictEqual(yield* ask([points], "revoked"), "Unknown")
      assert.strictEqual(yield* ask([points]), "Unknown", "it says where to ask, and nobody could")
      assert.strictEqual(yield* ask([]), "Good", "it says nothing")
      assert.strictEqual(yield* ask([points, Revoking.noCheck], "revoked"), "Good")
    }))

  it.effect("CERT-35 no signature with SHA-1, although ids may use it", () =>
    Effect.gen(function*() {
      const ca = yield* authority("CA", { pair: yield* Keys.generate("rsa2048") })
      const leaf = yield* make({ issuer: ca })
      expect(yield* status(leaf, ca, yield* Revoking.ocsp(ca, { about: [leaf] }))).toEqual(good)
      const staple = yield* Revoking.ocsp(ca, { about: [leaf], signer: yield* sha1Signer(ca.pair) })
      expect(yield* status(leaf, ca, staple)).toMatchObject(unusable)
    }))

  it.effect("CERT-50 a changed octet under the signature never makes anything good or revoked", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      for (const answer of ["good", "revoked"] as const) {
        const staple = yield* Revoking.ocsp(ca, { about: [{ ...leaf, answer }] })
        const response = Result.getOrThrow(Ocsp.decode(staple))
        assert(response._tag === "Statement")
        const start = response.tbs.byteOffset - staple.byteOffset
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.nat(response.tbs.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
              const changed = staple.map((each, index) => index === start + at ? each ^ mask : each)
              expect((await Effect.runPromise(status(leaf, ca, changed)))._tag).toBe("Unknown")
            }),
            { numRuns: 150 }
          )
        )
      }
    }))
})
