/**
 * Chance that can be repeated: a small generator (mulberry32) whose whole state is one number.
 */

/** Gives a whole number from 0 to 2^32 - 1 each time. */
export type Random = () => number

export const make = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ state >>> 15, state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return (mixed ^ mixed >>> 14) >>> 0
  }
}

/** From `least` to `most`, both included. */
export const between = (random: Random, least: number, most: number): number => least + random() % (most - least + 1)

export const oneOf = <A>(random: Random, all: readonly [A, ...ReadonlyArray<A>]): A =>
  all[random() % all.length] ?? all[0]

export const hex = (random: Random, digits: number): string => {
  let written = ""
  while (written.length < digits) written += random().toString(16).padStart(8, "0")
  return written.slice(0, digits)
}

/** So many octets, as text in base64: one flat string. */
export const base64 = (random: Random, octets: number): string => {
  const bytes = Buffer.allocUnsafe(octets + 3)
  for (let at = 0; at < octets; at += 4) bytes.writeUInt32LE(random(), Math.min(at, octets - 1))
  return bytes.toString("base64", 0, octets)
}
