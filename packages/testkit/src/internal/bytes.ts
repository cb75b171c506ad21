/** Texts as UTF-8 and as base64, and bytes put together. No platform is asked. */

export const encode = (text: string): Uint8Array => {
  const bytes: Array<number> = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | code >> 6, continuation(code))
    else if (code < 0x10000) bytes.push(0xe0 | code >> 12, continuation(code >> 6), continuation(code))
    else bytes.push(0xf0 | code >> 18, continuation(code >> 12), continuation(code >> 6), continuation(code))
  }
  return Uint8Array.from(bytes)
}

/** One character for each byte: enough to look for ASCII in it, and to show it. */
export const latin = (bytes: Uint8Array): string => {
  let text = ""
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

export const base64 = (text: string): string => {
  const bytes = encode(text)
  let encoded = ""
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3)
    const bits = one << 16 | two << 8 | three
    const sextets = [bits >> 18, bits >> 12, bits >> 6, bits].map((each) => alphabet[each & 63])
    encoded += sextets.slice(0, Math.min(4, bytes.length - at + 1)).join("").padEnd(4, "=")
  }
  return encoded
}

export const concat = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const all = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const each of parts) {
    all.set(each, at)
    at += each.length
  }
  return all
}

const continuation = (code: number): number => 0x80 | code & 0x3f

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
