/**
 * Why a verdict came out as it did: a tree of claims. A claim holds because of the claims below it, down to single rules,
 * each with its requirement and what was found. Plain data, for people and programs; `Explain.ts` makes lines of it.
 *
 * Nothing is decided here. The claims about paths are asked anew of the same rules that decided.
 *
 * @since 0.1.0
 */
import type * as Certificate from "./Certificate.ts"
import * as Validation from "./internal/validation.ts"
import type * as Path from "./Path.ts"
import type * as Revocation from "./Revocation.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Proof {
  readonly about: About
  /** A sentence without its full stop. */
  readonly claim: string
  readonly holds: boolean
  /** The requirement that was applied: `CERT-38`. */
  readonly rule?: string
  /** Where the requirement comes from: `RFC 5280 §6.1.3 (a)(2)`. */
  readonly source?: string
  /** What was found, half a sentence. */
  readonly found?: string
  /** Whether every reason must hold, or one is enough. Without reasons the claim stands for itself. */
  readonly needs: "all" | "any"
  readonly reasons: ReadonlyArray<Proof>
}

/**
 * What a claim is about. `certificate` counts from the peer's own, 0, towards the anchor.
 *
 * @since 0.1.0
 * @category models
 */
export type About =
  | { readonly _tag: "Verdict" }
  | { readonly _tag: "Combination"; readonly of: "AnyOf" | "AllOf" }
  | { readonly _tag: "Model"; readonly model: string }
  | { readonly _tag: "Path"; readonly subjects: ReadonlyArray<string>; readonly anchor?: string }
  | { readonly _tag: "Certificate" } & Facts
  | { readonly _tag: "Rule" }

/**
 * What tells a certificate from others, and until when it is good. Texts and numbers are as in `Certificate.ts`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly notBefore: number
  readonly notAfter: number
  readonly key: string
  /** SHA-256 of the DER, lower-case hex; where somebody has worked it out. */
  readonly fingerprint?: string
}

/**
 * A rule that was asked and its answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const rule = (
  id: string,
  claim: string,
  holds: boolean,
  more: { readonly source?: string; readonly found?: string } = {}
): Proof => ({ about: { _tag: "Rule" }, claim, holds, rule: id, ...more, needs: "all", reasons: [] })

/**
 * A claim for which all reasons must hold.
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = (about: About, claim: string, reasons: ReadonlyArray<Proof>): Proof => ({
  about,
  claim,
  holds: reasons.every(({ holds }) => holds),
  needs: "all",
  reasons
})

/**
 * A claim for which one reason is enough.
 *
 * @since 0.1.0
 * @category constructors
 */
export const any = (about: About, claim: string, reasons: ReadonlyArray<Proof>): Proof => ({
  about,
  claim,
  holds: reasons.some(({ holds }) => holds),
  needs: "any",
  reasons
})

/**
 * Whether every claim in the tree agrees with its reasons.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSound = ({ holds, needs, reasons }: Proof): boolean =>
  reasons.every(isSound)
  && (reasons.length === 0 ||
    holds === (needs === "all" ? reasons.every((each) => each.holds) : reasons.some((each) => each.holds)))

/**
 * The broken rules that a claim which does not hold rests on, the outermost first.
 *
 * @since 0.1.0
 * @category getters
 */
export const broken = (proof: Proof): ReadonlyArray<Proof> =>
  proof.holds ? [] : proof.reasons.length === 0 ? [proof] : proof.reasons.flatMap(broken)

/**
 * "The chain leads to an authority that is trusted", with every path that was tried. `prints` are the fingerprints of the
 * certificates, as far as they are known.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPath = (answer: Path.Answer, question: Path.Question, prints: Prints = new Map()): Proof => {
  const tried = answer.attempts.map((attempt) => ofAttempt(attempt, question, prints))
  const good = answer._tag === "Valid" ? [ofAttempt(answer, question, prints)] : []
  return any({ _tag: "Model", model: "authority" }, "A path leads to an authority that is trusted here", [
    ...good,
    ...tried,
    ...answer._tag === "Valid" ? [] : unattempted(answer)
  ])
}

/**
 * SHA-256 of DER, lower-case hex.
 *
 * @since 0.1.0
 * @category models
 */
