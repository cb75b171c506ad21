/**
 * The parent machine: `initial`, `step`, `wantsInput`, `armed`.
 *
 * @since 0.1.0
 */
import type { Action } from "./Action.ts"
import type { Config } from "./Config.ts"
import type { Event } from "./Event.ts"
import type { Dormant, State } from "./State.ts"
import type { Timer } from "./Timer.ts"

/**
 * The next state, and what to do, in order.
 *
 * @since 0.1.0
 * @category models
 */
export type Transition<S extends State = State> = readonly [state: S, actions: ReadonlyArray<Action>]

/** @since 0.1.0 @category constructors */
export declare const initial: (config: Config) => Dormant

/** @since 0.1.0 @category combinators */
export declare const step: (state: State, event: Event) => Transition

/** @since 0.1.0 @category getters */
export declare const wantsInput: (state: State) => boolean

/** @since 0.1.0 @category getters */
export declare const armed: (state: State) => ReadonlyArray<Timer>
