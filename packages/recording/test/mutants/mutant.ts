/** Single changed rules of the reducer, as a place in one of its sources and what stands there instead. */
export interface Mutant {
  /** The requirement that it breaks. */
  readonly rule: string
  /** What the reducer does: `finds a reducer that …`. */
  readonly sentence: string
  /** Below `packages/protocol/src`. */
  readonly file: string
  /** Occurs once in the file. */
  readonly find: string
  readonly replace: string
}

export const inFile = (
  file: string,
  rows: ReadonlyArray<readonly [rule: string, sentence: string, find: string, replace: string]>
): ReadonlyArray<Mutant> => rows.map(([rule, sentence, find, replace]) => ({ rule, sentence, file, find, replace }))
