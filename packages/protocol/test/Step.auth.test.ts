import { describe, expect, it } from "vitest"
import type { State } from "../src/State.ts"
import { common, commonCondition } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, base64, message, resumption, says, sm } from "./speaking.ts"
import {
  awaitingAbort,
  awaitingResumed,
  awaitingSasl,
  err,
  expectIgnored,
  expectMove,
  type Input,
  play,
  pureStep
} from "./walking.ts"

const failed = "Closing.AwaitingFooter"
const nadia = addresses.initiator
const challenge = says(say.sasl("challenge"))
const several: Input = { certificate: { addresses: [nadia, "office@harbor.example"] } }

/** All three wait for an answer of SASL or, the last, of stream management. */
const waiting: ReadonlyArray<readonly [name: string, state: State]> = [
  ["I.Sasl", awaitingSasl()],
  ["I.Sasl(respSent)", play(awaitingSasl(), challenge)],
  ["I.Abort", awaitingAbort()],
  ["I.Resume", awaitingResumed()]
]
const inSasl = waiting.slice(0, 2)

const expectCommonAnswers = (state: State) => {
  for (const [name, [element, more]] of common) {
    const condition = commonCondition[name]
    if (condition === undefined) expectIgnored(state, says(element, more), ["report Diagnostic unknownElement"])
    else expectMove(state, says(element, more), { label: failed, actions: err(condition) })
  }
}

const expectNotAuthorized = (state: State, ...elements: ReadonlyArray<Parameters<typeof says>[0]>) => {
  for (const element of elements) {
    expectMove(state, says(element), { label: failed, actions: err("not-authorized"), cause: "misbehaved" })
  }
}

const expectPeerError = (state: State) =>
  expectMove(state, says(say.streamError("policy-violation")), {
    label: failed,
    actions: ["send footer", "report PeerError policy-violation"],
    timers: ["-negotiation", "-step", "+close 5000"],
    cause: "reported"
  })

const expectTimeout = (state: State) =>
  expectMove(state, say.fires(state, "step"), {
    label: failed,
    actions: err("connection-timeout"),
    timers: ["-negotiation", "+close 5000"],
    cause: "silence"
  })

const expectRestart = (state: State, element: Parameters<typeof says>[0]) =>
  expectMove(state, says(element), {
    label: "Initiating.AwaitingHeader",
    actions: ["send header", "RestartInput"],
    timers: ["+step 15000"]
  })

