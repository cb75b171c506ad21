/**
 * Where everything of the diagram goes: the lines of a row, its height, and which rows a window of the whole sees. Numbers
 * only; `rowView.ts` makes elements of them.
 */
import type { Mark, Model, Phase, Row } from "../model.ts"

/** @internal A mark and the line it stands on. `towards` is there when it crosses the wire. */
export interface Placed {
  readonly line: number
  readonly mark: Mark
  readonly side: 0 | 1
  readonly towards?: "left" | "right"
  /** Received, and drawn where it was sent. */
  readonly arrived?: true
}

/** @internal */
export interface Laid {
  readonly marks: ReadonlyArray<Placed>
  readonly lines: number
  /** Phases that begin with the row, by side. */
  readonly begins: readonly [Phase | undefined, Phase | undefined]
}

/** @internal */
export const layRow = (model: Model, row: Row): Laid => {
  const sender = row.sender ?? (row.steps[0] === null ? 1 : 0)
  const placed = [...place(model, row, sender, 0, 0)]
  const receiver = sender === 0 ? 1 : 0
  const event = model.sides[receiver]?.steps[row.steps[receiver] ?? -1]?.marks[0]?.text
  const sent = placed.filter(({ mark }) => mark.way === "out")
  const joined = sent.find(({ mark }) => mark.text === event) ?? sent[0]
  placed.push(...place(model, row, receiver, joined?.line ?? 0, placed.length))
  return {
    marks: placed,
    lines: Math.max(1, ...placed.map(({ line }) => line + 1)),
    begins: [begins(model, row, 0), begins(model, row, 1)]
  }
}

/** A crossing must not be drawn over another, so those of the second side start at `free`. */
const place = (model: Model, row: Row, side: 0 | 1, from: number, free: number): ReadonlyArray<Placed> => {
  const marks = model.sides[side]?.steps[row.steps[side] ?? -1]?.marks ?? []
  let line = from
  return marks.map((mark): Placed => {
    const arrived = mark.way === "in" && row.drawn?.[side] === true
    if (mark.way !== "note" && !arrived) line = Math.max(line, free)
    const placed = { line, mark, side }
    line += 1
    if (arrived) return { ...placed, arrived }
    return mark.way === "note"
      ? placed
      : { ...placed, towards: (mark.way === "out") === (side === 0) ? "right" : "left" }
  })
}

const begins = (model: Model, row: Row, side: 0 | 1): Phase | undefined => {
  const step = row.steps[side]
  if (step === null) return undefined
  const now = met(model, side, step)
  return step > 0 && met(model, side, step - 1) === now ? undefined : now
}

/** @internal The phase that the event of a step met. */
export const met = (model: Model, side: 0 | 1, step: number): Phase =>
  model.sides[side]?.steps[step - 1]?.phase ?? "opening"

/** @internal Pixels. */
export const heightOf = ({ begins, lines }: Laid): number =>
  lines * lineHeight + rowPadding + (begins.some((phase) => phase !== undefined) ? dividerHeight : 0)

/** @internal Where each of the rows begins, and at the end where all of them end. */
export const offsets = (model: Model, visible: ReadonlyArray<number>): Float64Array => {
  const starts = new Float64Array(visible.length + 1)
  visible.forEach((at, index) => {
    const row = model.rows[at]
    starts[index + 1] = (starts[index] ?? 0) + (row === undefined ? 0 : heightOf(layRow(model, row)))
  })
  return starts
}

/** @internal The last row that begins at or above a pixel. */
export const rowAt = (starts: Float64Array, pixel: number): number => {
  let [low, high] = [0, Math.max(0, starts.length - 2)]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= pixel) low = middle
    else high = middle - 1
  }
  return low
}

/** @internal The step that a side has reached with each row; -1 before its first. */
export const reached = (rows: ReadonlyArray<Row>, side: 0 | 1): Int32Array => {
  let last = -1
  return Int32Array.from(rows, ({ steps }) => last = steps[side] ?? last)
}

/** @internal */
export const lineHeight = 24
/** @internal */
export const dividerHeight = 30
const rowPadding = 8
