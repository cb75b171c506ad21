import { assert, describe, it } from "@effect/vitest"
import { Authority, Certificate, Fingerprint, Identity, Pem } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeIdentity from "../src/NodeIdentity.ts"
import * as NodeRenewal from "../src/NodeRenewal.ts"
import { modeOf, temporary, textOf } from "./directories.ts"

const romeo = { address: "romeo@forza.example", naming: "jid", algorithm: "p256", days: 30 } as const
const now = Date.UTC(2026, 0, 15, 12)
const day = 86_400_000

const selfSigned = Effect.gen(function*() {
  yield* TestClock.setTime(now)
  const directory = Path.join(yield* temporary, "identity")
  yield* NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo))
  return { directory, identity: yield* NodeIdentity.read(NodeIdentity.inDirectory(directory)) }
})

/** A request, the authority whom it is for, and what that answers. */
const requested = Effect.gen(function*() {
  const parent = yield* temporary
  const directory = Path.join(parent, "identity")
  const created = yield* Identity.createRequest(romeo)
  yield* NodeIdentity.write(directory, created)
  const root = yield* Authority.create({ name: "Root", algorithm: "p256", days: 100 })
  const authority = yield* Authority.create({ name: "Middle", algorithm: "p256", days: 100, issuer: root })
  const answer = Path.join(parent, "answer.pem")
  const sign = Effect.fnUntraced(function*(requestPem: string) {
    Fs.writeFileSync(answer, yield* Authority.sign(authority, { requestPem, days: 30 }))
  })
  yield* sign(created.requestPem)
  return { answer, directory, parent, root, sign }
})

const keyOf = ({ certificate }: Identity.Identity) => Fingerprint.sha256(certificate.publicKey.spki)

describe("renewing", () => {
  it.effect("CERT-83 another certificate for the same key, the old one beside it", () =>
    Effect.gen(function*() {
      const { directory, identity } = yield* selfSigned
      const key = textOf(Path.join(directory, "key.pem"))
      yield* TestClock.setTime(now + 20 * day)
      const replaced = yield* NodeRenewal.renew(directory)
      const backup = Path.join(directory, `cert.2026-02-04.${identity.fingerprint.slice(0, 8)}.pem`)
      assert.strictEqual(replaced.backup, backup)
      assert.strictEqual(textOf(backup), identity.certificates)
      assert.strictEqual(textOf(replaced.certificate), replaced.identity.certificates)
      assert.strictEqual(textOf(Path.join(directory, "key.pem")), key)
      assert.strictEqual(modeOf(Path.join(directory, "key.pem")), "600")
      const again = yield* NodeIdentity.read(NodeIdentity.inDirectory(directory))
      assert.notStrictEqual(again.fingerprint, identity.fingerprint)
      assert.strictEqual(yield* keyOf(again), yield* keyOf(identity))
      assert.deepStrictEqual(again.addresses, identity.addresses)
      assert.strictEqual(again.certificate.notAfter, identity.certificate.notAfter + 20 * day)
      assert.deepStrictEqual(Fs.readdirSync(directory).sort(), [Path.basename(backup), "cert.pem", "key.pem"].sort())
      const longer = yield* NodeRenewal.renew(directory, { days: 90 })
      assert.strictEqual(longer.identity.certificate.notAfter, now + 110 * day)
      assert.strictEqual(longer.old?.fingerprint, again.fingerprint)
    }))

  it.effect("CERT-83 whoever was interrupted after the backup may come again; another file is not replaced", () =>
    Effect.gen(function*() {
      const { directory, identity } = yield* selfSigned
      const backup = Path.join(directory, `cert.2026-01-15.${identity.fingerprint.slice(0, 8)}.pem`)
      Fs.writeFileSync(backup, "something else")
      assert.strictEqual((yield* Effect.flip(NodeRenewal.renew(directory))).reason, "exists")
      assert.strictEqual(textOf(Path.join(directory, "cert.pem")), identity.certificates)
      Fs.writeFileSync(backup, identity.certificates)
      assert.strictEqual((yield* NodeRenewal.renew(directory)).backup, backup)
    }))

  it.effect("CERT-80 refuses a key that others can read or replace, a certificate of another key, and a link", () =>
    Effect.gen(function*() {
      const { directory, identity } = yield* selfSigned
      const [key, certificate] = [Path.join(directory, "key.pem"), Path.join(directory, "cert.pem")]
      const refusal = Effect.flip(NodeRenewal.renew(directory))
      Fs.chmodSync(key, 0o640)
      assert.include((yield* refusal).message, `chmod 600 ${key}`)
      Fs.chmodSync(key, 0o600)
      Fs.chmodSync(directory, 0o770)
      assert.include((yield* refusal).message, `chmod 700 ${directory}`)
      Fs.chmodSync(directory, 0o700)
      Fs.writeFileSync(certificate, (yield* Identity.createSelfSigned(romeo)).certificatePem)
      assert.match((yield* refusal).message, /belongs to none/)
      const elsewhere = Path.join(yield* temporary, "elsewhere.pem")
      Fs.writeFileSync(elsewhere, identity.certificates)
      Fs.rmSync(certificate)
      Fs.symlinkSync(elsewhere, certificate)
      assert.match((yield* refusal).message, /is a link/)
      assert.strictEqual(textOf(elsewhere), identity.certificates)
      assert.isTrue(Fs.lstatSync(certificate).isSymbolicLink())
    }))
})

