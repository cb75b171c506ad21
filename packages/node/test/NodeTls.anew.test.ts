/** Each handshake brings the peer's certificates anew, and each TLS connection has one handshake. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { execFile, execFileSync } from "node:child_process"
import * as Net from "node:net"
import * as Path from "node:path"
import * as Tls from "node:tls"
import * as Socket from "../src/internal/socket.ts"
import * as TlsFacts from "../src/internal/tls-facts.ts"
import * as NodeTls from "../src/NodeTls.ts"
import { make, show } from "./certificates.ts"
import { temporary } from "./directories.ts"
import { rawPair } from "./sockets.ts"

const romeo = make({ name: "romeo@forza" })
const juliet = make({ name: "juliet@pronto" })
const tybalt = make({ name: "juliet@pronto" })
const versions = ["TLSv1.2", "TLSv1.3"] as const
const nothing = new Uint8Array(0)

describe("NodeTls, each time anew", () => {
  it.live("CERT-103 a client of ours resumes nothing, whatever the server offers", () =>
    Effect.gen(function*() {
      for (const maxVersion of versions) {
        const resuming = yield* resumingServer(maxVersion)
        for (const made of [juliet, juliet, tybalt]) {
          if (made === tybalt) resuming.setSecureContext({ ...pemOf(made), maxVersion })
          const { near, far } = yield* rawPair
          const secured = serve(resuming, near)
          const upgraded = NodeTls.upgrade(
            far,
            { as: "client", unread: nothing, identity: show(romeo).identity },
            "peer"
          )
          const [theirs, { facts }] = yield* Effect.all([secured, upgraded], { concurrency: 2 })
          assert.isFalse(theirs.isSessionReused(), maxVersion)
          assert.strictEqual(facts.protocol, maxVersion)
          assert.deepStrictEqual(hexes(facts.chain), hexes([made.der]), "a certificate was swapped")
        }
      }
    }).pipe(Effect.timeout("5 seconds")))

  it.live("CERT-103 what Node gives of a session that was resumed is refused in either role", () =>
    Effect.gen(function*() {
      for (const version of versions) {
        const { client, server } = yield* resumed(version)
        for (const [as, socket] of [["client", client], ["server", server]] as const) {
          assert.isTrue(socket.isSessionReused(), `${version}: the test shows nothing`)
          // A server sees the certificate as if it had been shown now, and nothing but the flag tells; a client sees none.
          assert.strictEqual(socket.getPeerX509Certificate()?.subject, as === "server" ? "CN=romeo@forza" : undefined)
          const read = TlsFacts.read(socket, as, undefined)
          assert.match(String(Result.isFailure(read) && read.failure), /an older session was resumed/)
        }
      }
    }).pipe(Effect.timeout("5 seconds")))

  it.live(
    "CERT-103 openssl s_client resumes nothing at our server: neither -reconnect nor a saved session",
    ({ skip }) =>
      Effect.gen(function*() {
        if (!hasOpenssl()) skip("openssl is not installed")
        const directory = yield* temporary
        const { chains, port } = yield* ourServer
        const session = Path.join(directory, "session.pem")
        const client = (...options: ReadonlyArray<string>) => openssl(port, options)
        const reconnected = yield* client("-tls1_2", "-reconnect")
        assert.lengthOf(reconnected.match(/^New, TLSv1\.2/gm) ?? [], 6)
        const first = yield* client("-tls1_3", "-sess_out", session)
        const second = yield* client("-tls1_3", "-sess_in", session)
        for (const told of [reconnected, first, second]) {
          assert.match(told, /^New, TLSv1/m)
          assert.notMatch(told, /^Reused/m)
        }
        // Each of them was asked for a certificate, and had none.
        assert.deepStrictEqual(chains, Array.from({ length: 8 }, () => 0))
      }).pipe(Effect.timeout("15 seconds")),
    20_000
  )

  it.live("TLS-27 a server that wants to renegotiate loses its client", () =>
    Effect.gen(function*() {
      const { near, far } = yield* rawPair
      const server = yield* resumingServer("TLSv1.2")
      const connection = Socket.make(far, { host: "peer", port: 0 })
      const [theirs, facts] = yield* Effect.all([
        serve(server, near),
        connection.startTls({ as: "client", unread: nothing, identity: show(romeo).identity })
      ], { concurrency: 2 })
      assert.deepStrictEqual(hexes(facts.chain), hexes([juliet.der]))
      theirs.renegotiate({}, ignore)
      theirs.resume()
      assert.strictEqual((yield* Effect.flip(connection.read))._tag, "TransportError")
      assert.strictEqual((yield* Effect.flip(connection.write(Uint8Array.of(1)))).op, "write")
    }).pipe(Effect.timeout("5 seconds")))
})

/** Not ours: it keeps sessions and gives tickets. */
const resumingServer = (maxVersion: "TLSv1.2" | "TLSv1.3"): Effect.Effect<Tls.Server> =>
  Effect.sync(() =>
    Tls.createServer({ ...pemOf(juliet), maxVersion, requestCert: true, rejectUnauthorized: false }).on(
      "tlsClientError",
      ignore
    )
  )

