/**
 * The answer to "who is at the other end?", as the reducer receives it (certificates §8). It is computed outside, by
 * whatever judges certificates, and comes in as an event; the default is no.
 *
 * @since 0.1.0
 */
import type { Millis } from "./Timer.ts"

/**
 * The row of certificates §8 that decided.
 *
 * @since 0.1.0
 * @category models
 */
export type VerdictCode =
  | "noCertificate"
  | "malformed"
  | "offerMismatch"
  | "pinned"
  | "pinMismatch"
  | "trusted"
  | "identityMismatch"
  | "noIdentity"
  | "expired"
  | "notYetValid"
  | "revoked"
  | "revocationUnknown"
  | "badSignature"
  | "nameChaining"
  | "notACa"
  | "pathLength"
  | "keyUsage"
  | "purpose"
  | "policy"
  | "nameConstraint"
  | "unknownCritical"
  | "weakSignature"
  | "weakKey"
  | "eeIsCa"
  | "emptySubject"
  | "selfSigned"
  | "untrustedCa"
  | "firstUse"
  | "userRejected"
  | "verdictTimeout"
  | "internal"

/**
 * How the certificate came to be believed.
 *
 * @since 0.1.0
 * @category models
 */
export type Strength = "pki" | "pinned" | "firstUse" | "custom" | "none"

/**
 * @since 0.1.0
 * @category models
 */
export interface Verdict {
  /** A recipient's judge may accept a certificate that authorises nobody, so that XML can say why (SASL-40). */
  readonly decision: "accept" | "reject"
  readonly code: VerdictCode
  /** The requirement that decided, an id of the ledger (`CERT-85`). */
  readonly rule: string
  /** One sentence for people: what was found and what would have been accepted. */
  readonly because: string
  readonly strength: Strength
  /** The validated reference identity (CERT-70); what an initiator wanted. */
  readonly identity?: string
  /**
   * Bare addresses the peer may take (certificates §5.3). An entry `*.pumps.example` stands for every mere domain with
   * one more label.
   */
  readonly authorised: ReadonlyArray<string>
  readonly notices: ReadonlyArray<string>
  /** SHA-256 of the DER certificate, 64 lower-case hex digits. */
  readonly fingerprint?: string
  /** Until the first certificate of the path expires, seen from the moment of the verdict (CERT-105). */
  readonly expiresIn?: Millis
}

/**
 * What a verdict rests on, for people who read a recording: the certificates that were looked at, and the rules that were
 * asked. It comes with the verdict and decides nothing; the reducer passes over it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Evidence {
  /** As the peer sent them, its own first; then those of a path that it did not send, such as the anchor. */
  readonly certificates: ReadonlyArray<CertificateFacts>
  readonly proof: Claim
}

/**
 * What a certificate says of itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface CertificateFacts {
  /** Whether the peer showed it; an authority that we know may be missing in what it shows. */
  readonly sent: boolean
  /** Distinguished names as text (RFC 4514). */
  readonly subject: string
  readonly issuer: string
  /** The octets of the serial number in hex. */
  readonly serial: string
  /** Those that may name a peer (certificates §5). */
  readonly names: ReadonlyArray<CertificateName>
  /** Milliseconds since 1970. */
  readonly notBefore: number
  /** Milliseconds since 1970. */
  readonly notAfter: number
  /** Kind and size of its key: `P-256`, `RSA 2048`. */
  readonly key: string
  /** SHA-256 of the DER certificate, 64 lower-case hex digits; where it is known. */
  readonly fingerprint?: string
}

/**
 * A name in a certificate: `XmppAddr` (RFC 6120 §13.7.1.4), `SRVName` (RFC 4985), `dNSName` or `iPAddress` (RFC 5280
 * §4.2.1.6).
 *
 * @since 0.1.0
 * @category models
 */
export interface CertificateName {
  readonly kind: "xmppAddr" | "srvName" | "dnsName" | "ipAddress"
  /** A SRVName is `_service.name`. */
  readonly value: string
}

/**
 * Something that was found to hold or not, and the claims that it rests on, down to single rules.
 *
 * @since 0.1.0
 * @category models
 */
export interface Claim {
  readonly about: "verdict" | "combination" | "model" | "path" | "certificate" | "rule"
  /** A sentence without its full stop. */
  readonly words: string
  readonly holds: boolean
  /** Whether all reasons must hold, or one is enough. */
  readonly needs: "all" | "any"
  readonly reasons: ReadonlyArray<Claim>
  /** The requirement that was applied, an id of the ledger (`CERT-38`). */
  readonly rule?: string
  /** Where the requirement comes from: `RFC 5280 §6.1.3 (a)(2)`. */
  readonly source?: string
  /** What was found, half a sentence. */
  readonly found?: string
  /** Which certificate it is about, as an index of `certificates`. */
  readonly certificate?: number
}
