/**
 * Two ends on a simulated network. `E2E_SEED=7 E2E_RUNS=1` repeats one session of each kind; a failure tells the seed, the
 * options, and every step of both ends.
 */
import * as Step from "@xmpp-e2e/protocol/Step"
import { Replay, Reread } from "@xmpp-e2e/recording"
import { describe, expect, it } from "vitest"
import type { Reduce } from "../src/Run.ts"
import * as Scenario from "../src/simulator/Scenario.ts"
import * as Simulator from "../src/simulator/Simulator.ts"
import { countOf, firstSeed } from "./support.ts"

const sessions = countOf(2_000)
const harmed = countOf(3_000)

const seedsOf = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, at) => firstSeed + at)

const expectKept = (session: Simulator.Session, complaints: ReadonlyArray<string>): void => {
  if (complaints.length > 0) expect.fail([...complaints, Simulator.transcript(session)].join("\n"))
}

/** How both ends came to rest. */
const restOf = ({ initiator }: Simulator.Session): string => initiator.state()._tag

const expectBoth = (rests: ReadonlyArray<string>): void => {
  if (rests.length < 1_000) return expect(rests.length).toBeGreaterThan(0)
  expect(rests.filter((each) => each === "Established").length).toBeGreaterThan(rests.length / 50)
  expect(rests.filter((each) => each === "Closed").length).toBeGreaterThan(rests.length / 2)
}

describe("two ends that want what they want", () => {
  it(`P-19 P-20 P-22 P-24 P-27 P-28 P-30 agree in ${sessions} sessions, however the bytes are cut`, () => {
    const rests = seedsOf(sessions).map((seed) => {
      const session = Simulator.run(Scenario.calm(seed))
      expectKept(session, [...Simulator.complaints(session), ...Simulator.chunks(session)])
      return restOf(session)
    })
    expectBoth(rests)
  })

  it("P-21 leave recordings that replay, and whose bytes are read as they were", () => {
    let read = 0
    for (const seed of seedsOf(Math.min(sessions, 200))) {
      const session = Simulator.run(Scenario.stormy(seed))
      for (const side of ["initiator", "recipient"] as const) {
        const replayed = Replay.run(Simulator.recording(session, side))
        expect(replayed._tag, `seed ${seed}`).toBe("Matched")
        expect("state" in replayed && replayed.state, `seed ${seed}`).toEqual(session[side].state())
        if (session.options.afterFooter?.[side] !== undefined) continue
        const reread = Reread.run(Simulator.recording(session, side))
        expect(["Agreed", "Absent"], `seed ${seed}: ${JSON.stringify(reread)}`).toContain(reread._tag)
        if (reread._tag === "Agreed") read += reread.events
      }
    }
    expect(read).toBeGreaterThan(Math.min(sessions, 200))
  })
})

describe("two ends in a storm", () => {
  it(`P-22 P-23 P-24 P-26 P-27 P-30 agree in ${harmed} sessions that something is done to`, () => {
    const rests = seedsOf(harmed).map((seed) => {
      const session = Simulator.run(Scenario.stormy(seed))
      expectKept(session, Simulator.complaints(session))
      return restOf(session)
    })
    expectBoth(rests)
  })

  it("P-20 do the same however the bytes are cut", () => {
    for (const seed of seedsOf(Math.min(harmed, 300))) {
      const session = Simulator.run(Scenario.stormy(seed))
      expectKept(session, Simulator.chunks(session))
    }
    expect(harmed).toBeGreaterThan(0)
  })
})

describe("somebody in the middle", () => {
  const isDeceived = ({ initiator, recipient }: Simulator.Session): boolean =>
    [initiator, recipient].some(({ delivered }) => JSON.stringify(delivered).includes(Scenario.mallory))

  it(`P-25 P-26 prevents a stream at most, in ${harmed} sessions, where TLS is required`, () => {
    let deceived = 0
    let streams = 0
    for (const seed of seedsOf(harmed)) {
      const session = Simulator.run(Scenario.meddled(seed))
      expectKept(session, Simulator.complaints(session))
      for (const side of ["initiator", "recipient"] as const) {
        const { config, delivered } = { config: session.pair[side], ...session[side] }
        const heard = JSON.stringify(delivered).includes(Scenario.mallory)
        expect(heard && config.policy.tls === "required", `seed ${seed}`).toBe(false)
      }
      if (isDeceived(session)) deceived += 1
      if (restOf(session) === "Established") streams += 1
    }
    // Where nobody asked for TLS he is believed: so the simulator does let him speak.
    expect(harmed < 3_000 || (deceived > 0 && streams > 0)).toBe(true)
  })
})

describe("a fault in both ends", () => {
  const faults: ReadonlyArray<readonly [sentence: string, rule: string, step: Reduce]> = [
    ["does not begin a new document after SASL", "P-22", (state, event) => {
      const [after, actions] = Step.step(state, event)
      return [after, event._tag === "TlsEstablished" ? actions : actions.filter(({ _tag }) => _tag !== "RestartInput")]
    }],
    [
      "does not hear a footer",
      "P-22",
      (state, event) => event._tag === "FooterReceived" ? [state, []] : Step.step(state, event)
    ],
    ["sends a stanza twice", "queue", (state, event) => {
      const [after, actions] = Step.step(state, event)
      return [
        after,
        actions.flatMap((each) => "request" in each && each._tag === "SendElement" ? [each, each] : [each])
      ]
    }],
    [
      "does not hear its judge",
      "P-22",
      (state, event) => event._tag === "PeerJudged" ? [state, []] : Step.step(state, event)
    ],
    ["lets go of presence", "P-27", (state, event) => {
      const [after, actions] = Step.step(state, event)
      return [after, actions.filter((each) => each._tag !== "Deliver" || each.stanza.name !== "presence")]
    }],
    ["drops the transport instead of ending it", "P-22", (state, event) => {
      const [after, actions] = Step.step(state, event)
      return [after, actions.map((each) => each._tag === "EndTransport" ? { _tag: "DropTransport" } : each)]
    }],
    ["ends in haste once both have said all", "P-28", (state, event) => {
      const [after, actions] = Step.step(state, event)
      return state._tag === "Closing" && event._tag === "FooterReceived"
        ? Step.step(state, { _tag: "TransportLost" })
        : [after, actions]
    }]
  ]

  it.each(faults)("that %s is found (%s)", (_, rule, step) => {
    const found = new Set(
      seedsOf(150).flatMap((seed) => Simulator.breaches(Simulator.run({ ...Scenario.calm(seed), step })))
        .map((each) => each.rule)
    )
    expect([...found]).toContain(rule)
  })
})
