/**
 * Names and namespaces come again and again: here each is one string however often it is read, which saves making it, and
 * makes comparing it cheap. What is forgotten is made again, so nothing but speed depends on it; and since it holds so
 * little, nobody who sends strange names gains anything.
 */

/** Goes on with the hash of a word by one byte. Starts at 0. */
export const hashed = (hash: number, byte: number): number => Math.imul(hash, 31) + byte | 0

/** The ASCII text of `bytes` in `[from, to)`, whose hash this is. */
export const wordOf = (bytes: Uint8Array, from: number, to: number, hash: number): string => {
  const place = (hash ^ hash >>> 15) & wordsMax - 1
  const known = words[place]
  if (known !== undefined && isSame(known, bytes, from, to)) return known
  const word = spell(bytes, from, to)
  if (word.length <= lengthMax) words[place] = word
  return word
}

/** Whether these bytes are the ASCII text of the word. */
export const isSame = (word: string, bytes: Uint8Array, from: number, to: number): boolean =>
  word.length === to - from && isHere(word, bytes, from)

/** The same of the bytes that begin there. */
export const isHere = (word: string, bytes: Uint8Array, from: number): boolean => {
  for (let at = 0; at < word.length; at++) if (bytes[from + at] !== word.charCodeAt(at)) return false
  return true
}

const spell = (bytes: Uint8Array, from: number, to: number): string => {
  let word = ""
  for (let at = from; at < to; at++) word += String.fromCharCode(bytes[at] ?? 0)
  return word
}

/** A power of two. */
const wordsMax = 1024
const lengthMax = 128
const words: Array<string | undefined> = Array.from({ length: wordsMax }, () => undefined)
