import { spawn, spawnSync } from "node:child_process"
import { createPrivateKey } from "node:crypto"
import { appendFileSync, chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it, onTestFinished } from "vitest"
import { identity, run, temporary } from "./processes.ts"

const hasOpenssl = spawnSync("openssl", ["version"], { encoding: "utf8" }).stdout?.startsWith("OpenSSL 3") === true
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true
const bin = fileURLToPath(new URL("../bin/xmpp-e2e.js", import.meta.url))
const json = (text: string) => JSON.parse(text.trim().split("\n").at(-1) ?? "")

/** An identity of mira@tansy, and her key with the passphrase `tulip`. */
const locked = async () => {
  const directory = temporary()
  const sha256 = await identity(join(directory, "mira"), "mira@tansy")
  const [certificate, key] = [join(directory, "cert.pem"), join(directory, "key.pem")]
  copyFileSync(join(directory, "mira", "cert.pem"), certificate)
  const pem = createPrivateKey(readFileSync(join(directory, "mira", "key.pem")))
    .export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "tulip" })
  writeFileSync(key, pem, { mode: 0o644 })
  const secret = join(directory, "passphrase")
  writeFileSync(secret, "tulip\n", { mode: 0o600 })
  return { directory, sha256, certificate, key, secret, out: join(directory, "out") }
}

describe("identity create", () => {
  it("CERT-81 reveals more addresses than one", async () => {
    const directory = temporary()
    const more = ["--also-known-as", "mira@harbor.example", "--also-known-as", "harbor.example"]
    for (const algorithm of ["p384", "rsa3072"]) {
      const out = join(directory, algorithm)
      const made = await run([
        "identity",
        "create",
        "--address",
        "mira@tansy",
        ...more,
        "--algorithm",
        algorithm,
        "--out",
        out,
        "--json"
      ])
      assert.strictEqual(made.code, 0, made.stderr)
      assert.deepStrictEqual(json(made.stdout).addresses, ["mira@tansy", "mira@harbor.example", "harbor.example"])
      assert.deepStrictEqual(json(made.stdout).files, { key: join(out, "key.pem"), certificate: join(out, "cert.pem") })
    }
    const wrong = await run([
      "identity",
      "create",
      "--address",
      "mira@tansy",
      "--also-known-as",
      "@",
      "--out",
      join(directory, "x")
    ])
    assert.strictEqual(wrong.code, 2)
    assert.match(wrong.stderr, /"@" is no address/)
  })

  it("CERT-62 a request says which names it asks for, and what comes next", async () => {
    const out = join(temporary(), "pumps")
    const made = await run(["identity", "create", "--address", "pumps.example", "--kind", "request", "--out", out])
    assert.match(made.stdout, /asks for _xmpp-client\.pumps\.example, _xmpp-server\.pumps\.example, pumps\.example/)
    assert.include(made.stdout, `identity install ANSWER --identity ${out}`)
  })
})

describe("identity renew", () => {
  it("CERT-83 keeps the key and the old certificate, and says both fingerprints' fate", async () => {
    const directory = join(temporary(), "mira")
    const before = await identity(directory, "mira@tansy", "--days", "30")
    const key = readFileSync(join(directory, "key.pem"), "utf8")
    const renewed = await run(["identity", "renew", "--identity", directory, "--days", "60", "--json"])
    assert.strictEqual(renewed.code, 0, renewed.stderr)
    const { addresses, files, notAfter, notBefore, sha256 } = json(renewed.stdout)
    assert.notStrictEqual(sha256, before)
    assert.deepStrictEqual(addresses, ["mira@tansy"])
    assert.strictEqual(Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000), 60)
    assert.include(files.backup, before.slice(0, 8))
    assert.strictEqual(readFileSync(join(directory, "key.pem"), "utf8"), key)
    const shown = await run(["identity", "show", files.backup, "--json"])
    assert.strictEqual(json(shown.stdout).sha256, before)
    const words = await run(["identity", "renew", "--identity", directory])
    assert.match(words.stdout, /for the same key\nkept the old one as .*; whoever pinned it/)
  })

  it("CERT-83 a request for the same key, and no certificate that is another's", async () => {
    const directory = join(temporary(), "mira")
    await identity(directory, "mira@tansy")
    const asked = await run(["identity", "renew", "--identity", directory, "--request", "--json"])
    assert.deepStrictEqual(json(asked.stdout), { files: { request: join(directory, "request.pem") } })
    assert.include(readFileSync(join(directory, "request.pem"), "utf8"), "BEGIN CERTIFICATE REQUEST")
    const before = readFileSync(join(directory, "cert.pem"), "utf8")
    const stranger = join(temporary(), "mira")
    await identity(stranger, "mira@tansy")
    const wrong = await run(["identity", "install", join(stranger, "cert.pem"), "--identity", directory])
    assert.strictEqual(wrong.code, 2)
    assert.match(wrong.stderr, /belongs to none of the certificates/)
    assert.strictEqual(readFileSync(join(directory, "cert.pem"), "utf8"), before)
    copyFileSync(join(stranger, "cert.pem"), join(directory, "cert.pem"))
    const refused = await run(["identity", "renew", "--identity", directory])
    assert.strictEqual(refused.code, 2)
    assert.deepStrictEqual(readdirSync(directory).sort(), ["cert.pem", "key.pem", "request.pem"])
  })

  it("CERT-83 the answer of an authority is installed, and names that it lost are told", async () => {
    const directory = join(temporary(), "mira")
    await identity(directory, "mira@tansy", "--also-known-as", "mira@harbor.example")
    // The answer: a certificate for the same key with one name less.
    const answer = await answered(directory)
    const installed = await run(["identity", "install", answer, "--identity", directory, "--json"])
    assert.strictEqual(installed.code, 0, installed.stderr)
    assert.include(installed.stderr, "lacks names of the old one: mira@harbor.example")
    assert.isTrue(existsSync(json(installed.stdout).files.backup))
  })
})

