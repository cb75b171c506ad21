/**
 * What the fiber that owns a stream is told by the others.
 */
import type { Event } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import type { Waiter } from "./requests.ts"

export type Message =
  | { readonly _tag: "Happened"; readonly event: Event.LocalEvent | Event.WorldEvent }
  /** Stanzas to send, in order; nobody waits for those without a waiter. */
  | { readonly _tag: "Asked"; readonly stanzas: ReadonlyArray<Element.Element>; readonly waiter?: Waiter }
  | { readonly _tag: "Heard"; readonly bytes: Uint8Array }
  /** The peer ended its direction. */
  | { readonly _tag: "HeardAll" }
  /** Our own direction has been ended: everything was flushed. */
  | { readonly _tag: "SaidAll" }
  /** There may be room to read again. */
  | { readonly _tag: "Eased" }
