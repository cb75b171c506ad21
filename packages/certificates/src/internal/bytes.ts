/**
 * Small things about octets that several modules share.
 *
 * @internal
 */
import * as Result from "effect/Result"

/** A loop, because certificates of a peer's making may be long and differ in their last octet. */
export const equal = (one: Uint8Array, other: Uint8Array): boolean => {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) {
    if (one[at] !== other[at]) return false
  }
  return true
}

export const concat = (parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((size, each) => size + each.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A copy in memory that is not shared, as Web Crypto wants it. */
export const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** `undefined` when the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined =>
  Result.getOrUndefined(Result.try(() => strict.decode(bytes)))

export const toUtf8 = (text: string): Uint8Array => encoder.encode(text)

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
