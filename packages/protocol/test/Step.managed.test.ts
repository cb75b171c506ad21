import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import type { State } from "../src/State.ts"
import { idsOf, row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { iq, message, roles, says, send, sm } from "./speaking.ts"
import { err, established, expectIgnored, expectMove, type Input, managed, play } from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const open = "Established"
const failed = "Closing.AwaitingFooter"
const managementOf = (state: State) => state._tag === "Established" ? state.session.management : undefined

const askNow: Event = { _tag: "AcknowledgementRequested" }

const on: Input = { management: { use: true, resumableSeconds: 300 } }
const acks: Input = { management: { use: true } }

/** Stanzas of ours, none of which was acknowledged. */
const sent = (state: State, count: number): State =>
  play(state, ...Array.from({ length: count }, (_, at) => send(at + 1)))

const management = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22, 23].map((at) => `8.17.${at}`)

table("8.17", () => {
  row("8.17.2", "SM-04 SM-06 SM-13 SM-19", () => {
    const enable = says(sm("enable", { resume: "true" }), { freshId: "session-9" })
    const next = expectMove(established("recipient", "auth", on), enable, {
      label: open,
      actions: ["send sm:enabled[id=session-9 resume=true max=300]", "report ManagementOn"],
      timers: ["+keepalive 300000"]
    })
    expect(managementOf(next)).toMatchObject({ _tag: "On", id: "session-9", handled: 0, sent: 0 })
    for (const resume of ["1", "true"]) {
      expect(managementOf(play(established("recipient", "auth", on), says(sm("enable", { resume }), { freshId: "x" }))))
        .toMatchObject({ id: "x" })
    }
  })

  rowFor(
    "8.17.2",
    "SM-04 SM-19 SM-23 acknowledgements only",
    [
      ["not asked for", [established("recipient", "auth", on), says(sm("enable"), { freshId: "x" })]],
      ["a strange boolean", [
        established("recipient", "auth", on),
        says(sm("enable", { resume: "yes" }), { freshId: "x" })
      ]],
      ["not configured", [
        established("recipient", "auth", acks),
        says(sm("enable", { resume: "true" }), { freshId: "x" })
      ]],
      ["an unknown peer", [
        established("recipient", "clear", on),
        says(sm("enable", { resume: "true" }), { freshId: "x" })
      ]]
    ] as const,
    ([state, event]) => {
      const next = expectMove(state, event, { label: open, actions: ["send sm:enabled", "report ManagementOn"] })
      expect(managementOf(next)).toEqual({ _tag: "On", handled: 0, sent: 0, kept: [], unasked: 0, asked: false })
    }
  )

  row("8.17.3", "AMB-10 SM-05", () => {
    const state = managed("recipient")
    expect(managementOf(expectMove(state, says(sm("enable"), { freshId: "x" }), {
      label: open,
      actions: ["send sm:failed(stanzas:unexpected-request)"]
    }))).toEqual(managementOf(state))
  })

  row("8.17.4", "SM-06 SM-23", () => {
    const enabling = play(established("initiator"), say.enable, send(1))
    expect(managementOf(enabling)).toMatchObject({ _tag: "Enabling", sent: 1 })
    const next = expectMove(enabling, says(sm("enabled", { id: "session-9", resume: "true" })), {
      label: open,
      actions: ["report ManagementOn"],
      timers: ["+acknowledgement 30000"]
    })
    expect(managementOf(next)).toMatchObject({
      _tag: "On",
      id: "session-9",
      handled: 0,
      sent: 1,
      kept: [{ request: 1 }]
    })
    expect(managementOf(play(enabling, says(sm("enabled", { id: "session-9", resume: "no" }))))).not.toHaveProperty(
      "id"
    )
  })

  row("8.17.5", "SM-04", () => {
    const next = expectMove(play(established("initiator"), say.enable, send(1)), says(sm("failed")), {
      label: open,
      actions: ["report ManagementOff"],
      timers: []
    })
    expect(managementOf(next)).toEqual({ _tag: "Off" })
  })

  const resume = says(sm("resume", { previd: "session-1", h: "2" }))

  row("8.17.6", "SM-15 SM-18", () => {
    for (const phase of ["tls", "auth"] as const) {
      expectMove(established("recipient", phase, on), resume, {
        label: open,
        actions: ["JudgeResumption"],
        timers: ["+step 15000"]
      })
    }
  })

  rowFor(
    "8.17.7",
    "SM-16 SM-18 SM-19",
    [
      ["after a stanza of the peer", [
        play(established("recipient", "auth", on), says(message("a"))),
        resume,
        "unexpected-request"
      ]],
      ["after a stanza of ours", [play(established("recipient", "auth", on), send(1)), resume, "unexpected-request"]],
      ["after enable", [managed("recipient"), resume, "unexpected-request"]],
      ["without a session", [
        established("recipient", "auth", on),
        says(sm("resume", { h: "2" })),
        "unexpected-request"
      ]],
      ["without a number", [
        established("recipient", "auth", on),
        says(sm("resume", { previd: "x" })),
        "unexpected-request"
      ]],
      ["not resumable here", [established("recipient", "auth", acks), resume, "feature-not-implemented"]],
      ["an unknown peer", [established("recipient", "clear", on), resume, "feature-not-implemented"]]
    ] as const,
    ([state, event, condition]) => {
      expectMove(state, event, { label: open, actions: [`send sm:failed(stanzas:${condition})`] })
    }
  )

  rowFor("8.17.8", "SM-07 SM-12 SM-25", byRole, (role) => {
    const state = play(managed(role), says(message("a")), says(message("b")), says(sm("r")))
    expectMove(state, says(sm("r")), { label: open, actions: ["send sm:a[h=2]"], timers: ["+keepalive 300000"] })
  })

  rowFor("8.17.9", "SM-08 SM-09 SM-25 SM-26", byRole, (role) => {
    const state = sent(managed(role), 3)
    const some = expectMove(state, says(sm("a", { h: "2" })), {
      label: open,
      actions: ["report StanzasAcknowledged 1 2"],
      timers: ["+acknowledgement 30000"]
    })
    expect(managementOf(some)).toMatchObject({ sent: 3, kept: [{ request: 3 }] })
    expectMove(some, says(sm("a", { h: "3" })), {
      label: open,
      actions: ["report StanzasAcknowledged 3"],
      timers: ["-acknowledgement"]
    })
    expectMove(some, says(sm("a", { h: "2" })), { label: open, actions: [], timers: ["+acknowledgement 30000"] })
  })

  rowFor("8.17.9", "SM-11 lower than before", byRole, (role) => {
    const state = play(sent(managed(role), 3), says(sm("a", { h: "2" })))
    expectIgnored(state, says(sm("a", { h: "1" })), ["report Diagnostic staleAcknowledgement"])
  })

  rowFor("8.17.10", "ERR-40 SM-10", byRole, (role) => {
    const told = "sm:handled-count-too-high[h=9 send-count=3]"
    expectMove(sent(managed(role), 3), says(sm("a", { h: "9" })), {
      label: failed,
      actions: [
        `send stream:error(streams:undefined-condition ${told})`,
        "send footer",
        "report SentError undefined-condition"
      ],
      cause: "misbehaved"
    })
  })

  rowFor("8.17.11", "SM-08", byRole, (role) => {
    for (const h of [undefined, "", "two", "-1", "1.0", "4294967296", "00000000001"]) {
      expectMove(managed(role), says(sm("a", { h })), { label: failed, actions: err("policy-violation") })
    }
  })

  rowFor("8.17.12", "NS-07 SM-22", byRole, (role) => {
    const unknown = (state: State, names: ReadonlyArray<string>) => {
      for (const name of names) expectIgnored(state, says(sm(name)), ["report Diagnostic unknownElement"])
    }
    unknown(established(role), ["r", "a", "enabled", "failed", "resumed", "enable", "resume", "other"])
    unknown(managed(role), [
      "enabled",
      "resumed",
      "failed",
      "other",
      ...(role === "initiator" ? ["enable", "resume"] : [])
    ])
  })

  rowFor("8.17.22", "SM-07 SM-08 SM-26", byRole, (role) => {
    const acknowledgeNow: Event = { _tag: "AcknowledgeRequested" }
    const state = play(sent(managed(role), 1), says(message("a")))
    expectMove(state, acknowledgeNow, { label: open, actions: ["send sm:a[h=1]"], timers: ["+keepalive 300000"] })
    expectMove(state, askNow, {
      label: open,
      actions: ["send sm:r"],
      timers: ["+keepalive 300000", "+acknowledgement 30000"]
    })
    expectIgnored(established(role), acknowledgeNow, ["refuse notOpen"])
    expectIgnored(established(role), askNow, ["refuse notOpen"])
  })

  row("8.17.23", "SM-03 SM-06", () => {
    expectMove(established("initiator"), say.enable, {
      label: open,
      actions: ["send sm:enable[resume=true]"],
      timers: ["+keepalive 300000"]
    })
    expectMove(established("initiator"), { _tag: "EnableRequested", resumable: false }, {
      label: open,
      actions: ["send sm:enable"]
    })
    for (
      const state of [
        managed("initiator"),
        play(established("initiator"), say.enable),
        established("recipient"),
        managed("recipient")
      ]
    ) {
      expectIgnored(state, say.enable, ["refuse notOpen"])
    }
  })
}, idsOf("8.17").filter((id) => management.includes(id)))

