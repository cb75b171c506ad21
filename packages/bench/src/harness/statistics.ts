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

/** Of the straight line that fits best: how much more for each one more. */
export const slope = (points: ReadonlyArray<readonly [number, number]>): number => {
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const both = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0)
  return both / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
}

/** By which power something grows with something else; 1 is linear. */
export const exponent = (points: ReadonlyArray<readonly [number, number]>): number =>
  slope(points.map(([at, value]) => [Math.log(at), Math.log(value)]))

const mean = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
