/**
 * The hunt finds what it should: no session breaks a rule with the right parts, and each of ten planted bugs is found, made
 * small, and kept as recordings. `pnpm simulate:long` hunts longer.
 */
import * as Step from "@xmpp-e2e/protocol/Step"
import { Recording, Replay, Reread } from "@xmpp-e2e/recording"
import * as Result from "effect/Result"
import { assert, describe, it } from "vitest"
import * as Hunt from "../src/simulator/Hunt.ts"
import * as Plan from "../src/simulator/Plan.ts"
import * as Simulator from "../src/simulator/Simulator.ts"
import type { Subject } from "../src/simulator/Subject.ts"
import { bugs } from "./bugs.ts"
import { countOf, firstSeed } from "./support.ts"

const runs = countOf(2_000)

const sides = ["initiator", "recipient"] as const

describe("Hunt", () => {
  it(`P-19 P-20 P-21 P-22 P-23 P-24 P-25 P-26 P-27 P-28 finds nothing in ${runs} sessions with faults`, () => {
    const { finding } = Hunt.search({ seed: firstSeed, runs })
    const told = finding && [Simulator.sentence(finding.breach), Simulator.transcript(finding.session)]
    assert.isUndefined(told, told?.join("\n"))
  })

  for (const { name, rules, sentence, subject } of bugs) {
    it(`finds within 2000 runs and shrinks below 25 steps: ${name} (${sentence})`, () => {
      const found = Hunt.search({ seed: 1, runs: 2_000 }, subject)
      assert.isDefined(found.finding)
      if (found.finding === undefined) return
      const small = Hunt.shrink(found.finding, subject)
      console.info(
        `${name}: run ${found.runs}, ${found.finding.steps} steps, shrunk to ${small.steps}; ` +
          Simulator.sentence(small.breach)
      )
      assert.include(rules, small.breach.rule)
      assert.strictEqual(small.breach.rule, found.finding.breach.rule)
      assert.isBelow(small.steps, 25)
      assert.isAtMost(small.plan.faults.length, found.finding.plan.faults.length)
      // The same rule with the bug, none without it.
      assert.deepStrictEqual(Hunt.attempt(small.plan, subject).breach?.rule, small.breach.rule)
      assert.isUndefined(Hunt.attempt(small.plan).breach)
    })
  }

  const foundIn = (name: string) => {
    const subject = bugs.find((bug) => bug.name === name)?.subject ?? {}
    const { finding } = Hunt.search({ seed: 1, runs: 2_000 }, subject)
    if (finding === undefined) throw new Error(`${name} was not found`)
    return Hunt.shrink(finding, subject)
  }

  it("P-21 keeps what it found as recordings that can be written, read and replayed", () => {
    const { steps, ...found } = foundIn("missing restart")
    const kept = Hunt.recordings({ ...found, steps })
    for (const side of sides) {
      const read = Recording.decode(Recording.encode(kept[side]))
      assert.isTrue(Result.isSuccess(read))
      if (Result.isSuccess(read)) assert.strictEqual(Replay.run(read.success)._tag, "Matched")
      assert.include(kept[side].head.note, "breaks P-")
    }
    assert.strictEqual(Recording.steps(kept.initiator).length + Recording.steps(kept.recipient).length, steps)
  })

  it("P-21 shows a fault of the reducer in the step that replays otherwise", () => {
    const found = foundIn("wrong from")
    const kept = Hunt.recordings(found)
    const replayed = Replay.run(kept[kept.culprit])
    assert.strictEqual(replayed._tag, "Diverged")
    if (replayed._tag === "Diverged") assert.strictEqual(replayed.seq, found.breach.at)
  })

  it.each(["wrong residue", "swallowed error", "missing restart"])(
    "P-21 shows a fault around the reader, %s, where the bytes are read otherwise",
    (name) => {
      const kept = Hunt.recordings(foundIn(name))
      const outcomes = sides.map((side) => Reread.run(kept[side]))
      assert.isTrue(outcomes.some(Reread.differs), JSON.stringify(outcomes))
    }
  )

  it("has plans that are plain data: read back from JSON they are the same session", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const plan = Plan.draw(seed)
      const again: Plan.Plan = JSON.parse(JSON.stringify(plan))
      assert.deepStrictEqual(again, plan)
      for (const side of sides) {
        assert.deepStrictEqual(Hunt.attempt(again).session[side].trace, Hunt.attempt(plan).session[side].trace)
      }
    }
  })

  it("keeps to the configurations that it was given", () => {
    const { pair } = Plan.draw(3)
    const deaf: Subject = {
      step: (state, event) => event._tag === "HeaderReceived" ? [state, []] : Step.step(state, event)
    }
    const { finding } = Hunt.search({ seed: 1, runs: 200, pair }, deaf)
    assert.isDefined(finding)
    if (finding === undefined) return
    const small = Hunt.shrink(finding, deaf, { keepPair: true })
    assert.deepStrictEqual(small.plan.pair, pair)
    assert.isAtMost(small.steps, finding.steps)
  })

  it("stops when it has tried enough", () => {
    const subject = bugs.find(({ name }) => name === "leak after close")?.subject ?? {}
    const { finding } = Hunt.search({ seed: 1, runs: 2_000 }, subject)
    if (finding !== undefined) assert.deepStrictEqual(Hunt.shrink(finding, subject, { runsMax: 0 }), finding)
    assert.isDefined(finding)
  })
})
