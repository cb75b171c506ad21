import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import { label, type State } from "../src/State.ts"
import { common } from "./places.ts"
import { rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { fires, iq, message, type Role, roles, says, send, sm } from "./speaking.ts"
import {
  awaitingChoice,
  awaitingFeatures,
  awaitingFooter,
  draining,
  ending,
  err,
  established,
  expectIgnored,
  expectMove,
  managed,
  play,
  pureStep
} from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const footing = "Closing.AwaitingFooter"
const both = [
  ...byRole.map(([role]) => [`Closing, ${role}`, awaitingFooter(role, false)] as const),
  ...byRole.map(([role]) => [`Closing(err), ${role}`, awaitingFooter(role, true)] as const)
]
const causeOf = (state: State) => "reason" in state ? state.reason.cause : undefined
const commands = say.commands.map(([, event]) => event)

table("8.18", () => {
  rowFor("8.18.1", "END-03 END-08 END-09 END-11 TLS-35 P-28", both, (state) => {
    const next = expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-close", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: true, ended: true } })
    expect(causeOf(next)).toBe(causeOf(state))
  })

  rowFor("8.18.2", "END-03 STZ-20 STZ-21 SM-12 P-02", byRole, (role) => {
    const state = play(managed(role), say.close)
    const next = expectMove(state, says(message("m9")), {
      label: footing,
      actions: ["deliver message m9 unanswerable"],
      timers: []
    })
    expect(next).toMatchObject({ was: { session: { management: { handled: 1 } } } })
    for (
      const broken of [iq({ type: "get", id: "q" }), message("a", { from: "@@" }), message("a", { to: "x@y.example" })]
    ) {
      expect(expectMove(state, says(broken), { label: footing, actions: [], timers: [] })._tag).toBe("Closing")
    }
  })

  rowFor("8.18.2", "IQ-08 IQ-13 a reply is for its request, once", byRole, (role) => {
    const state = play(established(role), send(1, iq({ type: "get", id: "q1" }, say.discoInfo)), say.close)
    const reply = says(iq({ type: "result", id: "q1" }))
    const next = expectMove(state, reply, { label: footing, actions: ["deliver iq[type=result id=q1] unanswerable"] })
    expectIgnored(next, reply)
    expectIgnored(state, says(iq({ type: "result", id: "q2" })))
  })

  rowFor("8.18.3", "FEAT-12 ERR-10 P-02", [
    ...byRole.map(([role]) => [`after an error, ${role}`, awaitingFooter(role, true)] as const),
    ["before completion, initiator", play(awaitingFeatures("clear"), say.close)],
    ["before completion, recipient", play(awaitingChoice("clear"), say.close)]
  ], (state) => expectIgnored(state, says(message("m1"))))

  rowFor("8.18.4", "ERR-08 ERR-09 P-05", both, (state) => {
    const next = expectMove(state, says(say.streamError("conflict")), {
      label: footing,
      actions: ["report PeerError conflict"],
      timers: []
    })
    expect(next).toMatchObject({ at: { failed: true } })
    expect(causeOf(next)).toBe(causeOf(state))
    expectIgnored(next, says(message("m1")))
  })

  rowFor("8.18.5", "END-02 P-04", both, (state) => {
    const elements = [
      say.tls("starttls"),
      say.tls("proceed"),
      say.auth("="),
      say.sasl("success"),
      sm("r"),
      sm("enable"),
      say.features()
    ]
    for (const element of elements) expectIgnored(state, says(element))
    for (const [, [element, more]] of common) expectIgnored(state, says(element, more))
  })

  rowFor("8.18.6", "SM-09", byRole, (role) => {
    const state = play(managed(role), send(1), send(2), say.close)
    const next = expectMove(state, says(sm("a", { h: "1" })), {
      label: footing,
      actions: ["report StanzasAcknowledged 1"],
      timers: []
    })
    expect(next).toMatchObject({ was: { session: { management: { kept: [{ request: 2 }] } } } })
    for (const h of ["9", "two", undefined]) expectIgnored(state, says(sm("a", { h })))
  })

  rowFor("8.18.7", "HDR-33", both, (state) => {
    expectIgnored(state, say.header(state.config.role))
  })

  rowFor("8.18.8", "END-17", both, (state) => {
    const next = expectMove(state, say.rejected("notWellFormed"), {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-close", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: false, ended: true } })
    expect(causeOf(next)).toBe(causeOf(state))
  })

  rowFor("8.18.9", "XML-14", both, (state) => expectIgnored(state, say.whitespace))

  rowFor("8.18.10", "END-05 END-06 ERR-13", byRole, (role) => {
    const state = awaitingFooter(role, false)
    expectMove(state, fires(state, "close"), {
      label: "Closed",
      actions: ["report Ended closeTimeout unclean", "DropTransport"],
      timers: [],
      cause: "closeTimeout"
    })
    const after = awaitingFooter(role, true)
    expectMove(after, fires(after, "close"), {
      label: "Closed",
      actions: ["report Ended failedBySelf unclean", "DropTransport"],
      cause: "failedBySelf"
    })
  })

  rowFor("8.18.10", "ERR-56 SM-20 the initiator's footer ends the session, an error too", byRole, (role) => {
    const state = play(managed(role), say.close)
    expectMove(state, fires(state, "close"), {
      label: "Closed",
      actions: [
        `report Ended closeTimeout unclean${role === "recipient" ? ", resumable session-new" : ""}`,
        "DropTransport"
      ]
    })
    const silent = play(managed(role), ...Array.from({ length: 10 }, (_, at) => send(at)))
    const failed = play(silent, fires(silent, "acknowledgement"))
    expectMove(failed, fires(failed, "close"), {
      label: "Closed",
      actions: ["report Ended unresponsive unclean", "DropTransport"]
    })
  })

  rowFor("8.18.11", "END-07", both, (state) => {
    const next = expectMove(state, say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-close", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: false, ended: true } })
    expect(causeOf(next)).toBe(causeOf(state))
  })

  rowFor("8.18.12", "END-07 TIME-08", both, (state) => {
    expectMove(state, say.lost, {
      label: "Closed",
      actions: [`report Ended ${causeOf(state)} unclean`, "DropTransport"],
      timers: ["-close"]
    })
  })

  rowFor("8.18.13", "END-02 STZ-20", both, (state) => {
    expectIgnored(state, send(1), ["refuse closed #1"])
    for (const command of commands) expectIgnored(state, command, ["refuse closed"])
  })

  rowFor("8.18.14", "END-02 ERR-08 P-05", both, (state) => {
    expectIgnored(state, say.close)
    expectIgnored(state, say.failWith())
  })

  rowFor("8.18.15", "END-15", both, (state) => {
    expectMove(state, say.abort, {
      label: "Closed",
      // The first cause stays (state-machine §3).
      actions: ["StopInput", `report Ended ${causeOf(state)} unclean`, "DropTransport"],
      timers: ["-close"]
    })
  })

  rowFor("8.18.16", "", both, (state) => {
    const words: ReadonlyArray<Event> = [say.opened, say.tlsUp, say.tlsFailed, say.judged("recipient"), {
      _tag: "ResumptionJudged"
    }]
    for (const event of words) expectIgnored(state, event, ["report Diagnostic unexpectedEvent"])
  })
})

table("8.19", () => {
  rowFor("8.19.1", "END-04 STZ-19", byRole, (role) => {
    expectMove(draining(role), send(1), { label: "Closing.AwaitingDrain", actions: ["send message m1 #1"], timers: [] })
    expectIgnored(draining(role), send(1, say.foreign("x")), ["refuse notAStanza #1"])
  })

  rowFor("8.19.1", "P-17 SM-06 SM-20 what is said late counts in a session that goes on", byRole, (role) => {
    const state = managed(role, { management: { use: true, resumableSeconds: 300 }, timeouts: { drainMillis: 2000 } })
    const late = play(state, send(1), say.footer, send(2))
    expect(late).toMatchObject({
      was: { session: { management: { sent: 2, kept: [{ request: 1 }, { request: 2 }] } } }
    })
    // The footer of an initiator ends the session.
    expectMove(late, say.lost, {
      label: "Closed",
      actions: [
        `report Ended transportLost unclean${role === "initiator" ? ", resumable session-new" : ""}`,
        "DropTransport"
      ]
    })
  })

  rowFor("8.19.2", "END-04 END-08", byRole, (role) => {
    const state = draining(role)
    for (const event of [say.close, fires(state, "drain")]) {
      const next = expectMove(state, event, {
        label: "Closing.AwaitingEnd",
        actions: ["send footer", "StopInput"],
        timers: event === say.close ? ["-drain", "+end 3000"] : ["+end 3000"],
        cause: "closedByPeer"
      })
      expect(next).toMatchObject({ at: { clean: true, ended: false } })
    }
  })

  rowFor("8.19.3", "ERR-01", byRole, (role) => {
    const next = expectMove(draining(role), say.failWith(), {
      label: "Closing.AwaitingEnd",
      actions: err("system-shutdown"),
      timers: ["-drain", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: true, ended: false } })
  })

  rowFor("8.19.4", "XML-23 END-17", byRole, (role) => {
    for (
      const event of [
        say.header(role),
        says(message("m1")),
        says(say.streamError("conflict")),
        say.footer,
        say.whitespace,
        say.rejected("restricted")
      ]
    ) {
      expectIgnored(draining(role), event)
    }
  })

  rowFor("8.19.5", "END-04 END-12", byRole, (role) => {
    const next = expectMove(draining(role), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      timers: ["-drain", "+end 3000"],
      cause: "closedByPeer"
    })
    expect(next).toMatchObject({ at: { clean: true, ended: true } })
  })

  rowFor("8.19.6", "TIME-08", byRole, (role) => {
    expectMove(draining(role), say.lost, {
      label: "Closed",
      actions: ["report Ended transportLost unclean", "DropTransport"],
      timers: ["-drain"],
      cause: "transportLost"
    })
  })

  rowFor("8.19.7", "END-15", byRole, (role) => {
    expectMove(draining(role), say.abort, {
      label: "Closed",
      actions: ["StopInput", "report Ended closedByPeer unclean", "DropTransport"]
    })
  })
})

const ends: ReadonlyArray<readonly [name: string, state: State]> = byRole.flatMap(([role]) => [
  [`first to close, ${role}`, ending(role, true)] as const,
  [`second to close, ${role}`, ending(role, false)] as const,
  [`after unreadable input, ${role}`, play(established(role), say.rejected("encoding"))] as const
])
const isClean = (name: string): boolean => !name.startsWith("after")
const endedAs = (name: string, state: State, more = ""): string =>
  `report Ended ${causeOf(state)} ${isClean(name) ? "clean" : "unclean"}${more}`

table("8.20", () => {
  rowFor("8.20.1", "END-08 END-09 TLS-35 AMB-19", byRole, (role) => {
    const next = expectMove(ending(role, false), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["EndTransport"],
      timers: []
    })
    expect(next).toMatchObject({ at: { clean: true, ended: true }, timers: [{ timer: "end" }] })
  })

  rowFor("8.20.2", "END-08 E2E-19 P-11 P-28", byRole, (role) => {
    for (const state of [ending(role, true), play(ending(role, false), say.ended)]) {
      expectMove(state, say.ended, {
        label: "Closed",
        actions: [`report Ended ${causeOf(state)} clean`, "DropTransport"],
        timers: ["-end"]
      })
    }
  })

  rowFor("8.20.3", "END-10 P-28", ends, (state, name) => {
    expectMove(state, say.lost, { label: "Closed", actions: [endedAs(name, state), "DropTransport"], timers: ["-end"] })
  })

  rowFor("8.20.4", "END-09 END-10 TLS-35 AMB-20", ends, (state, name) => {
    expectMove(state, fires(state, "end"), {
      label: "Closed",
      actions: [endedAs(name, state, ", late"), "DropTransport"],
      timers: []
    })
  })

  rowFor("8.20.5", "END-15", ends, (state, name) => {
    expectMove(state, say.abort, {
      label: "Closed",
      actions: ["StopInput", endedAs(name, state), "DropTransport"],
      timers: ["-end"]
    })
  })

  rowFor("8.20.6", "XML-23 END-02 END-17 P-04", ends, (state) => {
    expectIgnored(state, send(1), ["refuse closed #1"])
    const peer = [
      say.header("recipient"),
      says(message("m1")),
      says(say.streamError("conflict")),
      say.footer,
      say.whitespace
    ]
    const world = [say.opened, say.tlsUp, say.tlsFailed, say.judged("recipient"), say.rejectedBy("initiator")]
    for (const event of [...peer, say.rejected("encoding"), ...world, say.close, say.failWith(), ...commands]) {
      expectIgnored(state, event)
    }
  })
})

describe("while our footer is on its way", () => {
  it.each(byRole)("NS-10 STZ-21 a stanza by the header's prefix is none, %s", (role) => {
    expectIgnored(awaitingFooter(role, false), says(message("m1"), { headerPrefixed: true }))
  })

  it.each(byRole)("SM-09 only an <a/> acknowledges, and only what is managed, %s", (role) => {
    const state = play(managed(role), send(1), say.close)
    for (const name of ["r", "enabled", "failed", "resumed"]) expectIgnored(state, says(sm(name, { h: "1" })))
    expectIgnored(play(established(role), send(1), say.close), says(sm("a", { h: "1" })))
    expectIgnored(play(awaitingFeatures("clear"), say.close), says(sm("a", { h: "0" })))
  })

  it("SM-09 a stanza that nobody asked to send is acknowledged without a word", () => {
    const answered = play(managed("recipient"), says(iq({ type: "get", id: "q" })), say.close)
    expect(answered).toMatchObject({ was: { session: { management: { kept: [{ stanza: { name: "iq" } }] } } } })
    const next = expectMove(answered, says(sm("a", { h: "1" })), { label: footing, actions: [], timers: [] })
    expect(next).toMatchObject({ was: { session: { management: { kept: [] } } } })
  })

  it.each(byRole)("TIME-08 a timer of another state is told, and changes nothing, %s", (role) => {
    for (
      const [state, stray] of [[awaitingFooter(role, false), "end"], [draining(role), "close"], [
        ending(role, true),
        "close"
      ]] as const
    ) {
      const generation = state.generation + 1
      const running: State = { ...state, timers: [...state.timers, { timer: stray, generation }], generation }
      const next = expectMove(running, { _tag: "TimerFired", timer: stray, generation }, {
        label: label(state),
        actions: ["report Diagnostic unexpectedTimer"],
        timers: []
      })
      expect(next).toEqual({ ...state, generation })
    }
  })
})

describe("a session after its stream", () => {
  const resumable = (state: State, ...events: ReadonlyArray<Event>): boolean => {
    const [, actions] = pureStep(play(state, ...events), say.lost)
    return actions.some((each) => each._tag === "Report" && each.notice._tag === "Ended" && "resumption" in each.notice)
  }

  it.each(byRole)(
    "SM-20 ERR-56 goes on when the transport broke, and never after an orderly end or an error, %s",
    (role) => {
      const state = managed(role)
      expect(resumable(state)).toBe(true)
      expect(resumable(state, say.ended)).toBe(true)
      expect(resumable(state, say.close, say.ended)).toBe(false)
      expect(resumable(state, say.failWith(), say.ended)).toBe(false)
      const silent = play(state, ...Array.from({ length: 10 }, (_, at) => send(at)))
      expect(resumable(silent, fires(silent, "acknowledgement"), say.ended)).toBe(false)
    }
  )

  it.each(byRole)("END-15 the first reason stays, and so does whose stream it was, %s", (role) => {
    const draining = managed(role, { management: { use: true }, timeouts: { drainMillis: 2000 } })
    const failed = play(draining, say.footer, say.failWith())
    expect(causeOf(failed)).toBe("closedByPeer")
    for (const next of [failed, play(managed(role), say.close, say.ended)]) {
      expect(next).toMatchObject({ was: { admission: { secured: true }, session: { pending: [] } } })
    }
  })
})

describe("the end", () => {
  it.each(byRole)("END-05 P-28 of an orderly close is clean, whoever begins, %s", (role: Role) => {
    const first = play(established(role), say.close, say.footer, say.ended)
    const second = play(established(role), say.footer, say.ended, say.ended)
    expect([first, second].map(label)).toEqual(["Closed", "Closed"])
    expect([first, second].map(causeOf)).toEqual(["closedBySelf", "closedByPeer"])
  })

  it.each(byRole)("END-16 nothing but the last word precedes the footer, %s", (role: Role) => {
    const state = play(managed(role), says(message("a")), say.close)
    expectIgnored(state, says(sm("r")))
  })
})
