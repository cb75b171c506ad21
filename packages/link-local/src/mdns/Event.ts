/**
 * What happens to the machine of multicast DNS: what is heard, what the system tells of interfaces, what our side asks for, and
 * time. `Step.ts` answers each with actions.
 *
 * @since 0.1.0
 */
import type { Message } from "./Message.ts"

/**
 * An address of an interface, with the number of bits that all addresses of its network share. No zone.
 *
 * @since 0.1.0
 * @category models
 */
export interface LinkAddress {
  readonly address: string
  readonly prefix: number
}

/**
 * Whence a message came. No zone: the interface is known.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly address: string
  readonly port: number
}

/**
 * - `InterfaceChanged`: an interface is there, with these addresses; said again when they change
 * - `InterfaceGone`: it is there no more
 * - `Heard`: a message on an interface
 * - `AnnounceRequested`: `id` is the caller's, for what follows; `instance` is one label, unescaped; `txt` in base64
 * - `UpdateRequested`: other strings of TXT
 * - `WithdrawRequested`: goodbye
 * - `BrowseRequested`, `BrowseEnded`: who is there
 * - `ResolveRequested`: where an entity listens, by the caller's `id`
 * - `ResolveEnded`: the caller waits no more; without an answer, the entity is asked after once more and then forgotten
 *   (RFC 6762 §10.4)
 * - `Woke`: the time that `wakeAt` named has come
 *
 * @since 0.1.0
 * @category models
 */
export type Happening =
  | { readonly _tag: "InterfaceChanged"; readonly via: string; readonly addresses: ReadonlyArray<LinkAddress> }
  | { readonly _tag: "InterfaceGone"; readonly via: string }
  | { readonly _tag: "Heard"; readonly via: string; readonly source: Source; readonly message: Message }
  | {
    readonly _tag: "AnnounceRequested"
    readonly id: number
    readonly instance: string
    readonly port: number
    readonly txt: ReadonlyArray<string>
  }
  | { readonly _tag: "UpdateRequested"; readonly id: number; readonly txt: ReadonlyArray<string> }
  | { readonly _tag: "WithdrawRequested"; readonly id: number }
  | { readonly _tag: "BrowseRequested" }
  | { readonly _tag: "BrowseEnded" }
  | { readonly _tag: "ResolveRequested"; readonly id: number; readonly instance: string }
  | { readonly _tag: "ResolveEnded"; readonly id: number }
  | { readonly _tag: "Woke" }

/**
 * A happening with its time, in milliseconds since any moment and never less than before, and with a number from 0 up to 1 that
 * nobody can guess: delays are drawn from it. The machine has no clock and no chance of its own.
 *
 * @since 0.1.0
 * @category models
 */
export type Event = Happening & { readonly at: number; readonly chance: number }
