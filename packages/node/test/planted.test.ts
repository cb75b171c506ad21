/** Somebody who can guess the names of our temporary files, and plants links there. */
import { assert, describe, it } from "@effect/vitest"
import { Identity } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { vi } from "vitest"
import * as NodeIdentity from "../src/NodeIdentity.ts"
import * as NodeRenewal from "../src/NodeRenewal.ts"
import { temporary, textOf } from "./directories.ts"

vi.mock(import("node:crypto"), async (original) => ({
  ...await original(),
  randomUUID: () => "00000000-0000-4000-8000-000000000000" as const
}))

const romeo = { address: "romeo@forza.example", naming: "jid", algorithm: "p256", days: 30 } as const
const guessed = (directory: string, name: string) =>
  Path.join(directory, `.${name}.00000000-0000-4000-8000-000000000000`)

describe("planted links", () => {
  it.live("CERT-80 at the temporary name of a key are not followed", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const target = Path.join(directory, "target")
      for (const isThere of [true, false]) {
        if (isThere) Fs.writeFileSync(target, "precious")
        Fs.symlinkSync(target, guessed(directory, "key.pem"))
        const error = yield* Effect.flip(NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo)))
        assert.include(["exists", "unwritable"], error.reason)
        assert.strictEqual(isThere ? textOf(target) : Fs.existsSync(target), isThere ? "precious" : false)
        assert.notInclude(Fs.readdirSync(directory), "key.pem")
        Fs.rmSync(target, { force: true })
        Fs.rmSync(guessed(directory, "key.pem"), { force: true })
      }
    }))

  it.live("CERT-80 at the name of a key itself are neither followed nor replaced", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const [key, target] = [Path.join(directory, "key.pem"), Path.join(directory, "target")]
      Fs.symlinkSync(target, key)
      const error = yield* Effect.flip(NodeIdentity.write(directory, yield* Identity.createSelfSigned(romeo)))
      assert.strictEqual(error.reason, "exists")
      assert.isFalse(Fs.existsSync(target))
      assert.isTrue(Fs.lstatSync(key).isSymbolicLink())
    }))

  it.live("CERT-83 at the temporary name of a certificate are not followed", () =>
    Effect.gen(function*() {
      const directory = Path.join(yield* temporary, "identity")
      const created = yield* Identity.createSelfSigned(romeo)
      yield* NodeIdentity.write(directory, created)
      const target = Path.join(directory, "target")
      Fs.writeFileSync(target, "precious")
      Fs.symlinkSync(target, guessed(directory, "cert.pem"))
      assert.strictEqual((yield* Effect.flip(NodeRenewal.renew(directory))).reason, "unwritable")
      assert.strictEqual(textOf(target), "precious")
      assert.strictEqual(textOf(Path.join(directory, "cert.pem")), created.certificatePem)
    }))
})
