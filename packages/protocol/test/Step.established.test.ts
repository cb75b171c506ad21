import { describe, expect, it } from "vitest"
import type { Session } from "../src/Session.ts"
import type { State } from "../src/State.ts"
import { common, commonCondition } from "./places.ts"
import { idsOf, row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { fires, iq, message, ping, roles, says, send } from "./speaking.ts"
import {
  awaitingVerdict,
  err,
  established,
  expectIgnored,
  expectMove,
  type Input,
  managed,
  play,
  xml
} from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const open = "Established"
const failed = "Closing.AwaitingFooter"

const sessionOf = (state: State): Session | undefined => state._tag === "Established" ? state.session : undefined
const managementOf = (state: State) => sessionOf(state)?.management

/** Inside TLS and before the last header or features, with a certificate that has a second to live. */
const beforeOpen = (role: say.Role): State => {
  const policy = { sasl: "never" } as const
  const verdict = say.judged(role, { expiresIn: 1000 })
  return role === "initiator"
    ? play(awaitingVerdict(role, { policy }), verdict, say.header(role))
    : play(awaitingVerdict(role, { policy }), verdict)
}

const expiring = (role: say.Role): State =>
  play(beforeOpen(role), role === "initiator" ? says(say.features()) : say.header(role))

/** Stanzas of ours, none of which was acknowledged. */
const sent = (state: State, count: number): State =>
  play(state, ...Array.from({ length: count }, (_, at) => send(at + 1)))

const management = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22, 23].map((at) => `8.17.${at}`)

