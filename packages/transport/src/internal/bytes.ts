/** A first-in, first-out queue of bytes. */

/** @internal */
export interface Bytes {
  readonly size: () => number
  /** Keeps the array: the caller gives it away. */
  readonly push: (bytes: Uint8Array) => void
  /** The first `count` bytes, at most what is there. */
  readonly take: (count: number) => Uint8Array
  /** The byte at `index`, which must be there. */
  readonly at: (index: number) => number
  readonly clear: () => void
}

/** @internal */
export const make = (): Bytes => {
  let chunks: Array<Uint8Array> = []
  let size = 0

  const take = (count: number): Uint8Array => {
    const out = new Uint8Array(Math.min(count, size))
    let filled = 0
    let used = 0
    for (const chunk of chunks) {
      const part = chunk.subarray(0, out.length - filled)
      out.set(part, filled)
      filled += part.length
      if (part.length < chunk.length) {
        chunks[used] = chunk.subarray(part.length)
        break
      }
      used++
    }
    chunks.splice(0, used)
    size -= out.length
    return out
  }

  const at = (index: number): number => {
    let before = 0
    for (const chunk of chunks) {
      if (index < before + chunk.length) return chunk[index - before] ?? 0
      before += chunk.length
    }
    return 0
  }

  return {
    size: () => size,
    push: (bytes) => {
      if (bytes.length === 0) return
      chunks.push(bytes)
      size += bytes.length
    },
    take,
    at,
    clear: () => {
      chunks = []
      size = 0
    }
  }
}
