import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"
import * as Chunks from "../src/simulator/Chunks.ts"
import * as Simulator from "../src/simulator/Simulator.ts"

const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251)

const joined = (pieces: ReadonlyArray<Uint8Array>): ReadonlyArray<number> => pieces.flatMap((each) => [...each])

describe("Chunks", () => {
  it("cuts without losing a byte", () => {
    for (const cut of [Chunks.whole, Chunks.bytewise, Chunks.atRandom(Random.make(5))]) {
      assert.deepStrictEqual(joined(cut(bytes)), [...bytes])
    }
    assert.lengthOf(Chunks.bytewise(bytes), 1_000)
    assert.isAbove(Chunks.atRandom(Random.make(5))(bytes).length, 3)
  })

  it("P-20 both ends of a session ask for the same, however their bytes are cut", () => {
    for (let seed = 0; seed < 200; seed++) {
      const session = Simulator.run({ seed, script: [["initiator", "CloseRequested"]] })
      assert.deepStrictEqual(Simulator.chunks(session), [], Simulator.transcript(session))
    }
  })

  it("a reducer that counts pieces is found out", () => {
    const session = Simulator.run({ seed: 1 })
    const { initiator, pair } = session
    let steps = 0
    const judgement = Chunks.check(pair.initiator, initiator, Chunks.bytewise, (state) => {
      steps += 1
      return [state, [{ _tag: "SendWhitespace" }]]
    })
    assert.isAbove(steps, 0)
    assert.isFalse(judgement.ok)
    assert.isNotEmpty(judgement.because)
  })
})
