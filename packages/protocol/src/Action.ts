/**
 * What the reducer may ask of the shell. Actions of one step are performed in the order of the array, each to its end,
 * before the next event; adjacent sends are one write.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import type { StreamHeader } from "./Header.ts"
import type { Notice } from "./Notice.ts"
import type { Millis, Timer } from "./Timer.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Action =
  | { readonly _tag: "SendHeader"; readonly header: StreamHeader }
  /** `request` is there when the element answers a `SendRequested`: once written, that request is done. */
  | { readonly _tag: "SendElement"; readonly element: Element.Element; readonly request?: number }
  | { readonly _tag: "SendFooter" }
  /** One U+0020 (TIME-01). */
  | { readonly _tag: "SendWhitespace" }
  /** The unread bytes go to TLS, verbatim (TLS-15). Answered by `TlsEstablished` or `TlsFailed`. */
  | { readonly _tag: "StartTls"; readonly as: "client" | "server" }
  /** A new document; the unread bytes go to its parser (SASL-29). */
  | { readonly _tag: "RestartInput" }
  /** From now on read and discard. */
  | { readonly _tag: "StopInput" }
  /** Answered by `PeerJudged`. */
  | {
    readonly _tag: "JudgePeer"
    /** DER in base64, end entity first. */
    readonly chain: ReadonlyArray<string>
    /** CERT-01: the address we wanted, fixed before connecting. Absent for a recipient that expects nobody. */
    readonly expected?: string
    /** Fingerprints announced in a C2C offer (CERT-91), lower-case hex SHA-1. */
    readonly hints?: ReadonlyArray<string>
  }
  /** Answered by `ResumptionJudged`. */
  | { readonly _tag: "JudgeResumption"; readonly id: string; readonly identity: string }
  /** Replaces a running timer of that name. */
  | { readonly _tag: "SetTimer"; readonly timer: Timer; readonly generation: number; readonly after: Millis }
  | { readonly _tag: "ClearTimer"; readonly timer: Timer; readonly generation: number }
  | { readonly _tag: "Deliver"; readonly stanza: Element.Element; readonly delivery: Delivery }
  | { readonly _tag: "Refuse"; readonly request?: number; readonly refusal: Refusal }
  | { readonly _tag: "Report"; readonly notice: Notice }
  /** Flush, close_notify when there is TLS, FIN; the reading direction goes on. */
  | { readonly _tag: "EndTransport" }
  /** Both directions at once; unflushed bytes may be lost. */
  | { readonly _tag: "DropTransport" }

/**
 * Addresses with their defaults filled in (STZ-03); a value was explicit exactly when the stanza has the attribute.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delivery {
  readonly from?: string
  readonly to: string
  /** False once our own direction is closed (STZ-21). */
  readonly canReply: boolean
}

/**
 * Why a request of our own side was not carried out. The stream goes on as it was.
 *
 * - `queueFull` STZ-23: too much is waiting for the negotiation to end
 * - `closed`: the stream is ending or has ended
 * - `notOpen`: stream management outside an established stream
 * - `notAStanza`: the element is no message, presence or iq of the content namespace
 *
 * @since 0.1.0
 * @category models
 */
export type Refusal = "queueFull" | "closed" | "notOpen" | "notAStanza"
