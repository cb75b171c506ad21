/**
 * What the machine of in-band bytestreams is told: requests of our own side, and what the stream brings. Who the peer is,
 * the shell has to know from the stream, never from the stanza's content.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"

/**
 * Requests of our side:
 *
 * - `OpenRequested`: opens a bytestream; `blockSize` in octets before base64, 4096 when missing
 * - `ExpectRequested`: lets the peer open one with this sid, once, and with blocks of at most that size (IBB-05)
 * - `WriteRequested`: these octets go out in this order; see `Ibb.room`
 * - `Consumed`: the oldest block delivered and not consumed yet has been dealt with, which answers it (IBB-09)
 * - `CloseRequested`: closes when all that was written has been answered (IBB-14)
 * - `AbortRequested`: gives up at once
 *
 * From the stream:
 *
 * - `RequestReceived`: the child of an iq of type set, or of a message, in the namespace of IBB; `id` is what an answer needs
 * - `AnswerReceived`: to the request of that number; without `condition` it is a result
 * - `TimedOut`: no answer came to that request, see `Ibb.armed`
 * - `StreamEnded`: nothing goes in or out any more
 *
 * @since 0.1.0
 * @category models
 */
export type IbbEvent =
  | { readonly _tag: "OpenRequested"; readonly peer: string; readonly sid: string; readonly blockSize?: number }
  | { readonly _tag: "ExpectRequested"; readonly peer: string; readonly sid: string; readonly blockSize?: number }
  | { readonly _tag: "WriteRequested"; readonly peer: string; readonly sid: string; readonly bytes: Uint8Array }
  | { readonly _tag: "Consumed"; readonly peer: string; readonly sid: string }
  | { readonly _tag: "CloseRequested"; readonly peer: string; readonly sid: string }
  | { readonly _tag: "AbortRequested"; readonly peer: string; readonly sid: string }
  | {
    readonly _tag: "RequestReceived"
    readonly peer: string
    readonly id: string
    readonly stanza: Stanza
    readonly element: Element.Element
  }
  | { readonly _tag: "AnswerReceived"; readonly request: number; readonly condition?: string }
  | { readonly _tag: "TimedOut"; readonly request: number }
  | { readonly _tag: "StreamEnded" }

/**
 * The kind of stanza that carries the blocks (XEP-0047 §2.1).
 *
 * @since 0.1.0
 * @category models
 */
export type Stanza = "iq" | "message"
