import { assert, describe, it } from "@effect/vitest"
import type { Connection } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as Net from "node:net"
import * as Tls from "node:tls"
import { bytes, connect, nothing, soon, startBoth } from "../../transport/test/contract/fixture.ts"
import * as Socket from "../src/internal/socket.ts"
import * as NodeTls from "../src/NodeTls.ts"
import * as NodeTransport from "../src/NodeTransport.ts"
import { make, show, three } from "./certificates.ts"
import { bendAt, rawPair, relay } from "./sockets.ts"

const romeo = make({ name: "romeo@forza" })
const juliet = make({ name: "juliet@pronto" })
const identities = { initiator: show(romeo), recipient: show(juliet), chained: show(juliet) }
const versions = ["TLSv1.2", "TLSv1.3"] as const

const upgradeClient = (raw: Net.Socket, more: Partial<Connection.StartTls> = {}) =>
  NodeTls.upgrade(raw, { as: "client", unread: nothing, identity: identities.initiator.identity, ...more }, "peer")
const upgradeServer = (raw: Net.Socket, more: Partial<Connection.StartTls> = {}) =>
  NodeTls.upgrade(raw, { as: "server", unread: nothing, identity: identities.recipient.identity, ...more }, "peer")

/** Both sides do the same, but for what `apart` says; what does each see? */
const exchange = Effect.fnUntraced(
  function*(
    more: Partial<Connection.StartTls>,
    apart: { readonly client?: Partial<Connection.StartTls>; readonly server?: Partial<Connection.StartTls> } = {}
  ) {
    const both = yield* connect
    const [client, server] = [{ ...more, ...apart.client }, { ...more, ...apart.server }]
    return yield* startBoth(both, identities, { client, server })
  },
  Effect.scoped,
  Effect.provide(NodeTransport.layer)
)

