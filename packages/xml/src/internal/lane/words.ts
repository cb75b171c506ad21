/**
 * Names, namespaces and values come again and again: here each is one string however often it is read, which saves making
 * it, and makes comparing it cheap. What is forgotten is made again, so nothing but speed depends on it; and since it holds so
 * little, nobody who sends strange names gains anything.
 *
 * A word has its bytes beside it: comparing bytes with bytes is several times faster than with the characters of a string.
 */

export interface Word {
  readonly text: string
  /** ASCII. */
  readonly bytes: Uint8Array
}

/**
 * Bytes of ASCII, `lengthMax` at most, as a word of its own: its text is no part of a longer one, which it would keep alive.
 * Engines take only so many arguments, so no length that a peer chooses may come here.
 */
const make = (bytes: Uint8Array): Word => ({ text: String.fromCharCode(...bytes), bytes })

/** Of a text that is ASCII. */
export const of = (text: string): Word => {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return { text, bytes }
}

/** Of a short text that is ASCII, and part of a longer one. */
export const copy = (text: string): Word => make(of(text).bytes)

export const empty: Word = of("")

/** Goes on with the hash of a word by one byte. Starts at 0. */
export const hashed = (hash: number, byte: number): number => Math.imul(hash, 31) + byte | 0

/** The ASCII text of `bytes` in `[from, to)`, whose hash this is; `undefined` when it is longer than `lengthMax`. */
export const find = (bytes: Uint8Array, from: number, to: number, hash: number): Word | undefined => {
  if (to - from > lengthMax) return undefined
  const place = (hash ^ hash >>> 15) & wordsMax - 1
  const known = words[place]
  if (known !== undefined && isSame(known, bytes, from, to)) return known
  const word = make(bytes.slice(from, to))
  words[place] = word
  return word
}

/** As `of`, for a text that others have as well: one word for all of them. */
export const shared = (text: string): Word => {
  const known = sharedWords.get(text)
  if (known !== undefined) return known
  const word = of(text)
  if (sharedWords.size < sharedMax && text.length <= lengthMax) sharedWords.set(text, word)
  return word
}

/** Whether these bytes are the word. */
export const isSame = (word: Word, bytes: Uint8Array, from: number, to: number): boolean =>
  word.bytes.length === to - from && isHere(word, bytes, from)

/** The same of the bytes that begin there. */
export const isHere = ({ bytes: own }: Word, bytes: Uint8Array, from: number): boolean => {
  for (let at = 0; at < own.length; at++) if (bytes[from + at] !== own[at]) return false
  return true
}

/** A power of two. */
const wordsMax = 1024
const lengthMax = 256
const words: Array<Word | undefined> = Array.from({ length: wordsMax }, () => undefined)

/** What roots of documents say: nearly all the same. */
const sharedMax = 64
const sharedWords = new Map<string, Word>()
