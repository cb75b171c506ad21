/**
 * Bytes that came and were not read, in one piece. A piece that comes when nothing is left is kept, not copied; one that
 * comes to a rest is added to it in a buffer that grows by doubling, so many small pieces cost no more than a few large ones.
 *
 * A buffer that is done with serves whoever needs one next, and somebody who waits for nothing holds none.
 */

/** Unread is what `bytes` has in `[at, size)`. */
export interface Unread {
  bytes: Uint8Array
  at: number
  size: number
  /** Whether `bytes` is a buffer of ours, and not a piece. */
  isOwn: boolean
  /** Of `bytes`, for whoever reads several at a time. */
  view: DataView | undefined
}

export const make = (): Unread => ({ bytes: nothing, at: 0, size: 0, isOwn: false, view: undefined })

export const push = (unread: Unread, piece: Uint8Array): void => {
  if (unread.at === unread.size) {
    clear(unread)
    unread.bytes = piece
    unread.size = piece.length
    return
  }
  if (!unread.isOwn || unread.size + piece.length > unread.bytes.length) makeRoom(unread, piece.length)
  unread.bytes.set(piece, unread.size)
  unread.size += piece.length
}

/** Moves the rest to the beginning of a buffer with room for as much again. */
const makeRoom = (unread: Unread, length: number): void => {
  const { at, bytes, isOwn, size } = unread
  const wanted = 2 * (size - at + length)
  if (isOwn && wanted <= bytes.length) bytes.copyWithin(0, at, size)
  else {
    const rest = bytes.subarray(at, size)
    const buffer = spare !== undefined && spare.length >= wanted ? spare : new Uint8Array(Math.max(wanted, bufferMin))
    if (buffer === spare) spare = undefined
    buffer.set(rest)
    clear(unread)
    unread.bytes = buffer
    unread.isOwn = true
  }
  unread.size = size - at
  unread.at = 0
}

/** Everything, and then nothing is left. */
export const take = (unread: Unread): Uint8Array => {
  const all = new Uint8Array(unread.bytes.subarray(unread.at, unread.size))
  clear(unread)
  return all
}

export const clear = (unread: Unread): void => {
  if (unread.isOwn && unread.bytes.length <= spareMax) spare = unread.bytes
  unread.bytes = nothing
  unread.at = 0
  unread.size = 0
  unread.isOwn = false
  unread.view = undefined
}

const nothing = new Uint8Array(0)
const bufferMin = 4096
const spareMax = 1_048_576
/** For all who read. Nothing that was read points into it. */
let spare: Uint8Array | undefined
