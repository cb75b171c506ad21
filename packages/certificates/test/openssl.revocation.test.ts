/** CRLs and OCSP responses as another program makes them. */
import { assert, describe, it, onTestFinished } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Certificate from "../src/Certificate.ts"
import * as Crl from "../src/Crl.ts"
import * as Pem from "../src/Pem.ts"
import * as Revocation from "../src/Revocation.ts"

const present = spawnSync("openssl", ["version"]).status === 0

const configuration = (directory: string) => `
[req]
distinguished_name = name
[name]
[ca]
default_ca = it
[it]
database = ${join(directory, "index.txt")}
new_certs_dir = ${directory}
serial = ${join(directory, "serial")}
crlnumber = ${join(directory, "crlnumber")}
certificate = ${join(directory, "ca.pem")}
private_key = ${join(directory, "ca.key")}
default_md = sha256
default_days = 30
default_crl_days = 7
policy = any
crl_extensions = crl
[any]
commonName = supplied
[crl]
authorityKeyIdentifier = keyid:always
[issuing]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`

/** An authority and two certificates, the second of which has been revoked. */
const made = () => {
  const directory = mkdtempSync(join(tmpdir(), "revocation-"))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = (name: string) => join(directory, name)
  const openssl = (...args: ReadonlyArray<string>) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: directory, encoding: "utf8" })
    assert.strictEqual(status, 0, `openssl ${args.join(" ")}: ${stderr}`)
  }
  writeFileSync(path("cnf"), configuration(directory))
  writeFileSync(path("index.txt"), "")
  writeFileSync(path("serial"), "8001\n")
  writeFileSync(path("crlnumber"), "01\n")
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", path("cnf")]
  openssl("req", "-x509", ...key, "-subj", "/CN=CA", "-extensions", "issuing", "-keyout", "ca.key", "-out", "ca.pem")
  for (const name of ["clean", "revoked"]) {
    openssl("req", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`)
    openssl("ca", "-batch", "-config", path("cnf"), "-in", `${name}.csr`, "-out", `${name}.pem`, "-notext")
  }
  openssl("ca", "-config", path("cnf"), "-revoke", "revoked.pem", "-crl_reason", "keyCompromise")
  openssl("ca", "-config", path("cnf"), "-gencrl", "-out", "crl.pem")
  const read = (name: string): Certificate.Certificate => {
    const [der] = Pem.certificates(readFileSync(path(`${name}.pem`), "utf8"))
    assert.isDefined(der)
    return Result.getOrThrow(Certificate.decode(der ?? new Uint8Array()))
  }
  return { openssl, path, read }
}

describe("openssl", () => {
  const names = ["clean", "revoked"] as const

  it.effect.skipIf(!present)(
    "CERT-50 its CRLs are read and believed (needs the openssl program)",
    () =>
      Effect.gen(function*() {
        const { path, read } = made()
        const crls = Result.getOrThrow(Crl.read(new Uint8Array(readFileSync(path("crl.pem")))))
        for (const name of names) {
          const found = yield* Revocation.status({
            certificate: read(name),
            authorities: [read("ca")],
            evidence: { crls, issuers: [] },
            now: Date.now()
          })
          assert.strictEqual(found._tag, name === "clean" ? "Good" : "Revoked")
          if (found._tag === "Revoked") assert.strictEqual(found.reason, "keyCompromise")
        }
      })
  )

  it.effect.skipIf(!present)(
    "CERT-50 its OCSP responses are read and believed (needs the openssl program)",
    () =>
      Effect.gen(function*() {
        const { openssl, path, read } = made()
        const signer = ["-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-ndays", "1"]
        for (const name of names) {
          for (const hash of ["-sha1", "-sha256"]) {
            openssl("ocsp", hash, "-issuer", "ca.pem", "-cert", `${name}.pem`, "-reqout", "request", "-no_nonce")
            openssl("ocsp", ...signer, "-reqin", "request", "-respout", "response")
            const found = yield* Revocation.status({
              certificate: read(name),
              authorities: [read("ca")],
              evidence: { crls: [], issuers: [], staple: new Uint8Array(readFileSync(path("response"))) },
              now: Date.now()
            })
            assert.deepStrictEqual(
              [found._tag, found._tag === "Unknown" ? found.because : found.source],
              [name === "clean" ? "Good" : "Revoked", "ocsp"]
            )
          }
        }
      })
  )
})
