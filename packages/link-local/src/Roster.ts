/**
 * Who is there: a fold over what discovery tells. It is total and bounded, whatever a network says, and knows no clock:
 * `refresh` is the one thing that somebody has to call now and then.
 *
 * Where nothing had to be dropped, these laws hold of what `entities` shows, and a test holds them against it:
 *
 * - What was heard on one interface about one instance is a series; only the order within a series matters, and that of
 *   `InterfaceDown` against all series of its interface. A repetition right after the first is nothing new
 * - So records that do not contradict each other, which is one content for each interface and instance and no farewell,
 *   come to the same roster in any order and however often
 * - What an interface said is gone when it goes down, as if it had never been heard; what others said stays
 * - Nothing about one instance changes what is shown of another
 * - Whoever follows the changes shows the same as whoever asks for all entities
 *
 * What it may hold is bounded by `Limits`. Who is known stays, and newcomers are dropped: that way a flood of names cannot
 * push out the people one talks to. `dropped` counts what was left out.
 *
 * @since 0.1.0
 */
import type * as Address from "@xmpp-e2e/protocol/Address"
import * as HashMap from "effect/HashMap"
import type { DiscoveryEvent } from "./DiscoveryEvent.ts"
import type * as Endpoint from "./Endpoint.ts"
import * as InstanceName from "./InstanceName.ts"
import * as Hearing from "./internal/hearing.ts"
import * as Known from "./internal/known.ts"
import * as Telling from "./internal/telling.ts"
import type { Presence } from "./Presence.ts"

/**
 * - `entitiesMax`: instances, besides the `expected` ones
 * - `octetsMax`: octets of all that is kept about all of them, roughly; the `expected` ones, of whom each has its own bound
 *   in what a record may hold, may go beyond it
 * - `interfacesMax`: interfaces on which one entity is known, and interfaces in all
 * - `txtOctetsMax`: a larger TXT record counts as one without keys
 * - `changesMax`, `updatesMax`: changes told between two calls of `refresh`, of all entities and of one
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  readonly entitiesMax: number
  readonly octetsMax: number
  readonly interfacesMax: number
  readonly txtOctetsMax: number
  readonly changesMax: number
  readonly updatesMax: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const defaultLimits: Limits = {
  entitiesMax: 1000,
  octetsMax: 4 * 1024 * 1024,
  interfacesMax: 16,
  txtOctetsMax: 2048,
  changesMax: 500,
  updatesMax: 10
}

/**
 * `own` are the names that we have ourselves and do not show (LL-14). For `expected` there is always room: those whose keys
 * are pinned, say. Both are labels; what is no name is passed over.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly own: ReadonlyArray<string>
  readonly expected: ReadonlyArray<string>
  readonly limits: Limits
}

/**
 * How much was left out so far, in announcements: `names` that were none (LL-18), newcomers beyond `entities`, further
 * `interfaces`, contents that were unsound or had no room in `octets`, and `changes` that were not told one by one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Dropped {
  readonly names: number
  readonly entities: number
  readonly interfaces: number
  readonly octets: number
  readonly changes: number
}

/**
 * The state of the fold. `entities` and `find` show what is in `known`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Roster {
  readonly own: ReadonlySet<string>
  readonly expected: ReadonlySet<string>
  readonly limits: Limits
  /** Those that are up, sorted. */
  readonly interfaces: ReadonlyArray<string>
  readonly known: HashMap.HashMap<string, Known.Known>
  readonly octets: number
  /** Changes told, and kept to ourselves, since the last `refresh`. */
  readonly told: number
  readonly untold: number
  readonly dropped: Dropped
}

/**
 * Somebody on this network, once, on however many interfaces (LL-19). What the first of them by name says of presence
 * counts. `presence` is missing until it was heard. `endpoints` are in the order in which to try them (LL-27). `isDisputed`
 * when the interfaces do not agree on host and port: somebody may be using another's name. All of it is hearsay (LL-26).
 *
 * @since 0.1.0
 * @category models
 */
