/**
 * Blocks of pcapng (draft-ietf-opsawg-pcapng), little-endian: the section, the one interface, a packet, secrets of TLS.
 */

/** The section header, with a comment for people. @internal */
export const section = (comment: string): Uint8Array => {
  const text = ascii(comment)
  const body = join([
    words32(byteOrder),
    words16(1, 0),
    // The length of the section is not known yet.
    words32(0xffffffff, 0xffffffff),
    words16(optionComment, text.length),
    padded(text),
    words16(0, 0)
  ])
  return block(sectionHeader, body)
}

/** An interface of Ethernet; times are in microseconds, frames are whole. @internal */
export const ethernet = (): Uint8Array => block(interfaceDescription, join([words16(1, 0), words32(0)]))

/** A frame and when it was seen. @internal */
export const packet = (epochMillis: number, frame: Uint8Array): Uint8Array => {
  const micros = Math.round(epochMillis * 1000)
  return block(
    enhancedPacket,
    join([
      words32(0, Math.floor(micros / 2 ** 32), micros % 2 ** 32, frame.length, frame.length),
      padded(frame)
    ])
  )
}

/** Secrets of TLS, lines of a key log, for the packets that follow. @internal */
export const secrets = (keyLog: ReadonlyArray<string>): Uint8Array => {
  const text = ascii(keyLog.map((line) => `${line}\n`).join(""))
  return block(decryptionSecrets, join([words32(tlsKeyLog, text.length), padded(text)]))
}

/** @internal */
export const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const block = (type: number, body: Uint8Array): Uint8Array => {
  const length = body.length + 12
  return join([words32(type, length), body, words32(length)])
}

const words32 = (...values: ReadonlyArray<number>): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, at) => view.setUint32(4 * at, value, true))
  return new Uint8Array(view.buffer)
}

const words16 = (...values: ReadonlyArray<number>): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * values.length))
  values.forEach((value, at) => view.setUint16(2 * at, value, true))
  return new Uint8Array(view.buffer)
}

const padded = (bytes: Uint8Array): Uint8Array => join([bytes, new Uint8Array((4 - bytes.length % 4) % 4)])

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0) & 0x7f)

const byteOrder = 0x1a2b3c4d
const sectionHeader = 0x0a0d0d0a
const interfaceDescription = 1
const enhancedPacket = 6
const decryptionSecrets = 10
/** `TLSK`. */
const tlsKeyLog = 0x544c534b
const optionComment = 1
