/**
 * A clock that stands still until somebody asks for the next thing to happen. Hours of a stream pass in milliseconds, and
 * always in the same order.
 *
 * @since 0.1.0
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Clock {
  /** Milliseconds since the beginning. */
  readonly now: () => number
  /** Runs a task in so many milliseconds, after those that are due at the same time already; the answer takes it back. */
  readonly after: (millis: number, task: () => void) => () => void
  /** Goes on to the next task and runs it; false when there is none. */
  readonly next: () => boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Clock => {
  const waiting: Array<Task> = []
  let time = 0
  return {
    now: () => time,
    after: (millis, run) => {
      const task: Task = { due: time + Math.max(0, millis), run, cancelled: false }
      waiting.splice(placeOf(waiting, task.due), 0, task)
      return () => {
        task.cancelled = true
      }
    },
    next: () => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        if (task.cancelled) continue
        time = task.due
        task.run()
        return true
      }
      return false
    }
  }
}

interface Task {
  readonly due: number
  readonly run: () => void
  cancelled: boolean
}

/** Behind all that are due by then. */
const placeOf = (waiting: ReadonlyArray<Task>, due: number): number => {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((waiting[middle]?.due ?? 0) <= due) low = middle + 1
    else high = middle
  }
  return low
}
