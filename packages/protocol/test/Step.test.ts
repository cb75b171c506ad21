/** What holds for the machine as a whole. Its rows are tried table by table, in the files `Step.*.test.ts`. */
import type { Fault } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import { label, type State } from "../src/State.ts"
import { armed, initial, step, wantsInput } from "../src/Step.ts"
import type { Timer } from "../src/Timer.ts"
import { places } from "./places.ts"
import * as say from "./speaking.ts"
import { roles } from "./speaking.ts"
import { awaitingVerdict, config, established, frozen, managed, play, pureStep, resuming } from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)

describe("initial", () => {
  it.each(byRole)("a stream before its transport is open, %s", (role) => {
    const state = initial(config(role))
    expect(state).toEqual({ _tag: "Dormant", config: config(role), timers: [], generation: 0, held: [] })
    expect(armed(state)).toEqual([])
  })
})

describe("wantsInput", () => {
  const deaf = [
    "Idle, I",
    "I.Tls",
    "I.Verdict",
    "Done, I",
    "Idle, R",
    "R.Tls",
    "R.Verdict",
    "Done, R"
  ]

  it("TLS-15 TLS-21 is false while the next event comes from our own side", () => {
    expect(places.filter(([, { state }]) => !wantsInput(state)).map(([name]) => name)).toEqual(deaf)
    expect(wantsInput(resuming())).toBe(false)
  })
})

describe("armed", () => {
  /** State-machine §6. */
  const timersOf = (name: string): ReadonlyArray<Timer> => {
    if (name.startsWith("Idle") || name.startsWith("Done")) return []
    if (name.startsWith("Open")) return ["keepalive"]
    if (name.startsWith("Closing")) return ["close"]
    if (name.startsWith("Draining")) return ["drain"]
    if (name.startsWith("Ending")) return ["end"]
    if (name.endsWith("Verdict")) return ["verdict"]
    if (name.endsWith("Header(tls)")) return ["step"]
    return name === "R.May" ? ["negotiation", "commit"] : ["negotiation", "step"]
  }

  it.each(places)("P-08 TIME-07 TIME-13 the timers of %s", (name, { state }) => {
    expect(armed(state)).toEqual(timersOf(name))
    expect(state.timers.map(({ timer }) => timer)).toEqual(timersOf(name))
  })

  it.each(byRole)("TIME-09 TIME-10 TIME-12 SM-26 the timers an open stream may have, %s", (role) => {
    const input = {
      timeouts: { idleMillis: 600_000 },
      management: { use: true, resumableSeconds: 60 },
      policy: { sasl: "never" }
    } as const
    const inTls = play(awaitingVerdict(role, input), say.judged(role, { expiresIn: 1000 }), say.header(role))
    const open = role === "initiator" ? play(inTls, say.says(say.features())) : inTls
    expect(armed(open)).toEqual(["keepalive", "idle", "certificate"])
    expect(armed(play(open, say.send(1, say.iq({ type: "get", id: "p" }, say.ping))))).toContain("pong")
    expect(armed(play(managed(role), say.send(1)))).toContain("acknowledgement")
    expect(armed(resuming())).toContain("step")
  })
})

const faults: ReadonlyArray<Fault.FaultKind> = [
  "notWellFormed",
  "restricted",
  "encoding",
  "xmlVersion",
  "textAtRoot",
  "nestedRoot",
  "elementTooBig",
  "headerTooBig",
  "tooDeep",
  "tooManyAttributes"
]

const elements = [
  say.message("m1"),
  say.message("m1", { from: "@@", to: "@@" }),
  say.stanza("presence", { type: "odd" }),
  say.iq({ type: "get", id: "q" }, say.ping),
  say.iq({ type: "result", id: "q" }),
  say.iq({}),
  say.stanza("parcel"),
  say.stream("parcel"),
  say.foreign("parcel"),
  say.features(),
  say.features(say.starttlsRequired),
  say.features(say.mechanisms("EXTERNAL")),
  say.features(say.sm("sm")),
  say.streamError("conflict"),
  say.stream("error"),
  ...["starttls", "proceed", "failure", "odd"].map((name) => say.tls(name)),
  ...["success", "challenge", "response", "abort", "failure", "odd"].map((name) => say.sasl(name)),
  say.auth(),
  say.auth("="),
  say.auth("==="),
  say.auth("=", "PLAIN"),
  ...["enable", "enabled", "resume", "resumed", "failed", "r", "a", "odd"].map((name) =>
    say.sm(name, { h: "0", previd: "session-1", id: "x", resume: "true" })
  ),
  say.sm("a", { h: "4294967295" }),
  say.sm("a")
]

