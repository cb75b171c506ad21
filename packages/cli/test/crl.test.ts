/** `--crl` and `--revocation`, with a list that OpenSSL made. */
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { authority } from "./authority.ts"
import { run, temporary } from "./processes.ts"

const present = spawnSync("openssl", ["version"]).status === 0

/** Two certificates of one authority, and its list, on which the second stands. */
const scene = async () => {
  const directory = temporary()
  const path = (...names: ReadonlyArray<string>) => join(directory, ...names)
  const ca = await authority(directory)
  await ca.issue("clean", "mira@tansy.example")
  await ca.issue("revoked", "mira@tansy.example")
  writeFileSync(path("ca.key"), ca.privateKey, { mode: 0o600 })
  writeFileSync(path("index.txt"), "")
  writeFileSync(
    path("ca.cnf"),
    `[ca]\ndefault_ca = it\n[it]\ndatabase = ${path("index.txt")}\ndefault_md = sha256\ndefault_crl_days = 7\n`
  )
  const openssl = (...more: ReadonlyArray<string>) => {
    const { status, stderr } = spawnSync("openssl", [
      "ca",
      "-config",
      path("ca.cnf"),
      "-cert",
      ca.file,
      "-keyfile",
      path("ca.key"),
      ...more
    ], { encoding: "utf8" })
    assert.strictEqual(status, 0, stderr)
  }
  openssl("-revoke", path("revoked", "cert.pem"), "-crl_reason", "keyCompromise")
  openssl("-gencrl", "-out", path("crl.pem"))
  const show = (name: string, ...more: ReadonlyArray<string>) =>
    run(["identity", "show", path(name, "cert.pem"), "--for", "mira@tansy.example", "--trust-ca", ca.file, ...more])
  return { show, crl: ["--crl", path("crl.pem")] }
}

describe("revocation lists", () => {
  it.skipIf(!present)(
    "CERT-50 CERT-51 decide about certificates of an authority (needs the openssl program)",
    async () => {
      const { crl, show } = await scene()
      const revoked = await show("revoked", ...crl)
      assert.strictEqual(revoked.code, 3, revoked.stderr)
      assert.match(revoked.stdout, /revoked, by CERT-50 /)
      assert.match(revoked.stdout, /was revoked at \d{4}-.*says a CRL/)
      const clean = await show("clean", ...crl, "--revocation", "hard")
      assert.strictEqual(clean.code, 0, clean.stdout + clean.stderr)
      assert.notInclude(clean.stdout, "revocationUnknown")
      const unknown = await show("clean", "--revocation", "hard")
      assert.strictEqual(unknown.code, 3)
      assert.match(unknown.stdout, /revocationUnknown, by CERT-51 /)
      assert.match((await show("revoked")).stdout, /Accepted: trusted.*\n(?:.*\n)*.*Note: revocationUnknown/)
    }
  )
})
