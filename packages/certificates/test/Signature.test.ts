import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import type * as PublicKey from "../src/PublicKey.ts"
import * as Signature from "../src/Signature.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { sha1Signer } from "./making.ts"

const tbs = Fabricating.commonName("what is signed")

interface Way {
  readonly generate: () => Promise<CryptoKey | { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }>
  readonly sign: { readonly name: string; readonly hash?: string; readonly saltLength?: number }
  readonly algorithm: Uint8Array
}

const sha = {
  "SHA-256": "2.16.840.1.101.3.4.2.1",
  "SHA-384": "2.16.840.1.101.3.4.2.2",
  "SHA-512": "2.16.840.1.101.3.4.2.3"
}
const use: Array<"sign" | "verify"> = ["sign", "verify"]
const plain = (oid: string) => Encode.sequence(Encode.oid(oid))
const rsa = (name: string, hash: string) => () =>
  crypto.subtle.generateKey({ name, hash, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }, true, use)
const pkcs1 = (hash: keyof typeof sha, oid: string): Way => ({
  generate: rsa("RSASSA-PKCS1-v1_5", hash),
  sign: { name: "RSASSA-PKCS1-v1_5" },
  algorithm: Encode.sequence(Encode.oid(oid), Encode.nothing())
})
const pssAlgorithm = (hash: keyof typeof sha, salt: number, mask = hash) =>
  Encode.sequence(
    Encode.oid(oids.rsassaPss),
    Encode.sequence(
      Encode.explicit(0, plain(sha[hash])),
      Encode.explicit(1, Encode.sequence(Encode.oid(oids.mgf1), plain(sha[mask]))),
      Encode.explicit(2, Encode.integer(salt))
    )
  )
const pss = (hash: keyof typeof sha, saltLength: number): Way => ({
  generate: rsa("RSA-PSS", hash),
  sign: { name: "RSA-PSS", saltLength },
  algorithm: pssAlgorithm(hash, saltLength)
})
const ecdsa = (namedCurve: string, hash: string, oid: string): Way => ({
  generate: () => crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, true, use),
  sign: { name: "ECDSA", hash },
  algorithm: plain(oid)
})

const ways: ReadonlyArray<readonly [string, Way]> = [
  ["RSA with SHA-256", pkcs1("SHA-256", oids.sha256WithRsa)],
  ["RSA with SHA-512", pkcs1("SHA-512", "1.2.840.113549.1.1.13")],
  ["RSA-PSS with SHA-256", pss("SHA-256", 32)],
  ["RSA-PSS with SHA-384 and another salt", pss("SHA-384", 20)],
  ["P-256 with SHA-256", ecdsa("P-256", "SHA-256", oids.ecdsaWithSha256)],
  ["P-384 with SHA-384", ecdsa("P-384", "SHA-384", oids.ecdsaWithSha384)],
  ["P-521 with SHA-512", ecdsa("P-521", "SHA-512", oids.ecdsaWithSha512)],
  ["P-256 with SHA-512", ecdsa("P-256", "SHA-512", oids.ecdsaWithSha512)],
  ["Ed25519", {
    generate: () => crypto.subtle.generateKey({ name: "Ed25519" }, true, use),
    sign: { name: "Ed25519" },
    algorithm: plain(oids.ed25519)
  }]
]

const signedBy = Effect.fnUntraced(function*({ algorithm, generate, sign }: Way) {
  const made = yield* Effect.promise(async () => {
    const pair = await generate()
    if (!("privateKey" in pair)) throw new Error("no pair")
    const signature = await crypto.subtle.sign(sign, pair.privateKey, new Uint8Array(tbs))
    return { signature, spki: await crypto.subtle.exportKey("spki", pair.publicKey) }
  })
  const publicKey = Fabricating.publicKeyOf(new Uint8Array(made.spki))
  const raw = new Uint8Array(made.signature)
  const signature = sign.name === "ECDSA" ? Fabricating.ecdsa(raw) : raw
  return { publicKey, signed: { tbs, signature, signatureAlgorithm: Result.getOrThrow(Der.decode(algorithm)) } }
})

