/** Everything that must not come in: exit code 3, a reason that names its rule, nothing delivered, the right XML told. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { authority } from "./authority.ts"
import { identity, injected, listening, middleman, run, strip, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

const secret = "a secret nobody may read"

const lastNotice = (lines: ReadonlyArray<string>) => JSON.parse(lines.at(-1) ?? "{}").notice

/** Runs a caller that must be refused, and checks what must hold in every case. */
const refused = async (
  listener: Awaited<ReturnType<typeof listening>>,
  caller: ReadonlyArray<string>,
  port = listener.port
) => {
  const { code, stderr, stdout } = await run(
    ["connect", ...caller, "--json", "--host", "127.0.0.1", "--port", String(port), "--timeout", "10"],
    `{"stanza":"<message><body>${secret}</body></message>"}\n`
  )
  assert.strictEqual(code, 3, `${stdout}\n${stderr}`)
  assert.notInclude(listener.stdout(), secret)
  const { reason } = lastNotice(stdout.trim().split("\n"))
  assert.match(stderr, new RegExp(`\\[${reason.rule}\\]`), "the printed reason names its rule")
  return { reason, stderr }
}

const oskarListens = async (directory: string, ...more: ReadonlyArray<string>) => {
  const sha256 = await identity(join(directory, "oskar"), "oskar@linden")
  const listener = await listening(["--as", "oskar@linden", "--identity", join(directory, "oskar"), ...more], {
    input: "ignore"
  })
  return { listener, sha256 }
}

const mira = (
  directory: string
) => ["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")]

