/** What the tests of runs and sessions share: seeds that can be set from outside, and failures that can be seen again. */
import { expect } from "vitest"
import * as Configs from "../src/Configs.ts"
import * as Laws from "../src/Laws.ts"
import * as Random from "../src/Random.ts"
import * as Run from "../src/Run.ts"

/** `E2E_SEED=7 E2E_RUNS=1` repeats one run; without them the ordinary run is always the same. */
export const firstSeed = Number(process.env.E2E_SEED ?? 1)

export const countOf = (ordinary: number): number => Number(process.env.E2E_RUNS ?? ordinary)

export const runOf = (seed: number, mode: Run.Mode, step?: Run.Reduce): Run.Run => {
  const random = Random.make(seed)
  const config = Configs.at(random.next())
  return Run.decode(config, Run.draw(random, random.between([15, 40]), mode), mode, step)
}

export const expectLawful = (seed: number, run: Run.Run): void => {
  const breach = Laws.broken(run.trace)
  if (breach === undefined) return
  expect.fail([
    `${breach.law.id} at step ${breach.at}: ${breach.because}`,
    `seed ${seed}, mode ${run.mode}, numbers ${JSON.stringify(run.numbers)}`,
    `configuration ${JSON.stringify(run.config)}`,
    ...Run.transcript(run.trace)
  ].join("\n"))
}
