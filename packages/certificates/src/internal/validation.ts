/**
 * What must hold for each certificate of a path, from the authority down (RFC 5280 §6.1, certificates §4.3). Signatures
 * have been verified when this is asked.
 *
 * @internal
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Certificate from "../Certificate.ts"
import * as PublicKey from "../PublicKey.ts"
import * as Signature from "../Signature.ts"
import { toIso } from "./calendar.ts"
import * as oids from "./oids.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type FaultCode = Exclude<
  Verdict.VerdictCode,
  | "noCertificate"
  | "malformed"
  | "offerMismatch"
  | "pinned"
  | "pinMismatch"
  | "trusted"
  | "identityMismatch"
  | "noIdentity"
  | "firstUse"
  | "userRejected"
  | "verdictTimeout"
  | "internal"
>

/**
 * @since 0.1.0
 * @category models
 */
export interface Fault {
  readonly code: FaultCode
  /** The requirement that is not kept. */
  readonly rule: string
  /** Half a sentence: what was found. */
  readonly detail: string
}

/**
 * What the peer does in TLS, and how much of that its extended key usage must allow (CERT-56).
 *
 * @since 0.1.0
 * @category models
 */
export interface Purpose {
  readonly peer: "server" | "client"
  readonly policy: "strict" | "either" | "ignore"
}

type Path = ReadonlyArray<Certificate.Certificate>

/** `rank` says how many certificates below the anchor were good before the fault. */
export const validate = (
  path: Path,
  anchor: Certificate.Certificate,
  now: number,
  purpose: Purpose
): { readonly fault: Fault; readonly rank: number } | undefined => {
  if (!PublicKey.isStrong(anchor.publicKey)) return { fault: weakKey(anchor), rank: 0 }
  // CERT-42: nothing else of an anchor counts.
  if (anchor.extensions.nameConstraints !== undefined) return { fault: namesConstrained(anchor), rank: 0 }
  let maxPath = path.length
  for (const [rank, certificate] of path.toReversed().entries()) {
    const isLeaf = rank === path.length - 1
    const fault = isLeaf
      ? validateLeaf(certificate, now, purpose, { mayBeCa: false })
      : validateCommon(certificate, now) ?? validateIssuer(certificate, maxPath, purpose)
    if (fault !== undefined) return { fault, rank }
    if (!Certificate.isSelfIssued(certificate)) maxPath -= 1
    maxPath = Math.min(maxPath, certificate.extensions.basicConstraints?.pathLengthMax ?? maxPath)
  }
  return undefined
}

/** What can be said of the peer's own certificate without any path. */
export const validateLeaf = (
  leaf: Certificate.Certificate,
  now: number,
  purpose: Purpose,
  options: { readonly mayBeCa: boolean }
): Fault | undefined =>
  validateCommon(leaf, now)
    ?? validateUsage(leaf)
    ?? validatePurpose(leaf, purpose)
    ?? (!options.mayBeCa && isCa(leaf) ? eeIsCa(leaf) : undefined)
    ?? validateSubject(leaf)

/** Dates, both inclusive. */
export const validateDates = (certificate: Certificate.Certificate, now: number): Fault | undefined => {
  const { notAfter, notBefore, subject } = certificate
  if (now < notBefore) {
    return {
      code: "notYetValid",
      rule: "CERT-30",
      detail: `the certificate of ${subject.text} is valid from ${toIso(notBefore)} on`
    }
  }
  // The last second counts to its end.
  if (now >= notAfter + 1000) {
    return {
      code: "expired",
      rule: "CERT-30",
      detail: `the certificate of ${subject.text} expired at ${toIso(notAfter)}`
    }
  }
  return undefined
}

export const isCa = ({ extensions }: Certificate.Certificate): boolean => extensions.basicConstraints?.isCa === true

