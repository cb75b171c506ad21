import { assert, describe, it } from "vitest"
import * as Scenario from "../src/simulator/Scenario.ts"
import * as Simulator from "../src/simulator/Simulator.ts"

describe("Scenario", () => {
  for (
    const [kind, draw] of [["calm", Scenario.calm], ["stormy", Scenario.stormy], ["meddled", Scenario.meddled]] as const
  ) {
    it(`${kind}: one seed is one session, to the last action`, () => {
      for (let seed = 0; seed < 40; seed++) {
        assert.deepStrictEqual(draw(seed), draw(seed))
        const [one, other] = [Simulator.run(draw(seed)), Simulator.run(draw(seed))]
        assert.deepStrictEqual(one.initiator.trace, other.initiator.trace)
        assert.deepStrictEqual(one.recipient.trace, other.recipient.trace)
      }
    })
  }

  it("calm sessions have no harm in them, stormy ones one at least, and somebody sits in the middle of the others", () => {
    for (let seed = 0; seed < 100; seed++) {
      const { link } = Scenario.calm(seed)
      assert.isUndefined(link?.reset ?? link?.halfClose ?? link?.stall ?? link?.mute ?? link?.middle)
      const { afterFooter, judges, leap, link: rough, script, tls } = Scenario.stormy(seed)
      const aborts = script?.some(([, what]) => what === "AbortRequested")
      assert.isOk(
        rough?.reset ?? rough?.halfClose ?? rough?.stall ?? rough?.mute ?? tls ?? judges ?? leap ?? afterFooter ??
          (aborts || undefined),
        `seed ${seed} holds no harm`
      )
      assert.isNotEmpty(Scenario.meddled(seed).link?.middle)
    }
  })
})
