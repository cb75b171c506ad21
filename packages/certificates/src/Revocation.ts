/**
 * Has somebody taken the certificate back? Asks CRLs that were given as bytes and the OCSP response that a server stapled to
 * its handshake; fetches nothing. How paths are found is the business of `Path.ts`, how CRLs and responses look that of
 * `Crl.ts` and `Ocsp.ts`.
 *
 * Certificates §4.5; RFC 5280 §6.3; RFC 6960; RFC 7633.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Certificate from "./Certificate.ts"
import type * as Crl from "./Crl.ts"
import * as Der from "./Der.ts"
import type { Fault } from "./Fault.ts"
import { toIso } from "./internal/calendar.ts"
import * as Checks from "./internal/checks.ts"
import { crlStatus } from "./internal/crlStatus.ts"
import { ocspStatus } from "./internal/ocspStatus.ts"
import * as oids from "./internal/oids.ts"
import { dayMillis, type Scene, type Status } from "./internal/revocationStatus.ts"

/**
 * What is known about revocation.
 *
 * - `issuers`: certificates among which those of separate CRL signers may be; those that we know ourselves first, because
 *   only so many signatures are checked
 * - `staple`: an OCSPResponse, DER, about the leaf alone
 *
 * @since 0.1.0
 * @category models
 */
export interface Evidence {
  readonly crls: ReadonlyArray<Crl.Crl>
  readonly issuers: ReadonlyArray<Certificate.Certificate>
  readonly staple?: Uint8Array
}

/**
 * CERT-51, for each certificate below the anchor. Whatever is revoked is refused.
 *
 * - `hard`: refuse what is not known to be good
 * - `soft`: accept, with a notice, what nothing is known about. Information that is there and cannot be believed refuses
 *   all the same: a CRL that is over, forged or not understood, a staple that is
 * - `off`: ask nothing, not even for a promised staple
 *
 * @since 0.1.0
 * @category models
 */
export type Mode = "hard" | "soft" | "off"

/**
 * - `Good`: nobody has revoked it; times are milliseconds since 1970, `until` is when to ask again (CERT-54)
 * - `Revoked`: since `at`; a certificate on hold is revoked too
 * - `Unknown`: `because` is half a sentence. `isMissing`: nothing speaks about it; otherwise something does that cannot be
 *   believed
 *
 * @since 0.1.0
 * @category models
 */
export type { Status } from "./internal/revocationStatus.ts"

/**
 * The signatures that have been checked, to be shared by questions that belong together: none is checked twice, and at most
 * 64 are checked for all of them.
 *
 * @since 0.1.0
 * @category models
 */
export type { Checks } from "./internal/checks.ts"

/**
 * None yet.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noChecks = (): Checks.Checks => Checks.make()

/**
 * A path that is valid otherwise: the leaf first, the anchor not in it. `now` is in milliseconds since 1970. Whoever asks
 * about several paths to one certificate shares the `checks`; absent: `noChecks()`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly path: ReadonlyArray<Certificate.Certificate>
  readonly anchor: Certificate.Certificate
  readonly evidence: Evidence
  readonly mode: Mode
  readonly now: number
  readonly checks?: Checks.Checks
}

/**
 * - `statuses`: one for each certificate of the path, in its order; none in mode `off`
 * - `refusal`: `revoked` or `revocationUnknown`, with the rule; absent where the path may be used
 * - `notices`: sentences about what was accepted although it is unknown
 * - `askAgainAt`: CERT-54, in milliseconds since 1970: when the first good answer is over, or a day from now where nothing
 *   is known; absent in mode `off` and for an empty path
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly statuses: ReadonlyArray<Status>
  readonly refusal?: Fault
  readonly notices: ReadonlyArray<string>
  readonly askAgainAt?: number
}

/**
 * CERT-50…52: the whole path at once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const check = Effect.fnUntraced(function*(question: Question): Effect.fn.Return<Answer> {
  const { anchor, checks = noChecks(), evidence, mode, now, path } = question
  if (mode === "off") return { statuses: [], notices: [] }
  const authorities = [...path.slice(1), anchor]
  const statuses: Array<Status> = []
  let isStapled = false
  for (const [at, certificate] of path.entries()) {
    const scene = { certificate, authorities: authorities.slice(at), ...evidence, now, checks }
    const stapled = at === 0 ? yield* askStaple(scene, evidence.staple) : undefined
    if (stapled?._tag === "Good") isStapled = true
    statuses.push(yield* combine(scene, stapled))
  }
  const refusal = refuse(path, statuses, mode, isStapled)
  return {
    statuses,
    ...refusal === undefined ? {} : { refusal },
    notices: refusal === undefined ? path.flatMap((each, at) => noticeOf(each, statuses[at])) : [],
    ...path.length === 0 ? {} : { askAgainAt: Math.min(...statuses.map((each) => askAgainAt(each, now))) }
  }
})

/**
 * One certificate alone. `authorities` are those above it: its issuer first, the anchor last. The staple, if there is one,
 * is taken to be about this certificate.
 *
 * @since 0.1.0
 * @category constructors
 */
