import "reflect-metadata"
import { assert, describe, it } from "@effect/vitest"
import { Extension, Pkcs10CertificateRequestGenerator, X509Certificate, X509ChainBuilder } from "@peculiar/x509"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { generateKeyPairSync, sign as signBytes } from "node:crypto"
import * as Authority from "../src/Authority.ts"
import * as Certificate from "../src/Certificate.ts"
import * as Identity from "../src/Identity.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as Pem from "../src/Pem.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority as fabricated, dns, now, srvName, xmppAddr } from "./making.ts"

const nadia: Identity.Options = { address: "nadia@harbor.example", naming: "jid", algorithm: "ed25519", days: 30 }
const root = Authority.create({ name: "Harbor Root", algorithm: "rsa2048", days: 3650 })

const judgedBy = ({ certificate }: Authority.Authority, pem: string, expected = nadia.address) =>
  PeerJudge.verdict({
    chain: Pem.certificates(pem).flatMap((each) => each ?? []),
    role: "initiator",
    expected,
    naming: "jid",
    authenticatePeer: true
  }).pipe(Effect.provide(PeerJudge.layerAuthority([certificate.der])))

describe("authorities", () => {
  it.effect("CERT-34 a root issues for a peer, and the judge believes it", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const authority = yield* root
      const made = yield* Authority.issue(authority, nadia)
      assert.deepInclude(yield* judgedBy(authority, made.certificatePem), {
        decision: "accept",
        code: "trusted",
        identity: nadia.address
      })
      assert.strictEqual(
        (yield* judgedBy(authority, made.certificatePem, "teo@harbor.example")).code,
        "identityMismatch"
      )
      assert.strictEqual((yield* judgedBy(yield* root, made.certificatePem)).code, "badSignature")
      const identity = yield* Identity.fromPem({ certificates: made.certificatePem, privateKey: made.privateKeyPem })
      assert.deepStrictEqual(identity.addresses, [nadia.address])
      assert.strictEqual(identity.certificate.extensions.authorityKey, authority.certificate.extensions.subjectKey)
    }))

  it.effect("CERT-40 authorities below authorities, with their certificates in the chain", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const authority = yield* root
      const middle = yield* Authority.create({
        name: "Middle",
        algorithm: "p256",
        days: 1000,
        issuer: authority,
        pathLengthMax: 1
      })
      const below = yield* Authority.create({ name: "Below", algorithm: "ed25519", days: 1000, issuer: middle })
      const { certificatePem } = yield* Authority.issue(below, nadia)
      assert.lengthOf(Pem.certificates(certificatePem), 3)
      assert.strictEqual((yield* judgedBy(authority, certificatePem)).code, "trusted")
      const tooDeep = yield* Authority.create({ name: "Too deep", algorithm: "ed25519", days: 1000, issuer: below })
      const { certificatePem: deep } = yield* Authority.issue(tooDeep, nadia)
      assert.strictEqual((yield* judgedBy(authority, deep)).code, "pathLength")
    }))

  it.effect("CERT-30 another library builds the same path", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const authority = yield* root
      const middle = yield* Authority.create({ name: "Middle", algorithm: "p256", days: 1000, issuer: authority })
      const { certificatePem } = yield* Authority.issue(middle, nadia)
      const [leaf, ...others] = Pem.certificates(certificatePem + authority.certificatePem).map((each) =>
        new X509Certificate(new Uint8Array(each ?? []))
      )
      assert.isDefined(leaf)
      if (leaf === undefined) return
      const chain = yield* Effect.promise(() => new X509ChainBuilder({ certificates: others }).build(leaf))
      assert.deepStrictEqual(chain.map(({ subject }) => subject), [
        "CN=nadia@harbor.example",
        "CN=Middle",
        "CN=Harbor Root"
      ])
    }))
})

