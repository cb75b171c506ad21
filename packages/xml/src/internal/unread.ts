/**
 * Bytes that came and were not read: a list of the pushed pieces, never joined unless somebody takes them. Pieces are
 * kept, not copied.
 */

interface Piece {
  readonly bytes: Uint8Array
  next: Piece | undefined
}

/** `bytes` from `at` on are unread, then all of `next`. */
export interface Unread {
  bytes: Uint8Array
  at: number
  next: Piece | undefined
  last: Piece | undefined
}

export const make = (): Unread => ({ bytes: nothing, at: 0, next: undefined, last: undefined })

export const push = (unread: Unread, bytes: Uint8Array): void => {
  const piece: Piece = { bytes, next: undefined }
  if (unread.last === undefined) unread.next = piece
  else unread.last.next = piece
  unread.last = piece
}

/** Whether a byte is there: `unread.bytes[unread.at]`. */
export const ready = (unread: Unread): boolean => {
  while (unread.at >= unread.bytes.length) {
    const piece = unread.next
    unread.at = 0
    if (piece === undefined) {
      unread.bytes = nothing
      return false
    }
    unread.bytes = piece.bytes
    unread.next = piece.next
    if (piece.next === undefined) unread.last = undefined
  }
  return true
}

/** Everything, and then nothing is left. */
export const take = (unread: Unread): Uint8Array => {
  const pieces = [unread.bytes.subarray(unread.at)]
  for (let piece = unread.next; piece !== undefined; piece = piece.next) pieces.push(piece.bytes)
  clear(unread)
  const all = new Uint8Array(pieces.reduce((size, each) => size + each.length, 0))
  let at = 0
  for (const each of pieces) {
    all.set(each, at)
    at += each.length
  }
  return all
}

export const clear = (unread: Unread): void => {
  unread.bytes = nothing
  unread.at = 0
  unread.next = undefined
  unread.last = undefined
}

const nothing = new Uint8Array(0)
