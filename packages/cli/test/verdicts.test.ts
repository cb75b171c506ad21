/** Verdicts on a live stream: who gets to read why, and who does not. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { authority } from "./authority.ts"
import { identity, listening, run, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

interface Claim {
  readonly claim: string
  readonly found?: string
  readonly reasons: ReadonlyArray<Claim>
}

/** Every sentence of a proof. */
const sentences = ({ claim, found, reasons }: Claim): ReadonlyArray<string> => [
  claim,
  ...found === undefined ? [] : [found],
  ...reasons.flatMap(sentences)
]

const notices = (lines: ReadonlyArray<string>) => lines.map((line) => JSON.parse(line).notice)
const judged = (lines: ReadonlyArray<string>) => notices(lines).find((notice) => notice?._tag === "PeerJudged")

const credentials = (directory: string, name: string) => ({
  cert: readFileSync(join(directory, name, "cert.pem")),
  key: readFileSync(join(directory, name, "key.pem"))
})

describe("verdicts", () => {
  it("CERT-104 the whole proof is told when it is asked for, of those who are accepted, too", async () => {
    const directory = temporary()
    const [mira, oskar] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const record = join(directory, "oskar.ndjson")
    const listener = await listening(
      [
        ...["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", `mira@tansy=${mira}`],
        ...["--echo", "--record", record, "--record-level", "full"]
      ],
      { input: "ignore" }
    )
    const { code, stderr } = await run([
      ...["connect", "--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--explain", "--host", "127.0.0.1", "--port", String(listener.port)]
    ], "hello\n")
    assert.strictEqual(code, 0, stderr)
    assert.match(stderr, /^Accepted: pinned, by CERT-83/m)
    assert.match(stderr, /✓ The certificate is the one pinned to oskar@linden.*\[CERT-83\]/)

    await listener.until("\"Ended\"")
    const { proof, role, verdict } = judged(listener.lines())
    assert.deepStrictEqual({ role, holds: proof.holds, code: verdict.code }, {
      role: "recipient",
      holds: true,
      code: "pinned"
    })
    const head = JSON.parse(readFileSync(record, "utf8").split("\n")[0] ?? "")
    assert.deepStrictEqual(head.trust.combination.AnyOf[0].Pin.pins, [{ address: "mira@tansy", certificate: mira }])
    const described = await run(["replay", "--describe", record])
    assert.strictEqual(described.code, 0, described.stderr)
    assert.include(described.stdout, "believes any of Pin")
  })

  it("CERT-104 what a stranger is sent says nothing of why", async () => {
    const directory = temporary()
    await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const ca = await authority(directory)
    const record = join(directory, "oskar.ndjson")
    const listener = await listening(
      [
        ...["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-ca", ca.file],
        ...["--record", record, "--record-level", "full", "--explain"]
      ],
      { input: "ignore" }
    )
    // One is refused in TLS, the other may go on until the stream says that it is not known.
    const refused = await Raw.secured(listener.port, "oskar@linden", credentials(directory, "mira"))
    refused.write(Raw.header("oskar@linden"))
    await refused.closed
    const nobody = await Raw.secured(listener.port, "oskar@linden")
    nobody.write(Raw.header("oskar@linden"))
    await nobody.until("</stream:stream>")
    nobody.end("</stream:stream>")
    await listener.until("SASL-40")

    const told = notices(listener.lines()).filter((notice) => notice._tag === "PeerJudged")
    assert.deepStrictEqual(told.map(({ verdict }) => verdict.code), ["selfSigned", "noCertificate"])
    const secrets = told.flatMap(({ proof, verdict }) => [verdict.because, verdict.rule, ...sentences(proof)])
    assert.isAbove(secrets.length, 10)
    const sent = [record, record.replace(".ndjson", ".2.ndjson")].flatMap((file) =>
      readFileSync(file, "utf8").trim().split("\n").slice(1).flatMap((line) => JSON.parse(line).actions).filter(
        ({ _tag }: { readonly _tag: string }) => _tag.startsWith("Send")
      )
    )
    assert.isAbove(sent.length, 2)
    const wire = refused.heard() + nobody.heard() + JSON.stringify(sent)
    for (const secret of secrets) assert.notInclude(wire, secret)
    assert.notInclude(wire, "Harbour")
  })
})
