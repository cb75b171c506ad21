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
  return new Named(yield* Clock.Clock, Effect.runForkWith(yield* Effect.context<never>()), fired)
})

class Named implements Timers, deadlines.Ports<Timer.Timer> {
  readonly #deadlines: deadlines.Deadlines<Timer.Timer>
  readonly #fired: (armed: Timer.Armed) => Effect.Effect<unknown>
  readonly fork: deadlines.Ports<Timer.Timer>["fork"]

  constructor(
    clock: Clock.Clock,
    fork: deadlines.Ports<Timer.Timer>["fork"],
    fired: (armed: Timer.Armed) => Effect.Effect<unknown>
  ) {
    this.fork = fork
    this.#fired = fired
    this.#deadlines = deadlines.make<Timer.Timer>(clock, this)
  }

  set(timer: Timer.Timer, generation: number, after: Timer.Millis): void {
    this.#deadlines.set(timer, generation, after)
  }

  clear(timer: Timer.Timer, generation: number): void {
    this.#deadlines.clear(timer, generation)
  }

  armed(): ReadonlyArray<Timer.Armed> {
    return this.#deadlines.running().map(([timer, generation]) => ({ timer, generation }))
  }

  start(): () => void {
    return this.#deadlines.start()
  }

  get run(): Effect.Effect<never> {
    return Effect.callback(() => Effect.sync(this.start()))
  }

  fired(timer: Timer.Timer, generation: number): Effect.Effect<unknown> {
    return this.#fired({ timer, generation })
  }
}
