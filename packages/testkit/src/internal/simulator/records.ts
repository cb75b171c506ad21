/** Records of the stand-in for TLS: type, length, checksum, and contents that look like no XML. Any change is noticed. */
import { latin } from "../bytes.ts"

export interface Record {
  readonly type: Type
  readonly payload: Uint8Array
  /** Bytes of the whole record. */
  readonly length: number
}

export type Type = typeof HANDSHAKE | typeof DATA | typeof ALERT

export const HANDSHAKE = 0x16
export const DATA = 0x17
export const ALERT = 0x15

/** Contents of this many bytes fit. */
export const payloadMax = 1_024

export const write = (type: Type, content: string | Uint8Array): Uint8Array => {
  const plain = typeof content === "string" ? Uint8Array.from(content, (each) => each.charCodeAt(0)) : content
  const bytes = new Uint8Array(plain.length + overhead)
  const sum = checksum(type, plain)
  bytes.set([type, plain.length >> 8, plain.length & 0xff, sum >>> 24, sum >>> 16 & 0xff, sum >>> 8 & 0xff, sum & 0xff])
  for (const [at, byte] of plain.entries()) bytes[at + overhead] = byte ^ mask
  return bytes
}

export const read = (bytes: Uint8Array): Record | "more" | "none" => {
  const [type = 0, high = 0, low = 0, ...rest] = bytes.subarray(0, overhead)
  if (type !== HANDSHAKE && type !== DATA && type !== ALERT) return "none"
  const length = overhead + (high << 8) + low
  if (length > overhead + payloadMax) return "none"
  if (bytes.length < length) return "more"
  const payload = bytes.slice(overhead, length).map((each) => each ^ mask)
  const sum = rest.reduce((whole, byte) => whole << 8 | byte, 0)
  return checksum(type, payload) === sum ? { type, payload, length } : "none"
}

export interface Message {
  readonly says: "hello" | "certificate" | "finished"
  readonly chain: ReadonlyArray<string>
}

export const readMessage = (payload: Uint8Array): Message | undefined => {
  try {
    const found: unknown = JSON.parse(latin(payload))
    return isMessage(found) ? found : undefined
  } catch {
    return undefined
  }
}

const isMessage = (found: unknown): found is Message =>
  typeof found === "object" && found !== null && "says" in found && "chain" in found && Array.isArray(found.chain)

const checksum = (type: number, bytes: Uint8Array): number => {
  let sum = type
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0
  return sum
}

const overhead = 7
const mask = 0xa5
