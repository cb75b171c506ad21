import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "../src/Der.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as PublicKey from "../src/PublicKey.ts"
import * as Encode from "./encode.ts"

const read = (der: Uint8Array) => Result.flatMap(Der.decode(der), PublicKey.read)
const spki = (algorithm: ReadonlyArray<Uint8Array>, key: Uint8Array) =>
  Encode.sequence(Encode.sequence(...algorithm), Encode.bitString(key))
const rsa = (modulus: Uint8Array) =>
  spki(
    [Encode.oid(oids.rsaEncryption), Encode.nothing()],
    Encode.sequence(Encode.unsigned(modulus), Encode.integer(65537))
  )
const ec = (curve: Uint8Array) => spki([Encode.oid(oids.ecPublicKey), curve], Uint8Array.of(4))

describe("keys", () => {
  it.effect("CERT-38 the kinds that we make are strong", () =>
    Effect.gen(function*() {
      const keys = yield* Effect.forEach(["ed25519", "p256", "rsa2048"] as const, Keys.generate)
      assert.deepStrictEqual(keys.map(({ publicKey }) => publicKey.text), ["Ed25519", "P-256", "RSA 2048"])
      assert.isTrue(keys.every(({ publicKey }) => PublicKey.isStrong(publicKey)))
    }))

  it("CERT-38 RSA counts its bits, from 2048 to 16384", () => {
    const bits = (octets: number, first: number) =>
      Result.getOrThrow(read(rsa(Uint8Array.of(first, ...new Uint8Array(octets - 1)))))
    expect(
      [bits(255, 0xff), bits(256, 0x80), bits(256, 0x7f), bits(2048, 0xff), bits(2049, 1)].map((
        each
      ) => [each.text, PublicKey.isStrong(each)])
    ).toEqual([
      ["RSA 2040", false],
      ["RSA 2048", true],
      ["RSA 2047", false],
      ["RSA 16384", true],
      ["RSA 16385", false]
    ])
  })

  it("CERT-38 RSA with an exponent of one, an even one, a huge one, or a negative number is weak", () => {
    const modulus = Encode.unsigned(new Uint8Array(256).fill(0xff))
    const key = (...numbers: ReadonlyArray<Uint8Array>) =>
      Result.getOrThrow(read(spki([Encode.oid(oids.rsaEncryption), Encode.nothing()], Encode.sequence(...numbers))))
    const negative = Encode.value(2, new Uint8Array(256).fill(0x80))
    const keys = [
      key(modulus, Encode.integer(3)),
      key(modulus, Encode.integer(1)),
      key(modulus, Encode.integer(65536)),
      key(modulus, Encode.value(2, Uint8Array.of(0x83))),
      key(negative, Encode.integer(3)),
      key(modulus, Encode.unsigned(new Uint8Array(8).fill(0xff))),
      key(modulus, Encode.unsigned(new Uint8Array(9).fill(0xff)))
    ]
    expect(keys.map((each) => PublicKey.isStrong(each))).toEqual([true, false, false, false, false, true, false])
  })

  it("CERT-38 three curves by name; others, and unknown kinds, are weak", () => {
    const named = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35", "1.3.132.0.10"].map((each) =>
      Result.getOrThrow(read(ec(Encode.oid(each))))
    )
    expect(named.map((each) => PublicKey.isStrong(each))).toEqual([true, true, true, false])
    expect(PublicKey.isStrong(Result.getOrThrow(read(ec(Encode.sequence()))))).toBe(false)
    expect(PublicKey.isStrong(Result.getOrThrow(read(spki([Encode.oid("1.2.840.10040.4.1")], Uint8Array.of(4)))))).toBe(
      false
    )
  })

  it("CERT-20 other shapes are malformed", () => {
    const key = spki([Encode.oid(oids.rsaEncryption)], Uint8Array.of(1, 2, 3))
    const shapes = [
      Encode.sequence(),
      key,
      Encode.sequence(Encode.sequence(Encode.oid("1.2")), Encode.bitString(Uint8Array.of(1), 1))
    ]
    expect(shapes.map((each) => Result.isFailure(read(each)))).toEqual([true, true, true])
  })
})