const timers: ReadonlyArray<Timer> = [
  "negotiation",
  "step",
  "verdict",
  "commit",
  "keepalive",
  "idle",
  "pong",
  "certificate",
  "acknowledgement",
  "close",
  "drain",
  "end"
]

/** Everything anybody can say, to whatever state. */
const eventsFor = (role: say.Role, state: State): ReadonlyArray<Event> => [
  say.header(role),
  say.header(role, { version: undefined, to: "@@" }),
  { ...say.header(role), overloaded: true },
  ...elements.map((each) => say.says(each, { freshId: "x" })),
  say.says(say.message("m1"), { prefixed: true }),
  say.says(say.message("m1"), { headerPrefixed: true }),
  say.footer,
  say.whitespace,
  ...faults.map(say.rejected),
  say.send(1),
  say.send(2, say.foreign("parcel")),
  say.close,
  say.abort,
  say.failWith(),
  ...say.commands.map(([, event]) => event),
  say.opened,
  say.ended,
  say.lost,
  { _tag: "TransportLost" },
  say.tlsUp,
  say.tlsFailed,
  say.judged(role),
  say.judged(role, { authorised: [], expiresIn: 5 }),
  say.rejectedBy(role),
  { _tag: "ResumptionJudged" },
  { _tag: "ResumptionJudged", resumption: say.resumption(role) },
  ...timers.map((timer): Event => ({ _tag: "TimerFired", timer, generation: 1 })),
  ...state.timers.map((running): Event => ({ _tag: "TimerFired", ...running }))
]

describe("step", () => {
  const all = [...places, ["R.Resume", { state: resuming(), role: "recipient" }] as const]

  it.each(all)("P-01 P-21 answers everything, the same every time, with plain data, from %s", (_, { role, state }) => {
    const events = eventsFor(role, state)
    expect(events.length).toBeGreaterThan(85)
    for (const event of events) {
      const [next, actions] = pureStep(state, event)
      expect(label(next).length).toBeGreaterThan(0)
      expect(Array.isArray(actions)).toBe(true)
    }
  })

  const ended = ["footer", "drain", "end", "done"]

  it.each(byRole)("P-04 P-05 P-10 P-11 any run: one footer, one error before it, one end, %s", (role) => {
    const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 60 })
    const starts = places.filter(([, each]) => each.role === role && !ended.includes(each.is))
    fc.assert(
      fc.property(choices, fc.nat(), (numbers, start) => {
        let state: State = starts[start % starts.length]?.[1].state ?? established(role)
        const tags: Array<string> = []
        for (const number of numbers) {
          const events = eventsFor(role, state)
          const event = events[number % events.length] ?? say.lost
          const [next, actions] = step(frozen(state), frozen(event))
          for (const each of actions) {
            tags.push(each._tag === "SendElement" && each.element.name === "error" ? "error" : each._tag)
            if (each._tag === "Report" && each.notice._tag === "Ended") tags.push("Ended")
          }
          state = next
        }
        const count = (wanted: string) => tags.filter((each) => each === wanted).length
        expect(Math.max(count("SendFooter"), count("Ended"), count("EndTransport"), count("DropTransport")))
          .toBeLessThanOrEqual(1)
        const written = tags.filter((each) => each.startsWith("Send") || each === "error")
        expect(written.slice(0, -1)).not.toContain("SendFooter")
        expect(written.slice(0, -2)).not.toContain("error")
        expect(written.includes("error") ? written.at(-1) : "SendFooter").toBe("SendFooter")
        expect(state._tag === "Closed").toBe(count("Ended") === 1)
      }),
      { numRuns: 200 }
    )
  })
})
