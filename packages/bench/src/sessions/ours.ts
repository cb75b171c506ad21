/**
 * Sessions of ours: STARTTLS, both certificates judged against pins, EXTERNAL. The trust is set up once, as by anybody who
 * has more than one stream.
 */
import { E2eStream } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import { identityOf, layerOf } from "../contenders/ours.ts"
import { addresses } from "../corpus/corpus.ts"
import type { Manner } from "./session.ts"

export const ours: Manner = {
  name: "ours",
  host: async (own) => {
    const runtime = ManagedRuntime.make(layerOf(own))
    const scope = await runtime.runPromise(Scope.make())
    let established = 0
    const streams = new Set<E2eStream.E2eStream>()
    const listener = await runtime.runPromise(
      Effect.gen(function*() {
        const options = {
          from: addresses.recipient,
          identity: yield* identityOf(own),
          at: { host: "127.0.0.1", port: 0 },
          connectionsMax: 100_000,
          connectionsPerAddressMax: 100_000
        }
        return yield* E2eStream.listen(options, (stream) => {
          established += 1
          streams.add(stream)
          return Effect.ensuring(stream.ended, Effect.sync(() => streams.delete(stream)))
        })
      }).pipe(Scope.provide(scope))
    )
    return {
      port: listener.at.port,
      established: () => established,
      dropAll: () => runtime.runPromise(abort(streams))
    }
  },
  guest: async (own, port) => {
    const runtime = ManagedRuntime.make(layerOf(own))
    const identity = await runtime.runPromise(identityOf(own))
    const streams = new Set<E2eStream.E2eStream>()
    const scopes: Array<Scope.Closeable> = []
    const options = { from: addresses.initiator, to: addresses.recipient, identity, at: { host: "127.0.0.1", port } }
    return {
      open: async () => {
        const scope = await runtime.runPromise(Scope.make())
        scopes.push(scope)
        streams.add(await runtime.runPromise(E2eStream.connect(options).pipe(Scope.provide(scope))))
      },
      dropAll: async () => {
        await runtime.runPromise(abort(streams))
        await runtime.runPromise(
          Effect.forEach(scopes.splice(0), (scope) => Scope.close(scope, Exit.void), { discard: true })
        )
      }
    }
  }
}

const abort = (streams: Set<E2eStream.E2eStream>): Effect.Effect<void> =>
  Effect.suspend(() => Effect.forEach([...streams], ({ abort }) => abort, { concurrency: "unbounded", discard: true }))
    .pipe(Effect.andThen(Effect.sync(() => streams.clear())))
