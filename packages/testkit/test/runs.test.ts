/** The reducer under every law: twenty thousand runs of any event at any time, and as many that lead somewhere. */
import { Step } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol"
import { describe, expect, it } from "vitest"
import * as Configs from "../src/Configs.ts"
import { freeze, same } from "../src/internal/values.ts"
import * as Laws from "../src/Laws.ts"
import * as Menu from "../src/Menu.ts"
import * as Random from "../src/Random.ts"
import type * as Run from "../src/Run.ts"
import { countOf, expectLawful, firstSeed, runOf } from "./support.ts"

const count = countOf(20_000)
const seeds = Array.from({ length: count }, (_, at) => firstSeed + at)

const ids = "P-01 P-02 P-03 P-04 P-05 P-06 P-07 P-08 P-09 P-10 P-11 P-12 P-14 P-15 P-16 P-17 P-18"

describe("laws", () => {
  it(`${ids} hold in ${count} guided runs, which visit every kind of state`, () => {
    const visits = Laws.visits(tried("guided"))
    // Fewer runs, of somebody's own choosing, have to visit nothing in particular.
    expect(Laws.reach.check(visits, count < 20_000 ? 0 : leastVisits)).toEqual({ ok: true })
  })

  it(`${ids} hold in ${count} runs of any event at any time`, () => {
    const visits = Laws.visits(tried("chaos"))
    expect(visits.get("Closed") ?? count).toBeGreaterThan(0)
  })
})

describe("unreachable states", () => {
  it("P-01 are answered too: any state with any configuration and any event", () => {
    const random = Random.make(firstSeed)
    let answers = 0
    for (const seed of seeds.slice(0, 4_000)) {
      const { trace } = runOf(seed, "guided")
      for (const { after } of trace.slice(-4)) {
        const state = { ...after, config: Configs.at(random.next()) } as State.State
        const event = Menu.anyEvent(state, random.next(), answers)
        freeze(state)
        freeze(event)
        const once = Step.step(state, event)
        expect(same(once, Step.step(state, event)), `seed ${seed}`).toBe(true)
        answers += 1
      }
    }
    expect(answers).toBeGreaterThan(seeds.length < 4_000 ? 0 : 10_000)
  })
})

describe("the clear phase", () => {
  it("P-13 has no influence on what is done after TLS, whatever was said in it", () => {
    let compared = 0
    for (const seed of seeds.slice(0, 6_000)) {
      const run = runOf(seed, "guided")
      const at = run.trace.findIndex(({ after, event }) =>
        event._tag === "TlsEstablished" && "at" in after && after.at._tag === "AwaitingVerdict"
      )
      if (at < 0) continue
      const told = afterTls(run, at, (event) => event)
      const otherwise = afterTls(run, at, disguised)
      if (otherwise === undefined) continue
      expect(otherwise, `seed ${seed}`).toEqual(told)
      compared += 1
    }
    expect(compared).toBeGreaterThan(seeds.length < 6_000 ? -1 : 500)
  })
})

/** Each run is judged and let go: forty thousand of them would fill the memory. */
function* tried(mode: Run.Mode): Generator<Run.Trace> {
  for (const seed of seeds) {
    const run = runOf(seed, mode)
    expectLawful(seed, run)
    yield run.trace
  }
}

type Event = Run.Step["event"]

/** Actions from TLS on, or nothing when the events in clear led elsewhere. */
const afterTls = ({ config, trace }: Run.Run, at: number, change: (event: Event) => Event) => {
  let state: State.State = Step.initial(config)
  for (const { event } of trace.slice(0, at)) state = Step.step(state, change(event))[0]
  if (!("at" in state) || state.at._tag !== "AwaitingTls") return undefined
  return trace.slice(at).map(({ event }) => {
    const [after, actions] = Step.step(state, event)
    state = after
    return actions
  })
}

/** What may be said otherwise in clear without leading elsewhere: ids, languages, and who somebody claims to be. */
const disguised = (event: Event): Event => {
  if (event._tag !== "HeaderReceived") return event
  const attributes = event.tag.attributes.map((each) =>
    each.name === "id" || each.name === "from"
      ? { ...each, value: "mallory@verona" }
      : each.name === "lang"
      ? { ...each, value: "fr" }
      : each
  )
  return { ...event, tag: { ...event.tag, attributes } }
}

const leastVisits = 50
