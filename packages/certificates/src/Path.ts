/**
 * Is the chain good? Finds a path from the peer's certificate to an authority and runs RFC 5280 §6.1 along it. Pure but
 * for the signatures. Names of peers are matched in `Match.ts`; what an answer means for a stream is said in `Judge.ts`.
 *
 * Name constraints and required policies are not understood yet: a path that carries them is refused.
 *
 * Certificates §4.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Certificate from "./Certificate.ts"
import { equal } from "./internal/bytes.ts"
import { type Fault, type Purpose, validate, validateLeaf } from "./internal/validation.ts"
import * as Signature from "./Signature.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly leaf: Certificate.Certificate
  /** What else the peer sent and what we know besides, in any order. */
  readonly intermediates: ReadonlyArray<Certificate.Certificate>
  readonly anchors: ReadonlyArray<Certificate.Certificate>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly purpose: Purpose
}

/**
 * @since 0.1.0
 * @category models
 */
export type Answer = Valid | Invalid

/**
 * @since 0.1.0
 * @category models
 */
export interface Valid {
  readonly _tag: "Valid"
  /** The leaf first; the anchor is not in it. */
  readonly path: ReadonlyArray<Certificate.Certificate>
  readonly anchor: Certificate.Certificate
}

/**
 * The fault of the most promising path (CERT-43).
 *
 * @since 0.1.0
 * @category models
 */
export interface Invalid extends Fault {
  readonly _tag: "Invalid"
}

/**
 * What can be wrong with a certificate, and what it must be for.
 *
 * @since 0.1.0
 * @category models
 */
export type { Fault, FaultCode, Purpose } from "./internal/validation.ts"

/**
 * CERT-40…45.
 *
 * @since 0.1.0
 * @category constructors
 */
export const find = Effect.fnUntraced(function*(question: Question): Effect.fn.Return<Answer> {
  const { leaf, now, purpose } = question
  const signatures = makeSignatures()
  const isSelfSigned = Certificate.isSelfIssued(leaf) && (yield* signatures.verify(leaf, leaf))
  const found = yield* search(question, signatures)
  if (found._tag === "Valid") return found
  // CERT-45: it must not look like the certificate of an authority that happens to have its name.
  if (found.fault !== undefined && !(isSelfSigned && found.fault.code === "badSignature")) return invalid(found.fault)
  const fault = validateLeaf(leaf, now, purpose, { mayBeCa: isSelfSigned })
  if (fault !== undefined) return invalid(fault)
  return invalid(isSelfSigned ? selfSigned : untrusted(leaf, question.intermediates))
})

interface Signatures {
  readonly verify: (certificate: Certificate.Certificate, issuer: Certificate.Certificate) => Effect.Effect<boolean>
}

interface Found {
  readonly _tag: "Nothing"
  readonly fault?: Fault
}

type Path = ReadonlyArray<Certificate.Certificate>

/** Depth first, authorities before intermediates, the likely issuer before the others. */
const search = Effect.fnUntraced(function*(
  { anchors, intermediates, leaf, now, purpose }: Question,
  signatures: Signatures
): Effect.fn.Return<Valid | Found> {
  const open: Array<Path> = [[leaf]]
  let best: { readonly fault: Fault; readonly rank: number } | undefined
  for (let step = 0; step < stepsMax; step++) {
    const path = open.pop()
    const top = path?.at(-1)
    if (path === undefined || top === undefined) break
    for (const anchor of issuersOf(top, anchors)) {
      const isSigned = Signature.isWeak(top) || (yield* signatures.verify(top, anchor))
      const failure = isSigned ? validate(path, anchor, now, purpose) : { fault: badSignature(top, anchor), rank: -1 }
      if (failure === undefined) return { _tag: "Valid", path, anchor }
      if (best === undefined || failure.rank > best.rank) best = failure
    }
    if (path.length === depthMax) continue
    for (const issuer of issuersOf(top, intermediates).toReversed()) {
      if (path.some((each) => isSameIssuer(each, issuer))) continue
      // A weak signature is not worth a check: the path is refused at its end, whoever made it.
      if (Signature.isWeak(top) || (yield* signatures.verify(top, issuer))) open.push([...path, issuer])
    }
  }
  return best === undefined ? { _tag: "Nothing" } : { _tag: "Nothing", fault: best.fault }
})

/** CERT-41: the names must be the same; the key identifiers only say whom to try first. */
const issuersOf = (child: Certificate.Certificate, candidates: Path): Path => {
  const key = child.extensions.authorityKey
  const isLikely = (each: Certificate.Certificate): number =>
    key !== undefined && each.extensions.subjectKey === key ? 0 : 1
  return candidates
    .filter((each) => each.subject.comparable === child.issuer.comparable)
    .toSorted((one, other) => isLikely(one) - isLikely(other))
}

const isSameIssuer = (one: Certificate.Certificate, other: Certificate.Certificate): boolean =>
  one.subject.comparable === other.subject.comparable && equal(one.publicKey.spki, other.publicKey.spki)

/** CERT-40: no pair is checked twice, and only so many are checked at all. */
const makeSignatures = (): Signatures => {
  const known = new Map<Certificate.Certificate, Map<Certificate.Certificate, boolean>>()
  let checks = 0
  return {
    verify: Effect.fnUntraced(function*(certificate, issuer) {
      const answers = known.get(certificate) ?? new Map<Certificate.Certificate, boolean>()
      const answer = answers.get(issuer)
      if (answer !== undefined || checks === checksMax) return answer ?? false
      checks += 1
      const fresh = yield* Signature.verify(certificate, issuer.publicKey)
      known.set(certificate, answers.set(issuer, fresh))
      return fresh
    })
  }
}

const invalid = (fault: Fault): Invalid => ({ _tag: "Invalid", ...fault })

const badSignature = (certificate: Certificate.Certificate, anchor: Certificate.Certificate): Fault => ({
  code: "badSignature",
  rule: "CERT-30",
  detail:
    `${certificate.subject.text} says it was issued by ${anchor.subject.text}, but that authority's key did not sign it`
})

const selfSigned: Fault = {
  code: "selfSigned",
  rule: "CERT-82",
  detail: "the certificate is signed by its own key, so it proves nothing by itself"
}

const untrusted = (leaf: Certificate.Certificate, intermediates: Path): Fault => ({
  code: "untrustedCa",
  rule: "CERT-42",
  detail: `${issuersOf(leaf, intermediates)[0]?.issuer.text ?? leaf.issuer.text} is no authority that is trusted here`
})

const depthMax = 8
const checksMax = 64
const stepsMax = 256
