/**
 * The named timers of one stream on Effect's clock, so that a test clock moves them. Setting and clearing only writes
 * into a table: one fiber sleeps until the earliest deadline and looks again when it wakes. A keepalive that is set anew
 * with every stanza costs no fiber and no clock of its own, and a stream without deadlines has no sleeper.
 *
 * The monotonic clock is used: a wall clock that jumps must not end a stream, nor keep it.
 *
 * @since 0.1.0
 */
import type { Timer } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

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
  const clock = yield* Clock.Clock
  const running = new Map<Timer.Timer, Deadline>()
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  let sleeper: Fiber.Fiber<void> | undefined
  /** Only an earlier deadline has to wake somebody. */
  let sleepingUntil = notRunning

  const now = (): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli

  const fire = Effect.suspend((): Effect.Effect<void> => {
    // Whoever is firing looks for the next deadline by itself.
    sleepingUntil = notRunning
    return Effect.andThen(Effect.forEach(takeDue(running, now()), fired, { discard: true }), sleep)
  })

  const sleep = Effect.suspend((): Effect.Effect<void> => {
    sleepingUntil = earliest(running)
    if (sleepingUntil === Infinity) return Effect.void
    return Effect.andThen(Effect.sleep(Math.max(0, sleepingUntil - now())), fire)
  })

  const start = (): () => void => {
    sleeper = fork(fire)
    return () => {
      sleepingUntil = notRunning
      sleeper?.interruptUnsafe()
    }
  }

  return {
    set: (timer, generation, after) => {
      const deadline = now() + after
      running.set(timer, { generation, deadline })
      // A deadline that moved away is noticed when the sleeper wakes; only an earlier one must wake it.
      if (deadline >= sleepingUntil) return
      sleeper?.interruptUnsafe()
      sleeper = fork(sleep)
    },
    clear: (timer, generation) => {
      if (running.get(timer)?.generation === generation) running.delete(timer)
    },
    armed: () => [...running].map(([timer, { generation }]) => ({ timer, generation })),
    start,
    run: Effect.callback(() => Effect.sync(start()))
  }
})

interface Deadline {
  readonly generation: number
  readonly deadline: number
}

const takeDue = (running: Map<Timer.Timer, Deadline>, at: number): ReadonlyArray<Timer.Armed> => {
  const due = [...running]
    .filter(([, { deadline }]) => deadline <= at)
    .sort(([, one], [, other]) => one.deadline - other.deadline || one.generation - other.generation)
  for (const [timer] of due) running.delete(timer)
  return due.map(([timer, { generation }]) => ({ timer, generation }))
}

const earliest = (running: ReadonlyMap<Timer.Timer, Deadline>): number => {
  let least = Infinity
  for (const { deadline } of running.values()) if (deadline < least) least = deadline
  return least
}

/** No deadline is earlier. */
const notRunning = -Infinity
const nanosPerMilli = 1_000_000
