import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import { type Connection, ocspStapleBytesMax } from "../../src/Connection.ts"
import type { Transport } from "../../src/Transport.ts"
import { aMoment, bytes, connect, type Identities, nothing, soon, startBoth } from "./fixture.ts"

export const tlsFailureContract = (layer: Layer.Layer<Transport>, identities: Identities): void => {
  const asClient = (connection: Connection, unread: Uint8Array = nothing) =>
    Effect.flip(connection.startTls({ as: "client", unread, identity: identities.initiator.identity }))
  const asServer = (connection: Connection, unread: Uint8Array = nothing) =>
    Effect.flip(connection.startTls({ as: "server", unread, identity: identities.recipient.identity }))
  const isGone = Effect.fnUntraced(function*(connection: Connection) {
    assert.strictEqual((yield* Effect.flip(connection.read))._tag, "TransportError")
    assert.strictEqual((yield* Effect.flip(connection.write(bytes("x"))))._tag, "TransportError")
  })

  it.live("TLS-15 text injected before the ClientHello makes the handshake fail on both sides", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.write(bytes("<message to='juliet@pronto'/>"))
      const [client, server] = yield* Effect.all([asClient(near), asServer(far)], { concurrency: 2 })
      assert.strictEqual(client._tag, "TlsError")
      assert.match(server.message, /not TLS/)
      yield* isGone(near)
      yield* isGone(far)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-15 text injected after proceed makes the handshake fail on both sides", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* far.write(bytes("<message to='romeo@forza'/>"))
      const [client, server] = yield* Effect.all([asClient(near), asServer(far)], { concurrency: 2 })
      assert.match(client.message, /not TLS/)
      assert.strictEqual(server._tag, "TlsError")
      yield* isGone(near)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-15 injected text that was read too far fails in the same way", () =>
    Effect.gen(function*() {
      const one = yield* connect
      const [, server] = yield* Effect.all([asClient(one.near), asServer(one.far, bytes("<iq/>"))], { concurrency: 2 })
      assert.match(server.message, /not TLS/)
      const two = yield* connect
      const [client] = yield* Effect.all([asClient(two.near, bytes("<iq/>")), asServer(two.far)], { concurrency: 2 })
      assert.match(client.message, /not TLS/)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("RFC 6066 §8 an OCSP response of our own that is too large for a handshake is our own fault", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const ocspStaple = new Uint8Array(ocspStapleBytesMax + 1)
      const [client, server] = yield* Effect.all([
        asClient(near),
        Effect.flip(far.startTls({
          as: "server",
          unread: nothing,
          identity: { ...identities.recipient.identity, ocspStaple }
        }))
      ], { concurrency: 2 })
      assert.strictEqual(client._tag, "TlsError")
      assert.match(server.message, /our OCSP response is too large/)
      yield* isGone(far)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-22 the peer drops during the handshake", () =>
    Effect.gen(function*() {
      const one = yield* connect
      const client = yield* Effect.forkChild(asClient(one.near), { startImmediately: true })
      yield* Effect.sleep(aMoment)
      yield* one.far.drop
      assert.match((yield* Fiber.join(client)).message, /during the TLS handshake/)
      yield* isGone(one.near)
      const two = yield* connect
      const server = yield* Effect.forkChild(asServer(two.far), { startImmediately: true })
      yield* Effect.sleep(aMoment)
      yield* two.near.drop
      assert.match((yield* Fiber.join(server)).message, /during the TLS handshake/)
      yield* isGone(two.far)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-22 the peer ends its direction before or during the handshake", () =>
    Effect.gen(function*() {
      for (const first of ["end", "handshake"] as const) {
        for (const role of ["client", "server"] as const) {
          const { near, far } = yield* connect
          if (first === "end") yield* Effect.andThen(far.end, Effect.sleep(aMoment))
          const fiber = yield* Effect.forkChild(role === "client" ? asClient(near) : asServer(near), {
            startImmediately: true
          })
          yield* Effect.sleep(aMoment)
          yield* far.end
          assert.match((yield* Fiber.join(fiber)).message, /ended the connection/, `${first} ${role}`)
        }
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-22 half a ClientHello and then the end", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      yield* near.write(Uint8Array.of(0x16, 3, 1, 1, 0, 1, 0, 0))
      yield* near.end
      yield* Effect.sleep(aMoment)
      assert.match((yield* asServer(far)).message, /ended the connection/)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-28 no version in common", () =>
    Effect.gen(function*() {
      const both = yield* connect
      const failures = yield* Effect.all([
        Effect.flip(both.near.startTls({ as: "client", unread: nothing, versionMax: "TLSv1.2" })),
        Effect.flip(both.far.startTls({
          as: "server",
          unread: nothing,
          identity: identities.recipient.identity,
          versionMin: "TLSv1.3"
        }))
      ], { concurrency: 2 })
      assert.match(failures.map((failure) => failure.message).join(), /version/)
      yield* isGone(both.far)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("CERT-101 a server without identity, and an identity that is none, are refused", () =>
    Effect.gen(function*() {
      const one = yield* connect
      assert.match((yield* Effect.flip(one.far.startTls({ as: "server", unread: nothing }))).message, /certificate/)
      yield* isGone(one.far)
      const two = yield* connect
      const identity = { ...identities.initiator.identity, certificates: "no PEM" }
      const failure = yield* Effect.flip(two.near.startTls({ as: "client", unread: nothing, identity }))
      assert.strictEqual(failure._tag, "TlsError")
      yield* isGone(two.near)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS cannot begin twice, nor while a read waits, nor on a dropped connection", () =>
    Effect.gen(function*() {
      const twice = yield* connect
      yield* startBoth(twice, identities)
      assert.strictEqual((yield* asClient(twice.near))._tag, "TlsError")
      yield* isGone(twice.near)
      const reading = yield* connect
      const reader = yield* Effect.forkChild(Effect.flip(reading.near.read), { startImmediately: true })
      assert.match((yield* asClient(reading.near)).message, /read/)
      assert.strictEqual((yield* Fiber.join(reader))._tag, "TransportError")
      const dropped = yield* connect
      yield* dropped.near.drop
      assert.strictEqual((yield* asClient(dropped.near))._tag, "TlsError")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-16 nothing can be written during the handshake", () =>
    Effect.gen(function*() {
      const { near } = yield* connect
      const fiber = yield* Effect.forkChild(asClient(near), { startImmediately: true })
      assert.match((yield* Effect.flip(near.write(bytes("<iq/>")))).message, /TLS/)
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TIME-06 an interrupted handshake returns at once and destroys the connection", () =>
    Effect.gen(function*() {
      for (const begin of [asClient, asServer]) {
        const { near, far } = yield* connect
        const fiber = yield* Effect.forkChild(begin(near), { startImmediately: true })
        yield* Effect.sleep(aMoment)
        yield* Fiber.interrupt(fiber)
        yield* isGone(near)
        const reading = Effect.forever(far.read, { disableYield: true })
        assert.strictEqual((yield* Effect.flip(reading))._tag, "TransportError")
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a drop in the middle of the handshake ends it", () =>
    Effect.gen(function*() {
      for (const begin of [asClient, asServer]) {
        const { near } = yield* connect
        const fiber = yield* Effect.forkChild(begin(near), { startImmediately: true })
        yield* Effect.sleep(aMoment)
        yield* near.drop
        assert.match((yield* Fiber.join(fiber)).message, /dropped/)
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))
}
