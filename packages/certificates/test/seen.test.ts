import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../src/Certificate.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as Identity from "../src/Identity.ts"
import * as Seen from "../src/internal/seen.ts"
import * as Pem from "../src/Pem.ts"
import * as PresentedNames from "../src/PresentedNames.ts"

const made = Effect.gen(function*() {
  const { certificatePem } = yield* Identity.createSelfSigned({
    address: "mira@linden",
    naming: "jid",
    algorithm: "p256",
    days: 1
  })
  return Pem.certificates(certificatePem)[0] ?? new Uint8Array()
})

it.effect("what is kept is what would be read", () =>
  Effect.gen(function*() {
    const der = yield* made
    const first = yield* Seen.see(der)
    const again = yield* Seen.see(der.slice())
    assert.strictEqual(again, first)
    assert.strictEqual(first.fingerprint, yield* Fingerprint.sha256(der))
    const { certificate, hashes } = Result.getOrThrow(first.read)
    assert.deepStrictEqual(certificate, Result.getOrThrow(Certificate.decode(der)))
    assert.deepStrictEqual(hashes, {
      certificate: first.fingerprint,
      key: yield* Fingerprint.sha256(certificate.publicKey.spki)
    })
  }))

it.effect("octets that are changed after they were shown are others, and change nothing that is kept", () =>
  Effect.gen(function*() {
    const der = yield* made
    const before = yield* Seen.see(der)
    const copy = der.slice()
    for (const at of [der.length - 1, 20]) {
      der[at] = (der[at] ?? 0) ^ 1
      assert.notStrictEqual((yield* Seen.see(der)).fingerprint, before.fingerprint)
    }
    assert.strictEqual(yield* Seen.see(copy), before)
    assert.deepStrictEqual(Result.getOrThrow(before.read).certificate.der, copy)
  }))

it.effect("what cannot be read is kept as such", () =>
  Effect.gen(function*() {
    const broken = Uint8Array.of(0x30, 1)
    for (const _ of [1, 2]) {
      const { fingerprint, read } = yield* Seen.see(broken)
      assert.isTrue(Result.isFailure(read))
      assert.strictEqual(fingerprint, yield* Fingerprint.sha256(broken))
    }
  }))

it.effect("names are kept for each way of reading them", () =>
  Effect.gen(function*() {
    const { certificate } = Result.getOrThrow((yield* Seen.see(yield* made)).read)
    for (const naming of ["jid", "linkLocal", "jid"] as const) {
      assert.deepStrictEqual(Seen.namesIn(certificate, naming), PresentedNames.read(certificate, naming))
    }
  }))
