/** TLS with a listener between it and the socket: all is as without one, and nothing goes by unheard. */
import { assert, describe, it } from "@effect/vitest"
import { type Connection, Transport } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Net from "node:net"
import { contract } from "../../transport/test/contract.ts"
import { bytes, connect, nothing, pattern, readText, soon, startBoth } from "../../transport/test/contract/fixture.ts"
import * as Socket from "../src/internal/socket.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { make, show, three } from "./certificates.ts"
import { rawPair, relay } from "./sockets.ts"

const [leaf, middle, root] = three("juliet@pronto")
const identities = {
  initiator: show(make({ name: "romeo@forza" })),
  recipient: show(make({ name: "juliet@pronto", algorithm: "ed25519" })),
  chained: show(leaf, middle, root)
}

interface Notes extends Connection.TlsObserver {
  readonly heard: { readonly in: Array<Uint8Array>; readonly out: Array<Uint8Array> }
  readonly secrets: Array<string>
}

const taking = (): Notes => {
  const heard: Notes["heard"] = { in: [], out: [] }
  const secrets: Array<string> = []
  return {
    heard,
    secrets,
    record: (direction, chunk) => heard[direction].push(Uint8Array.from(chunk)),
    keyLog: (line) => secrets.push(line)
  }
}

const observed = (connection: Connection.Connection): Connection.Connection => ({
  ...connection,
  startTls: (options) => connection.startTls({ observer: taking(), ...options })
})

const layer = Layer.effect(
  Transport.Transport,
  Effect.map(Transport.Transport, ({ dial, listen }): Transport.Transport["Service"] => ({
    dial: (to) => Effect.map(dial(to), observed),
    listen: (options, handler) => listen(options, (connection) => handler(observed(connection)))
  }))
).pipe(Layer.provide(NodeTransport.layer))

contract("TCP and node:tls with an observer", layer, identities)

describe("an observer of TLS", () => {
  it.live("TLS-15 hears every byte of both directions, in both roles and versions, and the secrets of either side", () =>
    Effect.gen(function*() {
      for (const versionMax of ["TLSv1.2", "TLSv1.3"] as const) {
        const { far, near, there, back } = yield* between
        const [client, server] = [taking(), taking()]
        yield* startBoth({ near, far }, identities, {
          client: { versionMax, observer: client },
          server: { versionMax, observer: server }
        })
        yield* near.write(pattern(100_000))
        yield* far.write(bytes("hello"))
        assert.strictEqual(yield* readText(near, 5), "hello")
        for (let read = 0; read < 100_000;) read += (yield* someOf(far)).length
        for (const [heard, sent] of [[client.heard.out, there], [server.heard.out, back]] as const) {
          assert.strictEqual(hex(heard), hex(sent))
        }
        assert.strictEqual(hex(server.heard.in), hex(there))
        assert.strictEqual(hex(client.heard.in), hex(back))
        assert.deepStrictEqual(client.secrets.toSorted(), server.secrets.toSorted())
        for (const line of client.secrets) assert.match(line, /^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]{64,128}$/)
        assert.deepStrictEqual(
          client.secrets.map((line) => line.split(" ")[0]).toSorted(),
          versionMax === "TLSv1.2" ? ["CLIENT_RANDOM"] : secretsOf13
        )
      }
    }).pipe(Effect.scoped, Effect.timeout(soon)))

  it.live("TLS-15 is not told again what was read before TLS began", () =>
    Effect.gen(function*() {
      const { back, far, near, there } = yield* between
      const observer = taking()
      const client = yield* Effect.forkChild(near.startTls({ as: "client", unread: nothing }), {
        startImmediately: true
      })
      const unread = yield* someOf(far)
      const { identity } = identities.recipient
      yield* Effect.all([Fiber.join(client), far.startTls({ as: "server", unread, identity, observer })], {
        concurrency: 2
      })
      yield* near.write(bytes("hello"))
      assert.strictEqual(yield* readText(far, 5), "hello")
      assert.isAbove(unread.length, 0)
      assert.strictEqual(hex([unread, ...observer.heard.in]), hex(there))
      assert.strictEqual(hex(observer.heard.out), hex(back))
    }).pipe(Effect.scoped, Effect.timeout(soon)))

  it.live("is there when the connection is destroyed right after the handshake, on OpenSSL's own stack", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 20; round++) {
        const { near, far } = yield* connect.pipe(Effect.provide(layer))
        const { identity } = identities.recipient
        const server = yield* Effect.forkChild(Effect.exit(far.startTls({ as: "server", unread: nothing, identity })), {
          startImmediately: true
        })
        yield* near.startTls({ as: "client", unread: nothing })
        yield* near.drop
        yield* Fiber.join(server)
        assert.match((yield* Effect.flip(near.read)).message, /dropped/)
      }
    }).pipe(Effect.scoped, Effect.timeout(soon)))
})

const secretsOf13 = [
  "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
  "CLIENT_TRAFFIC_SECRET_0",
  "EXPORTER_SECRET",
  "SERVER_HANDSHAKE_TRAFFIC_SECRET",
  "SERVER_TRAFFIC_SECRET_0"
]

/** Two connections whose bytes pass through our hands, and are kept. */
const between = Effect.gen(function*() {
  const [left, right] = [yield* rawPair, yield* rawPair]
  const [there, back]: readonly [Array<Uint8Array>, Array<Uint8Array>] = [[], []]
  relay(left.far, right.near, kept(there))
  relay(right.near, left.far, kept(back))
  return { near: overSocket(left.near), far: overSocket(right.far), there, back }
})

const kept = (into: Array<Uint8Array>) => (chunk: Buffer): Buffer => {
  into.push(chunk)
  return chunk
}

const overSocket = (socket: Net.Socket): Connection.Connection => Socket.make(socket, { host: "127.0.0.1", port: 0 })

const someOf = (connection: Connection.Connection) => Effect.flatMap(connection.read, Effect.fromOption)

const hex = (chunks: ReadonlyArray<Uint8Array>): string => Buffer.concat(chunks).toString("hex")
