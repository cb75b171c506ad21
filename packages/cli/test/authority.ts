/** An authority of the test's own, and identities that it issues. */
import { Authority } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A directory with an authority, and identities that it issued. */
export const authority = async (directory: string) => {
  const ca = await Effect.runPromise(Authority.create({ name: "Harbour", algorithm: "p256", days: 30 }))
  const file = join(directory, "ca.pem")
  writeFileSync(file, ca.certificatePem)
  const issue = async (name: string, address: string, expired = false) => {
    const made = Authority.issue(ca, { address, naming: "jid", algorithm: "p256", days: 1 })
    const issued = await Effect.runPromise(expired ? made.pipe(Effect.provide(TestClock.layer())) : made)
    const out = join(directory, name)
    mkdirSync(out, { mode: 0o700 })
    writeFileSync(join(out, "cert.pem"), issued.certificatePem)
    writeFileSync(join(out, "key.pem"), Redacted.value(issued.privateKeyPem), { mode: 0o600 })
    return out
  }
  return { file, privateKey: Redacted.value(ca.privateKeyPem), issue }
}
