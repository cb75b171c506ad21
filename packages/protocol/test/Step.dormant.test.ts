import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { roles } from "./speaking.ts"
import { closed, dormant, expectIgnored, expectMove, type Input, play } from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)

const peerEvents = (role: say.Role): ReadonlyArray<Event> => [
  say.header(role),
  say.says(say.message("m1")),
  say.says(say.tls("starttls")),
  say.footer,
  say.whitespace,
  say.rejected("notWellFormed")
]

const worldEvents = (role: say.Role): ReadonlyArray<Event> => [
  say.tlsUp,
  say.tlsFailed,
  say.judged(role),
  say.rejectedBy(role),
  { _tag: "ResumptionJudged" }
]

table("8.1", () => {
  row("8.1.1", "E2E-01 HDR-28 HDR-34 TIME-07", () => {
    expectMove(dormant("initiator"), say.opened, {
      label: "Initiating.AwaitingHeader",
      actions: ["send header"],
      timers: ["+negotiation 60000", "+step 15000"]
    })
  })

  row("8.1.2", "E2E-07 TIME-03", () => {
    expectMove(dormant("recipient"), say.opened, {
      label: "Responding.AwaitingHeader",
      actions: [],
      timers: ["+negotiation 60000", "+step 15000"]
    })
  })

  rowFor("8.1.3", "TLS-33 TLS-17 XTLS-05", byRole, (role) => {
    const direct: Input = { policy: { tlsEntry: "direct" } }
    const initiates = role === "initiator"
    expectMove(dormant(role, direct), say.opened, {
      label: initiates ? "Initiating.AwaitingTls" : "Responding.AwaitingTls",
      actions: [`StartTls ${initiates ? "client" : "server"}`],
      timers: ["+negotiation 60000", "+step 15000"]
    })
  })

  rowFor("8.1.4", "STZ-23", byRole, (role) => {
    const next = expectMove(dormant(role), say.send(7), { label: "Dormant", actions: [], timers: [] })
    expect(next._tag === "Dormant" && next.held).toMatchObject([{ request: 7, stanza: say.message("m7") }])
    const started = play(next, say.opened)
    expect("held" in started && started.held).toMatchObject([{ request: 7 }])
  })

  rowFor("8.1.5", "END-13 P-11 P-15", byRole, (role) => {
    for (const event of [say.close, say.abort, say.failWith(), say.lost, say.ended]) {
      expectMove(dormant(role), event, {
        label: "Closed",
        actions: ["report Ended neverOpened unclean", "DropTransport"],
        timers: [],
        cause: "neverOpened"
      })
      expectMove(play(dormant(role), say.send(1), say.send(2)), event, {
        label: "Closed",
        actions: ["report Ended neverOpened unclean, unsent 1 2", "DropTransport"]
      })
    }
  })

  rowFor("8.1.6", "", byRole, (role) => {
    for (const event of [...peerEvents(role), ...worldEvents(role)]) {
      expectIgnored(dormant(role), event, ["report Diagnostic unexpectedEvent"])
    }
  })
})

table("8.21", () => {
  rowFor("8.21.1", "STZ-20", byRole, (role) => expectIgnored(closed(role), say.send(3), ["refuse closed #3"]))

  rowFor("8.21.2", "P-10", byRole, (role) => {
    const local = [say.close, say.abort, say.failWith(), ...say.commands.map(([, event]) => event)]
    const timer: Event = { _tag: "TimerFired", timer: "end", generation: 1 }
    for (const event of [...peerEvents(role), ...worldEvents(role), ...local, say.opened, say.ended, say.lost, timer]) {
      expectIgnored(closed(role), event)
    }
  })
})

describe("direct TLS", () => {
  it.each(byRole)("TLS-33 TLS-09 leaves no STARTTLS to do, %s", (role) => {
    const inside = play(
      dormant(role, { policy: { tlsEntry: "direct" } }),
      say.opened,
      say.tlsUp,
      say.judged(role),
      say.header(role)
    )
    if (role === "recipient") {
      expectMove(inside, say.says(say.tls("starttls")), {
        label: "Closing.AwaitingFooter",
        actions: ["send tls:failure", "send footer"],
        cause: "tlsRefused"
      })
    } else {
      expectMove(inside, say.says(say.features(say.starttlsRequired)), {
        label: "Established",
        actions: ["report Diagnostic repeatedFeature", "report Negotiated"]
      })
    }
  })
})
