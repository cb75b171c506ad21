/**
 * The life of the stream as a band for each side, with a slider to travel through it. A step stands in the phase that its
 * event met, as in the diagram.
 */
import type { Model, Phase } from "../model.ts"
import { make } from "./dom.ts"
import { met, reached } from "./layout.ts"
import { phaseWords } from "./words.ts"

/** @internal */
export interface Timeline {
  readonly element: HTMLElement
  readonly select: (row: number, spoken: string) => void
}

/** @internal */
export const timeline = (model: Model, chosen: (row: number) => void): Timeline => {
  const last = Math.max(0, model.rows.length - 1)
  const slider = make("input", {
    type: "range",
    min: "0",
    max: String(last),
    step: "1",
    value: "0",
    "aria-label": "Travel in time: step of the stream"
  })
  // The middle of its thumb stands where the band has the step.
  slider.style.marginLeft = `calc(${50 / (last + 1)}% - ${thumbWidth / 2}px)`
  slider.style.width = `calc(${100 - 100 / (last + 1)}% + ${thumbWidth}px)`
  slider.addEventListener("input", () => chosen(Number(slider.value)))
  const element = make("section", { class: "timeline", "aria-label": "Timeline of states" })
  model.sides.forEach((side, index) => {
    const phases = phasesOf(model, index === 0 ? 0 : 1)
    const band = make("div", { class: "bands", role: "img", "aria-label": `${side.self}: ${told(phases)}` })
    for (const { from, phase, until } of runs(phases)) {
      const part = make("span", { class: `phase-${phase}`, title: phaseWords[phase] }, phaseWords[phase])
      part.style.left = `${(from / phases.length) * 100}%`
      part.style.width = `${((until - from) / phases.length) * 100}%`
      band.append(part)
    }
    const refusing = side.refusal === undefined
      ? -1
      : model.rows.findIndex(({ steps }) => steps[index] === side.refusal?.step)
    if (refusing >= 0) {
      const flag = make("i", { class: "flag", title: side.refusal?.what ?? "" })
      flag.style.left = `${((refusing + 0.5) / phases.length) * 100}%`
      band.append(flag)
    }
    element.append(band)
  })
  const cursor = make("i", { class: "cursor" })
  element.append(cursor, slider)
  return {
    element,
    select: (row, spoken) => {
      slider.value = String(row)
      slider.setAttribute("aria-valuetext", spoken)
      cursor.style.left = `${((row + 0.5) / (last + 1)) * 100}%`
    }
  }
}

const phasesOf = (model: Model, side: 0 | 1): ReadonlyArray<Phase> =>
  Array.from(reached(model.rows, side), (step, row) =>
    model.rows[row]?.steps[side] === step
      ? met(model, side, step)
      : model.sides[side]?.steps[step]?.phase ?? "opening")

interface Span {
  readonly from: number
  readonly until: number
  readonly phase: Phase
}

/** @internal Neighbours of one phase are one; of more than a screen can tell apart, only every so many-th is looked at. */
export const runs = (phases: ReadonlyArray<Phase>): ReadonlyArray<Span> => {
  const stride = Math.max(1, Math.ceil(phases.length / spansMax))
  const found: Array<Span> = []
  for (let from = 0; from < phases.length; from += stride) {
    const phase = phases[from] ?? "opening"
    const until = Math.min(phases.length, from + stride)
    const before = found.at(-1)
    if (before?.phase === phase) found[found.length - 1] = { ...before, until }
    else found.push({ from, until, phase })
  }
  return found
}

const told = (phases: ReadonlyArray<Phase>): string =>
  runs(phases).slice(0, 20).map(({ phase }) => phaseWords[phase]).join(", ")

/** Pixels. */
const thumbWidth = 16
const spansMax = 2000
