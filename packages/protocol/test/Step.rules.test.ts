/**
 * Who reads why a stream ended reads the rule and the condition in its reason. Here each refusal names its own. What is
 * sent then, and what becomes of the stream, stands in the tables.
 */
import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import * as say from "./speaking.ts"
import { addresses, features, header, iq, message, says, sm } from "./speaking.ts"
import * as walk from "./walking.ts"
import { play, pureStep } from "./walking.ts"

type Refusal = readonly [rule: string, why: string, state: State, event: Event]

const stranger = "rita@forest.example"
const legacy = { policy: { tls: "preferred", legacy: "accept" }, extraFeatures: [say.discoInfo] } as const
const never = { policy: { tls: "never" } } as const

const asked = (phase: walk.Phase, input?: walk.Input): State => walk.awaitingHeader("recipient", phase, input)
const answered = (phase: walk.Phase, input?: walk.Input): State => walk.awaitingHeader("initiator", phase, input)

/** The certificate of the peer runs out in a second, and nobody has asked for a name yet. */
const secured = (role: say.Role): State =>
  play(walk.awaitingVerdict(role), say.judged(role, { expiresIn: 1000 }), header(role))
const expire = (state: State): State => play(state, say.fires(state, "certificate"))
const proven = play(
  secured("initiator"),
  says(features(say.mechanisms("EXTERNAL"))),
  says(say.sasl("success")),
  header("initiator")
)
const expiring = play(proven, says(features()))
const probing = play(walk.established("initiator"), say.send(1, iq({ type: "get", id: "p" }, say.ping)))

const inHeaders: ReadonlyArray<Refusal> = [
  ["HDR-02", "a strange namespace", asked("clear"), header("recipient", {}, { namespace: "urn:x" })],
  ["HDR-02", "a strange name", asked("clear"), header("recipient", {}, { name: "flow" })],
  [
    "NS-04",
    "a strange prefix where policy is strict",
    asked("clear", { policy: { strictStreamPrefix: true } }),
    header("recipient", {}, { prefix: "s" })
  ],
  [
    "NS-03",
    "a strange content namespace",
    asked("clear"),
    header("recipient", {}, { declarations: [{ prefix: "", namespace: "urn:x" }] })
  ],
  ["VER-10", "an unreadable version", asked("clear"), header("recipient", { version: "one" })],
  ["VER-07", "an old initiator", asked("clear"), header("recipient", { version: undefined })],
  ["VER-06", "an old recipient", answered("clear"), header("initiator", { version: undefined })],
  ["VER-09", "a later version", answered("clear"), header("initiator", { version: "2.0" })],
  ["HDR-19", "an unreadable to", asked("clear"), header("recipient", { to: "@@" })],
  ["HDR-18", "a to that is not ours", asked("clear"), header("recipient", { to: stranger })],
  ["HDR-18", "a to that was ours", asked("clear", { former: [stranger] }), header("recipient", { to: stranger })],
  [
    "HDR-30",
    "another to after EXTERNAL",
    asked("auth", { aliases: [stranger] }),
    header("recipient", { to: stranger })
  ],
  ["HDR-19", "an unreadable from", asked("clear"), header("recipient", { from: "@@" })],
  ["HDR-31", "somebody unwanted", asked("clear", { ...never, peer: stranger }), header("recipient")],
  ["HDR-31", "a from that the certificate does not authorise", asked("tls"), header("recipient", { from: stranger })],
  ["HDR-32", "another from after EXTERNAL", asked("auth"), header("recipient", { from: stranger })],
  ["LIM-01", "no room", asked("clear"), { ...header("recipient"), overloaded: true }],
  [
    "SASL-40",
    "a certificate that authorises nobody",
    play(walk.awaitingVerdict("recipient"), say.judged("recipient", { authorised: [] })),
    header("recipient", { from: undefined })
  ],
  ["HDR-22", "somebody else's to", answered("tls"), header("initiator", { to: stranger })],
  ["HDR-20", "somebody else's from", answered("tls"), header("initiator", { from: stranger })],
  [
    "HDR-26",
    "the same id twice where policy is strict",
    play(
      walk.awaitingFeatures("tls", { policy: { strictIds: true } }),
      says(features(say.mechanisms("EXTERNAL"))),
      says(say.sasl("success"))
    ),
    header("initiator", { id: "id-tls" })
  ],
  ["HDR-33", "a header inside a document", walk.awaitingFeatures("clear"), header("initiator")],
  ["HDR-33", "a header inside an open stream", walk.established("initiator"), header("initiator")]
]

const open = walk.established("recipient")
const choosing = walk.awaitingChoice("tls")
const external = says(say.auth("="))

