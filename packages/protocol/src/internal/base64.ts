/** Base64 as SASL wants it (SASL-14, SASL-15): strict, total, and no text but UTF-8 comes out of it. */

/** The bytes, or `undefined` for anything but canonical RFC 4648 §4 text. */
export const decode = (text: string): ReadonlyArray<number> | undefined => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  const bytes: Array<number> = []
  let bits = 0
  let held = 0
  for (let index = 0; index < text.length - padding; index++) {
    bits = ((bits << 6) | alphabet.indexOf(text.charAt(index))) & 0xffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes.push((bits >> held) & 0xff)
    }
  }
  const unused = bits & ((1 << held) - 1)
  return unused === 0 ? bytes : undefined
}

/** UTF-8 to text; `undefined` when it is none. */
export const textOf = (bytes: ReadonlyArray<number>): string | undefined => {
  const escaped = bytes.map((byte) => "%" + byte.toString(16).padStart(2, "0")).join("")
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}

/** Base64 of the UTF-8 form; a lone surrogate reads as U+FFFD. */
export const encodeText = (text: string): string => {
  const bytes = bytesOf(text)
  let encoded = ""
  for (let index = 0; index < bytes.length; index += 3) {
    const [one = 0, two, three] = bytes.slice(index, index + 3)
    const bits = (one << 16) | ((two ?? 0) << 8) | (three ?? 0)
    encoded += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63)
    encoded += two === undefined ? "=" : alphabet.charAt((bits >> 6) & 63)
    encoded += three === undefined ? "=" : alphabet.charAt(bits & 63)
  }
  return encoded
}

const bytesOf = (text: string): ReadonlyArray<number> => {
  const bytes: Array<number> = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (scalar < 0x80) bytes.push(scalar)
    else if (scalar < 0x800) bytes.push(0xc0 | (scalar >> 6), trail(scalar))
    else if (scalar < 0x10000) bytes.push(0xe0 | (scalar >> 12), trail(scalar >> 6), trail(scalar))
    else bytes.push(0xf0 | (scalar >> 18), trail(scalar >> 12), trail(scalar >> 6), trail(scalar))
  }
  return bytes
}

const trail = (bits: number): number => 0x80 | (bits & 0x3f)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
