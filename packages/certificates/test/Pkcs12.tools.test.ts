/** Files as the tools write that people have. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Identity from "../src/Identity.ts"
import { hasKeytool, hasOpenssl, makeFiles, p256, workshop } from "./tools.ts"

const passphrase = Redacted.make("tulip 7")
const keys: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["RSA", ["rsa:2048"]],
  ["P-256", p256],
  ["Ed25519", ["ed25519"]]
]

describe("PKCS #12 of OpenSSL", () => {
  it.effect.skipIf(!hasOpenssl)(
    "CERT-80 keys of every kind, by default (needs OpenSSL 3)",
    () =>
      Effect.gen(function*() {
        for (const [kind, algorithm] of keys) {
          const tools = workshop()
          makeFiles(tools, ...algorithm)
          tools.run("openssl", ...exporting, "-passout", "pass:tulip 7")
          const identity = yield* Identity.fromFiles({ files: [tools.read("file.p12")], passphrase })
          assert.deepStrictEqual(identity.addresses, ["mira@tansy"], kind)
          assert.strictEqual(identity.certificates, tools.text("cert.pem"))
          assert.strictEqual(Redacted.value(identity.privateKey), tools.text("key.pem"))
        }
      })
  )

  const ways: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["the way before 3.0: RC2-40 and 3DES", ["-legacy"]],
    ["RC2-128", ["-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC2-128"]],
    ["3DES alone", ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]],
    ["AES-128 and SHA-512", ["-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512"]],
    ["3DES by PBES2", ["-certpbe", "des-ede3-cbc", "-keypbe", "des-ede3-cbc"]],
    ["no encryption", ["-certpbe", "NONE", "-keypbe", "NONE"]],
    ["many rounds", ["-iter", "100000"]],
    ["one round", ["-noiter", "-nomaciter"]]
  ]
  it.effect.skipIf(!hasOpenssl)("RFC 7292 every way of protecting it (needs OpenSSL 3)", () =>
    Effect.gen(function*() {
      const tools = workshop()
      makeFiles(tools, ...p256)
      for (const [way, flags] of ways) {
        tools.run("openssl", ...exporting, ...flags, "-passout", "pass:tulip 7")
        const file = tools.read("file.p12")
        assert.deepStrictEqual(
          (yield* Identity.fromFiles({ files: [file], passphrase })).addresses,
          ["mira@tansy"],
          way
        )
        const wrong = yield* Effect.flip(Identity.fromFiles({ files: [file], passphrase: Redacted.make("tulip") }))
        assert.strictEqual(wrong.reason, "passphrase", way)
      }
      for (const legacy of [[], ["-legacy"]]) {
        tools.run("openssl", ...exporting, ...legacy, "-passout", "pass:")
        assert.deepStrictEqual((yield* Identity.fromFiles({ files: [tools.read("file.p12")] })).addresses, [
          "mira@tansy"
        ])
      }
      tools.run("openssl", ...exporting, "-nomac", "-passout", "pass:tulip 7")
      const noMac = yield* Effect.flip(Identity.fromFiles({ files: [tools.read("file.p12")], passphrase }))
      assert.strictEqual(noMac.reason, "unsupported")
    }), 60_000)
})

describe("PKCS #12 of Java", () => {
  it.effect.skipIf(!hasKeytool)(
    "CERT-80 a key store, as it is by default and in the older way (needs keytool)",
    () =>
      Effect.gen(function*() {
        for (const older of [[], ["-J-Dkeystore.pkcs12.legacy"]]) {
          const tools = workshop()
          const flags = ["-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=mira", "-validity", "30"]
          const store = ["-storetype", "PKCS12", "-keystore", "file.p12", "-storepass", "tulip 7"]
          tools.run("keytool", "-genkeypair", "-alias", "mira", ...flags, ...store, ...older)
          tools.run("keytool", "-genkeypair", "-alias", "teo", ...flags, ...store, ...older)
          const identity = yield* Identity.fromFiles({ files: [tools.read("file.p12")], passphrase })
          assert.strictEqual(identity.certificate.subject.text, "CN=mira")
          assert.lengthOf(identity.chain, 1)
        }
      }),
    60_000
  )
})

describe("encrypted PKCS #8 of OpenSSL", () => {
  const ways: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["the default", []],
    ["AES-128 and HMAC-SHA-1", ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"]],
    ["AES-256 and HMAC-SHA-512", ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"]],
    ["3DES by PBES2", ["-v2", "des3"]],
    ["3DES in the old way", ["-v1", "PBE-SHA1-3DES"]]
  ]
  it.effect.skipIf(!hasOpenssl)("CERT-80 opens with its passphrase (needs OpenSSL 3)", () =>
    Effect.gen(function*() {
      const tools = workshop()
      makeFiles(tools, "ed25519")
      const certificates = tools.text("cert.pem")
      for (const [way, flags] of ways) {
        tools.run("openssl", ...locking, ...flags)
        const privateKey = tools.text("locked.pem")
        const identity = yield* Identity.fromPem({ certificates, privateKey, passphrase })
        assert.strictEqual(Redacted.value(identity.privateKey), tools.text("key.pem"), way)
        const none = yield* Effect.flip(Identity.fromPem({ certificates, privateKey }))
        assert.strictEqual(none.reason, "encrypted", way)
        const wrong = Identity.fromPem({ certificates, privateKey, passphrase: Redacted.make("tulip") })
        assert.strictEqual((yield* Effect.flip(wrong)).reason, "passphrase", way)
      }
    }), 60_000)

  it.effect.skipIf(!hasOpenssl)(
    "CERT-80 what is not read says how to convert it (needs OpenSSL 3)",
    () =>
      Effect.gen(function*() {
        const tools = workshop()
        makeFiles(tools, "rsa:2048")
        const certificates = tools.text("cert.pem")
        const old = ["openssl", "rsa", "-in", "key.pem", "-traditional", "-aes256", "-out", "locked.pem"] as const
        for (
          const [tool, ...args] of [["openssl", ...locking, "-scrypt"], [...old, "-passout", "pass:tulip 7"]] as const
        ) {
          tools.run(tool, ...args)
          const privateKey = tools.text("locked.pem")
          const error = yield* Effect.flip(Identity.fromPem({ certificates, privateKey, passphrase }))
          assert.strictEqual(error.reason, "unsupported")
          assert.include(error.message, "openssl pkcs8 -topk8")
        }
      })
  )
})

const exporting = ["pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "file.p12"] as const
const locking = ["pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.pem", "-passout", "pass:tulip 7"] as const
