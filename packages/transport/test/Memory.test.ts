import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Memory from "../src/Memory.ts"
import { Transport } from "../src/Transport.ts"
import { contract } from "./contract.ts"
import { bytes, nothing, pattern, readCount, readText, type Shown } from "./contract/fixture.ts"

/** The model shows certificates without looking into them. */
const shown = (...names: ReadonlyArray<string>): Shown => ({
  identity: {
    certificates: names.map((name) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(name).toString("base64")}\n-----END CERTIFICATE-----\n`
    ).join(""),
    privateKey: Redacted.make("unused")
  },
  chain: names.map(bytes)
})

const identities = {
  initiator: shown("romeo@forza"),
  recipient: shown("juliet@pronto"),
  chained: shown("juliet@pronto", "an intermediate of Verona", "the root of Verona")
}

contract("Memory", Memory.layer, identities)
contract(
  "Memory, cut into small pieces",
  Memory.layerWith({ chunk: Memory.chunks({ least: 1, most: 700, seed: 7 }) }),
  identities
)

describe("Memory", () => {
  it.effect("needs no clock: a whole conversation under a test clock that stands", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair()
      yield* left.write(bytes("<starttls/>"))
      assert.strictEqual(yield* readText(right, 11), "<starttls/>")
      const facts = yield* Effect.all({
        client: left.startTls({ as: "client", unread: nothing, identity: identities.initiator.identity }),
        server: right.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity })
      }, { concurrency: 2 })
      assert.deepStrictEqual(facts.client.exporter, facts.server.exporter)
      yield* left.write(bytes("x"))
      yield* left.end
      assert.strictEqual(yield* readText(right, 2), "x")
      assert.isTrue(Option.isNone(yield* right.read))
    }))

  it.effect("what travels under TLS begins with record headers, so text in between is noticed", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair()
      yield* Effect.forkChild(left.startTls({ as: "client", unread: nothing }), { startImmediately: true })
      const hello = yield* right.read
      assert.deepStrictEqual(Option.map(hello, (chunk) => [...chunk.subarray(0, 3)]), Option.some([0x16, 3, 3]))
    }))

  it.effect.prop("chunks: any cut gives the same bytes, in the same order", [Schema.Int, Schema.Int, Schema.Boolean], ([
    seed,
    most,
    tls
  ]) =>
    Effect.gen(function*() {
      const size = 1 + Math.abs(most) % 97
      const [left, right] = yield* Memory.pair({ chunk: Memory.chunks({ least: 1, most: size, seed }) })
      if (tls) {
        yield* Effect.all([
          left.startTls({ as: "client", unread: nothing }),
          right.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity })
        ], { concurrency: 2 })
      }
      const all = pattern(1_000)
      yield* left.write(all.subarray(0, 300))
      yield* left.write(all.subarray(300))
      yield* left.end
      const sizes: Array<number> = []
      const got: Array<Uint8Array> = []
      while (true) {
        const chunk = yield* right.read
        if (Option.isNone(chunk)) break
        sizes.push(chunk.value.length)
        got.push(chunk.value)
      }
      assert.isTrue(Buffer.concat(got).equals(all))
      assert.isTrue(sizes.every((count) => count >= 1 && count <= size))
    }))

  it("the same seed gives the same cuts, another seed others", () => {
    const draw = (seed: number): ReadonlyArray<number> => {
      const chunk = Memory.chunks({ least: 3, most: 50, seed })
      return Array.from({ length: 40 }, () => chunk(1_000))
    }
    assert.deepStrictEqual(draw(1), draw(1))
    assert.notDeepEqual(draw(1), draw(2))
    assert.isTrue(draw(1).every((count) => count >= 3 && count <= 50))
    assert.isAbove(new Set(draw(1)).size, 10, "the cuts hardly differ")
  })

  it.effect("a chunk that makes no sense means all there is", () =>
    Effect.gen(function*() {
      for (const answer of [0, -1, Number.NaN, 1_000]) {
        const [left, right] = yield* Memory.pair({ chunk: () => answer })
        yield* left.write(bytes("four"))
        assert.deepStrictEqual(Option.map(yield* right.read, (chunk) => chunk.length), Option.some(4), String(answer))
      }
    }))

  it.effect("the bound of the buffer is where writers begin to wait", () =>
    Effect.gen(function*() {
      const [left, right] = yield* Memory.pair({ bufferBytesMax: 10 })
      yield* left.write(bytes("123456789"))
      const writer = yield* Effect.forkChild(left.write(bytes("0")), { startImmediately: true })
      assert.isUndefined(writer.pollUnsafe())
      assert.strictEqual(Buffer.from(yield* readCount(right, 10)).toString(), "1234567890")
      assert.isDefined(writer.pollUnsafe())
    }))

  it.effect("a listener on all hosts is found by any name, two networks do not see each other", () =>
    Effect.gen(function*() {
      const dialling = Effect.gen(function*() {
        const transport = yield* Transport
        yield* transport.listen({ at: { host: "0.0.0.0", port: 5298 } }, () => Effect.never)
        return (yield* transport.dial({ host: "pronto.local", port: 5298 })).remote
      })
      assert.strictEqual(yield* Effect.provide(dialling, Memory.layer), "0.0.0.0:5298")
      const elsewhere = Effect.flatMap(Transport, (transport) => transport.dial({ host: "pronto.local", port: 5298 }))
      const error = yield* Effect.flip(Effect.provide(elsewhere, Memory.layer))
      assert.strictEqual(error.message, "connection refused by pronto.local:5298")
    }))
})
