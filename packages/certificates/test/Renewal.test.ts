import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Fc from "fast-check"
import { generateKeyPairSync } from "node:crypto"
import * as Authority from "../src/Authority.ts"
import * as Certificate from "../src/Certificate.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as Identity from "../src/Identity.ts"
import * as oids from "../src/internal/oids.ts"
import * as Pem from "../src/Pem.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Renewal from "../src/Renewal.ts"
import * as Signature from "../src/Signature.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { judge, make, now, pinOf, unknownExtension, xmppAddr } from "./making.ts"

const day = 86_400_000
const options: Identity.Options = { address: "mira@tansy", naming: "jid", algorithm: "p256", days: 90 }
const decode = (pem: string) => Result.getOrThrow(Certificate.decode(Pem.certificates(pem)[0] ?? new Uint8Array()))

const made = Effect.fnUntraced(function*(wish: Partial<Identity.Options> = {}) {
  const created = yield* Identity.createSelfSigned({ ...options, ...wish })
  return yield* Identity.fromPem({ certificates: created.certificatePem, privateKey: created.privateKeyPem })
})

/** What `make` has made, as an identity. */
const identityOf = ({ der, pair }: { readonly der: Uint8Array; readonly pair: { readonly pkcs8: Uint8Array } }) =>
  Identity.fromPem({ certificates: Pem.encode("CERTIFICATE", der), privateKey: Pem.encode("PRIVATE KEY", pair.pkcs8) })

const renewed = Effect.fnUntraced(function*(identity: Identity.Identity, days = 90) {
  return decode(yield* Renewal.certificate(identity, { days }))
})

/** Everything that has to stay as it was. */
const lasting = ({ extensions, issuer, publicKey, subject }: Certificate.Certificate) => ({
  extensions: extensions.all.map(({ isCritical, oid, value }) => [oid, isCritical, Buffer.from(value).toString("hex")]),
  issuer: Buffer.from(issuer.raw).toString("hex"),
  subject: Buffer.from(subject.raw).toString("hex"),
  key: Buffer.from(publicKey.spki).toString("hex")
})

