/** The verifications of all streams: one run for each stream, from its first use to the end of both. @internal */
import type { PinStore } from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Entropy from "@xmpp-e2e/stream/Entropy"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Event } from "../Verifying.ts"
import { VerifyingFailed } from "../VerifyingFailure.ts"
import { pinVerified } from "./pinning.ts"
import { seenOf } from "./seen.ts"
import * as runs from "./verifyingRun.ts"

/** @internal */
export interface Runs {
  /** Fails where the stream cannot bear a verification. */
  readonly of: (stream: E2eStream) => Effect.Effect<runs.Run, VerifyingFailed>
  readonly find: (stream: E2eStream) => runs.Run | undefined
  /** Peers whose question waits for our person. */
  readonly asking: () => ReadonlyArray<string>
}

/** @internal */
export const make = Effect.fnUntraced(function*(
  store: PinStore["Service"],
  timeout: Duration.Input,
  tell: (event: Event) => Effect.Effect<unknown>
): Effect.fn.Return<Runs, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const entropy = yield* Entropy.Entropy
  const creating = yield* Semaphore.make(1)
  const known = new Map<E2eStream, runs.Run>()

  const create = Effect.fnUntraced(function*(stream: E2eStream) {
    const seen = yield* Effect.mapError(Effect.fromResult(seenOf(stream)), (why) => new VerifyingFailed({ why }))
    const own = yield* Scope.fork(scope)
    const run = yield* Scope.provide(
      runs.make(stream, {
        seen,
        timeout,
        freshNonce: () => Hex.encode(entropy.bytes(nonceBytes)),
        pin: pinVerified(seen, stream.self.naming, store),
        tell: (news) => tell({ ...news, peer: seen.peer, stream })
      }),
      own
    )
    known.set(stream, run)
    const over = Effect.suspend(() => {
      known.delete(stream)
      return Scope.close(own, Exit.void)
    })
    yield* Effect.forkIn(stream.ended.pipe(Effect.andThen(run.part), Effect.andThen(over)), scope)
    return run
  })

  return {
    of: (stream) =>
      creating.withPermit(Effect.suspend(() => {
        const run = known.get(stream)
        return run === undefined ? create(stream) : Effect.succeed(run)
      })),
    find: (stream) => known.get(stream),
    asking: () => [...known.values()].filter((run) => run.state()._tag === "Asked").map(({ peer }) => peer)
  }
})

const nonceBytes = 32
