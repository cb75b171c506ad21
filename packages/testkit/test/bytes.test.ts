/** Any bytes at all, into either role: the reader and the reducer together survive them, within bounds. */
import { Step } from "@xmpp-e2e/protocol"
import type { Action, Config } from "@xmpp-e2e/protocol"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Configs from "../src/Configs.ts"
import * as Laws from "../src/Laws.ts"
import * as Random from "../src/Random.ts"
import type { Reduce, Trace } from "../src/Run.ts"
import * as Chunks from "../src/simulator/Chunks.ts"
import type { Input } from "../src/simulator/Endpoint.ts"
import * as Scenario from "../src/simulator/Scenario.ts"
import * as Simulator from "../src/simulator/Simulator.ts"

const opened: Input = { event: { _tag: "TransportOpened" } }

/** The trace of a replay, to be judged like any other. */
const traced = (config: Config.Config, inputs: ReadonlyArray<Input>, cut: Chunks.Cut) => {
  const trace: Array<Trace[number]> = []
  const step: Reduce = (before, event) => {
    const [after, actions] = Step.step(before, event)
    trace.push({ before, event, after, actions })
    return [after, actions]
  }
  Chunks.replay(config, inputs, [], cut, step)
  return trace
}

const sends = (actions: ReadonlyArray<Action.Action>): ReadonlyArray<string> =>
  actions.filter(({ _tag }) => _tag.startsWith("Send")).map(({ _tag }) => _tag)

describe("any bytes", () => {
  it("P-29 P-30 end in a closed stream or in one that waits, and are answered by a header, an error and a footer at most", () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ maxLength: 300 }), (index, bytes) => {
        const config = Configs.at(index)
        const trace = traced(config, [opened, { bytes }], Chunks.whole)
        expect(Laws.broken(trace)).toBeUndefined()
        const said = sends(trace.flatMap(({ actions }) => actions))
        expect(["", "SendHeader", "SendHeader SendElement SendFooter"]).toContain(said.join(" "))
        const last = trace.at(-1)?.after
        expect(last !== undefined && (last._tag === "Closed" || last.timers.length > 0)).toBe(true)
      }),
      { numRuns: 3_000, seed: 1 }
    )
  })

  it("P-29 bytes of real sessions, bent in a place or two, keep the laws as well, however they are cut", () => {
    const random = Random.make(1)
    let bent = 0
    for (let seed = 1; seed <= 700; seed++) {
      const session = Simulator.run(Scenario.calm(seed))
      for (const side of ["initiator", "recipient"] as const) {
        const inputs = session[side].inputs.map((input): Input => {
          if (!("bytes" in input) || !random.chance(10)) return input
          const bytes = input.bytes.slice()
          bytes[random.below(bytes.length)] = random.below(256)
          bent += 1
          return { bytes }
        })
        const trace = traced(session.pair[side], inputs, Chunks.atRandom(random))
        expect(Laws.broken(trace), `seed ${seed}, ${side}`).toBeUndefined()
        expect(Chunks.replay(session.pair[side], inputs, [], Chunks.whole), `seed ${seed}, ${side}`).toEqual(
          trace.flatMap(({ actions }) => actions)
        )
      }
    }
    expect(bent).toBeGreaterThan(2_000)
  })
})
