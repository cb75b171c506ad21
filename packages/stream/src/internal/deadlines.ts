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

export interface Ports<Key> {
  readonly fork: (work: Effect.Effect<void>) => Fiber.Fiber<void>
  /** Is told each one once, in order. */
  readonly fired: (key: Key, mark: number) => Effect.Effect<unknown>
}

export const make = <Key>(clock: Clock.Clock, ports: Ports<Key>): Deadlines<Key> => new Table(clock, ports)

class Table<Key> implements Deadlines<Key> {
  readonly #clock: Clock.Clock
  readonly #ports: Ports<Key>
  readonly #table = new Map<Key, Deadline>()
  #sleeper: Fiber.Fiber<void> | undefined
  /** Only an earlier deadline has to wake somebody. */
  #sleepingUntil = notRunning

  constructor(clock: Clock.Clock, ports: Ports<Key>) {
    this.#clock = clock
    this.#ports = ports
  }

  set(key: Key, mark: number, after: number): void {
    const deadline = this.#now() + after
    this.#table.set(key, { mark, deadline })
    // A deadline that moved away is noticed when the sleeper wakes; only an earlier one must wake it.
    if (deadline >= this.#sleepingUntil) return
    this.#sleeper?.interruptUnsafe()
    this.#sleeper = this.#ports.fork(this.#sleep)
  }

  clear(key: Key, mark: number): void {
    if (this.#table.get(key)?.mark === mark) this.#table.delete(key)
  }

  running(): ReadonlyArray<readonly [key: Key, mark: number]> {
    return [...this.#table].map(([key, { mark }]) => [key, mark])
  }

  start(): () => void {
    this.#sleeper = this.#ports.fork(this.#fire)
    return () => {
      this.#sleepingUntil = notRunning
      this.#sleeper?.interruptUnsafe()
    }
  }

  get #fire(): Effect.Effect<void> {
    return Effect.suspend(() => {
      // Whoever is firing looks for the next deadline by itself.
      this.#sleepingUntil = notRunning
      const due = takeDue(this.#table, this.#now())
      const told = Effect.forEach(due, ([key, { mark }]) => this.#ports.fired(key, mark), { discard: true })
      return Effect.andThen(told, this.#sleep)
    })
  }

  get #sleep(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.#sleepingUntil = earliest(this.#table)
      if (this.#sleepingUntil === Infinity) return Effect.void
      return Effect.andThen(Effect.sleep(Math.max(0, this.#sleepingUntil - this.#now())), this.#fire)
    })
  }

  #now(): number {
    return Number(this.#clock.monotonicTimeNanosUnsafe()) / nanosPerMilli
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
