import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { run, temporary } from "./processes.ts"

describe("demo", () => {
  it("shows the whole conversation and replays it", async () => {
    const file = join(temporary(), "demo.ndjson")
    const { code, stderr, stdout } = await run(["demo", "--record", file])
    assert.strictEqual(code, 0, stderr)
    const inOrder = [
      /^I: <\?xml version='1.0'\?><stream:stream .*from='romeo@forza'.*>$/m,
      /^R: <\?xml version='1.0'\?><stream:stream .*from='juliet@pronto' id='[\w-]{22,}'.*<\/stream:features>|^R: .*<stream:features>/m,
      /^I: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/m,
      /^R: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/m,
      /verdict on the peer: pinned by CERT-\d+/,
      /^I: <auth .*mechanism='EXTERNAL'.*>=<\/auth>$/m,
      /^R: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'\/>$/m,
      /^I: <message .*acquaintance.*<\/message>$/m,
      /^R: <message .*Montague.*<\/message>$/m
    ]
    let from = 0
    for (const pattern of inOrder) {
      const found = stdout.slice(from).search(pattern)
      assert.isAtLeast(found, 0, `${pattern} is missing or out of order in:\n${stdout}`)
      from += found
    }
    for (const side of ["I:", "R:"]) assert.include(stdout, `${side} </stream:stream>`)
    assert.lengthOf(stdout.match(/verdict on the peer: pinned/g) ?? [], 2)
    assert.lengthOf(stdout.match(/^replay: matched/gm) ?? [], 2)
    // The recordings are real files that `replay` takes.
    const replayed = await run(["replay", file, `${file}.recipient`])
    assert.strictEqual(replayed.code, 0, replayed.stderr)
    assert.lengthOf(replayed.stdout.match(/matched: /g) ?? [], 2)
    assert.include(readFileSync(file, "utf8").split("\n")[0], "e2e-stream-recording")
  })
})

describe("demo --verdicts", () => {
  it("CERT-83 CERT-85 CERT-88 CERT-104 shows each way of trusting accept and refuse, and says why", async () => {
    const { code, stderr, stdout } = await run(["demo", "--verdicts"])
    assert.strictEqual(code, 0, stderr)
    const inOrder = [
      /^An authority is trusted/m,
      /Accepted: trusted, by CERT-70/,
      /Refused: identityMismatch, by CERT-70/,
      /Refused: expired, by CERT-30/,
      /Refused: selfSigned, by CERT-82/,
      /Refused: noCertificate, by CERT-101/,
      /^A certificate is pinned/m,
      /Accepted: pinned, by CERT-83 \(its fingerprint was confirmed\)/,
      /Refused: pinMismatch, by CERT-85[^]*its key is the same, so it may be a renewal/,
      /^A key is pinned/m,
      /Accepted: pinned, by CERT-83/,
      /Refused: pinMismatch, by CERT-85[^]*its key is another one, too/,
      /^Whoever comes first is remembered/m,
      /Accepted: firstUse, by CERT-88/,
      /Accepted: pinned, by CERT-83 \(known from a first use, not confirmed\)/,
      /Refused: pinMismatch, by CERT-85[^]*xmpp-e2e pins remove juliet@pronto\.example --trust-store DIR/,
      /^A function of the application decides/m,
      /Accepted: trusted, by CERT-104/,
      /Refused: userRejected, by CERT-104/,
      /^An authority and a pin have to agree/m,
      /Accepted: trusted, by CERT-70[^]*✓ Every one of these ways of trusting/,
      /Refused: selfSigned, by CERT-82[^]*✗ Every one of these ways of trusting/
    ]
    let rest = stdout
    for (const pattern of inOrder) {
      const found = pattern.exec(rest)
      assert.isNotNull(found, `${pattern} is missing or out of order in:\n${rest}`)
      rest = rest.slice((found?.index ?? 0) + 1)
    }
  })
})
