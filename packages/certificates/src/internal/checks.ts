/**
 * Signature checks of questions that belong together: none is made twice, and only so many are made at all, because peers
 * bring certificates and staples of their own. What is not checked any more is not verified.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type * as PublicKey from "../PublicKey.ts"
import * as Signature from "../Signature.ts"
import { equal } from "./bytes.ts"

export interface Checks {
  readonly verify: (signed: Signature.Signed, key: PublicKey.PublicKey) => Effect.Effect<boolean>
  /** Whether a check was refused. */
  readonly isSpent: () => boolean
}

interface Made {
  readonly signed: Signature.Signed
  readonly key: PublicKey.PublicKey
  readonly isVerified: boolean
}

/** CERT-40. */
export const checksMax = 64

export const make = (max = checksMax): Checks => {
  const made: Array<Made> = []
  let isSpent = false
  return {
    isSpent: () => isSpent,
    verify: Effect.fnUntraced(function*(signed, key) {
      const known = made.find((each) => isSameKey(each.key, key) && isSame(each.signed, signed))
      if (known !== undefined) return known.isVerified
      isSpent = made.length >= max
      if (isSpent) return false
      const isVerified = yield* Signature.verify(signed, key)
      made.push({ signed, key, isVerified })
      return isVerified
    })
  }
}

const isSameKey = (one: PublicKey.PublicKey, other: PublicKey.PublicKey): boolean =>
  one === other || equal(one.spki, other.spki)

/** A staple is read anew for each question. */
const isSame = (one: Signature.Signed, other: Signature.Signed): boolean =>
  one === other ||
  (equal(one.signature, other.signature) && equal(one.tbs, other.tbs) &&
    equal(one.signatureAlgorithm.raw, other.signatureAlgorithm.raw))