describe("authorities of other tools", () => {
  const attribute = (oid: string, tag: number, text: string) =>
    Encode.sequence(Encode.oid(oid), Encode.value(tag, new TextEncoder().encode(text)))
  const country = attribute("2.5.4.6", 0x13, "DE")
  const unit = attribute("2.5.4.11", 0x0c, "Häfen")
  const mail = attribute("1.2.840.113549.1.9.1", 0x16, "ca@harbor.example")
  const names: ReadonlyArray<readonly [string, ReadonlyArray<Uint8Array>]> = [
    ["PrintableString and UTF8String", [Encode.set(country), Encode.set(unit)]],
    ["IA5String", [Encode.set(country), Encode.set(mail)]],
    ["several in one set", [Encode.set(country, unit, mail)]],
    ["in another order", [Encode.set(mail, country)]],
    ["TeletexString", [Encode.set(attribute("2.5.4.3", 0x14, "Hafen"))]],
    ["BMPString", [Encode.set(attribute("2.5.4.3", 0x1e, "\0H\0a"))]],
    ["UniversalString", [Encode.set(attribute("2.5.4.3", 0x1c, "\0\0\0H\0\0\0a"))]],
    ["an attribute that nobody knows", [Encode.set(attribute("1.2.3.4", 0x0c, "x"))]],
    ["NumericString", [Encode.set(attribute("2.5.4.5", 0x12, "12"))]]
  ]

  it.effect.each(names)("CERT-41 their names are copied octet by octet: %s", ([, rdns]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const { certificate, der, pair } = yield* fabricated("", { subject: Encode.sequence(...rdns) })
      const authority: Authority.Authority = {
        certificate,
        certificatePem: Pem.encode("CERTIFICATE", der),
        privateKeyPem: Redacted.make(Pem.encode("PRIVATE KEY", pair.pkcs8)),
        intermediatesPem: ""
      }
      const { certificatePem } = yield* Authority.issue(authority, nadia)
      assert.strictEqual((yield* judgedBy(authority, certificatePem)).code, "trusted")
    }))
})

