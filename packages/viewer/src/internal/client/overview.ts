/** The top of the page: who spoke with whom, how it ended, why it was refused, and whether both files agree. */
import type { Model, Side } from "../model.ts"
import { isHidden } from "./claims.ts"
import { button, make } from "./dom.ts"
import { visible } from "./text.ts"

/** @internal `go` shows a step of a side. */
export const overview = (model: Model, go: (side: 0 | 1, step: number) => void): HTMLElement => {
  const cards = model.sides.map((side, index) => card(side, index === 0 ? 0 : 1, model.sides.length > 1, go))
  const element = make("section", { class: "overview", "aria-label": "Outcome" }, ...cards)
  if (model.matching !== undefined) element.append(matching(model, go))
  return element
}

const card = (side: Side, index: 0 | 1, both: boolean, go: (side: 0 | 1, step: number) => void): HTMLElement => {
  const element = make("div", { class: side.refusal === undefined ? "card" : "card refused" })
  element.append(
    make("p", { class: "about", title: side.about }, visible(side.about)),
    make("p", { class: side.matched ? "outcome good" : "outcome bad" }, `Replay ${visible(side.outcome, true)}`)
  )
  if (side.torn !== undefined) element.append(make("p", { class: "bad" }, `${side.torn}; what is before it is shown.`))
  if (side.refusal === undefined) return element
  const { because, rule, step, what } = side.refusal
  element.append(make(
    "p",
    { class: "why" },
    make("strong", {}, visible(what)),
    ...(rule === "" ? [] : [" ", make("code", { class: "rule" }, visible(rule))]),
    ...(because === undefined || isHidden(because) ? [] : [make("span", {}, visible(because))])
  ))
  const label = `Why it was refused: step ${step}`
  const named = both ? { "aria-label": `${label} of ${visible(side.self)}` } : {}
  element.append(button(label, { class: "primary", ...named }, () => go(index, step)))
  return element
}

const matching = (model: Model, go: (side: 0 | 1, step: number) => void): HTMLElement => {
  const { arrived = 0, lost = [] } = model.matching ?? {}
  const element = make("div", { class: "card matching" })
  const told = lost.length === 0
    ? `Both files agree: each of ${arrived} messages was received as it was sent.`
    : `${arrived} messages were received as they were sent; ${lost.length} ${
      lost.length === 1 ? "has" : "have"
    } no counterpart in the other file:`
  element.append(make("p", { class: lost.length === 0 ? "good" : "" }, told))
  const list = make("ul")
  for (const { side, step, text, way } of lost.slice(0, lostMax)) {
    const whose = visible(model.sides[side]?.self ?? "")
    const label = `${whose}, step ${step}: ${way === "out" ? "sent" : "received"} ${text}`
    list.append(make("li", {}, button(label, { class: "quiet" }, () => go(side, step))))
  }
  if (lost.length > lostMax) list.append(make("li", { class: "dim" }, `and ${lost.length - lostMax} more`))
  if (lost.length > 0) element.append(list)
  return element
}

const lostMax = 5