/** Who has another certificate made for the key in a directory, for mira@tansy alone. */
const answered = async (directory: string): Promise<string> => {
  const { Authority, Identity, Renewal } = await import("@xmpp-e2e/certificates")
  const Effect = await import("effect/Effect")
  const [certificates, privateKey] = ["cert.pem", "key.pem"].map((name) => readFileSync(join(directory, name), "utf8"))
  const answer = join(temporary(), "answer.pem")
  await Effect.runPromise(Effect.gen(function*() {
    const authority = yield* Authority.create({ name: "Root", algorithm: "p256", days: 10 })
    const identity = yield* Identity.fromPem({ certificates: certificates ?? "", privateKey: privateKey ?? "" })
    const small = yield* Identity.createSelfSigned({
      address: "mira@tansy",
      naming: "jid",
      algorithm: "p256",
      days: 10
    })
    const { certificate } = yield* Identity.fromPem({
      certificates: small.certificatePem,
      privateKey: small.privateKeyPem
    })
    const extensions = certificate.extensions
    const requestPem = yield* Renewal.request({
      ...identity,
      certificate: { ...identity.certificate, extensions }
    })
    writeFileSync(answer, yield* Authority.sign(authority, { requestPem, days: 10 }))
  }))
  return answer
}

describe("identity import", () => {
  it("CERT-80 takes the passphrase from a file or the environment, and writes the key for its owner alone", async () => {
    const { certificate, key, out, secret, sha256 } = await locked()
    const made = await run([
      "identity",
      "import",
      key,
      certificate,
      "--out",
      out,
      "--passphrase-file",
      secret,
      "--json"
    ])
    assert.strictEqual(made.code, 0, made.stderr)
    assert.deepInclude(json(made.stdout), { addresses: ["mira@tansy"], certificates: 1, sha256 })
    const { statSync } = await import("node:fs")
    assert.strictEqual(statSync(join(out, "key.pem")).mode & 0o777, 0o600)
    assert.notInclude(readFileSync(join(out, "key.pem"), "utf8"), "ENCRYPTED")
    const again = await run(["identity", "import", key, certificate, "--out", out, "--passphrase-file", secret])
    assert.strictEqual(again.code, 2)
    assert.match(again.stderr, /exists, and is left as it is/)
    process.env["XMPP_E2E_PASSPHRASE"] = "tulip"
    try {
      const other = await run(["identity", "import", certificate, key, "--out", `${out}2`])
      assert.strictEqual(other.code, 0, other.stderr)
      assert.match(other.stdout, /address +mira@tansy/)
    } finally {
      delete process.env["XMPP_E2E_PASSPHRASE"]
    }
  })

  it.skipIf(!hasScript)("CERT-80 asks for it on a terminal, without echo (needs script of util-linux)", async () => {
    const { certificate, key, out } = await locked()
    const quoted = [process.execPath, bin, "identity", "import", key, certificate, "--out", out].map((each) =>
      `'${each}'`
    )
    const child = spawn("script", ["-qec", quoted.join(" "), "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] })
    onTestFinished(() => void child.kill("SIGKILL"))
    let seen = ""
    let isAnswered = false
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text
      if (isAnswered || !seen.includes("Passphrase")) return
      isAnswered = true
      child.stdin.write("tulip\r")
    })
    const code = await new Promise((resolve) => child.once("close", resolve))
    assert.strictEqual(code, 0, seen)
    assert.include(seen, "mira@tansy")
    assert.notInclude(seen, "tulip")
  })

  it("CERT-80 without passphrase, or with a wrong or exposed one, says what to do and writes nothing", async () => {
    const { certificate, directory, key, out, secret } = await locked()
    const importing = (...more: ReadonlyArray<string>) =>
      run(["identity", "import", key, certificate, "--out", out, ...more])
    const none = await importing()
    assert.strictEqual(none.code, 2)
    assert.match(none.stderr, /--passphrase-file, or set XMPP_E2E_PASSPHRASE/)
    chmodSync(secret, 0o644)
    assert.match((await importing("--passphrase-file", secret)).stderr, /chmod 600/)
    const wrong = join(directory, "wrong")
    writeFileSync(wrong, "rose\n", { mode: 0o600 })
    assert.match((await importing("--passphrase-file", wrong)).stderr, /passphrase of the private key is wrong/)
    assert.isFalse(existsSync(out))
  })

  it("CERT-62 warns where there is no XMPP name, or none by the rules asked for", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira q.@tansy", "--naming", "link-local")
    const bundle = join(directory, "bundle.pem")
    writeFileSync(bundle, readFileSync(join(directory, "mira", "key.pem")), { mode: 0o600 })
    appendFileSync(bundle, readFileSync(join(directory, "mira", "cert.pem")))
    const asJid = await run(["identity", "import", bundle, "--out", join(directory, "jid")])
    assert.strictEqual(asJid.code, 0)
    assert.include(asJid.stderr, "no XMPP name")
    const linkLocal = await run([
      "identity",
      "import",
      bundle,
      "--out",
      join(directory, "one"),
      "--naming",
      "link-local"
    ])
    assert.strictEqual(linkLocal.stderr, "")
    assert.match(linkLocal.stdout, /address +mira q\.@tansy/)
    chmodSync(bundle, 0o644)
    const exposed = await run(["identity", "import", bundle, "--out", join(directory, "two")])
    assert.strictEqual(exposed.code, 2)
    assert.match(exposed.stderr, /chmod 600/)
    writeFileSync(bundle, "what is this?")
    assert.match(
      (await run(["identity", "import", bundle, "--out", join(directory, "two")])).stderr,
      /neither PEM nor PKCS #12/
    )
  })

  it.skipIf(!hasOpenssl)("CERT-80 PKCS #12, which --cert takes as well (needs OpenSSL 3)", async () => {
    const { directory, out, secret, sha256 } = await locked()
    const file = join(directory, "mira.p12")
    const [key, certificate] = [join(directory, "mira", "key.pem"), join(directory, "mira", "cert.pem")]
    const args = ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", file, "-passout", "pass:tulip"]
    assert.strictEqual(spawnSync("openssl", args).status, 0)
    const made = await run(["identity", "import", file, "--out", out, "--passphrase-file", secret, "--json"])
    assert.strictEqual(json(made.stdout).sha256, sha256)
    const nobody = ["--to", "b@c", "--host", "127.0.0.1", "--port", "1"]
    const connecting = await run([
      "connect",
      "--as",
      "mira@tansy",
      ...nobody,
      "--cert",
      file,
      "--passphrase-file",
      secret
    ])
    assert.strictEqual(connecting.code, 1, connecting.stderr)
    assert.include(connecting.stderr, "connection refused")
    const unlocked = await run(["connect", "--as", "mira@tansy", ...nobody, "--cert", file])
    assert.strictEqual(unlocked.code, 2)
    assert.include(unlocked.stderr, "needs its passphrase")
  })

  it.skipIf(!hasOpenssl)("CERT-62 a certificate without any XMPP name, of another tool (needs OpenSSL 3)", async () => {
    const directory = temporary()
    const file = join(directory, "bundle.pem")
    const args = [
      "req",
      "-x509",
      "-newkey",
      "ed25519",
      "-nodes",
      "-subj",
      "/CN=mira",
      "-keyout",
      file,
      "-out",
      `${file}.cert`
    ]
    assert.strictEqual(spawnSync("openssl", args).status, 0)
    const made = await run(["identity", "import", file, `${file}.cert`, "--out", join(directory, "out")])
    assert.strictEqual(made.code, 0, made.stderr)
    assert.include(made.stderr, "no XMPP name")
  })
})