table("8.7", () => {
  rowFor("8.7.1", "SASL-27 SASL-28 SASL-29 HDR-27 HDR-28", inSasl, (state) => {
    const next = expectRestart(state, say.sasl("success"))
    expect(next).toMatchObject({ link: { _tag: "Authenticated" } })
    expectRestart(state, say.sasl("success", {}, ["ZGF0YQ=="]))
  })

  row("8.7.2", "SASL-12 SASL-11", () => {
    const answers = (state: State, data: string) =>
      expectMove(state, challenge, {
        label: "Initiating.AwaitingSasl",
        actions: [`send sasl:response('${data}')`],
        timers: ["+step 15000"]
      })
    answers(awaitingSasl(), "=")
    answers(awaitingSasl(several), base64(nadia))
  })

  row("8.7.3", "SASL-45 SASL-37", () => {
    const aborts = { label: "Initiating.AwaitingAbort", actions: ["send sasl:abort"], timers: ["+step 15000"] }
    for (const data of ["eA==", "=x", " "]) {
      expectMove(awaitingSasl(), says(say.sasl("challenge", {}, [data])), aborts)
    }
    expectMove(awaitingSasl(), says(say.sasl("challenge", {}, [say.foreign("x")])), aborts)
    expectMove(play(awaitingSasl(), challenge), challenge, aborts)
  })

  row("8.7.4", "SASL-09 SASL-39", () => {
    const again = expectMove(awaitingSasl(), says(say.saslFailure("invalid-authzid")), {
      label: "Initiating.AwaitingSasl",
      actions: [`send sasl:auth[mechanism=EXTERNAL]('${base64(nadia)}')`],
      timers: ["+step 15000"]
    })
    const twice = play(awaitingSasl({ limits: { saslTriesMax: 2 } }), says(say.saslFailure("invalid-authzid")))
    expect(twice).toMatchObject({ at: { _tag: "AwaitingSasl", tries: 1 } })
    // The new handshake may be challenged like the first.
    expectMove(again, challenge, {
      label: "Initiating.AwaitingSasl",
      actions: [`send sasl:response('${base64(nadia)}')`]
    })
    const [, ...rest] = [1, 2, 3, 4, 5].map((tries) =>
      again._tag === "Initiating" && again.at._tag === "AwaitingSasl"
        ? { ...again, at: { ...again.at, tries, others: ["x@y.example"] } }
        : again
    )
    for (const state of rest) expect(play(state, says(say.saslFailure("invalid-authzid")))._tag).toBe("Closing")
  })

  const conditions = [
    "aborted",
    "account-disabled",
    "credentials-expired",
    "encryption-required",
    "incorrect-encoding",
    "invalid-authzid",
    "invalid-mechanism",
    "malformed-request",
    "mechanism-too-weak",
    "not-authorized",
    "temporary-auth-failure"
  ]
  rowFor(
    "8.7.5",
    "SASL-09 SASL-43 SASL-44",
    [
      ...conditions.map((each) => [each, [say.saslFailure(each), each]] as const),
      ["an unknown condition", [say.saslFailure("bad-weather"), "not-authorized"]],
      ["no condition", [say.sasl("failure"), "not-authorized"]],
      ["only a text", [say.sasl("failure", {}, [say.sasl("text", {}, ["sorry"])]), "not-authorized"]],
      ["a condition of another namespace", [say.sasl("failure", {}, [say.foreign("aborted")]), "not-authorized"]]
    ] as const,
    ([element, told]) => {
      const next = expectMove(awaitingSasl(several), says(element), {
        label: failed,
        actions: ["send footer", `report AuthenticationFailed ${told}`],
        timers: ["-negotiation", "-step", "+close 5000"],
        cause: "authenticationFailed"
      })
      expect(next).toMatchObject({ at: { failed: false }, reason: { detail: told } })
    }
  )

  rowFor("8.7.6", "FEAT-13", inSasl, (state) => expectNotAuthorized(state, message("m1")))

  rowFor("8.7.7", "FEAT-19", inSasl, (state) => {
    expectIgnored(state, says(say.features(say.mechanisms("EXTERNAL"))), ["report Diagnostic unexpectedFeatures"])
    expectCommonAnswers(state)
  })

  rowFor("8.7.8", "SASL-47", inSasl, (state) => {
    expectNotAuthorized(
      state,
      say.tls("proceed"),
      say.tls("starttls"),
      say.auth("="),
      say.sasl("response"),
      say.sasl("abort")
    )
  })

  rowFor("8.7.9", "END-18", inSasl, (state) => {
    expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-negotiation", "-step", "+end 3000"],
      cause: "authenticationFailed"
    })
  })

  rowFor("8.7.10", "ERR-02", inSasl, expectPeerError)
  rowFor("8.7.11", "TIME-04", inSasl, expectTimeout)

  rowFor("8.7.12", "E2E-17", inSasl, (state) => {
    expectMove(state, say.close, { label: failed, actions: ["send footer"], cause: "closedBySelf" })
  })
})

table("8.8", () => {
  row("8.8.1", "SASL-37", () => {
    for (const condition of ["aborted", "not-authorized", "bad-weather"]) {
      expectMove(awaitingAbort(), says(say.saslFailure(condition)), {
        label: failed,
        actions: ["send footer"],
        timers: ["-negotiation", "-step", "+close 5000"],
        cause: "authenticationAborted"
      })
    }
  })

  row("8.8.2", "SASL-28 SASL-37", () => {
    expect(expectRestart(awaitingAbort(), say.sasl("success"))).toMatchObject({ link: { _tag: "Authenticated" } })
  })

  row("8.8.3", "SASL-45 SASL-47", () => {
    const state = awaitingAbort()
    expectNotAuthorized(state, message("m1"), say.tls("proceed"), say.auth("="), say.sasl("response"))
    expectIgnored(state, says(say.features()), ["report Diagnostic unexpectedFeatures"])
    // A challenge that crossed our abort: it is answered already, a second abort would answer nothing.
    expectIgnored(state, challenge, ["report Diagnostic unexpectedElement"])
    expectCommonAnswers(state)
    expectPeerError(state)
    expectTimeout(state)
    expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      cause: "authenticationAborted"
    })
    expectMove(state, say.close, { label: failed, actions: ["send footer"] })
  })
})

const resumed = (attributes: Parameters<typeof sm>[1]) => says(sm("resumed", attributes))

