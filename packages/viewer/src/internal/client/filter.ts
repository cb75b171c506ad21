/** Which rows are shown: those of a kind that is asked for, and with the text that is looked for. */
import type { Kind, Model, Step } from "../model.ts"

/** @internal Indices of rows. No kinds are all kinds. */
export const filter = (model: Model, kinds: ReadonlySet<Kind>, text: string): ReadonlyArray<number> => {
  const wanted = text.trim().toLowerCase()
  const shows = (step: Step | undefined): boolean =>
    step !== undefined && (kinds.size === 0 || step.kinds.some((kind) => kinds.has(kind))) &&
    (wanted === "" || haystack(step).includes(wanted))
  return model.rows.flatMap(({ steps }, at) =>
    steps.some((step, side) => step !== null && shows(model.sides[side]?.steps[step])) ? [at] : []
  )
}

/** @internal Reads what will be searched a little at a time, so that the first letter of a search finds it read. */
export const prepare = (steps: ReadonlyArray<Step>, from = 0): void => {
  const until = Math.min(steps.length, from + sliceLength)
  for (const step of steps.slice(from, until)) haystack(step)
  if (until < steps.length) setTimeout(() => prepare(steps, until))
}

/** Everything that the step says, as one would type it. Kept, because one types letter by letter. */
const haystack = (step: Step): string => {
  const known = haystacks.get(step)
  if (known !== undefined) return known
  const told = `${step.state} ${step.marks.map(({ text }) => text).join(" ")} `
  const made = (told + JSON.stringify([step.event, step.actions])).toLowerCase()
  haystacks.set(step, made)
  return made
}

const haystacks = new WeakMap<Step, string>()

/** Some milliseconds' work: nobody notices. */
const sliceLength = 500