describe("verifying", () => {
  it.effect.each(ways)("CERT-30 %s: what was signed is, and nothing else", ([, way]) =>
    Effect.gen(function*() {
      const { publicKey, signed } = yield* signedBy(way)
      assert.isTrue(yield* Signature.verify(signed, publicKey))
      assert.isFalse(Signature.isWeak(signed))
      const { publicKey: other } = yield* signedBy(way)
      assert.isFalse(yield* Signature.verify(signed, other))
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            fc.constantFrom("tbs", "signature"),
            fc.nat(),
            fc.integer({ min: 1, max: 255 }),
            async (part, at, mask) => {
              const octets = signed[part === "tbs" ? "tbs" : "signature"]
              const changed = octets.map((each, index) => index === at % octets.length ? each ^ mask : each)
              expect(await Effect.runPromise(Signature.verify({ ...signed, [part]: changed }, publicKey))).toBe(false)
            }
          ),
          { numRuns: 40 }
        )
      )
    }))

  it.effect("CERT-30 a key of another kind verifies nothing", () =>
    Effect.gen(function*() {
      const made: Array<{ readonly publicKey: PublicKey.PublicKey; readonly signed: Signature.Signed }> = []
      for (const [name, way] of ways.filter(([each]) => /SHA-256$|Ed25519/.test(each) && !each.includes("PSS"))) {
        assert.isString(name)
        made.push(yield* signedBy(way))
      }
      for (const [at, { signed }] of made.entries()) {
        const answers = yield* Effect.forEach(made, ({ publicKey }) => Signature.verify(signed, publicKey))
        assert.deepStrictEqual(answers, made.map((_, other) => other === at))
      }
    }))

  it.effect("CERT-30 an ECDSA signature has one form only", () =>
    Effect.gen(function*() {
      const { publicKey, signed } = yield* signedBy(ecdsa("P-256", "SHA-256", oids.ecdsaWithSha256))
      const [r, s] = Result.getOrThrow(Der.decode(signed.signature)).children
      const forms = [
        Encode.sequence(r?.raw ?? tbs),
        Encode.sequence(r?.raw ?? tbs, s?.raw ?? tbs, Encode.integer(0)),
        Encode.sequence(Encode.value(2, Uint8Array.of(0, 0, ...r?.content ?? [])), s?.raw ?? tbs),
        Encode.sequence(r?.raw ?? tbs, Encode.value(2, Uint8Array.of(0x81))),
        Encode.sequence(Encode.unsigned(new Uint8Array(40).fill(1)), s?.raw ?? tbs),
        new Uint8Array()
      ]
      for (const signature of forms) assert.isFalse(yield* Signature.verify({ ...signed, signature }, publicKey))
    }))

  it.effect("CERT-30 the whole of a signed thing", () =>
    Effect.gen(function*() {
      const pair = yield* Keys.generate("ed25519")
      const whole = yield* Fabricating.signed(tbs, yield* Fabricating.signerOf(pair))
      assert.isTrue(yield* Signature.verifyWhole(whole, pair.publicKey))
      assert.isFalse(yield* Signature.verifyWhole(whole.subarray(1), pair.publicKey))
      assert.isFalse(yield* Signature.verifyWhole(Encode.sequence(tbs), pair.publicKey))
    }))
})

describe("algorithms", () => {
  const schemeOf = (der: Uint8Array) => Signature.scheme(Result.getOrThrow(Der.decode(der)))._tag

  it("CERT-35 MD5, SHA-1 and SHA-224 are weak, whatever the key", () => {
    const weak = [
      "1.2.840.113549.1.1.4",
      "1.2.840.113549.1.1.5",
      "1.2.840.113549.1.1.14",
      "1.2.840.10045.4.1",
      "1.2.840.10045.4.3.1"
    ]
    expect(weak.map((each) => schemeOf(plain(each)))).toEqual(weak.map(() => "weak"))
    const defaults = Encode.sequence(Encode.oid(oids.rsassaPss), Encode.sequence())
    expect(schemeOf(defaults)).toBe("weak")
  })

  it.effect("CERT-35 a weak signature is not verified, even when it is right", () =>
    Effect.gen(function*() {
      const pair = yield* Keys.generate("rsa2048")
      const whole = yield* Fabricating.signed(tbs, yield* sha1Signer(pair))
      assert.isFalse(yield* Signature.verifyWhole(whole, pair.publicKey))
    }))

  it("CERT-30 parameters that do not belong there make an algorithm unknown", () => {
    expect(schemeOf(Encode.sequence(Encode.oid(oids.ed25519), Encode.nothing()))).toBe("unknown")
    expect(schemeOf(Encode.sequence(Encode.oid(oids.sha256WithRsa), Encode.integer(1)))).toBe("unknown")
    expect(schemeOf(Encode.sequence(Encode.oid(oids.sha256WithRsa), Encode.nothing(), Encode.nothing()))).toBe(
      "unknown"
    )
    expect(schemeOf(pssAlgorithm("SHA-256", 32, "SHA-384"))).toBe("unknown")
    expect(schemeOf(plain(oids.rsassaPss))).toBe("unknown")
    expect(schemeOf(plain("1.2.3"))).toBe("unknown")
    expect(schemeOf(Encode.sequence())).toBe("unknown")
  })

  it.effect("CERT-30 an RSA key that is for PSS alone says which", () =>
    Effect.gen(function*() {
      const { publicKey, signed } = yield* signedBy(pss("SHA-256", 32))
      const keyFor = (algorithm: Uint8Array) =>
        Fabricating.publicKeyOf(Encode.sequence(algorithm, Encode.bitString(publicKey.octets)))
      const verifies = Effect.fnUntraced(function*(algorithm: Uint8Array) {
        return yield* Signature.verify(signed, keyFor(algorithm))
      })
      assert.isTrue(yield* verifies(plain(oids.rsassaPss)))
      assert.isTrue(yield* verifies(pssAlgorithm("SHA-256", 20)))
      assert.isFalse(yield* verifies(pssAlgorithm("SHA-256", 33)), "a longer salt is asked for")
      assert.isFalse(yield* verifies(pssAlgorithm("SHA-384", 20)), "another hash is asked for")
      const { signed: old } = yield* signedBy(pkcs1("SHA-256", oids.sha256WithRsa))
      assert.isFalse(yield* Signature.verify(old, keyFor(plain(oids.rsassaPss))))
    }))
})
