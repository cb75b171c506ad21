import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"
import * as Fault from "../src/simulator/Fault.ts"
import * as Hunt from "../src/simulator/Hunt.ts"
import * as Plan from "../src/simulator/Plan.ts"
import * as Simulator from "../src/simulator/Simulator.ts"

const bare: Simulator.Options = { seed: 1 }

const happened = (plan: Plan.Plan): string => {
  const { initiator, recipient } = Simulator.run(Plan.toOptions(plan))
  return JSON.stringify([initiator, recipient].map(({ times, trace }) => [times, trace.map(({ event }) => event)]))
}

describe("Fault", () => {
  for (const kind of Fault.kinds) {
    it(`${kind} is data, and changes what happens`, () => {
      const random = Random.make(7)
      let changed = 0
      for (let seed = 1; seed <= 16; seed++) {
        const fault = Fault.draw(kind, random)
        assert.strictEqual(fault.kind, kind)
        assert.deepStrictEqual(JSON.parse(JSON.stringify(fault)), fault)
        assert.notDeepEqual(Fault.add(bare, fault), bare)
        const plan = Plan.draw(seed, { faults: ["chunking"] })
        if (happened({ ...plan, faults: [...plan.faults, fault] }) !== happened(plan)) changed += 1
      }
      assert.isAbove(changed, 0)
    })
  }

  it("has no kind twice", () => {
    assert.strictEqual(new Set(Fault.kinds).size, Fault.kinds.length)
  })

  it("P-22 in silence nothing arrives, and the end that waits gives up by its own clock", () => {
    const plan = Plan.draw(1, { faults: [] })
    const { breach, session } = Hunt.attempt({
      ...plan,
      script: [],
      faults: [{ kind: "silence", from: "recipient", at: 0 }]
    })
    assert.isUndefined(breach)
    assert.isFalse(session.initiator.trace.some(({ event }) => event._tag === "HeaderReceived"))
    assert.strictEqual(session.initiator.state()._tag, "Closed")
  })
})
