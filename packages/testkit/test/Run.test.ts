import * as Step from "@xmpp-e2e/protocol/Step"
import { assert, describe, it } from "vitest"
import * as Configs from "../src/Configs.ts"
import * as Random from "../src/Random.ts"
import * as Run from "../src/Run.ts"

describe("Run", () => {
  it("the same numbers give the same run, and each step begins where the last one ended", () => {
    const random = Random.make(4)
    for (let index = 0; index < 300; index++) {
      const mode = index % 2 === 0 ? "guided" : "chaos"
      const numbers = Run.draw(random, 25, mode)
      const run = Run.decode(Configs.at(index), numbers, mode)
      assert.deepStrictEqual(Run.decode(Configs.at(index), numbers, mode), run)
      let state: ReturnType<typeof Step.step>[0] = Step.initial(Configs.at(index))
      for (const step of run.trace) {
        assert.deepStrictEqual(step.before, state)
        const [after, actions] = Step.step(step.before, step.event)
        assert.deepStrictEqual([after, actions], [step.after, step.actions])
        state = after
      }
    }
  })

  it("is over a few events after the stream is closed", () => {
    const { trace } = Run.decode(Configs.at(0), Array.from({ length: 500 }, (_, index) => index), "chaos")
    const closed = trace.findIndex(({ after }) => after._tag === "Closed")
    assert.isAtLeast(closed, 0)
    assert.isAtMost(trace.length - closed, 6)
  })

  it("folds any reducer it is given", () => {
    const { trace } = Run.decode(Configs.at(0), [1, 2, 3], "guided", (state) => [state, [{ _tag: "SendWhitespace" }]])
    assert.isTrue(trace.every(({ actions, after, before }) => after === before && actions.length === 1))
  })

  it("tells a trace line by line, without what people wrote", () => {
    const { trace } = Run.decode(Configs.at(0), Array.from({ length: 20 }, () => 0))
    const told = Run.transcript(trace)
    assert.lengthOf(told, trace.length)
    assert.match(told[0] ?? "", /Dormant.*TransportOpened/)
    assert.notMatch(told.join("\n"), /<body>/)
  })
})
