/**
 * The verdicts of certificates §8, one constructor for each row, in the words that people read: what was found, what would
 * have been accepted, what to do. They end without a full stop, because callers go on: with the rule, with advice. Which of
 * them holds is decided in `internal/judging.ts`.
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import type { Fault, FaultCode } from "./Fault.ts"
import * as Fingerprint from "./Fingerprint.ts"
import { capital, listed, visible } from "./internal/visible.ts"
import { alarm, type Contradiction } from "./KeyChange.ts"

/**
 * What every sentence may speak of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Case {
  /** SHA-256 of the certificate, if one was shown. */
  readonly fingerprint?: string
  /** The address that was wanted. */
  readonly wanted?: string
  /** The names that the certificate presents. */
  readonly presented: ReadonlyArray<string>
  readonly notices: ReadonlyArray<string>
}

/**
 * What an acceptance grants.
 *
 * @since 0.1.0
 * @category models
 */
export interface Grant {
  readonly authorised: ReadonlyArray<string>
  readonly strength: Verdict.Strength
  readonly expiresIn?: number
}

/**
 * CERT-101, CERT-102.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noCertificate = (role: "initiator" | "recipient"): Verdict.Verdict => {
  const because = "The peer showed no certificate, so nobody vouches for it; it has to be set up with one"
  return role === "initiator"
    ? reject(nothing, "noCertificate", "CERT-101", because)
    : accept(nothing, "noCertificate", "CERT-102", because, nobody)
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const malformed = (what: Case, rule: string, detail: string): Verdict.Verdict =>
  reject(what, "malformed", rule, `The peer's certificate cannot be read: ${detail}; it has to be made anew`)

/**
 * CERT-91. `hints` came from somebody, and may be any text.
 *
 * @since 0.1.0
 * @category constructors
 */
export const offerMismatch = (what: Case, hints: ReadonlyArray<string>): Verdict.Verdict =>
  reject(
    what,
    "offerMismatch",
    "CERT-91",
    `The certificate with the fingerprint ${listed(hints.map(Fingerprint.display), "?")} was announced, but ${
      shown(what)
    } came; somebody may be in between, so ask the peer over another channel`
  )

/**
 * CERT-83.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pinned = (what: Case, grant: Grant): Verdict.Verdict =>
  accept(
    what,
    "pinned",
    "CERT-83",
    `${capital(shown(what))} is pinned to ${listed(grant.authorised, "no address")}`,
    grant
  )

/**
 * CERT-85: the alarm. It says what changed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pinMismatch = (what: Case, contradiction: Contradiction): Verdict.Verdict =>
  reject(what, "pinMismatch", "CERT-85", alarm(shown(what), contradiction))

/**
 * A notice: what is pinned names others.
 *
 * @since 0.1.0
 * @category constructors
 */
export const otherNames = ({ presented, wanted }: Case): string =>
  `otherNames: the certificate names ${listed(presented, "nobody")} and not ${visible(wanted ?? "this peer")}.`

/**
 * CERT-30, CERT-70.
 *
 * @since 0.1.0
 * @category constructors
 */
export const trusted = (what: Case, grant: Grant, authority: string): Verdict.Verdict =>
  accept(
    what,
    "trusted",
    "CERT-70",
    `${authority}, which is trusted here, vouches that the peer is ${
      listed(what.wanted === undefined ? grant.authorised : [what.wanted], "nobody in particular")
    }`,
    grant
  )

/**
 * CERT-70: the names are others. A recipient accepts, so that XML can say why, and grants nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const identityMismatch = (what: Case, role: "initiator" | "recipient"): Verdict.Verdict => {
  const because =
    `The certificate is good, but it is for ${listed(what.presented, "nobody")} and not for ${
      visible(what.wanted ?? "this peer")
    }; `
    + `have one issued that holds this name, or pin the SHA-256 fingerprint ${print(what)}`
  return either(role)(what, "identityMismatch", "CERT-70", because)
}

/**
 * CERT-62. A recipient accepts, so that XML can say why, and grants nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noIdentity = (what: Case, role: "initiator" | "recipient"): Verdict.Verdict => {
  const because =
    "The certificate holds no name that could be a peer's; have one issued with the address as an XmppAddr, "
    + `or pin the SHA-256 fingerprint ${print(what)} to the address`
  return either(role)(what, "noIdentity", "CERT-62", because)
}

/**
 * The path is not good, or leads nowhere.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fault = (what: Case, { code, detail, rule }: Fault): Verdict.Verdict => {
  const remedy = remedies[code] ?? "have it issued anew without that"
  return reject(what, code, rule, `${capital(detail)}; ${remedy.replace("FINGERPRINT", print(what))}`)
}

/**
 * CERT-88.
 *
 * @since 0.1.0
 * @category constructors
 */
