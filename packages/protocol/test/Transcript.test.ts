/** Whole conversations, as values: two machines, or one and a script. `I:` is the initiator, `R:` the recipient. */
import { describe, expect, it } from "vitest"
import type { Event, Resumption } from "../src/Event.ts"
import { meet, type Meeting } from "./meeting.ts"
import * as say from "./speaking.ts"
import { iq, message, ping, roles, says, send, stanza } from "./speaking.ts"
import { awaitingHeader, established, expectMove, type Input, play, pureStep, told } from "./walking.ts"

const external = "R: stream:features(sasl:mechanisms(sasl:mechanism('EXTERNAL')))"
const required = "R: stream:features(tls:starttls(tls:required))"
const toTls = ["I: header", "R: header", required, "I: tls:starttls", "R: tls:proceed", "I: header", "R: header"]
const toExternal = [
  ...toTls,
  external,
  "I: sasl:auth[mechanism=EXTERNAL]('=')",
  "R: sasl:success",
  "I: header",
  "R: header"
]
const orderly = ["I: footer", "R: footer"]

const expectEnded = (meeting: Meeting) => {
  expect(roles.map((role) => meeting.at(role))).toEqual(["Closed", "Closed"])
  expect(roles.map((role) => meeting.ended(role)?.clean)).toEqual([true, true])
}

describe("peers without version", () => {
  const legacy: Input = { policy: { tls: "preferred", legacy: "accept" }, extraFeatures: [say.discoInfo] }

  it("VER-04 VER-13 FEAT-02 an old initiator", () => {
    const state = expectMove(
      awaitingHeader("recipient", "clear", legacy),
      say.header("recipient", { version: undefined }),
      {
        label: "Established",
        actions: ["send header", "report Negotiated", "report InsecureChannel"]
      }
    )
    const old = says(stanza("message", {}, [stanza("body", {}, ["old style hello"])]))
    expect(pureStep(state, old)[1].map(({ _tag }) => _tag)).toEqual(["Deliver"])
  })

  it("VER-04 HDR-21 HDR-25 an old recipient that says nothing about itself", () => {
    const silent = say.header("initiator", { version: undefined, id: undefined, from: undefined, to: undefined })
    expectMove(play(awaitingHeader("initiator", "clear", legacy), send(1)), silent, {
      label: "Established",
      actions: ["send message m1 #1", "report Diagnostic missingId", "report Negotiated", "report InsecureChannel"]
    })
  })
})

describe("STARTTLS and EXTERNAL", () => {
  it("E2E-02 E2E-08 E2E-16 HDR-26 HDR-29 TLS-01 SASL-01 SASL-46 AMB-06 between two link-local names", () => {
    const [mira, oskar] = ["mira@tansy", "oskar@linden"]
    const naming = { naming: "linkLocal" } as const
    const meeting = meet({
      initiator: { ...naming, self: mira, peer: oskar, certificate: { addresses: [mira] } },
      recipient: { ...naming, self: oskar, peer: mira, management: { use: true } },
      verdicts: { initiator: { identity: oskar, authorised: [oskar] }, recipient: { authorised: [mira] } }
    })
    meeting.tell("initiator", send(1))
    meeting.tell("recipient", send(2))
    meeting.tell("initiator", say.close)
    expect(meeting.wire).toEqual([
      ...toExternal,
      "R: stream:features(sm:sm)",
      "I: message m1",
      "R: message m2",
      ...orderly
    ])
    expect(meeting.headers.map(({ from, to }) => [from, to])).toEqual(
      [0, 1, 2].flatMap(() => [[mira, oskar], [oskar, mira]])
    )
    const ids = meeting.headers.map(({ id }) => id)
    expect(ids.filter((_, at) => at % 2 === 0)).toEqual([undefined, undefined, undefined])
    expect(new Set(ids).size).toBe(4)
    expectEnded(meeting)
  })

  it("AMB-06 AMB-25 SASL-18 profile 0.1, and a certificate with several identities", () => {
    const profile = { policy: { profile: "0.1" } } as const
    const meeting = meet({
      initiator: { ...profile, certificate: { addresses: [say.addresses.initiator, "office@harbor.example"] } },
      recipient: profile,
      verdicts: { recipient: { authorised: [say.addresses.initiator, "office@harbor.example"] } }
    })
    expect(meeting.wire).toContain("I: sasl:auth[mechanism=EXTERNAL]('bmFkaWFAaGFyYm9yLmV4YW1wbGU=')")
    expect(roles.map((role) => meeting.at(role))).toEqual(["Established", "Established"])
  })
})

