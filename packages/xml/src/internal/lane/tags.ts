/**
 * Tags in the fast lane: their names, attributes, the default namespace, and that each end tag has the name of its start
 * tag. A tag is read as a whole; of one whose end is not there nothing is kept.
 */
import { xmlNamespace } from "../../Element.ts"
import { streamNamespace, xmlnsNamespace } from "../names.ts"
import { is, NAME_START, SPACE } from "./classes.ts"
import { valueEnd } from "./content.ts"
import { nameEnd } from "./names.ts"
import { CUT, STRANGE } from "./place.ts"
import { type Ground, type Scan, unitOf } from "./scan.ts"
import * as Tokens from "./tokens.ts"
import * as Words from "./words.ts"

/** Where the start tag ends; `from` is behind its `<`. */
export const readStartTag = (scan: Scan, ground: Ground, bytes: Uint8Array, from: number, size: number): number => {
  const { surplus, tokens } = scan
  const { marked, named } = tokens
  const end = startTagEnd(scan, ground, bytes, from, size)
  if (end < 0) {
    scan.surplus = surplus
    tokens.marked = marked
    tokens.named = named
  }
  return end
}

const startTagEnd = (scan: Scan, ground: Ground, bytes: Uint8Array, from: number, size: number): number => {
  const { tokens } = scan
  const { marked, marks } = tokens
  if (!is(bytes[from] ?? 0, NAME_START) || scan.depth >= ground.depthMax) return STRANGE
  let at = nameEnd(scan, bytes, from, size, ground.prefix)
  if (at < 0) return at
  const { hasPrefix, name } = scan
  const length = at - from
  tokens.names[tokens.named++] = name
  marks[marked] = Tokens.OPEN
  tokens.marked = marked + 2
  scan.declared = undefined
  let attributes = 0
  for (;;) {
    const spaced = spaceEnd(bytes, at, size)
    if (spaced >= size) return CUT
    const byte = bytes[spaced] ?? 0
    if (!is(byte, NAME_START)) {
      at = tagEnd(bytes, spaced, size)
      break
    }
    if (spaced === at || attributes++ >= ground.attributesMax) return STRANGE
    at = attributeEnd(scan, bytes, spaced, size, marked)
    if (at < 0) return at
  }
  if (at < 0 || !open(scan, ground, name, hasPrefix)) return at < 0 ? at : STRANGE
  marks[marked + 1] = (tokens.marked - marked - 2) / 3
  if (bytes[at - 2] === SLASH) close(scan)
  else remember(scan, from - scan.start, length)
  return at
}

/** Where `>` or `/>` ends. */
const tagEnd = (bytes: Uint8Array, at: number, size: number): number => {
  const end = bytes[at] === SLASH ? at + 1 : at
  if (end >= size) return CUT
  return bytes[end] === GREATER ? end + 1 : STRANGE
}

/** Where the attribute ends; `marked` is the mark of its tag. */
const attributeEnd = (scan: Scan, bytes: Uint8Array, from: number, size: number, marked: number): number => {
  const named = nameEnd(scan, bytes, from, size, xml)
  if (named < 0) return named
  const { hasPrefix, name } = scan
  const kind = hasPrefix ? Tokens.XML_ATTRIBUTE : Tokens.ATTRIBUTE
  const isDeclaration = name.text === "xmlns" && !hasPrefix
  if (isDeclaration ? scan.declared !== undefined : isTaken(scan, kind, marked)) return STRANGE
  const equals = spaceEnd(bytes, named, size)
  if (equals >= size) return CUT
  if (bytes[equals] !== EQUALS) return STRANGE
  const quoted = spaceEnd(bytes, equals + 1, size)
  if (quoted >= size) return CUT
  if (bytes[quoted] !== QUOTE && bytes[quoted] !== APOSTROPHE) return STRANGE
  if (!isDeclaration) {
    const known = knownEnd(scan.tokens, bytes, quoted, size)
    if (known > 0) return keep(scan, name, kind | Tokens.KNOWN, known)
  }
  const { surplus } = scan
  const end = valueEnd(scan, bytes, quoted + 1, size)
  if (end < 0) return end
  if (isDeclaration) {
    // What has references, or is not ASCII, is for the parser.
    if (scan.hasReference || scan.surplus !== surplus || !declare(scan, bytes, quoted + 1, end)) return STRANGE
    return end + 1
  }
  return keep(scan, name, scan.hasReference ? kind | Tokens.CODED : kind, end)
}

