/**
 * Sessions drawn from a seed, of three kinds, by what may happen to them. They are plans (`Plan`) with faults of certain
 * kinds.
 *
 * @since 0.1.0
 */
import * as Fault from "./Fault.ts"
import * as Plan from "./Plan.ts"
import type { Options } from "./Simulator.ts"

/**
 * Any pair of configurations, any chunks from one byte up, any jitter that a person would bear, sends at any time, and
 * either end closing or failing at any time. Nothing goes wrong but what the two want.
 *
 * @since 0.1.0
 * @category constructors
 */
export const calm = (seed: number): Options => Plan.toOptions(Plan.draw(seed, { faults: Fault.rough }))

/**
 * One to three things go wrong: a direction stands still, the connection breaks at some byte or ends by halves, TLS fails
 * or is never answered, a judge lies or sleeps, a clock leaps, something is said behind a footer, one end aborts.
 *
 * @since 0.1.0
 * @category constructors
 */
export const stormy = (seed: number): Options =>
  Plan.toOptions(Plan.draw(seed, { faults: [...Fault.rough, ...Fault.harmful], harms: [1, 3] }))

/**
 * Somebody in the middle changes what is said: features are stripped, bytes are removed, and words of his own put in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const meddled = (seed: number): Options =>
  Plan.toOptions(Plan.draw(seed, { faults: [...Fault.rough, ...Fault.meddling], harms: [1, 3] }))

/**
 * Words that only somebody in the middle would say.
 *
 * @since 0.1.0
 * @category constants
 */
export const mallory = Fault.mallory
