/**
 * The search for a session that breaks a rule, and for the smallest one that still does: fewest faults, then the shortest
 * script, then the fewest steps. What is found can be kept as recordings of both ends.
 *
 * @since 0.1.0
 */
import * as Recording from "@xmpp-e2e/recording/Recording"
import { simpler } from "../internal/simulator/simpler.ts"
import * as Random from "../Random.ts"
import * as Chunks from "./Chunks.ts"
import * as Link from "./Link.ts"
import * as Plan from "./Plan.ts"
import * as Simulator from "./Simulator.ts"
import type { Subject } from "./Subject.ts"

/**
 * What one plan came to. Without `breach` all rules were kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Attempt {
  readonly plan: Plan.Plan
  readonly session: Simulator.Session
  readonly breach?: Simulator.Breach
}

/**
 * A plan that breaks a rule. `steps` counts those of both ends up to the breach, or all of them where no step is to blame.
 *
 * @since 0.1.0
 * @category models
 */
export interface Finding extends Attempt {
  readonly breach: Simulator.Breach
  readonly steps: number
}

/**
 * Runs a plan and judges it, the law `chunks` (P-20) included, for one way to cut that the seed decides. With `rule` only
 * that one counts.
 *
 * @since 0.1.0
 * @category combinators
 */
export const attempt = (plan: Plan.Plan, subject: Subject = {}, rule?: string): Attempt => {
  const session = Simulator.run(Plan.toOptions(plan, subject))
  const counts = (breach: Simulator.Breach): boolean => rule === undefined || breach.rule === rule
  const breach = Simulator.breaches(session).find(counts) ??
    Simulator.chunkBreaches(session, cutOf(plan.seed)).find(counts)
  return { plan, session, ...(breach === undefined ? {} : { breach }) }
}

/**
 * Whether an attempt found something, and how much of the session it takes to see it.
 *
 * @since 0.1.0
 * @category getters
 */
export const finding = ({ breach, plan, session }: Attempt): Finding | undefined =>
  breach === undefined ? undefined : { plan, session, breach, steps: stepsTo(session, breach) }

/**
 * Seeds from `seed` on, `runs` of them, until one breaks a rule; `runs` of the answer is how many were tried. What is found
 * is as it was drawn: `shrink` makes it small.
 *
 * @since 0.1.0
 * @category combinators
 */
export const search = (
  { runs, seed, ...choice }: Plan.Choice & { readonly seed: number; readonly runs: number },
  subject: Subject = {}
): { readonly runs: number; readonly finding?: Finding } => {
  for (let run = 0; run < runs; run++) {
    const found = finding(attempt(Plan.draw(seed + run, choice), subject))
    if (found !== undefined) return { runs: run + 1, finding: found }
  }
  return { runs }
}

/**
 * How `shrink` goes about it. `keepPair`: the configurations are not to be changed. `runsMax` (1500) is how many sessions
 * may be tried.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shrinking {
  readonly keepPair?: boolean
  readonly runsMax?: number
}

/**
 * The smallest plan that can be reached by leaving out and making simpler, one thing at a time, and that breaks the same
 * rule.
 *
 * @since 0.1.0
 * @category combinators
 */
export const shrink = (found: Finding, subject: Subject = {}, options: Shrinking = {}): Finding => {
  let best = found
  for (const next of shrinking(found, subject, options)) best = next
  return best
}

/**
 * `shrink` a session at a time, for whoever has to do other things in between: the smallest so far, after each try.
 *
 * @since 0.1.0
 * @category combinators
 */
export function* shrinking(
  found: Finding,
  subject: Subject = {},
  { keepPair = false, runsMax = 1_500 }: Shrinking = {}
): Generator<Finding, void> {
  let best = found
  let candidates = simpler(best.plan, keepPair)
  for (let runs = 0; runs < runsMax; runs++) {
    const candidate = candidates.next()
    if (candidate.done === true) return
    const next = finding(attempt(candidate.value, subject, found.breach.rule))
    if (next !== undefined && isSmaller(next, best)) {
      best = next
      candidates = simpler(best.plan, keepPair)
    }
    yield best
  }
}

/**
 * Both ends up to the breach, to be kept with other recordings and replayed. `culprit` is the end to blame, the initiator
 * where both are.
 *
 * @since 0.1.0
 * @category conversions
 */
export const recordings = (
  { breach, session }: Finding
): { readonly culprit: Link.Side } & Readonly<Record<Link.Side, Recording.Recording>> => {
  const until = lengths(session, breach)
  const cut = (side: Link.Side): Recording.Recording => {
    const { head, lines } = Simulator.recording(session, side)
    return {
      head: { ...head, note: `${head.note ?? ""}; breaks ${Simulator.sentence(breach)}` },
      lines: lines.slice(0, 1 + lines.findLastIndex((line) => Recording.isStep(line) && line.seq < until[side]))
    }
  }
  return { culprit: breach.side ?? "initiator", initiator: cut("initiator"), recipient: cut("recipient") }
}

const cutOf = (seed: number): Chunks.Cut => {
  const cuts = [Chunks.whole, Chunks.bytewise, Chunks.atRandom(Random.make(seed))] as const
  return cuts[(seed >>> 0) % 3] ?? Chunks.whole
}

const isSmaller = (one: Finding, other: Finding): boolean => {
  const [mine, theirs] = [sizesOf(one), sizesOf(other)]
  const at = mine.findIndex((size, index) => size !== theirs[index])
  return at >= 0 && (mine[at] ?? 0) < (theirs[at] ?? 0)
}

/** In the order in which they count. */
const sizesOf = ({ plan, steps }: Finding): ReadonlyArray<number> => [
  plan.faults.length,
  plan.script.length,
  steps,
  plan.sessions.length
]

const stepsTo = (session: Simulator.Session, breach: Simulator.Breach): number => {
  const { initiator, recipient } = lengths(session, breach)
  return initiator + recipient
}

/** How many steps of each end it takes: of the other end all that happened by then. */
const lengths = (session: Simulator.Session, { at, side }: Simulator.Breach): Readonly<Record<Link.Side, number>> => {
  const whole = { initiator: session.initiator.trace.length, recipient: session.recipient.trace.length }
  if (side === undefined || at === undefined) return whole
  const time = session[side].times[at] ?? Infinity
  const other = Link.otherOf(side)
  return { ...whole, [side]: at + 1, [other]: session[other].times.filter((each) => each <= time).length }
}
