/**
 * Names in the fast lane. The first guess is that a name stands where it stood in the element before, which takes one look
 * at its bytes. Otherwise it is made, or found among those that were made before (`words.ts`).
 */
import { is, NAME, NAME_START } from "./classes.ts"
import { CUT, STRANGE } from "./place.ts"
import type { Scan } from "./scan.ts"
import * as Words from "./words.ts"

/**
 * Where the name ends whose first byte is at `at` and can begin one. `scan` has the name then, without its prefix, which
 * can only be `prefix`.
 */
export const nameEnd = (scan: Scan, bytes: Uint8Array, at: number, size: number, prefix: Words.Word): number => {
  const guess = scan.tokens.names[scan.tokens.named]
  if (guess !== undefined) {
    const end = at + guess.bytes.length
    if (end < size && Words.isHere(guess, bytes, at) && !is(bytes[end] ?? 0, NAME)) {
      scan.name = guess
      scan.hasPrefix = false
      return end
    }
  }
  return freshEnd(scan, bytes, at, size, prefix)
}

const freshEnd = (scan: Scan, bytes: Uint8Array, from: number, size: number, prefix: Words.Word): number => {
  let at = from
  let local = from
  let hash = 0
  for (; at < size; at++) {
    const byte = bytes[at] ?? 0
    if (byte === COLON) {
      if (local !== from || !isPrefix(prefix, bytes, from, at)) return STRANGE
      local = at + 1
      hash = 0
    } else if (is(byte, NAME)) hash = Words.hashed(hash, byte)
    else break
  }
  if (at >= size) return CUT
  if (!is(bytes[local] ?? 0, NAME_START)) return STRANGE
  const name = Words.find(bytes, local, at, hash)
  if (name === undefined) return STRANGE
  scan.name = name
  scan.hasPrefix = local !== from
  return at
}

const isPrefix = (prefix: Words.Word, bytes: Uint8Array, from: number, to: number): boolean =>
  prefix.text !== "" && Words.isSame(prefix, bytes, from, to)

const COLON = 0x3A
