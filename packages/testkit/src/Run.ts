/**
 * A run of the reducer, decoded from a list of numbers. Whoever can make lists of numbers can make runs, and what shrinks
 * such lists shrinks runs: a number can simply go.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import { Describe } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import * as Menu from "./Menu.ts"
import type { Random } from "./Random.ts"

/**
 * - `guided`: a number is a choice from the menu of the present state, small ones move it on
 * - `chaos`: a number is the seed of any event at all
 *
 * @since 0.1.0
 * @category models
 */
export type Mode = "guided" | "chaos"

/**
 * @since 0.1.0
 * @category models
 */
export interface Run {
  readonly config: Config.Config
  readonly mode: Mode
  readonly numbers: ReadonlyArray<number>
  readonly trace: Trace
}

/**
 * The steps of one stream, in order, the first from `Step.initial`.
 *
 * @since 0.1.0
 * @category models
 */
export type Trace = ReadonlyArray<Step>

/**
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly before: State
  readonly event: Event.Event
  readonly after: State
  readonly actions: ReadonlyArray<Action.Action>
}

/**
 * A reducer to try: `Step.step`, or one that is to be judged in its place.
 *
 * @since 0.1.0
 * @category models
 */
export type Reduce = (state: State, event: Event.Event) => readonly [State, ReadonlyArray<Action.Action>]

/**
 * The run that a list of numbers stands for; the same numbers give the same run. A closed stream has to bear a few events
 * more, and then the run is over, however many numbers are left.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (
  config: Config.Config,
  numbers: ReadonlyArray<number>,
  mode: Mode = "guided",
  step: Reduce = Reducer.step
): Run => {
  const choose = mode === "guided" ? Menu.guided : Menu.anyEvent
  const trace: Array<Step> = []
  let before: State = Reducer.initial(config)
  let late = 0
  for (const number of numbers) {
    if (before._tag === "Closed" && late++ === lateMax) break
    const event = choose(before, number, trace.length)
    const [after, actions] = step(before, event)
    trace.push({ before, event, after, actions })
    before = after
  }
  return { config, mode, numbers, trace }
}

/**
 * Numbers that make runs worth having: mostly small ones for `guided`, which lead on, and any for `chaos`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const draw = (random: Random, length: number, mode: Mode = "guided"): ReadonlyArray<number> =>
  Array.from({ length }, () => mode === "chaos" ? random.next() : random.below(1 + boundOf(random.below(100))))

/** The likely, the possible, anything. */
const boundOf = (percent: number): number => percent < 85 ? likelyMax : percent < 93 ? possibleMax : choicesMax

/**
 * The run as text, a line for each step, without what people wrote to each other.
 *
 * @since 0.1.0
 * @category formatting
 */
export const transcript = (trace: Trace): ReadonlyArray<string> =>
  trace.map(({ actions, before, event }) => Describe.step(label(before), event, actions))

/**
 * Numbers up to this one choose what a state waits for (`guided`).
 *
 * @since 0.1.0
 * @category constants
 */
export const likelyMax = 3

/**
 * Numbers up to this one choose what may well happen in a state.
 *
 * @since 0.1.0
 * @category constants
 */
export const possibleMax = 23

/**
 * Numbers up to this one choose all there is on any menu (`Menu.sizeOf`).
 *
 * @since 0.1.0
 * @category constants
 */
export const choicesMax = 209

const lateMax = 4
