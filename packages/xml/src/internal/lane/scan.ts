/**
 * Where the fast lane is in an element: between two bytes of a text, or before a tag.
 */
import * as Tokens from "./tokens.ts"
import { empty, type Word } from "./words.ts"

/** What holds around first-level elements. */
export interface Ground {
  readonly depthMax: number
  readonly attributesMax: number
  /** The default namespace of the stream header, its prefix, and what that stands for. */
  readonly byDefault: Word
  readonly prefix: Word
  readonly namespace: Word
}

export interface Scan {
  readonly tokens: Tokens.Tokens
  /**
   * Where each open element has its name, from the first byte of the outermost, and how long that is: two numbers each. Like
   * the rest of what is kept by depth it is never cut.
   */
  readonly names: Array<number>
  /** The default namespace inside each open element. */
  readonly defaults: Array<Word>
  /** What is looked at, once more, from when it was first needed. */
  view: DataView | undefined
  /** The element's first byte, and the next one to be looked at. */
  start: number
  at: number
  /** By how much the bytes so far are more than UTF-16 units. */
  surplus: number
  /** Open elements. */
  depth: number
  isText: boolean
  /** Of the present text or value: its first unit, and whether it has references. */
  from: number
  hasReference: boolean
  /** Of the name just read; a prefix is cut off. */
  name: Word
  hasPrefix: boolean
  /** What the `xmlns` of the present tag says. */
  declared: Word | undefined
  /** NS-05: of the first-level element. */
  prefixed: boolean
  /** Bytes of tags that were looked at in vain, because their end was not there. */
  inVain: number
}

const make = (): Scan => ({
  tokens: Tokens.make(),
  names: [],
  defaults: [],
  view: undefined,
  start: 0,
  at: 0,
  surplus: 0,
  depth: 0,
  isText: false,
  from: 0,
  hasReference: false,
  name: empty,
  hasPrefix: false,
  declared: undefined,
  prefixed: false,
  inVain: 0
})

/** One that begins at the `<` of a first-level element. */
export const acquire = (start: number): Scan => {
  const scan = spare ?? make()
  spare = undefined
  Tokens.clear(scan.tokens)
  scan.start = start
  scan.at = start
  scan.surplus = 0
  scan.depth = 0
  scan.isText = false
  scan.inVain = 0
  return scan
}

/** It is of no use any more; the next one who needs one has it. One that became big goes. */
export const release = (scan: Scan): void => {
  scan.view = undefined
  if (scan.tokens.marks.length <= spareMax) spare = scan
}

/** The element begins here now. */
export const move = (scan: Scan, start: number): void => {
  scan.at += start - scan.start
  scan.start = start
}

/** The place of a byte in the text of the element. */
export const unitOf = (scan: Scan, at: number): number => at - scan.start - scan.surplus

const spareMax = 16_384
let spare: Scan | undefined
