/**
 * What the machine of multicast DNS wants done, in order.
 *
 * @since 0.1.0
 */
import type { DiscoveryEvent, Resolved } from "../DiscoveryEvent.ts"
import type { Source } from "./Event.ts"
import type { Message } from "./Message.ts"

/**
 * - `Send`: to the group on that interface, over IPv4 and IPv6; or to `to` alone
 * - `Tell`: what those who browse are told
 * - `Named`: the name under which announcement `id` is known, on all interfaces
 * - `NameRefused`: no name was free, or what was to be announced cannot be sent; the announcement is over
 * - `UpdateRefused`: what was to be said instead cannot be sent, or there is no such announcement; what was said before stands
 * - `Answered`: where the entity of resolution `id` listens
 * - `Ignored`: a message that changes nothing, and why
 *
 * @since 0.1.0
 * @category models
 */
export type Action =
  | { readonly _tag: "Send"; readonly via: string; readonly to?: Source; readonly message: Message }
  | { readonly _tag: "Tell"; readonly event: DiscoveryEvent }
  | { readonly _tag: "Named"; readonly id: number; readonly instance: string }
  | { readonly _tag: "NameRefused"; readonly id: number; readonly reason: "noFreeName" | "unsound" }
  | { readonly _tag: "UpdateRefused"; readonly id: number }
  | { readonly _tag: "Answered"; readonly id: number; readonly resolved: Resolved }
  | { readonly _tag: "Ignored"; readonly via: string; readonly reason: IgnoredBecause }

/**
 * - `notOnLink`: it comes from an address of no network of this interface, or the interface is not known (RFC 6762 §11)
 * - `wrongPort`: an answer from a port other than 5353 (RFC 6762 §6)
 * - `tooFast`: this sender, or all of them, sent too many in this second
 * - `full`: a record found no room, or its sender has had its share
 * - `unsound`: it names an instance that nobody can have
 *
 * @since 0.1.0
 * @category models
 */
export type IgnoredBecause = "notOnLink" | "wrongPort" | "tooFast" | "full" | "unsound"
