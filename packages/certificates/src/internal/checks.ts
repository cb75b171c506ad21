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
}

interface Made {
  readonly signed: Signature.Signed
  readonly key: PublicKey.PublicKey
  readonly isVerified: boolean
}

export const make = (max: number): Checks => {
  const made: Array<Made> = []
  return {
    verify: Effect.fnUntraced(function*(signed, key) {
      const known = made.find((each) => isSameKey(each.key, key) && isSame(each.signed, signed))
      if (known !== undefined || made.length >= max) return known?.isVerified ?? false
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
