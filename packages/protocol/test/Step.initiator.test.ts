import type { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import * as Namespace from "../src/Namespace.ts"
import { common, commonCondition } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { features, header, says } from "./speaking.ts"
import {
  awaitingFeatures,
  awaitingHeader,
  awaitingProceed,
  awaitingVerdict,
  err,
  expectIgnored,
  expectMove,
  type Phase,
  play,
  pureStep
} from "./walking.ts"

const phases: ReadonlyArray<readonly [string, Phase]> = [["clear", "clear"], ["tls", "tls"], ["auth", "auth"]]
const failed = "Closing.AwaitingFooter"

table("8.2", () => {
  rowFor("8.2.1", "E2E-08 FEAT-01 VER-11 TIME-04 TIME-13", phases, (phase) => {
    for (const version of ["1.0", "1.7"]) {
      expectMove(awaitingHeader("initiator", phase), header("initiator", { version }), {
        label: "Initiating.AwaitingFeatures",
        actions: [],
        timers: phase === "tls" ? ["+negotiation 60000", "+step 15000"] : ["+step 15000"]
      })
    }
  })

  row("8.2.2", "VER-04 VER-13 FEAT-02 E2E-22", () => {
    const state = awaitingHeader("initiator", "clear", { policy: { tls: "preferred", legacy: "accept" } })
    for (const version of [undefined, "0.9"]) {
      expectMove(play(state, say.send(1)), header("initiator", { version, id: undefined }), {
        label: "Established",
        actions: ["send message m1 #1", "report Diagnostic missingId", "report Negotiated", "report InsecureChannel"],
        timers: ["-negotiation", "-step", "+keepalive 300000"]
      })
    }
  })

  row("8.2.2", "VER-12 features of an old peer come too late", () => {
    const state = awaitingHeader("initiator", "clear", { policy: { tls: "preferred", legacy: "accept" } })
    const open = play(state, header("initiator", { version: undefined }))
    expectIgnored(open, says(features(say.starttlsRequired)), ["report Diagnostic unexpectedFeatures"])
  })

  rowFor("8.2.3", "VER-06 ERR-01 ERR-44", phases, (phase) => {
    expectMove(awaitingHeader("initiator", phase), header("initiator", { version: undefined }), {
      label: failed,
      actions: err("unsupported-version"),
      timers: phase === "tls" ? ["-step", "+close 5000"] : ["-negotiation", "-step", "+close 5000"],
      cause: "unsupportedVersion"
    })
  })

  rowFor("8.2.4", "HDR-34", phases, (phase) => expectIgnored(awaitingHeader("initiator", phase), say.whitespace))

  rowFor("8.2.5", "XML-07 END-20", phases, (phase) => {
    expectMove(awaitingHeader("initiator", phase), say.rejected("notWellFormed"), {
      label: "Closing.AwaitingEnd",
      actions: [...err("not-well-formed").slice(0, 2), "StopInput", "report SentError not-well-formed", "EndTransport"],
      timers: phase === "tls" ? ["-step", "+end 3000"] : ["-negotiation", "-step", "+end 3000"],
      cause: "misbehaved"
    })
  })

  rowFor("8.2.6", "", phases, (phase) => {
    expectIgnored(awaitingHeader("initiator", phase), says(features()), ["report Diagnostic unexpectedElement"])
  })

  rowFor("8.2.7", "", phases, (phase) => {
    expectIgnored(awaitingHeader("initiator", phase), say.footer, ["report Diagnostic unexpectedEvent"])
  })

  rowFor("8.2.8", "TIME-04 ERR-23", phases, (phase) => {
    const state = awaitingHeader("initiator", phase)
    expectMove(state, say.fires(state, "step"), { label: failed, actions: err("connection-timeout"), cause: "silence" })
  })

  rowFor("8.2.9", "END-07 END-12", phases, (phase) => {
    const next = expectMove(awaitingHeader("initiator", phase), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      cause: phase === "tls" ? "refusedByPeer" : "peerGone"
    })
    expect(next).toMatchObject({
      at: { clean: false },
      reason: phase === "tls" ? { detail: expect.stringContaining("possibly refused") } : { _tag: "Environment" }
    })
  })

  rowFor("8.2.10", "TIME-08 TLS-21", phases, (phase) => {
    const cause = phase === "tls" ? "refusedByPeer" : "peerGone"
    expectMove(awaitingHeader("initiator", phase), say.lost, {
      label: "Closed",
      actions: [`report Ended ${cause} unclean`, "DropTransport"],
      cause
    })
  })
})

