import "reflect-metadata"
import { assert, describe, it } from "@effect/vitest"
import { Pkcs10CertificateRequest, X509Certificate } from "@peculiar/x509"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { generateKeyPairSync } from "node:crypto"
import * as Authority from "../src/Authority.ts"
import * as Certificate from "../src/Certificate.ts"
import * as Identity from "../src/Identity.ts"
import * as oids from "../src/internal/oids.ts"
import * as Pem from "../src/Pem.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Signature from "../src/Signature.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { make, names, now, xmppAddr } from "./making.ts"
import * as File from "./pkcs12.ts"

const options: Identity.Options = { address: "mira@tansy", naming: "jid", algorithm: "p256", days: 10 }
const decode = (pem: string) => Result.getOrThrow(Certificate.decode(Pem.certificates(pem)[0] ?? new Uint8Array()))
const refusal = (more: Partial<Identity.Options>) =>
  Effect.map(Effect.flip(Identity.createSelfSigned({ ...options, ...more })), ({ reason }) => reason)
const day = 86_400_000

describe("making", () => {
  it.effect.each(["ed25519", "p256", "p384", "rsa2048", "rsa3072"] as const)(
    "CERT-81 a self-signed certificate with %s",
    (algorithm) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(now)
        const created = yield* Identity.createSelfSigned({
          ...options,
          algorithm,
          address: "Mira@Tansy/phone",
          alsoKnownAs: ["mira@harbor.example", "mira@tansy"]
        })
        const certificate = decode(created.certificatePem)
        const { extensions } = certificate
        assert.strictEqual(certificate.version, 3)
        assert.strictEqual(certificate.subject.text, "CN=mira@tansy")
        assert.isTrue(
          Certificate.isSelfIssued(certificate) && (yield* Signature.verify(certificate, certificate.publicKey))
        )
        assert.match(certificate.serial, /^[4-7][0-9a-f]{31}$/)
        assert.isTrue(certificate.notBefore < now && certificate.notBefore > now - day)
        assert.strictEqual(certificate.notAfter, now + 10 * day)
        assert.deepStrictEqual(PresentedNames.read(certificate, "jid").xmppAddr, ["mira@tansy", "mira@harbor.example"])
        const critical = extensions.all.flatMap(({ isCritical, oid }) => isCritical ? [oid] : [])
        assert.deepStrictEqual(critical, [oids.basicConstraints, oids.keyUsage])
        assert.deepStrictEqual(extensions.basicConstraints, { isCa: false })
        assert.deepStrictEqual(extensions.keyUsage, ["digitalSignature"])
        assert.deepStrictEqual(extensions.extKeyUsage, [oids.serverAuth, oids.clientAuth, oids.xmppAddr])
        assert.lengthOf(extensions.subjectKey ?? "", 40)
        const other = new X509Certificate(created.certificatePem)
        assert.isTrue(yield* Effect.promise(() => other.verify({ date: new Date(now) })))
      })
  )

  it.effect("CERT-81 serial numbers differ", () =>
    Effect.gen(function*() {
      const made = yield* Effect.forEach([1, 2, 3], () => Identity.createSelfSigned(options))
      assert.strictEqual(new Set(made.map(({ certificatePem }) => decode(certificatePem).serial)).size, 3)
    }))

  it.effect("CERT-60 a mere domain gets the names of a service", () =>
    Effect.gen(function*() {
      const { certificatePem } = yield* Identity.createSelfSigned({ ...options, address: "büro.example" })
      const names = PresentedNames.read(decode(certificatePem), "jid")
      assert.deepStrictEqual(PresentedNames.texts(names), [
        "büro.example",
        "_xmpp-client.xn--bro-hoa.example",
        "_xmpp-server.xn--bro-hoa.example",
        "xn--bro-hoa.example"
      ])
      const literal = yield* Identity.createSelfSigned({ ...options, address: "[2001:db8::1]" })
      assert.deepStrictEqual(PresentedNames.read(decode(literal.certificatePem), "jid").ip, ["[2001:db8::1]"])
    }))

  it.effect("CERT-81 a link-local name, and a JID that it may reveal", () =>
    Effect.gen(function*() {
      const made = yield* Identity.createSelfSigned({
        ...options,
        address: "Mira Q.@Tansy",
        naming: "linkLocal",
        alsoKnownAs: ["harbor.example"]
      })
      const certificate = decode(made.certificatePem)
      assert.deepStrictEqual(PresentedNames.read(certificate, "linkLocal").xmppAddr, ["mira q.@tansy"])
      assert.deepStrictEqual(PresentedNames.read(certificate, "jid").xmppAddr, ["harbor.example"])
    }))

  it.effect("CERT-32 a long address leaves the subject within its limits", () =>
    Effect.gen(function*() {
      const address = `${"a".repeat(200)}@tansy`
      const { subject } = decode((yield* Identity.createSelfSigned({ ...options, address })).certificatePem)
      assert.strictEqual(subject.text, `CN=${"a".repeat(63)}…`)
      const [short] =
        decode((yield* Identity.createSelfSigned({ ...options, address: `${"a".repeat(58)}@tansy` })).certificatePem)
          .subject.commonNames
      assert.lengthOf(short ?? "", 64)
    }))

  it.effect("CERT-81 a request asks for the same", () =>
    Effect.gen(function*() {
      const created = yield* Identity.create({ ...options, kind: "request" })
      assert.strictEqual(created.kind, "request")
      const request = new Pkcs10CertificateRequest(created.kind === "request" ? created.requestPem : "")
      assert.isTrue(yield* Effect.promise(() => request.verify()))
      assert.strictEqual(request.subject, "CN=mira@tansy")
      const asked = request.extensions.find(({ type }) => type === oids.subjectAltName)
      const wanted = names([xmppAddr("mira@tansy")])
      assert.deepStrictEqual(new Uint8Array(asked?.rawData ?? new ArrayBuffer(0)), new Uint8Array(wanted))
    }))

  it.effect("CERT-81 what makes no certificate is refused", () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 64 }, (_, at) => `mira@t${at}.example`)
      const wishes = [
        { address: "@" },
        { alsoKnownAs: ["@"] },
        { address: "mi*ra@tansy" },
        { alsoKnownAs: many },
        { days: 0 },
        { days: -1 },
        { days: Number.NaN },
        {
          days: 1e9
        }
      ]
      for (const each of wishes) assert.strictEqual(yield* refusal(each), "options", JSON.stringify(each))
    }))

  it.effect("CERT-81 the private key does not show itself", () =>
    Effect.gen(function*() {
      const created = yield* Identity.create({ ...options, kind: "self-signed" })
      assert.notInclude(`${created.privateKeyPem} ${JSON.stringify(created)}`, "PRIVATE KEY")
      assert.include(Redacted.value(created.privateKeyPem), "-----BEGIN PRIVATE KEY-----")
    }))
})

