/**
 * A recording with TLS and its secrets, as Wireshark sees it: it decrypts what two of ours said, finds nothing wrong with the
 * packets, and without the secrets reads nothing.
 */
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { Pcapng, Recording } from "@xmpp-e2e/recording"
import { E2eStream, Recorder, Stanza } from "@xmpp-e2e/stream"
import { type Connection, Transport } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, temporary } from "./processes.ts"

const present = spawnSync("tshark", ["--version"]).status === 0

const said = "an open secret"

type Version = NonNullable<Connection.StartTls["versionMax"]>

/** TCP on this machine, and no newer TLS than this. */
const network = (versionMax: Version): Layer.Layer<Transport.Transport> => {
  const bounded = (connection: Connection.Connection): Connection.Connection => ({
    ...connection,
    startTls: (options) => connection.startTls({ ...options, versionMax })
  })
  return Layer.effect(
    Transport.Transport,
    Effect.map(Transport.Transport, ({ dial, listen }): Transport.Transport["Service"] => ({
      dial: (to) => Effect.map(dial(to), bounded),
      listen: (options, handler) => listen(options, (connection) => handler(bounded(connection)))
    }))
  ).pipe(Layer.provide(NodeTransport.layer))
}

const identityOf = Effect.fnUntraced(function*(address: string) {
  const made = yield* Identity.create({ address, naming: "jid", algorithm: "p256", days: 1, kind: "self-signed" })
  const certificates = made.kind === "self-signed" ? made.certificatePem : ""
  return yield* Identity.fromPem({ certificates, privateKey: Redacted.value(made.privateKeyPem) })
})

/** What both sides wrote down of a session in which each says something to the other. */
const session = Effect.fnUntraced(
  function*(written: Array<Array<string>>) {
    const [mira, oskar] = yield* Effect.all([identityOf("mira@tansy"), identityOf("oskar@linden")])
    const { at } = yield* E2eStream.listen(
      { from: "oskar@linden", identity: oskar, at: { host: "127.0.0.1", port: 0 } },
      (stream) => Stream.runForEach(stream.stanzas, () => stream.send(Stanza.message({ body: `${said}, returned` })))
    ).pipe(Effect.provide(PeerJudge.layerPinned([mira.fingerprint])))
    const stream = yield* E2eStream.connect({ from: "mira@tansy", to: "oskar@linden", identity: mira, at }).pipe(
      Effect.provide(PeerJudge.layerPinned([oskar.fingerprint]))
    )
    yield* stream.send(Stanza.message({ body: said }))
    assert.isTrue(Option.isSome(yield* stream.receive))
    yield* stream.close
    return written
  },
  (effect, written) =>
    effect.pipe(Effect.scoped, Effect.provide(Recorder.layerMemory(written, { level: "full", tls: true })))
)

/** The captures of both sides. */
const captures = async (version: Version): Promise<ReadonlyArray<string>> => {
  const directory = temporary()
  const written = await Effect.runPromise(session([]).pipe(Effect.provide(network(version))))
  return written.map((lines, side) => {
    const file = join(directory, `${side}.pcapng`)
    writeFileSync(file, Pcapng.encode(Result.getOrThrow(Recording.decode(lines.join("\n"))), Date.UTC(2026, 0, 1)))
    return file
  })
}

const tshark = (file: string, ...args: ReadonlyArray<string>): string => {
  const checked = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
  const { status, stderr, stdout } = spawnSync("tshark", ["-r", file, ...checked, ...args], { encoding: "utf8" })
  assert.strictEqual(status, 0, stderr)
  return stdout
}

/** The capture without its blocks of secrets. */
const sealed = (file: string): string => {
  const bytes = readFileSync(file)
  const blocks: Array<Buffer> = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 10) blocks.push(bytes.subarray(at, at + bytes.readUInt32LE(at + 4)))
  }
  const out = `${file}.sealed`
  writeFileSync(out, Buffer.concat(blocks))
  return out
}