describe("renewal", () => {
  it.effect.each(["ed25519", "p256", "rsa2048"] as const)(
    "LL-11 CERT-83 the same key under another name, as long as before, with %s",
    (algorithm) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(now)
        const identity = yield* made({ algorithm, naming: "linkLocal", alsoKnownAs: ["mira@harbor.example"] })
        const other = yield* Renewal.named(identity, { address: "mira (2)@tansy", naming: "linkLocal" })
        assert.deepStrictEqual(other.addresses, ["mira (2)@tansy"])
        assert.deepStrictEqual(other.certificate.publicKey.spki, identity.certificate.publicKey.spki)
        assert.deepStrictEqual(
          [other.certificate.notBefore, other.certificate.notAfter],
          [identity.certificate.notBefore, identity.certificate.notAfter]
        )
        assert.isTrue(yield* Signature.verify(other.certificate, identity.certificate.publicKey))
        assert.notStrictEqual(other.fingerprint, identity.fingerprint)
      })
  )

  it.effect("LL-11 says which name is none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Renewal.named(yield* made(), { address: "", naming: "linkLocal" }))
      assert.strictEqual(error.reason, "options")
    }))

  it.effect.each(["ed25519", "p256", "p384", "rsa2048", "rsa3072"] as const)(
    "CERT-83 keeps key, names and extensions, octet by octet, with %s",
    (algorithm) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(now)
        const identity = yield* made({ algorithm, alsoKnownAs: ["mira@harbor.example", "harbor.example"] })
        yield* TestClock.setTime(now + 60 * day)
        const other = yield* renewed(identity)
        const old = identity.certificate
        assert.deepStrictEqual(lasting(other), lasting(old))
        assert.deepStrictEqual(PresentedNames.read(other, "jid"), PresentedNames.read(old, "jid"))
        assert.notStrictEqual(other.serial, old.serial)
        assert.deepStrictEqual(
          [other.notBefore, other.notAfter],
          [old.notBefore + 60 * day, old.notAfter + 60 * day]
        )
        assert.isTrue(yield* Signature.verify(other, old.publicKey))
        assert.notStrictEqual(yield* Fingerprint.sha256(other.der), identity.fingerprint)
      })
  )

  it.effect("CERT-83 whatever the address and the days are", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const words = Fc.array(Fc.constantFrom("mira", "büro", "x-1", "zoë", "a".repeat(60)), {
        minLength: 1,
        maxLength: 3
      })
      yield* Effect.promise(() =>
        Fc.assert(
          Fc.asyncProperty(words, Fc.boolean(), Fc.integer({ min: 1, max: 36_500 }), async (labels, hasLocal, days) => {
            const address = `${hasLocal ? "nadia@" : ""}${labels.join(".")}.example`
            const check = Effect.gen(function*() {
              const identity = yield* made({ address, days, algorithm: "ed25519" })
              assert.deepStrictEqual(PresentedNames.read(identity.certificate, "jid").notices, [])
              assert.strictEqual(Renewal.daysOf(identity.certificate), days)
              assert.deepStrictEqual(lasting(yield* renewed(identity, 7)), lasting(identity.certificate))
            })
            await Effect.runPromise(check)
          }),
          { numRuns: 40 }
        )
      )
    }), 30_000)

  it.effect("CERT-83 CERT-85 a peer that pinned the key accepts the new one, a peer that pinned the certificate refuses it", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const { certificate: old, ...identity } = yield* made()
      const other = yield* renewed({ ...identity, certificate: old })
      const before = yield* party(old)
      const after = yield* party(other)
      const scene = { chain: [after], expected: "mira@tansy", pins: [yield* pinOf(before, "mira@tansy")] }
      assert.deepInclude(yield* judge({ ...scene, trust: { pinBy: "key" } }), { decision: "accept", code: "pinned" })
      assert.deepInclude(yield* judge({ ...scene, trust: { pinBy: "certificate" } }), {
        decision: "reject",
        code: "pinMismatch"
      })
      const stranger = yield* party((yield* made()).certificate)
      const refused = yield* judge({ ...scene, chain: [stranger], trust: { pinBy: "key" } })
      assert.strictEqual(refused.code, "pinMismatch")
    }))

  it.effect("CERT-81 of other tools too: what nobody knows stays, what names the old certificate goes", () =>
    Effect.gen(function*() {
      const keyIdentifier = Encode.value(0x80, Uint8Array.of(1, 2, 3))
      const serial = Encode.value(0x82, Uint8Array.of(7))
      const withKey = Fabricating.extension(oids.authorityKeyIdentifier, false, Encode.sequence(keyIdentifier))
      const withSerial = Fabricating.extension(
        oids.authorityKeyIdentifier,
        false,
        Encode.sequence(keyIdentifier, Encode.value(0xa1), serial)
      )
      const spec = { names: [xmppAddr("mira@tansy")], isCa: true }
      const kept = yield* make({ ...spec, more: [unknownExtension(false), withKey] })
      assert.deepStrictEqual(lasting(yield* renewed(yield* identityOf(kept))), lasting(kept.certificate))
      const stale = yield* make({ ...spec, more: [unknownExtension(true), withSerial] })
      const other = yield* renewed(yield* identityOf(stale))
      assert.deepStrictEqual(
        lasting(other).extensions,
        lasting(stale.certificate).extensions.filter(([oid]) => oid !== oids.authorityKeyIdentifier)
      )
    }))

  it.effect("CERT-81 refuses what an authority issued, what has no names to keep, and days that are none", () =>
    Effect.gen(function*() {
      const authority = yield* Authority.create({ name: "Root", algorithm: "p256", days: 30 })
      const { certificatePem: certificates, privateKeyPem: privateKey } = yield* Authority.issue(authority, options)
      const issued = yield* Identity.fromPem({ certificates, privateKey })
      assert.strictEqual((yield* Effect.flip(Renewal.certificate(issued, { days: 1 }))).reason, "issued")
      const liar = yield* make({ issuer: yield* make(), issuerName: Fabricating.commonName("somebody") })
      const looks = yield* Effect.flip(Renewal.certificate(yield* identityOf(liar), { days: 1 }))
      assert.strictEqual(looks.reason, "issued")
      const bare = yield* identityOf(yield* make({ version: 1 }))
      assert.match((yield* Effect.flip(Renewal.certificate(bare, { days: 1 }))).message, /no extensions/)
      for (const days of [0, -1, Number.NaN, 1e9]) {
        assert.strictEqual((yield* Effect.flip(Renewal.certificate(yield* made(), { days }))).reason, "options")
      }
    }))

  it.effect("CERT-81 a request for the same key and names, which an authority grants", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const authority = yield* Authority.create({ name: "Root", algorithm: "ed25519", days: 3000 })
      const { certificatePem: certificates, privateKeyPem: privateKey } = yield* Authority.issue(authority, options)
      const issued = yield* Identity.fromPem({ certificates, privateKey })
      for (const identity of [issued, yield* made()]) {
        const requestPem = yield* Renewal.request(identity)
        const asked = yield* Authority.examine(requestPem)
        assert.deepStrictEqual(asked.names, ["mira@tansy"])
        assert.strictEqual(asked.keyFingerprint, yield* Fingerprint.sha256(identity.certificate.publicKey.spki))
        const other = decode(yield* Authority.sign(authority, { requestPem, days: 30 }))
        const { key, subject } = lasting(other)
        assert.deepInclude(lasting(identity.certificate), { key, subject })
        assert.deepStrictEqual(PresentedNames.read(other, "jid"), PresentedNames.read(identity.certificate, "jid"))
      }
    }))

  it.effect("CERT-38 Ed448 keys, which only other tools make", () =>
    Effect.gen(function*() {
      const keys = generateKeyPairSync("ed448")
      const pkcs8 = keys.privateKey.export({ format: "der", type: "pkcs8" })
      const publicKey = Fabricating.publicKeyOf(keys.publicKey.export({ format: "der", type: "spki" }))
      const signer = {
        algorithm: publicKey.algorithm,
        sign: (tbs: Uint8Array) =>
          Effect.map(
            Effect.promise(async () => {
              const key = await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), "Ed448", false, ["sign"])
              return crypto.subtle.sign("Ed448", key, new Uint8Array(tbs))
            }),
            (signature) => new Uint8Array(signature)
          )
      }
      const old = yield* make({ pair: { pkcs8, publicKey }, signer, names: [xmppAddr("mira@tansy")] })
      const identity = yield* identityOf(old)
      const other = yield* renewed(identity)
      assert.deepStrictEqual(lasting(other), lasting(old.certificate))
      assert.isTrue(yield* Signature.verify(other, publicKey))
      assert.deepStrictEqual((yield* Authority.examine(yield* Renewal.request(identity))).key, "Ed448")
    }))
})

const party = Effect.fnUntraced(function*(certificate: Certificate.Certificate) {
  const { pair } = yield* make()
  return { der: certificate.der, certificate, pair, subject: certificate.subject.raw }
})
