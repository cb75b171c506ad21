/**
 * What holds for the machine of multicast DNS whatever happens to it, each law as a check of a step; and steps with a fault planted in
 * them, each of which a law has to see.
 */
import fc from "fast-check"
import { assert } from "vitest"
import type { Event, Happening } from "../src/mdns/Event.ts"
import type { Message, ResourceRecord } from "../src/mdns/Message.ts"
import type { State } from "../src/mdns/State.ts"
import * as Step from "../src/mdns/Step.ts"
import { juliet, pointer, romeo, romeosName, service } from "./fixtures.ts"

type Machine = typeof Step.step

interface Law {
  readonly id: string
  readonly sentence: string
  readonly check: (step: Machine, numRuns?: number) => void
}

const instances = fc.constantFrom(romeo, juliet, "eve@hill", "a\\.b c@d", "")
const record: fc.Arbitrary<ResourceRecord> = fc.tuple(
  instances,
  fc.nat(4),
  fc.constantFrom(0, 1, 120, 4500),
  fc.boolean()
).map(
  ([instance, kind, ttl, flush]): ResourceRecord => {
    const name = `${instance}.${service}`
    if (kind === 0) return pointer(instance, ttl, flush)
    if (kind === 1) {
      return { name, ttl, flush, data: { type: "SRV", priority: 0, weight: 0, port: ttl, target: "forza.local." } }
    }
    if (kind === 2) return { name, ttl, flush, data: { type: "TXT", strings: [btoa(`${ttl}`)] } }
    if (kind === 3) return { name: "forza.local.", ttl, flush, data: { type: "A", address: `10.0.0.${ttl % 250}` } }
    return { name: service, ttl, flush, data: { type: "other", code: 47, bytes: "" } }
  }
)
const some = fc.array(record, { maxLength: 4 })
const message: fc.Arbitrary<Message> = fc.record({
  id: fc.nat(9),
  isResponse: fc.boolean(),
  truncated: fc.boolean(),
  questions: fc.array(
    fc.record({
      name: fc.constantFrom(service, romeosName, "forza.local.", "", "."),
      type: fc.constantFrom(1, 12, 16, 33, 255),
      unicast: fc.boolean()
    }),
    { maxLength: 3 }
  ),
  answers: some,
  authorities: some,
  additionals: some
})
const via = fc.constantFrom("wire", "air")
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    _tag: fc.constant("InterfaceChanged" as const),
    via,
    addresses: fc.subarray([{ address: "10.0.0.1", prefix: 24 }, { address: "fe80::1", prefix: 64 }, {
      address: "x",
      prefix: 3
    }])
  }),
  fc.record({ _tag: fc.constant("InterfaceGone" as const), via }),
  fc.record({
    _tag: fc.constant("Heard" as const),
    via,
    source: fc.record({
      address: fc.constantFrom("10.0.0.9", "10.0.0.1", "fe80::9", "8.8.8.8"),
      port: fc.constantFrom(5353, 9)
    }),
    message
  }),
  fc.record({
    _tag: fc.constant("AnnounceRequested" as const),
    id: fc.nat(3),
    instance: instances,
    port: fc.constantFrom(0, 5562),
    txt: fc.constantFrom([], ["YQ=="])
  }),
  fc.record({ _tag: fc.constant("UpdateRequested" as const), id: fc.nat(3), txt: fc.constantFrom([], ["Yg=="]) }),
  fc.record({ _tag: fc.constant("WithdrawRequested" as const), id: fc.nat(3) }),
  fc.constantFrom<Happening>({ _tag: "BrowseRequested" }, { _tag: "BrowseEnded" }, { _tag: "Woke" }, {
    _tag: "Woke"
  }),
  fc.record({ _tag: fc.constant("ResolveRequested" as const), id: fc.nat(3), instance: instances }),
  fc.record({ _tag: fc.constant("ResolveEnded" as const), id: fc.nat(3) })
)
/** Somebody on the link who speaks properly; of the rest, anything. */
const likely: fc.Arbitrary<Happening> = fc.tuple(
  fc.oneof(
    message,
    message.map((one): Message => ({
      ...one,
      isResponse: false,
      questions: [{ name: service, type: 12, unicast: false }]
    }))
  ),
  fc.constantFrom<Happening>({ _tag: "Woke" }, { _tag: "BrowseRequested" })
).chain(([one, other]) =>
  fc.constantFrom<Happening>(
    { _tag: "Heard", via: "wire", source: { address: "10.0.0.9", port: 5353 }, message: one },
    { _tag: "Heard", via: "wire", source: { address: "10.0.0.9", port: 5353 }, message: one },
    other
  )
)
const later = fc.constantFrom(0, 1, 20, 100, 300, 1000, 100_000)
const chance = fc.double({ min: 0, max: 0.999, noNaN: true })
/** Most runs begin where something can happen. */
const begin: ReadonlyArray<Happening> = [
  {
    _tag: "InterfaceChanged",
    via: "wire",
    addresses: [{ address: "10.0.0.1", prefix: 24 }, { address: "fe80::1", prefix: 64 }]
  },
  { _tag: "BrowseRequested" },
  { _tag: "AnnounceRequested", id: 0, instance: romeo, port: 5562, txt: [] }
]
const runs = fc.tuple(
  fc.constantFrom(0, 2, 3),
  fc.array(fc.tuple(fc.oneof(likely, happening), later, chance), { maxLength: 40 })
).map(([count, rest]) => [...begin.slice(0, count).map((one) => [one, 0, 0.5] as const), ...rest])

