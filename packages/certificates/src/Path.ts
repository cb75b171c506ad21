/**
 * Is the chain good? Finds a path from the peer's certificate to an authority and runs RFC 5280 §6.1 along it, going back
 * where a path turns out bad. Pure but for the signatures. Names of peers are matched in `Match.ts`; what an answer means
 * for a stream is said in `internal/judging.ts`; why it came out so, in `Proof.ts`.
 *
 * Certificates §4.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Certificate from "./Certificate.ts"
import type { Fault, Purpose } from "./Fault.ts"
import * as Building from "./internal/building.ts"
import * as Checks from "./internal/checks.ts"
import * as Validation from "./internal/validation.ts"
import type * as Policies from "./Policies.ts"
import * as Revocation from "./Revocation.ts"

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
  /** RFC 5280 §6.1.1 (c), (e) to (g). By default any policy will do, and none. */
  readonly policies?: Policies.Inputs
  /** Without it nobody is asked whether a certificate is revoked. */
  readonly revocation?: Pick<Revocation.Question, "evidence" | "mode">
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
  readonly revocation?: Revocation.Answer
  /** The paths that were tried before. */
  readonly attempts: ReadonlyArray<Attempt>
}

/**
 * The fault of the most promising path (CERT-43).
 *
 * @since 0.1.0
 * @category models
 */
export interface Invalid extends Fault {
  readonly _tag: "Invalid"
  readonly attempts: ReadonlyArray<Attempt>
}

/**
 * A path that is not good. Without an anchor it was given up on the way; its last certificate is the one with the fault.
 *
 * @since 0.1.0
 * @category models
 */
export interface Attempt {
  readonly path: ReadonlyArray<Certificate.Certificate>
  readonly anchor?: Certificate.Certificate
  /** There when nothing was wrong but this. */
  readonly revocation?: Revocation.Answer
  readonly fault: Fault
}

/**
 * CERT-40…45.
 *
 * @since 0.1.0
 * @category constructors
 */
export const find = Effect.fnUntraced(function*(question: Question): Effect.fn.Return<Answer> {
  const { anchors, intermediates, leaf } = question
  const asked = Validation.asked(question)
  const unfit = Validation.alone(leaf, true, asked)
  if (unfit !== undefined) return { _tag: "Invalid", ...unfit, attempts: [{ path: [leaf], fault: unfit }] }
  const graph = Building.graph(intermediates, anchors)
  const signatures = Checks.make()
  const found = yield* search(question, graph, signatures, asked)
  if (found._tag === "Valid") return found
  const { attempts, best } = found
  const isSelfSigned = Certificate.isSelfIssued(leaf) && (yield* signatures.verify(leaf, leaf.publicKey))
  // CERT-45: it must not look like the certificate of an authority that happens to have its name.
  if (best !== undefined && !(isSelfSigned && best.rank < 0)) return { _tag: "Invalid", ...best.fault, attempts }
  // Certificates that people sign themselves are often marked so by their tools; all others must not be.
  const fault = isSelfSigned ? selfSigned : Validation.asAuthority(leaf) ?? untrusted(leaf, intermediates)
  return { _tag: "Invalid", ...fault, attempts: [...attempts, { path: [leaf], fault }] }
})

interface NotFound {
  readonly _tag: "NotFound"
  readonly attempts: ReadonlyArray<Attempt>
  readonly best: Validation.Failure | undefined
}

/** Depth first, anchors before intermediates, the likely issuer before the others. */
const search = Effect.fnUntraced(function*(
  question: Question,
  graph: Building.Graph,
  signatures: Checks.Checks,
  asked: Validation.Asked
): Effect.fn.Return<Valid | NotFound> {
  const open: Array<Validation.Path> = [[question.leaf]]
  const attempts: Array<Attempt> = []
  const unfit: Array<Attempt> = []
  const revocations = Revocation.noChecks()
  let best: Validation.Failure | undefined
  const fail = (attempt: Attempt, rank: number): void => {
    if (attempts.length < attemptsMax) attempts.push(attempt)
    if (best === undefined || rank > best.rank) best = { fault: attempt.fault, rank }
  }
  for (let step = 0; step < stepsMax; step++) {
    const path = open.pop()
    const top = path?.at(-1)
    if (path === undefined || top === undefined) break
    for (const anchor of graph.anchorsOf(top)) {
      const isSigned = yield* signatures.verify(top, anchor.publicKey)
      const failure = isSigned ? Validation.walk(path, anchor, asked) : { fault: badSignature(top, anchor), rank: -1 }
      if (failure !== undefined) {
        fail({ path, anchor, fault: failure.fault }, failure.rank)
        continue
      }
      const revocation = yield* askRevocation(question, path, anchor, revocations)
      const refusal = revocation?.refusal
      if (refusal === undefined) return { _tag: "Valid", path, anchor, attempts, ...revocation && { revocation } }
      fail({ path, anchor, fault: refusal, ...revocation && { revocation } }, path.length)
    }
    if (path.length === depthMax) continue
    for (const issuer of graph.issuersOf(top).toReversed()) {
      if (path.some((each) => Building.isSameAuthority(each, issuer))) continue
      const longer = [...path, issuer]
      const fault = Validation.alone(issuer, false, asked)
      if (fault !== undefined) unfit.push({ path: longer, fault })
      else if (yield* signatures.verify(top, issuer.publicKey)) open.push(longer)
      else fail({ path: longer, fault: badSignature(top, issuer) }, -1)
    }
  }
  // Only now is it worth a check whether they would have led on.
  for (const attempt of unfit) {
    const [issuer, top] = attempt.path.toReversed()
    if (issuer !== undefined && top !== undefined && (yield* signatures.verify(top, issuer.publicKey))) fail(attempt, 0)
  }
  if (signatures.isSpent() && (best === undefined || best.rank < 0)) best = { fault: tooMuch, rank: 0 }
  return { _tag: "NotFound", attempts, best }
})

/** RFC 5280 §6.1.3 (a)(3). It is asked last, because it costs most. */
const askRevocation = (
  { now, revocation }: Question,
  path: Validation.Path,
  anchor: Certificate.Certificate,
  checks: Checks.Checks
): Effect.Effect<Revocation.Answer | undefined> =>
  revocation === undefined || revocation.mode === "off"
    ? Effect.succeed(undefined)
    : Revocation.check({ ...revocation, path, anchor, now, checks })

const badSignature = (certificate: Certificate.Certificate, issuer: Certificate.Certificate): Fault => ({
  code: "badSignature",
  rule: "CERT-30",
  detail:
    `${certificate.subject.text} says it was issued by ${issuer.subject.text}, but that authority's key did not sign it`
})

const selfSigned: Fault = {
  code: "selfSigned",
  rule: "CERT-82",
  detail: "the certificate is signed by its own key, so it proves nothing by itself"
}

const untrusted = (
  leaf: Certificate.Certificate,
  intermediates: ReadonlyArray<Certificate.Certificate>
): Fault => {
  const above = intermediates.find(({ subject }) => subject.comparable === leaf.issuer.comparable)
  return {
    code: "untrustedCa",
    rule: "CERT-42",
    detail: `${(above ?? leaf).issuer.text} is no authority that is trusted here`
  }
}

const tooMuch: Fault = {
  code: "untrustedCa",
  rule: "CERT-40",
  detail: `no path to a trusted authority was found with ${Checks.checksMax} checks of signatures`
}

const depthMax = 8
const stepsMax = 256
const attemptsMax = 32
