import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, run, temporary } from "./processes.ts"

describe("usage", () => {
  it("explains itself on standard output", async () => {
    const help = await run(["--help"])
    assert.strictEqual(help.code, 0)
    for (const command of ["demo", "identity", "listen", "connect", "replay"]) assert.include(help.stdout, command)
    assert.strictEqual(help.stderr, "")
    assert.strictEqual((await run(["connect", "--help"])).code, 0)
    assert.match((await run(["--version"])).stdout, /\d+\.\d+\.\d+/)
  })

  const wrong: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
    ["an unknown command", ["bogus"], /bogus/],
    ["a missing flag", ["connect", "--as", "mira@tansy"], /--to/],
    ["a port that is none", ["listen", "--as", "a@b", "--port", "70000"], /port/],
    [
      "an address that is none",
      ["connect", "--as", "@@", "--to", "b@c", "--host", "127.0.0.1", "--port", "1"],
      /"@@" is not an address/
    ],
    ["a key without a certificate", ["listen", "--as", "a@b", "--port", "0", "--key", "x"], /--cert and --key/],
    ["an identity that is not there", ["listen", "--as", "a@b", "--port", "0", "--identity", "/nowhere"], /nowhere/],
    ["a pin that is no SHA-256", [
      "connect",
      "--as",
      "a@b",
      "--to",
      "b@c",
      "--host",
      "127.0.0.1",
      "--port",
      "1",
      "--trust-pin",
      "abc"
    ], /SHA-256|fingerprint/],
    ["an authority that is not there", [
      "connect",
      "--as",
      "a@b",
      "--to",
      "b@c",
      "--host",
      "127.0.0.1",
      "--port",
      "1",
      "--trust-ca",
      "/nowhere"
    ], /nowhere/],
    ["legacy peers where TLS is required", [
      "connect",
      "--as",
      "a@b",
      "--to",
      "b@c",
      "--host",
      "127.0.0.1",
      "--port",
      "1",
      "--legacy",
      "accept"
    ], /legacy/],
    ["a recording that is none", ["replay", "/dev/null"], /not a recording/]
  ]
  for (const [what, args, sentence] of wrong) {
    it(`refuses ${what} with exit code 2 and a sentence`, async () => {
      const { code, stderr, stdout } = await run(args)
      assert.strictEqual(code, 2, stderr)
      assert.match(stderr, sentence)
      assert.strictEqual(stdout, "")
      assert.notMatch(stderr, /at .*\.ts:\d+/)
    })
  }

  it("exits 1 when nobody listens, and says so in the last line of --json", async () => {
    const { code, stderr, stdout } = await run([
      "connect",
      "--as",
      "a@b",
      "--to",
      "b@c",
      "--host",
      "127.0.0.1",
      "--port",
      "1",
      "--tls",
      "disabled",
      "--json"
    ])
    assert.strictEqual(code, 1, stderr)
    assert.include(stderr, "connection refused")
    assert.strictEqual(JSON.parse(stdout.trim().split("\n").at(-1) ?? "").notice.reason.cause, "transportLost")
  })
})

describe("identity", () => {
  it("E2E-13 CERT-81 creates and explains, for people and for programs", async () => {
    const directory = join(temporary(), "mira")
    const made = await run(["identity", "create", "--address", "mira@tansy", "--out", directory])
    assert.strictEqual(made.code, 0, made.stderr)
    assert.match(made.stdout, /address +mira@tansy/)
    const again = await run(["identity", "create", "--address", "mira@tansy", "--out", directory])
    assert.strictEqual(again.code, 2)
    assert.match(again.stderr, /exists/)
    const shown = await run(["identity", "show", join(directory, "cert.pem"), "--json"])
    const explained = JSON.parse(shown.stdout)
    assert.deepStrictEqual(explained.addresses, ["mira@tansy"])
    assert.deepStrictEqual(explained.purposes, ["as a TLS server", "as a TLS client", "for XMPP"])
    assert.match(explained.sha256, /^[0-9a-f]{64}$/)
  })

  it("makes services, requests and every kind of key", async () => {
    const directory = temporary()
    for (const algorithm of ["ed25519", "p256", "rsa2048"]) {
      assert.match(
        await identity(join(directory, algorithm), "pumps.example", "--algorithm", algorithm),
        /^[0-9a-f]{64}$/
      )
    }
    const shown = await run(["identity", "show", join(directory, "p256", "cert.pem")])
    assert.include(shown.stdout, "_xmpp-server.pumps.example")
    const request = await run([
      "identity",
      "create",
      "--address",
      "mira@tansy",
      "--kind",
      "request",
      "--out",
      join(directory, "request")
    ])
    assert.strictEqual(request.code, 0, request.stderr)
    assert.include(request.stdout, "request.pem")
  })

  it("CERT-80 refuses a key that others can read, and says how to mend it", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira@tansy")
    const { chmodSync } = await import("node:fs")
    chmodSync(join(directory, "mira", "key.pem"), 0o644)
    const { code, stderr } = await run([
      "listen",
      "--as",
      "mira@tansy",
      "--identity",
      join(directory, "mira"),
      "--port",
      "0"
    ])
    assert.strictEqual(code, 2)
    assert.match(stderr, /chmod 600/)
  })
})