table("8.3", () => {
  const decisions: ReadonlyArray<readonly [Phase, ReadonlyArray<Element.Element>, string, string]> = [
    ["clear", [say.starttlsRequired], "Initiating.AwaitingProceed", "send tls:starttls"],
    ["tls", [say.mechanisms("EXTERNAL")], "Initiating.AwaitingSasl", "send sasl:auth[mechanism=EXTERNAL]('=')"],
    ["auth", [], "Established", "report Negotiated"]
  ]
  rowFor(
    "8.3.1",
    "FEAT-05 FEAT-16",
    decisions.map((each) => [each[0], each] as const),
    ([phase, offer, label, action]) => {
      expectMove(awaitingFeatures(phase), says(features(...offer)), { label, actions: [action] })
    }
  )

  rowFor("8.3.2", "FEAT-13 ERR-31 STZ-01", phases, (phase) => {
    const state = awaitingFeatures(phase)
    expectMove(state, says(say.message("m1")), {
      label: failed,
      actions: err("not-authorized"),
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "misbehaved"
    })
  })

  rowFor("8.3.3", "SASL-47 ERR-31", phases, (phase) => {
    for (
      const element of [
        say.tls("proceed"),
        say.tls("failure"),
        say.tls("starttls"),
        say.sasl("success"),
        say.sasl("challenge"),
        say.auth("=")
      ]
    ) {
      expectMove(awaitingFeatures(phase), says(element), { label: failed, actions: err("not-authorized") })
    }
  })

  rowFor("8.3.4", "ERR-02", phases, (phase) => {
    const next = expectMove(awaitingFeatures(phase), says(say.streamError("policy-violation")), {
      label: failed,
      actions: ["send footer", "report PeerError policy-violation"],
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "reported"
    })
    expect(next).toMatchObject({ at: { failed: true } })
  })

  rowFor("8.3.5", "NS-05 NS-06 NS-07 NS-08", common, ([element, more], name) => {
    const condition = commonCondition[name]
    for (const phase of ["clear", "tls", "auth"] as const) {
      const state = awaitingFeatures(phase)
      if (condition === undefined) expectIgnored(state, says(element, more), ["report Diagnostic unknownElement"])
      else expectMove(state, says(element, more), { label: failed, actions: err(condition) })
    }
  })

  rowFor("8.3.6", "END-18", phases, (phase) => {
    expectMove(awaitingFeatures(phase), say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-negotiation", "-step", "+end 3000"],
      cause: "refusedByPeer"
    })
  })

  rowFor("8.3.7", "TIME-04 ERR-23", phases, (phase) => {
    const state = awaitingFeatures(phase)
    expectMove(state, say.fires(state, "step"), {
      label: failed,
      actions: err("connection-timeout"),
      timers: ["-negotiation", "+close 5000"],
      cause: "silence"
    })
  })
})

table("8.4", () => {
  const offer = {
    ...say.foreign("offer", {}, [
      {
        ...say.foreign("keyinfo", {}, [{ ...say.foreign("name", {}, [" 0E752B5C "]), namespace: Namespace.c2cKey }]),
        namespace: Namespace.c2cKey
      }
    ]),
    namespace: Namespace.c2cOffer
  }

  row("8.4.1", "TLS-13 TLS-16 TLS-17", () => {
    expectMove(awaitingProceed(), says(say.tls("proceed")), {
      label: "Initiating.AwaitingTls",
      actions: ["StartTls client"],
      timers: ["+step 15000"]
    })
  })

  row("8.4.1", "CERT-91 C2C-02 the keys named in proceed are what the judge expects", () => {
    const state = play(awaitingProceed(), says(say.tls("proceed", {}, [offer])))
    const [, actions] = pureStep(state, say.tlsUp)
    expect(actions.find(({ _tag }) => _tag === "JudgePeer")).toMatchObject({ hints: ["0e752b5c"] })
  })

  row("8.4.2", "TLS-11", () => {
    expectMove(awaitingProceed(), says(say.tls("failure")), {
      label: failed,
      actions: ["send footer", "report Diagnostic tlsRefused"],
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "tlsRefused"
    })
  })

  row("8.4.3", "FEAT-19", () => {
    expectIgnored(awaitingProceed(), says(features(say.starttlsRequired)), ["report Diagnostic unexpectedFeatures"])
  })

  row("8.4.4", "FEAT-13 SASL-47", () => {
    for (
      const element of [
        say.message("m1"),
        say.sasl("success"),
        say.sasl("challenge"),
        say.tls("starttls"),
        say.tls("other")
      ]
    ) {
      expectMove(awaitingProceed(), says(element), { label: failed, actions: err("not-authorized") })
    }
  })

  row("8.4.5", "TLS-14 AMB-21", () => {
    const warned = expectMove(awaitingProceed(), say.whitespace, {
      label: "Initiating.AwaitingProceed",
      actions: ["report Diagnostic whitespaceInWindow"],
      timers: []
    })
    expectIgnored(warned, say.whitespace)
  })

  row("8.4.6", "TLS-11 END-18", () => {
    expectMove(awaitingProceed(), say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-negotiation", "-step", "+end 3000"],
      cause: "tlsRefused"
    })
  })

  row("8.4.7", "ERR-02", () => {
    expectMove(awaitingProceed(), says(say.streamError("internal-server-error")), {
      label: failed,
      actions: ["send footer", "report PeerError internal-server-error"],
      cause: "reported"
    })
  })

  row("8.4.8", "TIME-04 P-07", () => {
    const state = awaitingProceed()
    expectMove(state, say.fires(state, "step"), { label: failed, actions: err("connection-timeout"), cause: "silence" })
  })

  row("8.4.9", "TLS-07 TLS-14 P-07", () => {
    const next = expectMove(awaitingProceed(), say.send(1), {
      label: "Initiating.AwaitingProceed",
      actions: [],
      timers: []
    })
    expect("held" in next && next.held.length).toBe(1)
  })

  row("8.4.10", "END-21 TLS-07 P-07", () => {
    expectMove(awaitingProceed(), say.close, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-negotiation", "-step", "+end 3000"],
      cause: "aborted"
    })
  })
})

