/**
 * Long runs of plain text, eight bytes at a time: what makes a large block cheap.
 */

/**
 * From `at` on, how far nothing but plain text goes, to the last eight bytes that are all plain. What is plain to
 * `classes.ts` but a tab or a line feed stops it too, and so may its neighbours in the same eight.
 */
export const plainEnd = (view: DataView, from: number, size: number): number => {
  let at = from
  while (at + 8 <= size && ((marksOf(view.getInt32(at, true)) | marksOf(view.getInt32(at + 4, true))) & HIGH) === 0) {
    at += 8
  }
  return at
}

/**
 * Four bytes at once. The high bit of a byte is set at least where it is not ASCII, is below U+0020, or is `<`, `>` or `&`:
 * taking one from a zero borrows, and the first two of these differ in one bit.
 */
const marksOf = (bytes: number): number =>
  bytes | (bytes - SPACES) | (((bytes | TWOS) ^ GREATERS) - ONES) | ((bytes ^ AMPERSANDS) - ONES)

const HIGH = 0x80808080
const ONES = 0x01010101
const TWOS = 0x02020202
const SPACES = 0x20202020
const AMPERSANDS = 0x26262626
const GREATERS = 0x3E3E3E3E
