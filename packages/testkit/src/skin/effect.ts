/**
 * Runs for Effect's `Arbitrary` (and so for `it.prop` of `@effect/vitest`): a thin skin over `Run.decode`. That module of
 * Effect is marked unstable, which is why nothing else depends on it.
 *
 * @since 0.1.0
 */
import type { Config } from "@xmpp-e2e/protocol"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
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
export const runs = (options: Options = {}): Arbitrary.Arbitrary<Run.Run> => {
  const { config, lengthMax = 40, mode = "guided", step } = options
  const configs = config === undefined
    ? Arbitrary.map(natural(Configs.all.length - 1), Configs.at)
    : Arbitrary.Constant(config)
  const numbers = Arbitrary.array(mode === "guided" ? choices : natural(0xffffffff), { maxLength: lengthMax })
  return Arbitrary.map(
    Arbitrary.all([configs, numbers]),
    ([chosen, decided]) => Run.decode(chosen, decided, mode, step)
  )
}

const natural = (maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum })))

/** Mostly small; what decides that shrinks towards the small ones too. */
const choices: Arbitrary.Arbitrary<number> = Arbitrary.map(
  Arbitrary.all([natural(99), natural(Run.likelyMax), natural(Run.possibleMax), natural(Run.choicesMax)]),
  ([percent, likely, possible, whatever]) => percent < 85 ? likely : percent < 93 ? possible : whatever
)
