/**
 * Ours: XEP-0199, asked with `ping` and answered by the stream itself.
 */
import { E2eStream } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { identityOf, layerOf } from "../contenders/ours.ts"
import { addresses } from "../corpus/corpus.ts"
import { nanos } from "../harness/resources.ts"
import type { Pinger } from "./pinger.ts"

export const ours: Pinger = {
  name: "ours",
  answer: (own) =>
    Effect.runPromise(Effect.gen(function*() {
      const scope = yield* Scope.make()
      const { at } = yield* E2eStream.listen(
        { from: addresses.recipient, identity: yield* identityOf(own), at: { host: "127.0.0.1", port: 0 } },
        (stream) => stream.ended
      ).pipe(Effect.provide(layerOf(own)), Scope.provide(scope))
      return at.port
    })),
  ask: (own, port) =>
    Effect.runPromise(Effect.gen(function*() {
      const scope = yield* Scope.make()
      const stream = yield* E2eStream.connect({
        from: addresses.initiator,
        to: addresses.recipient,
        identity: yield* identityOf(own),
        at: { host: "127.0.0.1", port }
      }).pipe(Effect.provide(layerOf(own)), Scope.provide(scope))
      return (times) => Effect.runPromise(asking(stream, times))
    }))
}

const asking = Effect.fnUntraced(function*(stream: E2eStream.E2eStream, times: number) {
  const took: Array<number> = []
  for (let time = 0; time < times; time++) {
    const since = nanos()
    yield* stream.ping()
    took.push((nanos() - since) / 1000)
  }
  return took
})