/** The rows of stream management are in `Step.managed.test.ts`. */
table("8.17", () => {
  rowFor("8.17.1", "STZ-01 STZ-02 STZ-03 STZ-19 SM-12", byRole, (role) => {
    const idle: Input = { timeouts: { idleMillis: 600_000 } }
    for (const element of [message("a"), say.stanza("presence"), iq({ type: "set", id: "q" }, ping)]) {
      const next = expectMove(established(role, "auth", idle), says(element), {
        label: open,
        actions: [`deliver ${xml(element)}`],
        timers: ["+idle 600000"]
      })
      expect(sessionOf(next)?.untouched).toBe(false)
      expectMove(established(role, "auth"), says(element), {
        label: open,
        actions: [`deliver ${xml(element)}`],
        timers: []
      })
    }
    const counted = play(
      managed(role),
      says(message("a")),
      says(iq({ type: "get", id: "q" })),
      says(message("b", { to: "x@y.example" }))
    )
    expect(managementOf(counted)).toMatchObject({ handled: 3 })
  })

  row("8.17.13", "FEAT-14 FEAT-19 FEAT-20", () => {
    for (const features of [say.features(), say.features(say.starttlsRequired)]) {
      expectIgnored(established("initiator"), says(features), ["report Diagnostic unexpectedFeatures"])
      expectMove(established("recipient"), says(features), { label: failed, actions: err("unsupported-stanza-type") })
    }
  })

  rowFor(
    "8.17.14",
    "TLS-09 TLS-32 TLS-33 FEAT-18",
    [["clear", "clear"], ["tls", "tls"], ["auth", "auth"]] as const,
    (phase) => {
      const next = expectMove(established("recipient", phase), says(say.tls("starttls")), {
        label: failed,
        actions: ["send tls:failure", "send footer"],
        timers: ["-keepalive", "+close 5000"],
        cause: "tlsRefused"
      })
      expect(next).toMatchObject({ at: { failed: false } })
    }
  )

  rowFor("8.17.15", "SASL-47 ERR-31", byRole, (role) => {
    const others = [say.tls("proceed"), say.tls("failure"), say.auth("="), say.sasl("success"), say.sasl("abort")]
    for (const element of [...others, ...(role === "initiator" ? [say.tls("starttls")] : [])]) {
      expectMove(established(role), says(element), { label: failed, actions: err("not-authorized") })
    }
  })

  rowFor("8.17.16", "NS-05 NS-06 NS-07 NS-08 ERR-02", byRole, (role) => {
    for (const [name, [element, more]] of common) {
      const condition = commonCondition[name]
      if (condition === undefined) {
        expectIgnored(established(role), says(element, more), ["report Diagnostic unknownElement"])
      } else expectMove(established(role), says(element, more), { label: failed, actions: err(condition) })
    }
    expectMove(established(role), says(say.streamError("reset")), {
      label: failed,
      actions: ["send footer", "report PeerError reset"],
      timers: ["-keepalive", "+close 5000"],
      cause: "reported"
    })
  })

  rowFor("8.17.17", "END-20 STZ-24", byRole, (role) => {
    expectMove(established(role), say.rejected("encoding"), {
      label: "Closing.AwaitingEnd",
      actions: [
        ...err("unsupported-encoding").slice(0, 2),
        "StopInput",
        "report SentError unsupported-encoding",
        "EndTransport"
      ],
      timers: ["-keepalive", "+end 3000"],
      cause: "misbehaved"
    })
  })

  rowFor("8.17.18", "E2E-18 END-04 END-08", byRole, (role) => {
    const next = expectMove(established(role), say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-keepalive", "+end 3000"],
      cause: "closedByPeer"
    })
    expect(next).toMatchObject({ at: { clean: true, ended: false } })
  })

  rowFor("8.17.19", "END-04", byRole, (role) => {
    expectMove(established(role, "auth", { timeouts: { drainMillis: 2000 } }), say.footer, {
      label: "Closing.AwaitingDrain",
      actions: ["report PeerClosed"],
      timers: ["-keepalive", "+drain 2000"],
      cause: "closedByPeer"
    })
  })

  rowFor("8.17.20", "XML-14 XML-16", byRole, (role) => {
    expectIgnored(established(role, "auth", { timeouts: { idleMillis: 600_000 } }), say.whitespace)
  })

  rowFor("8.17.21", "STZ-19 IQ-08 SM-06 SM-26", byRole, (role) => {
    expectMove(established(role), send(1), {
      label: open,
      actions: ["send message m1 #1"],
      timers: ["+keepalive 300000"]
    })
    const asked = play(
      established(role),
      send(1, iq({ type: "get", id: "q1" }, say.discoInfo)),
      send(2, iq({ type: "result", id: "q2" }))
    )
    expect(sessionOf(asked)?.pending).toEqual(["q1"])
    expectIgnored(established(role), send(1, say.foreign("parcel")), ["refuse notAStanza #1"])
    const one = expectMove(managed(role), send(1), {
      label: open,
      actions: ["send message m1 #1"],
      timers: ["+keepalive 300000", "+acknowledgement 30000"]
    })
    expect(managementOf(one)).toMatchObject({ sent: 1, kept: [{ request: 1, stanza: message("m1") }] })
    expectMove(one, send(2), { label: open, actions: ["send message m2 #2"], timers: ["+keepalive 300000"] })
  })

  rowFor("8.17.21", "SM-26 the tenth asks, and the answer is timed from then", byRole, (role) => {
    const asking = expectMove(sent(managed(role), 9), send(10), {
      label: open,
      actions: ["send message m10 #10", "send sm:r"],
      timers: ["+keepalive 300000", "+acknowledgement 30000"]
    })
    expectMove(asking, send(11), { label: open, actions: ["send message m11 #11"], timers: ["+keepalive 300000"] })
  })

  rowFor("8.17.21", "TIME-09 PING-01 PING-03 a ping is timed until any answer", byRole, (role) => {
    const probing = expectMove(established(role), send(1, iq({ type: "get", id: "p1" }, ping)), {
      label: open,
      actions: ["send iq[type=get id=p1](ping:ping) #1"],
      timers: ["+keepalive 300000", "+pong 30000"]
    })
    for (const type of ["result", "error"]) {
      expectMove(probing, says(iq({ type, id: "p1" })), {
        label: open,
        actions: [`deliver iq[type=${type} id=p1]`],
        timers: ["-pong"]
      })
    }
  })

  rowFor("8.17.24", "TIME-01 TIME-02", byRole, (role) => {
    let state = established(role)
    for (let beat = 0; beat < 3; beat++) {
      state = expectMove(state, fires(state, "keepalive"), {
        label: open,
        actions: ["SendWhitespace"],
        timers: ["+keepalive 300000"]
      })
    }
  })

  rowFor("8.17.25", "TIME-10", byRole, (role) => {
    const state = established(role, "auth", { timeouts: { idleMillis: 600_000 } })
    expectMove(state, fires(state, "idle"), {
      label: failed,
      actions: ["send footer"],
      timers: ["-keepalive", "+close 5000"],
      cause: "idle"
    })
  })

  rowFor("8.17.26", "TIME-09 ERR-23", byRole, (role) => {
    const probing = play(established(role), send(1, iq({ type: "get", id: "p1" }, ping)))
    expectMove(probing, fires(probing, "pong"), {
      label: failed,
      actions: err("connection-timeout"),
      cause: "unresponsive"
    })
    const asking = sent(managed(role), 10)
    expectMove(asking, fires(asking, "acknowledgement"), {
      label: failed,
      actions: err("connection-timeout"),
      cause: "unresponsive"
    })
  })

  rowFor("8.17.26", "SM-26 the first time asks", byRole, (role) => {
    const state = sent(managed(role), 1)
    const asking = expectMove(state, fires(state, "acknowledgement"), {
      label: open,
      actions: ["send sm:r"],
      timers: ["+keepalive 300000", "+acknowledgement 30000"]
    })
    expectMove(asking, fires(asking, "acknowledgement"), { label: failed, actions: err("connection-timeout") })
  })

  rowFor("8.17.27", "TIME-12 CERT-105 ERR-35", byRole, (role) => {
    const state = expiring(role)
    expectMove(state, fires(state, "certificate"), {
      label: failed,
      actions: err("reset"),
      cause: "certificateExpired"
    })
  })

  rowFor("8.17.28", "E2E-17 END-01 END-05", byRole, (role) => {
    expectMove(established(role), say.close, {
      label: failed,
      actions: ["send footer"],
      timers: ["-keepalive", "+close 5000"],
      cause: "closedBySelf"
    })
    const counted = play(managed(role), says(message("a")))
    expectMove(counted, say.close, {
      label: failed,
      actions: [...(role === "initiator" ? ["send sm:a[h=1]"] : []), "send footer"]
    })
  })

  rowFor("8.17.29", "ERR-01 ERR-22 ERR-39", byRole, (role) => {
    expectMove(established(role), say.failWith("conflict"), {
      label: failed,
      actions: err("conflict"),
      timers: ["-keepalive", "+close 5000"],
      cause: "failedBySelf"
    })
  })

  rowFor("8.17.30", "END-07 END-12 SM-20", byRole, (role) => {
    const next = expectMove(sent(managed(role), 1), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      cause: "truncated"
    })
    expectMove(next, say.lost, {
      label: "Closed",
      actions: ["report Ended truncated unclean, resumable session-new", "DropTransport"]
    })
  })

  rowFor("8.17.31", "TIME-08 SM-20", byRole, (role) => {
    expectMove(sent(managed(role), 1), say.lost, {
      label: "Closed",
      actions: ["report Ended transportLost unclean, resumable session-new", "DropTransport"],
      cause: "transportLost"
    })
    expectMove(established(role), say.lost, {
      label: "Closed",
      actions: ["report Ended transportLost unclean", "DropTransport"]
    })
  })

  rowFor("8.17.32", "TIME-12 ERR-35", byRole, (role) => {
    const next = expectMove(established(role), say.rejectedBy(role), {
      label: failed,
      actions: err("reset"),
      cause: "certificateRevoked"
    })
    expect(next).toMatchObject({ reason: { condition: "reset", detail: "the pin differs" } })
    expectIgnored(established(role), say.judged(role), ["report Diagnostic unexpectedEvent"])
  })
}, idsOf("8.17").filter((id) => !management.includes(id)))

describe("an expired certificate", () => {
  it.each(byRole)("TIME-12 ends the stream also when it expired during negotiation, %s", (role) => {
    const before = beforeOpen(role)
    const expired = play(before, fires(before, "certificate"))
    const event = role === "initiator" ? says(say.features()) : say.header(role)
    expectMove(expired, event, {
      label: failed,
      actions: [
        ...(role === "initiator" ? [] : ["send header", "send stream:features"]),
        ...err("reset")
      ],
      cause: "certificateExpired"
    })
  })
})
