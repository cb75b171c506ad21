/** Everything that must not come in, told to a person: the rule, what was found, and what can be done about it. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { authority } from "./authority.ts"
import { identity, injected, listeningInWords, middleman, run, strip, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

type Listener = Awaited<ReturnType<typeof listeningInWords>>

interface Words {
  readonly rule: RegExp
  readonly found: RegExp
  readonly action: RegExp
}

const assertTold = (stderr: string, { action, found, rule }: Words): void => {
  assert.match(stderr, rule)
  assert.match(stderr, found)
  assert.match(stderr, action)
}

const connect = (caller: ReadonlyArray<string>, port: number) =>
  run(["connect", ...caller, "--host", "127.0.0.1", "--port", String(port), "--timeout", "10"], "hello\n")

/** What the caller is told. */
const assertToldToCaller = async (
  listener: Listener,
  caller: ReadonlyArray<string>,
  words: Words,
  port = listener.port
) => {
  const { code, stderr } = await connect(caller, port)
  assert.strictEqual(code, 3, stderr)
  assertTold(stderr, words)
}

/** What the listener is told. */
const assertToldToListener = async (
  listener: Listener,
  caller: ReadonlyArray<string>,
  words: Words,
  port = listener.port
) => {
  assert.strictEqual((await connect(caller, port)).code, 3)
  await listener.until("not admitted:")
  assertTold(listener.stderr(), words)
}

