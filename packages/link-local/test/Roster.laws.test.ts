/**
 * The laws of the roster, each with a fault that it finds. Events of one interface and one instance are a series; what is
 * independent of what is said by `areIndependent`, and the laws hold of every order that keeps dependent events in theirs.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as fc from "fast-check"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as Roster from "../src/Roster.ts"
import { fold, resolved, vanished } from "./hearing.ts"

type Reducer = typeof Roster.step

const vias = ["eth0", "wlan0", "wlan1"] as const
const labels = ["a@b", "juliet@pronto", "d. e@f"] as const
const via = fc.constantFrom(...vias)
const label = fc.constantFrom(...labels)
const content = fc.record({
  host: fc.constantFrom("forza.local.", "pronto.local."),
  port: fc.constantFrom(5298, 5562),
  addresses: fc.subarray(["fe80::1", "fe80::2", "192.0.2.1", "2001:db8::1"]),
  txt: fc.subarray(["status=away", "msg=hello", "nick=J"])
})

const appeared = (via: string, instance: string): DiscoveryEvent => ({ _tag: "Appeared", via, instance })
const anyEvent: fc.Arbitrary<DiscoveryEvent> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(via, label).map(([via, label]) => appeared(via, label)) },
  { weight: 5, arbitrary: fc.tuple(via, label, content).map(([via, label, what]) => resolved(via, label, what)) },
  { weight: 2, arbitrary: fc.tuple(via, label).map(([via, label]) => vanished(via, label)) },
  { weight: 1, arbitrary: via.map((via): DiscoveryEvent => ({ _tag: "InterfaceUp", via })) },
  { weight: 1, arbitrary: via.map((via): DiscoveryEvent => ({ _tag: "InterfaceDown", via })) }
)
const events = fc.array(anyEvent, { maxLength: 25 })

const instanceOf = (event: DiscoveryEvent): string | undefined => "instance" in event ? event.instance : undefined

const areIndependent = (one: DiscoveryEvent, other: DiscoveryEvent): boolean =>
  one.via !== other.via
  || (instanceOf(one) !== undefined && instanceOf(other) !== undefined && instanceOf(one) !== instanceOf(other))

/** Another order in which everything that depends on something else still comes after it, with repetitions. */
const reordered = (
  events: ReadonlyArray<DiscoveryEvent>,
  choices: ReadonlyArray<number>
): ReadonlyArray<DiscoveryEvent> => {
  const order = [...events]
  for (const choice of choices) {
    const at = choice % Math.max(1, order.length - 1)
    const [one, other] = [order[at], order[at + 1]]
    if (one !== undefined && other !== undefined && areIndependent(one, other)) order.splice(at, 2, other, one)
  }
  return order.flatMap((event, at) => (choices[at] ?? 0) % 3 === 0 ? [event, event] : [event])
}

interface Law {
  /** What breaks it, in words. */
  readonly counterexample: () => string | undefined
  readonly findsFaultOf: (step: Reducer) => boolean
}

const law = <A>(property: (step: Reducer) => fc.IProperty<A>): Law => ({
  counterexample: () => fc.defaultReportMessage(fc.check(property(Roster.step), { numRuns: 200 })),
  findsFaultOf: (step) => fc.check(property(step), { numRuns: 300 }).failed
})

const shown = (roster: Roster.Roster) => ({ entities: Roster.entities(roster), interfaces: roster.interfaces })
const alike = (one: Roster.Roster, other: Roster.Roster): boolean => Equal.equals(shown(one), shown(other))

const order = law((step) =>
  fc.property(
    events,
    fc.array(fc.nat(), { minLength: 60, maxLength: 120 }),
    (events, choices) => alike(fold(events, undefined, step), fold(reordered(events, choices), undefined, step))
  )
)

