/**
 * What happens in chats, and what is to be done about it: the events and actions of `Chat.step`, as plain data.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"

/**
 * How sure it is that a message is from whom it says, and that nobody reads along. Best first:
 *
 * - `verified`: two people have compared the short string (`Verification`)
 * - `known`: the key is the one that was pinned, or an authority vouches for it
 * - `unverified`: encrypted, but nobody is known to be at the other end
 * - `unencrypted`: anybody on the network may read along, and may have written it
 *
 * @since 0.1.0
 * @category models
 */
export type Mark = "verified" | "known" | "unverified" | "unencrypted"

/**
 * XEP-0085: `composing` while somebody types; the others say that he does not.
 *
 * @since 0.1.0
 * @category models
 */
export type ChatState = "active" | "composing" | "paused" | "inactive" | "gone"

/**
 * One message. `state` is about ours:
 *
 * - `waiting`: not yet handed to a stream
 * - `sent`: handed to the transport, under `mark`; nobody has said that it came
 * - `received`: the peer said that it came (XEP-0184)
 * - `failed`: it was not sent; `why` says why not
 *
 * @since 0.1.0
 * @category models
 */
export type Entry =
  | { readonly by: "them"; readonly text: string; readonly mark: Mark }
  | {
    readonly by: "us"
    readonly id: string
    readonly text: string
    readonly mark?: Mark
    readonly state: "waiting" | "sent" | "received" | "failed"
    readonly why?: string
  }

/**
 * `peer` is the bare address, prepared.
 *
 * - `Said`: our person says something; `id` is fresh
 * - `Sent`, `NotSent`: what became of it
 * - `Typed`: our person is typing, or has stopped
 * - `Heard`: a stanza of the peer, and how sure it is that it is the peer's
 * - `Parted`: there is no stream to the peer any more
 *
 * @since 0.1.0
 * @category models
 */
export type ChatEvent =
  | { readonly _tag: "Said"; readonly peer: string; readonly id: string; readonly text: string }
  | { readonly _tag: "Sent"; readonly peer: string; readonly id: string; readonly mark: Mark }
  | { readonly _tag: "NotSent"; readonly peer: string; readonly id: string; readonly why: string }
  | { readonly _tag: "Typed"; readonly peer: string; readonly isTyping: boolean }
  | { readonly _tag: "Heard"; readonly peer: string; readonly stanza: Element.Element; readonly mark: Mark }
  | { readonly _tag: "Parted"; readonly peer: string }

/**
 * - `Send`: a stanza for the peer; with `id` when it is what our person said, and `Sent` or `NotSent` has to follow. Without,
 *   it is sent only where a stream stands
 * - `Show`: there is this entry now, new or in another state
 * - `ShowTyping`: whether the peer is typing
 *
 * @since 0.1.0
 * @category models
 */
export type ChatAction =
  | { readonly _tag: "Send"; readonly peer: string; readonly stanza: Element.Element; readonly id?: string }
  | { readonly _tag: "Show"; readonly peer: string; readonly entry: Entry }
  | { readonly _tag: "ShowTyping"; readonly peer: string; readonly isTyping: boolean }
