/** What all connections of an identity share must not carry anything from one to another. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Net from "node:net"
import * as Contexts from "../src/internal/tls-contexts.ts"
import * as NodeTls from "../src/NodeTls.ts"
import { make, show } from "./certificates.ts"
import { rawPair } from "./sockets.ts"

const { identity } = show(make({ name: "juliet@pronto" }))
const guests = ["romeo@forza", "tybalt@forza", "paris@forza"].map((name) => show(make({ name })))
const nothing = new Uint8Array(0)
const soon = "5 seconds"

const begin = (raw: Net.Socket, options: Partial<Parameters<typeof NodeTls.upgrade>[1]>) =>
  NodeTls.upgrade(raw, { as: "server", unread: nothing, identity, ...options }, "peer")

describe("tls-contexts", () => {
  it("one for an identity and its versions, and another for another", () => {
    const options = { as: "client", unread: nothing, identity } as const
    const first = Contexts.client(options)
    assert.strictEqual(Contexts.client({ ...options }), first)
    assert.notStrictEqual(Contexts.client({ ...options, versionMax: "TLSv1.2" }), first)
    assert.notStrictEqual(Contexts.client({ ...options, identity: { ...identity } }), first)
    assert.notStrictEqual(Contexts.client({ as: "client", unread: nothing }), first)
  })

  it("an unusable identity is unusable each time", () => {
    const broken = { certificates: identity.certificates, privateKey: Redacted.make("no key") }
    for (const _ of [1, 2]) {
      assert.throws(() => Contexts.client({ as: "client", unread: nothing, identity: broken }))
      assert.throws(() => Contexts.server({ as: "server", unread: nothing, identity: broken }))
    }
  })

  it.live("CERT-103 many at once: each has the certificate of its own peer, and one that fails disturbs no other", () =>
    Effect.gen(function*() {
      const odd = yield* rawPair
      odd.near.write("no TLS at all\r\n\r\n")
      const failing = Effect.flip(begin(odd.far, {}))
      const going = guests.map((guest) =>
        Effect.gen(function*() {
          const { near, far } = yield* rawPair
          const [client, server] = yield* Effect.all(
            [begin(near, { as: "client", identity: guest.identity }), begin(far, {})],
            { concurrency: 2 }
          )
          assert.deepStrictEqual(hexes(server.facts.chain), hexes(guest.chain))
          assert.isFalse(server.socket.isSessionReused() || client.socket.isSessionReused())
        })
      )
      const [error] = yield* Effect.all([failing, Effect.all([...going, ...going], { concurrency: "unbounded" })], {
        concurrency: 2
      })
      assert.strictEqual(error._tag, "TlsError")
    }).pipe(Effect.scoped, Effect.timeout(soon)))

  it.live("an observer learns the secrets of its own connection, and a connection without one tells none", () =>
    Effect.gen(function*() {
      const watch = Effect.fnUntraced(function*(isWatched: boolean) {
        const lines: Array<string> = []
        const observer = { record: () => {}, keyLog: (line: string) => void lines.push(line) }
        const { near, far } = yield* rawPair
        yield* Effect.all(
          [
            begin(near, { as: "client", identity: guests[0]?.identity ?? identity }),
            begin(far, isWatched ? { observer } : {})
          ],
          { concurrency: 2 }
        )
        return lines
      })
      const [one, none, other] = yield* Effect.all([watch(true), watch(false), watch(true)], { concurrency: 3 })
      assert.deepStrictEqual(none, [])
      assert.deepStrictEqual([randoms(one).size, randoms(other).size], [1, 1])
      assert.notDeepEqual(randoms(one), randoms(other))
    }).pipe(Effect.scoped, Effect.timeout(soon)))
})

/** The second word of a line of the key log names the connection. */
const randoms = (lines: ReadonlyArray<string>): ReadonlySet<string | undefined> =>
  new Set(lines.map((line) => line.split(" ")[1]))

const hexes = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  chain.map((each) => Buffer.from(each).toString("hex"))
