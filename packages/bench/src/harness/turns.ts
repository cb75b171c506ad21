/**
 * Takes turns: everybody once, then everybody once more, so that what slows the machine down slows all of them down. The
 * first turn warms up and is not counted, unless every turn begins from nothing anyway.
 */

export interface Entrant<A> {
  readonly name: string
  readonly run: () => Promise<A>
}

/** What each gave, turn by turn, in the order of the entrants. */
export const takeTurns = async <A>(
  entrants: ReadonlyArray<Entrant<A>>,
  turns: number,
  progress: (done: string) => void = () => {},
  { warms } = { warms: true }
): Promise<ReadonlyArray<ReadonlyArray<A>>> => {
  const given = entrants.map((): Array<A> => [])
  for (let turn = warms ? 0 : 1; turn <= turns; turn++) {
    for (const [at, { name, run }] of entrants.entries()) {
      progress(turn === 0 ? `warming up: ${name}` : `turn ${turn} of ${turns}: ${name}`)
      const one = await run()
      if (turn > 0) given[at]?.push(one)
    }
  }
  return given
}
