/**
 * Plans that are a little simpler than a given one, the boldest first: without faults, without cues, without sessions, with
 * plainer ends, with everything sooner. None is promised to show the same failure.
 */
import * as Configs from "../../Configs.ts"
import type { Fault } from "../../simulator/Fault.ts"
import type { Plan } from "../../simulator/Plan.ts"
import type { Cue } from "../../simulator/Simulator.ts"

export function* simpler(plan: Plan, keepPair: boolean): Generator<Plan> {
  for (const faults of fewer(plan.faults)) yield { ...plan, faults }
  for (const script of fewer(plan.script)) yield { ...plan, script }
  if (plan.sessions.length > 0) yield { ...plan, sessions: [] }
  if (!keepPair) {
    for (const pair of Configs.plain()) yield { ...plan, pair }
  }
  for (const script of changed(plan.script, sooner)) yield { ...plan, script }
  for (const faults of changed(plan.faults, earlier)) yield { ...plan, faults }
  for (let seed = 1; seed <= seedsMax; seed++) yield { ...plan, seed }
}

/** Nothing at all, then the halves, then all but one. */
function* fewer<A>(list: ReadonlyArray<A>): Generator<ReadonlyArray<A>> {
  if (list.length === 0) return
  yield []
  if (list.length > 3) {
    yield list.slice(0, list.length >> 1)
    yield list.slice(list.length >> 1)
  }
  for (let at = 0; list.length > 1 && at < list.length; at++) yield list.filter((_, index) => index !== at)
}

/** One thing of a list changed, in each way that there is. */
function* changed<A>(list: ReadonlyArray<A>, change: (one: A) => ReadonlyArray<A>): Generator<ReadonlyArray<A>> {
  for (const [at, one] of list.entries()) {
    for (const other of change(one)) yield list.map((each, index) => index === at ? other : each)
  }
}

/** Cues without a time wait until all is quiet. */
const sooner = ([side, what, at]: Cue): ReadonlyArray<Cue> =>
  at === undefined ? [[side, what, 0]] : [[side, what], ...numbers(at).map((time): Cue => [side, what, time])]

const earlier = (fault: Fault): ReadonlyArray<Fault> =>
  "at" in fault ? numbers(fault.at).map((at) => ({ ...fault, at })) : []

const numbers = (from: number): ReadonlyArray<number> =>
  from === 0 ? [] : [...new Set([0, from >> 3, from >> 2, from >> 1, from - (from >> 2), from - (from >> 3)])]

const seedsMax = 12
