/**
 * Several ways of trusting made one, as a `Combination` says (certificates §8 for the usual one).
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Match from "./Match.ts"
import type { Accepts, Opinion, Way } from "./Opinion.ts"
import * as Peer from "./Peer.ts"
import type { PinStoreError } from "./PinStore.ts"
import * as Proof from "./Proof.ts"
import * as TrustModel from "./TrustModel.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * A leaf of a combination.
 *
 * @since 0.1.0
 * @category models
 */
export type Single = TrustModel.Single

/**
 * The model that a leaf of a combination stands for.
 *
 * @since 0.1.0
 * @category models
 */
export type Lookup = (single: Single) => Way

/**
 * @since 0.1.0
 * @category combinators
 */
export const evaluate = (
  combination: TrustModel.Combination,
  peer: Peer.Peer,
  lookup: Lookup,
  heard: ReadonlyArray<Opinion> = []
): Effect.Effect<Opinion, PinStoreError> => {
  if (!TrustModel.isSeveral(combination)) return lookup(combination).judge(peer, heard)
  const combine = combination._tag === "AnyOf" ? anyOf : allOf
  return combine(combination.models, peer, lookup, heard)
}

/**
 * The leaves, from left to right.
 *
 * @since 0.1.0
 * @category getters
 */
export const singles = (combination: TrustModel.Combination): ReadonlyArray<Single> =>
  TrustModel.isSeveral(combination) ? combination.models.flatMap(singles) : [combination]

/**
 * The combination with what each of its leaves says of itself.
 *
 * @since 0.1.0
 * @category getters
 */
export const describe = (combination: TrustModel.Combination, lookup: Lookup): Schema.Json =>
  TrustModel.isSeveral(combination)
    ? { [combination._tag]: combination.models.map((each) => describe(each, lookup)) }
    : { [combination._tag]: lookup(combination).description }

/**
 * The first that vouches for the peer. A leap waits until the others have been asked: it is made when none of them vouches
 * for the peer, and none refuses it.
 */
const anyOf = Effect.fnUntraced(function*(
  models: ReadonlyArray<TrustModel.Combination>,
  peer: Peer.Peer,
  lookup: Lookup,
  before: ReadonlyArray<Opinion>
): Effect.fn.Return<Opinion, PinStoreError> {
  const heard: Array<Opinion> = [...before]
  const proofs: Array<Proof.Proof> = []
  let leaping: Accepts | undefined
  for (const model of models) {
    if (leaps(model) && heard.some(isRefusal)) {
      proofs.push(noLeap)
      continue
    }
    const opinion = yield* evaluate(model, peer, lookup, heard)
    proofs.push(opinion.proof)
    if (opinion._tag !== "Accepts") heard.push(opinion)
    else if (opinion.leap !== undefined) leaping ??= opinion
    else {
      const notices = [...opinion.verdict.notices, ...heard.slice(before.length).flatMap(overridden)]
      return { ...opinion, verdict: { ...opinion.verdict, notices }, proof: oneOf(proofs) }
    }
  }
  if (leaping !== undefined && !heard.some(isRefusal)) return { ...leaping, proof: oneOf(proofs) }
  const given = proofs.map((each) => each.holds ? noLeap : each)
  return { ...weightiest(heard.slice(before.length)), proof: oneOf(given) }
})