type Look = (before: State, event: Event, made: Step.Transition) => void

/** In some runs the machine is woken when it wants to be, in others only with the next event. */
const walk = (step: Machine, numRuns: number | undefined, look: () => Look): void =>
  fc.assert(
    fc.property(runs, fc.boolean(), (run, isPunctual) => {
      let [state, at] = [Step.initial, 0]
      const each = look()
      const happen = (event: Event): void => {
        const made = step(state, event)
        each(state, event, made)
        state = made[0]
      }
      for (const [one, later, chance] of run) {
        at += later
        for (let count = 0; isPunctual && count < 20; count++) {
          const wake = Step.wakeAt(state) ?? Infinity
          if (wake < at) happen({ _tag: "Woke", at: Math.max(wake, at - later), chance })
        }
        happen({ ...one, at, chance })
      }
    }),
    { numRuns: numRuns ?? 300 }
  )

export const all: ReadonlyArray<Law> = [
  {
    id: "P-01",
    sentence: "total, plain, and the same twice",
    check: (step, numRuns) => {
      walk(step, numRuns, () => (before, event, made) => {
        const kept = JSON.stringify(before)
        assert.deepEqual(step(before, event), made)
        assert.strictEqual(JSON.stringify(before), kept)
        const again = step(JSON.parse(kept), event)
        assert.deepEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(made)))
      })
    }
  },
  {
    id: "P-09",
    sentence: "after a step nothing is overdue, and a wake-up that comes early changes nothing",
    check: (step, numRuns) => {
      walk(step, numRuns, () => (before, event, [state]) => {
        // A message that is ignored does not move the time.
        if (state === before && event._tag === "Heard") return
        assert.isAbove(Step.wakeAt(state) ?? Infinity, event.at)
        assert.deepEqual(step(state, { _tag: "Woke", at: event.at, chance: 0.1 }), [state, []])
      })
    }
  },
  {
    id: "LL-14",
    sentence: "what is told can be folded: nobody vanishes who has not appeared, or appears twice",
    check: (step, numRuns) => {
      walk(step, numRuns, () => {
        const there = new Set<string>()
        return (before, _, [state, actions]) => {
          if (before.browsing && !state.browsing) there.clear()
          for (const { event } of actions.filter((action) => action._tag === "Tell")) {
            if (event._tag === "InterfaceDown") {
              for (const each of [...there]) if (each.startsWith(`${event.via} `)) there.delete(each)
            }
            if (!("instance" in event)) continue
            const key = `${event.via} ${event.instance}`
            assert.strictEqual(there.has(key), event._tag !== "Appeared", key)
            if (event._tag === "Appeared") there.add(key)
            if (event._tag === "Vanished") there.delete(key)
          }
        }
      })
    }
  },
  {
    id: "RFC 6762 §6",
    sentence: "no record goes to all twice in a quarter of a second",
    check: (step, numRuns) => {
      walk(step, numRuns, () => {
        const last = new Map<string, number>()
        return (before, { at }, [, actions]) => {
          for (const action of actions) {
            if (action._tag !== "Send" || !action.message.isResponse || action.to !== undefined) continue
            // An interface that is new, or a name that was given up in between, begins anew.
            if (!before.links.some(({ via }) => via === action.via)) last.clear()
            for (const record of action.message.answers) {
              const key = `${action.via} ${record.name} ${JSON.stringify(record.data)}`
              if (record.ttl > 0 && record.data.type === "PTR") {
                assert.isAtLeast(at - (last.get(key) ?? -Infinity), 250, key)
              }
              if (record.ttl > 0) last.set(key, at)
            }
          }
        }
      })
    }
  },
  {
    id: "LL-12",
    sentence: "nothing is announced that was not probed for three times",
    check: (step, numRuns) => {
      walk(step, numRuns, () => {
        const probes = new Map<string, number>()
        return (_, event, [, actions]) => {
          if (event._tag === "InterfaceGone") {
            for (const each of [...probes.keys()]) if (each.startsWith(`${event.via} `)) probes.delete(each)
          }
          for (const action of actions) {
            if (action._tag !== "Send") continue
            const { authorities, isResponse, questions } = action.message
            const name = `${action.via} ${questions[0]?.name}`
            if (authorities.length > 0) probes.set(name, (probes.get(name) ?? 0) + 1)
            if (!isResponse) continue
            for (const { data, name: owner, ttl } of action.message.answers) {
              if (data.type === "SRV" && ttl > 0) assert.isAtLeast(probes.get(`${action.via} ${owner}`) ?? 0, 3)
            }
          }
        }
      })
    }
  }
]