const inElements: ReadonlyArray<Refusal> = [
  ["FEAT-13", "a stanza before the features", walk.awaitingFeatures("clear"), says(message("m"))],
  ["FEAT-12", "a stanza before completion", choosing, says(message("m"))],
  ["SASL-47", "TLS where none is on", open, says(say.tls("proceed"))],
  ["SASL-47", "SASL where none is on", open, says(say.sasl("success"))],
  ["FEAT-20", "features at a recipient", open, says(features())],
  ["NS-05", "a prefixed stanza", open, says(message("m"), { prefixed: true })],
  ["NS-06", "a stanza of the other namespace", open, says({ ...message("m"), namespace: Namespace.server })],
  ["NS-08", "an unknown element of the stream", open, says(say.stream("parcel"))],
  [
    "NS-07",
    "an unknown element where policy is strict",
    walk.established("recipient", "auth", { policy: { unknownElement: "close" } }),
    says(say.foreign("parcel"))
  ],
  ["NS-10", "a stanza by the header's prefix", open, says(message("m"), { headerPrefixed: true })],
  ["STZ-08", "an unreadable from", open, says(message("m", { from: "@@" }))],
  ["STZ-05", "a from that was not proven", open, says(message("m", { from: stranger }))],
  [
    "STZ-06",
    "a from that was not announced",
    walk.established("recipient", "clear"),
    says(message("m", { from: stranger }))
  ],
  ["TLS-09", "TLS once more", open, says(say.tls("starttls"))],
  ["TLS-09", "TLS inside TLS", choosing, says(say.tls("starttls"))],
  ["SM-08", "a count that is none", walk.managed("recipient"), says(sm("a", { h: "x" }))],
  ["SM-10", "a count too high", walk.managed("recipient"), says(sm("a", { h: "9" }))],
  [
    "LIM-05",
    "too much while a session is looked up",
    play(walk.resuming({ limits: { deferredMax: 1 } }), say.whitespace),
    say.whitespace
  ]
]

const inNegotiation: ReadonlyArray<Refusal> = [
  [
    "FEAT-09",
    "TLS is a must for the peer and never ours",
    walk.awaitingFeatures("clear", never),
    says(features(say.starttlsRequired))
  ],
  [
    "FEAT-09",
    "something unknown is a must for the peer",
    walk.awaitingFeatures("auth"),
    says(features(say.foreign("feature", {}, [say.foreign("required")])))
  ],
  [
    "SASL-41",
    "no SASL where it is a must for us",
    walk.awaitingFeatures("tls", { policy: { sasl: "required" } }),
    says(features())
  ],
  ["SASL-09", "no mechanism of ours", walk.awaitingFeatures("tls"), says(features(say.mechanisms("PLAIN")))],
  ["TLS-11", "the peer has no TLS for us", walk.awaitingProceed(), says(say.tls("failure"))],
  ["TLS-11", "the peer closes instead", walk.awaitingProceed(), say.footer],
  ["END-21", "our side closes before TLS", walk.awaitingProceed(), say.close],
  ["END-14", "our side closes during TLS", walk.awaitingTls("initiator"), say.close],
  ["TLS-22", "TLS fails", walk.awaitingTls("initiator"), say.tlsFailed],
  ["TLS-22", "the transport ends during TLS", walk.awaitingTls("recipient"), say.ended],
  ["TLS-22", "the transport breaks during TLS", walk.awaitingTls("recipient"), say.lost],
  ["END-13", "our side closes before the verdict", walk.awaitingVerdict("recipient"), say.close],
  ["CERT-85", "the verdict says no", walk.awaitingVerdict("recipient"), say.rejectedBy("recipient")],
  ["TLS-21", "the recipient ends it right after TLS", walk.awaitingHeader("initiator", "tls"), say.ended],
  ["TLS-21", "the initiator ends it right after TLS", walk.awaitingHeader("recipient", "tls"), say.ended],
  ["TIME-05", "an initiator that does not choose", choosing, say.fires(choosing, "step")],
  ["TIME-04", "a recipient that offers nothing", answered("auth"), say.fires(answered("auth"), "step")],
  ["END-18", "the peer closes instead of negotiating", walk.awaitingFeatures("clear"), say.footer],
  ["END-18", "the peer closes instead of an answer to auth", walk.awaitingSasl(), say.footer],
  ["END-18", "the peer closes instead of an answer to abort", walk.awaitingAbort(), say.footer],
  ["SASL-37", "the peer takes our abort", walk.awaitingAbort(), says(say.saslFailure("aborted"))],
  [
    "SASL-09",
    "the peer refuses our only name",
    walk.awaitingSasl({ certificate: { addresses: [] } }),
    says(say.saslFailure("not-authorized"))
  ],
  ["SM-14", "another session is resumed", walk.awaitingResumed(), says(sm("resumed", { previd: "x", h: "3" }))],
  [
    "SM-14",
    "a session is resumed without a count",
    walk.awaitingResumed(),
    says(sm("resumed", { previd: "session-1" }))
  ],
  [
    "SM-10",
    "a session is resumed too far",
    walk.awaitingResumed(),
    says(sm("resumed", { previd: "session-1", h: "9" }))
  ],
  ["SASL-33", "the certificate ran out before EXTERNAL", expire(secured("recipient")), external],
  [
    "SASL-39",
    "one try too many",
    play(
      walk.awaitingChoice("tls", { limits: { saslTriesMax: 2 } }),
      says(say.auth("=", "A")),
      says(say.auth("=", "B"))
    ),
    external
  ],
  ["TIME-12", "the certificate ran out before the stream opened", expire(proven), says(features())],
  [
    "SASL-40",
    "a certificate that proves nobody",
    play(walk.awaitingVerdict("initiator"), say.judged("initiator", { strength: "none" }), header("initiator")),
    says(features())
  ],
  ["TIME-12", "the certificate ran out", expiring, say.fires(expiring, "certificate")],
  ["TIME-12", "the certificate was revoked", open, say.rejectedBy("recipient")],
  ["TIME-09", "no sign of life", probing, say.fires(probing, "pong")],
  [
    "HDR-20",
    "a stranger that wants no TLS",
    play(walk.awaitingHeader("initiator", "clear", legacy), header("initiator", { from: stranger })),
    says(features())
  ],
  [
    "HDR-31",
    "an old initiator that is not the wanted one",
    asked("clear", { ...legacy, peer: addresses.initiator }),
    header("recipient", { version: undefined, from: stranger })
  ],
  [
    "HDR-31",
    "an initiator whose certificate is not the wanted one",
    asked("tls", { peer: stranger, policy: { sasl: "never" } }),
    header("recipient", { from: undefined })
  ]
]

