/**
 * Measures how often a second things can be done, side by side: in turns of some length, by medians of the turns. Figures of
 * different runs are not worth comparing; ratios of one run are.
 */
import { besides, summarise, type Summary } from "./statistics.ts"
import { type Entrant, takeTurns } from "./turns.ts"

export interface Figure {
  readonly name: string
  readonly perSecond: Summary
  /** How many times as fast as the first of the entrants, turn by turn. */
  readonly besideFirst: Summary
}

export interface Settings {
  readonly turns: number
  /** How long one entrant runs in one turn. */
  readonly turnMillis: number
  /** Milliseconds, from any moment on. */
  readonly clock: () => number
  readonly progress?: (done: string) => void
}

export const measure = async (
  entrants: ReadonlyArray<Entrant<unknown>>,
  settings: Settings
): Promise<ReadonlyArray<Figure>> => {
  const timed = entrants.map(({ name, run }) => ({ name, run: () => rateOf(run, settings) }))
  const rates = await takeTurns(timed, settings.turns, settings.progress)
  return entrants.map(({ name }, at) => ({
    name,
    perSecond: summarise(rates[at] ?? []),
    besideFirst: besides(rates[at] ?? [], rates[0] ?? [])
  }))
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