describe("with an authority", () => {
  it.effect("CERT-80 its answer is put beside the key, in order", () =>
    Effect.gen(function*() {
      const { answer, directory, parent, root } = yield* requested
      const top = Path.join(parent, "root.der")
      Fs.writeFileSync(top, root.certificate.der)
      const { backup, identity } = yield* NodeRenewal.install(directory, [top, answer])
      assert.isUndefined(backup)
      assert.deepStrictEqual(identity.addresses, ["romeo@forza.example"])
      assert.strictEqual(identity.certificates, textOf(answer) + root.certificatePem)
      assert.strictEqual(textOf(Path.join(directory, "cert.pem")), identity.certificates)
    }))

  it.effect("CERT-83 a request for the same key, and its answer, which keeps the old certificate", () =>
    Effect.gen(function*() {
      const { answer, directory, sign } = yield* requested
      const { identity: old } = yield* NodeRenewal.install(directory, [answer])
      assert.match((yield* Effect.flip(NodeRenewal.renew(directory))).message, /an authority issued/)
      const request = yield* NodeRenewal.request(directory)
      assert.strictEqual(request, Path.join(directory, "request.pem"))
      yield* sign(textOf(request))
      const replaced = yield* NodeRenewal.install(directory, [answer])
      assert.strictEqual(textOf(replaced.backup ?? ""), old.certificates)
      assert.strictEqual(yield* keyOf(replaced.identity), yield* keyOf(old))
      assert.isFalse(Certificate.isSame(replaced.identity.certificate, old.certificate))
    }))

  it.effect("CERT-80 an answer for another key changes nothing", () =>
    Effect.gen(function*() {
      const { directory, parent } = yield* requested
      const wrong = Path.join(parent, "wrong.pem")
      Fs.writeFileSync(wrong, (yield* Identity.createSelfSigned(romeo)).certificatePem)
      const error = yield* Effect.flip(NodeRenewal.install(directory, [wrong]))
      assert.strictEqual(error.reason, "invalid")
      assert.include(error.message, wrong)
      assert.deepStrictEqual(Fs.readdirSync(directory).sort(), ["key.pem", "request.pem"])
      Fs.writeFileSync(wrong, Pem.encode("OTHER", Uint8Array.of(1)))
      assert.match((yield* Effect.flip(NodeRenewal.install(directory, [wrong]))).message, /no certificate/)
    }))
})
