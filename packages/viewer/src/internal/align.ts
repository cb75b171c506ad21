/**
 * The rows of the diagram. One recording has a row for each step. Of two, what one side sent is found again in what the
 * other received, in order; a row holds both where they meet, and nothing is received before it was sent.
 */
import * as Compare from "@xmpp-e2e/recording/Compare"
import { whiteSpace } from "./marks.ts"
import type { Lost, Matching, Model, Row, Side, Step } from "./model.ts"

/** @internal */
export const align = (sides: ReadonlyArray<Side>): Pick<Model, "rows" | "matching"> => {
  const [first, second] = sides
  if (first === undefined) return { rows: [] }
  if (second === undefined) return { rows: first.steps.map((_, at) => ({ steps: [at, null] })) }
  const there = match(first.steps, second.steps)
  const back = match(second.steps, first.steps)
  const lost = [
    ...there.unreceived.map((one) => ({ ...one, side: 0 as const, way: "out" as const })),
    ...there.unsent.map((one) => ({ ...one, side: 1 as const, way: "in" as const })),
    ...back.unreceived.map((one) => ({ ...one, side: 1 as const, way: "out" as const })),
    ...back.unsent.map((one) => ({ ...one, side: 0 as const, way: "in" as const }))
  ]
  return {
    rows: merge([first.steps, second.steps], [back.from, there.from]),
    matching: { arrived: there.from.size + back.from.size, lost } satisfies Matching
  }
}

interface Unit {
  readonly step: number
  readonly key: string
  readonly text: string
}

interface Match {
  /** Of a step that received something, the step of the other side that sent it. */
  readonly from: ReadonlyMap<number, number>
  readonly unreceived: ReadonlyArray<Omit<Lost, "side" | "way">>
  readonly unsent: ReadonlyArray<Omit<Lost, "side" | "way">>
}

const match = (sender: ReadonlyArray<Step>, receiver: ReadonlyArray<Step>): Match => {
  const sent = sender.flatMap(sentBy)
  const received = receiver.flatMap(receivedBy)
  const from = new Map<number, number>()
  const unsent: Array<Unit> = []
  const unreceived: Array<Unit> = []
  let next = 0
  for (const unit of received) {
    const found = ahead(sent, next, unit.key)
    const one = found === undefined ? undefined : sent[found]
    if (found === undefined || one === undefined) unsent.push(unit)
    else {
      unreceived.push(...sent.slice(next, found))
      from.set(unit.step, one.step)
      next = found + 1
    }
  }
  unreceived.push(...sent.slice(next))
  return { from, unreceived: unreceived.map(told), unsent: unsent.map(told) }
}

const told = ({ step, text }: Unit): Omit<Lost, "side" | "way"> => ({ step, text })

const ahead = (sent: ReadonlyArray<Unit>, from: number, key: string): number | undefined => {
  for (let at = from; at < sent.length && at < from + aheadMax; at++) if (sent[at]?.key === key) return at
  return undefined
}

const sentBy = (step: Step, seq: number): ReadonlyArray<Unit> => {
  const texts = step.marks.filter(({ text, way }) => way === "out" && text !== whiteSpace).map(({ text }) => text)
  return Compare.sent({ ...step, seq }).map(({ part }, at) => ({ step: seq, key: keyOf(part), text: texts[at] ?? "" }))
}

const receivedBy = (step: Step, seq: number): ReadonlyArray<Unit> =>
  Compare.received({ ...step, seq }).map(({ part }) => ({
    step: seq,
    key: keyOf(part),
    text: step.marks[0]?.text ?? ""
  }))

/** Names survive redaction; addresses and text need not. */
const keyOf = (part: Compare.Part): string =>
  part._tag === "Element" ? `{${part.element.namespace}}${part.element.name}` : part._tag

/**
 * Each side's steps in order, senders before receivers, and together where a message joins the next of both. What nothing
 * orders goes by the clocks, set by the last message that joined them.
 */
const merge = (
  sides: readonly [ReadonlyArray<Step>, ReadonlyArray<Step>],
  from: readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>]
): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  const next: [number, number] = [0, 0]
  let ahead = 0
  const waits = (side: 0 | 1): boolean =>
    next[side] >= sides[side].length || (from[side].get(next[side]) ?? -1) >= next[side === 0 ? 1 : 0]
  const joined = (sender: 0 | 1): boolean => from[sender === 0 ? 1 : 0].get(next[sender === 0 ? 1 : 0]) === next[sender]
  const clock = (side: 0 | 1): number => sides[side][next[side]]?.at ?? 0
  while (next[0] < sides[0].length || next[1] < sides[1].length) {
    const [one, other] = next
    const free = [!waits(0), !waits(1)] as const
    const sender = free[0] && joined(0) ? 0 : free[1] && joined(1) ? 1 : undefined
    if (sender !== undefined) {
      ahead = clock(0) - clock(1)
      rows.push({ steps: [one, other], drawn: [from[0].has(one), from[1].has(other)], sender })
      next[0] += 1
      next[1] += 1
    } else if (free[0] === free[1] ? one < sides[0].length && !(free[1] && clock(0) > clock(1) + ahead) : free[0]) {
      rows.push({ steps: [one, null], drawn: [from[0].has(one), false] })
      next[0] += 1
    } else {
      rows.push({ steps: [null, other], drawn: [false, from[1].has(other)] })
      next[1] += 1
    }
  }
  return rows
}

/** How far ahead a message is looked for: what was lost in between is told, and the work stays bounded. */
const aheadMax = 256