describe("reading", () => {
  it.effect("SASL-17 an identity that was made can be read, with the addresses that it holds", () =>
    Effect.gen(function*() {
      for (const algorithm of ["ed25519", "p256", "rsa2048"] as const) {
        const made = yield* Identity.createSelfSigned({ ...options, algorithm, alsoKnownAs: ["teo@linden"] })
        const text = `subject=/CN=x\n${made.certificatePem}`
        const identity = yield* Identity.fromPem({ certificates: text, privateKey: made.privateKeyPem })
        assert.deepStrictEqual(identity.addresses, ["mira@tansy", "teo@linden"])
        assert.strictEqual(identity.certificates, made.certificatePem)
        assert.strictEqual(Redacted.value(identity.privateKey), Redacted.value(made.privateKeyPem))
        assert.deepStrictEqual(identity.chain, [decode(made.certificatePem).der])
        assert.match(identity.fingerprint, /^[0-9a-f]{64}$/)
      }
    }))

  it.effect.each(
    [
      ["PKCS #1", generateKeyPairSync("rsa", { modulusLength: 2048 }), "pkcs1"],
      ["SEC 1", generateKeyPairSync("ec", { namedCurve: "P-384" }), "sec1"],
      ["PKCS #8", generateKeyPairSync("ed25519"), "pkcs8"]
    ] as const
  )("CERT-80 keys as other tools write them: %s", ([, keys, type]) =>
    Effect.gen(function*() {
      const pkcs8 = keys.privateKey.export({ format: "der", type: "pkcs8" })
      const spki = keys.publicKey.export({ format: "der", type: "spki" })
      const { der } = yield* make({
        pair: { pkcs8, publicKey: Fabricating.publicKeyOf(spki) },
        names: [xmppAddr("mira@tansy")]
      })
      const privateKey = keys.privateKey.export({ format: "pem", type }).toString()
      const identity = yield* Identity.fromPem({
        certificates: Pem.encode("CERTIFICATE", der),
        privateKey: `text\n${privateKey}`
      })
      assert.deepStrictEqual(identity.addresses, ["mira@tansy"])
      assert.match(Redacted.value(identity.privateKey), /^-----BEGIN PRIVATE KEY-----/)
    }))

  it.effect("CERT-40 our own certificate comes first, then its issuers, wherever they stood; strangers stay at home", () =>
    Effect.gen(function*() {
      const root = yield* Authority.create({ name: "Root", algorithm: "p256", days: 9 })
      const middle = yield* Authority.create({ name: "Middle", algorithm: "p256", days: 9, issuer: root })
      const issued = yield* Authority.issue(middle, options)
      const [own = ""] = issued.certificatePem.split(/(?<=END CERTIFICATE-----\n)/)
      const [stranger, namesake] = [
        yield* Identity.createSelfSigned(options),
        yield* Identity.createSelfSigned(options)
      ]
      const texts = [stranger.certificatePem, root.certificatePem, own, middle.certificatePem, root.certificatePem]
      const identity = yield* Identity.fromPem({
        certificates: texts.join(""),
        privateKey: issued.privateKeyPem
      })
      assert.strictEqual(identity.certificates, own + middle.certificatePem + root.certificatePem)
      const alone = yield* Identity.fromPem({
        certificates: stranger.certificatePem + namesake.certificatePem,
        privateKey: namesake.privateKeyPem
      })
      assert.strictEqual(alone.certificates, namesake.certificatePem)
    }))

  it.effect("CERT-80 of several keys, the one that belongs to a certificate counts", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* Identity.createSelfSigned(options), yield* Identity.createSelfSigned(options)]
      const keys = [one, other].map(({ privateKeyPem }) => Redacted.value(privateKeyPem)).join("")
      const identity = yield* Identity.fromPem({ certificates: other.certificatePem, privateKey: keys })
      assert.strictEqual(Redacted.value(identity.privateKey), Redacted.value(other.privateKeyPem))
      const many = Array.from({ length: 17 }, () => Redacted.value(one.privateKeyPem)).join("")
      const tooMany = Identity.fromPem({ certificates: other.certificatePem, privateKey: many })
      assert.match((yield* Effect.flip(tooMany)).message, /more than 16/)
    }))

  it.effect("RFC 5958 an encrypted key opens with its passphrase, and nothing else does", () =>
    Effect.gen(function*() {
      const made = yield* Identity.createSelfSigned(options)
      const pkcs8 = Pem.decode(Redacted.value(made.privateKeyPem))[0]?.der ?? new Uint8Array()
      const reading = (locked: Uint8Array, passphrase = "x ß 7") =>
        Identity.fromPem({
          certificates: made.certificatePem,
          privateKey: Pem.encode("ENCRYPTED PRIVATE KEY", locked),
          passphrase: Redacted.make(passphrase)
        })
      for (const cipher of ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc", "pbe-3des"] as const) {
        const locked = File.lock(pkcs8, { passphrase: "x ß 7", cipher })
        assert.strictEqual(Redacted.value((yield* reading(locked)).privateKey), Redacted.value(made.privateKeyPem))
        assert.strictEqual((yield* Effect.flip(reading(locked, "y"))).reason, "passphrase")
        assert.strictEqual((yield* Effect.flip(reading(locked.subarray(0, -1)))).reason, "pem")
      }
      const costly = File.lock(pkcs8, { passphrase: "x ß 7", claimed: 0x7fffffff })
      assert.strictEqual((yield* Effect.flip(reading(costly))).reason, "costly")
      assert.strictEqual((yield* Effect.flip(reading(Encode.sequence(Encode.nothing())))).reason, "pem")
    }))

  it.effect("CERT-80 files of every kind make one identity together", () =>
    Effect.gen(function*() {
      const root = yield* Authority.create({ name: "Root", algorithm: "p256", days: 9 })
      const issued = yield* Authority.issue(root, options)
      const own = Pem.certificates(issued.certificatePem)[0] ?? new Uint8Array()
      const key = Pem.decode(Redacted.value(issued.privateKeyPem))[0]?.der ?? new Uint8Array()
      const text = (pem: string) => new TextEncoder().encode(pem)
      const pkcs12 = File.write({ keys: [key], certificates: [own] }, { passphrase: "x" })
      const passphrase = Redacted.make("x")
      const wanted = issued.certificatePem + root.certificatePem
      for (
        const files of [
          [pkcs12, root.certificate.der],
          [root.certificate.der, pkcs12],
          [text(wanted + Redacted.value(issued.privateKeyPem))],
          [text(Redacted.value(issued.privateKeyPem)), own, text(root.certificatePem)],
          [
            new Uint8Array([
              ...text("friendlyName: "),
              0xe4,
              10,
              ...text(wanted + Redacted.value(issued.privateKeyPem))
            ])
          ]
        ]
      ) {
        assert.strictEqual((yield* Identity.fromFiles({ files, passphrase })).certificates, wanted)
      }
      const refusals: ReadonlyArray<readonly [string, ReadonlyArray<Uint8Array>]> = [
        ["there is no private key", [own]],
        ["there is no certificate", [text(Redacted.value(issued.privateKeyPem))]],
        ["there is no certificate", []],
        ["neither PEM nor PKCS #12", [text("what is this?")]],
        ["neither PEM nor PKCS #12", [Uint8Array.of(0x30, 0x80, 0xff)]],
        ["there are more than 64 certificates", Array.from({ length: 65 }, () => own)],
        ["belongs to none", [text(Redacted.value(issued.privateKeyPem)), root.certificate.der]]
      ]
      for (const [sentence, files] of refusals) {
        assert.include((yield* Effect.flip(Identity.fromFiles({ files, passphrase }))).message, sentence)
      }
    }))

  it.effect("CERT-80 what cannot be used is refused for what it is", () =>
    Effect.gen(function*() {
      const made = yield* Identity.createSelfSigned(options)
      const key = Redacted.value(made.privateKeyPem)
      const stranger = yield* Identity.createSelfSigned({ ...options, algorithm: "ed25519" })
      const locked = generateKeyPairSync("ed25519").privateKey.export({
        format: "pem",
        type: "pkcs8",
        cipher: "aes-256-cbc",
        passphrase: "x"
      }).toString()
      const broken = Pem.encode("CERTIFICATE", Uint8Array.of(0x30, 0x80))
      const cases: ReadonlyArray<readonly [string, string, string]> = [
        ["pem", "", key],
        ["pem", made.certificatePem, ""],
        ["pem", broken, key],
        ["pem", made.certificatePem + broken, key],
        ["pem", made.certificatePem.replace(/\nMI/, "\n!!"), key],
        ["pem", made.certificatePem, key.replace(/\nMI/, "\n!!")],
        ["encrypted", made.certificatePem, locked],
        ["mismatch", made.certificatePem, Redacted.value(stranger.privateKeyPem)],
        ["mismatch", made.certificatePem, Redacted.value((yield* Identity.createSelfSigned(options)).privateKeyPem)],
        ["mismatch", made.certificatePem, Pem.encode("EC PRIVATE KEY", Uint8Array.of(1, 2, 3))],
        ["mismatch", made.certificatePem, Pem.encode("RSA PRIVATE KEY", new Uint8Array(500_000))]
      ]
      for (const [reason, certificates, privateKey] of cases) {
        const error = yield* Effect.flip(Identity.fromPem({ certificates, privateKey }))
        assert.strictEqual(error.reason, reason, error.message)
        assert.isAbove(error.message.length, 20)
        assert.notInclude(error.message, key.split("\n")[1] ?? "?")
      }
    }))
})
