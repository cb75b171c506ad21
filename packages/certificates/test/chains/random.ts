/**
 * Chance that can be had again: the same seed gives the same choices. Keys and ECDSA signatures are still fresh in each run,
 * so a failure prints its certificates besides its seed.
 */
export interface Random {
  /** A whole number from 0 to just below `end`. */
  readonly below: (end: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(from: ReadonlyArray<A>) => A
  readonly shuffle: <A>(from: ReadonlyArray<A>) => ReadonlyArray<A>
}

/** Mulberry32, which is small and good enough to choose with. */
export const random = (seed: number): Random => {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    const first = Math.imul(state ^ (state >>> 15), state | 1)
    const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61))
    return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  const pick = <A>(from: ReadonlyArray<A>): A => {
    const chosen = from[below(from.length)]
    if (chosen === undefined) throw new Error("nothing to choose from")
    return chosen
  }
  return {
    below,
    chance: (probability) => next() < probability,
    pick,
    shuffle: (from) =>
      from.map((each) => ({ each, rank: next() })).toSorted((one, other) => one.rank - other.rank).map(({ each }) =>
        each
      )
  }
}