table("8.9", () => {
  row("8.9.1", "STZ-19 SM-14 SM-15 SM-24", () => {
    const state = play(awaitingResumed(), say.send(1))
    const next = expectMove(state, resumed({ previd: "session-1", h: "2" }), {
      label: "Established",
      actions: ["send message kept-3", "send message m1 #1", "report Negotiated again"],
      timers: ["-negotiation", "-step", "+keepalive 300000", "+acknowledgement 30000"]
    })
    expect(next).toMatchObject({ session: { management: { _tag: "On", id: "session-1", handled: 5, sent: 4 } } })
    expectMove(awaitingResumed(), resumed({ previd: "session-1", h: "3" }), {
      label: "Established",
      actions: ["report Negotiated again"],
      timers: ["-negotiation", "-step", "+keepalive 300000"]
    })
    expectMove(awaitingResumed(), resumed({ previd: "session-1", h: "1" }), {
      label: "Established",
      actions: ["send message kept-2", "send message kept-3", "report Negotiated again"]
    })
  })

  row("8.9.1", "SM-06 SM-09 counters go on beyond 2^32", () => {
    const session = resumption("initiator", { sent: 1, handled: 4_294_967_295 })
    const next = play(awaitingResumed({}, session), resumed({ previd: "session-1", h: "0" }), says(message("m1")))
    expect(next).toMatchObject({
      session: { management: { sent: 1, handled: 0, kept: [{ stanza: message("kept-3") }] } }
    })
  })

  rowFor("8.9.2", "SM-10 SM-08", [
    ["another session", resumed({ previd: "session-2", h: "2" })],
    ["no session", resumed({ h: "2" })],
    ["no number", resumed({ previd: "session-1" })],
    ["a word", resumed({ previd: "session-1", h: "two" })],
    ["a number beyond 32 bits", resumed({ previd: "session-1", h: "4294967296" })]
  ], (event) => {
    expectMove(awaitingResumed(), event, { label: failed, actions: err("policy-violation"), cause: "misbehaved" })
  })

  row("8.9.2", "ERR-40 SM-10 more than was sent", () => {
    const told = "sm:handled-count-too-high[h=4 send-count=3]"
    expectMove(awaitingResumed(), resumed({ previd: "session-1", h: "4" }), {
      label: failed,
      actions: [
        `send stream:error(streams:undefined-condition ${told})`,
        "send footer",
        "report SentError undefined-condition"
      ],
      cause: "misbehaved"
    })
  })

  row("8.9.3", "P-15 SM-16 SM-03", () => {
    const gone = says(
      sm("failed", { h: "2" }, [{ ...say.stanza("item-not-found"), namespace: "urn:ietf:params:xml:ns:xmpp-stanzas" }])
    )
    const next = expectMove(play(awaitingResumed(), say.send(1)), gone, {
      label: "Established",
      actions: [
        "send sm:enable[resume=true]",
        "send message kept-2",
        "send message kept-3",
        "send message m1 #1",
        "report Diagnostic resumptionRefused",
        "report Negotiated"
      ],
      timers: ["-negotiation", "-step", "+keepalive 300000"]
    })
    expect(next).toMatchObject({ session: { management: { _tag: "Enabling", sent: 3 } } })
  })

  row("8.9.4", "FEAT-13 SM-24", () => expectNotAuthorized(awaitingResumed(), message("m1")))

  row("8.9.5", "SM-22 SM-24", () => {
    const state = awaitingResumed()
    expectNotAuthorized(state, say.tls("proceed"), say.sasl("success"))
    expectIgnored(state, says(say.features()), ["report Diagnostic unexpectedFeatures"])
    for (const name of ["r", "a", "enabled"]) expectIgnored(state, says(sm(name)), ["report Diagnostic unknownElement"])
    expectCommonAnswers(state)
    expectPeerError(state)
    expectMove(state, say.footer, { label: "Closing.AwaitingEnd", actions: ["send footer", "StopInput"] })
    expectMove(state, say.close, { label: failed, actions: ["send footer"] })
    expectMove(state, say.send(1), { label: "Initiating.AwaitingResumed", actions: [], timers: [] })
  })

  row("8.9.6", "TIME-04", () => expectTimeout(awaitingResumed()))
})

describe("words of other namespaces", () => {
  it("SASL-27 SASL-37 SM-14 settle nothing", () => {
    for (const name of ["success", "challenge", "failure"]) {
      expectIgnored(awaitingSasl(), says(say.foreign(name)), ["report Diagnostic unknownElement"])
      expectIgnored(awaitingAbort(), says(say.foreign(name)), ["report Diagnostic unknownElement"])
    }
    for (const name of ["resumed", "failed"]) {
      expectIgnored(awaitingResumed(), says(say.foreign(name, { previd: "session-1", h: "3" })), [
        "report Diagnostic unknownElement"
      ])
    }
  })

  it("SASL-43 SASL-44 the condition of a failure is what is no text, wherever it stands, and the text is told", () => {
    const [text, condition] = [say.sasl("text", {}, ["come back later"]), say.sasl("account-disabled")]
    for (const children of [[text, condition], [condition, text]]) {
      const [, actions] = pureStep(
        awaitingSasl({ certificate: { addresses: [] } }),
        says(say.sasl("failure", {}, children))
      )
      expect(actions.flatMap((each) => each._tag === "Report" ? [each.notice] : [])).toStrictEqual([
        { _tag: "AuthenticationFailed", condition: "account-disabled", text: "come back later" }
      ])
    }
  })
})
