import { describe, expect, it } from "vitest"
import type { Event, Resumption } from "../src/Event.ts"
import type { State } from "../src/State.ts"
import { wantsInput } from "../src/Step.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { fires, message, resumption, says, send, sm } from "./speaking.ts"
import { err, expectIgnored, expectMove, play, pureStep, resuming } from "./walking.ts"

const open = "Established"
const state = resuming()
const judged = (found?: Resumption): Event => ({
  _tag: "ResumptionJudged",
  ...(found === undefined ? {} : { resumption: found })
})
const managementOf = (of: State) => of._tag === "Established" ? of.session.management : undefined
const notFound = "send sm:failed(stanzas:item-not-found)"

table("8.16", () => {
  row("8.16.1", "SM-15 SM-09", () => {
    const next = expectMove(state, judged(resumption("recipient")), {
      label: open,
      actions: ["send sm:resumed[previd=session-1 h=5]", "send message kept-3", "report ManagementOn"],
      timers: ["-step", "+keepalive 300000", "+acknowledgement 30000"]
    })
    expect(managementOf(next)).toMatchObject({ _tag: "On", id: "session-1", handled: 5, sent: 3, kept: [{}] })
    // What waits on both sides comes after, and counts.
    const waiting = play(state, send(1), says(message("a")))
    const later = expectMove(waiting, judged(resumption("recipient")), {
      label: open,
      actions: [
        "send sm:resumed[previd=session-1 h=5]",
        "send message kept-3",
        "send message m1 #1",
        "report ManagementOn",
        "deliver message a"
      ],
      withDeferred: true
    })
    expect(managementOf(later)).toMatchObject({ handled: 6, sent: 4, kept: [{}, { request: 1 }] })
  })

  row("8.16.1", "SM-10 the initiator handled more than we sent", () => {
    expectMove(state, judged(resumption("recipient", { sent: 1, unacknowledged: [] })), {
      label: "Closing.AwaitingFooter",
      actions: [
        "send stream:error(streams:undefined-condition sm:handled-count-too-high[h=2 send-count=1])",
        "send footer",
        "report SentError undefined-condition"
      ]
    })
  })

  rowFor("8.16.2", "SM-15 SM-16", [
    ["none", judged()],
    ["of another identity", judged(resumption("recipient", { identity: "rita@harbor.example" }))]
  ], (event) => {
    const next = expectMove(play(state, send(1)), event, {
      label: open,
      actions: [notFound, "send message m1 #1"],
      timers: ["-step", "+keepalive 300000"]
    })
    expect(managementOf(next)).toEqual({ _tag: "Off" })
    expectMove(play(state, event), says(sm("enable"), { freshId: "x" }), {
      label: open,
      actions: ["send sm:enabled", "report ManagementOn"]
    })
  })

  row("8.16.3", "LIM-05 SM-24 P-30", () => {
    const events = [says(message("a")), say.whitespace, say.footer, say.rejected("encoding"), say.header("recipient")]
    let next = state
    for (const event of events) next = expectMove(next, event, { label: open, actions: [], timers: [] })
    expect(next).toMatchObject({ session: { resuming: { deferred: events } } })
    const full = play(state, ...Array.from({ length: 64 }, () => say.whitespace))
    expectMove(full, says(message("a")), { label: "Closing.AwaitingFooter", actions: err("policy-violation") })
  })

  row("8.16.4", "STZ-23", () => {
    expectMove(state, send(1), { label: open, actions: [], timers: [] })
    expectIgnored(state, send(1, say.foreign("parcel")), ["refuse notAStanza #1"])
  })

  row("8.16.5", "SM-16", () => {
    const next = expectMove(play(state, send(1)), fires(state, "step"), {
      label: open,
      actions: ["send sm:failed(stanzas:internal-server-error)", "send message m1 #1"],
      timers: ["+keepalive 300000"]
    })
    expect(managementOf(next)).toEqual({ _tag: "Off" })
  })

  row("8.16.6", "END-07 END-15 TIME-08 E2E-17 P-15", () => {
    const waiting = play(state, send(1))
    expectMove(waiting, say.close, { label: "Closing.AwaitingFooter", actions: ["send footer"] })
    expectMove(waiting, say.failWith(), { label: "Closing.AwaitingFooter", actions: err("system-shutdown") })
    expectMove(waiting, say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      cause: "truncated"
    })
    expectMove(waiting, say.lost, {
      label: "Closed",
      actions: ["report Ended transportLost unclean, unsent 1", "DropTransport"]
    })
    expectMove(waiting, say.abort, {
      label: "Closed",
      actions: ["StopInput", "report Ended aborted unclean, unsent 1", "DropTransport"]
    })
    expectMove(state, fires(state, "keepalive"), { label: open, actions: ["SendWhitespace"] })
    expectIgnored(state, say.enable, ["refuse notOpen"])
    expectIgnored(state, say.opened, ["report Diagnostic unexpectedEvent"])
  })
})

describe("the session store", () => {
  it("SM-15 is asked with the proven identity of the initiator", () => {
    const fresh = play(resuming(), judged())
    const [, actions] = pureStep(fresh, says(sm("resume", { previd: "session-2", h: "0" })))
    expect(actions).toContainEqual({ _tag: "JudgeResumption", id: "session-2", identity: "nadia@harbor.example" })
  })

  it("SM-24 is waited for without reading on", () => {
    expect(wantsInput(state)).toBe(false)
    expect(wantsInput(play(state, judged()))).toBe(true)
  })
})
