import { assert, describe, it } from "vitest"
import * as Fault from "../src/simulator/Fault.ts"
import * as Plan from "../src/simulator/Plan.ts"

const seeds = Array.from({ length: 300 }, (_, seed) => seed)

describe("Plan", () => {
  it("is decided by its seed", () => {
    for (const seed of seeds.slice(0, 40)) assert.deepStrictEqual(Plan.draw(seed), Plan.draw(seed))
    assert.notDeepEqual(Plan.draw(1), Plan.draw(2))
  })

  it("holds the kinds of faults that were asked for, and all of them in the long run", () => {
    const drawn = new Set(seeds.flatMap((seed) => Plan.draw(seed).faults.map(({ kind }) => kind)))
    assert.sameMembers([...drawn], [...Fault.kinds])
    for (const kind of Fault.kinds) {
      const only = seeds.flatMap((seed) => Plan.draw(seed, { faults: [kind] }).faults)
      assert.isNotEmpty(only)
      assert.isTrue(only.every((fault) => fault.kind === kind))
    }
    assert.isEmpty(seeds.flatMap((seed) => Plan.draw(seed, { faults: [] }).faults))
  })

  it("has as many harms as were asked for", () => {
    for (const seed of seeds) {
      const { faults } = Plan.draw(seed, { harms: [2, 2] })
      assert.lengthOf(faults.filter(({ kind }) => !Fault.rough.includes(kind)), 2)
    }
  })

  it("takes the configurations of somebody else", () => {
    const { pair } = Plan.draw(9)
    for (const seed of seeds.slice(0, 20)) assert.deepStrictEqual(Plan.draw(seed, { pair }).pair, pair)
  })
})
