/**
 * What was found in an element while its bytes were looked at: tags, attributes and texts in document order, as places in
 * the text that these bytes will make. The lane writes it, `build.ts` reads it.
 *
 * `marks` holds for each of them its kind and what belongs to it:
 * - `OPEN`, and how many attributes
 * - `ATTRIBUTE` or `XML_ATTRIBUTE` (one like `xml:lang`), from, to
 * - `TEXT`, from, to
 * - `CLOSE`
 *
 * `names` holds the local names of elements and attributes in the same order, `namespaces` those of elements. Places are
 * UTF-16 units from the first of the element. `CODED` is added to a kind whose text has references in it, `KNOWN` to that of
 * an attribute whose value is the one in `values`, at the place of its name.
 *
 * The arrays are used again and never cut: what is left from the element before is where names and values are guessed.
 */
import type { Word } from "./words.ts"

export interface Tokens {
  readonly marks: Array<number>
  readonly names: Array<Word>
  readonly namespaces: Array<Word>
  /** Plain values of attributes, without quotes; empty where there is none to guess. */
  readonly values: Array<Word>
  /** What those values looked like that were not guessed: one that comes again is worth guessing. */
  readonly looks: Array<number>
  /** How much of each is in use. */
  marked: number
  named: number
  opened: number
}

export const OPEN = 0
export const CLOSE = 1
export const TEXT = 2
export const ATTRIBUTE = 3
export const XML_ATTRIBUTE = 4
export const CODED = 8
export const KNOWN = 16

export const make = (): Tokens => ({
  marks: [],
  names: [],
  namespaces: [],
  values: [],
  looks: [],
  marked: 0,
  named: 0,
  opened: 0
})

export const clear = (tokens: Tokens): void => {
  tokens.marked = 0
  tokens.named = 0
  tokens.opened = 0
}

export const run = (tokens: Tokens, kind: number, from: number, to: number): void => {
  const { marked, marks } = tokens
  marks[marked] = kind
  marks[marked + 1] = from
  marks[marked + 2] = to
  tokens.marked = marked + 3
}
