/** The state after any step, put together from the differences. States passed on the way are kept at intervals. */
import type { Side } from "../model.ts"
import { apply } from "../patch.ts"

/** @internal The state after step `at`; before all steps when it is negative. */
export const timeTravel = ({ start, steps }: Side): (at: number) => unknown => {
  const kept = new Map<number, unknown>([[-1, start]])
  return (at) => {
    let from = Math.floor((Math.min(at, steps.length - 1) + 1) / interval) * interval - 1
    while (!kept.has(from)) from -= interval
    let state = kept.get(from)
    for (let next = from + 1; next <= at && next < steps.length; next++) {
      state = apply(state, steps[next]?.patch ?? [])
      if ((next + 1) % interval === 0) kept.set(next, state)
    }
    return state
  }
}

const interval = 256
