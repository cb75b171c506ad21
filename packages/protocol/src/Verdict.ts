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
