import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as oids from "../src/internal/oids.ts"
import * as Ocsp from "../src/Ocsp.ts"
import * as Encode from "./encode.ts"
import { authority, make, now, right, unknownExtension } from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day, hour } = Revoking
const scene = Effect.gen(function*() {
  const ca = yield* authority("CA")
  return { ca, leaf: yield* make({ issuer: ca }) }
})

describe("decode (RFC 6960 §4.2)", () => {
  it.effect("CERT-50 every field is read", () =>
    Effect.gen(function*() {
      const { ca, leaf: { certificate } } = yield* scene
      const staple = yield* Revoking.ocsp(ca, {
        about: [
          { certificate },
          { certificate, hash: "sha256", answer: "onHold", nextUpdate: undefined },
          { certificate, answer: "unknown", extensions: [unknownExtension(true)] }
        ],
        certificates: [ca.der],
        extensions: [unknownExtension(true)]
      })
      const key = yield* Fingerprint.sha1(ca.certificate.publicKey.octets)
      const unknown = ["1.3.6.1.4.1.55738.666"]
      expect(right(Ocsp.decode(staple))).toMatchObject({
        _tag: "Statement",
        responder: { _tag: "Name", name: { text: "CN=CA" } },
        producedAt: now - hour,
        singles: [
          {
            certificate: {
              hash: oids.sha1,
              serial: certificate.serial,
              issuerKey: key,
              issuerName: yield* Fingerprint.sha1(ca.subject)
            },
            answer: { _tag: "Good" },
            thisUpdate: now - hour,
            nextUpdate: now + 23 * hour,
            unknownCritical: []
          },
          {
            certificate: { hash: oids.sha256, issuerName: yield* Fingerprint.sha256(ca.subject) },
            answer: { _tag: "Revoked", at: now - 2 * day, reason: "certificateHold" }
          },
          { answer: { _tag: "Unknown" }, unknownCritical: unknown }
        ],
        certificates: [ca.der],
        unknownCritical: unknown
      })
      const byKey = right(Ocsp.decode(yield* Revoking.ocsp(ca, { by: "key" })))
      expect(byKey).toMatchObject({ responder: { _tag: "Key", sha1: key }, singles: [], certificates: [] })
    }))

  it("CERT-50 a responder without an answer says why", () => {
    const status = (code: number) => right(Ocsp.decode(Revoking.response(code)))
    expect(status(3)).toEqual({ _tag: "None", status: "tryLater" })
    expect(status(4)).toEqual({ _tag: "None", status: "status 4" })
    expect(status(6)).toEqual({ _tag: "None", status: "unauthorized" })
    assert.isTrue(Result.isFailure(Ocsp.decode(Revoking.response(0))))
  })

  it.effect("CERT-20 other shapes are refused", () =>
    Effect.gen(function*() {
      const { ca, leaf: { certificate } } = yield* scene
      const staple = yield* Revoking.ocsp(ca, { about: [{ certificate }] })
      const basic = right(Der.decode(staple)).children[1]?.children[0]?.children[1]?.content ?? new Uint8Array()
      assert.isTrue(Result.isSuccess(Ocsp.decode(Revoking.response(0, basic))))
      const [data, algorithm, bits] = right(Der.decode(basic)).children.map(({ raw }) => raw)
      const from = (...parts: ReadonlyArray<Uint8Array | undefined>) =>
        Revoking.response(0, Encode.sequence(...parts.map((each) => each ?? new Uint8Array())))
      assert.isTrue(Result.isSuccess(Ocsp.decode(from(data, algorithm, bits))))
      const otherType = Encode.sequence(
        Encode.value(0x0a, Uint8Array.of(0)),
        Encode.explicit(0, Encode.sequence(Encode.oid("1.2.3"), Encode.octetString(basic)))
      )
      const wrong = [
        new Uint8Array(),
        staple.subarray(0, -1),
        otherType,
        from(data, algorithm),
        from(data, algorithm, bits, Encode.explicit(1, Encode.sequence())),
        from(data, algorithm, bits, Encode.explicit(0, Encode.sequence()), Encode.nothing()),
        from(
          Encode.sequence(Encode.explicit(0, Encode.integer(1)), ...data === undefined ? [] : [data]),
          algorithm,
          bits
        ),
        from(Encode.sequence(), algorithm, bits),
        new Uint8Array((1 << 18) + 1)
      ]
      for (const each of wrong) assert.isTrue(Result.isFailure(Ocsp.decode(each)))
    }))

  it.effect("CERT-23 whatever the octets, there is an answer", () =>
    Effect.gen(function*() {
      const { ca, leaf: { certificate } } = yield* scene
      const whole = yield* Revoking.ocsp(ca, { about: [{ certificate, answer: "onHold" }], certificates: [ca.der] })
      const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.integer({ min: 0, max: 255 }) })
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(whole.length), (changes, size) => {
          const mutated = new Uint8Array(whole)
          for (const { at, to } of changes) mutated[at] = to
          for (const each of [mutated, mutated.subarray(0, size)]) {
            const read = Ocsp.decode(each)
            assert.include(
              ["None", "Statement", "DerError"],
              (Result.isSuccess(read) ? read.success : read.failure)._tag
            )
          }
        }),
        { numRuns: 2000 }
      )
    }))
})