export const firstUse = (what: Case, grant: Grant): Verdict.Verdict =>
  accept(
    what,
    "firstUse",
    "CERT-88",
    `${capital(shown(what))} was seen for the first time and is now pinned to whom it may speak for; `
      + "compare the fingerprint with its owner over another channel",
    grant
  )

/**
 * CERT-87.
 *
 * @since 0.1.0
 * @category constructors
 */
export const userRejected = (what: Case): Verdict.Verdict =>
  reject(
    what,
    "userRejected",
    "CERT-87",
    `${capital(shown(what))} was unknown, and the question whether to trust it was answered with no`
  )

/**
 * A function of the application vouches for the peer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const acceptedByCustom = (what: Case, name: string, because: string, grant: Grant): Verdict.Verdict =>
  accept(what, "trusted", "CERT-104", `The function ${name} vouches for the peer: ${because}`, grant)

/**
 * A function of the application refuses the peer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const refusedByCustom = (what: Case, name: string, because: string): Verdict.Verdict =>
  reject(what, "userRejected", "CERT-104", `The function ${name} refuses the peer: ${because}; ask who wrote it`)

/**
 * The judge could not do its work (SASL-36): fail closed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const internal = (what: Case, detail: string): Verdict.Verdict =>
  reject(what, "internal", "SASL-36", `The peer could not be judged, so it is refused: ${detail}`)

/**
 * Certificates §8, the recipient note: nobody insists on knowing the peer, so most refusals become an acceptance that
 * grants nothing. What speaks of an attack, or of a broken judge, stays a refusal.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tolerate = (verdict: Verdict.Verdict): Verdict.Verdict =>
  verdict.decision === "accept" || intolerable.has(verdict.code)
    ? verdict
    : {
      ...verdict,
      decision: "accept",
      strength: "none",
      authorised: [],
      because: `${verdict.because}; it may stay, unauthenticated`
    }

type Make = (what: Case, code: Verdict.VerdictCode, rule: string, because: string) => Verdict.Verdict

const reject: Make = (what, code, rule, because) => ({
  decision: "reject",
  code,
  rule,
  because,
  strength: "none",
  authorised: [],
  notices: what.notices,
  ...what.fingerprint === undefined ? {} : { fingerprint: what.fingerprint }
})

const accept = (
  what: Case,
  code: Verdict.VerdictCode,
  rule: string,
  because: string,
  grant: Grant
): Verdict.Verdict => ({
  ...reject(what, code, rule, because),
  decision: "accept",
  strength: grant.strength,
  authorised: grant.authorised,
  ...what.wanted !== undefined && grant.authorised.includes(what.wanted) ? { identity: what.wanted } : {},
  ...grant.expiresIn === undefined ? {} : { expiresIn: grant.expiresIn }
})

const either = (role: "initiator" | "recipient"): Make =>
  role === "initiator" ? reject : (what, code, rule, because) => accept(what, code, rule, because, nobody)

const print = ({ fingerprint }: Case): string => Fingerprint.display(fingerprint ?? "")

const shown = (what: Case): string => `the certificate with the SHA-256 fingerprint ${print(what)}`

const nothing: Case = { presented: [], notices: [] }
const nobody: Grant = { authorised: [], strength: "none" }
const intolerable = new Set<Verdict.VerdictCode>(["malformed", "offerMismatch", "pinMismatch", "internal"])

const pinIt = "compare the SHA-256 fingerprint FINGERPRINT with its owner over another channel and pin it"
const remedies: { readonly [Code in FaultCode]?: string } = {
  expired: "it has to be renewed, or a clock set right",
  notYetValid: "wait for that day, or set the clock right",
  badSignature: "the chain was put together wrongly, or it is forged",
  weakSignature: "have it issued anew, with SHA-256 or better",
  weakKey: "RSA from 2048 bits, P-256, P-384, P-521 and Ed25519 are",
  purpose: "have it issued anew with serverAuth and clientAuth, or with id-on-xmppAddr",
  policy: "use an authority without that, or pin the SHA-256 fingerprint FINGERPRINT",
  nameConstraint: "use an authority without that, or pin the SHA-256 fingerprint FINGERPRINT",
  selfSigned: pinIt,
  untrustedCa: `add that authority to those that are trusted, or ${pinIt}`
}
