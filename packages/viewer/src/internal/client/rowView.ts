/** One row of the diagram as an element: times and notes beside, what crosses the wire in between. */
import type { Model, Row } from "../model.ts"
import { make } from "./dom.ts"
import { dividerHeight, type Laid, layRow, lineHeight, met, type Placed } from "./layout.ts"
import { seconds } from "./text.ts"
import { phaseWords } from "./words.ts"

/** @internal `reached` are the steps that the sides have reached with this row. */
export const rowView = (model: Model, row: Row, reached: readonly [number, number]): HTMLElement => {
  const laid = layRow(model, row)
  const divided = laid.begins.some((phase) => phase !== undefined)
  const top = divided ? dividerHeight : 0
  const element = make("div", { class: "row", role: "option", "aria-label": spoken(model, row) })
  if (divided) element.append(divider(laid))
  for (const side of [0, 1] as const) {
    const at = row.steps[side]
    const step = model.sides[side]?.steps[at ?? -1]
    const phase = at === null ? model.sides[side]?.steps[reached[side]]?.phase : met(model, side, at)
    if (phase !== undefined) element.append(make("div", { class: `band side${side} phase-${phase}` }))
    if (at === null || step === undefined) continue
    const number = make(
      "div",
      { class: `when side${side}` },
      make("b", {}, String(at)),
      make("span", {}, seconds(step.at))
    )
    const line = laid.marks.find((placed) => placed.side === side)?.line ?? 0
    number.style.top = `${top + 4 + line * lineHeight}px`
    element.append(number)
  }
  for (const placed of laid.marks) {
    const line = mark(placed)
    line.style.top = `${top + 4 + placed.line * lineHeight}px`
    element.append(line)
  }
  return element
}

const divider = ({ begins }: Laid): HTMLElement => {
  const element = make("div", { class: "divider", "aria-hidden": "true" })
  begins.forEach((phase, side) => {
    if (phase !== undefined) element.append(make("span", { class: `side${side} phase-${phase}` }, phaseWords[phase]))
  })
  return element
}

const mark = ({ arrived, mark, side, towards }: Placed): HTMLElement => {
  const bad = mark.bad === true ? " bad" : ""
  if (towards === undefined) {
    const text = arrived === true ? `received ${mark.text}` : mark.text
    return make("div", { class: `note side${side}${arrived === true ? " arrived" : ""}${bad}`, title: text }, text)
  }
  const label = make("span", { class: "label", title: mark.text }, mark.text)
  return make("div", { class: `arrow ${towards}${bad}` }, label)
}

/** What a screen reader says of a row. */
const spoken = (model: Model, { steps }: Row): string =>
  steps.flatMap((at, side) => {
    const of = model.sides[side]
    const step = of?.steps[at ?? -1]
    if (of === undefined || step === undefined || at === null) return []
    const marks = step.marks.map(({ text, way }) =>
      `${way === "in" ? "received " : way === "out" ? "sent " : ""}${text}`
    )
    return [`${model.sides.length > 1 ? `${of.self}, ` : ""}step ${at}: ${marks.join("; ")}. Then ${step.state}.`]
  }).join(" ")
