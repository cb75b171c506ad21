/**
 * What is said in one turn, on its way to become bytes. Each text is encoded by itself, so that one emoji does not widen
 * its neighbours, into a buffer that serves whoever drafts next; what leaves is a copy as large as it has to be.
 */

/** What goes out in one write. */
export interface Piece {
  readonly bytes: Uint8Array
  /** Of those: bytes that nobody of our side waits for. */
  readonly owed: number
  readonly requests: ReadonlyArray<number>
}

export interface Draft {
  /** The number of bytes that it makes. */
  readonly add: (text: string, request: number | undefined, owed: boolean) => number
  /** What was added since, in pieces; empty when nothing was. */
  readonly take: () => ReadonlyArray<Piece>
}

export const make = (): Draft => {
  let buffer: Uint8Array = nothing
  let size = 0
  let owed = 0
  let requests: Array<number> = []
  let pieces: Array<Piece> = []

  const seal = (): void => {
    if (size === 0) return
    pieces.push({ bytes: buffer.slice(0, size), owed, requests })
    size = 0
    owed = 0
    requests = []
  }

  const encode = (text: string): number => {
    if (buffer.length === 0) {
      buffer = spare ?? new Uint8Array(bufferBytes)
      spare = undefined
    }
    const { written } = encoder.encodeInto(text, size === 0 ? buffer : buffer.subarray(size))
    size += written
    return written
  }

  const large = (text: string, isOwed: boolean): number => {
    seal()
    const bytes = encoder.encode(text)
    pieces.push({ bytes, owed: isOwed ? bytes.length : 0, requests })
    requests = []
    return bytes.length
  }

  return {
    add: (text, request, isOwed) => {
      if (bytesMost * text.length > bufferBytes - size) seal()
      if (request !== undefined) requests.push(request)
      if (bytesMost * text.length > bufferBytes) return large(text, isOwed)
      const written = encode(text)
      if (isOwed) owed += written
      if (size >= pieceBytes) seal()
      return written
    },
    take: () => {
      seal()
      if (buffer.length > 0) spare = buffer
      buffer = nothing
      const all = pieces
      if (all.length > 0) pieces = []
      return all
    }
  }
}

const encoder = new TextEncoder()
const nothing: Uint8Array = new Uint8Array(0)

/** UTF-8 of one UTF-16 unit, at most. */
const bytesMost = 3
const pieceBytes = 65_536
const bufferBytes = 262_144
let spare: Uint8Array | undefined