describe("NodeTls", () => {
  it.live("the chain is what was sent: unlinked, out of order, twice, all the same", () =>
    Effect.gen(function*() {
      const [leaf, middle, root] = three("juliet@pronto")
      const chains = [[leaf, root, middle], [leaf, romeo, middle], [leaf, leaf, root], [leaf, romeo, romeo]] as const
      for (const chain of chains) {
        for (const versionMax of versions) {
          const shown = show(...chain)
          const { client, server } = yield* exchange({ identity: shown.identity, versionMax })
          assert.deepStrictEqual(hexes(client.chain), hexes(shown.chain))
          assert.deepStrictEqual(hexes(server.chain), hexes(shown.chain))
        }
      }
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-28 every kind of key, in both roles and versions, under suites with authenticated encryption", () =>
    Effect.gen(function*() {
      for (const algorithm of ["p256", "ed25519", "rsa"] as const) {
        for (const versionMax of versions) {
          const { identity } = show(make({ name: "juliet@pronto", algorithm }))
          const { client, server } = yield* exchange({ identity, versionMax })
          assert.strictEqual(client.protocol, versionMax)
          assert.match(server.cipher, /GCM|CHACHA20/)
        }
      }
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-34 a server name is sent for a domain; an address as server name is left out", () =>
    Effect.gen(function*() {
      for (const [serverName, seen] of [["pronto.example", "pronto.example"], ["192.0.2.7", false]] as const) {
        const { near, far } = yield* rawPair
        const [, server] = yield* Effect.all([upgradeClient(near, { serverName }), upgradeServer(far)], {
          concurrency: 2
        })
        assert.strictEqual(server.socket.servername, seen)
      }
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-18 CERT-100 a certificate is asked for, and no authority is named", () =>
    Effect.gen(function*() {
      const { near, far, sent } = yield* watched
      yield* Effect.all([upgradeClient(near, { versionMax: "TLSv1.2" }), upgradeServer(far)], { concurrency: 2 })
      // TLS 1.2 asks in clear (RFC 5246 §7.4.4); the authorities come last, after their length.
      const request = handshakeMessage(Buffer.concat(sent), 13)
      assert.isDefined(request)
      assert.strictEqual(request?.readUInt16BE(request.length - 2), 0)
    }).pipe(Effect.timeout(soon)))

  it.live("CERT-103 a session is never resumed: the chain comes anew each time", () =>
    Effect.gen(function*() {
      for (const maxVersion of versions) {
        let session: Buffer | undefined
        for (const round of [1, 2]) {
          const { near, far } = yield* rawPair
          const client = Tls.connect({
            socket: near,
            ...pemOf(romeo),
            ...lenient,
            maxVersion,
            ...(session && { session })
          })
          client.on("error", ignore).on("session", (fresh) => {
            session = fresh
          })
          const { facts, socket } = yield* upgradeServer(far)
          socket.write("x")
          yield* Effect.callback<void>((resume) => void client.once("data", () => resume(Effect.void)))
          session ??= client.getSession()
          assert.isDefined(session)
          assert.isFalse(client.isSessionReused(), `${maxVersion}, round ${round}`)
          assert.isFalse(facts.resumed)
          assert.deepStrictEqual(hexes(facts.chain), hexes([romeo.der]))
        }
      }
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-27 who tries to renegotiate loses the connection", () =>
    Effect.gen(function*() {
      const { near, far } = yield* rawPair
      const client = Tls.connect({ socket: near, ...lenient, maxVersion: "TLSv1.2" }).on("error", ignore)
      const connection = Socket.make(far, { host: "peer", port: 0 })
      yield* connection.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity })
      yield* Effect.sleep("20 millis")
      client.renegotiate({}, ignore)
      assert.match((yield* Effect.flip(connection.read)).message, /sent the TLS alert "handshake failure"/)
      assert.strictEqual((yield* Effect.flip(connection.write(bytes("x")))).op, "write")
      yield* Effect.sleep("20 millis")
      assert.isTrue(far.destroyed)
    }).pipe(Effect.timeout(soon)))

  it.live("TLS 1.3: a client learns of the refusal of its certificate only by what comes next, and is told so", () =>
    Effect.gen(function*() {
      const { near, far } = yield* rawPair
      const server = Tls.createServer({ ...pemOf(juliet), requestCert: true })
      server.on("tlsClientError", ignore).emit("connection", far)
      const connection = Socket.make(near, { host: "peer", port: 0 })
      const facts = yield* connection.startTls({ as: "client", unread: nothing })
      assert.strictEqual(facts.protocol, "TLSv1.3")
      const { message } = yield* Effect.flip(connection.read)
      assert.match(message, /sent the TLS alert "certificate required" right after TLS began: it may have refused our/)
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-28 what BCP 195 has given up is refused", () =>
    Effect.gen(function*() {
      const weak = [
        { ciphers: "AES128-SHA:@SECLEVEL=0", maxVersion: "TLSv1.2" },
        { ciphers: "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", maxVersion: "TLSv1.2" },
        { ciphers: "DEFAULT:@SECLEVEL=0", minVersion: "TLSv1", maxVersion: "TLSv1.1" }
      ] as const
      for (const offer of weak) {
        const { near, far } = yield* rawPair
        Tls.connect({ socket: near, ...lenient, ...offer }).on("error", ignore)
        const error = yield* Effect.flip(upgradeServer(far))
        assert.match(error.message, /no (cipher suite|TLS version) is acceptable to both sides/, offer.ciphers)
      }
    }).pipe(Effect.timeout(soon)))

  it.live("an alert during the handshake is told in its own words", () =>
    Effect.gen(function*() {
      const { near, far } = yield* rawPair
      const server = Tls.createServer({ ...pemOf(juliet), requestCert: true, maxVersion: "TLSv1.2" })
      server.on("tlsClientError", ignore).emit("connection", far)
      const error = yield* Effect.flip(NodeTls.upgrade(near, { as: "client", unread: nothing }, "peer"))
      assert.match(error.message, /^peer refused the TLS handshake with the alert "handshake failure"$/)
    }).pipe(Effect.timeout(soon)))

  it.live("a private key that does not fit is our own fault, and is not shown", () =>
    Effect.gen(function*() {
      for (const privateKey of [romeo.keyPem, "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"]) {
        const { far } = yield* rawPair
        const identity = { certificates: juliet.pem, privateKey: Redacted.make(privateKey) }
        const error = yield* Effect.flip(upgradeServer(far, { identity }))
        assert.strictEqual(error.message, "our certificate or private key is unusable")
        assert.notInclude(String(error.cause), "SECRET")
        assert.isTrue(far.destroyed)
      }
    }).pipe(Effect.timeout(soon)))

  it.live("TLS-22 bytes that are bent on the way never make a handshake that both sides believe in", () =>
    Effect.gen(function*() {
      for (const side of ["client", "server"] as const) {
        for (let offset = 0; offset < 700; offset += 37) {
          const bend = bendAt(offset)
          const { near, far } = yield* between(side === "client" ? { there: bend } : { back: bend })
          // A bent length makes a side wait for more; whoever starts TLS bounds that.
          const [client, server] = yield* Effect.all([
            Effect.exit(Effect.timeout(upgradeClient(near), "200 millis")),
            Effect.exit(Effect.timeout(upgradeServer(far), "200 millis"))
          ], { concurrency: 2 })
          assert.isFalse(Exit.isSuccess(client) && Exit.isSuccess(server), `byte ${offset} from the ${side}`)
        }
      }
    }).pipe(Effect.timeout("30 seconds")))

  it.live("destroying right after the handshake, on OpenSSL's own stack, is survived", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 20; round++) {
        const { near, far } = yield* connect.pipe(Effect.provide(NodeTransport.layer))
        const server = yield* Effect.forkChild(
          Effect.exit(far.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity })),
          { startImmediately: true }
        )
        yield* near.startTls({ as: "client", unread: nothing })
        yield* near.drop
        yield* Fiber.join(server)
        assert.match((yield* Effect.flip(near.read)).message, /dropped/)
      }
    }).pipe(Effect.timeout(soon)))
})

/** A pair whose bytes pass through our hands. */
const between = Effect.fnUntraced(function*(
  bend: { readonly there?: (chunk: Buffer) => Buffer; readonly back?: (chunk: Buffer) => Buffer }
): Effect.fn.Return<{ readonly near: Net.Socket; readonly far: Net.Socket }, never, Scope.Scope> {
  const left = yield* rawPair
  const right = yield* rawPair
  relay(left.far, right.near, bend.there)
  relay(right.near, left.far, bend.back)
  return { near: left.near, far: right.far }
})

const watched = Effect.gen(function*() {
  const sent: Array<Buffer> = []
  const sockets = yield* between({
    back: (chunk) => {
      sent.push(chunk)
      return chunk
    }
  })
  return { ...sockets, sent }
})

/** The body of the first handshake message of a type, from records in clear. */
const handshakeMessage = (flight: Buffer, type: number): Buffer | undefined => {
  const bodies: Array<Buffer> = []
  for (let at = 0; at + 5 <= flight.length; at += 5 + flight.readUInt16BE(at + 3)) {
    if (flight[at] === 0x16) bodies.push(flight.subarray(at + 5, at + 5 + flight.readUInt16BE(at + 3)))
  }
  const messages = Buffer.concat(bodies)
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3)) {
    if (messages[at] === type) return messages.subarray(at + 4, at + 4 + messages.readUIntBE(at + 1, 3))
  }
  return undefined
}

const hexes = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  chain.map((der) => Buffer.from(der).toString("hex"))
const pemOf = (made: ReturnType<typeof make>) => ({ cert: made.pem, key: made.keyPem })
const lenient = { rejectUnauthorized: false, checkServerIdentity: () => undefined } as const
const ignore = (): void => {}
