/**
 * Deadlines on Effect's clock, so that a test clock moves them. Setting and clearing only writes into a table: one fiber
 * sleeps until the earliest deadline and looks again when it wakes. So one that is set anew with every stanza costs no fiber
 * and no clock of its own, and where there are none there is no sleeper.
 *
 * The monotonic clock is used: a wall clock that jumps must not end anything, nor keep it.
 */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

export interface Deadlines<Key> {
  /** In so many milliseconds; any finite number will do. A key has one deadline. */
  readonly set: (key: Key, mark: number, after: number) => void
  /** Unless it was set anew since with another mark. */
  readonly clear: (key: Key, mark: number) => void
  readonly running: () => ReadonlyArray<readonly [key: Key, mark: number]>
  /** From now on they fire, until what comes back is called. */
  readonly start: () => () => void
}

/** `fired` is told each one once, in order. */
export const make = <Key>(
  clock: Clock.Clock,
  fork: (work: Effect.Effect<void>) => Fiber.Fiber<void>,
  fired: (key: Key, mark: number) => Effect.Effect<unknown>
): Deadlines<Key> => {
  const table = new Map<Key, Deadline>()
  let sleeper: Fiber.Fiber<void> | undefined
  /** Only an earlier deadline has to wake somebody. */
  let sleepingUntil = notRunning

  const now = (): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli

  const fire = Effect.suspend((): Effect.Effect<void> => {
    // Whoever is firing looks for the next deadline by itself.
    sleepingUntil = notRunning
    const due = takeDue(table, now())
    return Effect.andThen(Effect.forEach(due, ([key, { mark }]) => fired(key, mark), { discard: true }), sleep)
  })

  const sleep = Effect.suspend((): Effect.Effect<void> => {
    sleepingUntil = earliest(table)
    if (sleepingUntil === Infinity) return Effect.void
    return Effect.andThen(Effect.sleep(Math.max(0, sleepingUntil - now())), fire)
  })

  return {
    set: (key, mark, after) => {
      const deadline = now() + after
      table.set(key, { mark, deadline })
      // A deadline that moved away is noticed when the sleeper wakes; only an earlier one must wake it.
      if (deadline >= sleepingUntil) return
      sleeper?.interruptUnsafe()
      sleeper = fork(sleep)
    },
    clear: (key, mark) => {
      if (table.get(key)?.mark === mark) table.delete(key)
    },
    running: () => [...table].map(([key, { mark }]) => [key, mark]),
    start: () => {
      sleeper = fork(fire)
      return () => {
        sleepingUntil = notRunning
        sleeper?.interruptUnsafe()
      }
    }
  }
}

interface Deadline {
  readonly mark: number
  readonly deadline: number
}

const takeDue = <Key>(table: Map<Key, Deadline>, at: number): ReadonlyArray<readonly [Key, Deadline]> => {
  const due = [...table]
    .filter(([, { deadline }]) => deadline <= at)
    .sort(([, one], [, other]) => one.deadline - other.deadline || one.mark - other.mark)
  for (const [key] of due) table.delete(key)
  return due
}

const earliest = (table: ReadonlyMap<unknown, Deadline>): number => {
  let least = Infinity
  for (const { deadline } of table.values()) if (deadline < least) least = deadline
  return least
}

/** No deadline is earlier. */
const notRunning = -Infinity
const nanosPerMilli = 1_000_000
