/** How sure it is who is at the other end of each stream, without asking the store of pins for each message. @internal */
import { PinStore } from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Mark } from "../ChatEvent.ts"
import { markOf, type Verifying } from "../Verifying.ts"

/** @internal */
export type Marks = (stream: E2eStream) => Effect.Effect<Mark>

/** @internal */
export const make = Effect.fnUntraced(function*(
  { events }: Verifying
): Effect.fn.Return<Marks, never, PinStore | Scope.Scope> {
  const store = yield* PinStore
  let known = new WeakMap<E2eStream, Mark>()
  yield* events.pipe(
    Stream.filter(({ _tag }) => _tag === "Verified"),
    // The same key may have other streams.
    Stream.runForEach(() => Effect.sync(() => void (known = new WeakMap()))),
    Effect.forkScoped({ startImmediately: true })
  )
  return (stream) =>
    Effect.suspend(() => {
      const mark = known.get(stream)
      if (mark !== undefined) return Effect.succeed(mark)
      return markOf(stream).pipe(
        Effect.provideService(PinStore, store),
        Effect.tap((found) => Effect.sync(() => known.set(stream, found))),
        // Nobody can say more of it.
        Effect.orElseSucceed(() => stream.secured ? "unverified" as const : "unencrypted" as const)
      )
    })
})
