/**
 * What the machine of in-band bytestreams wants done, in order.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import type { Stanza } from "./IbbEvent.ts"
import type { Failure } from "./IbbFailure.ts"

/**
 * - `Request`: an iq of type set with this child; its answer comes back under this number
 * - `Answer`: to the stanza received under that id, an empty result or an error
 * - `Opened`: the bytestream is open; `blockSize` is what was agreed on
 * - `Deliver`: octets from the peer; say `Consumed` for each of these
 * - `Acknowledged`: the peer has dealt with so many octets of ours
 * - `Ended`: it was closed. `by: "peer"` says nothing about whether the peer had more to say: who needs to know that has to
 *   say the length. `by: "nobody"`: our side closed what the peer had already forgotten, in order or not
 * - `Failed`: it is gone, and what was on its way may be lost
 * - `Declined`: what our side asked for cannot be done; nothing has changed
 *
 * @since 0.1.0
 * @category models
 */
export type IbbAction =
  | { readonly _tag: "Request"; readonly peer: string; readonly request: number; readonly element: Element.Element }
  | {
    readonly _tag: "Answer"
    readonly peer: string
    readonly id: string
    readonly stanza: Stanza
    readonly error?: Refusal
  }
  | { readonly _tag: "Opened"; readonly peer: string; readonly sid: string; readonly blockSize: number }
  | { readonly _tag: "Deliver"; readonly peer: string; readonly sid: string; readonly bytes: Uint8Array }
  | { readonly _tag: "Acknowledged"; readonly peer: string; readonly sid: string; readonly octets: number }
  | { readonly _tag: "Ended"; readonly peer: string; readonly sid: string; readonly by: "us" | "peer" | "nobody" }
  | { readonly _tag: "Failed"; readonly peer: string; readonly sid: string; readonly failure: Failure }
  | { readonly _tag: "Declined"; readonly peer: string; readonly sid: string; readonly why: Why }

/**
 * A stanza error: its type and its condition (RFC 6120 §8.3).
 *
 * @since 0.1.0
 * @category models
 */
export interface Refusal {
  readonly type: "cancel" | "modify" | "wait"
  readonly condition: string
}

/**
 * - `unsound`: the sid is empty, too long or has white space in it, or the size of the blocks is none
 * - `taken`: a bytestream with this sid is there already
 * - `tooMany`: as many bytestreams as there may be are there
 * - `unknown`: no bytestream with this sid is there, or it is closing
 * - `oneWay`: it uses messages, which nobody acknowledges; we only receive on it (IBB-16)
 * - `full`: more octets than there is room for; see `Ibb.room`
 *
 * @since 0.1.0
 * @category models
 */
export type Why = "unsound" | "taken" | "tooMany" | "unknown" | "oneWay" | "full"