describe("TLS without SASL", () => {
  it("E2E-11 SASL-05 SASL-46 CERT-07 the certificates were enough, one handshake for both directions", () => {
    const meeting = meet({ recipient: { policy: { sasl: "never" } }, before: [["initiator", send(1)]] })
    expect(meeting.wire).toEqual([...toTls, "R: stream:features", "I: message m1"])
    for (const role of roles) {
      expect(meeting.state(role)).toMatchObject({
        admission: {
          secured: true,
          peer: { address: say.addresses[say.otherRole(role)], how: "certificate", verified: true }
        }
      })
    }
    expect(meeting.heard("recipient")).toContain("message m1")
  })

  it("FEAT-12 TLS-30 STZ-23 a stanza too early is neither delivered nor answered", () => {
    const state = play(awaitingHeader("recipient", "clear"), say.header("recipient"))
    const next = expectMove(state, says(message("early")), {
      label: "Closing.AwaitingFooter",
      actions: ["send stream:error(streams:not-authorized)", "send footer", "report SentError not-authorized"]
    })
    expectMove(next, say.footer, { label: "Closing.AwaitingEnd", actions: ["StopInput", "EndTransport"] })
  })

  it("TLS-06 TLS-10 AMB-07 an offer that was stripped on the way: both go on with TLS", () => {
    const asks = expectMove(play(awaitingHeader("initiator", "clear"), say.header("initiator")), says(say.features()), {
      label: "Initiating.AwaitingProceed",
      actions: ["send tls:starttls", "report Diagnostic tlsNotAdvertised"]
    })
    expectMove(play(awaitingHeader("recipient", "clear"), say.header("recipient")), says(say.tls("starttls")), {
      label: "Responding.AwaitingTls",
      actions: ["send tls:proceed", "StartTls server"]
    })
    expectMove(asks, says(say.tls("proceed")), { label: "Initiating.AwaitingTls", actions: ["StartTls client"] })
  })

  it("TLS-06 TLS-11 STZ-23 a recipient that never does TLS: no stanza is ever sent", () => {
    const meeting = meet({ recipient: { policy: { tls: "never" } }, before: [["initiator", send(1)]] })
    expect(meeting.wire).toEqual([
      "I: header",
      "R: header",
      "R: stream:features",
      "I: tls:starttls",
      "R: tls:failure",
      "R: footer",
      "I: footer"
    ])
    expect(meeting.ended("initiator")).toMatchObject({ reason: { cause: "tlsRefused" }, unsent: [1] })
  })
})

describe("EXTERNAL in other forms", () => {
  const offered = () => play(awaitingHeader("recipient", "tls"), say.header("recipient"))
  const converse = (...words: ReadonlyArray<Event>) => {
    let state = offered()
    return words.flatMap((event) => {
      const [next, actions] = pureStep(state, event)
      state = next
      return actions.filter(({ _tag }) => _tag === "SendElement").map(told)
    })
  }

  it("SASL-12 without initial response", () => {
    expect(converse(says(say.auth()), says(say.sasl("response")))).toEqual(["send sasl:challenge", "send sasl:success"])
  })

  it("SASL-38 a second auth replaces the first", () => {
    expect(converse(says(say.auth()), says(say.auth("=")))).toEqual(["send sasl:challenge", "send sasl:success"])
  })

  it("SASL-37 SASL-39 abort, then another try", () => {
    expect(converse(says(say.auth()), says(say.sasl("abort")), says(say.auth("=")))).toEqual([
      "send sasl:challenge",
      "send sasl:failure(sasl:aborted)",
      "send sasl:success"
    ])
  })

  it("SASL-09 SASL-24 SASL-17 the initiator says who it is when it was not clear", () => {
    const both = [say.addresses.initiator, "office@harbor.example"]
    const meeting = meet({
      initiator: { policy: { hideFromBeforeTls: true } },
      verdicts: { recipient: { authorised: both } }
    })
    expect(roles.map((role) => meeting.at(role))).toEqual(["Established", "Established"])
  })
})

