/** The page at work: one selected row, and everything that follows it. */
import type { Model } from "../model.ts"
import { announcer } from "./announcer.ts"
import { details } from "./detail.ts"
import { make } from "./dom.ts"
import { filter, prepare } from "./filter.ts"
import { keyboard } from "./keyboard.ts"
import { reached } from "./layout.ts"
import { list } from "./list.ts"
import { overview } from "./overview.ts"
import { around, further, refusing } from "./selection.ts"
import { visible } from "./text.ts"
import { timeline } from "./timeline.ts"
import { tools } from "./tools.ts"

const run = (model: Model, app: HTMLElement): void => {
  let rows: ReadonlyArray<number> = model.rows.map((_, at) => at)
  let selected = 0
  const at = [reached(model.rows, 0), reached(model.rows, 1)] as const
  const pane = details(model, (side, step) => go(side, step))
  const live = announcer()
  const choose = (row: number): void => {
    if (model.rows.length === 0) return
    selected = Math.max(0, Math.min(model.rows.length - 1, row))
    const steps = model.sides.map((_, side) => at[side === 0 ? 0 : 1][selected] ?? -1)
    const spoken = steps.map((step, side) => told(model, side, step)).join(" ")
    diagram.select(selected)
    travel.select(selected, spoken)
    live.sayUnless(diagram.element, spoken)
    pane.show(steps, model.rows[selected]?.steps[0] === null ? 1 : 0)
  }
  const move = (by: number): void => {
    const row = further(rows, selected, by)
    if (row !== undefined) choose(row)
  }
  const go = (side: 0 | 1, step: number): void => {
    const row = model.rows.findIndex(({ steps }) => steps[side] === step)
    if (!rows.includes(row)) bar.clear()
    choose(row)
    // In a narrow window it is below everything else.
    pane.element.scrollIntoView({ block: "nearest" })
  }
  const refusal = (): void => {
    const place = refusing(model, selected)
    if (place === undefined) live.say("This stream was not refused.")
    else go(place.side, place.step)
  }
  const show = (shown: ReadonlyArray<number>, onPaper = false): void => {
    diagram.show(shown, onPaper)
    diagram.select(selected)
    bar.count(shown.length)
  }
  const diagram = list(model, choose)
  const travel = timeline(model, choose)
  const bar = tools(model, (kinds, text) => show(rows = filter(model, kinds, text)), () => move(1))
  const parts = [overview(model, go), bar.element, travel.element]
  app.append(...header(model), ...parts, stage(model, diagram.element, pane.element), live.element, legend())
  bar.clear()
  choose(0)
  keyboard({
    move,
    first: () => choose(rows[0] ?? 0),
    last: () => choose(rows.at(-1) ?? 0),
    refusal,
    search: () => bar.search.focus(),
    clear: () => {
      bar.clear()
      diagram.element.focus()
    },
    theme: bar.nextTheme
  })
  addEventListener("beforeprint", () => show(around(rows, selected), true))
  addEventListener("afterprint", () => show(rows))
  diagram.element.focus({ preventScroll: true })
}

const stage = (model: Model, diagram: HTMLElement, pane: HTMLElement): HTMLElement =>
  make("main", {}, make("div", { class: "sequence" }, lanes(model), diagram), pane)

const told = (model: Model, side: number, at: number): string => {
  const of = model.sides[side]
  const step = of?.steps[at]
  if (of === undefined) return ""
  return step === undefined
    ? `${visible(of.self)} has not begun.`
    : `${visible(of.self)}, step ${at}, ${step.event._tag}, then ${visible(step.state)}.`
}

const header = ({ sides }: Model): ReadonlyArray<HTMLElement> => {
  const [first, second] = sides
  const names = [first?.self ?? "", second?.self ?? first?.peer ?? "a peer"]
  return [
    make("header", {}, make("h1", {}, visible(names[0] ?? ""), make("span", {}, " and "), visible(names[1] ?? "")))
  ]
}

const lanes = ({ sides }: Model): HTMLElement => {
  const [first, second] = sides
  return make(
    "div",
    { class: second === undefined ? "lanes" : "lanes both", "aria-hidden": "true" },
    make("span", { class: "side0" }, make("b", {}, visible(first?.self ?? "")), ` ${first?.role ?? ""}`),
    make(
      "span",
      { class: "side1" },
      make("b", {}, visible(second?.self ?? first?.peer ?? "the peer")),
      ` ${second?.role ?? ""}`
    )
  )
}

const legend = (): HTMLElement => {
  const keys = [["↑ ↓", "step"], ["Page", "ten steps"], ["Home End", "ends"], ["R", "why refused"], ["/", "search"], [
    "Esc",
    "show all"
  ], ["T", "theme"]] as const
  return make("footer", {}, ...keys.map(([key, does]) => make("span", {}, make("kbd", {}, key), ` ${does}`)))
}

const app = document.getElementById("app")
const data = document.getElementById("data")
if (app !== null && data !== null) {
  const model: Model = JSON.parse(data.textContent ?? "")
  run(model, app)
  for (const { steps } of model.sides) prepare(steps)
}
