import type { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import type { State } from "../src/State.ts"
import { common, commonCondition } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { base64, header, message, says } from "./speaking.ts"
import {
  awaitingChoice,
  awaitingCommitment,
  awaitingHeader,
  err,
  expectIgnored,
  expectMove,
  type Phase,
  play,
  pureStep
} from "./walking.ts"

const phases: ReadonlyArray<readonly [string, Phase]> = [["clear", "clear"], ["tls", "tls"], ["auth", "auth"]]
const failed = "Closing.AwaitingFooter"
table("8.10", () => {
  const offers: Readonly<Record<Phase, readonly [label: string, features: string, timers: ReadonlyArray<string>]>> = {
    clear: ["Responding.AwaitingChoice", "(tls:starttls(tls:required))", ["+step 30000"]],
    tls: [
      "Responding.AwaitingChoice",
      "(sasl:mechanisms(sasl:mechanism('EXTERNAL')))",
      ["+negotiation 60000", "+step 30000"]
    ],
    auth: ["Established", "", ["-negotiation", "-step", "+keepalive 300000"]]
  }
  rowFor("8.10.1", "E2E-07 E2E-08 FEAT-01 HDR-29 TIME-05 AMB-03", phases, (phase) => {
    const [label, features, timers] = offers[phase]
    expectMove(awaitingHeader("recipient", phase), header("recipient"), {
      label,
      actions: ["send header", `send stream:features${features}`, ...(phase === "auth" ? ["report Negotiated"] : [])],
      timers
    })
  })

  rowFor("8.10.2", "HDR-03 ERR-01 ERR-03 ERR-10", phases, (phase) => {
    const next = expectMove(awaitingHeader("recipient", phase), header("recipient", { to: "ursula@quarry.example" }), {
      label: failed,
      actions: ["send header", ...err("host-unknown")],
      timers: phase === "tls" ? ["-step", "+close 5000"] : ["-negotiation", "-step", "+close 5000"],
      cause: "misbehaved"
    })
    expect(next).toMatchObject({ at: { failed: true }, reason: { condition: "host-unknown" } })
  })

  rowFor("8.10.3", "HDR-03 HDR-14 END-20 ERR-03", phases, (phase) => {
    const [next, actions] = pureStep(awaitingHeader("recipient", phase), say.rejected("restricted"))
    expect(next).toMatchObject({ _tag: "Closing", at: { _tag: "AwaitingEnd", clean: false, ended: true } })
    expect(actions.find(({ _tag }) => _tag === "SendHeader")).toEqual({
      _tag: "SendHeader",
      header: {
        from: "teo@quarry.example",
        id: "fresh-of-the-fault",
        version: "1.0",
        lang: "en",
        contentNamespace: "jabber:client"
      }
    })
  })

  rowFor("8.10.4", "XML-14", phases, (phase) => expectIgnored(awaitingHeader("recipient", phase), say.whitespace))

  row("8.10.5", "TIME-03", () => {
    const state = awaitingHeader("recipient", "clear")
    expectMove(state, say.fires(state, "step"), {
      label: "Closed",
      actions: ["StopInput", "report Ended noHeader unclean", "DropTransport"],
      timers: ["-negotiation"],
      cause: "noHeader"
    })
  })

  rowFor("8.10.6", "TIME-03 TIME-13", phases.slice(1), (phase) => {
    const state = awaitingHeader("recipient", phase)
    expectMove(state, say.fires(state, "step"), {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: phase === "tls" ? ["+end 3000"] : ["-negotiation", "+end 3000"],
      cause: "noHeader"
    })
  })

  rowFor("8.10.7", "END-07 END-12", phases, (phase) => {
    expectMove(awaitingHeader("recipient", phase), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      cause: phase === "tls" ? "refusedByPeer" : "peerGone"
    })
  })

  rowFor("8.10.8", "TIME-08", phases, (phase) => {
    const cause = phase === "tls" ? "refusedByPeer" : "peerGone"
    expectMove(awaitingHeader("recipient", phase), say.lost, {
      label: "Closed",
      actions: [`report Ended ${cause} unclean`, "DropTransport"],
      cause
    })
  })

  rowFor("8.10.9", "END-13", phases, (phase) => {
    for (const event of [say.close, say.failWith()]) {
      expectMove(awaitingHeader("recipient", phase), event, {
        label: "Closing.AwaitingEnd",
        actions: ["StopInput", "EndTransport"]
      })
    }
  })

  rowFor("8.10.10", "STZ-23", phases, (phase) => {
    const next = expectMove(awaitingHeader("recipient", phase), say.send(1), {
      label: "Responding.AwaitingHeader",
      actions: [],
      timers: []
    })
    expect("held" in next && next.held.length).toBe(1)
  })
})

const refusesTls = {
  label: failed,
  actions: ["send tls:failure", "send footer"],
  cause: "tlsRefused"
} as const

const offer = (...methods: ReadonlyArray<Element.Element>) =>
  say.tls("starttls", {}, [{ ...say.foreign("offer", {}, methods), namespace: "urn:xmpp:tmp:c2ctls" }])
