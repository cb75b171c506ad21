/**
 * What we wait for, and only what the next step needs. The state names are those of state-machine §6 in the house's
 * words: `Initiating.AwaitingHeader` is `I.Header`, `Responding.AwaitingChoice` is `R.Must`, and so on; `label` gives
 * them.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import type { Admission } from "./Admission.ts"
import type { Config } from "./Config.ts"
import type { PeerEvent, Resumption, TlsFacts } from "./Event.ts"
import type { Reason } from "./Reason.ts"
import type { Session } from "./Session.ts"
import type { Armed, Millis } from "./Timer.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type State = Dormant | Initiating | Responding | Established | Closing | Closed

/**
 * What every state carries.
 *
 * @since 0.1.0
 * @category models
 */
export interface Context {
  readonly config: Config
  /** Running timers. Only `settle` in `Step.ts` changes them. */
  readonly timers: ReadonlyArray<Armed>
  /** How many timers were ever set; the next one gets this number plus one. */
  readonly generation: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Dormant extends Context {
  readonly _tag: "Dormant"
  readonly held: ReadonlyArray<Held>
}

/**
 * Negotiation as the initiator sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Initiating extends Context {
  readonly _tag: "Initiating"
  readonly at: InitiatorStep
  readonly link: Link
  readonly held: ReadonlyArray<Held>
}

/**
 * Negotiation as the recipient sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Responding extends Context {
  readonly _tag: "Responding"
  readonly at: RecipientStep
  readonly link: Link
  readonly held: ReadonlyArray<Held>
}

/**
 * Negotiation is complete. Nobody can build this without an `Admission`, and only `admit` makes one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Established extends Context {
  readonly _tag: "Established"
  readonly admission: Admission
  readonly session: Session
  /** As in the verdict; the timer runs since then. */
  readonly expiresIn?: Millis
}

/**
 * The end has begun.
 *
 * @since 0.1.0
 * @category models
 */
export interface Closing extends Context {
  readonly _tag: "Closing"
  readonly at: ClosingStep
  readonly reason: Reason
  readonly unsent: ReadonlyArray<number>
  /** Present when the stream was established before. */
  readonly was?: { readonly admission: Admission; readonly session: Session }
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Closed extends Context {
  readonly _tag: "Closed"
  readonly reason: Reason
}

/**
 * A stanza that waits for the negotiation to end (STZ-23).
 *
 * @since 0.1.0
 * @category models
 */
export interface Held {
  /** Absent for a stanza of a session that could not be taken up again. */
  readonly request?: number
  readonly stanza: Element.Element
  /** Roughly its bytes on the wire. */
  readonly weight: number
}

/**
 * What has been achieved below the present stream (`phase`), with the proofs of it. What the peer said in clear text is
 * not carried over: TLS-20.
 *
 * @since 0.1.0
 * @category models
 */
export type Link =
  | { readonly _tag: "Clear" }
  | Secured
  | Authenticated

/**
 * TLS is up and the verdict accepted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Secured {
  readonly _tag: "Secured"
  readonly facts: Omit<TlsFacts, "chain">
  /** The peer asked for our certificate and got it, or we got its. */
  readonly verdict: Verdict
  /** SASL-33: the certificate expired since the verdict. */
  readonly expired: boolean
}

/**
 * SASL EXTERNAL succeeded. `identity` is the initiator's authorised bare address (absent at the initiator).
 *
 * @since 0.1.0
 * @category models
 */
export interface Authenticated {
  readonly _tag: "Authenticated"
  readonly secured: Secured
  readonly identity?: string
  /** HDR-30: the `to` of the header before, which the next one must repeat (absent at the initiator). */
  readonly to?: string
  /** HDR-26: the stream id of the header before. */
  readonly id?: string
}

/**
 * What the peer's header of the current document said, checked.
 *
 * @since 0.1.0
 * @category models
 */
export interface PeerHeader {
  readonly to?: string
  readonly from?: string
  readonly id?: string
  /** False for a peer without version (VER-04). */
  readonly modern: boolean
  readonly lang?: string
}

/**
 * @since 0.1.0
 * @category models
 */
export type InitiatorStep =
  | { readonly _tag: "AwaitingHeader" }
  | { readonly _tag: "AwaitingFeatures"; readonly header: PeerHeader }
  | { readonly _tag: "AwaitingProceed"; readonly warned: boolean }
  | { readonly _tag: "AwaitingTls"; readonly hints?: ReadonlyArray<string> }
  | { readonly _tag: "AwaitingVerdict"; readonly facts: TlsFacts; readonly deferred: ReadonlyArray<PeerEvent> }
  | {
    readonly _tag: "AwaitingSasl"
    readonly header: PeerHeader
    /** The authorisation identity in use; absent: `=`. */
    readonly authzid?: string
    /** Others to try after a failure. */
    readonly others: ReadonlyArray<string>
    readonly tries: number
    readonly responded: boolean
  }
  | { readonly _tag: "AwaitingAbort"; readonly header: PeerHeader }
  | { readonly _tag: "AwaitingResumed"; readonly header: PeerHeader; readonly resumption: Resumption }

/**
 * @since 0.1.0
 * @category models
 */
export type RecipientStep =
  | { readonly _tag: "AwaitingHeader"; readonly tries: number }
  /** Something mandatory is on offer (`R.Must`). */
  | { readonly _tag: "AwaitingChoice"; readonly header: PeerHeader; readonly tries: number }
  /** TLS is on offer and voluntary (`R.May`). */
  | { readonly _tag: "AwaitingCommitment"; readonly header: PeerHeader; readonly tries: number }
  | { readonly _tag: "AwaitingTls"; readonly hints?: ReadonlyArray<string> }
  | { readonly _tag: "AwaitingVerdict"; readonly facts: TlsFacts; readonly deferred: ReadonlyArray<PeerEvent> }
  /** An empty challenge was sent. */
  | { readonly _tag: "AwaitingResponse"; readonly header: PeerHeader; readonly tries: number }

/**
 * - `AwaitingFooter`: ours is sent (`Closing(err)` of the spec); `failed` when a stream error was sent or received
 * - `AwaitingDrain`: the peer's came, ours waits for what our side still has to say (`Draining`)
 * - `AwaitingEnd`: nothing more to say; the transport has to end (`Ending`)
 *
 * @since 0.1.0
 * @category models
 */
export type ClosingStep =
  | { readonly _tag: "AwaitingFooter"; readonly failed: boolean }
  | { readonly _tag: "AwaitingDrain" }
  | { readonly _tag: "AwaitingEnd"; readonly clean: boolean; readonly ended: boolean }

/**
 * Who the peer is, and how we know (FEAT-17).
 *
 * @since 0.1.0
 * @category models
 */
export interface PeerIdentity {
  readonly address?: string
  readonly how: "sasl" | "certificate" | "announced" | "unknown"
  /** P-14: true only when a verdict accepted and authorised this address. */
  readonly verified: boolean
  /** CERT-09: another name of the same peer, good for this stream only. */
  readonly alias?: string
}

/**
 * `Initiating.AwaitingHeader`, `Closing.AwaitingEnd`, `Established`: the name of a state in logs, laws and documents.
 *
 * @since 0.1.0
 * @category getters
 */
export const label = (state: State): string => "at" in state ? `${state._tag}.${state.at._tag}` : state._tag