const validateCommon = (certificate: Certificate.Certificate, now: number): Fault | undefined => {
  const { extensions, publicKey, subject } = certificate
  if (Signature.isWeak(certificate)) {
    return {
      code: "weakSignature",
      rule: "CERT-35",
      detail: `the certificate of ${subject.text} is signed with an algorithm that can be forged`
    }
  }
  const dates = validateDates(certificate, now)
  if (dates !== undefined) return dates
  if (!PublicKey.isStrong(publicKey)) return weakKey(certificate)
  const unknown = extensions.unknownCritical[0]
  if (unknown !== undefined) {
    return {
      code: "unknownCritical",
      rule: "CERT-30",
      detail: `the certificate of ${subject.text} has the critical extension ${unknown}, which is not understood here`
    }
  }
  if (extensions.nameConstraints !== undefined) return namesConstrained(certificate)
  // Fail closed: policies are not processed yet, so one that is required is one that is missing.
  if (extensions.policyConstraints?.requireExplicit !== undefined || extensions.policyMappings !== undefined) {
    return {
      code: "policy",
      rule: "CERT-30",
      detail: `the certificate of ${subject.text} requires a policy, and policies are not processed here`
    }
  }
  return undefined
}

const validateIssuer = (issuer: Certificate.Certificate, maxPath: number, purpose: Purpose): Fault | undefined => {
  const { extensions, subject, version } = issuer
  if (version !== 3 || !isCa(issuer)) {
    return { code: "notACa", rule: "CERT-34", detail: `${subject.text} issued a certificate but is no authority` }
  }
  if (maxPath <= 0 && !Certificate.isSelfIssued(issuer)) {
    return {
      code: "pathLength",
      rule: "CERT-30",
      detail: `the path through ${subject.text} is longer than an authority above it allows`
    }
  }
  if (extensions.keyUsage !== undefined && !extensions.keyUsage.includes("keyCertSign")) {
    return { code: "keyUsage", rule: "CERT-33", detail: `the key of ${subject.text} may not sign certificates` }
  }
  return validatePurpose(issuer, purpose)
}

/** CERT-55. */
const validateUsage = ({ extensions, subject }: Certificate.Certificate): Fault | undefined =>
  extensions.keyUsage === undefined || extensions.keyUsage.includes("digitalSignature")
    ? undefined
    : {
      code: "keyUsage",
      rule: "CERT-55",
      detail: `the key of ${subject.text} may not make signatures, and TLS needs one`
    }

/** CERT-56, CERT-57. The purposes of an authority bound those of what it issues. */
const validatePurpose = (
  { extensions, subject }: Certificate.Certificate,
  { peer, policy }: Purpose
): Fault | undefined => {
  if (extensions.extKeyUsage === undefined || policy === "ignore") return undefined
  const role = peer === "server" ? oids.serverAuth : oids.clientAuth
  const allowed = [
    oids.anyExtendedKeyUsage,
    oids.xmppAddr,
    ...policy === "strict" ? [role] : [oids.serverAuth, oids.clientAuth]
  ]
  return extensions.extKeyUsage.some((each) => allowed.includes(each))
    ? undefined
    : {
      code: "purpose",
      rule: "CERT-56",
      detail: `the certificate of ${subject.text} is for other purposes than ${
        peer === "server" ? "serverAuth" : "clientAuth"
      }`
    }
}

/** CERT-32. */
const validateSubject = ({ extensions, subject }: Certificate.Certificate): Fault | undefined =>
  subject.isEmpty && extensions.alternativeNames?.isCritical !== true
    ? {
      code: "emptySubject",
      rule: "CERT-32",
      detail: "the certificate has an empty subject, and its alternative names are not critical"
    }
    : undefined

/** Fail closed: what limits them is not understood yet. */
const namesConstrained = ({ subject }: Certificate.Certificate): Fault => ({
  code: "nameConstraint",
  rule: "CERT-30",
  detail: `${subject.text} may issue for certain names only, and such limits are not processed here`
})

const eeIsCa = ({ subject }: Certificate.Certificate): Fault => ({
  code: "eeIsCa",
  rule: "CERT-31",
  detail: `the peer shows ${subject.text}, the certificate of an authority, as its own`
})

const weakKey = ({ publicKey, subject }: Certificate.Certificate): Fault => ({
  code: "weakKey",
  rule: "CERT-38",
  detail: `the key of ${subject.text} is ${publicKey.text}, which is not accepted`
})