table("8.6", () => {
  const state = awaitingVerdict("initiator")

  row("8.6.1", "TLS-20 TLS-25 HDR-27 HDR-28 TIME-13", () => {
    expectMove(state, say.judged("initiator"), {
      label: "Initiating.AwaitingHeader",
      actions: ["send header", "report TlsOn"],
      timers: ["-verdict", "+step 135000"]
    })
  })

  row("8.6.1", "LIM-05 what waited is taken in order", () => {
    const waiting = play(state, say.whitespace, header("initiator"), says(features(say.mechanisms("EXTERNAL"))))
    expectMove(waiting, say.judged("initiator"), {
      label: "Initiating.AwaitingSasl",
      actions: ["send header", "report TlsOn", "send sasl:auth[mechanism=EXTERNAL]('=')"],
      withDeferred: true
    })
  })

  row("8.6.2", "TLS-21 CERT-01 CERT-04", () => {
    const next = expectMove(state, say.rejectedBy("initiator"), {
      label: "Closed",
      actions: ["StopInput", "report CertificateRejected", "report Ended certificate unclean", "DropTransport"],
      timers: ["-verdict"],
      cause: "certificate"
    })
    expect(next).toMatchObject({ reason: { _tag: "NotAdmitted", rule: "CERT-85", detail: "the pin differs" } })
  })

  row("8.6.3", "LIM-05 P-06 P-30", () => {
    const events = [
      header("initiator"),
      says(say.message("m1")),
      say.footer,
      say.whitespace,
      say.rejected("restricted")
    ]
    let next = state
    for (const event of events) {
      next = expectMove(next, event, { label: "Initiating.AwaitingVerdict", actions: [], timers: [] })
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

  row("8.6.4", "CERT-87", () => {
    expectMove(state, say.fires(state, "verdict"), {
      label: "Closed",
      actions: ["StopInput", "report Ended verdictTimeout unclean", "DropTransport"],
      timers: [],
      cause: "verdictTimeout"
    })
  })

  rowFor("8.6.5", "TLS-22", [["ended", say.ended], ["lost", say.lost]], (event) => {
    expectMove(state, event, {
      label: "Closed",
      actions: ["StopInput", "report Ended peerGone unclean", "DropTransport"],
      timers: ["-verdict"],
      cause: "peerGone"
    })
  })

  row("8.6.6", "STZ-23 P-06", () => {
    expectMove(state, say.send(1), { label: "Initiating.AwaitingVerdict", actions: [], timers: [] })
  })

  rowFor("8.6.7", "END-13", [["close", say.close], ["fail", say.failWith()]], (event) => {
    expectMove(state, event, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-verdict", "+end 3000"],
      cause: "aborted"
    })
  })
})

describe("the clear phase", () => {
  it("P-13 TLS-20 HDR-07 leaves no trace after TLS", () => {
    const verdict = [say.tlsUp, say.judged("initiator")]
    const one = play(
      awaitingHeader("initiator", "clear"),
      header("initiator"),
      says(features(say.starttlsRequired)),
      says(say.tls("proceed")),
      ...verdict
    )
    const other = play(
      awaitingHeader("initiator", "clear"),
      header("initiator", { from: "rita@quarry.example", id: "other", to: undefined, version: "1.9" }),
      says(features(say.discoInfo, say.tls("starttls"), say.mechanisms("PLAIN"))),
      says(say.tls("proceed")),
      ...verdict
    )
    expect(other).toEqual(one)
  })
})