export interface Entity {
  readonly instance: string
  readonly address: Address.LinkLocalName
  readonly via: ReadonlyArray<string>
  readonly presence?: Presence
  readonly endpoints: ReadonlyArray<Endpoint.Endpoint>
  readonly isDisputed: boolean
}

/**
 * What people want to be told.
 *
 * - `Came`, `Went`: `why` is that of the last interface
 * - `ChangedPresence`: with the presence before, none if it had not been heard yet
 * - `Moved`: other interfaces, hosts, ports or addresses than before
 * - `Untold`: more has happened than is told one by one; ask for `entities`. Only `refresh` says this
 *
 * @since 0.1.0
 * @category models
 */
export type Change =
  | { readonly _tag: "Came"; readonly entity: Entity }
  | { readonly _tag: "ChangedPresence"; readonly entity: Entity; readonly before?: Presence }
  | { readonly _tag: "Moved"; readonly entity: Entity }
  | { readonly _tag: "Went"; readonly entity: Entity; readonly why: Why }
  | { readonly _tag: "Untold"; readonly count: number }

/**
 * `own`: the name is ours now.
 *
 * @since 0.1.0
 * @category models
 */
export type Why = "goodbye" | "expired" | "interfaceDown" | "own"

/**
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly roster: Roster
  readonly changes: ReadonlyArray<Change>
}

/**
 * A roster that knows nobody.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Partial<Options> = {}): Roster => ({
  own: keysOf(options.own ?? []),
  expected: keysOf(options.expected ?? []),
  limits: options.limits ?? defaultLimits,
  interfaces: [],
  known: HashMap.empty(),
  octets: 0,
  told: 0,
  untold: 0,
  dropped: { names: 0, entities: 0, interfaces: 0, octets: 0, changes: 0 }
})

/**
 * The next roster, and what there is to tell. A roster that does not change is the same object.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (roster: Roster, event: DiscoveryEvent): Step => {
  switch (event._tag) {
    case "InterfaceUp":
      return { roster: Hearing.up(roster, event.via), changes: [] }
    case "InterfaceDown":
      return Hearing.down(roster, event.via)
    case "Appeared":
    case "Resolved":
      return Hearing.heard(roster, event)
    case "Vanished": {
      const name = InstanceName.parse(event.instance)
      return name === undefined
        ? { roster: Telling.drop(roster, "names"), changes: [] }
        : Hearing.without(roster, InstanceName.key(name), event.via, event.why)
    }
  }
}

/**
 * A new period for the bounds on changes; `Untold` if there was more than was told.
 *
 * @since 0.1.0
 * @category combinators
 */
export const refresh = (roster: Roster): Step => {
  if (roster.told === 0 && roster.untold === 0) return { roster, changes: [] }
  const known = HashMap.map(roster.known, (each) => each.told === 0 ? each : { ...each, told: 0 })
  return {
    roster: { ...roster, known, told: 0, untold: 0 },
    changes: roster.untold === 0 ? [] : [{ _tag: "Untold", count: roster.untold }]
  }
}

/**
 * With other names of our own, after a renaming (LL-11): who has our name before is shown now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withOwn = (roster: Roster, own: ReadonlyArray<string>): Step => {
  const next = { ...roster, own: keysOf(own) }
  return Telling.tell(roster, next, [...new Set([...roster.own, ...next.own])], "own")
}

/**
 * Everybody who is there, sorted by name.
 *
 * @since 0.1.0
 * @category getters
 */
export const entities = (roster: Roster): ReadonlyArray<Entity> =>
  [...HashMap.entries(roster.known)]
    .filter(([key]) => !roster.own.has(key))
    .sort(([one], [other]) => one < other ? -1 : 1)
    .map(([, known]) => Known.entity(known))

/**
 * The entity of a name, in whatever case; `undefined` when it is not there.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (roster: Roster, instance: string): Entity | undefined => {
  const name = InstanceName.parse(instance)
  return name && Telling.shown(roster, InstanceName.key(name))
}

const keysOf = (labels: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(labels.flatMap((label) => {
    const name = InstanceName.parse(label)
    return name === undefined ? [] : [InstanceName.key(name)]
  }))
