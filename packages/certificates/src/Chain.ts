/**
 * A chain judged by itself, without a stream: DER, anchors and a name in, an answer with its proof out. A validator reads
 * its anchors once and remembers answers, because the same peers come again and again.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Certificate from "./Certificate.ts"
import type { DerError } from "./Der.ts"
import type { Fault, Purpose } from "./Fault.ts"
import { type Found, makeFinder, type Options } from "./internal/finder.ts"
import * as Proof from "./Proof.ts"
import * as Reference from "./Reference.ts"
import type { TrustError } from "./TrustError.ts"

/**
 * Which authorities are trusted, and what is known besides.
 *
 * @since 0.1.0
 * @category models
 */
export type { Options } from "./internal/finder.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Question {
  /** DER, the end entity first, the others in any order. What cannot be read among the others is left out. */
  readonly chain: ReadonlyArray<Uint8Array>
  readonly purpose: Purpose
  /** Milliseconds since 1970; the clock's without it. */
  readonly now?: number
  /** The OCSPResponse that came with the handshake, DER (RFC 6066 §8). */
  readonly ocspStaple?: Uint8Array
  /** Whom the certificate has to name. Without it only the path counts. */
  readonly reference?: Reference.Reference
}

/**
 * @since 0.1.0
 * @category models
 */
export type Answer = Accepted | Refused

/**
 * @since 0.1.0
 * @category models
 */
export interface Accepted {
  readonly _tag: "Accepted"
  /** The end entity first; the anchor is not in it. */
  readonly path: ReadonlyArray<Certificate.Certificate>
  readonly anchor: Certificate.Certificate
  /** Sentences about what is not known of revocation. */
  readonly notices: ReadonlyArray<string>
  /** Why: made when it is asked for. */
  readonly explain: () => Proof.Proof
}

/**
 * The rule that is broken, and half a sentence on what was found.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refused {
  readonly _tag: "Refused"
  readonly code: Fault["code"] | "malformed" | "identityMismatch" | "noIdentity"
  readonly rule: string
  readonly detail: string
  /** Why: made when it is asked for. */
  readonly explain: () => Proof.Proof
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Validator {
  readonly validate: (question: Question) => Effect.Effect<Answer>
}

/**
 * Reads the anchors. Fails when one of them cannot be read: nothing is judged with half a configuration.
 *
 * @since 0.1.0
 * @category constructors
 */
export const validator = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Validator, TrustError> {
  const { find } = yield* makeFinder(options)
  return {
    validate: Effect.fnUntraced(function*(question) {
      const found = yield* find(question, question.now ?? (yield* Clock.currentTimeMillis))
      return Result.isFailure(found) ? unreadable(found.failure) : conclude(found.success, question.reference)
    })
  }
})

/**
 * The same for one question alone.
 *
 * @since 0.1.0
 * @category constructors
 */
export const validate = (question: Options & Question): Effect.Effect<Answer, TrustError> =>
  Effect.flatMap(validator(question), (made) => made.validate(question))

const unreadable = ({ detail, rule }: DerError): Answer => ({
  _tag: "Refused",
  code: "malformed",
  rule,
  detail,
  explain: () => claim([Proof.rule(rule, "The certificate can be read", false, { found: detail })])
})

const conclude = ({ answer, explain }: Found, reference: Reference.Reference | undefined): Answer => {
  if (answer._tag === "Invalid") {
    const { code, detail, rule } = answer
    return { _tag: "Refused", code, rule, detail, explain: () => claim([explain()]) }
  }
  const { anchor, path: [leaf], path } = answer
  const matched = reference === undefined || leaf === undefined ? "matches" : Reference.match(leaf, reference)
  const named = (): ReadonlyArray<Proof.Proof> =>
    reference === undefined
      ? []
      : [Proof.rule("CERT-70", `The certificate names ${Reference.text(reference)}`, matched === "matches", {
        source: "RFC 9525 §6"
      })]
  const explained = (): Proof.Proof => claim([explain(), ...named()])
  const notices = answer.revocation?.notices ?? []
  if (matched === "matches") return { _tag: "Accepted", path, anchor, notices, explain: explained }
  return {
    _tag: "Refused",
    code: matched === "nameless" ? "noIdentity" : "identityMismatch",
    rule: "CERT-70",
    detail: `the certificate does not name ${reference === undefined ? "it" : Reference.text(reference)}`,
    explain: explained
  }
}

const claim = (reasons: ReadonlyArray<Proof.Proof>): Proof.Proof =>
  Proof.all({ _tag: "Verdict" }, "The chain is good, and names whom it has to name", reasons)
