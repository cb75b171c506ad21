/**
 * What a byte may be in markup, in a table; and how far the two tokens go whose bytes depend on each other: a character
 * of several bytes, and a reference. Both are short, so whoever is cut in the middle of one looks at it again.
 */
import { isChar } from "../names.ts"
import { CUT, STRANGE } from "./place.ts"
import { isHere, of } from "./words.ts"

/** Ends a run of plain text: `<`, `&`, `>`, CR, what XML does not have, and whatever is not ASCII. */
export const TEXT_STOP = 1
/** Ends a run of a plain attribute value: both quotes, `<`, `&`, white space but U+0020, what is not ASCII or not XML. */
export const VALUE_STOP = 2
/** ASCII of XML 1.0 §2.3's NameChar, the colon included. */
export const NAME = 4
/** ASCII of NameStartChar, without the colon. */
export const NAME_START = 8
/** XML 1.0 §2.3, without CR: the lane does not take one. */
export const SPACE = 16

export const classes: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  const isPlain = byte >= 0x20 && byte < 0x80
  const isSpace = byte === 0x20 || byte === 0x9 || byte === 0xA
  return (
    ((isPlain || isSpace) && !"<&>".includes(character) ? 0 : TEXT_STOP) |
    (isPlain && !"<&\"'".includes(character) ? 0 : VALUE_STOP) |
    (/[-.\w:]/.test(character) ? NAME : 0) |
    (/[A-Z_a-z]/.test(character) ? NAME_START : 0) |
    (isSpace ? SPACE : 0)
  )
})

/** Where the character ends that begins at `at` and is not ASCII; RFC 3629 §4, and XML's Char. */
export const characterEnd = (bytes: Uint8Array, at: number, size: number): number => {
  const lead = bytes[at] ?? 0
  if (lead < 0xC2 || lead > 0xF4) return STRANGE
  const length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  let point = lead & (0x7F >> length)
  for (let next = at + 1; next < at + length; next++) {
    if (next >= size) return CUT
    const byte = bytes[next] ?? 0
    if ((byte & 0xC0) !== 0x80) return STRANGE
    point = point << 6 | byte & 0x3F
    // Overlong forms, surrogates, and what is beyond U+10FFFF show in the second byte.
    if (next === at + 1 && isOutside(lead, byte)) return STRANGE
  }
  return isChar(point) ? at + length : STRANGE
}

const isOutside = (lead: number, second: number): boolean =>
  (lead === 0xE0 && second < 0xA0) || (lead === 0xED && second > 0x9F) || (lead === 0xF0 && second < 0x90) ||
  (lead === 0xF4 && second > 0x8F)

/** Where the reference ends whose `&` is at `at`: one of the five entities (XML-04), or a character (XML-05). */
export const referenceEnd = (bytes: Uint8Array, at: number, size: number): number => {
  for (const { word } of entities) {
    const end = at + word.bytes.length + 1
    if (end <= size && isHere(word, bytes, at + 1)) return end
  }
  let written = ""
  for (let next = at + 1; next < size; next++) {
    const byte = bytes[next] ?? 0
    if (byte === SEMICOLON) return pointOf(written) === undefined ? STRANGE : next + 1
    written += String.fromCharCode(byte)
    if (!isBeginning(written)) return STRANGE
  }
  return CUT
}

/** Ten characters hold every code point, with a zero or two in front. */
const isBeginning = (written: string): boolean =>
  written.length <= writtenMax && (/^#(\d*|x[\dA-Fa-f]*)$/.test(written) ||
    entities.some(({ name }) => name.startsWith(written)))

/** The code point that a reference stands for, between its `&` and its `;`. */
export const pointOf = (written: string): number | undefined => {
  if (!written.startsWith("#")) return entities.find(({ name }) => name === written)?.point
  const isHexadecimal = written[1] === "x"
  const digits = written.slice(isHexadecimal ? 2 : 1)
  const point = digits === "" ? -1 : Number.parseInt(digits, isHexadecimal ? 16 : 10)
  return isChar(point) ? point : undefined
}

export const is = (byte: number, kind: number): boolean => ((classes[byte] ?? 0) & kind) !== 0

const writtenMax = 10
const SEMICOLON = 0x3B
const entities = [
  { name: "lt", word: of("lt;"), point: 0x3C },
  { name: "gt", word: of("gt;"), point: 0x3E },
  { name: "amp", word: of("amp;"), point: 0x26 },
  { name: "apos", word: of("apos;"), point: 0x27 },
  { name: "quot", word: of("quot;"), point: 0x22 }
]
