import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Crl from "../src/Crl.ts"
import * as oids from "../src/internal/oids.ts"
import * as Pem from "../src/Pem.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, bytes, commonName, make, now, right, unknownExtension } from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day } = Revoking
const scene = Effect.gen(function*() {
  const ca = yield* authority("CA")
  return { ca, leaf: yield* make({ issuer: ca }), other: yield* make({ issuer: ca }) }
})
const number = (value: number) => Fabricating.extension(oids.crlNumber, false, Encode.integer(value))

describe("decode (RFC 5280 §5)", () => {
  it.effect("CERT-50 every field is read", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const crl = yield* Revoking.crl(ca, {
        revoked: [{ certificate: leaf.certificate }],
        extensions: [
          Fabricating.authorityKey(bytes("0102")),
          number(300),
          Revoking.scope({ names: [Revoking.uri("x")], marks: [1, 4], reasons: [1, 6] })
        ]
      })
      expect(crl).toMatchObject({
        version: 2,
        thisUpdate: now - day,
        nextUpdate: now + 6 * day,
        number: "012c",
        authorityKey: "0102",
        scope: {
          name: { _tag: "Full" },
          reasons: ["keyCompromise", "certificateHold"],
          onlyUsers: true,
          onlyAuthorities: false,
          onlyAttributes: false,
          isIndirect: true
        },
        entryCount: 1
      })
      assert.strictEqual(crl.issuer.comparable, ca.certificate.subject.comparable)
      assert.isUndefined(crl.unusable)
    }))

  it.effect("CERT-50 the first version has neither extensions nor, sometimes, a next update", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const spec = { version: 1, nextUpdate: undefined, revoked: [{ certificate: leaf.certificate }] } as const
      const crl = yield* Revoking.crl(ca, spec)
      assert.deepStrictEqual([crl.version, crl.nextUpdate, crl.entryCount], [1, undefined, 1])
      const extended = yield* Revoking.crlBytes(ca, { ...spec, extensions: [number(1)] })
      assert.isTrue(Result.isFailure(Crl.decode(extended)))
    }))

  it.effect("CERT-50 what is not understood and critical makes it unusable", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const { certificate } = leaf
      const delta = Fabricating.extension(oids.deltaCrlIndicator, true, Encode.integer(1))
      const specs: ReadonlyArray<readonly [RegExp | undefined, Revoking.CrlSpec]> = [
        [undefined, { extensions: [unknownExtension(false)] }],
        [/understood/, { extensions: [unknownExtension(true)] }],
        [/delta/, { extensions: [delta] }],
        [undefined, { revoked: [{ certificate, extensions: [unknownExtension(false)] }] }],
        [/understood/, { revoked: [{ certificate, extensions: [unknownExtension(true)] }] }],
        [/indirect/, { revoked: [{ certificate, extensions: [Revoking.entryIssuer(commonName("x"))] }] }]
      ]
      for (const [why, spec] of specs) {
        const { unusable } = yield* Revoking.crl(ca, spec)
        if (why === undefined) assert.isUndefined(unusable)
        else assert.match(unusable ?? "", why)
      }
    }))

  it.effect("CERT-20 CERT-22 other shapes are refused", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const { certificate } = leaf
      const good = yield* Revoking.crlBytes(ca, { revoked: [{ certificate }] })
      const [tbs, algorithm, signature] = right(Result.map(Crl.decode(good), (crl) => [
        crl.tbs,
        crl.signatureAlgorithm.raw,
        Encode.bitString(crl.signature)
      ]))
      assert.isTrue(Result.isSuccess(Crl.decode(Encode.sequence(tbs ?? good, algorithm ?? good, signature ?? good))))
      const twice = [number(1), number(1)]
      const wrong = [
        new Uint8Array(),
        good.subarray(0, -1),
        Encode.sequence(good, good),
        Encode.sequence(tbs ?? good, algorithm ?? good),
        Encode.sequence(tbs ?? good, Encode.sequence(Encode.oid("1.2.3")), signature ?? good),
        Encode.sequence(tbs ?? good, algorithm ?? good, signature ?? good, signature ?? good),
        yield* Revoking.crlBytes(ca, { extensions: twice }),
        yield* Revoking.crlBytes(ca, { revoked: [{ certificate, extensions: twice }] }),
        yield* Revoking.crlBytes(ca, { extensions: [Fabricating.extension(oids.crlNumber, false, Encode.nothing())] }),
        yield* Revoking.crlBytes(ca, { revoked: [{ certificate: { serial: "0001" } }] })
      ]
      for (const each of wrong) assert.isTrue(Result.isFailure(Crl.decode(each)), Revoking.hex(each))
    }))

  it.effect("CERT-23 whatever the octets, there is an answer", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const whole = yield* Revoking.crlBytes(ca, {
        revoked: [{ certificate: leaf.certificate, extensions: [Revoking.reason(1)] }],
        extensions: [number(1), Revoking.scope({ names: [Revoking.uri("x")], marks: [4], reasons: [1] })]
      })
      const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.integer({ min: 0, max: 255 }) })
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(whole.length), (changes, size) => {
          const mutated = new Uint8Array(whole)
          for (const { at, to } of changes) mutated[at] = to
          for (const each of [mutated, mutated.subarray(0, size)]) {
            const read = Crl.read(each)
            assert.isTrue(
              Result.isFailure(read) || read.success.every((crl) => Crl.find(crl, leaf.certificate) !== null)
            )
          }
        }),
        { numRuns: 2000 }
      )
    }))
})