describe("stream management", () => {
  it.each(byRole)("SM-26 TIME-09 stanzas wait for one time, the answer to a question for another, %s", (role) => {
    const state = managed(role, { ...on, timeouts: { acknowledgementMillis: 7, pongMillis: 9 } })
    const step = (before: State, event: Event, action: string, ...timers: ReadonlyArray<string>) =>
      expectMove(before, event, { label: open, actions: [action], timers })
    const waiting = step(state, send(1), "send message m1 #1", "+keepalive 300000", "+acknowledgement 7")
    const more = step(waiting, send(2), "send message m2 #2", "+keepalive 300000")
    const asked = step(more, say.fires(more, "acknowledgement"), "send sm:r", "+keepalive 300000", "+acknowledgement 9")
    const again = step(asked, askNow, "send sm:r", "+keepalive 300000", "+acknowledgement 9")
    step(again, says(sm("a", { h: "1" })), "report StanzasAcknowledged 1", "+acknowledgement 7")
    expectMove(again, says(sm("a", { h: "2" })), {
      label: open,
      actions: ["report StanzasAcknowledged 1 2"],
      timers: ["-acknowledgement"]
    })
    // The tenth brings a question along, unless one is out.
    step(sent(asked, 9), send(12), "send message m12 #12", "+keepalive 300000")
    expectMove(sent(state, 9), send(10), {
      label: open,
      actions: ["send message m10 #10", "send sm:r"],
      timers: ["+keepalive 300000", "+acknowledgement 9"]
    })
  })

  it("SM-08 an answer of ours that is acknowledged is nobody's request", () => {
    const answered = play(managed("recipient"), says(iq({ type: "get", id: "q" })))
    const next = expectMove(answered, says(sm("a", { h: "1" })), {
      label: open,
      actions: [],
      timers: ["-acknowledgement"]
    })
    expect(managementOf(next)).toMatchObject({ kept: [] })
  })

  it("SM-19 nothing is resumable without a name for the session", () => {
    const nameless = play(established("recipient", "auth", on), says(sm("enable", { resume: "true" })))
    const unnamed = play(established("initiator"), say.enable, says(sm("enabled", { resume: "true" })))
    for (const state of [nameless, unnamed]) {
      expect(managementOf(state)).toStrictEqual({
        _tag: "On",
        handled: 0,
        sent: 0,
        kept: [],
        unasked: 0,
        asked: false
      })
    }
  })

  it.each(byRole)("PING-03 TIME-09 only the answer to the probe is a sign of life, %s", (role) => {
    const probe = send(1, iq({ type: "get", id: "p" }, say.ping))
    const state = play(managed(role), probe, send(2, iq({ type: "get", id: "q" }, say.discoInfo)))
    const reply = (id: string) => iq({ type: "result", id })
    const answered = expectMove(state, says(reply("q")), {
      label: open,
      actions: ["deliver iq[type=result id=q]"],
      timers: []
    })
    expect(answered).toMatchObject({ session: { probe: "p", pending: ["p"] } })
    const alive = expectMove(answered, says(reply("p")), {
      label: open,
      actions: ["deliver iq[type=result id=p]"],
      timers: ["-pong"]
    })
    expect(alive._tag === "Established" && alive.session).not.toHaveProperty("probe")
    expectMove(state, say.fires(state, "pong"), {
      label: failed,
      actions: err("connection-timeout"),
      cause: "unresponsive"
    })
  })
})