describe("requests", () => {
  const request = (extensions: ReadonlyArray<Extension>) =>
    Effect.promise(async () => {
      const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"])
      const made = await Pkcs10CertificateRequestGenerator.create({
        name: "CN=nadia",
        keys,
        signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
        extensions: [...extensions]
      })
      return made.toString("pem")
    })
  const names = new Extension(oids.subjectAltName, false, new Uint8Array(Encode.sequence(xmppAddr(nadia.address))))
  const isNoCa = new Extension(oids.basicConstraints, true, new Uint8Array(Encode.sequence()))
  const isCa = new Extension(oids.basicConstraints, true, new Uint8Array(Encode.sequence(Encode.boolean(true))))

  it.effect("CERT-62 of a request of another library the names are taken, and nothing else", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const authority = yield* root
      const pem = yield* Authority.sign(authority, { requestPem: yield* request([isNoCa, names]), days: 1 })
      assert.strictEqual((yield* judgedBy(authority, pem)).code, "trusted")
      const { extensions } = Result.getOrThrow(Certificate.decode(Pem.certificates(pem)[0] ?? new Uint8Array()))
      assert.deepStrictEqual(extensions.basicConstraints, { isCa: false })
    }))

  it.effect("CERT-62 an operator sees what is asked for, and what of it is not granted", () =>
    Effect.gen(function*() {
      const purposes = new Extension(oids.extKeyUsage, false, new Uint8Array(Encode.sequence(Encode.oid("1.2.3"))))
      const both = new Extension(
        oids.subjectAltName,
        false,
        new Uint8Array(
          Encode.sequence(xmppAddr("nadia@harbor.example"), dns("*.harbor.example"), xmppAddr("Nadia Q.@tansy"))
        )
      )
      const asked = yield* Authority.examine(yield* request([isNoCa, both, purposes]))
      assert.deepInclude(asked, {
        subject: "CN=nadia",
        key: "P-256",
        names: ["nadia@harbor.example", "*.harbor.example", "nadia q.@tansy"],
        ignored: [oids.basicConstraints, oids.extKeyUsage]
      })
      assert.match(asked.keyFingerprint, /^[0-9a-f]{64}$/)
    }))

  const asking = (...each: ReadonlyArray<Uint8Array>) =>
    new Extension(oids.subjectAltName, false, new Uint8Array(Encode.sequence(...each)))
  const refused: ReadonlyArray<readonly [string, ReadonlyArray<Extension>, RegExp]> = [
    ["to become an authority", [isCa, names], /become an authority .*CERT-31/],
    ["to sign certificates", [
      names,
      new Extension(oids.keyUsage, true, new Uint8Array(Encode.bitString(Uint8Array.of(6), 1)))
    ], /CERT-31/],
    ["for no name", [isNoCa], /no alternative name/],
    ["for an address that is none", [asking(xmppAddr("@@"))], /"@@"/],
    ["for a name with NUL beside a good one", [asking(xmppAddr("a@b"), dns("harbor.example\0.evil"))], /host name/],
    ["for an SRVName without service", [asking(srvName("harbor.example"))], /_service/],
    ["for a mail address", [asking(Encode.value(0x81, new TextEncoder().encode("a@b")))], /no identity in XMPP/],
    ["for a name of an unknown type", [
      asking(Encode.value(0xa0, Encode.oid("1.2.3"), Encode.explicit(0, Encode.utf8("x"))))
    ], /no identity/],
    ["for the same extension twice", [names, names], /twice/]
  ]
  it.effect.each(refused)("CERT-62 a request is refused that asks %s", ([, extensions, why]) =>
    Effect.gen(function*() {
      const authority = yield* root
      const requestPem = yield* request(extensions)
      const error = yield* Effect.flip(Authority.sign(authority, { requestPem, days: 1 }))
      assert.match(error.message, why)
      assert.strictEqual((yield* Effect.flip(Authority.examine(requestPem))).message, error.message)
    }))

  it.effect("CERT-41 a subject that cannot be copied octet by octet is refused, others are copied so", () =>
    Effect.gen(function*() {
      const authority = yield* root
      const pair = yield* Keys.generate("p256")
      const signer = yield* Fabricating.signerOf(pair)
      const signed = Effect.fnUntraced(function*(...attributes: ReadonlyArray<Uint8Array>) {
        const subject = Encode.sequence(...attributes)
        const extensions = Encode.sequence(
          Fabricating.extension(oids.subjectAltName, false, Encode.sequence(xmppAddr("a@b")))
        )
        const wish = Encode.sequence(Encode.oid(oids.extensionRequest), Encode.set(extensions))
        const information = Encode.sequence(Encode.integer(0), subject, pair.publicKey.spki, Encode.value(0xa0, wish))
        const requestPem = Pem.encode("CERTIFICATE REQUEST", yield* Fabricating.signed(information, signer))
        const result = yield* Effect.result(Authority.sign(authority, { requestPem, days: 1 }))
        if (result._tag === "Failure") return result.failure.message
        const { subject: made } = Result.getOrThrow(Certificate.decode(Pem.certificates(result.success)[0] ?? subject))
        assert.deepStrictEqual(Buffer.from(made.raw), Buffer.from(subject))
        return "copied"
      })
      const attribute = (oid: string, tag: number, octets: Uint8Array) =>
        Encode.set(Encode.sequence(Encode.oid(oid), Encode.value(tag, octets)))
      const ascii = new TextEncoder().encode("Nadia")
      assert.strictEqual(yield* signed(attribute("2.5.4.3", 0x0c, ascii), attribute("2.5.4.10", 0x13, ascii)), "copied")
      assert.strictEqual(yield* signed(), "copied")
      // What is no text is written down as another, or not at all.
      const wrongly: ReadonlyArray<readonly [number, ReadonlyArray<number>]> = [[0x0c, [0xff]], [0x1c, [7]], [0x05, [
        7
      ]]]
      for (const [tag, octets] of wrongly) {
        assert.match(yield* signed(attribute("2.5.4.3", tag, Uint8Array.from(octets))), /cannot be (copied|written)/)
      }
    }))

  it.effect("CERT-38 an authority with an Ed448 key, and a request for one", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const made = yield* ed448("Edwards")
      const authority: Authority.Authority = { ...made, intermediatesPem: "" }
      const { certificatePem } = yield* Authority.issue(authority, nadia)
      assert.strictEqual((yield* judgedBy(authority, certificatePem)).code, "trusted")
    }))

  it.effect("CERT-30 a request that cannot be read, is not its key's, or asks for no name is refused", () =>
    Effect.gen(function*() {
      const authority = yield* root
      const good = yield* request([names])
      const der = Pem.decode(good)[0]?.der ?? new Uint8Array()
      const forged = Pem.encode("CERTIFICATE REQUEST", der.map((each, at) => at === der.length - 1 ? each ^ 1 : each))
      const cut = Pem.encode("CERTIFICATE REQUEST", der.subarray(0, -1))
      const cases = ["", cut, forged, yield* request([]), yield* request([isCa])]
      for (const requestPem of cases) {
        assert.strictEqual((yield* Effect.flip(Authority.sign(authority, { requestPem, days: 1 }))).reason, "pem")
      }
      assert.strictEqual(
        (yield* Effect.flip(Authority.sign(authority, { requestPem: good, days: 0 }))).reason,
        "options"
      )
    }))
})

/** A root as another tool makes it. */
const ed448 = Effect.fnUntraced(function*(name: string) {
  const keys = generateKeyPairSync("ed448")
  const pkcs8 = keys.privateKey.export({ format: "der", type: "pkcs8" })
  const publicKey = Fabricating.publicKeyOf(keys.publicKey.export({ format: "der", type: "spki" }))
  const signer = {
    algorithm: publicKey.algorithm,
    sign: (tbs: Uint8Array) => Effect.sync(() => new Uint8Array(signBytes(null, tbs, keys.privateKey)))
  }
  const { certificate, der } = yield* fabricated(name, { pair: { pkcs8, publicKey }, signer })
  return {
    certificate,
    certificatePem: Pem.encode("CERTIFICATE", der),
    privateKeyPem: Redacted.make(Pem.encode("PRIVATE KEY", pkcs8))
  }
})
