/** Each law can fail: a fault is planted in the reducer, and the law finds it. */
import type { Action, Event } from "@xmpp-e2e/protocol"
import * as State from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { describe, expect, it } from "vitest"
import * as Laws from "../src/Laws.ts"
import type { Reduce, Trace } from "../src/Run.ts"
import { faults } from "./faults.ts"
import { runOf } from "./support.ts"

const runs = 4_000

const findBreach = (law: string, step: Reduce): Laws.Breach | undefined => {
  const judged = Laws.named(law)
  if (judged === undefined) return undefined
  for (let seed = 1; seed <= runs; seed++) {
    const breach = Laws.broken(runOf(seed, "guided", step).trace, [judged], step)
    if (breach !== undefined) return breach
  }
  return undefined
}

describe("a law", () => {
  it.each(faults.map((fault) => [fault.law, fault.sentence, fault.plant] as const))(
    "%s finds a reducer that %s",
    (law, _, plant) => {
      const breach = findBreach(law, plant(Reducer.step))
      expect(breach?.law.id).toBe(law)
      expect(breach?.because).toMatch(/\w/)
      expect(breach?.at).toBeGreaterThanOrEqual(0)
    }
  )

  it("is shown to fail, every one of them", () => {
    const planted = new Set(faults.map(({ law }) => law))
    expect(Laws.all.filter(({ id }) => !planted.has(id)).map(({ id }) => id)).toEqual([])
  })

  it("has an id of its own and a sentence", () => {
    expect(new Set(Laws.all.map(({ id }) => id)).size).toBe(Laws.all.length)
    expect(Laws.all.filter(({ sentence }) => sentence.length < 20)).toEqual([])
    expect(Laws.named("no such law")).toBeUndefined()
  })

  it("that users bring is judged like the others", () => {
    const { trace } = runOf(1, "guided")
    const law = {
      id: "never",
      sentence: "nothing ever happens",
      check: (trace: Trace) => ({ ok: trace.length === 0, at: 0, because: "something happened" })
    }
    expect(Laws.broken(trace, [law])).toMatchObject({ law, at: 0, because: "something happened" })
    expect(Laws.broken([], [law])).toBeUndefined()
  })
})

describe("reach", () => {
  it("fails when a kind of state was not visited, and names it", () => {
    const visits = new Map(Laws.kinds.map((kind) => [kind, 3]))
    expect(Laws.reach.check(visits, 3)).toEqual({ ok: true })
    visits.set("Closing.AwaitingDrain", 2)
    expect(Laws.reach.check(visits, 3)).toEqual({
      ok: false,
      because: "Closing.AwaitingDrain: 2 visits of 3"
    })
    expect(Laws.reach.check(new Map()).ok).toBe(false)
  })

  it("counts the states that a trace comes to", () => {
    const opened: Event.Event = { _tag: "TransportOpened" }
    const before = Reducer.initial(runOf(1, "guided").config)
    const [after, actions]: readonly [State.State, ReadonlyArray<Action.Action>] = Reducer.step(before, opened)
    const trace: Trace = [{ before, event: opened, after, actions }]
    expect(Laws.visits([trace, trace]).get(State.label(after))).toBe(2)
  })
})
