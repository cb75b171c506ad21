/** The reducer as a function of plain values. */
import type { Law } from "../../Law.ts"
import type { Reduce, Step } from "../../Run.ts"
import { freeze, same, unplain } from "../values.ts"
import { law } from "./law.ts"

export const total: Law = law(
  "total",
  "every step answers, without touching what it was given, and twice the same",
  (_, reduce) => (step) => {
    freeze(step.before)
    freeze(step.event)
    const again = answer(reduce, step)
    if (typeof again === "string") return again
    if (!same(again[0], step.after)) return "the same state and event gave another state"
    return same(again[1], step.actions) ? undefined : "the same state and event gave other actions"
  }
)

export const plain: Law = law(
  "plain",
  "states, events and actions survive JSON, and the configuration is carried along untouched",
  () => {
    const known = new Set<unknown>()
    return ({ actions, after, before, event }) => {
      const found = unplain(event, known) ?? unplain(after, known) ?? unplain(actions, known)
      if (found !== undefined) return `a value would not survive JSON: ${found}`
      return after.config === before.config ? undefined : "the configuration was replaced"
    }
  }
)

const answer = (reduce: Reduce, { before, event }: Step): ReturnType<Reduce> | string => {
  try {
    return reduce(before, event)
  } catch (defect) {
    return `the step threw ${String(defect)}`
  }
}
