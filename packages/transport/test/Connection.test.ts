import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TlsError, TransportError } from "../src/Connection.ts"

describe("Connection", () => {
  it.effect("errors are told apart by their tag and read as sentences", () =>
    Effect.gen(function*() {
      const refused = new TransportError({ op: "dial", detail: "connection refused by 192.0.2.7:5298" })
      assert.strictEqual(refused.message, "connection refused by 192.0.2.7:5298")
      const told = yield* Effect.fail(refused).pipe(
        Effect.catchTag("TransportError", (error) => Effect.succeed(`${error.op}: ${error.message}`))
      )
      assert.strictEqual(told, "dial: connection refused by 192.0.2.7:5298")
    }))

  it("TLS errors keep their cause for the log", () => {
    const cause = new Error("wrong version number")
    const error = new TlsError({ detail: "what arrived is not TLS", cause })
    assert.strictEqual(error._tag, "TlsError")
    assert.strictEqual(error.message, "what arrived is not TLS")
    assert.strictEqual(error.cause, cause)
  })
})