interface Planted {
  readonly fault: string
  readonly law: string
  readonly step: Machine
}

let calls = 0

export const planted: ReadonlyArray<Planted> = [
  {
    fault: "counts how often it was asked",
    law: "total, plain, and the same twice",
    step: (state, event) => {
      calls += 1
      return Step.step(state, { ...event, chance: calls % 2 === 0 ? 0.1 : 0.9 })
    }
  },
  {
    fault: "changes the state that it was given",
    law: "total, plain, and the same twice",
    step: (state, event) => {
      const made = Step.step(state, event)
      if (event._tag === "InterfaceGone") Reflect.set(state, "isSlow", !state.isSlow)
      return made
    }
  },
  {
    fault: "does nothing that is due when it is woken",
    law: "after a step nothing is overdue, and a wake-up that comes early changes nothing",
    step: (state, event) => event._tag === "Woke" ? [state, []] : Step.step(state, event)
  },
  {
    fault: "tells what is known with every interface",
    law: "what is told can be folded: nobody vanishes who has not appeared, or appears twice",
    step: (state, event) => {
      const [next, actions] = Step.step(state, event)
      const again = event._tag === "InterfaceChanged" && state.browsing ? Step.known(state) : []
      return [next, [...actions, ...again.map((each) => ({ _tag: "Tell", event: each }) as const)]]
    }
  },
  {
    fault: "forgets what it has sent",
    law: "no record goes to all twice in a quarter of a second",
    step: (state, event) => {
      const [next, actions] = Step.step(state, event)
      return [{ ...next, links: next.links.map((link) => ({ ...link, sent: {} })) }, actions]
    }
  },
  {
    fault: "probes but once",
    law: "nothing is announced that was not probed for three times",
    step: (state, event) => {
      const [next, actions] = Step.step(state, event)
      const hurried = next.links.map((link) => ({
        ...link,
        duties: link.duties.map((duty) => duty.phase === "probing" && duty.done > 0 ? { ...duty, done: 3 } : duty)
      }))
      return [{ ...next, links: hurried }, actions]
    }
  }
]