/** Each one has to vouch for the peer. */
const allOf = Effect.fnUntraced(function*(
  models: ReadonlyArray<TrustModel.Combination>,
  peer: Peer.Peer,
  lookup: Lookup,
  heard: ReadonlyArray<Opinion>
): Effect.fn.Return<Opinion, PinStoreError> {
  const opinions: Array<Opinion> = []
  // All are asked, also after a no: a changed key has to be told whoever else refuses.
  for (const model of models) opinions.push(yield* evaluate(model, peer, lookup, heard))
  const proofs = opinions.map(({ proof }) => proof)
  const [first, ...more] = opinions.filter((each) => each._tag === "Accepts")
  if (first === undefined && opinions.length === 0) return { _tag: "Abstains", proof: oneOf([]) }
  if (first === undefined || 1 + more.length < opinions.length) {
    return { ...weightiest(opinions), proof: eachOf(proofs) }
  }
  const joint = more.reduce(join, first)
  const isSomebody = joint.verdict.authorised.length > 0
  const agreed = Proof.rule("CERT-70", "They agree on who the peer is", isSomebody)
  const proof = eachOf([...proofs, agreed])
  return isSomebody
    ? { ...joint, proof }
    : { _tag: "Refuses", verdict: Verdicts.identityMismatch(Peer.caseOf(peer), peer.role), proof }
})

/** What both grant; the stronger of the two words for it. */
const join = (one: Accepts, other: Accepts): Accepts => {
  const isStronger = strengths.indexOf(one.verdict.strength) >= strengths.indexOf(other.verdict.strength)
  const [strong, weak] = isStronger ? [one, other] : [other, one]
  const leap = one.leap ?? other.leap
  const authorised = Match.common(one.verdict.authorised, other.verdict.authorised)
  const { identity: _, ...word } = strong.verdict
  // CERT-09: one may know the peer by a name that the other does not grant.
  const identity = [strong, weak].map(({ verdict }) => verdict.identity)
    .find((each) => each !== undefined && authorised.includes(each))
  const times = [one.verdict.expiresIn, other.verdict.expiresIn].filter((each) => each !== undefined)
  const verdict: Verdict.Verdict = {
    ...word,
    because: `${strong.verdict.because}; besides: ${weak.verdict.because}`,
    authorised,
    notices: [...new Set([...one.verdict.notices, ...other.verdict.notices])],
    ...identity === undefined ? {} : { identity },
    ...times.length === 0 ? {} : { expiresIn: Math.min(...times) }
  }
  // CERT-88: nothing is remembered on which they do not agree.
  const agreed = leap && { ...leap, addresses: leap.addresses.filter((each) => authorised.includes(each)) }
  return { _tag: "Accepts", verdict, proof: strong.proof, ...agreed === undefined ? {} : { leap: agreed } }
}

/** A changed key is told before everything else, what is known against the peer before what is not known. */
const weightiest = (heard: ReadonlyArray<Opinion>): Exclude<Opinion, Accepts> => {
  const rest = heard.filter((each) => each._tag !== "Accepts")
  return rest.find(({ verdict }) => verdict?.code === "pinMismatch")
    ?? rest.find(({ _tag }) => _tag === "Refuses")
    ?? rest.find(({ verdict }) => verdict !== undefined)
    ?? { _tag: "Abstains", proof: oneOf([]) }
}

const overridden = ({ verdict }: Opinion): ReadonlyArray<string> =>
  verdict?.code === "pinMismatch" ? [`pinOverridden: ${verdict.because}.`] : []

const isRefusal = ({ _tag }: Opinion): boolean => _tag === "Refuses"

const leaps = (model: TrustModel.Combination): boolean =>
  TrustModel.isSeveral(model) ? model.models.some(leaps) : model._tag === "FirstUse"

const noLeap = Proof.rule("CERT-86", "Nothing is known against the peer, so that a first use may be thought of", false)

const oneOf = (proofs: ReadonlyArray<Proof.Proof>): Proof.Proof =>
  Proof.any({ _tag: "Combination", of: "AnyOf" }, "One of the ways of trusting vouches for the peer", proofs)

const eachOf = (proofs: ReadonlyArray<Proof.Proof>): Proof.Proof =>
  Proof.all({ _tag: "Combination", of: "AllOf" }, "Every one of these ways of trusting vouches for the peer", proofs)

const strengths: ReadonlyArray<Verdict.Strength> = ["none", "firstUse", "custom", "pinned", "pki"]