describe("closing", () => {
  it("STZ-21 END-03 END-08 the recipient closes while a stanza is on its way", () => {
    const meeting = meet()
    const begun = meeting.wire.length
    meeting.cross(send(9), say.close)
    expect(meeting.wire.slice(begun)).toEqual(["I: message m9", "R: footer", "I: footer"])
    expect(meeting.heard("recipient")).toContain("message m9")
    expectEnded(meeting)
  })

  it("END-06 the footer is not answered", () => {
    const meeting = meet()
    const state = play(meeting.state("initiator"), say.close)
    const next = play(state, say.fires(state, "close"))
    expect(next).toMatchObject({ _tag: "Closed", reason: { cause: "closeTimeout", rule: "END-06" } })
  })

  it.each(roles)("END-04 STZ-19 %s has time to finish", (role) => {
    const meeting = meet({ [role]: { timeouts: { drainMillis: 2000 } } })
    meeting.tell(say.otherRole(role), say.close)
    expect(meeting.at(role)).toBe("Closing.AwaitingDrain")
    meeting.tell(role, send(1))
    meeting.tell(role, say.close)
    expect(meeting.heard(say.otherRole(role))).toContain("message m1")
    expectEnded(meeting)
  })

  it.each(roles)("ERR-02 END-08 after an error of the %s both footers are there", (role) => {
    const meeting = meet()
    const begun = meeting.wire.length
    meeting.tell(role, say.failWith("conflict"))
    const [one, other] = role === "initiator" ? ["I", "R"] : ["R", "I"]
    expect(meeting.wire.slice(begun)).toEqual([
      `${one}: stream:error(streams:conflict)`,
      `${one}: footer`,
      `${other}: footer`
    ])
    expectEnded(meeting)
    expect(meeting.ended(say.otherRole(role))?.reason).toMatchObject({ _tag: "PeerReported", condition: "conflict" })
  })
})

