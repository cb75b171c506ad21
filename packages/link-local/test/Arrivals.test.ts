/** Newcomers are told once, and whoever follows what is told still knows who is there. */
import { assert, describe, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as fc from "fast-check"
import * as Arrivals from "../src/Arrivals.ts"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as Roster from "../src/Roster.ts"
import { resolved, vanished } from "./hearing.ts"

/** All that is told, with its times, when each event comes so many milliseconds after the one before. */
const told = (events: ReadonlyArray<readonly [after: number, event: DiscoveryEvent]>) => {
  let [roster, arrivals, at] = [Roster.make(), Arrivals.none, 0]
  const all: Array<{ readonly at: number; readonly change: Roster.Change }> = []
  const take = (changes: ReadonlyArray<Roster.Change>, now: number): void => {
    const step = Arrivals.step(arrivals, changes, now)
    arrivals = step.arrivals
    all.push(...step.changes.map((change) => ({ at: now, change })))
  }
  const wait = (until: number): void => {
    for (let due = Arrivals.wakeAt(arrivals); due !== undefined && due <= until; due = Arrivals.wakeAt(arrivals)) {
      take([], due)
    }
  }
  for (const [after, event] of events) {
    at += after
    wait(at)
    const { changes, roster: next } = Roster.step(roster, event)
    roster = Roster.refresh(next).roster
    take(changes, at)
  }
  wait(Infinity)
  return { all, roster }
}

const appeared = (instance: string): DiscoveryEvent => ({ _tag: "Appeared", via: "eth0", instance })
const instance = "romeo@forza"
const tags = (all: ReturnType<typeof told>["all"]) => all.map(({ at, change }) => [at, change._tag])

describe("an arrival", () => {
  it("LL-31 is told once, with presence and the addresses of both families, a moment after the last of them", () => {
    const { all } = told([
      [0, appeared(instance)],
      [10, resolved("eth0", instance, { addresses: ["192.0.2.1"], txt: ["status=away"] })],
      [30, resolved("eth0", instance, { addresses: ["192.0.2.1", "fe80::1"], txt: ["status=away"] })],
      [20, resolved("wlan0", instance, { addresses: ["192.0.2.2"], txt: ["status=away"] })],
      [5000, resolved("eth0", instance, { addresses: ["192.0.2.9"], txt: ["status=dnd"] })]
    ])
    assert.deepStrictEqual(tags(all), [[260, "Came"], [5060, "ChangedPresence"], [5060, "Moved"]])
    const [first] = all
    assert.isTrue(first?.change._tag === "Came")
    if (first?.change._tag !== "Came") return
    assert.strictEqual(first.change.entity.presence?.status, "away")
    assert.strictEqual(first.change.entity.endpoints.length, 3)
  })

  it("LL-16 of whom no more is heard than a name is told after a second, and one who keeps changing too", () => {
    assert.deepStrictEqual(tags(told([[7, appeared(instance)]]).all), [[1007, "Came"]])
    const restless = Array.from(
      { length: 30 },
      (_, at) => [100, resolved("eth0", instance, { addresses: [`192.0.2.${at + 1}`] })] as const
    )
    assert.deepStrictEqual(tags(told(restless).all)[0], [1100, "Came"])
  })

  it("LL-20 of one who goes at once is none", () => {
    const { all } = told([[0, resolved("eth0", instance)], [50, vanished("eth0", instance)]])
    assert.deepStrictEqual(all, [])
  })

  it("LL-22 who follows what is told knows who is there, and nobody comes twice", () => {
    const via = fc.constantFrom("eth0", "wlan0")
    const label = fc.constantFrom("a@b", "juliet@pronto", "Juliet@pronto")
    const event: fc.Arbitrary<DiscoveryEvent> = fc.oneof(
      { weight: 2, arbitrary: label.map(appeared) },
      {
        weight: 5,
        arbitrary: fc.tuple(via, label, fc.subarray(["192.0.2.1", "fe80::1"]), fc.subarray(["status=away", "nick=J"]))
          .map(([via, label, addresses, txt]) => resolved(via, label, { addresses, txt }))
      },
      { weight: 2, arbitrary: fc.tuple(via, label).map(([via, label]) => vanished(via, label)) },
      { weight: 1, arbitrary: via.map((via): DiscoveryEvent => ({ _tag: "InterfaceDown", via })) }
    )
    const events = fc.array(fc.tuple(fc.constantFrom(0, 10, 150, 250, 2000), event), { maxLength: 25 })
    fc.assert(fc.property(events, (events) => {
      const { all, roster } = told(events)
      const seen = new Map<string, Roster.Entity>()
      for (const { change } of all) {
        if (change._tag === "Untold") continue
        const key = `${change.entity.address.local}@${change.entity.address.domain}`
        assert.strictEqual(seen.has(key), change._tag !== "Came")
        if (change._tag === "Went") seen.delete(key)
        else seen.set(key, change.entity)
      }
      const present = [...seen].sort(([one], [other]) => one < other ? -1 : 1).map(([, entity]) => entity)
      assert.isTrue(Equal.equals(present, [...Roster.entities(roster)]))
    }))
  })
})
