/** Runs of characters in the fast lane: text between tags, and the values of attributes. */
import { characterEnd, classes, referenceEnd, TEXT_STOP, VALUE_STOP } from "./classes.ts"
import { CUT, STRANGE } from "./place.ts"
import { type Scan, unitOf } from "./scan.ts"
import * as Tokens from "./tokens.ts"
import { plainEnd } from "./wide.ts"

/** The place of the `<` that ends the text. It may be cut anywhere: `scan.at` says how far it came. */
export const readText = (scan: Scan, bytes: Uint8Array, size: number): number => {
  let { at } = scan
  for (;;) {
    at = textStop(scan, bytes, at, size)
    scan.at = at
    if (at >= size) return CUT
    const byte = bytes[at]
    if (byte === LESS) break
    const end = byte === GREATER ? afterGreater(bytes, at) : special(scan, bytes, at, size)
    if (end < 0) return end
    at = end
  }
  const to = unitOf(scan, at)
  if (to > scan.from) {
    Tokens.run(scan.tokens, scan.hasReference ? Tokens.TEXT | Tokens.CODED : Tokens.TEXT, scan.from, to)
  }
  return at
}

/** The first byte that is not plain text. Most runs are short, and looking at eight bytes at once has its price. */
const textStop = (scan: Scan, bytes: Uint8Array, from: number, size: number): number => {
  let at = from
  for (let wide = from + shortRun;;) {
    const stop = wide < size ? wide : size
    while (at < stop && ((classes[bytes[at] ?? 0] ?? 0) & TEXT_STOP) === 0) at++
    if (at < stop || at === size) return at
    scan.view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    at = plainEnd(scan.view, at, size)
    wide = at + shortRun
  }
}

/** XML 1.0 §2.4: no `]]>`. Two bytes before are always there: a text has a tag before it. */
const afterGreater = (bytes: Uint8Array, at: number): number =>
  bytes[at - 1] === BRACKET && bytes[at - 2] === BRACKET ? STRANGE : at + 1

/** The place of the quote that ends the value; `from` is behind the one that begins it. */
export const valueEnd = (scan: Scan, bytes: Uint8Array, from: number, size: number): number => {
  const quote = bytes[from - 1]
  let at = from
  scan.from = unitOf(scan, at)
  scan.hasReference = false
  for (;;) {
    while (at < size && ((classes[bytes[at] ?? 0] ?? 0) & VALUE_STOP) === 0) at++
    if (at >= size) return CUT
    const byte = bytes[at]
    if (byte === quote) return at
    const end = byte === QUOTE || byte === APOSTROPHE ? at + 1 : special(scan, bytes, at, size)
    if (end < 0) return end
    at = end
  }
}

/** The end of a reference, or of a character that is not ASCII; nothing else can stand here. */
const special = (scan: Scan, bytes: Uint8Array, at: number, size: number): number => {
  if (bytes[at] === AMPERSAND) {
    scan.hasReference = true
    return referenceEnd(bytes, at, size)
  }
  const end = characterEnd(bytes, at, size)
  // Four bytes are two units.
  if (end > 0) scan.surplus += end - at === 4 ? 2 : end - at - 1
  return end
}

const shortRun = 16
const LESS = 0x3C
const GREATER = 0x3E
const AMPERSAND = 0x26
const BRACKET = 0x5D
const QUOTE = 0x22
const APOSTROPHE = 0x27
