/** Texts as base64, and bytes put together. No platform is asked. */
import { Serialize } from "@xmpp-e2e/xml"

/** One character for each byte: enough to look for ASCII in it, and to show it. */
export const latin = (bytes: Uint8Array): string => {
  let text = ""
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

export const base64 = (text: string): string => {
  const bytes = Serialize.utf8(text)
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

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