const method = (name: string) => ({ ...say.foreign(name), namespace: "urn:xmpp:tmp:c2ctls" })
const keyinfo = { ...say.foreign("keyinfo"), namespace: "urn:xmpp:tmp:pubkey" }

const good = [
  say.tls("starttls"),
  say.starttlsRequired,
  say.tls("starttls", {}, [say.foreign("unknown")]),
  say.tls("starttls", {}, [" \n "]),
  offer(keyinfo),
  offer(method("insecure")),
  offer(method("srp"), keyinfo)
]

/** SASL in a clear stream, where it cannot succeed. */
const saslInClear: ReadonlyArray<readonly [element: ReturnType<typeof say.auth>, condition: string, counts: boolean]> =
  [
    [say.auth("="), "encryption-required", true],
    [say.auth(), "encryption-required", true],
    [say.auth(base64("x")), "encryption-required", true],
    [say.auth("=", "PLAIN"), "invalid-mechanism", true],
    [say.auth("=", "external"), "invalid-mechanism", true],
    [say.auth("=", ""), "invalid-mechanism", true],
    [say.sasl("auth", {}, ["="]), "invalid-mechanism", true],
    [say.sasl("response"), "malformed-request", false],
    [say.sasl("abort"), "aborted", false]
  ]

const triesOf = (state: State): number => state._tag === "Responding" && "tries" in state.at ? state.at.tries : -1

const expectSaslFailure = (state: State, [element, condition, counts]: typeof saslInClear[number], label: string) => {
  const next = expectMove(state, says(element), { label, actions: [`send sasl:failure(sasl:${condition})`] })
  expect(triesOf(next)).toBe(triesOf(state) + (counts ? 1 : 0))
  return next
}

table("8.11", () => {
  const state = awaitingChoice("clear")

  row("8.11.1", "TLS-08 TLS-12 TLS-15 TLS-17 XML-21 C2C-08", () => {
    for (const element of good) {
      expectMove(state, says(element), {
        label: "Responding.AwaitingTls",
        actions: ["send tls:proceed", "StartTls server"],
        timers: ["+step 15000"]
      })
    }
  })

  row("8.11.2", "TLS-09 C2C-09", () => {
    const bad = [
      say.tls("starttls", {}, ["now"]),
      offer(method("srp")),
      offer(),
      offer(say.foreign("method"))
    ]
    for (const element of bad) {
      const next = expectMove(state, says(element), { ...refusesTls, timers: ["-negotiation", "-step", "+close 5000"] })
      expect(next).toMatchObject({ at: { failed: false } })
    }
  })

  row("8.11.3", "SASL-31 SASL-39", () => {
    let next = state
    for (const each of [0, 1, 2].map((at) => saslInClear[at])) {
      if (each !== undefined) next = expectSaslFailure(next, each, "Responding.AwaitingChoice")
    }
    expectMove(next, says(say.auth("=")), { label: failed, actions: err("policy-violation"), cause: "tooManyTries" })
  })

  rowFor(
    "8.11.4",
    "SASL-30",
    saslInClear.slice(3, 7).map((each) => [JSON.stringify(each[0].attributes), each] as const),
    (each) => {
      expectSaslFailure(state, each, "Responding.AwaitingChoice")
    }
  )

  rowFor("8.11.5", "SASL-35 SASL-37", saslInClear.slice(7).map((each) => [each[0].name, each] as const), (each) => {
    expectSaslFailure(state, each, "Responding.AwaitingChoice")
  })

  row("8.11.6", "FEAT-12 LIM-04 TLS-30 P-03", () => {
    expectMove(state, says(message("m1")), {
      label: failed,
      actions: err("not-authorized"),
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "misbehaved"
    })
  })

  row("8.11.7", "SASL-47", () => {
    const wrong = [
      say.tls("proceed"),
      say.tls("failure"),
      say.sasl("success"),
      say.saslFailure("aborted"),
      say.sasl("challenge")
    ]
    for (const element of wrong) {
      expectMove(state, says(element), { label: failed, actions: err("not-authorized") })
    }
  })

  row("8.11.8", "FEAT-20 ERR-43", () => {
    expectMove(state, says(say.features()), { label: failed, actions: err("unsupported-stanza-type") })
  })

  row("8.11.9", "ERR-02", () => {
    expectMove(state, says(say.streamError("unsupported-feature")), {
      label: failed,
      actions: ["send footer", "report PeerError unsupported-feature"],
      cause: "reported"
    })
  })

  row("8.11.10", "END-18", () => {
    expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-negotiation", "-step", "+end 3000"],
      cause: "refusedByPeer"
    })
  })

  row("8.11.11", "TIME-05 ERR-23", () => {
    expectMove(state, say.fires(state, "step"), {
      label: failed,
      actions: err("connection-timeout"),
      timers: ["-negotiation", "+close 5000"],
      cause: "silence"
    })
  })

  row("8.11.12", "STZ-23 P-03", () => {
    expectMove(state, say.send(1), { label: "Responding.AwaitingChoice", actions: [], timers: [] })
  })
})

