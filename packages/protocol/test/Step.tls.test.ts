import { describe, expect, it } from "vitest"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { roles } from "./speaking.ts"
import { awaitingTls, awaitingVerdict, config, expectIgnored, expectMove, play, pureStep } from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const nameOf = (role: say.Role): string => role === "initiator" ? "Initiating" : "Responding"

const expectDropped = (
  role: say.Role,
  event: Parameters<typeof play>[1],
  cause: "tlsFailed" | "tlsTimeout" | "aborted"
) =>
  expectMove(awaitingTls(role), event, {
    label: "Closed",
    actions: ["StopInput", `report Ended ${cause} unclean`, "DropTransport"],
    cause
  })

table("8.5", () => {
  rowFor("8.5.1", "TLS-20 TLS-21 TLS-16 CERT-104 TIME-13 HDR-27", byRole, (role) => {
    expectMove(awaitingTls(role), say.tlsUp, {
      label: `${nameOf(role)}.AwaitingVerdict`,
      actions: ["RestartInput", "JudgePeer"],
      timers: ["-negotiation", "-step", "+verdict 120000"]
    })
  })

  rowFor("8.5.2", "TLS-22 ERR-11", byRole, (role) => {
    expect(expectDropped(role, say.tlsFailed, "tlsFailed")).toMatchObject({ reason: { detail: "handshake_failure" } })
  })

  rowFor("8.5.3", "TIME-06 TLS-22", byRole, (role) => {
    const state = awaitingTls(role)
    expectDropped(role, say.fires(state, "step"), "tlsTimeout")
    expectDropped(role, say.fires(state, "negotiation"), "tlsTimeout")
  })

  rowFor("8.5.4", "END-14 END-15", byRole, (role) => {
    for (const event of [say.close, say.abort, say.failWith()]) expectDropped(role, event, "aborted")
  })

  rowFor("8.5.5", "TLS-22 ERR-11", byRole, (role) => {
    for (const event of [say.ended, say.lost]) expectDropped(role, event, "tlsFailed")
  })

  rowFor("8.5.6", "STZ-23 TLS-16 P-06", byRole, (role) => {
    const next = expectMove(awaitingTls(role), say.send(1), {
      label: `${nameOf(role)}.AwaitingTls`,
      actions: [],
      timers: []
    })
    expect("held" in next && next.held.length).toBe(1)
  })

  rowFor("8.5.7", "TLS-15 P-26", byRole, (role) => {
    for (
      const event of [
        say.header(role),
        say.says(say.message("m1")),
        say.footer,
        say.whitespace,
        say.rejected("encoding")
      ]
    ) {
      expectIgnored(awaitingTls(role), event, ["report Diagnostic unexpectedEvent"])
    }
  })
})

describe("the judge", () => {
  it.each(byRole)("CERT-01 CERT-02 is asked about the peer that was wanted before connecting, %s", (role) => {
    const peer = say.addresses[say.otherRole(role)]
    const [, actions] = pureStep(awaitingTls(role, { peer }), say.tlsUp)
    expect(actions.find(({ _tag }) => _tag === "JudgePeer")).toEqual({
      _tag: "JudgePeer",
      chain: say.facts.chain,
      expected: peer
    })
  })

  it("CERT-03 is asked about nobody in particular when a recipient expects nobody", () => {
    const [, actions] = pureStep(awaitingTls("recipient"), say.tlsUp)
    expect(actions.find(({ _tag }) => _tag === "JudgePeer")).toEqual({ _tag: "JudgePeer", chain: say.facts.chain })
    expect(config("recipient").peer).toBeUndefined()
  })

  it.each(byRole)("TLS-37 its answer and the facts of TLS are told, without the chain, %s", (role) => {
    const [next, actions] = pureStep(awaitingVerdict(role), say.judged(role))
    const { chain: _, ...known } = say.facts
    expect(actions).toContainEqual({
      _tag: "Report",
      notice: { _tag: "TlsOn", facts: known, verdict: say.verdict(role) }
    })
    expect(next).toMatchObject({ link: { _tag: "Secured", facts: known, expired: false } })
  })

  it("TLS-21 CERT-102 CERT-104 a recipient may accept for the sake of an answer in XML", () => {
    const state = play(
      awaitingVerdict("recipient"),
      say.judged("recipient", { authorised: [], code: "noCertificate", strength: "none" })
    )
    expectMove(state, say.header("recipient"), {
      label: "Closing.AwaitingFooter",
      actions: [
        "send header",
        "send stream:error(streams:policy-violation streams:text[lang=en]('A certificate is needed here.'))",
        "send footer",
        "report SentError policy-violation"
      ],
      cause: "authenticationRequired"
    })
  })
})

