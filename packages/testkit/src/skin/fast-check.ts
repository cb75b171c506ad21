/**
 * Runs for fast-check: a thin skin over `Run.decode`.
 *
 * @since 0.1.0
 */
import type { Config } from "@xmpp-e2e/protocol"
import * as fc from "fast-check"
import * as Configs from "../Configs.ts"
import * as Run from "../Run.ts"

/**
 * Without a configuration, any of the menu; without a mode, guided; at most 40 events unless told otherwise.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly config?: Config.Config
  readonly mode?: Run.Mode
  readonly lengthMax?: number
  /** A reducer to try in place of `Step.step`. */
  readonly step?: Run.Reduce
}

/**
 * Runs that shrink by leaving events out and by choosing likelier ones.
 *
 * @since 0.1.0
 * @category constructors
 */
export const runs = ({ config, lengthMax = 40, mode = "guided", step }: Options = {}): fc.Arbitrary<Run.Run> =>
  fc.tuple(
    config === undefined ? fc.nat(Configs.all.length - 1).map(Configs.at) : fc.constant(config),
    fc.array(mode === "guided" ? choices : seeds, { maxLength: lengthMax, size: "max" })
  ).map(([chosen, numbers]) => Run.decode(chosen, numbers, mode, step))

const choices = fc.oneof(
  { withCrossShrink: true },
  { weight: 85, arbitrary: fc.nat(Run.likelyMax) },
  { weight: 8, arbitrary: fc.nat(Run.possibleMax) },
  { weight: 7, arbitrary: fc.nat(Run.choicesMax) }
)

const seeds = fc.integer({ min: 0, max: 0xffffffff })