export const status = (question: {
  readonly certificate: Certificate.Certificate
  readonly authorities: ReadonlyArray<Certificate.Certificate>
  readonly evidence: Evidence
  readonly now: number
}): Effect.Effect<Status> => {
  const { authorities, certificate, evidence, now } = question
  const scene = { certificate, authorities, ...evidence, now, checks: noChecks() }
  return Effect.flatMap(askStaple(scene, evidence.staple), (stapled) => combine(scene, stapled))
}

/**
 * CERT-52: the certificate may only be shown together with an OCSP response (RFC 7633 §4.2.3). An extension that cannot be
 * read promises it.
 *
 * @since 0.1.0
 * @category guards
 */
export const promisesStaple = ({ extensions }: Certificate.Certificate): boolean => {
  const extension = extensions.all.find(({ oid }) => oid === oids.tlsFeature)
  if (extension === undefined) return false
  const features = Result.flatMap(
    Result.flatMap(Der.decode(extension.value), (value) => Der.sequence(value, "the TLS features")),
    (all) => Result.all(all.map((each) => Der.smallInteger(each, "a TLS feature")))
  )
  return Result.isFailure(features) || features.success.some((each) => stapling.includes(each))
}

/** CERT-54. */
const askAgainAt = (found: Status, now: number): number => found._tag === "Good" ? found.until : now + dayMillis

const askStaple = (scene: Scene, staple: Uint8Array | undefined): Effect.Effect<Status | undefined> =>
  staple === undefined ? Effect.succeed(undefined) : ocspStatus(scene, staple)

/** CERT-50: the staple first. Revoked wins, then good, then what is there and cannot be believed. */
const combine = Effect.fnUntraced(function*(scene: Scene, stapled: Status | undefined): Effect.fn.Return<Status> {
  if (stapled?._tag === "Revoked") return stapled
  const listed = yield* crlStatus(scene)
  if (stapled === undefined || listed._tag === "Revoked") return listed
  if (stapled._tag === "Good" || listed._tag === "Good") return stapled._tag === "Good" ? stapled : listed
  return stapled.isMissing && !listed.isMissing ? listed : stapled
})

const refuse = (
  path: Question["path"],
  statuses: ReadonlyArray<Status>,
  mode: "hard" | "soft",
  isStapled: boolean
): Fault | undefined => {
  for (const [at, certificate] of path.entries()) {
    const found = statuses[at]
    if (found?._tag === "Revoked") return revoked(certificate, found)
  }
  const leaf = path[0]
  if (leaf !== undefined && promisesStaple(leaf) && !isStapled) return unstapled(leaf)
  const at = statuses.findIndex((each) => each._tag === "Unknown" && (mode === "hard" || !each.isMissing))
  const [certificate, found] = [path[at], statuses[at]]
  if (certificate === undefined || found?._tag !== "Unknown") return undefined
  return {
    code: "revocationUnknown",
    rule: "CERT-51",
    detail: `nobody knows whether the certificate of ${certificate.subject.text} is revoked: ${found.because}`
  }
}

const revoked = (
  { subject }: Certificate.Certificate,
  { at, reason, source }: Status & { _tag: "Revoked" }
): Fault => ({
  code: "revoked",
  rule: "CERT-50",
  detail: `the certificate of ${subject.text} was revoked at ${toIso(at)} (${reason}), says ${
    source === "crl" ? "a CRL" : "an OCSP response"
  }`
})

const unstapled = ({ subject }: Certificate.Certificate): Fault => ({
  code: "revocationUnknown",
  rule: "CERT-52",
  detail: `the certificate of ${subject.text} promises an OCSP response with each handshake, and no good one came`
})

const noticeOf = ({ subject }: Certificate.Certificate, found: Status | undefined): ReadonlyArray<string> =>
  found?._tag === "Unknown"
    ? [`Nobody knows whether the certificate of ${subject.text} is revoked: ${found.because}.`]
    : []

/** status_request and status_request_v2. */
const stapling = [5, 17]