const serve = (server: Tls.Server, raw: Net.Socket): Effect.Effect<Tls.TLSSocket> =>
  Effect.callback((resume) => {
    server.once("secureConnection", (socket) => resume(Effect.succeed(socket.on("error", ignore))))
    server.emit("connection", raw)
  })

/** The two ends of a TLS connection that resumes the one before, without any of our code. */
const resumed = Effect.fnUntraced(function*(
  version: "TLSv1.2" | "TLSv1.3"
): Effect.fn.Return<{ readonly client: Tls.TLSSocket; readonly server: Tls.TLSSocket }, never, Scope.Scope> {
  const server = yield* resumingServer(version)
  let session: Buffer | undefined
  const meet = Effect.gen(function*() {
    const { near, far } = yield* rawPair
    const client = Tls.connect({
      socket: near,
      ...pemOf(romeo),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(session === undefined ? {} : { session })
    }).on("error", ignore).on("session", (fresh) => {
      session = fresh
    })
    const theirs = yield* serve(server, far)
    theirs.write("x")
    yield* Effect.callback<void>((resume) => void client.once("data", () => resume(Effect.void)))
    // The tickets of TLS 1.3 come with an event, before or after the data; of TLS 1.2 it depends on Node.
    for (let tries = 0; session === undefined && tries < 20; tries++) yield* Effect.sleep("5 millis")
    session ??= client.getSession()
    return { client, server: theirs }
  })
  yield* meet
  assert.isDefined(session)
  return yield* meet
})

/** Listens on loopback; counts the certificates of each client. */
const ourServer = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly chains: ReadonlyArray<number>; readonly server: Net.Server }>(
    (resume) => {
      const chains: Array<number> = []
      const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (raw) => {
        raw.on("error", ignore)
        const options = { as: "server", unread: nothing, identity: show(juliet).identity } as const
        Effect.runFork(Effect.map(NodeTls.upgrade(raw, options, "peer"), ({ facts, socket }) => {
          chains.push(facts.chain.length)
          socket.end("x")
          socket.resume()
        }))
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        if (typeof address === "object" && address !== null) {
          resume(Effect.succeed({ port: address.port, chains, server }))
        }
      })
    }
  ),
  ({ server }) => Effect.sync(() => server.close())
)

const openssl = (port: number, options: ReadonlyArray<string>): Effect.Effect<string> =>
  Effect.callback((resume) => {
    const child = execFile(
      "openssl",
      ["s_client", "-connect", `127.0.0.1:${port}`, "-ign_eof", ...options],
      (_, stdout) => resume(Effect.succeed(stdout))
    )
    child.stdin?.end()
  })

const hasOpenssl = (): boolean => {
  try {
    execFileSync("openssl", ["version"])
    return true
  } catch {
    return false
  }
}

const hexes = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  chain.map((der) => Buffer.from(der).toString("hex"))
const pemOf = (made: ReturnType<typeof make>) => ({ cert: made.pem, key: made.keyPem })
const ignore = (): void => {}
