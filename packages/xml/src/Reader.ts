/**
 * Bytes to stream-level events, one at a time; the only file that knows `saxes`.
 *
 * @since 0.1.0
 */
import type { Element, RootTag } from "./Element.ts"
import type { XmlFault } from "./Fault.ts"
import type { Limits } from "./Limits.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type ReaderEvent =
  | { readonly _tag: "RootOpened"; readonly tag: RootTag }
  | {
    readonly _tag: "ElementRead"
    readonly element: Element
    /** NS-05: the first-level element itself was written with a prefix. */
    readonly prefixed: boolean
    /** NS-10: somewhere inside, a prefix other than the stream's own is used that only the header binds. */
    readonly headerPrefixed: boolean
  }
  /** A run of white space between first-level elements, reported once, when the next tag begins. */
  | { readonly _tag: "WhitespaceRead" }
  | { readonly _tag: "RootClosed" }
  | { readonly _tag: "Faulted"; readonly fault: XmlFault }

/**
 * @since 0.1.0
 * @category models
 */
export interface Reader {
  /** Adds bytes as they came. Cheap; nothing is parsed yet. */
  readonly push: (bytes: Uint8Array) => void
  /** The next event, or `undefined`: feed me. Parses no byte beyond the one that completes the event. */
  readonly next: () => ReaderEvent | undefined
  /** A new document; the unread bytes stay (after SASL success, SASL-29). */
  readonly restart: () => void
  /** Gives the unread bytes away (to TLS, TLS-15) and forgets them. */
  readonly take: () => Uint8Array
}

/**
 * @since 0.1.0
 * @category constructors
 */
export declare const make: (limits: Limits) => Reader
