/**
 * What can happen to a stream, in three classes: what the peer did, what our own side asks, what the world reports.
 * Everything that decides an outcome is here; nothing else reaches the reducer.
 *
 * @since 0.1.0
 */
import type { Element, Fault } from "@xmpp-e2e/xml"
import type { StreamCondition } from "./Condition.ts"
import type { Timer } from "./Timer.ts"
import type { Evidence, Verdict } from "./Verdict.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Event = PeerEvent | LocalEvent | WorldEvent

/**
 * @since 0.1.0
 * @category models
 */
export type PeerEvent =
  /** A root start tag, unjudged. `freshId` was drawn by the shell; a recipient uses it as its stream id (HDR-23). */
  | {
    readonly _tag: "HeaderReceived"
    readonly tag: Element.RootTag
    readonly freshId: string
    /** LIM-01: the shell has no room for one more stream. */
    readonly overloaded?: true
  }
  | {
    readonly _tag: "ElementReceived"
    readonly element: Element.Element
    /** NS-05: the element was written with a prefix. */
    readonly prefixed?: true
    /** NS-10: a prefix that only the header binds is used inside. */
    readonly headerPrefixed?: true
    /** Drawn by the shell for elements of stream management only (SM-13). */
    readonly freshId?: string
  }
  | { readonly _tag: "FooterReceived" }
  | { readonly _tag: "WhitespaceReceived" }
  /** `freshId` serves the header that must precede a stream error (HDR-03). */
  | { readonly _tag: "InputRejected"; readonly fault: Fault.XmlFault; readonly freshId: string }

/**
 * `request` numbers the sends of one stream; the shell chooses it, and the answer carries it.
 *
 * @since 0.1.0
 * @category models
 */
export type LocalEvent =
  | { readonly _tag: "SendRequested"; readonly request: number; readonly stanza: Element.Element }
  | { readonly _tag: "CloseRequested" }
  /** End with a stream error of our own choice (ERR-22, 35, 36, 38, 39). `host` belongs to `see-other-host`. */
  | {
    readonly _tag: "FailRequested"
    readonly condition: StreamCondition
    readonly text?: string
    readonly host?: string
  }
  | { readonly _tag: "AbortRequested" }
  /** XEP-0198: turn on stream management (initiator). */
  | { readonly _tag: "EnableRequested"; readonly resumable: boolean }
  /** XEP-0198: acknowledge now (`<a/>`). */
  | { readonly _tag: "AcknowledgeRequested" }
  /** XEP-0198: ask for an acknowledgement (`<r/>`). */
  | { readonly _tag: "AcknowledgementRequested" }
  /** XEP-0198: resumption is decided by the configuration; asked for at any other time it is refused. */
  | { readonly _tag: "ResumeRequested" }

/**
 * @since 0.1.0
 * @category models
 */
export type WorldEvent =
  | { readonly _tag: "TransportOpened" }
  /** The peer ended its direction: FIN, or close_notify (the two are alike in every rule). */
  | { readonly _tag: "TransportEnded" }
  /** The transport is gone in both directions. */
  | { readonly _tag: "TransportLost"; readonly fault?: string }
  | { readonly _tag: "TlsEstablished"; readonly facts: TlsFacts }
  | { readonly _tag: "TlsFailed"; readonly fault: string }
  /** Only the verdict decides; its evidence is for whoever reads the log. */
  | { readonly _tag: "PeerJudged"; readonly verdict: Verdict; readonly evidence?: Evidence }
  | { readonly _tag: "ResumptionJudged"; readonly resumption?: Resumption }
  | { readonly _tag: "TimerFired"; readonly timer: Timer; readonly generation: number }

/**
 * What TLS says about itself; nothing here authenticates anybody (TLS-21).
 *
 * @since 0.1.0
 * @category models
 */
export interface TlsFacts {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string
  readonly cipher: string
  readonly resumed: boolean
  /** The peer's certificates, end entity first, DER in base64. Empty when it showed none. */
  readonly chain: ReadonlyArray<string>
}

/**
 * A session of stream management that can be taken up again (SM-14, SM-15).
 *
 * @since 0.1.0
 * @category models
 */
export interface Resumption {
  readonly id: string
  /** The authenticated peer it belongs to; SM-15 allows nobody else. */
  readonly identity: string
  /** Stanzas handled from the peer, modulo 2^32. */
  readonly handled: number
  /** Stanzas sent so far, modulo 2^32; the last `unacknowledged.length` of them are kept. */
  readonly sent: number
  readonly unacknowledged: ReadonlyArray<Element.Element>
}
