/**
 * What the machine of one offered file is told, and what it wants done. Names in both are those of `IbbEvent` and
 * `IbbAction` wherever they mean the same.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"

/**
 * From people, on both sides: `CancelRequested`, `ResumeRequested`. Where a file is offered to us: `AcceptRequested`,
 * `RefuseRequested`.
 *
 * From the bytestream with the sid of the offer: `Opened`, `Acknowledged`, `Delivered`, `Ended`, and `Failed`, which is also
 * for the end of the stream when the bytestream is over and the answer to the offer is not there.
 *
 * From storage: `Read` with the octets asked for; `Appended` when octets are kept; `Hashed` with the SHA-256 of all that was
 * kept, in lower-case hexadecimal digits; `StorageFailed`.
 *
 * `Answered`: the answer to our offer; without `condition`, the peer has the file.
 *
 * @since 0.1.0
 * @category models
 */
export type FileOfferEvent =
  | { readonly _tag: "AcceptRequested" }
  | { readonly _tag: "RefuseRequested" }
  | { readonly _tag: "CancelRequested" }
  | { readonly _tag: "ResumeRequested" }
  | { readonly _tag: "Opened" }
  | { readonly _tag: "Acknowledged"; readonly octets: number }
  | { readonly _tag: "Delivered"; readonly bytes: Uint8Array }
  | { readonly _tag: "Ended" }
  | { readonly _tag: "Failed" }
  | { readonly _tag: "Read"; readonly bytes: Uint8Array }
  | { readonly _tag: "Appended" }
  | { readonly _tag: "Hashed"; readonly sha256: string }
  | { readonly _tag: "StorageFailed" }
  | { readonly _tag: "Answered"; readonly condition?: string }

/**
 * On the stream: `Offer` is an iq of type set; `Answer` is the answer to the peer's, an empty result or an error.
 *
 * On the bytestream with this sid: `Expect`, `Open`, `Write`, at most 65 536 octets at a time, for which there has to be room,
 * `Consumed`, `Close`, `Abort`; `Close` before it is open means that it is not expected any more.
 *
 * In storage: `ReadFile` gives so many octets from there; `Append` puts octets at the end of a new file that nobody takes for
 * the whole one; `Hash` is that of the file; `Keep` gives it its name, `Discard` removes it.
 *
 * To people: `Ask` whether they want it, with its safe name and its size in octets; `Progress` in octets; `Declined` says why
 * a request cannot be done; `Finished`, once, says how it went.
 *
 * @since 0.1.0
 * @category models
 */
export type FileOfferAction =
  | { readonly _tag: "Offer"; readonly element: Element.Element }
  | { readonly _tag: "Answer"; readonly error?: Refused }
  | { readonly _tag: "Expect" | "Open" | "Close" | "Abort"; readonly sid: string }
  | { readonly _tag: "Write"; readonly sid: string; readonly bytes: Uint8Array }
  | { readonly _tag: "Consumed"; readonly sid: string }
  | { readonly _tag: "ReadFile"; readonly offset: number; readonly octets: number }
  | { readonly _tag: "Append"; readonly bytes: Uint8Array }
  | { readonly _tag: "Hash" }
  | { readonly _tag: "Keep"; readonly name: string }
  | { readonly _tag: "Discard" }
  | { readonly _tag: "Ask"; readonly name: string; readonly size: number }
  | { readonly _tag: "Progress"; readonly octets: number; readonly size: number }
  | { readonly _tag: "Declined"; readonly why: string }
  | { readonly _tag: "Finished"; readonly outcome: Outcome }

/**
 * A stanza error (RFC 6120 §8.3; XEP-0066 §2 for the first two).
 *
 * @since 0.1.0
 * @category models
 */
export type Refused =
  | { readonly type: "modify"; readonly condition: "not-acceptable" }
  | { readonly type: "cancel"; readonly condition: "item-not-found" | "feature-not-implemented" }

/**
 * - `Delivered`: the file is whole on the other side, and its hash was compared there; or here
 * - `Refused`: whoever was asked did not want it, or it is larger than we take
 * - `Cancelled`: by us, or by the peer as far as one can tell
 * - `Damaged`: it has another hash than was offered, or more octets
 * - `Interrupted`: the bytestream failed, or ended too early
 * - `Unusable`: the file could not be read or kept, or was no longer as long as offered
 * - `Unsound`: the peer's offer is none; see `FileUrl`
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = "Delivered" | "Refused" | "Cancelled" | "Damaged" | "Interrupted" | "Unusable" | "Unsound"
