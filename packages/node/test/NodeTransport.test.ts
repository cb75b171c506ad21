import { assert, describe, it } from "@effect/vitest"
import { Transport } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Net from "node:net"
import { networkInterfaces } from "node:os"
import { Worker } from "node:worker_threads"
import { contract } from "../../transport/test/contract.ts"
import { bytes, connect, nothing, pattern, readText, soon, startBoth } from "../../transport/test/contract/fixture.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { make, show, three } from "./certificates.ts"

const [leaf, middle, root] = three("juliet@pronto")
const identities = {
  initiator: show(make({ name: "romeo@forza" })),
  recipient: show(make({ name: "juliet@pronto", algorithm: "ed25519" })),
  chained: show(leaf, middle, root)
}

contract("TCP and node:tls", NodeTransport.layer, identities)

describe("NodeTransport", () => {
  it.live("an attempt that hangs can be given up at once", () =>
    Effect.gen(function*() {
      const { dial } = yield* Transport.Transport
      const port = yield* deafPort
      const fiber = yield* Effect.forkChild(Effect.scoped(dial({ host: "127.0.0.1", port })), {
        startImmediately: true
      })
      yield* Effect.sleep("100 millis")
      assert.isUndefined(fiber.pollUnsafe(), "the attempt does not hang")
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      assert.isBelow(performance.now() - started, 500)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout("20 seconds")))

  it.live("what cannot be dialled is said in a sentence", () =>
    Effect.gen(function*() {
      const { dial } = yield* Transport.Transport
      const said = (host: string, port: number) =>
        Effect.map(Effect.flip(dial({ host, port })), ({ message }) => message)
      assert.strictEqual(yield* said("127.0.0.1", 65_536), "127.0.0.1:65536 has no valid port")
      assert.strictEqual(yield* said("127.0.0.1", 1.5), "127.0.0.1:1.5 has no valid port")
      assert.strictEqual(yield* said("no.such.host.invalid", 5298), "no address is known for no.such.host.invalid:5298")
      assert.match(
        yield* said("::1", yield* freePort),
        hasIpv6 ? /^connection refused by \[::1\]:\d+$/ : /^\[::1\]:\d+ /
      )
      assert.match(yield* said("localhost", yield* freePort), /^connection refused by localhost:\d+$/)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout("30 seconds")))

  it.live("what cannot be bound is said in a sentence", () =>
    Effect.gen(function*() {
      const { listen } = yield* Transport.Transport
      const said = (host: string, port: number) =>
        Effect.map(Effect.flip(listen({ at: { host, port } }, () => Effect.void)), ({ message }) => message)
      assert.strictEqual(yield* said("192.0.2.7", 5298), "192.0.2.7:5298 is not an address of this machine")
      assert.strictEqual(yield* said("127.0.0.1", -1), "127.0.0.1:-1 has no valid port")
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout(soon)))

  it.live("IPv6 is written in brackets, IPv4 through an IPv6 listener as IPv4", () =>
    Effect.gen(function*() {
      const { dial, listen } = yield* Transport.Transport
      const seen: Array<string> = []
      const listener = yield* listen({ at: { host: hasIpv6 ? "::" : "0.0.0.0", port: 0 } }, (connection) =>
        Effect.sync(() =>
          seen.push(connection.remote)
        ).pipe(
          Effect.andThen(connection.write(bytes("x"))),
          Effect.andThen(connection.end),
          Effect.ignore
        ))
      for (const host of hasIpv6 ? ["::1", "127.0.0.1"] : ["127.0.0.1"]) {
        const connection = yield* dial({ host, port: listener.at.port })
        yield* readText(connection, 1)
      }
      assert.match(seen.join(" "), hasIpv6 ? /^\[::1\]:\d+ 127\.0\.0\.1:\d+$/ : /^127\.0\.0\.1:\d+$/)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout(soon)))

  it.live("a connection is reset in the middle of a read and of a write", () =>
    Effect.gen(function*() {
      const both = yield* connect
      yield* startBoth(both, identities)
      const reader = yield* Effect.forkChild(Effect.flip(both.near.read), { startImmediately: true })
      const writer = yield* Effect.forkChild(Effect.flip(both.near.write(pattern(20_000_000))), {
        startImmediately: true
      })
      yield* Effect.sleep("50 millis")
      yield* both.far.drop
      assert.match((yield* Fiber.join(reader)).message, /^127\.0\.0\.1:\d+ reset the connection/)
      assert.match((yield* Fiber.join(writer)).message, /^127\.0\.0\.1:\d+ reset the connection/)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout(soon)))

  it.live("nothing is left behind: no socket, no server, and the port is free at once", () =>
    Effect.gen(function*() {
      // What other tests left is still on its way out.
      yield* Effect.sleep("100 millis")
      const before = sockets()
      let port = 0
      for (let round = 0; round < 5; round++) {
        yield* Effect.scoped(Effect.gen(function*() {
          const { dial, listen } = yield* Transport.Transport
          const listener = yield* listen({ at: { host: "127.0.0.1", port } }, (connection) =>
            Effect.ignore(
              Effect.andThen(
                connection.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity }),
                Effect.forever(connection.read)
              )
            ))
          port = listener.at.port
          for (const way of ["end", "drop", "leave", "silence"] as const) {
            const connection = yield* dial(listener.at)
            if (way === "silence") continue
            yield* connection.startTls({ as: "client", unread: nothing })
            yield* connection.write(bytes("<stream>"))
            if (way !== "leave") yield* connection[way]
          }
        }))
      }
      yield* Effect.sleep("50 millis")
      assert.strictEqual(sockets(), before)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout(soon)))

  it.live("a peer that talks nonsense at random moments never takes the process along", () =>
    Effect.gen(function*() {
      const { listen } = yield* Transport.Transport
      let handled = 0
      const listener = yield* listen({ at: { host: "127.0.0.1", port: 0 } }, (connection) =>
        Effect.gen(function*() {
          yield* Effect.ignore(Effect.timeout(
            connection.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity }),
            "100 millis"
          ))
          handled++
        }))
      for (let round = 0; round < 40; round++) {
        const raw = Net.connect(listener.at.port, "127.0.0.1")
        raw.on("error", () => {})
        // A record header with a length, then noise, cut off somewhere.
        raw.write(
          Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0]), pattern(600).subarray(round)]).subarray(0, round * 15)
        )
        if (round % 3 === 0) raw.end()
        if (round % 3 === 1) setImmediate(() => raw.resetAndDestroy())
      }
      while (handled < 40) yield* Effect.sleep("10 millis")
      assert.strictEqual(handled, 40)
    }).pipe(Effect.provide(NodeTransport.layer), Effect.timeout(soon)))
})

/** Some machines have switched it off. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"))

const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length

/** A port where somebody listens and never answers: its queue is full, and the system leaves further attempts waiting. */
const deafPort: Effect.Effect<number, never, Scope.Scope> = Effect.gen(function*() {
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(deaf, { eval: true })),
    (worker) => Effect.promise(() => worker.terminate())
  )
  const port = yield* Effect.callback<number>((resume) =>
    void worker.once("message", (port: number) => resume(Effect.succeed(port)))
  )
  for (let attempt = 0; attempt < 8; attempt++) {
    yield* Effect.acquireRelease(
      Effect.sync(() => Net.connect(port, "127.0.0.1").on("error", () => {})),
      (socket) => Effect.sync(() => socket.destroy())
    )
  }
  yield* Effect.sleep("100 millis")
  return port
})

const deaf = `
const { parentPort } = require("node:worker_threads")
const server = require("node:net").createServer()
server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15000)
})
`

const freePort = Effect.scoped(Effect.gen(function*() {
  const { listen } = yield* Transport.Transport
  return (yield* listen({ at: { host: "localhost", port: 0 } }, () => Effect.void)).at.port
}))
