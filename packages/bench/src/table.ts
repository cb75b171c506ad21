/**
 * Figures for people: a title, the rate of each entrant, and how it compares with the first. Programs get JSON instead.
 */
import type { Figure } from "./measure.ts"

export const table = (title: string, figures: ReadonlyArray<Figure>, beside: string): string => {
  const width = Math.max(...figures.map(({ name }) => name.length))
  const lines = figures.map(({ besideFirst, name, perSecond }) =>
    `${name.padEnd(width)}  ${perSecond.toFixed(0).padStart(8)}/s  ${besideFirst.toFixed(2).padStart(6)}`
  )
  return [title, `${"".padEnd(width)}  ${"rate".padStart(10)}  ${beside.padStart(6)}`, ...lines, ""].join("\n")
}
