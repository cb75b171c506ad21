/**
 * What must hold for each certificate of a path, one row a rule (RFC 5280 §6.1.3 to §6.1.5, certificates §4). Everything
 * that a judgement or a proof says of a certificate comes from this table. Signatures are verified while the path is built,
 * revocation is asked once it stands: both need more than the certificates.
 *
 * @internal
 */
import * as Certificate from "../Certificate.ts"
import type { FaultCode, Purpose } from "../Fault.ts"
import * as NameConstraints from "../NameConstraints.ts"
import * as PublicKey from "../PublicKey.ts"
import * as Signature from "../Signature.ts"
import { toIso } from "./calendar.ts"
import * as oids from "./oids.ts"

export interface Rule {
  /** The requirement. */
  readonly id: string
  /** Where it comes from. */
  readonly source: string
  /** What is so when the rule is kept, said of the certificate. */
  readonly claim: string
  readonly on: "every" | "issuer" | "leaf"
  /** Whether it can be told from the certificate alone, whatever path it stands in. */
  readonly isLocal: boolean
  readonly broken: (certificate: Certificate.Certificate, place: Place) => Broken | undefined
}

export interface Place {
  readonly isLeaf: boolean
  /** Milliseconds since 1970. */
  readonly now: number
  readonly purpose: Purpose
  /** What the certificates above leave. */
  readonly room: Room
}

export interface Room {
  /** How many more authorities may follow that are not self-issued. */
  readonly maxPath: number
  readonly names: NameConstraints.Limits
}

/** `detail` is half a sentence. */
export interface Broken {
  readonly code: FaultCode
  readonly detail: string
}

const dates: Rule = {
  id: "CERT-30",
  source: "RFC 5280 §6.1.3 (a)(2)",
  claim: "is within its dates",
  on: "every",
  isLocal: true,
  broken: ({ notAfter, notBefore, subject }, { now }) => {
    if (now < notBefore) {
      return { code: "notYetValid", detail: `the certificate of ${subject.text} is valid from ${toIso(notBefore)} on` }
    }
    // The last second counts to its end.
    return now >= notAfter + 1000
      ? { code: "expired", detail: `the certificate of ${subject.text} expired at ${toIso(notAfter)}` }
      : undefined
  }
}

const signatureAlgorithm: Rule = {
  id: "CERT-35",
  source: "RFC 6120 §13.7.1.1",
  claim: "is signed with an algorithm that cannot be forged",
  on: "every",
  isLocal: true,
  broken: (certificate) =>
    Signature.isWeak(certificate)
      ? {
        code: "weakSignature",
        detail: `the certificate of ${certificate.subject.text} is signed with an algorithm that can be forged`
      }
      : undefined
}

export const keyStrength: Rule = {
  id: "CERT-38",
  source: "RFC 9325 §4.5",
  claim: "has a key that is strong enough",
  on: "every",
  isLocal: true,
  broken: ({ publicKey, subject }) =>
    PublicKey.isStrong(publicKey)
      ? undefined
      : { code: "weakKey", detail: `the key of ${subject.text} is ${publicKey.text}, which is not accepted` }
}

const knownCritical: Rule = {
  id: "CERT-30",
  source: "RFC 5280 §6.1.4 (o), §6.1.5 (f)",
  claim: "has no critical extension that is not understood",
  on: "every",
  isLocal: true,
  broken: ({ extensions, subject }) => {
    const unknown = extensions.unknownCritical[0]
    return unknown === undefined ? undefined : {
      code: "unknownCritical",
      detail: `the certificate of ${subject.text} has the critical extension ${unknown}, which is not understood here`
    }
  }
}

const names: Rule = {
  id: "CERT-30",
  source: "RFC 5280 §6.1.3 (b), (c)",
  claim: "holds only names that the authorities above may certify",
  on: "every",
  isLocal: false,
  broken: (certificate, { isLeaf, room }) => {
    // An authority may certify its own new key whatever names it may certify for others.
    if (Certificate.isSelfIssued(certificate) && !isLeaf) return undefined
    const violation = NameConstraints.violation(room.names, certificate)
    return violation && { code: "nameConstraint", detail: violation.detail }
  }
}

const isAuthority: Rule = {
  id: "CERT-34",
  source: "RFC 5280 §6.1.4 (k)",
  claim: "is that of an authority",
  on: "issuer",
  isLocal: true,
  broken: ({ extensions, subject, version }) =>
    version === 3 && extensions.basicConstraints?.isCa === true
      ? undefined
      : { code: "notACa", detail: `${subject.text} issued a certificate but is no authority` }
}

