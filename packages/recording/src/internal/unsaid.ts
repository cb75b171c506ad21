/**
 * What was to be sent and has not been seen on the wire yet, as bytes in order.
 */

/** @internal */
export interface Unsaid {
  readonly add: (bytes: Uint8Array) => void
  /**
   * Takes a chunk away from the front. Where it is not what stands there, nothing more is taken, and the answer is the
   * octet of the chunk at which that shows.
   */
  readonly match: (chunk: Uint8Array) => number | undefined
  /** How many octets wait. */
  readonly size: () => number
  /** The next octets, at most so many. */
  readonly peek: (max: number) => Uint8Array
}

/** @internal */
export const make = (): Unsaid => {
  const parts: Array<Uint8Array> = []
  let size = 0

  const drop = (count: number): void => {
    const [first] = parts
    if (first === undefined) return
    if (count < first.length) parts[0] = first.subarray(count)
    else parts.shift()
    size -= count
  }

  return {
    add: (bytes) => {
      if (bytes.length > 0) parts.push(bytes)
      size += bytes.length
    },
    match: (chunk) => {
      for (let at = 0; at < chunk.length;) {
        const [first] = parts
        if (first === undefined) return at
        const common = commonLength(first, chunk.subarray(at))
        drop(common)
        at += common
        if (at < chunk.length && common < first.length) return at
      }
      return undefined
    },
    size: () => size,
    peek: (max) => {
      const bytes = new Uint8Array(Math.min(max, size))
      let at = 0
      for (const part of parts) {
        if (at >= bytes.length) break
        bytes.set(part.subarray(0, bytes.length - at), at)
        at += part.length
      }
      return bytes
    }
  }
}

const commonLength = (one: Uint8Array, other: Uint8Array): number => {
  const most = Math.min(one.length, other.length)
  let at = 0
  while (at < most && one[at] === other[at]) at++
  return at
}
