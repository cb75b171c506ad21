import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { Connection, TransportError } from "../../src/Connection.ts"
import { type ListenOptions, Transport } from "../../src/Transport.ts"
import { aMoment, bytes, readText, soon } from "./fixture.ts"

class Greeting extends Context.Service<Greeting, { readonly text: string }>()("transport/test/Greeting") {}

export const listenerContract = (layer: Layer.Layer<Transport>): void => {
  it.live("port 0 is replaced, and two listeners get two ports", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const one = yield* transport.listen({ at: loopback }, () => Effect.void)
      const two = yield* transport.listen({ at: loopback }, () => Effect.void)
      assert.notStrictEqual(one.at.port, 0)
      assert.notStrictEqual(one.at.port, two.at.port)
      assert.strictEqual(one.at.host, "127.0.0.1")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("dialling where nobody listens is refused", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const at = yield* Effect.scoped(Effect.map(transport.listen({ at: loopback }, () => Effect.void), (it) => it.at))
      const error = yield* Effect.flip(transport.dial(at))
      assert.strictEqual(error.op, "dial")
      assert.strictEqual(error.message, `connection refused by 127.0.0.1:${at.port}`)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a port that is taken is a typed error, and free again once its scope is closed", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const scope = yield* Scope.make()
      const { at } = yield* Scope.provide(transport.listen({ at: loopback }, () => Effect.never), scope)
      yield* transport.dial(at)
      const error = yield* Effect.flip(transport.listen({ at }, () => Effect.void))
      assert.strictEqual(error.op, "listen")
      assert.match(error.message, /already in use/)
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual((yield* transport.listen({ at }, () => Effect.void)).at, at)
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("handlers run beside each other and see the services around the listener", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const listener = yield* transport.listen({ at: loopback }, (connection) =>
        Effect.gen(function*() {
          const greeting = yield* Greeting
          yield* Effect.ignore(connection.write(bytes(greeting.text)))
          return yield* Effect.never
        }))
      const clients = yield* Effect.all([transport.dial(listener.at), transport.dial(listener.at)])
      const heard = yield* Effect.forEach(clients, (client) => readText(client, 5))
      assert.deepStrictEqual(heard, ["hallo", "hallo"])
    }).pipe(Effect.provideService(Greeting, { text: "hallo" }), Effect.provide(layer), Effect.timeout(soon)))

  it.live("the end of a handler drops its connection", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const listener = yield* transport.listen({ at: loopback }, () => Effect.void)
      yield* isDropped(transport.dial(listener.at))
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("a handler that dies takes only its own connection along", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      let first = true
      const listener = yield* transport.listen({ at: loopback }, (connection) =>
        Effect.suspend(() => {
          if (!first) return Effect.andThen(Effect.ignore(connection.write(bytes("alive"))), Effect.never)
          first = false
          return Effect.die("a bug")
        }))
      yield* isDropped(transport.dial(listener.at))
      const two = yield* transport.dial(listener.at)
      assert.strictEqual(yield* readText(two, 5), "alive")
    }).pipe(Effect.provide([layer, silent]), Effect.timeout(soon)))

  it.live("closing the scope interrupts the handlers, waits for them, and refuses newcomers", () =>
    Effect.gen(function*() {
      const transport = yield* Transport
      const scope = yield* Scope.make()
      const running = yield* Deferred.make<void>()
      let cleaned = false
      const handler = (): Effect.Effect<void> =>
        Effect.andThen(Deferred.succeed(running, undefined), Effect.never).pipe(
          Effect.onInterrupt(() =>
            Effect.andThen(
              Effect.sleep(aMoment),
              Effect.sync(() => {
                cleaned = true
              })
            )
          )
        )
      const { at } = yield* Scope.provide(transport.listen({ at: loopback }, handler), scope)
      const connection = yield* transport.dial(at)
      yield* Deferred.await(running)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      assert.match((yield* Effect.flip(transport.dial(at))).message, /refused/)
      assert.isFalse(cleaned, "newcomers are refused before the handlers are through")
      yield* Fiber.join(closing)
      assert.isTrue(cleaned)
      assert.strictEqual((yield* Effect.flip(connection.read))._tag, "TransportError")
    }).pipe(Effect.provide(layer), Effect.timeout(soon)))

  it.live("LIM-01 connections beyond the bound are dropped unread, until one leaves", () =>
    bounded(layer, { connectionsMax: 2 }))

  it.live("LIM-01 one address may not take all the room", () => bounded(layer, { connectionsPerAddressMax: 2 }))
}

const bounded = (layer: Layer.Layer<Transport>, options: Omit<ListenOptions, "at">) =>
  Effect.gen(function*() {
    const transport = yield* Transport
    const inside: Array<Connection> = []
    const listener = yield* transport.listen({ at: loopback, ...options }, (connection) => {
      inside.push(connection)
      return Effect.andThen(Effect.ignore(connection.write(bytes("in"))), Effect.ignore(connection.read))
    })
    const one = yield* transport.dial(listener.at)
    const two = yield* transport.dial(listener.at)
    assert.deepStrictEqual([yield* readText(one, 2), yield* readText(two, 2)], ["in", "in"])
    yield* isDropped(transport.dial(listener.at))
    assert.strictEqual(inside.length, 2, "the third was handled")
    yield* one.end
    yield* Effect.ignore(one.read)
    yield* Effect.sleep(aMoment)
    const four = yield* transport.dial(listener.at)
    assert.isTrue(Option.isSome(yield* four.read), "the room was not given back")
  }).pipe(Effect.provide(layer), Effect.timeout(soon))

/** The death is reported in the log; that one line is expected here. */
const silent = Logger.layer([])
/** A reset may be quicker than the dial. */
const isDropped = <R>(dial: Effect.Effect<Connection, TransportError, R>) =>
  Effect.map(Effect.flip(Effect.flatMap(dial, (connection) => connection.read)), (error) => {
    assert.match(error.message, /reset/)
  })

const loopback = { host: "127.0.0.1", port: 0 }