describe("entries (RFC 5280 §5.3)", () => {
  it.effect("CERT-50 each is found by its serial number and nobody else is", () =>
    Effect.gen(function*() {
      const { ca, leaf, other } = yield* scene
      const crl = yield* Revoking.crl(ca, {
        revoked: [{
          certificate: leaf.certificate,
          at: now - day,
          extensions: [
            Revoking.reason(1),
            Fabricating.extension(oids.invalidityDate, false, Revoking.generalizedTime(now - 9 * day))
          ]
        }]
      })
      assert.deepStrictEqual(Crl.find(crl, leaf.certificate), {
        serial: leaf.certificate.serial,
        at: now - day,
        reason: "keyCompromise",
        invalidSince: now - 9 * day
      })
      assert.isUndefined(Crl.find(crl, other.certificate))
      const none = yield* Revoking.crl(ca)
      assert.isUndefined(Crl.find(none, leaf.certificate))
    }))

  it.effect("CERT-50 of any set of numbers exactly those that are in it are found", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene
      const serials = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 200 })
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(serials, async (listed) => {
            const serialOf = (value: number) => Revoking.hex(Encode.integer(value).subarray(2))
            const revoked = listed.map((each) => ({ certificate: { serial: serialOf(each) } }))
            const crl = await Effect.runPromise(Revoking.crl(ca, { revoked }))
            const found = Array.from({ length: 501 }, (_, at) => at).filter((each) =>
              Crl.find(crl, { ...leaf.certificate, serial: serialOf(each) }) !== undefined
            )
            expect(found).toEqual(listed.toSorted((one, other) => one - other))
          }),
          { numRuns: 30 }
        )
      )
    }))

  it.effect("CERT-50 on an indirect CRL an issuer holds until the next is named", () =>
    Effect.gen(function*() {
      const ca = yield* authority("CA")
      const foreign = yield* authority("Foreign")
      const [own, theirs, theirsToo] = [
        yield* make({ issuer: ca }),
        yield* make({ issuer: foreign }),
        yield* make({ issuer: foreign })
      ]
      const crl = yield* Revoking.crl(ca, {
        extensions: [Revoking.scope({ marks: [4] })],
        revoked: [
          own,
          { ...theirs, extensions: [Revoking.entryIssuer(foreign.subject)] },
          theirsToo
        ]
      })
      for (const { certificate } of [own, theirs, theirsToo]) assert.isDefined(Crl.find(crl, certificate))
      for (const { certificate } of [own, theirs, theirsToo]) {
        const issuer = certificate === own.certificate ? foreign : ca
        assert.isUndefined(Crl.find(crl, { ...certificate, issuer: issuer.certificate.subject }))
      }
    }))

  it.effect("CERT-50 reasons are named; one that nobody has defined is unspecified", () =>
    Effect.gen(function*() {
      const { ca, leaf: { certificate } } = yield* scene
      const reasonOf = Effect.fnUntraced(function*(code: number) {
        const crl = yield* Revoking.crl(ca, { revoked: [{ certificate, extensions: [Revoking.reason(code)] }] })
        return Crl.find(crl, certificate)?.reason
      })
      const found = yield* Effect.forEach([0, 2, 6, 7, 8, 10, 99], reasonOf)
      expect(found).toEqual([
        "unspecified",
        "cACompromise",
        "certificateHold",
        "unspecified",
        "removeFromCRL",
        "aACompromise",
        "unspecified"
      ])
    }))

  it.effect("CERT-50 to be revoked again after having been taken off is to be revoked", () =>
    Effect.gen(function*() {
      const { ca, leaf: { certificate } } = yield* scene
      const entries = [{ certificate, extensions: [Revoking.reason(8)] }, {
        certificate,
        extensions: [Revoking.reason(1)]
      }]
      for (const revoked of [entries, entries.toReversed()]) {
        const crl = yield* Revoking.crl(ca, { revoked })
        assert.strictEqual(Crl.find(crl, certificate)?.reason, "keyCompromise")
      }
    }))
})

describe("files", () => {
  it.effect("CERT-50 DER, and PEM with any number of them", () =>
    Effect.gen(function*() {
      const { ca } = yield* scene
      const [one, other] = [yield* Revoking.crlBytes(ca), yield* Revoking.crlBytes(ca, { extensions: [number(2)] })]
      const count = (content: Uint8Array) => Result.map(Crl.read(content), (all) => all.length)
      const text = (...all: ReadonlyArray<string>) => new TextEncoder().encode(all.join("some words\n"))
      expect(count(one)).toEqual(Result.succeed(1))
      expect(count(text(Pem.encode("X509 CRL", one), Pem.encode("CERTIFICATE", ca.der), Pem.encode("X509 CRL", other))))
        .toEqual(Result.succeed(2))
      assert.isTrue(Result.isFailure(count(text(Pem.encode("X509 CRL", one), Pem.encode("X509 CRL", ca.der)))))
      assert.isTrue(Result.isFailure(count(text(Pem.encode("CERTIFICATE", ca.der)))))
      assert.isTrue(Result.isFailure(count(text("-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n"))))
      assert.isTrue(Result.isFailure(count(Uint8Array.of(0xff, 0xfe))))
    }))
})