const keep = (scan: Scan, name: Words.Word, kind: number, end: number): number => {
  const { tokens } = scan
  tokens.names[tokens.named++] = name
  Tokens.run(tokens, kind, scan.from, unitOf(scan, end))
  return end + 1
}

/** The quote that ends the value, if that is the one which stood at the same place in the element before; 0 otherwise. */
const knownEnd = ({ named, values }: Tokens.Tokens, bytes: Uint8Array, quoted: number, size: number): number => {
  const guess = values[named]
  if (guess === undefined || guess === Words.empty) return 0
  const end = quoted + 1 + guess.bytes.length
  return end < size && bytes[end] === bytes[quoted] && Words.isHere(guess, bytes, quoted + 1) ? end : 0
}

/** Whether the tag has an attribute of that name, in the same namespace. */
const isTaken = ({ name, tokens: { marked, marks, named, names } }: Scan, kind: number, tag: number): boolean => {
  for (let at = marked - 3, other = named - 1; at > tag + 1; at -= 3, other--) {
    if (names[other]?.text === name.text && ((marks[at] ?? 0) & ~(Tokens.CODED | Tokens.KNOWN)) === kind) return true
  }
  return false
}

/** False for what may not be declared. */
const declare = (scan: Scan, bytes: Uint8Array, from: number, to: number): boolean => {
  const guess = scan.tokens.namespaces[scan.tokens.opened]
  scan.declared = guess !== undefined && Words.isSame(guess, bytes, from, to) ? guess : namespaceOf(bytes, from, to)
  const text = scan.declared?.text
  return text !== undefined && text !== xmlNamespace && text !== xmlnsNamespace
}

const namespaceOf = (bytes: Uint8Array, from: number, to: number): Words.Word | undefined => {
  let hash = 0
  for (let at = from; at < to; at++) hash = Words.hashed(hash, bytes[at] ?? 0)
  return Words.find(bytes, from, to, hash)
}

const open = (scan: Scan, { byDefault, namespace }: Ground, name: Words.Word, hasPrefix: boolean): boolean => {
  const { defaults, depth, tokens } = scan
  const inside = scan.declared ?? (depth === 0 ? byDefault : defaults[depth - 1] ?? Words.empty)
  const own = hasPrefix ? namespace : inside
  tokens.namespaces[tokens.opened++] = own
  defaults[depth] = inside
  scan.depth = depth + 1
  if (depth > 0) return true
  scan.prefixed = hasPrefix
  // HDR-33.
  return own.text !== streamNamespace || name.text !== "stream"
}

const remember = ({ depth, names }: Scan, at: number, length: number): void => {
  names[2 * depth - 2] = at
  names[2 * depth - 1] = length
}

const close = (scan: Scan): void => {
  const { tokens } = scan
  tokens.marks[tokens.marked++] = Tokens.CLOSE
  scan.depth--
}

/** Where the end tag ends; `from` is behind its `</`. */
export const readEndTag = (scan: Scan, bytes: Uint8Array, from: number, size: number): number => {
  const { depth, names, start } = scan
  const opened = start + (names[2 * depth - 2] ?? 0)
  const length = names[2 * depth - 1] ?? 0
  const there = Math.min(length, size - from)
  for (let at = 0; at < there; at++) if (bytes[from + at] !== bytes[opened + at]) return STRANGE
  const end = spaceEnd(bytes, from + length, size)
  if (end >= size) return CUT
  if (bytes[end] !== GREATER) return STRANGE
  close(scan)
  return end + 1
}

const spaceEnd = (bytes: Uint8Array, from: number, size: number): number => {
  let at = from
  while (at < size && is(bytes[at] ?? 0, SPACE)) at++
  return at
}

const xml = Words.of("xml")
const SLASH = 0x2F
const GREATER = 0x3E
const EQUALS = 0x3D
const QUOTE = 0x22
const APOSTROPHE = 0x27
