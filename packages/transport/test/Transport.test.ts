import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Memory from "../src/Memory.ts"
import { Transport } from "../src/Transport.ts"
import { bytes, connect, readText } from "./contract/fixture.ts"

describe("Transport", () => {
  it.effect("is a service that a layer can wrap: this one counts what is written by those who dial", () =>
    Effect.gen(function*() {
      let written = 0
      const counting = Layer.effect(
        Transport,
        Effect.map(Transport, (inner) => ({
          ...inner,
          dial: (to) =>
            Effect.map(inner.dial(to), (connection) => ({
              ...connection,
              write: (chunk) =>
                Effect.suspend(() => {
                  written += chunk.length
                  return connection.write(chunk)
                })
            }))
        }))
      )
      const { near, far } = yield* connect.pipe(Effect.provide(Layer.provide(counting, Memory.layer)))
      yield* near.write(bytes("four"))
      assert.strictEqual(yield* readText(far, 4), "four")
      yield* far.write(bytes("nothing of this"))
      assert.strictEqual(written, 4)
    }))
})
