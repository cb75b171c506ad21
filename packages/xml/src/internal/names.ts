/**
 * The character classes of XML 1.0 (fifth edition) and of Namespaces in XML that reader and serialiser share.
 */

/** XML 1.0 §2.2: every character is a Char; a lone surrogate is none. */
export const isText = (text: string): boolean =>
  text.length < longText ? !suspect.test(text) || isLongText(text) : isLongText(text)

/** Engines find a few characters that are near each other much faster than ranges of them, where there is much to look at. */
const isLongText = (text: string): boolean =>
  !firstControls.test(text) && !lastControls.test(text) && text.isWellFormed() && !nonCharacters.test(text)

/** XML 1.0 §2.2, of one code point. */
export const isChar = (point: number): boolean =>
  point < 0xD800
    ? point >= 0x20 || point === 0x9 || point === 0xA || point === 0xD
    : point > 0xDFFF && point <= 0x10FFFF && point !== 0xFFFE && point !== 0xFFFF

/** A name without a colon. */
export const isNcName = (name: string): boolean => seen.has(name) || (ncName.test(name) && remember(name))

/** The same few names come again and again. What is forgotten is looked at anew. */
const remember = (name: string): true => {
  if (seen.size >= seenMax) seen.clear()
  if (name.length <= seenLengthMax) seen.add(name)
  return true
}

/** XML 1.0 §2.3, of one code point as a string. */
export const isNameStart = (character: string): boolean => nameStart.test(character)

/** XML 1.0 §2.3, of one code point as a string. */
export const isNameChar = (character: string): boolean => nameChar.test(character)

/** XML 1.0 §2.3. */
export const isSpace = (point: number): boolean => point === 0x20 || point === 0xA || point === 0xD || point === 0x9

/** That of the stream header. */
export const streamNamespace = "http://etherx.jabber.org/streams"

/** The namespace of the prefix `xmlns`; nothing may be bound to it. */
export const xmlnsNamespace = "http://www.w3.org/2000/xmlns/"

const start = "A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}" +
  "\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}" +
  "\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}"
const rest = `${start}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}`
const seenMax = 512
const seenLengthMax = 64
const seen = new Set<string>()
const ncName = new RegExp(`^[${start}][${rest}]*$`, "u")
const nameStart = new RegExp(`^[:${start}]$`, "u")
const nameChar = new RegExp(`^[:${rest}]$`, "u")
const longText = 256
const suspect = /[\0-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/
const firstControls = /[\0-\x08\x0B\x0C\x0E\x0F]/
const lastControls = /[\x10-\x1F]/
const nonCharacters = /[\uFFFE\uFFFF]/
