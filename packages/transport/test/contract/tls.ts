import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ocspStapleBytesMax } from "../../src/Connection.ts"
import type { Transport } from "../../src/Transport.ts"
import {
  aMoment,
  bytes,
  connect,
  type Identities,
  nothing,
  pattern,
  readCount,
  readText,
  soon,
  startBoth
} from "./fixture.ts"

export const tlsContract = (layer: Layer.Layer<Transport>, identities: Identities): void => {
  it.live("TLS-17 TLS-18 both sides see what the other showed", () =>
    Effect.gen(function*() {
      const both = yield* connect
      const { client, server } = yield* startBoth(both, identities)
      assert.deepStrictEqual([client.protocol, server.protocol], ["TLSv1.3", "TLSv1.3"])
      assert.deepStrictEqual([client.resumed, server.resumed], [false, false])
      assert.strictEqual(client.cipher, server.cipher)
      assert.deepStrictEqual(hex(client.chain), hex(identities.recipient.chain))
      assert.deepStrictEqual(hex(server.chain), hex(identities.initiator.chain))
      yield* both.near.write(bytes("<hello/>"))
      assert.strictEqual(yield* readText(both.far, 8), "<hello/>")
      yield* both.far.write(bytes("<answer/>"))
      assert.strictEqual(yield* readText(both.near, 9), "<answer/>")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-17 the one who dialled may be the TLS server", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const { client } = yield* startBoth({ near: far, far: near }, identities)
      assert.deepStrictEqual(hex(client.chain), hex(identities.recipient.chain))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("RFC 6066 §8 a client gets what the server staples, octet by octet; a server gets nothing", () =>
    Effect.gen(function*() {
      for (const versionMax of ["TLSv1.2", "TLSv1.3"] as const) {
        for (const size of [1, 1_500, ocspStapleBytesMax]) {
          const both = yield* connect
          const [mine, theirs] = [pattern(size), pattern(size + 1).subarray(1)]
          const { client, server } = yield* startBoth(both, identities, {
            client: { versionMax, identity: { ...identities.initiator.identity, ocspStaple: theirs } },
            server: { identity: { ...identities.recipient.identity, ocspStaple: mine } }
          })
          assert.deepStrictEqual(client.ocspStaple, mine, `${versionMax}, ${size}`)
          assert.notProperty(server, "ocspStaple")
          assert.deepStrictEqual(hex(client.chain), hex(identities.recipient.chain))
        }
      }
      const none = yield* Effect.flatMap(connect, (both) => startBoth(both, identities))
      assert.notProperty(none.client, "ocspStaple")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-36 the exporter is equal on both ends, and another one on another connection", () =>
    Effect.gen(function*() {
      const one = yield* Effect.flatMap(connect, (both) => startBoth(both, identities))
      const two = yield* Effect.flatMap(connect, (both) => startBoth(both, identities))
      assert.strictEqual(one.client.exporter?.length, 32)
      assert.deepStrictEqual(
        one.client.exporter && hex([one.client.exporter]),
        one.server.exporter && hex([one.server.exporter])
      )
      assert.notDeepEqual(one.client.exporter, two.client.exporter)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-28 TLS-36 TLS 1.2 is agreed on when either side asks for it, without an exporter", () =>
    Effect.gen(function*() {
      for (const more of [{ client: v12 }, { server: v12 }]) {
        const both = yield* connect
        const { client, server } = yield* startBoth(both, identities, more)
        assert.deepStrictEqual([client.protocol, server.protocol], ["TLSv1.2", "TLSv1.2"])
        assert.isUndefined(client.exporter)
        assert.isUndefined(server.exporter)
        assert.deepStrictEqual(hex(client.chain), hex(identities.recipient.chain))
        assert.deepStrictEqual(hex(server.chain), hex(identities.initiator.chain))
        yield* both.near.write(bytes("<hello/>"))
        assert.strictEqual(yield* readText(both.far, 8), "<hello/>")
        yield* both.far.write(bytes("<answer/>"))
        assert.strictEqual(yield* readText(both.near, 9), "<answer/>")
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-19 CERT-102 a client may show nothing: the chain is empty", () =>
    Effect.gen(function*() {
      for (const versionMax of ["TLSv1.2", "TLSv1.3"] as const) {
        const { near, far } = yield* connect
        const { server } = yield* Effect.all({
          client: near.startTls({ as: "client", unread: nothing, versionMax }),
          server: far.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity })
        }, { concurrency: "unbounded" })
        assert.deepStrictEqual(server.chain, [])
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a chain of three certificates arrives complete and in order, from both roles", () =>
    Effect.gen(function*() {
      const identity = identities.chained.identity
      for (const versionMax of ["TLSv1.2", "TLSv1.3"] as const) {
        const both = yield* connect
        const { client, server } = yield* startBoth(both, identities, {
          client: { identity, versionMax },
          server: { identity }
        })
        assert.strictEqual(client.chain.length, 3)
        assert.deepStrictEqual(hex(client.chain), hex(identities.chained.chain))
        assert.deepStrictEqual(hex(server.chain), hex(identities.chained.chain))
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-15 bytes that were read too far are TLS's first input, however they were cut", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const client = yield* Effect.forkChild(
        near.startTls({ as: "client", unread: nothing, identity: identities.initiator.identity }),
        { startImmediately: true }
      )
      const hello = yield* readCount(far, 1)
      const facts = yield* far.startTls({ as: "server", unread: hello, identity: identities.recipient.identity })
      yield* Fiber.join(client)
      assert.deepStrictEqual(hex(facts.chain), hex(identities.initiator.chain))
      yield* near.write(bytes("x"))
      assert.strictEqual(yield* readText(far, 1), "x")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("TLS-12 a write just before TLS stays in clear and in front", () =>
    Effect.gen(function*() {
      const { near, far } = yield* connect
      const proceed = pattern(30_000)
      yield* far.write(proceed)
      const server = yield* Effect.forkChild(
        far.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity }),
        { startImmediately: true }
      )
      assert.isTrue(Buffer.from(yield* readCount(near, proceed.length)).equals(proceed))
      yield* near.startTls({ as: "client", unread: nothing })
      yield* Fiber.join(server)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-09 close_notify ends one direction, the other goes on", () =>
    Effect.gen(function*() {
      for (const client of [{}, v12]) {
        const both = yield* connect
        const { near, far } = both
        yield* startBoth(both, identities, { client })
        yield* near.write(bytes("last"))
        yield* near.end
        assert.strictEqual(yield* readText(far, 100), "last")
        assert.isTrue(Option.isNone(yield* far.read))
        yield* far.write(bytes("answer"))
        assert.strictEqual(yield* readText(near, 6), "answer")
        yield* far.end
        assert.isTrue(Option.isNone(yield* near.read))
        assert.isTrue(Option.isNone(yield* near.read))
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-13 a client that ends right after its handshake, and one that also wrote", () =>
    Effect.gen(function*() {
      for (const client of [{}, v12]) {
        for (const text of ["", "last"]) {
          const both = yield* connect
          const hasty = both.near.startTls({ as: "client", unread: nothing, ...client }).pipe(
            Effect.andThen(text === "" ? Effect.void : both.near.write(bytes(text))),
            Effect.andThen(both.near.end)
          )
          const server = both.far.startTls({
            as: "server",
            unread: nothing,
            identity: identities.recipient.identity
          })
          yield* Effect.all([hasty, server], { concurrency: 2 })
          assert.strictEqual(yield* readText(both.far, 100), text)
          assert.isTrue(Option.isNone(yield* both.far.read))
        }
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("END-15 a drop under TLS is an error to the peer", () =>
    Effect.gen(function*() {
      const both = yield* connect
      yield* startBoth(both, identities)
      yield* both.near.write(bytes("x"))
      assert.strictEqual(yield* readText(both.far, 1), "x")
      yield* both.near.drop
      assert.strictEqual((yield* Effect.flip(both.far.read))._tag, "TransportError")
      assert.strictEqual((yield* Effect.flip(both.near.read))._tag, "TransportError")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("LIM-03 10 MB through TLS with a slow reader; the writer waits", () =>
    Effect.gen(function*() {
      const both = yield* connect
      yield* startBoth(both, identities)
      const all = pattern(10_000_000)
      let done = false
      const writer = yield* Effect.forkChild(
        Effect.forEach([0, 1, 2, 3, 4], (part) =>
          both.far.write(all.subarray(part * 2_000_000, (part + 1) * 2_000_000)), {
          discard: true
        }).pipe(
          Effect.andThen(both.far.end),
          Effect.andThen(Effect.sync(() => {
            done = true
          }))
        )
      )
      yield* Effect.sleep("200 millis")
      assert.isFalse(done, "the writer was not held back")
      const start = yield* readCount(both.near, 500_000)
      yield* Effect.sleep(aMoment)
      const rest = yield* readCount(both.near, all.length)
      assert.isTrue(Buffer.concat([start, rest]).equals(all))
      yield* Fiber.join(writer)
    }).pipe(Effect.provide(layer), Effect.timeout("20 seconds")))

  it.live("an interrupted read under TLS loses no byte", () =>
    Effect.gen(function*() {
      const both = yield* connect
      yield* startBoth(both, identities)
      for (let round = 0; round < 10; round++) {
        const reader = yield* Effect.forkChild(both.far.read, { startImmediately: true })
        yield* Fiber.interrupt(reader)
        yield* both.near.write(bytes(String(round)))
        assert.strictEqual(yield* readText(both.far, 1), String(round))
      }
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))
}

const hex = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  chain.map((der) => Buffer.from(der).toString("hex"))

const v12 = { versionMax: "TLSv1.2" } as const
