import { Recording } from "@xmpp-e2e/recording"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { run, temporary } from "./processes.ts"

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../recording/corpus/sessions/${name}.ndjson`, import.meta.url))

const session = corpus("secure-session.initiator")
const keylog = `CLIENT_RANDOM ${"0a".repeat(32)} ${"ff".repeat(48)}`

describe("replay --mermaid", () => {
  it("writes a sequence diagram and nothing else", async () => {
    const { code, stderr, stdout } = await run(["replay", "--mermaid", session])
    assert.strictEqual(code, 0, stderr)
    assert.match(stdout, /^sequenceDiagram\n {2}participant us as romeo@forza \(initiator\)\n/)
    assert.include(stdout, "  peer->>us: #60;proceed/#62;")
    assert.notInclude(stdout, "acquaintance")
  })
})

describe("replay --junit", () => {
  it("reports a set of replays", async () => {
    const directory = temporary()
    const report = join(directory, "report.xml")
    const bent = join(directory, "bent.ndjson")
    writeFileSync(bent, readFileSync(session, "utf8").replaceAll("\"SendFooter\"", "\"SendWhitespace\""))
    const spoilt = join(directory, "<spoilt>.ndjson")
    writeFileSync(spoilt, "]]>")
    const { code, stderr } = await run(["replay", session, bent, spoilt, "--junit", report])
    assert.strictEqual(code, 1, stderr)
    const written = readFileSync(report, "utf8")
    assert.match(written, /<testsuites name="xmpp-e2e replay" tests="3" failures="1" errors="1" time="\d+\.\d{3}">/)
    assert.match(written, /<failure type="Diverged" message="diverged at \d+/)
    assert.match(written, /&#60;spoilt&#62;\.ndjson: not a recording/)
    const nowhere = await run(["replay", session, "--junit", join(directory, "missing", "report.xml")])
    assert.strictEqual(nowhere.code, 2)
    assert.match(nowhere.stderr, /report\.xml/)
  })
})

describe("replay --pcapng", () => {
  it("writes the bytes of the wire for its owner only, and overwrites nothing", async () => {
    const directory = temporary()
    const wired = join(directory, "wired.ndjson")
    const [head, ...lines] = readFileSync(session, "utf8").split("\n")
    const bytes = Buffer.from("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    const wire = JSON.stringify({ wire: "out", at: 12, bytes: bytes.toString("base64") })
    writeFileSync(wired, [head, wire, ...lines].join("\n"))
    const out = join(directory, "wire.pcapng")
    const { code, stderr } = await run(["replay", wired, "--pcapng", out])
    assert.strictEqual(code, 0, stderr)
    // A handshake, the bytes, and both ends.
    assert.match(stderr, /7 frames, with made-up addresses/)
    const written = readFileSync(out)
    assert.strictEqual(written.readUInt32LE(0), 0x0a0d0d0a)
    assert.isTrue(written.includes(bytes))
    assert.strictEqual(statSync(out).mode & 0o777, 0o600)
    const again = await run(["replay", wired, "--pcapng", out])
    assert.strictEqual(again.code, 2)
    assert.deepStrictEqual(readFileSync(out), written)
  })

  it("of TLS says whether its secrets are there, and of a torn recording that it is torn", async () => {
    const directory = temporary()
    const lines = [Recording.makeTls("out", 12, Uint8Array.of(22, 3, 1)), { keylog, at: 13 }].map(Recording.line)
    const [head = "", ...steps] = readFileSync(session, "utf8").split("\n")
    for (
      const [name, more, content] of [["sealed", 1, /without its secrets/], ["open", 2, /with its secrets/]] as const
    ) {
      const recording = join(directory, `${name}.ndjson`)
      writeFileSync(recording, [head, ...lines.slice(0, more), ...steps].join("\n").slice(0, -20))
      const out = join(directory, `${name}.pcapng`)
      const { code, stderr } = await run(["replay", recording, "--pcapng", out])
      assert.strictEqual(code, 0, stderr)
      assert.match(stderr, /the last, is incomplete; the rest was read/)
      assert.match(stderr, content)
      assert.strictEqual(readFileSync(out, "latin1").includes(`${keylog}\n`), name === "open")
    }
  })

  it("says so when a recording holds none, and leaves no file", async () => {
    const out = join(temporary(), "wire.pcapng")
    const { code, stderr } = await run(["replay", session, "--pcapng", out])
    assert.strictEqual(code, 2)
    assert.match(stderr, /holds no bytes of the wire, .*--record-wire and --record-tls/)
    assert.isFalse(existsSync(out))
  })
})

describe("replay", () => {
  it.each<readonly [string, ReadonlyArray<string>, RegExp]>([
    ["two ways at once", [session, "--mermaid", "--diff", session], /--diff and --mermaid exclude each other/],
    ["two recordings in one diagram", [session, session, "--mermaid"], /--mermaid takes one recording/]
  ])("refuses %s", async (_, args, sentence) => {
    const { code, stderr } = await run(["replay", ...args])
    assert.strictEqual(code, 2)
    assert.match(stderr, sentence)
  })
})
