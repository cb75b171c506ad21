/**
 * The machine of multicast DNS for one service, `_presence._tcp.local.`: it finds others, and has a name of its own that nobody
 * else has (RFC 6762 and RFC 6763, as far as XEP-0174 needs them). A fold over events; sockets and clocks are the business of a
 * shell.
 *
 * @since 0.1.0
 */
import type { DiscoveryEvent } from "../DiscoveryEvent.ts"
import { refreshTime } from "../internal/mdns/cache.ts"
import { dispatch, settle } from "../internal/mdns/events.ts"
import { andThen } from "../internal/mdns/move.ts"
import * as View from "../internal/mdns/view.ts"
import type { Action } from "./Action.ts"
import type { Event } from "./Event.ts"
import type { State } from "./State.ts"

/**
 * The next state, and what to do, in order.
 *
 * @since 0.1.0
 * @category models
 */
export type Transition = readonly [state: State, actions: ReadonlyArray<Action>]

/**
 * No interface, nothing announced, nobody known.
 *
 * @since 0.1.0
 * @category constructors
 */
export const initial: State = { links: [], own: [], browsing: false, resolving: [], conflicts: [], isSlow: false }

/**
 * Total and pure: an answer for every state and every event, the same for the same inputs. Whatever is due at the time of the
 * event is done with it, but for a message that is ignored, so that a wake-up that comes late loses nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (state: State, event: Event): Transition => {
  const made = dispatch(state, event)
  // What is ignored is to cost next to nothing.
  return made[0] === state && event._tag === "Heard" ? made : andThen(made, (after) => settle(state, after, event))
}

/**
 * When something is due next, in the milliseconds of the events; nothing if only the network can change anything.
 *
 * @since 0.1.0
 * @category getters
 */
export const wakeAt = (state: State): number | undefined => {
  const times = state.links.flatMap((link) => [
    ...link.duties.flatMap(({ at, phase }) => phase === "standing" ? [] : [at]),
    ...link.replies.map(({ at }) => at),
    ...link.asks.map(({ at }) => at),
    ...link.cache.map(({ expires }) => expires),
    ...state.browsing ? link.cache.flatMap((entry) => refreshTime(entry) ?? []) : []
  ])
  return times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other))
}

/**
 * What those who browse have been told so far, for one who joins them.
 *
 * @since 0.1.0
 * @category getters
 */
export const known = (state: State): ReadonlyArray<DiscoveryEvent> =>
  state.links.flatMap((link) => [{ _tag: "InterfaceUp", via: link.via } as const, ...View.told(link)])
