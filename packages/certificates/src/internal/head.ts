/**
 * Identifier and length of one DER value (CERT-20, CERT-21), for those who walk through values without keeping them: the
 * tree of `Der.ts`, and the lists of `shallow.ts`.
 *
 * X.690 §8.1.2, §8.1.3, §10.1.
 *
 * @internal
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"

/** The content begins at `from`; what follows the value begins at `next`. */
export interface Head {
  readonly tag: number
  readonly from: number
  readonly next: number
}

export interface Flaw {
  readonly rule: string
  readonly detail: string
}

/** The content is known to lie within the bytes. */
export const readHead = (bytes: Uint8Array, start: number): Result.Result<Head, Flaw> => {
  const tag = bytes[start]
  if (tag === undefined) return flaw("CERT-20", `a value is missing at octet ${start}`)
  if ((tag & 0x1f) === 0x1f) return flaw("CERT-21", "a tag number is 31 or higher")
  return Result.flatMap(readLength(bytes, start + 1), ({ from, size }) => {
    const next = from + size
    return next > bytes.length
      ? flaw("CERT-20", `a value of tag ${Hex.encode(Uint8Array.of(tag))} is cut off`)
      : Result.succeed({ tag, from, next })
  })
}

const readLength = (
  bytes: Uint8Array,
  at: number
): Result.Result<{ readonly from: number; readonly size: number }, Flaw> => {
  const first = bytes[at]
  if (first === undefined) return flaw("CERT-20", "a length is missing")
  if (first < 0x80) return Result.succeed({ from: at + 1, size: first })
  const count = first & 0x7f
  if (count === 0) return flaw("CERT-21", "a length is indefinite")
  if (count > lengthOctetsMax) return flaw("CERT-21", `a length has more than ${lengthOctetsMax} octets`)
  const octets = bytes.subarray(at + 1, at + 1 + count)
  if (octets.length < count) return flaw("CERT-20", "a length is cut off")
  const size = octets.reduce((sum, each) => sum * 256 + each, 0)
  const isShortest = size >= 0x80 && octets[0] !== 0
  return isShortest
    ? Result.succeed({ from: at + 1 + count, size })
    : flaw("CERT-21", "a length is longer than needed")
}

const flaw = (rule: string, detail: string): Result.Result<never, Flaw> => Result.fail({ rule, detail })

const lengthOctetsMax = 3
