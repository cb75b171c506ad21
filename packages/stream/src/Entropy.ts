/**
 * Where random bytes come from. The reducer has no randomness: ids ride on the events that may need them, and this is
 * where they are drawn (HDR-23, SM-13, IQ-14). Platforms differ and tests want the same ids twice, so it is a port.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"

/**
 * A source of random bytes. Synchronous: ids are drawn between two events of one chunk.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly bytes: (count: number) => Uint8Array
}

/**
 * The source in use; the Web Crypto of the platform unless another one is provided.
 *
 * @since 0.1.0
 * @category services
 */
export const Entropy: Context.Reference<Source> = Context.Reference<Source>("@xmpp-e2e/stream/Entropy", {
  defaultValue: () => pooled((count) => globalThis.crypto.getRandomValues(new Uint8Array(count)))
})

/**
 * A fresh, unguessable id: 24 characters of base64url that carry 144 random bits (HDR-23 asks for 128).
 *
 * @since 0.1.0
 * @category constructors
 */
export const freshId = (source: Source): string => Base64Url.encode(source.bytes(idBytes))

/**
 * The same bytes for the same seed, for tests and demonstrations. Never for a stream that matters: the ids can be
 * guessed.
 *
 * @since 0.1.0
 * @category testing
 */
export const layerSeeded = (seed: number): Layer.Layer<never> =>
  Layer.sync(Entropy, () => {
    let state = seed >>> 0
    // Mulberry32.
    const next = (): number => {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return (mixed ^ (mixed >>> 14)) >>> 24
    }
    return { bytes: (count) => Uint8Array.from({ length: count }, next) }
  })

/** Asking the platform costs more than an id does else, whatever the amount. No byte is given twice. */
const pooled = (draw: Source["bytes"]): Source => {
  let pool: Uint8Array = new Uint8Array()
  let at = 0
  return {
    bytes: (count) => {
      if (count > poolBytes) return draw(count)
      if (at + count > pool.length) {
        pool = draw(poolBytes)
        at = 0
      }
      const bytes = pool.slice(at, at + count)
      pool.fill(0, at, at + count)
      at += count
      return bytes
    }
  }
}

const idBytes = 18
const poolBytes = 64 * idBytes
