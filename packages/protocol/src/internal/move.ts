/** What a machine answers: the next state, what to do, and what only the parent may touch, timers and follow-up events. */
import type { Action } from "../Action.ts"
import type { PeerEvent } from "../Event.ts"
import type { Diagnostic, Notice } from "../Notice.ts"
import type { State } from "../State.ts"
import type { Timer } from "../Timer.ts"

export interface Move {
  readonly state: State
  readonly actions: ReadonlyArray<Action>
  /** Timers that start anew although they are running. */
  readonly rearm?: ReadonlyArray<Timer>
  /** Events that were put off and are taken now, as steps of their own. */
  readonly then?: ReadonlyArray<PeerEvent>
}

export const move = (state: State, ...actions: ReadonlyArray<Action>): Move => ({ state, actions })

export const report = (notice: Notice): Action => ({ _tag: "Report", notice })

export const diagnostic = (about: Diagnostic, detail?: string): Action =>
  report({ _tag: "Diagnostic", about, ...(detail === undefined ? {} : { detail }) })

/** DIAG: the state stays, somebody may want to know. */
export const diagnose = (state: State, about: Diagnostic, detail?: string): Move =>
  move(state, diagnostic(about, detail))

/** A move whose actions come after others. */
export const after = (first: ReadonlyArray<Action>, next: Move): Move =>
  first.length === 0 ? next : { ...next, actions: [...first, ...next.actions] }
