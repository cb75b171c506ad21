/**
 * What is said in one turn, on its way to become bytes. Each text is encoded by itself, so that one emoji does not widen
 * its neighbours, into a buffer that serves whoever drafts next; what leaves is a copy as large as it has to be.
 */

/** What goes out in one write. */
export interface Piece {
  readonly bytes: Uint8Array
  /** In UTF-16 units, which is near enough to bytes for what they bound. */
  readonly size: number
  /** Of those: units that nobody of our side waits for. */
  readonly owed: number
  readonly requests: ReadonlyArray<number>
}

export interface Draft {
  readonly add: (text: string, request: number | undefined, owed: boolean) => void
  /** What was added since, in pieces; empty when nothing was. */
  readonly take: () => ReadonlyArray<Piece>
}

export const make = (): Draft => {
  /** The first text is not encoded before there is a second one: often there is none. */
  let first = ""
  let buffer = nothing
  let used = 0
  let size = 0
  let owed = 0
  let requests: Array<number> = []
  let pieces: Array<Piece> = []

  const seal = (): void => {
    if (size === 0) return
    const bytes = used === 0 ? encoder.encode(first) : buffer.slice(0, used)
    pieces.push({ bytes, size, owed, requests })
    first = ""
    used = 0
    size = 0
    owed = 0
    requests = []
  }

  const encode = (text: string): void => {
    if (buffer.length === 0) {
      buffer = spare ?? new Uint8Array(bufferBytes)
      spare = undefined
    }
    used += encoder.encodeInto(text, used === 0 ? buffer : buffer.subarray(used)).written
  }

  return {
    add: (text, request, isOwed) => {
      const isLarge = bytesMost * (size + text.length) > bufferBytes
      if (isLarge) seal()
      if (request !== undefined) requests.push(request)
      if (size === 0) first = text
      else {
        if (used === 0) encode(first)
        encode(text)
      }
      size += text.length
      if (isOwed) owed += text.length
      if (size >= pieceUnits) seal()
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
const nothing: Uint8Array<ArrayBuffer> = new Uint8Array(0)

/** UTF-8 of one UTF-16 unit, at most. */
const bytesMost = 3
const pieceUnits = 65_536
const bufferBytes = 262_144
let spare: Uint8Array<ArrayBuffer> | undefined