/** One content for each interface and instance, and no farewell. */
const records = fc.uniqueArray(fc.tuple(via, label, fc.option(content)), {
  selector: ([via, label]) => `${via} ${label}`
}).map((facts) =>
  facts.flatMap(([via, label, what]): ReadonlyArray<DiscoveryEvent> => [
    { _tag: "InterfaceUp", via },
    appeared(via, label),
    ...what === null ? [] : [resolved(via, label, what)]
  ])
)

const arrival = law((step) =>
  fc.property(
    records.chain((records) =>
      fc.tuple(
        fc.constant(records),
        fc.shuffledSubarray([...records], { minLength: records.length }),
        fc.array(records.length === 0 ? fc.constant(undefined) : fc.constantFrom(...records)),
        fc.nat()
      )
    ),
    ([records, shuffled, again, cut]) => {
      const repeated = again.filter((each) => each !== undefined)
      const mixed = [...repeated.slice(0, cut % 5), ...shuffled, ...repeated.slice(cut % 5)]
      return alike(fold(records, undefined, step), fold(mixed, undefined, step))
    }
  )
)

const interfaces = law((step) =>
  fc.property(events, via, (events, via) => {
    const left = fold([...events, { _tag: "InterfaceDown", via }], undefined, step)
    return alike(left, fold(events.filter((event) => event.via !== via), undefined, step))
  })
)

const privacy = law((step) =>
  fc.property(events, label, (events, label) => {
    const alone = events.filter((event) => instanceOf(event) === undefined || instanceOf(event) === label)
    return Equal.equals(
      Roster.find(fold(events, undefined, step), label),
      Roster.find(fold(alone, undefined, step), label)
    )
  })
)

/** Somebody who knows only what was told. */
const follow = (
  seen: ReadonlyMap<string, Roster.Entity>,
  change: Roster.Change
): ReadonlyMap<string, Roster.Entity> => {
  const next = new Map(seen)
  if (change._tag === "Untold") return next
  if (change._tag === "Went") next.delete(change.entity.address.local)
  else next.set(change.entity.address.local, change.entity)
  return next
}

const telling = law((step) =>
  fc.property(events, (events) => {
    let roster = Roster.make()
    let seen: ReadonlyMap<string, Roster.Entity> = new Map()
    for (const event of events) {
      const next = step(roster, event)
      roster = Roster.refresh(next.roster).roster
      seen = next.changes.reduce(follow, seen)
    }
    const told = [...seen.values()].sort((one, other) => one.instance < other.instance ? -1 : 1)
    return Equal.equals(told, [...Roster.entities(roster)])
  })
)

const noInterfaces: Reducer = (roster, event) =>
  Roster.step(roster, event._tag === "InterfaceDown" ? event : { ...event, via: "eth0" })

const forgetful: Reducer = (roster, event) =>
  Roster.step(
    event._tag === "Appeared" ? Roster.step(roster, vanished(event.via, event.instance)).roster : roster,
    event
  )

const counting: Reducer = (roster, event) =>
  event._tag === "Resolved"
    ? Roster.step(roster, { ...event, port: event.port + roster.told })
    : Roster.step(roster, event)

const sweeping: Reducer = (roster, event) =>
  event._tag === "Vanished"
    ? { roster: fold(labels.map((label) => vanished(event.via, label)), roster), changes: [] }
    : Roster.step(roster, event)

const silent: Reducer = (roster, event) => {
  const { changes, roster: next } = Roster.step(roster, event)
  return { roster: next, changes: changes.filter(({ _tag }) => _tag !== "Moved") }
}

describe.each([
  ["LL-19, LL-21 only the order within a series matters", order, counting],
  ["LL-14, LL-19 records that agree come to one roster in any order, however often", arrival, forgetful],
  ["LL-19 an interface that goes down takes what it said, and nothing else", interfaces, noInterfaces],
  ["LL-26 nothing about one instance shows in another", privacy, sweeping],
  ["LL-22 who follows the changes knows who is there", telling, silent]
])("%s", (_, law, fault) => {
  it("holds", () => assert.isUndefined(law.counterexample()))
  it("finds a planted fault", () => assert.isTrue(law.findsFaultOf(fault)))
})