const pathLength: Rule = {
  id: "CERT-30",
  source: "RFC 5280 §6.1.4 (l)",
  claim: "stands no deeper than the authorities above allow",
  on: "issuer",
  isLocal: false,
  broken: (certificate, { room }) =>
    room.maxPath > 0 || Certificate.isSelfIssued(certificate)
      ? undefined
      : {
        code: "pathLength",
        detail: `the path through ${certificate.subject.text} is longer than an authority above it allows`
      }
}

const signsCertificates: Rule = {
  id: "CERT-33",
  source: "RFC 5280 §6.1.4 (n)",
  claim: "has a key that may sign certificates",
  on: "issuer",
  isLocal: true,
  broken: ({ extensions, subject }) =>
    extensions.keyUsage === undefined || extensions.keyUsage.includes("keyCertSign")
      ? undefined
      : { code: "keyUsage", detail: `the key of ${subject.text} may not sign certificates` }
}

const signsHandshakes: Rule = {
  id: "CERT-55",
  source: "RFC 5280 §4.2.1.3, RFC 8446 §4.4.2.2",
  claim: "has a key that may sign in TLS",
  on: "leaf",
  isLocal: true,
  broken: ({ extensions, subject }) =>
    extensions.keyUsage === undefined || extensions.keyUsage.includes("digitalSignature")
      ? undefined
      : { code: "keyUsage", detail: `the key of ${subject.text} may not make signatures, and TLS needs one` }
}

/** CERT-57. The purposes of an authority bound those of what it issues. */
const purpose: Rule = {
  id: "CERT-56",
  source: "RFC 5280 §4.2.1.12, RFC 6120 §13.7.1.4",
  claim: "is made for this purpose",
  on: "every",
  isLocal: true,
  broken: ({ extensions, subject }, { purpose: { peer, policy } }) => {
    if (extensions.extKeyUsage === undefined || policy === "ignore") return undefined
    const role = peer === "server" ? oids.serverAuth : oids.clientAuth
    const roles = policy === "strict" ? [role] : [oids.serverAuth, oids.clientAuth]
    const allowed = [oids.anyExtendedKeyUsage, oids.xmppAddr, ...roles]
    return extensions.extKeyUsage.some((each) => allowed.includes(each)) ? undefined : {
      code: "purpose",
      detail: `the certificate of ${subject.text} is for other purposes than ${
        peer === "server" ? "serverAuth" : "clientAuth"
      }`
    }
  }
}

const subject: Rule = {
  id: "CERT-32",
  source: "RFC 5280 §4.2.1.6",
  claim: "names its subject",
  on: "leaf",
  isLocal: true,
  broken: ({ extensions, subject }) =>
    subject.isEmpty && extensions.alternativeNames?.isCritical !== true
      ? {
        code: "emptySubject",
        detail: "the certificate has an empty subject, and its alternative names are not critical"
      }
      : undefined
}

const constrainsNobody: Rule = {
  id: "CERT-30",
  source: "RFC 5280 §4.2.1.10",
  claim: "sets no limits to names, as only an authority may",
  on: "leaf",
  isLocal: true,
  broken: ({ extensions, subject }) =>
    extensions.nameConstraints === undefined
      ? undefined
      : {
        code: "nameConstraint",
        detail: `the certificate of ${subject.text} sets limits to the names of others, as only an authority may`
      }
}

export const isNoAuthority = {
  id: "CERT-31",
  source: "RFC 6120 §13.7.1.1",
  claim: "is not that of an authority",
  on: "leaf",
  // A self-signed one that is pinned may be marked so.
  isLocal: false,
  broken: (certificate: Certificate.Certificate): Broken | undefined =>
    Certificate.isCa(certificate)
      ? {
        code: "eeIsCa",
        detail: `the peer shows ${certificate.subject.text}, the certificate of an authority, as its own`
      }
      : undefined
} satisfies Rule

/** In the order in which they are asked. */
export const all: ReadonlyArray<Rule> = [
  signatureAlgorithm,
  dates,
  keyStrength,
  knownCritical,
  isAuthority,
  signsCertificates,
  signsHandshakes,
  purpose,
  subject,
  constrainsNobody,
  isNoAuthority,
  pathLength,
  names
]

/** Dates, both inclusive; pins ask for them alone. */
export const outOfDate = (certificate: Certificate.Certificate, now: number): Broken | undefined =>
  dates.broken(certificate, { now, isLeaf: true, purpose: anyPurpose, room: open })

const anyPurpose: Purpose = { peer: "client", policy: "ignore" }

export const open: Room = { maxPath: Number.POSITIVE_INFINITY, names: NameConstraints.none }
