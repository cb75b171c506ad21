/** Which row is next. Numbers only. */
import type { Model } from "../model.ts"

/** @internal So many of the shown rows further, and no further than the last; from between two of them, too. */
export const further = (shown: ReadonlyArray<number>, selected: number, by: number): number | undefined => {
  const here = shown.findIndex((row) => row >= selected)
  const from = here < 0 ? shown.length : shown[here] === selected || by < 0 ? here : here - 1
  return shown[Math.max(0, Math.min(shown.length - 1, from + by))]
}

/** @internal As many of the shown rows as go on paper, the selected one among them. */
export const around = (shown: ReadonlyArray<number>, selected: number): ReadonlyArray<number> => {
  const here = Math.max(0, shown.findIndex((row) => row >= selected))
  const first = Math.max(0, Math.min(shown.length - paperMax, here - paperMax / 2))
  return shown.slice(first, first + paperMax)
}

const paperMax = 1000

/** @internal */
export interface Place {
  readonly side: 0 | 1
  readonly step: number
}

/** @internal Where it was refused: by whom first; from there, how the other side learnt of it. */
export const refusing = (model: Model, selected: number): Place | undefined => {
  const said = model.sides.flatMap(({ refusal }, index) =>
    refusal === undefined ? [] : [{ side: index === 0 ? 0 as const : 1 as const, step: refusal.step, own: refusal.own }]
  ).sort((one, other) => Number(other.own) - Number(one.own))
  const here = said.findIndex(({ side, step }) => model.rows[selected]?.steps[side] === step)
  return said[(here + 1) % said.length]
}