const sentBy = (event: Event, state: State) => {
  const [next, actions] = pureStep(state, event)
  const error = actions.find((each) => each._tag === "SendElement" && each.element.name === "error")
  const condition = error?._tag === "SendElement" ? Element.elements(error.element)[0]?.name : undefined
  return { reason: "reason" in next ? next.reason : undefined, condition }
}

describe.each([
  ["headers", inHeaders],
  ["elements", inElements],
  ["negotiation", inNegotiation]
])("a refusal in %s", (_, refusals) => {
  it.each(refusals)("%s is its rule: %s", (rule, _why, state, event) => {
    const { condition, reason } = sentBy(event, state)
    expect(reason?.rule).toBe(rule)
    expect(reason?.condition).toBe(condition)
  })
})

describe("words for people", () => {
  const told: ReadonlyArray<readonly [detail: string | undefined, why: string, state: State, event: Event]> = [
    [
      "the peer insists on TLS",
      "TLS is a must",
      walk.awaitingFeatures("clear", never),
      says(features(say.starttlsRequired))
    ],
    [
      "the peer insists on urn:ietf:params:xml:ns:xmpp-bind",
      "bind is a must",
      walk.awaitingFeatures("auth"),
      says(features(
        Element.make(Namespace.bind, "bind")
      ))
    ],
    ["TLS already runs", "TLS inside TLS", choosing, says(say.tls("starttls"))],
    ["malformed", "text in starttls", walk.awaitingChoice("clear"), says(say.tls("starttls", {}, ["x"]))],
    [
      "no method of the offer is ours",
      "SRP only",
      walk.awaitingChoice("clear"),
      says(say.tls("starttls", {}, [
        Element.make(Namespace.c2cOffer, "offer", {}, [Element.make(Namespace.c2cOffer, "srp")])
      ]))
    ],
    ["the transport ended during the handshake", "the end of the transport", walk.awaitingTls("initiator"), say.ended],
    ["handshake_failure", "a failed handshake", walk.awaitingTls("initiator"), say.tlsFailed],
    ["ECONNRESET", "a broken transport during TLS", walk.awaitingTls("initiator"), say.lost],
    ["ECONNRESET", "a broken transport before a header", answered("clear"), say.lost],
    ["ECONNRESET", "a broken transport on an open stream", open, say.lost],
    ["ECONNRESET", "a broken transport while draining", walk.draining("recipient"), say.lost],
    [undefined, "a transport broken by nobody knows what", open, { _tag: "TransportLost" }],
    ["the pin differs", "a rejected certificate", walk.awaitingVerdict("initiator"), say.rejectedBy("initiator")],
    ["the pin differs", "a revoked certificate", open, say.rejectedBy("recipient")],
    ["as the reader says", "unreadable input", open, say.rejected("restricted")],
    [
      "not-authorized",
      "a failure that nobody knows",
      walk.awaitingSasl({ certificate: { addresses: [] } }),
      says(say.saslFailure("x"))
    ],
    ["credentials-expired", "an expired certificate", expire(secured("recipient")), external],
    [
      "over there",
      "an error of the peer in words",
      open,
      says(say.streamError("reset", [], [
        Element.make(Namespace.streamErrors, "text", {}, ["over there"])
      ]))
    ],
    [undefined, "an error of the peer without words", open, says(say.streamError("reset"))],
    ["we are tired", "an error of ours in words", open, {
      _tag: "FailRequested",
      condition: "reset",
      text: "we are tired"
    }],
    [undefined, "an error of ours without words", open, say.failWith()]
  ]

  it.each(told)("%s: %s", (detail, _why, state, event) => {
    expect(sentBy(event, state).reason?.detail).toBe(detail)
  })
})

