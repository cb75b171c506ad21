/**
 * Answers that are kept for the next time the same octets are asked about. The cache is bounded, in answers and in octets;
 * what has not been asked for longest goes first. It compares octets, so that nobody is taken for somebody else because of
 * a hash.
 *
 * @internal
 */
import { equal } from "./bytes.ts"

export interface Key {
  readonly parts: ReadonlyArray<Uint8Array>
  /** What else the answer depends on. */
  readonly rest: string
}

/** The answer holds from `from` on and before `until`, in milliseconds since 1970. */
export interface Kept<A> {
  readonly key: Key
  readonly answer: A
  readonly from: number
  readonly until: number
}

export interface Answers<A> {
  readonly get: (key: Key, now: number) => A | undefined
  readonly put: (kept: Kept<A>) => void
}

export const make = <A>(): Answers<A> => {
  const kept = new Map<number, Kept<A>>()
  let octets = 0
  const drop = (slot: number): void => {
    octets -= sizeOf(kept.get(slot)?.key)
    kept.delete(slot)
  }
  return {
    get: (key, now) => {
      const slot = hashOf(key)
      const found = kept.get(slot)
      if (found === undefined || now < found.from || now >= found.until || !isSame(found.key, key)) return undefined
      kept.delete(slot)
      kept.set(slot, found)
      return found.answer
    },
    put: (one) => {
      const size = sizeOf(one.key)
      if (size > octetsMax / 8) return
      const slot = hashOf(one.key)
      drop(slot)
      octets += size
      kept.set(slot, one)
      for (const oldest of kept.keys()) {
        if (kept.size <= answersMax && octets <= octetsMax) break
        drop(oldest)
      }
    }
  }
}

const sizeOf = (key: Key | undefined): number =>
  key === undefined ? 0 : key.parts.reduce((sum, each) => sum + each.length, 0)

const isSame = (one: Key, other: Key): boolean =>
  one.rest === other.rest
  && one.parts.length === other.parts.length
  && one.parts.every((each, at) => equal(each, other.parts[at] ?? nothing))

/** FNV-1a. Two keys in one slot drive each other out, no more. */
const hashOf = ({ parts }: Key): number => {
  let hash = 0x811c9dc5
  for (const part of parts) {
    // A certificate ends with its signature, which is as good as all of it.
    for (let at = Math.max(0, part.length - hashedOctets); at < part.length; at++) {
      hash = Math.imul(hash ^ (part[at] ?? 0), 0x01000193)
    }
  }
  return hash >>> 0
}

const nothing = new Uint8Array()
const hashedOctets = 64
const answersMax = 512
const octetsMax = 4 << 20
