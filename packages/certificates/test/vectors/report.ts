/**
 * Asks about vectors and counts: agreement, false accepts, false rejects and the slowest case, by group and by feature.
 */
import * as Effect from "effect/Effect"
import { ask } from "../proving.ts"
import type { Vector } from "./vector.ts"

export interface Outcome {
  readonly vector: Vector
  /** `trusted`, or why not. */
  readonly code: string
  readonly isAccepted: boolean
  readonly millis: number
}

/** Of a group, or of a feature. */
export interface Row {
  readonly name: string
  readonly count: number
  /** From 0 to 1. */
  readonly agreement: number
  readonly falseAccepts: number
  readonly falseRejects: number
  readonly slowest: Outcome
}

/** One after the other, so that each has its own time. */
export const judge = (vectors: ReadonlyArray<Vector>): Effect.Effect<ReadonlyArray<Outcome>> =>
  Effect.forEach(vectors, (vector) =>
    Effect.gen(function*() {
      const since = performance.now()
      const { code, isAccepted } = yield* ask(vector.question)
      return { vector, code, isAccepted, millis: performance.now() - since }
    }))

export const isFalseAccept = ({ isAccepted, vector }: Outcome): boolean => isAccepted && vector.expected === "fail"

export const isFalseReject = ({ isAccepted, vector }: Outcome): boolean => !isAccepted && vector.expected === "ok"

export const byGroup = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Row> => rows(outcomes, ({ group }) => [group])

export const byFeature = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Row> =>
  rows(outcomes, ({ features }) => features)

export const disagreements = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<string> =>
  outcomes.filter((each) => isFalseAccept(each) || isFalseReject(each))
    .toSorted((one, other) => compare(keyOf(one), keyOf(other)))
    .map((each) => `${keyOf(each)}  ${each.code}  ${headline(each.vector.description)}`)

export const table = (rows: ReadonlyArray<Row>): string => {
  const lines = [
    ["", "cases", "agreement", "false accepts", "false rejects", "slowest", ""],
    ...rows.map(({ agreement, count, falseAccepts, falseRejects, name, slowest }) => [
      name,
      String(count),
      `${(agreement * 100).toFixed(1)} %`,
      String(falseAccepts),
      String(falseRejects),
      `${slowest.millis.toFixed(1)} ms`,
      slowest.vector.id
    ])
  ]
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? []
  return lines.map((line) =>
    line.map((each, at) => isText(at) ? each.padEnd(widths[at] ?? 0) : each.padStart(widths[at] ?? 0)).join("  ")
      .trimEnd()
  ).join("\n")
}

const rows = (
  outcomes: ReadonlyArray<Outcome>,
  keys: (vector: Vector) => ReadonlyArray<string>
): ReadonlyArray<Row> => {
  const buckets = new Map<string, Array<Outcome>>()
  for (const outcome of outcomes) {
    for (const key of keys(outcome.vector)) buckets.set(key, [...buckets.get(key) ?? [], outcome])
  }
  return [...buckets].toSorted(([one], [other]) => compare(one, other)).flatMap(([name, each]) => rowOf(name, each))
}

const rowOf = (name: string, outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Row> => {
  const [slowest] = outcomes.toSorted((one, other) => other.millis - one.millis)
  if (slowest === undefined) return []
  const falseAccepts = outcomes.filter(isFalseAccept).length
  const falseRejects = outcomes.filter(isFalseReject).length
  const agreement = 1 - (falseAccepts + falseRejects) / outcomes.length
  return [{ name, count: outcomes.length, agreement, falseAccepts, falseRejects, slowest }]
}

const keyOf = (outcome: Outcome): string =>
  `${outcome.vector.group}  ${isFalseAccept(outcome) ? "FALSE ACCEPT" : "false reject"}  ${outcome.vector.id}`

/** The first line of a description that says something. */
const headline = (description: string): string => description.trim().split("\n")[0]?.slice(0, 100) ?? ""

const compare = (one: string, other: string): number => one < other ? -1 : one > other ? 1 : 0

const isText = (column: number): boolean => column === 0 || column === 6
