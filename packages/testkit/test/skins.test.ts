/** Both skins make lawful runs of a lawful reducer, and shrink what they find in another. */
import { describe, expect, it } from "@effect/vitest"
import * as Step from "@xmpp-e2e/protocol/Step"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import * as Configs from "../src/Configs.ts"
import * as Laws from "../src/Laws.ts"
import type { Reduce, Run } from "../src/Run.ts"
import * as byEffect from "../src/skin/effect.ts"
import * as byFastCheck from "../src/skin/fast-check.ts"

const isLawful = ({ trace }: Run): boolean => Laws.broken(trace) === undefined

/** Never sets the closing timer. */
const careless: Reduce = (state, event) => {
  const [after, actions] = Step.step(state, event)
  return [{ ...after, timers: after.timers.filter(({ timer }) => timer !== "close") }, actions]
}

const isCarefulRun = ({ trace }: Run): boolean => Laws.broken(trace, Laws.all, careless) === undefined

describe("fast-check", () => {
  it.each(["guided", "chaos"] as const)("P-01 %s runs are lawful", (mode) => {
    fc.assert(fc.property(byFastCheck.runs({ mode }), isLawful), { numRuns: 300, seed: 1 })
  })

  it("shrinks a run to the events that matter", () => {
    const found = fc.check(fc.property(byFastCheck.runs({ step: careless }), isCarefulRun), { seed: 1, numRuns: 500 })
    const numbers = found.counterexample?.[0].numbers ?? []
    expect(found.failed).toBe(true)
    // To open, and to be told something that ends it. Which ones it keeps is a matter of luck.
    expect(numbers.length).toBeLessThanOrEqual(5)
    expect(numbers.length).toBeGreaterThan(0)
  })

  it("keeps to a configuration and a length", () => {
    const sample = fc.sample(byFastCheck.runs({ config: Configs.at(5), lengthMax: 9 }), { numRuns: 100, seed: 1 })
    expect(sample.every(({ config, numbers }) => config === Configs.at(5) && numbers.length <= 9)).toBe(true)
    expect(sample.some(({ numbers }) => numbers.length > 4)).toBe(true)
  })
})

describe("Effect", () => {
  it.prop("P-01 guided runs are lawful", [byEffect.runs()], ([run]) => isLawful(run), {
    arbitrary: { runs: 300, seed: 1 }
  })

  it.prop("P-01 runs of any event are lawful", [byEffect.runs({ mode: "chaos" })], ([run]) => isLawful(run), {
    arbitrary: { runs: 300, seed: 1 }
  })

  it.effect("shrinks a run to the events that matter", () =>
    Effect.gen(function*() {
      const found = yield* Arbitrary.checkEffect(
        byEffect.runs({ step: careless }),
        (run) => Effect.succeed(isCarefulRun(run)),
        { runs: 500, seed: 1 }
      )
      const numbers = found._tag === "Falsified" ? found.shrunkInput.numbers : []
      expect(numbers.length).toBeGreaterThan(0)
      expect(numbers.length).toBeLessThanOrEqual(3)
    }))
})
