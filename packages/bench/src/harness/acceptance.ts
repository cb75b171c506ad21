/**
 * What the figures have to be: the must and the aim of each, and whether what was measured holds.
 */
import { number, type Table } from "./table.ts"

export interface Claim {
  readonly figure: string
  /** `least`: the measured figure must not be below. */
  readonly bound: "least" | "most"
  readonly must: number
  readonly aim?: number
  readonly measured: number
  readonly unit?: string
}

export type Holds = "aim" | "must" | "no"

export const holds = ({ aim, bound, measured, must }: Claim): Holds => {
  const keeps = (limit: number): boolean => bound === "least" ? measured >= limit : measured <= limit
  if (!keeps(must)) return "no"
  return aim === undefined || keeps(aim) ? "aim" : "must"
}

export const asTable = (claims: ReadonlyArray<Claim>): Table => ({
  title: "What the figures have to be",
  columns: ["figure", "must", "aim", "measured", "holds"],
  rows: claims.map((claim) => {
    const { aim, bound, figure, measured, must, unit = "" } = claim
    const sign = bound === "least" ? "≥" : "≤"
    const limit = (value: number): string => `${sign} ${value}${unit}`
    return [figure, limit(must), aim === undefined ? "" : limit(aim), `${number(measured)}${unit}`, holds(claim)]
  })
})
