/**
 * Fingerprints: hashes of certificates and keys, as text that people compare (CERT-92).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import { owned } from "./internal/bytes.ts"

/**
 * SHA-256, 64 lower-case hex digits.
 *
 * @since 0.1.0
 * @category getters
 */
export const sha256 = (bytes: Uint8Array): Effect.Effect<string> => digest("SHA-256", bytes)

/**
 * SHA-1, 40 lower-case hex digits: good for recognising what was announced, never for trust (AMB-18).
 *
 * @since 0.1.0
 * @category getters
 */
export const sha1 = (bytes: Uint8Array): Effect.Effect<string> => digest("SHA-1", bytes)

/**
 * Lower case, without colons and white space. What is not hex stays what it is and equals no fingerprint.
 *
 * @since 0.1.0
 * @category decoding
 */
export const normalise = (text: string): string => text.replace(/[:\s]/g, "").toLowerCase()

/**
 * Whether a normalised text is a SHA-256.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/**
 * For people: upper case, in pairs (CERT-87).
 *
 * @since 0.1.0
 * @category encoding
 */
export const display = (fingerprint: string): string => fingerprint.toUpperCase().match(/../g)?.join(":") ?? ""

const digest = (algorithm: string, bytes: Uint8Array): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest(algorithm, owned(bytes))),
    (hash) => Hex.encode(new Uint8Array(hash))
  )