describe("diagnostics", () => {
  const noted: ReadonlyArray<readonly [about: string, detail: string | undefined, state: State, event: Event]> = [
    ["whitespaceInWindow", "TLS-14", walk.awaitingProceed(), say.whitespace],
    ["certificateExpired", "SASL-33", secured("initiator"), say.fires(secured("initiator"), "certificate")],
    ["certificateExpired", "SASL-33", secured("recipient"), say.fires(secured("recipient"), "certificate")],
    ["certificateExpired", "SASL-33", proven, say.fires(proven, "certificate")],
    ["unexpectedElement", "SASL-45", walk.awaitingAbort(), says(say.sasl("challenge"))],
    ["resumptionRefused", "7", walk.awaitingResumed(), says(sm("failed", { h: "7" }))],
    [
      "staleAcknowledgement",
      "SM-11",
      play(walk.managed("initiator"), say.send(1), says(sm("a", { h: "1" }))),
      says(sm("a", { h: "0" }))
    ],
    ["unknownElement", "{https://tansy.example/ns}parcel", open, says(say.foreign("parcel"))],
    ["unexpectedEvent", "TlsEstablished", open, say.tlsUp],
    ["unexpectedEvent", "FooterReceived", answered("clear"), say.footer],
    ["unexpectedEvent", "FooterReceived", asked("clear"), say.footer],
    ["unexpectedEvent", "HeaderReceived", walk.awaitingTls("recipient"), header("recipient")],
    ["unexpectedEvent", "ElementReceived", walk.awaitingTls("recipient"), says(message("m"))],
    ["unexpectedEvent", "FooterReceived", walk.awaitingTls("initiator"), say.footer],
    ["unexpectedEvent", "WhitespaceReceived", walk.awaitingTls("initiator"), say.whitespace],
    ["unexpectedEvent", "InputRejected", walk.awaitingTls("recipient"), say.rejected("encoding")],
    ["unexpectedElement", undefined, answered("clear"), says(features())],
    ["unexpectedElement", undefined, asked("clear"), says(message("m"))],
    ["repeatedFeature", undefined, walk.awaitingFeatures("tls"), says(features(say.starttlsRequired))],
    ["repeatedFeature", undefined, walk.awaitingFeatures("auth"), says(features(say.mechanisms("EXTERNAL")))],
    ["tlsNotAdvertised", undefined, walk.awaitingFeatures("clear"), says(features())]
  ]

  it.each(noted)("%s of %s", (about, detail, state, event) => {
    const notices = pureStep(state, event)[1].flatMap((each) => each._tag === "Report" ? [each.notice] : [])
    expect(notices.filter(({ _tag }) => _tag === "Diagnostic")).toStrictEqual([
      { _tag: "Diagnostic", about, ...(detail === undefined ? {} : { detail }) }
    ])
  })

  it("FEAT-11 what is offered once is not offered again", () => {
    for (
      const [state, offer] of [
        [walk.awaitingFeatures("clear", { policy: { tls: "preferred" } }), features(say.discoInfo)],
        [walk.awaitingFeatures("tls"), features(say.mechanisms("EXTERNAL"))],
        [walk.awaitingFeatures("auth"), features()]
      ] as const
    ) {
      const notices = pureStep(state, says(offer))[1].flatMap((each) =>
        each._tag === "Report" ? [each.notice._tag] : []
      )
      expect(notices).not.toContain("Diagnostic")
    }
  })
})

it("SASL-33 TIME-12 a certificate that ran out after EXTERNAL opens nothing", () => {
  const state = expire(proven)
  expect(state).toMatchObject({ link: { _tag: "Authenticated", secured: { expired: true } } })
  expect(sentBy(says(features()), state).reason?.rule).toBe("TIME-12")
})
