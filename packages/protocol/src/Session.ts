/**
 * What an established stream remembers between two events: who still owes us an answer, and how far stream management
 * has come. The states themselves are in `State.ts`.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import type { PeerEvent } from "./Event.ts"
import type { Held } from "./State.ts"

/**
 * What an established stream remembers.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  /** Ids of our own iq requests that await an answer (IQ-08). */
  readonly pending: ReadonlyArray<string>
  /** The id of a liveness probe on its way (TIME-09). */
  readonly probe?: string
  /** Nothing was exchanged yet (SM-18). */
  readonly untouched: boolean
  readonly management: Managed
  /** The session store was asked (`R.Resume`). */
  readonly resuming?: Resuming
}

/**
 * A recipient whose session store was asked for a session (`R.Resume`). Everything else waits for the answer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Resuming {
  readonly id: string
  /** What the initiator says it has handled. */
  readonly handled: number
  readonly deferred: ReadonlyArray<PeerEvent>
  readonly held: ReadonlyArray<Held>
}

/**
 * Stream management on this stream (XEP-0198).
 *
 * @since 0.1.0
 * @category models
 */
export type Managed =
  | { readonly _tag: "Off" }
  /** `<enable/>` was sent; what was sent since counts (SM-06). */
  | { readonly _tag: "Enabling"; readonly sent: number; readonly kept: ReadonlyArray<Kept> }
  | {
    readonly _tag: "On"
    readonly id?: string
    /** Handled from the peer, modulo 2^32. */
    readonly handled: number
    /** Sent, modulo 2^32. */
    readonly sent: number
    /** Sent and not acknowledged, in order. */
    readonly kept: ReadonlyArray<Kept>
    /** SM-26: stanzas sent since the last `<r/>`. */
    readonly unasked: number
    /** An `<r/>` waits for its answer. */
    readonly asked: boolean
  }

/**
 * @since 0.1.0
 * @category models
 */
export interface Kept {
  readonly stanza: Element.Element
  readonly request?: number
}
