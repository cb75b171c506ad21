/**
 * What can be wrong with a certificate or with the path to it, and what it must be for.
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"

/**
 * The verdicts of certificates §8 that a path alone can bring about.
 *
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
  /** The requirement that is not kept: `CERT-38`. */
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
