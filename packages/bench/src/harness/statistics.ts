/**
 * What many turns come to: medians, so that one bad turn counts for nothing, and the range, so that a reader sees how bad it
 * was.
 */

export interface Summary {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Zeros of nothing. */
export const summarise = (numbers: ReadonlyArray<number>): Summary => ({
  median: median(numbers),
  least: numbers.length === 0 ? 0 : Math.min(...numbers),
  most: numbers.length === 0 ? 0 : Math.max(...numbers)
})

/** Of the ratios turn by turn: what slows the machine down slows both down. */
export const besides = (own: ReadonlyArray<number>, others: ReadonlyArray<number>): Summary =>
  summarise(own.map((each, turn) => each / (others[turn] ?? each)))

/** Zero of nothing. */
export const median = (numbers: ReadonlyArray<number>): number => {
  const sorted = numbers.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}
