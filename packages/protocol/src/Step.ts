/**
 * The parent machine. It hands each event to the machine of the present state, gives the next state its timers, and takes
 * the events that had to wait. Nothing else happens here, and nothing happens anywhere else.
 *
 * @since 0.1.0
 */
import type { Action } from "./Action.ts"
import type { Config } from "./Config.ts"
import type { Event } from "./Event.ts"
import { closing } from "./internal/closing.ts"
import { closed, dormant } from "./internal/dormant.ts"
import { established } from "./internal/established.ts"
import { initiator } from "./internal/initiator.ts"
import type { Move } from "./internal/move.ts"
import { recipient } from "./internal/recipient.ts"
import { settle, wantedBy } from "./internal/timers.ts"
import type { Dormant, State } from "./State.ts"
import type { Timer } from "./Timer.ts"

/**
 * The next state, and what to do, in order.
 *
 * @since 0.1.0
 * @category models
 */
export type Transition<S extends State = State> = readonly [state: S, actions: ReadonlyArray<Action>]

/**
 * A stream before its transport is open.
 *
 * @since 0.1.0
 * @category constructors
 */
export const initial = (config: Config): Dormant => ({ _tag: "Dormant", config, timers: [], generation: 0, held: [] })

/**
 * Total, pure, plain: an answer for every state and every event, the same for the same inputs, made of JSON-shaped data.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (state: State, event: Event): Transition => {
  const before = event._tag === "TimerFired" ? withoutTimer(state, event) : state
  // P-09: a timer that is not running any more changes nothing.
  if (before === undefined) return [state, nothing]
  const made = dispatch(before, event)
  const transition = settle(state, made)
  return made.then === undefined ? transition : made.then.reduce(follow, transition)
}

/**
 * Whether the shell may take the next event from the wire. False while the next event must come from our own side; a
 * shell that reads all the same hands TLS records to the XML reader.
 *
 * @since 0.1.0
 * @category getters
 */
export const wantsInput = (state: State): boolean => {
  switch (state._tag) {
    case "Dormant":
    case "Closed":
      return false
    case "Initiating":
    case "Responding":
      return state.at._tag !== "AwaitingTls" && state.at._tag !== "AwaitingVerdict"
    case "Established":
      return state.session.resuming === undefined
    case "Closing":
      return true
  }
}

/**
 * The timers that run in a state.
 *
 * @since 0.1.0
 * @category getters
 */
export const armed = (state: State): ReadonlyArray<Timer> => wantedBy(state).map(([timer]) => timer)

const dispatch = (state: State, event: Event): Move => {
  switch (state._tag) {
    case "Dormant":
      return dormant(state, event)
    case "Initiating":
      return initiator(state, event)
    case "Responding":
      return recipient(state, event)
    case "Established":
      return established(state, event)
    case "Closing":
      return closing(state, event)
    case "Closed":
      return closed(state, event)
  }
}

const follow = ([state, actions]: Transition, event: Event): Transition => {
  const [next, more] = step(state, event)
  return [next, [...actions, ...more]]
}

const withoutTimer = (state: State, { generation, timer }: Extract<Event, { readonly _tag: "TimerFired" }>) => {
  const running = state.timers.some((each) => each.timer === timer && each.generation === generation)
  return running ? { ...state, timers: state.timers.filter((each) => each.timer !== timer) } : undefined
}

const nothing: ReadonlyArray<never> = []
