/**
 * The named timers of one stream: deadlines that the reducer sets and clears, each with the generation it was set with.
 *
 * @since 0.1.0
 */
import type { Timer } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as deadlines from "./internal/deadlines.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Timers {
  /** Starts a timer, or moves it: a timer has one deadline. `after` is in milliseconds; any finite number will do. */
  readonly set: (timer: Timer.Timer, generation: number, after: Timer.Millis) => void
  /** Forgets a timer, unless it was set anew since with another generation. */
  readonly clear: (timer: Timer.Timer, generation: number) => void
  /** The timers that are running. */
  readonly armed: () => ReadonlyArray<Timer.Armed>
  /** From now on timers fire, until what comes back is called. */
  readonly start: () => () => void
  /** The same as an effect: sleeps and fires until it is interrupted. */
  readonly run: Effect.Effect<never>
}

/**
 * `fired` is told each timer once, in the order of their deadlines.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  fired: (armed: Timer.Armed) => Effect.Effect<unknown>
): Effect.fn.Return<Timers> {
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const { clear, running, set, start } = deadlines.make<Timer.Timer>(
    yield* Clock.Clock,
    fork,
    (timer, generation) => fired({ timer, generation })
  )
  return {
    set,
    clear,
    armed: () => running().map(([timer, generation]) => ({ timer, generation })),
    start,
    run: Effect.callback(() => Effect.sync(start()))
  }
})
