/**
 * The laws of a stream, each an id, a sentence and a check on a trace; what they look at is in `internal/laws`. A law never
 * asks the code it judges whether it is right, and `test/Laws.test.ts` shows for each that it can fail.
 *
 * @since 0.1.0
 */
import * as ending from "./internal/laws/ending.ts"
import * as purity from "./internal/laws/purity.ts"
import * as reaching from "./internal/laws/reach.ts"
import * as roles from "./internal/laws/roles.ts"
import * as stanzas from "./internal/laws/stanzas.ts"
import * as time from "./internal/laws/time.ts"
import * as trust from "./internal/laws/trust.ts"
import * as wire from "./internal/laws/wire.ts"
import type { Judgement, Law } from "./Law.ts"
import type { Reduce, Trace } from "./Run.ts"

/**
 * A law that was broken, and where.
 *
 * @since 0.1.0
 * @category models
 */
export interface Breach extends Judgement {
  readonly law: Law
}

/**
 * How often each kind of state was visited, by its label.
 *
 * @since 0.1.0
 * @category models
 */
export type Visits = reaching.Visits

/**
 * Every law that a single trace can keep or break.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Law> = [
  purity.total,
  purity.plain,
  wire.grammar,
  wire.silence,
  wire.oneEnding,
  wire.freshIds,
  wire.tries,
  trust.noClear,
  trust.downgrade,
  trust.identity,
  trust.forgetful,
  ending.absorbing,
  ending.once,
  ending.blame,
  time.timers,
  time.alive,
  time.stale,
  stanzas.queue,
  stanzas.deliveries,
  stanzas.sender,
  stanzas.counts,
  stanzas.bounds,
  roles.roleBlind
]

/**
 * The law of this id.
 *
 * @since 0.1.0
 * @category getters
 */
export const named = (id: string): Law | undefined => all.find((each) => each.id === id)

/**
 * The first law that a trace breaks, if any.
 *
 * @since 0.1.0
 * @category getters
 */
export const broken = (trace: Trace, laws: ReadonlyArray<Law> = all, step?: Reduce): Breach | undefined => {
  for (const law of laws) {
    const judgement = law.check(trace, step)
    if (!judgement.ok) return { law, ...judgement }
  }
  return undefined
}

/**
 * Every kind of state that a stream can be in.
 *
 * @since 0.1.0
 * @category constants
 */
export const kinds: ReadonlyArray<string> = reaching.kinds

/**
 * Visits counted from the traces of many runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const visits = (traces: Iterable<Trace>): Visits => {
  const counted = new Map<string, number>()
  for (const trace of traces) reaching.visit(counted, trace)
  return counted
}

/**
 * `reach`: a law on many runs together. What no run comes to, no run can judge; so runs that miss a kind of state prove
 * nothing about it, and this law fails.
 *
 * @since 0.1.0
 * @category constants
 */
export const reach = {
  id: "reach",
  sentence: "every kind of state was visited",
  check: (visits: Visits, least = 1): Judgement => reaching.reached(visits, least)
} as const