const bodies = (file: string): ReadonlyArray<string> =>
  [...tshark(file, "-Y", "tls && xmpp.message", "-O", "xmpp").matchAll(/value: (an open secret.*)/g)].map(([, text]) =>
    text ?? ""
  )

/** What the server chose: in the extension of TLS 1.3, and in the field that older versions have. */
const versionsOf = (file: string): string =>
  tshark(
    file,
    ...["-Y", "tls.handshake.type == 2", "-T", "fields"],
    ...["-e", "tls.handshake.extensions.supported_version", "-e", "tls.handshake.version"]
  )

/** What is wrong with the packets, the checksums and the order of what TCP carries. */
const complaints = (file: string): ReadonlyArray<string> =>
  tshark(
    file,
    ...["-Y", "_ws.malformed || tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0"],
    ...["-T", "fields", "-e", "_ws.expert.message"]
  ).split("\n").filter((line) => line !== "")

/** To Wireshark every packet is a document, so a stream that ends in another packet than it began in has no beginning. */
const footer = "Closing an unopened tag"

describe("replay --pcapng of a recording with TLS", () => {
  for (const [version, versions] of [["TLSv1.2", "\t0x0303\n"], ["TLSv1.3", "0x0304\t0x0303\n"]] as const) {
    it.skipIf(!present)(
      `TLS-12 of a session over ${version} is read and decrypted by Wireshark (needs tshark)`,
      async () => {
        const files = await captures(version)
        assert.lengthOf(files, 2)
        for (const file of files) {
          assert.deepStrictEqual(bodies(file), [said, `${said}, returned`])
          assert.deepStrictEqual(complaints(file), [footer, footer])
          assert.strictEqual(versionsOf(file), versions)
          // Both show a certificate, and inside TLS 1.3 that is a secret, too.
          assert.lengthOf(tshark(file, "-Y", "tls.handshake.type == 11").trim().split("\n"), 2)
          const closed = sealed(file)
          assert.deepStrictEqual(bodies(closed), [])
          assert.notInclude(tshark(closed, "-V"), said)
        }
        const { status, stdout } = spawnSync("capinfos", files, { encoding: "utf8" })
        assert.strictEqual(status, 0)
        assert.lengthOf(stdout.match(/Number of decryption secrets in file: 1\n/g) ?? [], 2)
      },
      60_000
    )
  }

  it("warns whoever asks for secrets, records them on both sides, and makes a capture that holds them", async () => {
    const directory = temporary()
    const [mira, oskar] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const [here, there] = [join(directory, "here.ndjson"), join(directory, "there.ndjson")]
    const flags = (file: string) => ["--record", file, "--record-level", "full", "--record-tls"]
    const listener = await listening([
      ...["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira, "--once"],
      ...flags(there)
    ], { input: "ignore" })
    const caller = await run([
      ...["connect", "--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(listener.port), ...flags(here)]
    ], `${said}\n`)
    assert.strictEqual(caller.code, 0, caller.stderr)
    assert.strictEqual(await listener.ended, 0, listener.stderr())
    for (const stderr of [caller.stderr, listener.stderr()]) {
      assert.match(stderr, /warning: .*whoever has the file can read everything of the stream/)
    }
    for (const file of [here, there]) {
      const out = `${file}.pcapng`
      const exported = await run(["replay", file, "--pcapng", out])
      assert.strictEqual(exported.code, 0, exported.stderr)
      assert.match(exported.stderr, /TLS with its secrets: whoever has it can read everything/)
      const bytes = readFileSync(out)
      assert.include(bytes.toString("latin1"), "CLIENT_TRAFFIC_SECRET_0 ")
      // What was said is in the recording in full, and in the capture under TLS only.
      assert.include(readFileSync(file, "utf8"), said)
      assert.notInclude(bytes.toString("latin1"), said)
    }
    const replayed = await run(["replay", here, there])
    assert.strictEqual(replayed.code, 0, replayed.stderr + replayed.stdout)
  }, 60_000)
})
