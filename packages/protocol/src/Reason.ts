/**
 * Why a stream ended, and by whose doing. One table gives each cause its blame and the rule behind it, so that a log, an
 * exit code and a page for people cannot disagree.
 *
 * @since 0.1.0
 */
import type { StreamCondition } from "./Condition.ts"

/**
 * - `Finished`: somebody wanted the end
 * - `PeerMisbehaved`: the peer broke the protocol, and was told by a stream error
 * - `PeerIncompatible`: both sides are within their rights and cannot agree
 * - `PeerReported`: the peer sent a stream error
 * - `NotAdmitted`: certificate, identity or SASL: we did not believe the peer, or it did not believe us
 * - `LocalPolicy`: our own side ended it with an error
 * - `Environment`: transport, TLS, time
 *
 * @since 0.1.0
 * @category models
 */
export type Blame =
  | "Finished"
  | "PeerMisbehaved"
  | "PeerIncompatible"
  | "PeerReported"
  | "NotAdmitted"
  | "LocalPolicy"
  | "Environment"

/**
 * @since 0.1.0
 * @category models
 */
export interface Reason {
  readonly _tag: Blame
  readonly cause: Cause
  /** The requirement behind it (`TLS-06`). */
  readonly rule: string
  /** The stream error that was sent or received. */
  readonly condition?: StreamCondition
  /** For people. */
  readonly detail?: string
}

/**
 * @since 0.1.0
 * @category constants
 */
export const causes = {
  closedBySelf: { blame: "Finished", rule: "E2E-17" },
  closedByPeer: { blame: "Finished", rule: "E2E-18" },
  idle: { blame: "Finished", rule: "TIME-10" },
  neverOpened: { blame: "Finished", rule: "END-13" },
  closedBeforeStream: { blame: "Finished", rule: "END-13" },
  aborted: { blame: "LocalPolicy", rule: "END-15" },
  failedBySelf: { blame: "LocalPolicy", rule: "ERR-01" },
  misbehaved: { blame: "PeerMisbehaved", rule: "ERR-01" },
  reported: { blame: "PeerReported", rule: "ERR-02" },
  unsupportedVersion: { blame: "PeerIncompatible", rule: "VER-07" },
  unsupportedFeature: { blame: "PeerIncompatible", rule: "FEAT-09" },
  tlsRefused: { blame: "NotAdmitted", rule: "TLS-11" },
  tlsFailed: { blame: "NotAdmitted", rule: "TLS-22" },
  tlsTimeout: { blame: "NotAdmitted", rule: "TIME-06" },
  certificate: { blame: "NotAdmitted", rule: "TLS-21" },
  verdictTimeout: { blame: "NotAdmitted", rule: "CERT-87" },
  identity: { blame: "NotAdmitted", rule: "HDR-31" },
  noMechanism: { blame: "NotAdmitted", rule: "SASL-09" },
  authenticationRequired: { blame: "NotAdmitted", rule: "SASL-40" },
  authenticationFailed: { blame: "NotAdmitted", rule: "SASL-25" },
  authenticationAborted: { blame: "NotAdmitted", rule: "SASL-37" },
  tooManyTries: { blame: "NotAdmitted", rule: "SASL-39" },
  refusedByPeer: { blame: "NotAdmitted", rule: "END-18" },
  flood: { blame: "PeerMisbehaved", rule: "LIM-05" },
  noHeader: { blame: "Environment", rule: "TIME-03" },
  silence: { blame: "Environment", rule: "TIME-04" },
  unresponsive: { blame: "Environment", rule: "TIME-09" },
  peerGone: { blame: "Environment", rule: "END-07" },
  truncated: { blame: "Environment", rule: "END-07" },
  transportLost: { blame: "Environment", rule: "TIME-08" },
  closeTimeout: { blame: "Environment", rule: "END-06" },
  certificateExpired: { blame: "LocalPolicy", rule: "TIME-12" },
  certificateRevoked: { blame: "LocalPolicy", rule: "TIME-12" }
} as const satisfies Readonly<Record<string, { readonly blame: Blame; readonly rule: string }>>

/**
 * @since 0.1.0
 * @category models
 */
export type Cause = keyof typeof causes

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  cause: Cause,
  more: { readonly rule?: string; readonly condition?: StreamCondition; readonly detail?: string } = {}
): Reason => ({
  _tag: causes[cause].blame,
  cause,
  rule: more.rule ?? causes[cause].rule,
  ...(more.condition === undefined ? {} : { condition: more.condition }),
  ...(more.detail === undefined ? {} : { detail: more.detail })
})