describe("refusals", () => {
  it("TLS-21 CERT-82 an unknown self-signed certificate, seen by the initiator", async () => {
    const directory = temporary()
    const sha256 = await identity(join(directory, "mira"), "mira@tansy")
    const { listener } = await oskarListens(directory, "--trust-pin", sha256)
    const { reason } = await refused(listener, mira(directory))
    assert.strictEqual(reason.cause, "certificate")
  })

  it("TLS-21 CERT-82 an unknown self-signed certificate, seen by the recipient", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira@tansy")
    const { listener, sha256 } = await oskarListens(directory, "--trust-ca", (await authority(directory)).file)
    const { reason } = await refused(listener, [...mira(directory), "--trust-pin", sha256])
    assert.include(["refusedByPeer", "tlsFailed"], reason.cause)
    assert.strictEqual(lastNotice(listener.lines()).reason.cause, "certificate")
    assert.strictEqual(lastNotice(listener.lines()).reason.rule, "CERT-82")
  })

  it("CERT-70 the right authority, another address: seen by the initiator", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("mira", "mira@tansy.example")
    await ca.issue("rita", "rita@linden.example")
    const listener = await listening([
      "--as",
      "oskar@linden.example",
      "--identity",
      join(directory, "rita"),
      "--trust-ca",
      ca.file
    ])
    const { reason } = await refused(listener, [
      ...["--as", "mira@tansy.example", "--to", "oskar@linden.example"],
      ...["--identity", join(directory, "mira"), "--trust-ca", ca.file]
    ])
    assert.strictEqual(reason.cause, "certificate")
    assert.include(reason.detail, "rita@linden.example")
  })

  it("HDR-31 the right authority, another address: seen by the recipient, who says invalid-from", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("oskar", "oskar@linden.example")
    await ca.issue("rita", "rita@tansy.example")
    const listener = await listening([
      "--as",
      "oskar@linden.example",
      "--identity",
      join(directory, "oskar"),
      "--trust-ca",
      ca.file
    ])
    const { reason } = await refused(listener, [
      ...["--as", "mira@tansy.example", "--to", "oskar@linden.example"],
      ...["--identity", join(directory, "rita"), "--trust-ca", ca.file]
    ])
    assert.deepInclude(reason, { cause: "reported", condition: "invalid-from" })
    assert.deepInclude(lastNotice(listener.lines()).reason, { cause: "identity", rule: "HDR-31" })
  })

  it("CERT-42 an expired certificate, on either side", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("mira", "mira@tansy.example")
    await ca.issue("oskar", "oskar@linden.example")
    await ca.issue("old-mira", "mira@tansy.example", true)
    await ca.issue("old-oskar", "oskar@linden.example", true)
    const caller = (name: string) => [
      ...["--as", "mira@tansy.example", "--to", "oskar@linden.example"],
      ...["--identity", join(directory, name), "--trust-ca", ca.file]
    ]
    const old = await listening([
      "--as",
      "oskar@linden.example",
      "--identity",
      join(directory, "old-oskar"),
      "--trust-ca",
      ca.file
    ])
    const seen = await refused(old, caller("mira"))
    assert.match(seen.reason.detail, /expired/)
    const valid = await listening([
      "--as",
      "oskar@linden.example",
      "--identity",
      join(directory, "oskar"),
      "--trust-ca",
      ca.file
    ])
    await refused(valid, caller("old-mira"))
    assert.match(lastNotice(valid.lines()).reason.detail, /expired/)
  })

  it("SASL-40 no certificate shown: policy-violation after the header", async () => {
    const directory = temporary()
    const { listener, sha256 } = await oskarListens(directory, "--trust-ca", (await authority(directory)).file)
    const { reason } = await refused(listener, ["--as", "mira@tansy", "--to", "oskar@linden", "--trust-pin", sha256])
    assert.deepInclude(reason, { cause: "reported", condition: "policy-violation" })
    assert.deepInclude(lastNotice(listener.lines()).reason, { cause: "authenticationRequired", rule: "SASL-40" })
  })

  it("SASL-21 EXTERNAL for an address that is not in the certificate: invalid-authzid, then too many tries", async () => {
    const directory = temporary()
    const sha256 = await identity(join(directory, "mira"), "mira@tansy")
    const { listener } = await oskarListens(directory, "--trust-pin", sha256, "--once")
    const peer = await Raw.secured(listener.port, "oskar@linden", {
      cert: readFileSync(join(directory, "mira", "cert.pem")),
      key: readFileSync(join(directory, "mira", "key.pem"))
    })
    peer.write(Raw.header("oskar@linden"))
    await peer.until("<mechanism>EXTERNAL</mechanism>")
    const stranger = Buffer.from("rita@tansy").toString("base64")
    for (let tries = 1; tries <= 3; tries++) {
      peer.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>${stranger}</auth>`)
      await peer.until("<invalid-authzid/>", tries)
    }
    peer.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>${stranger}</auth>`)
    await peer.until("<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
    peer.end("</stream:stream>")
    assert.strictEqual(await listener.ended, 3)
    assert.deepInclude(lastNotice(listener.lines()).reason, { cause: "tooManyTries", rule: "SASL-39" })
    assert.match(listener.stderr(), /\[SASL-39\]/)
  })

  it("TLS-06 STARTTLS stripped from the features, and asked for all the same: the middle man has to say no", async () => {
    const directory = temporary()
    const sha256 = await identity(join(directory, "mira"), "mira@tansy")
    const { listener } = await oskarListens(directory, "--trust-pin", sha256)
    const port = await middleman(listener.port, {
      toInitiator: strip,
      toRecipient: (bytes, { back, peer }) =>
        bytes.includes("<starttls")
          ? void back.end("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
          : void peer.write(bytes)
    })
    const { reason } = await refused(listener, mira(directory), port)
    assert.deepInclude(reason, { cause: "tlsRefused", rule: "TLS-11" })
  })

  it("TLS-06 TLS-10 STARTTLS stripped by a middle man who does nothing else: the stream is secured all the same", async () => {
    const directory = temporary()
    const mirasOwn = await identity(join(directory, "mira"), "mira@tansy")
    const { listener, sha256 } = await oskarListens(directory, "--trust-pin", mirasOwn, "--echo")
    const port = await middleman(listener.port, { toInitiator: strip })
    const { code, stderr, stdout } = await run(
      ["connect", ...mira(directory), "--trust-pin", sha256, "--host", "127.0.0.1", "--port", String(port)],
      "hello\n"
    )
    assert.strictEqual(code, 0, stderr)
    assert.strictEqual(stdout, "hello\n")
    assert.include(stderr, "verified (certificate: pinned")
  })

  it("TLS-15 plaintext injected after <starttls/>: it meets the TLS engine, never the parser", async () => {
    const directory = temporary()
    const mirasOwn = await identity(join(directory, "mira"), "mira@tansy")
    const { listener, sha256 } = await oskarListens(directory, "--trust-pin", mirasOwn)
    const port = await middleman(listener.port, {
      toRecipient: (bytes, { peer }) =>
        void peer.write(bytes.includes("<starttls") ? Buffer.concat([bytes, injected]) : bytes)
    })
    const { reason } = await refused(listener, [...mira(directory), "--trust-pin", sha256], port)
    assert.include(["tlsFailed", "refusedByPeer"], reason.cause)
    assert.deepInclude(lastNotice(listener.lines()).reason, { cause: "tlsFailed", rule: "TLS-22" })
    assert.notInclude(listener.stdout(), "injected")
  })

  it("TLS-15 plaintext injected after <proceed/>", async () => {
    const directory = temporary()
    const mirasOwn = await identity(join(directory, "mira"), "mira@tansy")
    const { listener, sha256 } = await oskarListens(directory, "--trust-pin", mirasOwn)
    const port = await middleman(listener.port, {
      toInitiator: (bytes, { peer }) =>
        void peer.write(bytes.includes("<proceed") ? Buffer.concat([bytes, injected]) : bytes)
    })
    const { reason } = await refused(listener, [...mira(directory), "--trust-pin", sha256], port)
    assert.deepInclude(reason, { cause: "tlsFailed", rule: "TLS-22" })
  })

  it("TLS-09 TLS refused by a recipient that never uses it", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira@tansy")
    const listener = await listening(["--as", "oskar@linden", "--tls", "disabled"], { input: "ignore" })
    const { reason } = await refused(listener, mira(directory))
    assert.deepInclude(reason, { cause: "tlsRefused", rule: "TLS-11" })
    await listener.until("\"Ended\"")
    assert.strictEqual(lastNotice(listener.lines()).reason.cause, "tlsRefused")
  })

  it("CERT-77 a certificate that is believed, and names somebody else", async () => {
    const directory = temporary()
    const sha256 = await identity(join(directory, "mira"), "mira@tansy")
    const listener = await listening([
      "--as",
      "oskar@linden",
      "--cert",
      join(directory, "mira", "cert.pem"),
      "--key",
      join(directory, "mira", "key.pem"),
      "--trust-pin",
      sha256
    ])
    const { reason } = await refused(listener, [
      "--as",
      "mira@tansy",
      "--to",
      "oskar@linden",
      "--trust-ca",
      join(directory, "mira", "cert.pem"),
      "--identity",
      join(directory, "mira")
    ])
    assert.strictEqual(reason.cause, "certificate")
  })
})