table("8.15", () => {
  const state = awaitingVerdict("recipient")

  row("8.15.1", "TLS-20 TLS-21 TIME-13 HDR-27", () => {
    expectMove(state, say.judged("recipient"), {
      label: "Responding.AwaitingHeader",
      actions: ["report TlsOn"],
      timers: ["-verdict", "+step 135000"]
    })
  })

  row("8.15.1", "LIM-05 what waited is taken in order", () => {
    const waiting = play(
      state,
      say.whitespace,
      say.header("recipient"),
      say.says(say.auth("=")),
      say.header("recipient")
    )
    expectMove(waiting, say.judged("recipient"), {
      label: "Established",
      actions: [
        "report TlsOn",
        "send header",
        "send stream:features(sasl:mechanisms(sasl:mechanism('EXTERNAL')))",
        "send sasl:success",
        "RestartInput",
        "send header",
        "send stream:features",
        "report Negotiated"
      ],
      withDeferred: true
    })
  })

  row("8.15.2", "TLS-21 CERT-04", () => {
    expectMove(state, say.rejectedBy("recipient"), {
      label: "Closed",
      actions: ["StopInput", "report CertificateRejected", "report Ended certificate unclean", "DropTransport"],
      timers: ["-verdict"],
      cause: "certificate"
    })
  })

  row("8.15.3", "LIM-05 P-06 P-30", () => {
    const events = [
      say.header("recipient"),
      say.says(say.message("m1")),
      say.footer,
      say.whitespace,
      say.rejected("restricted")
    ]
    let next = state
    for (const event of events) {
      next = expectMove(next, event, { label: "Responding.AwaitingVerdict", actions: [], timers: [] })
    }
    expect(next).toMatchObject({ at: { deferred: events } })
    const full = play(state, ...Array.from({ length: 64 }, () => say.whitespace))
    expect(full).toMatchObject({ at: { deferred: { length: 64 } } })
    expectMove(full, say.whitespace, {
      label: "Closed",
      actions: ["StopInput", "report Ended flood unclean", "DropTransport"],
      cause: "flood"
    })
  })

  row("8.15.4", "CERT-87", () => {
    expectMove(state, say.fires(state, "verdict"), {
      label: "Closed",
      actions: ["StopInput", "report Ended verdictTimeout unclean", "DropTransport"],
      timers: [],
      cause: "verdictTimeout"
    })
  })

  rowFor("8.15.5", "TLS-22", [["ended", say.ended], ["lost", say.lost]], (event) => {
    expectMove(state, event, {
      label: "Closed",
      actions: ["StopInput", "report Ended peerGone unclean", "DropTransport"],
      timers: ["-verdict"],
      cause: "peerGone"
    })
  })

  row("8.15.6", "STZ-23 P-06", () => {
    expectMove(state, say.send(1), { label: "Responding.AwaitingVerdict", actions: [], timers: [] })
  })

  rowFor("8.15.7", "END-13", [["close", say.close], ["fail", say.failWith()]], (event) => {
    expectMove(state, event, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-verdict", "+end 3000"],
      cause: "aborted"
    })
  })
})
