/**
 * Writes a line as octets, piece by piece, in a place that is used again for the next line. A text of a thousand pieces is
 * cheap to put together and dear to read: somebody has to go through all of them, and somebody else to clear them away.
 */
import { Serialize } from "@xmpp-e2e/xml"

/** @internal */
export interface Pen {
  /** A new line. */
  readonly begin: () => void
  readonly piece: (octets: Uint8Array) => void
  readonly text: (text: string) => void
  readonly number: (number: number) => void
  /** The line so far, until the next one begins. */
  readonly octets: () => Uint8Array
}

/** @internal */
export const make = (): Pen => {
  let place = new Uint8Array(placeOctets)
  let used = 0

  const room = (octets: number): void => {
    if (used + octets <= place.length) return
    const larger = new Uint8Array(2 * (used + octets))
    larger.set(place.subarray(0, used))
    place = larger
  }

  const piece = (octets: Uint8Array): void => {
    const size = octets.length
    room(size)
    // To ask for a copy costs as much as to copy that many.
    if (size > loopMax) place.set(octets, used)
    else for (let at = 0; at < size; at++) place[used + at] = octets[at] ?? 0
    used += size
  }

  /** From the last digit to the first, in the integers that the machine has. */
  const digits = (whole: number): void => {
    let size = 1
    for (let rest = whole; rest >= 10; rest = (rest / 10) | 0) size += 1
    let left = whole
    for (let at = used + size - 1; at >= used; at--) {
      const tenth = (left / 10) | 0
      place[at] = zero + left - 10 * tenth
      left = tenth
    }
    used += size
  }

  const text = (written: string): void => {
    room(written.length)
    for (let at = 0; at < written.length; at++) {
      const code = written.charCodeAt(at)
      if (code >= 0x80) return piece(Serialize.utf8(written))
      place[used + at] = code
    }
    used += written.length
  }

  return {
    begin: () => {
      // One long line is no reason to keep a large place.
      if (place.length > placeOctetsMax) place = new Uint8Array(placeOctets)
      used = 0
    },
    piece,
    text,
    number: (number) => {
      if (!(number >= 0 && number <= wholeMax && Number.isInteger(number))) return text(JSON.stringify(number))
      room(digitsMax)
      digits(number)
    },
    octets: () => place.subarray(0, used)
  }
}

const placeOctets = 4096
const placeOctetsMax = 1_048_576
const loopMax = 24
const wholeMax = 0x7fff_ffff
const digitsMax = 10
const zero = 0x30
