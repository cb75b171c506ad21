/**
 * A session before it is run, as plain data: the seed of whatever is left to chance, who takes part, what they are told to
 * do, and what goes wrong. A plan can be kept as JSON, and what is not needed for a failure can be left out of it.
 *
 * @since 0.1.0
 */
import type { Event } from "@xmpp-e2e/protocol"
import * as Configs from "../Configs.ts"
import { nth } from "../internal/nth.ts"
import * as Script from "../internal/simulator/script.ts"
import * as Random from "../Random.ts"
import * as Fault from "./Fault.ts"
import type { Cue, Options } from "./Simulator.ts"
import type { Subject } from "./Subject.ts"

/**
 * `sessions` is the session store of the recipient.
 *
 * @since 0.1.0
 * @category models
 */
export interface Plan {
  readonly seed: number
  readonly pair: Configs.Pair
  readonly script: ReadonlyArray<Cue>
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly sessions: ReadonlyArray<Event.Resumption>
}

/**
 * What a plan is drawn from: `faults` are the kinds that may occur (all), `harms` how many there are besides a rough link
 * (none to three), and `pair` who takes part (any of the menu).
 *
 * @since 0.1.0
 * @category models
 */
export interface Choice {
  readonly faults?: ReadonlyArray<Fault.Kind>
  readonly harms?: Random.Range
  readonly pair?: Configs.Pair
}

/**
 * The plan of a seed: the same choice and the same seed are the same session, to the last action.
 *
 * @since 0.1.0
 * @category constructors
 */
export const draw = (seed: number, choice: Choice = {}): Plan => {
  const { faults = Fault.kinds, harms = [0, 3] } = choice
  const random = Random.make(seed)
  const drawn = random.chance(50) ? Configs.friends(random) : Configs.pair(random)
  const pair = choice.pair ?? drawn
  const weather = Fault.rough.filter((kind) => faults.includes(kind) && random.chance(75))
  const others = faults.filter((kind) => !Fault.rough.includes(kind))
  const count = others.length === 0 ? 0 : random.between(harms)
  return {
    seed,
    pair,
    script: Script.draw(random, pair),
    faults: [...weather, ...Array.from({ length: count }, () => nth(others, random.next()))]
      .map((kind) => Fault.draw(kind, random)),
    sessions: random.chance(50) ? [Script.sessionOf(pair)] : []
  }
}

/**
 * What the simulator is told; `subject` is what is tried in place of the reducer, the reader or the shell.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toOptions = ({ faults, pair, script, seed, sessions }: Plan, subject: Subject = {}): Options =>
  faults.reduce<Options>(Fault.add, { ...subject, seed, pair, script, sessions })
