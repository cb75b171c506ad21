import { assert, describe, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as HashMap from "effect/HashMap"
import * as fc from "fast-check"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as Known from "../src/internal/known.ts"
import * as Roster from "../src/Roster.ts"
import { fold, resolved, vanished } from "./hearing.ts"

const names = (roster: Roster.Roster): ReadonlyArray<string> => Roster.entities(roster).map(({ instance }) => instance)

const tags = (changes: ReadonlyArray<Roster.Change>): ReadonlyArray<string> =>
  changes.map((change) => change._tag === "Untold" ? change._tag : `${change._tag} ${change.entity.instance}`)

const hear = (roster: Roster.Roster, ...events: ReadonlyArray<DiscoveryEvent>) => {
  let step: Roster.Step = { roster, changes: [] }
  for (const event of events) {
    const next = Roster.step(step.roster, event)
    step = { roster: next.roster, changes: [...step.changes, ...next.changes] }
  }
  return step
}

describe("one entity", () => {
  it("LL-14, LL-16 comes with a name, then says where it is and how it is", () => {
    const appeared = hear(Roster.make(), { _tag: "Appeared", via: "eth0", instance: "juliet@pronto" })
    assert.deepStrictEqual(Roster.entities(appeared.roster), [{
      instance: "juliet@pronto",
      address: { naming: "linkLocal", local: "juliet", domain: "pronto" },
      via: ["eth0"],
      endpoints: [],
      isDisputed: false
    }])
    const known = hear(appeared.roster, resolved("eth0", "juliet@pronto", { txt: ["status=away"] }))
    assert.deepStrictEqual(tags(known.changes), ["ChangedPresence juliet@pronto", "Moved juliet@pronto"])
    assert.strictEqual(Roster.find(known.roster, "JULIET@pronto")?.presence?.status, "away")
    assert.isUndefined(Roster.find(known.roster, "romeo@pronto"))
    assert.isUndefined(Roster.find(known.roster, "nobody"))
  })

  it("LL-22 a change of presence is told with what was before", () => {
    const before = hear(Roster.make(), resolved("eth0", "juliet@pronto", { txt: ["status=away"] })).roster
    const { changes } = hear(before, resolved("eth0", "juliet@pronto", { txt: ["status=dnd", "msg=hush"] }))
    assert.strictEqual(changes.length, 1)
    assert.deepInclude(changes[0], { _tag: "ChangedPresence", before: { status: "away", other: [] } })
  })

  it("LL-19 is shown once, with all the ways to it", () => {
    const { changes, roster } = hear(
      Roster.make(),
      resolved("wlan0", "juliet@pronto", { addresses: ["fe80::1", "192.0.2.9"] }),
      resolved("eth0", "Juliet@Pronto", { addresses: ["192.0.2.9", "fe80::2"] })
    )
    assert.deepStrictEqual(tags(changes), ["Came juliet@pronto", "Moved Juliet@Pronto"])
    assert.deepStrictEqual(
      Roster.entities(roster).map(({ endpoints, via }) => [via, endpoints.map((e) => e.address)]),
      [
        [["eth0", "wlan0"], ["fe80::2%eth0", "fe80::1%wlan0", "192.0.2.9"]]
      ]
    )
  })

  it("LL-10, LL-27 is dialled at the port of SRV", () => {
    const { roster } = hear(Roster.make(), resolved("eth0", "a@b", { port: 4000, txt: ["port.p2pj=5298"] }))
    assert.deepStrictEqual(Roster.find(roster, "a@b")?.endpoints.map(({ port }) => port), [4000])
    assert.deepStrictEqual(
      Roster.find(hear(roster, resolved("eth0", "a@b", { port: 0 })).roster, "a@b")?.endpoints,
      []
    )
  })

  it("LL-26 is disputed when two interfaces have it on different hosts", () => {
    const one = hear(Roster.make(), resolved("eth0", "a@b"), resolved("wlan0", "a@b", { host: "FORZA.local." }))
    assert.isFalse(Roster.find(one.roster, "a@b")?.isDisputed)
    const other = hear(one.roster, resolved("wlan0", "a@b", { host: "evil.local." }))
    assert.isTrue(Roster.find(other.roster, "a@b")?.isDisputed)
    assert.deepStrictEqual(tags(other.changes), ["Moved a@b"])
  })

  it("LL-21 goes with its last goodbye, or when nothing was heard of it any more", () => {
    const both = hear(Roster.make(), resolved("eth0", "a@b"), resolved("wlan0", "a@b")).roster
    const left = hear(both, vanished("eth0", "a@b"))
    assert.deepStrictEqual(tags(left.changes), ["Moved a@b"])
    const gone = hear(left.roster, vanished("wlan0", "a@b", "expired"))
    assert.deepStrictEqual(gone.changes.map((each) => each._tag === "Went" && each.why), ["expired"])
    assert.deepStrictEqual(names(gone.roster), [])
    assert.strictEqual(gone.roster.octets, 0)
  })

  it("LL-19 goes with its interface", () => {
    const both = hear(Roster.make(), resolved("eth0", "a@b"), resolved("eth0", "c@d"), resolved("wlan0", "c@d")).roster
    const { changes, roster } = hear(both, { _tag: "InterfaceDown", via: "eth0" })
    assert.deepStrictEqual(tags(changes), ["Went a@b", "Moved c@d"])
    assert.deepStrictEqual(changes.map((each) => each._tag === "Went" && each.why), ["interfaceDown", false])
    assert.deepStrictEqual(names(roster), ["c@d"])
  })
})

describe("names", () => {
  it("LL-14 our own is not shown, whoever says it, and another one's is when we give it up", () => {
    const start = Roster.make({ own: ["Romeo@forza", "no name"] })
    const { changes, roster } = hear(start, resolved("eth0", "romeo@FORZA"), resolved("eth0", "juliet@pronto"))
    assert.deepStrictEqual([tags(changes), names(roster)], [["Came juliet@pronto"], ["juliet@pronto"]])
    assert.isUndefined(Roster.find(roster, "romeo@forza"))
    const renamed = Roster.withOwn(roster, ["romeo@forza-1"])
    assert.deepStrictEqual(tags(renamed.changes), ["Came romeo@FORZA"])
    const taken = Roster.withOwn(renamed.roster, ["juliet@pronto"])
    assert.deepStrictEqual(tags(taken.changes), ["Went juliet@pronto"])
    assert.deepStrictEqual(taken.changes.map((each) => each._tag === "Went" && each.why), ["own"])
  })

  it("LL-18 what is no name is left out and counted", () => {
    const { changes, roster } = hear(
      Roster.make(),
      resolved("eth0", "juliet@prönto"),
      { _tag: "Appeared", via: "eth0", instance: "printer" },
      vanished("eth0", "")
    )
    assert.deepStrictEqual([changes, roster.dropped.names, names(roster)], [[], 3, []])
  })
})

describe("bounds", () => {
  const small: Roster.Limits = {
    entitiesMax: 5,
    octetsMax: 6000,
    interfacesMax: 2,
    txtOctetsMax: 100,
    changesMax: 8,
    updatesMax: 3
  }

  it("LL-26 newcomers are dropped, who is known stays, and there is room for who is expected", () => {
    const start = Roster.make({ expected: ["juliet@pronto"], limits: { ...small, changesMax: 100 } })
    const flood = Array.from({ length: 50 }, (_, at) => resolved("eth0", `x${at}@y`))
    const { roster } = hear(start, ...flood, resolved("eth0", "juliet@pronto"), ...flood)
    assert.deepStrictEqual(names(roster), ["juliet@pronto", "x0@y", "x1@y", "x2@y", "x3@y", "x4@y"])
    assert.strictEqual(roster.dropped.entities, 90)
    assert.deepStrictEqual(names(hear(roster, vanished("eth0", "x0@y"), resolved("eth0", "z@y")).roster), [
      "juliet@pronto",
      "x1@y",
      "x2@y",
      "x3@y",
      "x4@y",
      "z@y"
    ])
  })

  it("LL-26 those who are expected have room when strangers have taken all octets", () => {
    const start = Roster.make({ expected: ["juliet@pronto"], limits: { ...small, octetsMax: 1500 } })
    const full = hear(start, ...Array.from({ length: 5 }, (_, at) => resolved("eth0", `x${at}@y`))).roster
    assert.isAbove(full.dropped.octets, 0)
    assert.isAtMost(full.octets, 1500)
    const { roster } = hear(full, resolved("eth0", "juliet@pronto", { txt: ["status=away"] }))
    assert.strictEqual(Roster.find(roster, "juliet@pronto")?.presence?.status, "away")
    const [stranger = ""] = names(roster).filter((name) => name.startsWith("x"))
    assert.deepStrictEqual(
      Roster.find(hear(roster, resolved("eth0", stranger, { addresses: [] })).roster, stranger)?.endpoints,
      []
    )
  })

  it("LL-08, LL-26 a TXT record that is too large has no keys", () => {
    const { roster } = hear(
      Roster.make({ limits: small }),
      resolved("eth0", "a@b", { txt: ["status=dnd", "x".repeat(90)] })
    )
    assert.strictEqual(Roster.find(roster, "a@b")?.presence?.status, "avail")
  })

  it("LL-26 unsound hosts and ports are not taken", () => {
    const start = hear(Roster.make(), resolved("eth0", "a@b")).roster
    for (const what of [{ port: -1 }, { port: 65_536 }, { port: 0.5 }, { host: "h".repeat(256) }]) {
      const { changes, roster } = hear(start, resolved("eth0", "a@b", what))
      assert.deepStrictEqual([changes, roster.dropped.octets], [[], 1])
    }
  })

  it("LL-22 what is not told is counted, and told as such later", () => {
    const start = Roster.make({ limits: small })
    const updates = Array.from({ length: 20 }, (_, at) => resolved("eth0", "a@b", { txt: [`msg=${at}`] }))
    const { changes, roster } = hear(start, ...updates)
    assert.strictEqual(changes.length, 3)
    assert.strictEqual(roster.dropped.changes, 17)
    assert.strictEqual(Roster.find(roster, "a@b")?.presence?.message, "19")
    const later = Roster.refresh(roster)
    assert.deepStrictEqual(later.changes, [{ _tag: "Untold", count: 17 }])
    assert.strictEqual(hear(later.roster, resolved("eth0", "a@b", { txt: [] })).changes.length, 1)
    assert.strictEqual(Roster.refresh(Roster.make()).changes.length, 0)
  })

  it("LL-26 no bound is ever exceeded, and the octets are those of what is kept", () => {
    const vias = fc.constantFrom("eth0", "eth1", "wlan0", "lo")
    const labels = fc.oneof(fc.constantFrom(...Array.from({ length: 9 }, (_, at) => `n${at}@h`)), fc.string())
    const hostile: fc.Arbitrary<DiscoveryEvent> = fc.oneof(
      fc.record({ _tag: fc.constant("Appeared" as const), via: vias, instance: labels }),
      fc.tuple(vias, labels, fc.array(fc.string(), { maxLength: 5 }), fc.array(fc.oneof(fc.ipV4(), fc.string())))
        .map(([via, instance, txt, addresses]) => resolved(via, instance, { txt, addresses })),
      fc.tuple(vias, labels).map(([via, instance]) => vanished(via, instance)),
      vias.map((via): DiscoveryEvent => ({ _tag: "InterfaceDown", via })),
      vias.map((via): DiscoveryEvent => ({ _tag: "InterfaceUp", via }))
    )
    const within = (step: typeof Roster.step) =>
      fc.property(fc.array(hostile, { maxLength: 60 }), (events) => {
        let roster = Roster.make({ limits: small })
        let told = 0
        for (const event of events) {
          const next = step(roster, event)
          roster = next.roster
          told += next.changes.length
        }
        const kept = [...HashMap.values(roster.known)].flatMap(({ places }) => places)
        return HashMap.size(roster.known) <= small.entitiesMax
          && roster.octets <= small.octetsMax
          && roster.octets === kept.reduce((sum, place) => sum + Known.octets(place), 0)
          && roster.interfaces.length <= small.interfacesMax
          && [...HashMap.values(roster.known)].every(({ places }) => places.length <= small.interfacesMax)
          && told <= small.changesMax
      })
    fc.assert(within(Roster.step))
    const generous = (roster: Roster.Roster, event: DiscoveryEvent): Roster.Step =>
      Roster.step({ ...roster, limits: Roster.defaultLimits }, event)
    assert.isTrue(fc.check(within(generous), { numRuns: 300 }).failed)
  })

  it("LL-26 ten thousand announcements are heard in bounded room", () => {
    let roster = Roster.make()
    for (let at = 0; at < 10_000; at++) roster = Roster.step(roster, resolved("eth0", `forged ${at}@y`)).roster
    assert.strictEqual(Roster.entities(roster).length, Roster.defaultLimits.entitiesMax)
    assert.isAtMost(roster.octets, Roster.defaultLimits.octetsMax)
    assert.strictEqual(roster.dropped.entities + roster.dropped.octets, 9000)
  })
})

it("LL-14 what says nothing new is the same roster", () => {
  const events: ReadonlyArray<DiscoveryEvent> = [
    { _tag: "InterfaceUp", via: "eth0" },
    { _tag: "Appeared", via: "eth0", instance: "a@b" },
    resolved("eth0", "a@b", { txt: ["status=dnd", "x=\u0001"] })
  ]
  const roster = fold(events)
  for (const event of events) assert.strictEqual(Roster.step(roster, event).roster, roster)
  assert.isTrue(Equal.equals(Roster.entities(fold(events)), Roster.entities(roster)))
})