describe("stream management", () => {
  const management = { use: true, resumableSeconds: 300 }
  const both = { initiator: { management }, recipient: { management } }
  const ask: Event = { _tag: "AcknowledgementRequested" }

  /** Three stanzas of the initiator, the last of them not acknowledged, one of the recipient; then the network breaks. */
  const broken = () => {
    const meeting = meet({ ...both, before: [["initiator", send(1)]] })
    meeting.tell("initiator", send(2))
    meeting.tell("initiator", ask)
    meeting.tell("recipient", send(1, message("x")))
    meeting.tell("recipient", ask)
    const begun = meeting.wire.length
    meeting.cross(send(3), say.lost)
    return { meeting, begun }
  }

  it("SM-01 SM-03 SM-04 SM-06 SM-07 SM-09 enable and acknowledge", () => {
    const { begun, meeting } = broken()
    expect(meeting.wire.slice(toExternal.length, begun)).toEqual([
      "R: stream:features(sm:sm)",
      "I: sm:enable[resume=true]",
      "I: message m1",
      expect.stringMatching(/^R: sm:enabled\[id=id-\d+ resume=true max=300\]$/),
      "I: message m2",
      "I: sm:r",
      "R: sm:a[h=2]",
      "R: message x",
      "R: sm:r",
      "I: sm:a[h=1]"
    ])
    expect(roles.map((role) => meeting.heard(role).filter((each) => each === "StanzasAcknowledged").length)).toEqual([
      1,
      1
    ])
  })

  const sessionsOf = (meeting: Meeting): ReadonlyArray<Resumption | undefined> =>
    roles.map((role) => meeting.ended(role)?.resumption)

  it("END-07 SM-14 SM-15 SM-20 what broke off goes on", () => {
    const [resume, session] = sessionsOf(broken().meeting)
    expect(resume).toMatchObject({ handled: 1, sent: 3, unacknowledged: [message("m3")] })
    expect(session).toMatchObject({ handled: 2, sent: 1, unacknowledged: [], id: resume?.id })
    const again = meet({
      initiator: { management: { ...management, ...(resume === undefined ? {} : { resume }) } },
      recipient: { management },
      ...(session === undefined ? {} : { session })
    })
    again.tell("initiator", ask)
    expect(again.wire.slice(toExternal.length)).toEqual([
      "R: stream:features(sm:sm)",
      `I: sm:resume[previd=${resume?.id} h=1]`,
      `R: sm:resumed[previd=${resume?.id} h=2]`,
      "I: message m3",
      "I: sm:r",
      "R: sm:a[h=3]"
    ])
  })

  it("SM-16 SM-05 a session that is gone, and a second enable", () => {
    const [resume] = sessionsOf(broken().meeting)
    const meeting = meet({
      initiator: { management: { ...management, ...(resume === undefined ? {} : { resume }) } },
      recipient: { management }
    })
    expect(meeting.wire.slice(toExternal.length + 2)).toEqual([
      "R: sm:failed(stanzas:item-not-found)",
      "I: sm:enable[resume=true]",
      "I: message m3",
      expect.stringMatching(/^R: sm:enabled/)
    ])
    expectMove(meeting.state("recipient"), says(say.sm("enable"), { freshId: "x" }), {
      label: "Established",
      actions: ["send sm:failed(stanzas:unexpected-request)"]
    })
  })

  it("END-16 SM-20 the last word before the initiator's footer", () => {
    const meeting = meet(both)
    meeting.tell("recipient", send(1))
    const begun = meeting.wire.length
    meeting.tell("initiator", say.close)
    expect(meeting.wire.slice(begun)).toEqual(["I: sm:a[h=1]", ...orderly])
    expectEnded(meeting)
    expect(sessionsOf(meeting)).toEqual([undefined, undefined])
  })
})

describe("requests", () => {
  it("IQ-03 IQ-08 PING-01 PING-03 a ping and its answer", () => {
    const meeting = meet()
    const begun = meeting.wire.length
    meeting.tell("initiator", send(1, iq({ type: "get", id: "p1" }, ping)))
    meeting.tell("recipient", send(1, iq({ type: "result", id: "p1" })))
    expect(meeting.wire.slice(begun)).toEqual(["I: iq[type=get id=p1](ping:ping)", "R: iq[type=result id=p1]"])
    expect(meeting.heard("initiator")).toContain("iq[type=result id=p1]")
    expect(meeting.state("initiator")).toMatchObject({ session: { pending: [] } })
  })

  it.each(roles)("IQ-01 IQ-02 IQ-05 SERR-01 what %s gets wrong comes back", (role) => {
    const wrong = (id: string) => `iq[type=error id=${id}](error[type=modify](stanzas:bad-request))`
    const cases = [
      [iq({ type: "get", id: "u2" }), wrong("u2")],
      [iq({ type: "get", id: "u3" }, ping, ping), wrong("u3")],
      [iq({ type: "fetch", id: "u4" }, ping), wrong("u4")],
      [iq({ type: "get" }, ping), wrong("")]
    ] as const
    for (const [sent, reply] of cases) {
      const [, actions] = pureStep(established(say.otherRole(role)), says(sent))
      expect(actions.filter(({ _tag }) => _tag.startsWith("Send")).map(told)).toEqual([`send ${reply}`])
    }
  })
})
