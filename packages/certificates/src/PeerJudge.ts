/**
 * The service that answers "who is at the other end?" with a verdict and its proof. The stream asks it once TLS is up,
 * before a byte of XML is written or read (CERT-104). It never fails: what cannot be judged is refused (fail closed).
 *
 * Who is asked is said by a combination of ways of trusting (`TrustModel.ts`, `Combine.ts`).
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as AuthorityTrust from "./AuthorityTrust.ts"
import * as Combine from "./Combine.ts"
import * as CustomTrust from "./CustomTrust.ts"
import * as FirstUse from "./FirstUse.ts"
import { judge, type Judgement, judgement, type Question } from "./internal/judging.ts"
import type { Way } from "./Opinion.ts"
import { layerMemory, type PinStore } from "./PinStore.ts"
import * as PinTrust from "./PinTrust.ts"
import * as Proof from "./Proof.ts"
import * as Trust from "./Trust.ts"
import { TrustError } from "./TrustError.ts"
import * as TrustModel from "./TrustModel.ts"

/**
 * What the judge is asked, and what it answers: the verdict goes into the log; the proof says why to whoever asks, and
 * holds exactly when the peer is vouched for.
 *
 * @since 0.1.0
 * @category models
 */
export type { Judgement, Question } from "./internal/judging.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class PeerJudge extends Context.Service<PeerJudge, {
  readonly judge: (question: Question) => Effect.Effect<Judgement>
  /** Whom it trusts and how that is combined, as plain data: what a recording holds. */
  readonly description: Schema.Json
}>()("@xmpp-e2e/certificates/PeerJudge") {}

/**
 * The verdict alone.
 *
 * @since 0.1.0
 * @category accessors
 */
export const verdict = (question: Question): Effect.Effect<Verdict.Verdict, never, PeerJudge> =>
  PeerJudge.use(({ judge }) => Effect.map(judge(question), (judgement) => judgement.verdict))

/**
 * Judges as a combination of ways of trusting says. Their layers are what this one needs. Fails when a function is
 * asked for by a name that `CustomTrust` does not have.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerOf = <Needs extends TrustModel.Model>(
  combination: TrustModel.Combination<Needs>,
  rules: Partial<Trust.Rules> = {}
): Layer.Layer<PeerJudge, TrustError, Needs> => Layer.effect(PeerJudge, make(combination, { ...Trust.rules, ...rules }))

/**
 * Judges by a `Trust` and the pins of the store. When `firstUse` is `ask`, an `Approver` that is there is asked.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (trust: Trust.Trust): Layer.Layer<PeerJudge, TrustError, PinStore> => {
  const { combination, fingerprints, firstUse, pinBy, pinIgnoresValidity, pins } = trust
  const models = Layer.mergeAll(
    AuthorityTrust.layer(trust),
    PinTrust.layer({ fingerprints, pins, by: pinBy, ignoresValidity: pinIgnoresValidity }),
    FirstUse.layer({ policy: firstUse, by: pinBy })
  )
  return Layer.provide(layerOf(combination, trust), models)
}

/**
 * Certificates with these SHA-256 fingerprints, and no others.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerPinned = (fingerprints: ReadonlyArray<string>): Layer.Layer<PeerJudge, TrustError> =>
  Layer.provide(layer(Trust.make({ fingerprints })), layerMemory())

/**
 * Certificates issued by these authorities, DER.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerAuthority = (anchors: ReadonlyArray<Uint8Array>): Layer.Layer<PeerJudge, TrustError> =>
  Layer.provide(layerOf(TrustModel.authority), AuthorityTrust.layer({ anchors }))

/**
 * Whoever comes first: the store remembers, and from then on nobody else is accepted for that address.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFirstUse = (policy: "ask" | "accept"): Layer.Layer<PeerJudge, TrustError, PinStore> =>
  Layer.provide(layerOf(TrustModel.firstUse), FirstUse.layer({ policy }))

/**
 * A judge of your own in place of all that is here. Its proof is the verdict's own word.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerVerdict = (
  judge: (question: Question) => Effect.Effect<Verdict.Verdict>
): Layer.Layer<PeerJudge> =>
  Layer.succeed(PeerJudge, {
    description: "a judge of the application's own",
    judge: (question) =>
      Effect.map(judge(question), (verdict) =>
        judgement(verdict, Proof.rule(verdict.rule, verdict.because, verdict.decision === "accept")))
  })

const make = Effect.fnUntraced(function*(
  combination: TrustModel.Combination,
  rules: Trust.Rules
): Effect.fn.Return<PeerJudge["Service"], TrustError> {
  const authority = Option.getOrUndefined(yield* Effect.serviceOption(AuthorityTrust.AuthorityTrust))
  const pin = Option.getOrUndefined(yield* Effect.serviceOption(PinTrust.PinTrust))
  const firstUse = Option.getOrUndefined(yield* Effect.serviceOption(FirstUse.FirstUseTrust))
  const custom = Option.getOrUndefined(yield* Effect.serviceOption(CustomTrust.CustomTrust))
  const find = (single: Combine.Single): Way | undefined => {
    switch (single._tag) {
      case "Authority":
        return authority
      case "Pin":
        return pin
      case "FirstUse":
        return firstUse
      case "Custom":
        return custom?.get(single.name)
    }
  }
  const models = new Map<Combine.Single, Way>()
  for (const single of Combine.singles(combination)) {
    const model = find(single)
    if (model === undefined) {
      const name = single._tag === "Custom" ? `the function ${JSON.stringify(single.name)}` : single._tag
      return yield* new TrustError({ reason: "custom", detail: `the combination asks ${name}, which nobody provides` })
    }
    models.set(single, model)
  }
  const settle = firstUse?.settle
  const lookup: Combine.Lookup = (single) => models.get(single) ?? nobody
  const panel = { combination, lookup, settle, rules }
  return {
    description: { combination: Combine.describe(combination, lookup), rules: { ...rules } },
    judge: (question) => judge(question, panel)
  }
})

const nobody: Way = {
  description: null,
  judge: () => Effect.succeed({ _tag: "Abstains", proof: Proof.rule("CERT-104", "Somebody is asked", false) })
}
