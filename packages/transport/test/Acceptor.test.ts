import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Acceptor from "../src/Acceptor.ts"
import * as Memory from "../src/Memory.ts"

describe("Acceptor", () => {
  it.effect("LIM-01 counts by address, and gives the room back", () =>
    Effect.gen(function*() {
      const acceptor = yield* Acceptor.make({ connectionsPerAddressMax: 1, connectionsMax: 2 }, (connection) =>
        Effect.ignore(connection.read))
      const [near, far] = yield* Memory.pair()
      const [, other] = yield* Memory.pair()
      assert.isTrue(acceptor.accept("192.0.2.1", far))
      assert.isFalse(acceptor.accept("192.0.2.1", other), "a second one from the same address")
      assert.isTrue(acceptor.accept("192.0.2.2", other))
      const [, third] = yield* Memory.pair()
      assert.isFalse(acceptor.accept("192.0.2.3", third), "a third one in all")
      yield* near.end
      yield* Effect.yieldNow
      assert.isTrue(acceptor.accept("192.0.2.1", third))
    }))

  it.effect("takes nothing once its scope is closed", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const acceptor = yield* Scope.provide(Acceptor.make({}, () => Effect.never), scope)
      yield* Scope.close(scope, Exit.void)
      const [, far] = yield* Memory.pair()
      assert.isFalse(acceptor.accept("192.0.2.1", far))
    }))

  it.effect("drops the connection when the handler is through", () =>
    Effect.gen(function*() {
      const acceptor = yield* Acceptor.make({}, () => Effect.void)
      const [near, far] = yield* Memory.pair()
      assert.isTrue(acceptor.accept("192.0.2.1", far))
      assert.match((yield* Effect.flip(near.read)).message, /reset/)
    }))
})