export type Prints = ReadonlyMap<Certificate.Certificate, string>

/**
 * What is told of a certificate.
 *
 * @since 0.1.0
 * @category getters
 */
export const facts = (of: Certificate.Certificate, fingerprint: string | undefined): Facts => ({
  subject: of.subject.text,
  issuer: of.issuer.text,
  serial: of.serial,
  notBefore: of.notBefore,
  notAfter: of.notAfter,
  key: of.publicKey.text,
  ...fingerprint === undefined ? {} : { fingerprint }
})

/** A fault of no attempt that was written down: the search was given up, or came upon it after too many others. */
const unattempted = ({ attempts, detail, rule: id }: Path.Invalid): ReadonlyArray<Proof> =>
  attempts.some(({ fault }) => fault.rule === id && fault.detail === detail)
    ? []
    : [rule(id, "The paths that there are can all be tried, and one of them is good", false, { found: detail })]

/** A path with a fault, or without. */
const ofAttempt = (
  { anchor, fault, path, revocation }: Omit<Path.Attempt, "fault"> & { readonly fault?: Path.Attempt["fault"] },
  question: Path.Question,
  prints: Prints
): Proof => {
  const asked = Validation.asked(question)
  const findings: Array<Validation.Finding> = []
  const visit = (finding: Validation.Finding): void => {
    findings.push(finding)
  }
  const isUnsigned = fault?.code === "badSignature"
  const top = path.at(-1)
  if (anchor !== undefined && !isUnsigned) Validation.walk(path, anchor, asked, visit)
  else if (anchor === undefined && !isUnsigned && top !== undefined) {
    Validation.alone(top, path.length === 1, asked, visit)
  }
  const whole = anchor === undefined ? path : [...path, anchor]
  const reasons = whole.map((certificate, at) => {
    const issuer = whole[at + 1]
    const isLast = at === whole.length - 2
    const own = findings.filter((each) => each.certificate === certificate).map(ofFinding)
    return all(
      { _tag: "Certificate", ...facts(certificate, prints.get(certificate)) },
      anchor === certificate ? `${certificate.subject.text} is trusted here` : certificate.subject.text,
      [
        ...issuer === undefined ? [] : [signed(issuer, isUnsigned && isLast ? fault.detail : undefined)],
        ...anchor === certificate ? [anchored(certificate)] : [],
        ...own
      ]
    )
  })
  const isExplained = fault === undefined || revocation !== undefined || reasons.some(({ holds }) => !holds)
  return all(
    {
      _tag: "Path",
      subjects: path.map(({ subject }) => subject.text),
      ...anchor === undefined ? {} : { anchor: anchor.subject.text }
    },
    `The path ${whole.map(({ subject }) => subject.text).join(" ← ")} is good`,
    [
      ...reasons.toReversed(),
      ...revocation === undefined ? [] : [unrevoked(revocation)],
      ...isExplained ? [] : [rule(fault.rule, "It ends at an authority that is trusted here", false, {
        found: fault.detail
      })]
    ]
  )
}

const unrevoked = ({ refusal, statuses }: Revocation.Answer): Proof => {
  const good = statuses.filter(({ _tag }) => _tag === "Good").length
  return rule(
    refusal?.rule ?? "CERT-50",
    "None of its certificates is revoked, as far as it has to be known",
    refusal === undefined,
    {
      source: "RFC 5280 §6.1.3 (a)(3)",
      found: refusal?.detail ?? `CRLs and OCSP say so of ${good} of ${statuses.length}`
    }
  )
}

const ofFinding = ({ broken, rule: { claim, id, source } }: Validation.Finding): Proof =>
  rule(id, `It ${claim}`, broken === undefined, { source, ...broken === undefined ? {} : { found: broken.detail } })

const signed = ({ subject }: Certificate.Certificate, found: string | undefined): Proof =>
  rule("CERT-30", `It is signed by the key of ${subject.text}, which it names as its issuer`, found === undefined, {
    source: "RFC 5280 §6.1.3 (a)(1), (4)",
    ...found === undefined ? {} : { found }
  })

const anchored = ({ serial }: Certificate.Certificate): Proof =>
  rule("CERT-42", "It is one of the anchors", true, {
    source: "RFC 5280 §6.1.1 (d)",
    found: `its serial number is ${serial}`
  })
