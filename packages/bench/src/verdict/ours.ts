/**
 * Our own way from octets to an answer.
 */
import * as Chains from "@xmpp-e2e/certificates/Chain"
import * as Effect from "effect/Effect"
import type { Chain } from "./chain.ts"

/** Anchors and all, with nothing known beforehand. */
export const isValid = ({ anchor, now, ...chain }: Chain): Promise<boolean> =>
  Effect.runPromise(Effect.map(Chains.validate({ anchors: [anchor], ...question(chain), now }), isAccepted))

/** By a validator that has seen it before. */
export const again = async ({ anchor, now, ...chain }: Chain): Promise<boolean> => {
  const known = validators.get(anchor) ?? await Effect.runPromise(Chains.validator({ anchors: [anchor] }))
  validators.set(anchor, known)
  return Effect.runPromise(Effect.map(known.validate({ ...question(chain), now }), isAccepted))
}

const question = ({ intermediate, leaf }: Pick<Chain, "leaf" | "intermediate">): Omit<Chains.Question, "now"> => ({
  chain: [leaf, intermediate],
  purpose: { peer: "server", policy: "strict" }
})

const isAccepted = ({ _tag }: Chains.Answer): boolean => _tag === "Accepted"

const validators = new WeakMap<Uint8Array, Chains.Validator>()
