/**
 * Chance from a seed: the same seed gives the same numbers on every machine, and nothing else is asked. Splitmix32 for the
 * seed, sfc32 for the numbers (Chris Doty-Humphrey, PractRand); good enough to search with, not to keep a secret.
 *
 * @since 0.1.0
 */

/**
 * A source of numbers. Drawing changes what comes next.
 *
 * @since 0.1.0
 * @category models
 */
export interface Random {
  /** An unsigned 32-bit number. */
  readonly next: () => number
  /** A number from 0 up to and without `bound`; 0 when `bound` is less than 1. */
  readonly below: (bound: number) => number
  /** A number from `least` to `most`, both included. */
  readonly between: (range: Range) => number
  /** True in so many of a hundred cases. */
  readonly chance: (percent: number) => boolean
  readonly pick: <const A>(from: readonly [A, ...ReadonlyArray<A>]) => A
  /** A source of its own: what is drawn from it does not change what comes next here. */
  readonly fork: () => Random
}

/**
 * From the least to the most, both included.
 *
 * @since 0.1.0
 * @category models
 */
export type Range = readonly [least: number, most: number]

/**
 * A source for a seed, of which the lower 32 bits count.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (seed: number): Random => {
  const next = sfc32(seed)
  const below = (bound: number): number => bound < 1 ? 0 : next() % bound
  return {
    next,
    below,
    between: ([least, most]) => least + below(most - least + 1),
    chance: (percent) => below(100) < percent,
    pick: (from) => from[below(from.length)] ?? from[0],
    fork: () => make(next())
  }
}

const sfc32 = (seed: number): () => number => {
  const mix = splitmix32(seed)
  let [a, b, c, counter] = [mix(), mix(), mix(), 1]
  return () => {
    const drawn = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + drawn | 0
    return drawn >>> 0
  }
}

const splitmix32 = (seed: number): () => number => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
}
