/**
 * The record layer of the TLS model: real record headers (RFC 8446 §5.1), so that whatever is not TLS is noticed at its
 * first byte, and clear bodies.
 */
import * as Bytes from "./bytes.ts"

/** @internal */
export interface Record {
  readonly type: number
  readonly body: Uint8Array
}

/** @internal */
export interface Records {
  readonly push: (bytes: Uint8Array) => void
  /** `undefined`: more bytes are needed. */
  readonly next: () => Record | "notTls" | undefined
}

/** @internal */
export const make = (): Records => {
  const bytes = Bytes.make()
  return {
    push: bytes.push,
    next: () => {
      if (bytes.size() === 0) return undefined
      if (bytes.at(0) < alert || bytes.at(0) > data || (bytes.size() > 1 && bytes.at(1) !== 3)) return "notTls"
      if (bytes.size() < headerBytes) return undefined
      const length = bytes.at(3) * 256 + bytes.at(4)
      if (bytes.size() < headerBytes + length) return undefined
      const header = bytes.take(headerBytes)
      return { type: header[0] ?? 0, body: bytes.take(length) }
    }
  }
}

/** @internal */
export const encode = (type: number, body: Uint8Array): Uint8Array => {
  const record = new Uint8Array(headerBytes + body.length)
  record.set([type, 3, 3, body.length >> 8, body.length & 255])
  record.set(body, headerBytes)
  return record
}

/** Application data in as many records as it takes. @internal */
export const encodeData = (bytes: Uint8Array): Uint8Array => {
  const records: Array<Uint8Array> = []
  for (let from = 0; from < bytes.length; from += bodyBytesMax) {
    records.push(encode(data, bytes.subarray(from, from + bodyBytesMax)))
  }
  const all = new Uint8Array(records.reduce((sum, record) => sum + record.length, 0))
  let filled = 0
  for (const record of records) {
    all.set(record, filled)
    filled += record.length
  }
  return all
}

/** RFC 8446 §6. @internal */
export const encodeAlert = (description: AlertName): Uint8Array =>
  encode(alert, Uint8Array.of(description === "close_notify" ? 1 : 2, alerts[description]))

/** @internal */
export const alertName = (body: Uint8Array): string =>
  Object.entries(alerts).find(([, code]) => code === body[1])?.[0] ?? "unknown"

/** @internal */
export type AlertName = keyof typeof alerts

/** @internal */
export const alert = 0x15
/** @internal */
export const handshake = 0x16
/** @internal */
export const data = 0x17

const alerts = {
  close_notify: 0,
  unexpected_message: 10,
  decode_error: 50,
  protocol_version: 70,
  internal_error: 80
} as const
const headerBytes = 5
const bodyBytesMax = 16_384
