/**
 * What the reducer tells its own side about a stream. Notices decide nothing; they are for people, logs and metrics.
 *
 * @since 0.1.0
 */
import type { StreamError } from "./Condition.ts"
import type { Resumption, TlsFacts } from "./Event.ts"
import type { Reason } from "./Reason.ts"
import type { PeerIdentity } from "./State.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Notice =
  /** The handshake is over; nobody is authenticated yet. */
  | { readonly _tag: "TlsOn"; readonly facts: Omit<TlsFacts, "chain">; readonly verdict: Verdict }
  | { readonly _tag: "CertificateRejected"; readonly verdict: Verdict }
  | { readonly _tag: "AuthenticationFailed"; readonly condition: string; readonly text?: string }
  | { readonly _tag: "Negotiated"; readonly peer: PeerIdentity; readonly secured: boolean; readonly resumed: boolean }
  /** E2E-22: nobody is authenticated and anyone can read along. */
  | { readonly _tag: "InsecureChannel" }
  | { readonly _tag: "PeerError"; readonly error: StreamError }
  | { readonly _tag: "SentError"; readonly error: StreamError }
  | { readonly _tag: "Redirected"; readonly host: string }
  | { readonly _tag: "PeerClosed" }
  | { readonly _tag: "ManagementOn"; readonly id?: string }
  | { readonly _tag: "ManagementOff" }
  /** Requests acknowledged by the peer (SM-09). */
  | { readonly _tag: "StanzasAcknowledged"; readonly requests: ReadonlyArray<number> }
  | { readonly _tag: "Diagnostic"; readonly about: Diagnostic; readonly detail?: string }
  | {
    readonly _tag: "Ended"
    readonly reason: Reason
    /** P-28: both footers were exchanged. */
    readonly clean: boolean
    /** Requests accepted and never written (P-15). */
    readonly unsent: ReadonlyArray<number>
    /** END-10: the transport did not end in time after both footers. */
    readonly endedLate: boolean
    /** SM-20: a session that may be taken up again. */
    readonly resumption?: Resumption
  }

/**
 * Things worth knowing that change nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Diagnostic =
  | "unexpectedEvent"
  | "unexpectedElement"
  | "unexpectedFeatures"
  | "unexpectedTimer"
  | "unknownElement"
  | "ignoredAddress"
  | "ignoredLanguage"
  | "missingId"
  | "repeatedId"
  | "repeatedFeature"
  | "tlsNotAdvertised"
  | "tlsRefused"
  | "whitespaceInWindow"
  | "unknownReply"
  | "droppedStanza"
  | "certificateExpired"
  | "resumptionRefused"
  | "staleAcknowledgement"
