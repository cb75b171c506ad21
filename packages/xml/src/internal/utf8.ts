/**
 * UTF-8 in pieces, to text with XML's line ends. It knows the first byte that cannot be (XML-09), however the bytes were
 * cut, and that is why it is here: a `TextDecoder` only says that something in a chunk was wrong.
 *
 * CR LF and CR become LF here (XML-22), as XML 1.0 §2.11 asks: before parsing. So the parser never holds a CR back.
 */

/**
 * - `waiting`: bytes that the character begun still needs, 0 between characters
 * - `broken`: the byte after all that was decoded cannot be; nothing more is decoded
 */
export interface Decoder {
  waiting: number
  broken: boolean
  point: number
  lower: number
  upper: number
  afterReturn: boolean
}

export const make = (): Decoder => ({
  waiting: 0,
  broken: false,
  point: 0,
  lower: 0x80,
  upper: 0xBF,
  afterReturn: false
})

/** The text of `bytes` in `[from, to)`, up to the first byte that cannot be. Characters come whole. */
export const decode = (decoder: Decoder, bytes: Uint8Array, from: number, to: number): string => {
  let text = ""
  let size = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80 && decoder.waiting === 0) {
      if (byte === 0x0D) {
        decoder.afterReturn = true
        units[size++] = 0x0A
      } else if (byte !== 0x0A || !decoder.afterReturn) {
        decoder.afterReturn = false
        units[size++] = byte
      } else decoder.afterReturn = false
    } else {
      decoder.afterReturn = false
      if (!accept(decoder, byte)) break
      if (decoder.waiting === 0) size = put(size, decoder.point)
    }
    if (size >= unitsMax) {
      text += textOf(size)
      size = 0
    }
  }
  return size === 0 ? text : text + textOf(size)
}

/** One byte of a longer sequence; RFC 3629 §4, where a leading byte narrows the range of the second. */
const accept = (decoder: Decoder, byte: number): boolean => {
  if (decoder.waiting > 0) {
    if (byte < decoder.lower || byte > decoder.upper) return refuse(decoder)
    decoder.lower = 0x80
    decoder.upper = 0xBF
    decoder.point = decoder.point << 6 | byte & 0x3F
    decoder.waiting--
    return true
  }
  if (byte < 0xC2 || byte > 0xF4) return refuse(decoder)
  decoder.waiting = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
  decoder.point = byte & 0x3F >> decoder.waiting
  // Overlong forms, surrogates, and what is beyond U+10FFFF.
  decoder.lower = byte === 0xE0 ? 0xA0 : byte === 0xF0 ? 0x90 : 0x80
  decoder.upper = byte === 0xED ? 0x9F : byte === 0xF4 ? 0x8F : 0xBF
  return true
}

const refuse = (decoder: Decoder): false => {
  decoder.broken = true
  return false
}

const put = (size: number, point: number): number => {
  if (point < 0x10000) {
    units[size] = point
    return size + 1
  }
  units[size] = 0xD800 + (point - 0x10000 >> 10)
  units[size + 1] = 0xDC00 + (point - 0x10000 & 0x3FF)
  return size + 2
}

const textOf = (size: number): string => Reflect.apply(String.fromCharCode, undefined, units.subarray(0, size))

const unitsMax = 4096
// One for all decoders: it holds nothing between two calls. Room for the second half of a pair at the end.
const units = new Uint16Array(unitsMax + 1)
