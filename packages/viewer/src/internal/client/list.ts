/**
 * The diagram: a list box in which only the rows in sight exist, so that its cost does not depend on how many there are.
 */
import type { Model } from "../model.ts"
import { make } from "./dom.ts"
import { offsets, reached, rowAt } from "./layout.ts"
import { rowView } from "./rowView.ts"

/** @internal */
export interface List {
  readonly element: HTMLElement
  /** Other rows, given by their index; on paper all of them are made, as nobody scrolls there. */
  readonly show: (visible: ReadonlyArray<number>, onPaper?: boolean) => void
  /** Marks a row and brings it into sight. */
  readonly select: (row: number) => void
}

/** @internal */
export const list = (model: Model, chosen: (row: number) => void): List => {
  const at = [reached(model.rows, 0), reached(model.rows, 1)] as const
  const space = make("div", { class: "space" })
  const element = make("div", {
    class: model.sides.length > 1 ? "diagram both" : "diagram",
    role: "listbox",
    tabindex: "0",
    "aria-label": "Steps of the stream"
  }, space)
  let visible: ReadonlyArray<number> = []
  let starts: Float64Array = new Float64Array(1)
  let selected = -1
  let whole = false
  const made = new Map<number, HTMLElement>()

  const draw = (): void => {
    const [first, last] = whole ? [0, visible.length - 1] : inSight(element, starts)
    const needed = new Set(visible.slice(first, last + 1))
    for (const [row, item] of made) {
      if (needed.has(row)) continue
      item.remove()
      made.delete(row)
    }
    for (let index = first; index <= last; index++) {
      const row = visible[index] ?? -1
      const of = model.rows[row]
      if (of === undefined || made.has(row)) continue
      const item = place(rowView(model, of, [at[0][row] ?? -1, at[1][row] ?? -1]), row, starts, index)
      item.setAttribute("aria-selected", String(row === selected))
      item.addEventListener("click", () => chosen(row))
      made.set(row, item)
      space.append(item)
    }
  }

  const show = (rows: ReadonlyArray<number>, onPaper = false): void => {
    whole = onPaper
    visible = rows
    starts = offsets(model, visible)
    space.style.height = `${starts[visible.length] ?? 0}px`
    for (const item of made.values()) item.remove()
    made.clear()
    draw()
  }

  const select = (row: number): void => {
    made.get(selected)?.setAttribute("aria-selected", "false")
    selected = row
    const index = indexOf(visible, row)
    if (index === undefined) return element.removeAttribute("aria-activedescendant")
    reveal(element, starts[index] ?? 0, starts[index + 1] ?? 0)
    draw()
    made.get(row)?.setAttribute("aria-selected", "true")
    element.setAttribute("aria-activedescendant", `row-${row}`)
  }

  element.addEventListener("scroll", draw, { passive: true })
  new ResizeObserver(draw).observe(element)
  return { element, show, select }
}

const inSight = ({ clientHeight, scrollTop }: HTMLElement, starts: Float64Array): readonly [number, number] => [
  Math.max(0, rowAt(starts, scrollTop) - overscan),
  Math.min(starts.length - 2, rowAt(starts, scrollTop + clientHeight) + overscan)
]

const place = (item: HTMLElement, row: number, starts: Float64Array, index: number): HTMLElement => {
  const [top, bottom] = [starts[index] ?? 0, starts[index + 1] ?? 0]
  item.id = `row-${row}`
  item.style.transform = `translateY(${top}px)`
  item.style.height = `${bottom - top}px`
  item.setAttribute("aria-posinset", String(index + 1))
  item.setAttribute("aria-setsize", String(starts.length - 1))
  return item
}

/** Scrolls no further than it must. */
const reveal = (element: HTMLElement, top: number, bottom: number): void => {
  if (top < element.scrollTop + margin) element.scrollTop = top - margin
  else if (bottom > element.scrollTop + element.clientHeight - margin) {
    element.scrollTop = bottom - element.clientHeight + margin
  }
}

/** Rows are in order, so half of them fall away with each look. */
const indexOf = (rows: ReadonlyArray<number>, row: number): number | undefined => {
  let [low, high] = [0, rows.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = rows[middle] ?? 0
    if (found === row) return middle
    if (found < row) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

const overscan = 6
const margin = 60
