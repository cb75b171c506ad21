/**
 * What can happen next. `guided` offers what moves a state on first, and then everything else there is; `anyEvent` offers
 * anything at all. A number chooses, so that a list of numbers is a run (`Run.decode`).
 *
 * @since 0.1.0
 */
import type { Event } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import { anyEvent as chaotic } from "./internal/chaos.ts"
import { menuOf } from "./internal/forward.ts"
import { nth } from "./internal/nth.ts"

/**
 * The events that move a state on come first, the likeliest at 0; peer, own side and world all come, with running and
 * stale timers, verdicts of both kinds, and every kind of first-level element. Numbers beyond the end begin anew.
 * `seq` numbers the events of a run: ids and requests made of it are fresh.
 *
 * @since 0.1.0
 * @category getters
 */
export const guided = (state: State, choice: number, seq: number): Event.Event =>
  nth(menuOf(state, label(state)), choice)(state, seq)

/**
 * How many choices `guided` has for a state.
 *
 * @since 0.1.0
 * @category getters
 */
export const sizeOf = (state: State): number => menuOf(state, label(state)).length

/**
 * Any event at any time, from the nonsense that a broken shell or a hostile peer could come up with. The lower 32 bits of
 * `seed` decide.
 *
 * @since 0.1.0
 * @category getters
 */
export const anyEvent = (state: State, seed: number, seq: number): Event.Event => chaotic(state, seed, seq)
