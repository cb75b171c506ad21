import { assert, describe, it } from "@effect/vitest"
import { Identity } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeIdentity from "../src/NodeIdentity.ts"
import { make } from "./certificates.ts"
import { modeOf, temporary, textOf } from "./directories.ts"
import * as Pkcs12 from "./pkcs12.ts"

const romeo = { address: "romeo@forza.example", naming: "jid", algorithm: "p256", days: 30 } as const

const written = Effect.gen(function*() {
  const directory = Path.join(yield* temporary, "identity")
  const created = yield* Identity.createSelfSigned(romeo)
  return { created, directory, files: yield* NodeIdentity.write(directory, created) }
})

describe("NodeIdentity", () => {
  it.live("CERT-80 what was written can be read, and is for the owner alone", () =>
    Effect.gen(function*() {
      const { created, directory, files } = yield* written
      assert.deepStrictEqual(files, {
        key: Path.join(directory, "key.pem"),
        certificate: Path.join(directory, "cert.pem")
      })
      assert.deepStrictEqual([modeOf(directory), modeOf(files.key)], ["700", "600"])
      const identity = yield* NodeIdentity.read(NodeIdentity.inDirectory(directory), { naming: "jid" })
      assert.deepStrictEqual(identity.addresses, ["romeo@forza.example"])
      assert.strictEqual(identity.certificates, created.certificatePem)
      assert.strictEqual(Redacted.value(identity.privateKey), Redacted.value(created.privateKeyPem))
      assert.notInclude(JSON.stringify(identity), "PRIVATE")
    }))

  it.live("a request for an authority lies beside its key", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.chmodSync(directory, 0o700)
      const created = yield* Identity.createRequest(romeo)
      const files = yield* NodeIdentity.write(directory, created)
      assert.deepStrictEqual(files, {
        key: Path.join(directory, "key.pem"),
        request: Path.join(directory, "request.pem")
      })
      assert.strictEqual(textOf(Path.join(directory, "request.pem")), created.requestPem)
      assert.deepStrictEqual(Fs.readdirSync(directory).sort(), ["key.pem", "request.pem"])
    }))

  it.live("a key that is there is never replaced", () =>
    Effect.gen(function*() {
      const { directory, files } = yield* written
      const before = textOf(files.key)
      const error = yield* Effect.flip(NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo)))
      assert.strictEqual(error.reason, "exists")
      assert.include(error.message, files.key)
      assert.strictEqual(textOf(files.key), before)
      assert.deepStrictEqual(Fs.readdirSync(directory).sort(), ["cert.pem", "key.pem"], "nothing is left lying about")
    }))

  it.live("a certificate without key is not replaced either, and no half identity stays", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.writeFileSync(Path.join(directory, "cert.pem"), "from elsewhere")
      const error = yield* Effect.flip(NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo)))
      assert.strictEqual(error.reason, "exists")
      assert.deepStrictEqual(Fs.readdirSync(directory), ["cert.pem"])
      assert.strictEqual(textOf(Path.join(directory, "cert.pem")), "from elsewhere")
    }))

  it.live("of two who write at once, one wins", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const created = yield* Effect.all([Identity.createSelfSigned(romeo), Identity.createSelfSigned(romeo)])
      const results = yield* Effect.forEach(created, (each) => Effect.result(NodeIdentity.write(directory, each)), {
        concurrency: 2
      })
      assert.strictEqual(results.filter(({ _tag }) => _tag === "Success").length, 1)
      const winner = created[results.findIndex(({ _tag }) => _tag === "Success")]
      assert.strictEqual(textOf(Path.join(directory, "cert.pem")), winner?.certificatePem)
      assert.strictEqual(textOf(Path.join(directory, "key.pem")), Redacted.value(winner!.privateKeyPem))
    }))

  it.live("a private key that others can read is refused, with the remedy", () =>
    Effect.gen(function*() {
      const { directory, files } = yield* written
      for (const mode of [0o640, 0o604, 0o660, 0o777]) {
        Fs.chmodSync(files.key, mode)
        const error = yield* Effect.flip(NodeIdentity.read(NodeIdentity.inDirectory(directory)))
        assert.strictEqual(error.reason, "exposed")
        assert.include(error.message, `chmod 600 ${files.key}`)
      }
      Fs.chmodSync(files.key, 0o400)
      assert.isObject(yield* NodeIdentity.read(NodeIdentity.inDirectory(directory)))
    }))

  it.live("a directory in which others can write gets no key", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.chmodSync(directory, 0o777)
      const error = yield* Effect.flip(NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo)))
      assert.strictEqual(error.reason, "exposed")
      assert.deepStrictEqual(Fs.readdirSync(directory), [])
    }))

  it.live("what cannot be read says which file and why", () =>
    Effect.gen(function*() {
      const { directory, files } = yield* written
      const paths = NodeIdentity.inDirectory(directory)
      const reading = (change: Partial<NodeIdentity.Paths>) => Effect.flip(NodeIdentity.read({ ...paths, ...change }))
      const missing = yield* reading({ privateKey: Path.join(directory, "other.pem") })
      assert.strictEqual(missing.message, `${Path.join(directory, "other.pem")} cannot be read: it is not there`)
      assert.strictEqual((yield* reading({ certificates: directory })).reason, "unreadable")
      Fs.writeFileSync(Path.join(directory, "huge.pem"), "x".repeat(2_000_000))
      assert.match((yield* reading({ certificates: Path.join(directory, "huge.pem") })).message, /too large/)
      const noIdentity = yield* reading({ certificates: files.key })
      assert.strictEqual(noIdentity.reason, "invalid")
      assert.match(noIdentity.message, /no certificate/)
    }))

  it.live("a key of somebody else is no identity", () =>
    Effect.gen(function*() {
      const { directory, files } = yield* written
      Fs.writeFileSync(files.key, make({ name: "juliet" }).keyPem)
      const error = yield* Effect.flip(NodeIdentity.read(NodeIdentity.inDirectory(directory)))
      assert.strictEqual(error.reason, "invalid")
      assert.include(error.message, "belongs to none")
      assert.notInclude(error.message, "PRIVATE")
    }))

  it.live("a directory that cannot be made is a typed error", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.writeFileSync(Path.join(directory, "file"), "")
      const created = yield* Identity.createSelfSigned(romeo)
      for (const place of [Path.join(directory, "file"), Path.join(directory, "file", "below")]) {
        const error = yield* Effect.flip(NodeIdentity.write(place, created))
        assert.strictEqual(error.reason, "unwritable", place)
      }
    }))

  it.live("a private key in a directory where others can replace it is refused, unless only its owner may", () =>
    Effect.gen(function*() {
      const { directory } = yield* written
      for (const mode of [0o770, 0o702, 0o777]) {
        Fs.chmodSync(directory, mode)
        const error = yield* Effect.flip(NodeIdentity.read(NodeIdentity.inDirectory(directory)))
        assert.strictEqual(error.reason, "exposed")
        assert.include(error.message, `chmod 700 ${directory}`)
      }
      for (const mode of [0o1777, 0o755, 0o700]) {
        Fs.chmodSync(directory, mode)
        assert.isObject(yield* NodeIdentity.read(NodeIdentity.inDirectory(directory)))
      }
    }))

  it.live("CERT-80 a key with a passphrase may lie about; without, it is locked", () =>
    Effect.gen(function*() {
      const { created, directory, files } = yield* written
      const key = Crypto.createPrivateKey(Redacted.value(created.privateKeyPem))
      const cipher = { cipher: "aes-256-cbc", passphrase: "tulip" }
      Fs.writeFileSync(files.key, key.export({ format: "pem", type: "pkcs8", ...cipher }))
      Fs.chmodSync(files.key, 0o644)
      const reading = (passphrase?: string) =>
        NodeIdentity.read(
          NodeIdentity.inDirectory(directory),
          passphrase === undefined ? {} : { passphrase: Redacted.make(passphrase) }
        )
      assert.deepStrictEqual((yield* reading("tulip")).addresses, ["romeo@forza.example"])
      assert.strictEqual((yield* Effect.flip(reading())).reason, "locked")
      assert.strictEqual((yield* Effect.flip(reading("rose"))).reason, "passphrase")
    }))

  it.live("CERT-80 a PKCS #12 file without passphrase protects nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = Path.join(directory, "romeo.p12")
      for (const passphrase of ["", "tulip"]) {
        Fs.writeFileSync(file, passphrase === "" ? Pkcs12.withoutPassphrase : Pkcs12.withPassphrase)
        for (const mode of [0o644, 0o600]) {
          Fs.chmodSync(file, mode)
          const reading = passphrase === "" ? {} : { passphrase: Redacted.make(passphrase) }
          const result = yield* Effect.result(NodeIdentity.read({ certificates: file }, reading))
          assert.strictEqual(
            result._tag,
            passphrase === "" && mode === 0o644 ? "Failure" : "Success",
            `${passphrase} ${mode}`
          )
          if (result._tag === "Failure") assert.strictEqual(result.failure.reason, "exposed")
        }
      }
      assert.strictEqual((yield* Effect.flip(NodeIdentity.read({ certificates: file }))).reason, "locked")
    }))

  it.live("CERT-80 an identity from other tools is saved with its key for the owner alone, and replaces nothing", () =>
    Effect.gen(function*() {
      const { created, directory } = yield* written
      const identity = yield* NodeIdentity.read(NodeIdentity.inDirectory(directory))
      const other = Path.join(yield* temporary, "other")
      const files = yield* NodeIdentity.save(other, identity)
      assert.deepStrictEqual([modeOf(other), modeOf(files.key)], ["700", "600"])
      assert.strictEqual(textOf(files.certificate), created.certificatePem)
      assert.strictEqual((yield* Effect.flip(NodeIdentity.save(other, identity))).reason, "exists")
    }))

  it.live("a passphrase is the first line of a file that its owner alone can read", () =>
    Effect.gen(function*() {
      const file = Path.join(yield* temporary, "passphrase")
      for (
        const [text, wanted] of [["tu lip\nmore\n", "tu lip"], ["tulip\r\n", "tulip"], ["tulip", "tulip"], [
          "",
          ""
        ]] as const
      ) {
        Fs.writeFileSync(file, text, { mode: 0o600 })
        assert.strictEqual(Redacted.value(yield* NodeIdentity.readPassphrase(file)), wanted)
      }
      Fs.chmodSync(file, 0o604)
      const error = yield* Effect.flip(NodeIdentity.readPassphrase(file))
      assert.include(error.message, `chmod 600 ${file}`)
      assert.strictEqual((yield* Effect.flip(NodeIdentity.readPassphrase(`${file}.not`))).reason, "unreadable")
    }))
})
