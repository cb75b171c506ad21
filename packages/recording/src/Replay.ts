/**
 * A recording folded through the reducer again: the events go in, the actions that come out are compared (P-21).
 *
 * The fold takes a line at a time and keeps nothing but the state, so a recording of any length can be replayed as it is
 * read. Chunks of the wire, TLS and its secrets decide nothing and are passed over.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event, State } from "@xmpp-e2e/protocol"
import { label } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { difference } from "./internal/difference.ts"
import * as Recording from "./Recording.ts"
import * as Redact from "./Redact.ts"

/**
 * Where a replay stands, and how it ends.
 *
 * @since 0.1.0
 * @category models
 */
export type Replay = Matched | Diverged

/**
 * All actions and states so far are those of the recording; `state` is the one reached after `steps` steps.
 *
 * @since 0.1.0
 * @category models
 */
export interface Matched {
  readonly _tag: "Matched"
  readonly steps: number
  readonly state: State.State
  /** Answers are redacted before they are compared, as those of the recording were. */
  readonly redacted: boolean
  /** So many steps were left out after these; nothing that follows can be replayed. */
  readonly omitted?: number
}

/**
 * The first step that came out otherwise. `state` is the state before it, so that `step(state, event)` shows the
 * difference again.
 *
 * @since 0.1.0
 * @category models
 */
export interface Diverged {
  readonly _tag: "Diverged"
  readonly seq: number
  readonly event: Event.Event
  /** As recorded. */
  readonly expected: Answer
  /** As the reducer has it now. */
  readonly actual: Answer
  readonly state: State.State
}

/**
 * What a step asked for, and the label of the state after it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly actions: ReadonlyArray<Action.Action>
  readonly state: string
}

/**
 * What a replay needs of a reducer. `@xmpp-e2e/protocol/Step` is one, and so is the same module of another version.
 *
 * @since 0.1.0
 * @category models
 */
export interface Folds {
  readonly initial: (config: Config.Config) => State.State
  readonly step: (
    state: State.State,
    event: Event.Event
  ) => readonly [state: State.State, actions: ReadonlyArray<Action.Action>]
}

/**
 * Before the first step.
 *
 * @since 0.1.0
 * @category constructors
 */
export const start = (head: Recording.Head, reducer: Folds = Reducer): Replay => ({
  _tag: "Matched",
  steps: 0,
  state: reducer.initial(head.config),
  redacted: head.redacted === true
})

/**
 * One line further. What has diverged, or come to where steps were left out, stays as it is. The reducer is the one that
 * the replay was started with; one that throws makes this throw as well, ours does not.
 *
 * @since 0.1.0
 * @category combinators
 */
export const next = (replay: Replay, line: Recording.Line, reducer: Folds = Reducer): Replay => {
  if (replay._tag === "Diverged" || replay.omitted !== undefined || !Recording.isStep(line)) return replay
  if (isAfterGap(line)) return { ...replay, omitted: line.omitted }
  const [state, actions] = reducer.step(replay.state, line.event)
  const actual: Answer = {
    actions: replay.redacted ? actions.map(Redact.action) : actions,
    state: label(state)
  }
  const expected: Answer = { actions: line.actions, state: line.state }
  return difference(expected, actual) === undefined
    ? { ...replay, steps: replay.steps + 1, state }
    : { _tag: "Diverged", seq: line.seq, event: line.event, expected, actual, state: replay.state }
}

/**
 * A whole recording.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (recording: Recording.Recording, reducer: Folds = Reducer): Replay =>
  recording.lines.reduce<Replay>((replay, line) => next(replay, line, reducer), start(recording.head, reducer))

/**
 * The state after the step numbered `seq`: before all steps when it is negative, after the last when there is no such
 * step or steps were left out before it. Asks the reducer only; whether the recording agrees is `run`'s business.
 *
 * @since 0.1.0
 * @category getters
 */
export const until = (recording: Recording.Recording, seq: number): State.State => {
  let state: State.State = Reducer.initial(recording.head.config)
  for (const step of Recording.steps(recording)) {
    if (step.seq > seq || isAfterGap(step)) break
    state = Reducer.step(state, step.event)[0]
  }
  return state
}

/**
 * The same events with the answers of the reducer as it is now, for when its behaviour was changed on purpose: events of
 * a recording are never rewritten, answers may be, and the difference is to be reviewed. From where steps were left out,
 * all stays as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const renew = (recording: Recording.Recording): Recording.Recording => {
  let state: State.State = Reducer.initial(recording.head.config)
  let lost = false
  const lines = recording.lines.map((line): Recording.Line => {
    if (!Recording.isStep(line)) return line
    lost ||= isAfterGap(line)
    if (lost) return line
    const [after, actions] = Reducer.step(state, line.event)
    state = after
    const told = recording.head.redacted === true ? actions.map(Redact.action) : actions
    return { ...line, actions: told, state: label(after) }
  })
  return { ...recording, lines }
}

const isAfterGap = (step: Recording.Step): step is Recording.Step & { readonly omitted: number } =>
  step.omitted !== undefined && step.omitted > 0