table("8.14", () => {
  const state = awaitingCommitment()
  const settled = ["report Negotiated", "report InsecureChannel"]
  const settledTimers = ["-negotiation", "-commit", "+keepalive 300000"]

  row("8.14.1", "TLS-08 TLS-12 TLS-31", () => {
    for (const element of good) {
      expectMove(state, says(element), {
        label: "Responding.AwaitingTls",
        actions: ["send tls:proceed", "StartTls server"],
        timers: ["-commit", "+step 15000"]
      })
    }
    expectMove(state, says(say.tls("starttls", {}, ["now"])), refusesTls)
  })

  row("8.14.2", "AMB-11 FEAT-17 FEAT-18 E2E-22", () => {
    const next = expectMove(play(state, say.send(1)), says(message("a")), {
      label: "Established",
      actions: ["send message m1 #1", "deliver message a", ...settled],
      timers: settledTimers
    })
    expect(next).toMatchObject({
      admission: { secured: false, peer: { address: "nadia@harbor.example", how: "announced", verified: false } }
    })
    expectMove(state, says(say.iq({ type: "get", id: "q" })), {
      label: "Established",
      actions: ["send iq[type=error id=q](error[type=modify](stanzas:bad-request))", ...settled]
    })
    expectMove(state, says(message("a"), { headerPrefixed: true }), {
      label: failed,
      actions: [...err("invalid-namespace").slice(0, 2), ...settled, "report SentError invalid-namespace"]
    })
    expectMove(state, says(message("a", { from: "rita@harbor.example" })), {
      label: failed,
      actions: [...err("invalid-from").slice(0, 2), ...settled, "report SentError invalid-from"]
    })
  })

  row("8.14.2", "TLS-09 FEAT-18 settled is settled", () => {
    expectMove(play(state, says(message("a"))), says(say.tls("starttls")), refusesTls)
  })

  row("8.14.3", "AMB-11 FEAT-18 E2E-22", () => {
    expectMove(play(state, say.send(1), say.send(2)), say.fires(state, "commit"), {
      label: "Established",
      actions: ["send message m1 #1", "send message m2 #2", ...settled],
      timers: ["-negotiation", "+keepalive 300000"]
    })
  })

  row("8.14.4", "SASL-30 SASL-31 SASL-35 SASL-37 SASL-39", () => {
    for (const each of saslInClear) expectSaslFailure(state, each, "Responding.AwaitingCommitment")
    const tired = play(state, says(say.auth("=")), says(say.auth("=")), says(say.auth("=")))
    expectMove(tired, says(say.auth("=")), { label: failed, actions: err("policy-violation"), cause: "tooManyTries" })
  })

  rowFor("8.14.5", "SM-02 SM-19", [["enable", "enable"], ["resume", "resume"]] as const, (name) => {
    expectIgnored(state, says(say.sm(name)), ["send sm:failed(stanzas:unexpected-request)"])
  })

  row("8.14.6", "END-18 ERR-02 FEAT-20 NS-05 NS-06 NS-07 NS-08 SASL-47", () => {
    for (const [name, [element, more]] of common) {
      const condition = commonCondition[name]
      if (condition === undefined) expectIgnored(state, says(element, more), ["report Diagnostic unknownElement"])
      else expectMove(state, says(element, more), { label: failed, actions: err(condition) })
    }
    expectIgnored(state, says(say.sm("r")), ["report Diagnostic unknownElement"])
    expectMove(state, says(say.features()), { label: failed, actions: err("unsupported-stanza-type") })
    for (const element of [say.tls("proceed"), say.sasl("success")]) {
      expectMove(state, says(element), { label: failed, actions: err("not-authorized") })
    }
    expectMove(state, says(say.streamError("conflict")), {
      label: failed,
      actions: ["send footer", "report PeerError conflict"]
    })
    expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      cause: "refusedByPeer"
    })
  })

  row("8.14.7", "FEAT-18 STZ-23", () => {
    const next = expectMove(state, say.send(1), { label: "Responding.AwaitingCommitment", actions: [], timers: [] })
    expect("held" in next && next.held.length).toBe(1)
  })
})

describe("the offer", () => {
  it("HDR-15 HDR-20 the wanted peer is looked for when clear text is settled, not before", () => {
    const input = { peer: "office@harbor.example" }
    expect(awaitingChoice("clear", input)._tag).toBe("Responding")
    expectMove(awaitingCommitment(input), says(message("a")), {
      label: failed,
      actions: err("invalid-from"),
      cause: "identity"
    })
  })

  it("P-13 TLS-20 SASL-39 nothing said in clear is left after TLS", () => {
    const verdict = [say.tlsUp, say.judged("recipient")]
    const one = play(awaitingChoice("clear"), says(say.tls("starttls")), ...verdict)
    const other = play(
      awaitingHeader("recipient", "clear"),
      header("recipient", { from: "rita@harbor.example", to: undefined, version: "3.7" }),
      says(say.auth("=")),
      says(say.auth("=", "PLAIN")),
      says(say.tls("starttls")),
      ...verdict
    )
    const { generation: _, timers: __, ...left } = one
    expect(other).toMatchObject(left)
  })
})
