/**
 * Signature checks of one question: none is made twice, and only so many are made at all, because peers bring certificates
 * and staples of their own. What is not checked any more is not verified.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type * as PublicKey from "../PublicKey.ts"
import * as Signature from "../Signature.ts"

export interface Checks {
  readonly verify: (signed: Signature.Signed, key: PublicKey.PublicKey) => Effect.Effect<boolean>
}

export const make = (max: number): Checks => {
  const known = new Map<Signature.Signed, Map<PublicKey.PublicKey, boolean>>()
  let made = 0
  return {
    verify: Effect.fnUntraced(function*(signed, key) {
      const answers = known.get(signed) ?? new Map<PublicKey.PublicKey, boolean>()
      const answer = answers.get(key)
      if (answer !== undefined || made === max) return answer ?? false
      made += 1
      const fresh = yield* Signature.verify(signed, key)
      known.set(signed, answers.set(key, fresh))
      return fresh
    })
  }
}