const mira = (directory: string, ...more: ReadonlyArray<string>) => [
  ...["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
  ...more
]

const oskar = (directory: string, ...more: ReadonlyArray<string>) => [
  ...["--as", "oskar@linden", "--identity", join(directory, "oskar")],
  ...more
]

/** Both with certificates of their own. */
const pair = async () => {
  const directory = temporary()
  const [mirasOwn, oskarsOwn] = await Promise.all([
    identity(join(directory, "mira"), "mira@tansy"),
    identity(join(directory, "oskar"), "oskar@linden")
  ])
  return { directory, mirasOwn, oskarsOwn }
}

const issuedCaller = (directory: string, name: string, ca: string) => [
  ...["--as", "mira@tansy.example", "--to", "oskar@linden.example"],
  ...["--identity", join(directory, name), "--trust-ca", ca]
]

const issuedListener = (directory: string, name: string, ca: string) => [
  ...["--as", "oskar@linden.example", "--identity", join(directory, name), "--trust-ca", ca]
]

const selfSigned = (address: string): Words => ({
  rule: /Refused: selfSigned, by CERT-82/,
  found: /signed by its own key, so it proves nothing/,
  action: new RegExp(`once its owner has confirmed the fingerprint: --trust-pin ${address}=[0-9a-f]{64}`)
})

const expired: Words = { rule: /Refused: expired, by CERT-30/, found: /expired at 1970-/, action: /has to be renewed/ }

const tlsRefused: Words = { rule: /\[TLS-11\]/, found: /will not turn to TLS/, action: /Let the peer allow TLS/ }

const handshakeFailed: Words = { rule: /\[TLS-22\]/, found: /TLS handshake failed/, action: /Check that both sides/ }

describe("refusals in words", () => {
  it("TLS-21 CERT-82 an unknown self-signed certificate, told to the initiator", async () => {
    const { directory, mirasOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn))
    await assertToldToCaller(listener, mira(directory), selfSigned("oskar@linden"))
  })

  it("TLS-21 CERT-82 an unknown self-signed certificate, told to the recipient", async () => {
    const { directory, oskarsOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-ca", (await authority(directory)).file))
    await assertToldToListener(listener, mira(directory, "--trust-pin", oskarsOwn), selfSigned("mira@tansy"))
    assert.match(listener.stderr(), /✗ It ends at an authority that is trusted here.*\[CERT-82\]/)
  })

  it("CERT-70 the right authority, another address, told to the initiator", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("mira", "mira@tansy.example")
    await ca.issue("rita", "rita@linden.example")
    const listener = await listeningInWords(issuedListener(directory, "rita", ca.file))
    await assertToldToCaller(listener, issuedCaller(directory, "mira", ca.file), {
      rule: /Refused: identityMismatch, by CERT-70/,
      found: /it is for rita@linden\.example and not for oskar@linden\.example/,
      action: /have one issued that holds this name/
    })
  })

  it("HDR-31 the right authority, another address, told to the recipient", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("oskar", "oskar@linden.example")
    await ca.issue("rita", "rita@tansy.example")
    const listener = await listeningInWords(issuedListener(directory, "oskar", ca.file))
    await assertToldToListener(listener, issuedCaller(directory, "rita", ca.file), {
      rule: /\[HDR-31\]/,
      found: /names an address that it may not use/,
      action: /Compare the address asked for with those in the peer's certificate/
    })
  })

  it("CERT-42 an expired certificate, told on either side", async () => {
    const directory = temporary()
    const ca = await authority(directory)
    await ca.issue("mira", "mira@tansy.example")
    await ca.issue("oskar", "oskar@linden.example")
    await ca.issue("old-mira", "mira@tansy.example", true)
    await ca.issue("old-oskar", "oskar@linden.example", true)
    const old = await listeningInWords(issuedListener(directory, "old-oskar", ca.file))
    await assertToldToCaller(old, issuedCaller(directory, "mira", ca.file), expired)
    const valid = await listeningInWords(issuedListener(directory, "oskar", ca.file))
    await assertToldToListener(valid, issuedCaller(directory, "old-mira", ca.file), expired)
  })

  it("SASL-40 no certificate shown", async () => {
    const { directory, oskarsOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-ca", (await authority(directory)).file))
    const nobody = ["--as", "mira@tansy", "--to", "oskar@linden", "--trust-pin", oskarsOwn]
    await assertToldToListener(listener, nobody, {
      rule: /\[SASL-40\]/,
      found: /noCertificate, by CERT-102.*\nThe peer showed no certificate/,
      action: /The peer makes one with: xmpp-e2e identity create/
    })
  })

  it("SASL-21 EXTERNAL for an address that is not in the certificate", async () => {
    const { directory, mirasOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn))
    const peer = await Raw.secured(listener.port, "oskar@linden", {
      cert: readFileSync(join(directory, "mira", "cert.pem")),
      key: readFileSync(join(directory, "mira", "key.pem"))
    })
    peer.write(Raw.header("oskar@linden"))
    await peer.until("<mechanism>EXTERNAL</mechanism>")
    const stranger = Buffer.from("rita@tansy").toString("base64")
    const auth = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>${stranger}</auth>`
    for (let tries = 1; tries <= 3; tries++) {
      peer.write(auth)
      await peer.until("<invalid-authzid/>", tries)
    }
    peer.write(auth)
    await peer.until("</stream:stream>")
    peer.end("</stream:stream>")
    await listener.until("not admitted:")
    assertTold(listener.stderr(), {
      rule: /\[SASL-39\]/,
      found: /tried to authenticate too often/,
      action: /Its certificate holds none of the addresses that it claims/
    })
  })

  it("TLS-06 STARTTLS stripped from the features, and refused by who did it", async () => {
    const { directory, mirasOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn))
    const port = await middleman(listener.port, {
      toInitiator: strip,
      toRecipient: (bytes, { back, peer }) =>
        bytes.includes("<starttls")
          ? void back.end("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
          : void peer.write(bytes)
    })
    await assertToldToCaller(listener, mira(directory), tlsRefused, port)
  })

  it("TLS-10 STARTTLS stripped and nothing else: one line says who the peer is and by which model", async () => {
    const { directory, mirasOwn, oskarsOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn, "--echo"))
    const port = await middleman(listener.port, { toInitiator: strip })
    const { code, stderr } = await connect(mira(directory, "--trust-pin", oskarsOwn), port)
    assert.strictEqual(code, 0, stderr)
    assert.match(
      stderr,
      /^connected to oskar@linden, verified \(certificate: pinned by CERT-83\), TLSv1\.3: The .* is pinned to oskar@linden$/m
    )
    assert.notInclude(stderr, "✓")
  })

  it("TLS-15 plaintext injected after <starttls/>", async () => {
    const { directory, mirasOwn, oskarsOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn))
    const port = await middleman(listener.port, {
      toRecipient: (bytes, { peer }) =>
        void peer.write(bytes.includes("<starttls") ? Buffer.concat([bytes, injected]) : bytes)
    })
    await assertToldToListener(listener, mira(directory, "--trust-pin", oskarsOwn), handshakeFailed, port)
  })

  it("TLS-15 plaintext injected after <proceed/>", async () => {
    const { directory, mirasOwn, oskarsOwn } = await pair()
    const listener = await listeningInWords(oskar(directory, "--trust-pin", mirasOwn))
    const port = await middleman(listener.port, {
      toInitiator: (bytes, { peer }) =>
        void peer.write(bytes.includes("<proceed") ? Buffer.concat([bytes, injected]) : bytes)
    })
    await assertToldToCaller(listener, mira(directory, "--trust-pin", oskarsOwn), handshakeFailed, port)
  })

  it("TLS-09 TLS refused by a recipient that never uses it", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira@tansy")
    const listener = await listeningInWords(["--as", "oskar@linden", "--tls", "disabled"])
    await assertToldToCaller(listener, mira(directory), tlsRefused)
  })

  it("CERT-77 a certificate that is believed, and names somebody else", async () => {
    const directory = temporary()
    const mirasOwn = await identity(join(directory, "mira"), "mira@tansy")
    const listener = await listeningInWords([
      ...["--as", "oskar@linden", "--identity", join(directory, "mira"), "--trust-pin", mirasOwn]
    ])
    await assertToldToCaller(listener, mira(directory, "--trust-ca", join(directory, "mira", "cert.pem")), {
      rule: /Refused: \w+, by CERT-\d+/,
      found: /The certificate is/,
      action: /--trust-pin oskar@linden=[0-9a-f]{64}/
    })
  })
})
