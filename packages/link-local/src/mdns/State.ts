/**
 * What the machine of multicast DNS knows. Plain data; made and changed by `Step.ts` alone.
 *
 * @since 0.1.0
 */
import type { Resolved } from "../DiscoveryEvent.ts"
import type { LinkAddress } from "./Event.ts"
import type { Name, ResourceRecord } from "./Message.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface State {
  readonly links: ReadonlyArray<Link>
  readonly own: ReadonlyArray<Own>
  readonly browsing: boolean
  readonly resolving: ReadonlyArray<Resolving>
  /** When names were last lost, the newest last, at most 15 (RFC 6762 §8.1). */
  readonly conflicts: ReadonlyArray<number>
  /** So many were lost that each further try waits. */
  readonly isSlow: boolean
}

/**
 * What we announce. `former` are records that we ourselves have said before, so that hearing them late is no conflict.
 *
 * @since 0.1.0
 * @category models
 */
export interface Own {
  readonly id: number
  /** As asked for; a new name is made from this one. */
  readonly wanted: string
  readonly instance: string
  readonly host: Name
  readonly port: number
  readonly txt: ReadonlyArray<string>
  /** What is appended to the user and to the machine; 0 for nothing (LL-11). */
  readonly userSuffix: number
  readonly machineSuffix: number
  /** The name that was reported last. */
  readonly named: string | undefined
  readonly former: ReadonlyArray<string>
}

/**
 * An interface. `sent` is when a record was last sent to all; `budget` what was heard in this second.
 *
 * @since 0.1.0
 * @category models
 */
export interface Link {
  readonly via: string
  readonly addresses: ReadonlyArray<LinkAddress>
  readonly duties: ReadonlyArray<Duty>
  readonly cache: ReadonlyArray<Entry>
  readonly known: ReadonlyArray<Known>
  readonly replies: ReadonlyArray<Reply>
  readonly asks: ReadonlyArray<Ask>
  readonly sent: Readonly<Record<string, number>>
  readonly budget: Budget
}

/**
 * How far an announcement has got on an interface: `done` probes or announcements are sent, the next is due `at`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Duty {
  readonly id: number
  readonly phase: "probing" | "announcing" | "standing"
  readonly done: number
  readonly at: number
}

/**
 * A record of somebody, heard from `source` at `heard`, to be forgotten at `expires`. `owner` is its name, `instance` what it is
 * about, both with letters made small; empty for addresses. `asked` counts how often it was asked after since (RFC 6762 §5.2).
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly key: string
  readonly owner: string
  readonly instance: string
  readonly record: ResourceRecord
  readonly source: string
  readonly heard: number
  readonly expires: number
  readonly asked: number
  readonly goodbye: boolean
  /** Since when, and how often, others have asked for it without hearing it (RFC 6762 §10.5). */
  readonly missed: { readonly since: number; readonly count: number } | undefined
}

/**
 * What was told of an instance.
 *
 * @since 0.1.0
 * @category models
 */
export interface Known {
  readonly instance: string
  readonly resolved: Resolved | undefined
}

/**
 * A record of ours that somebody asked for, to be sent to all at `at`. `askers` may yet say that they know it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reply {
  readonly key: string
  readonly at: number
  readonly askers: ReadonlyArray<string>
}

/**
 * A question that is repeated, each time after twice as long; `left` times, or without end. `isSpared`: somebody else has asked it in our
 * place (RFC 6762 §7.3), so that next time it is asked by us, whoever else does.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ask {
  readonly name: Name
  readonly type: number
  readonly at: number
  readonly wait: number
  readonly left: number | undefined
  readonly isSpared: boolean
}

/**
 * Messages heard in a second: `little` those that were among the first few of their senders, `total` all others, and `by` each sender.
 *
 * @since 0.1.0
 * @category models
 */
export interface Budget {
  readonly second: number
  readonly little: number
  readonly total: number
  readonly by: Readonly<Record<string, number>>
}

/**
 * Somebody who wants to know where an instance listens, since `since`; the addresses of `host` have been asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Resolving {
  readonly id: number
  readonly instance: string
  readonly since: number
  readonly host: Name | undefined
}
