/**
 * Measures several things side by side: in turns, so that what slows the machine down slows all of them down, and by medians,
 * so that one bad turn counts for nothing. Figures of different runs are not worth comparing; ratios of one run are.
 */

export interface Entrant {
  readonly name: string
  readonly run: () => Promise<unknown>
}

export interface Figure {
  readonly name: string
  /** The median of the turns. */
  readonly perSecond: number
  /** How many times as fast as the first of the entrants: the median of the ratios turn by turn. */
  readonly besideFirst: number
}

export interface Settings {
  readonly turns: number
  /** How long one entrant runs in one turn. */
  readonly turnMillis: number
  /** Milliseconds, from any moment on. */
  readonly clock: () => number
}

export const measure = async (
  entrants: ReadonlyArray<Entrant>,
  settings: Settings
): Promise<ReadonlyArray<Figure>> => {
  const rates = entrants.map((): Array<number> => [])
  // The first turn warms up.
  for (let turn = 0; turn <= settings.turns; turn++) {
    for (const [at, { run }] of entrants.entries()) {
      const rate = await rateOf(run, settings)
      if (turn > 0) rates[at]?.push(rate)
    }
  }
  return entrants.map(({ name }, at) => {
    const own = rates[at] ?? []
    return {
      name,
      perSecond: median(own),
      besideFirst: median(own.map((rate, turn) => rate / (rates[0]?.[turn] ?? rate)))
    }
  })
}

const rateOf = async (run: () => Promise<unknown>, { clock, turnMillis }: Settings): Promise<number> => {
  const since = clock()
  let runs = 0
  let spent = 0
  do {
    await run()
    runs += 1
    spent = clock() - since
  } while (spent < turnMillis)
  return (runs * 1000) / spent
}

/** Zero of nothing. */
export const median = (numbers: ReadonlyArray<number>): number => {
  const sorted = numbers.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}
