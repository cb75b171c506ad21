/** Sessions that come about and end in order, in every way that two sides can agree on. */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import type { Script } from "../join.ts"
import {
  accepted,
  auth,
  authenticated,
  believed,
  caps,
  clear,
  close,
  direct,
  ended,
  external,
  farewell,
  features,
  fires,
  footer,
  foreign,
  gone,
  header,
  initiator,
  judged,
  juliet,
  letter,
  opened,
  openInClear,
  ping,
  recipient,
  romeo,
  sasl,
  says,
  secured,
  send,
  stanza,
  starttlsRequired,
  tls
} from "./saying.ts"
import { alone, both, type Scenario } from "./telling.ts"

export const open: Script = [[["initiator", opened], ["recipient", opened]]]

export const hangUp: Script[number] = [["initiator", close]]

const offersMore = { policy: { tls: "preferred" }, extraFeatures: [caps] } as const

const server = { policy: { contentNamespace: Namespace.server } } as const

export const sessions = (): ReadonlyArray<Scenario> => [
  ...secure(),
  ...identities(),
  ...unsecured(),
  ...stanzas()
]

const secure = (): ReadonlyArray<Scenario> => [
  ...both(
    "secure-session",
    "TLS-25 SASL-16 SASL-28 STZ-19 E2E-18: TLS, both certificates believed, EXTERNAL, a message each way, orderly close",
    { script: [...open, [["initiator", send(1, letter(juliet))]], [["recipient", send(1, letter(romeo))]], hangUp] }
  ),
  ...both("secure-session-tls12", "TLS-28: TLS 1.2 is good enough", {
    script: [...open, hangUp],
    facts: { protocol: "TLSv1.2", cipher: "ECDHE-ECDSA-AES128-GCM-SHA256" }
  }),
  ...both("direct-tls", "TLS-33: TLS before the first header", {
    script: [...open, [["recipient", send(1, letter(romeo))]], hangUp],
    initiator: direct("initiator"),
    recipient: direct("recipient")
  }),
  ...both("tls-preferred", "TLS-31 TLS-04: TLS is voluntary, and taken", {
    script: [...open, hangUp],
    initiator: { ...initiator, policy: { tls: "preferred" } },
    recipient: { ...recipient, ...offersMore }
  }),
  ...both(
    "queued-before-open",
    "STZ-23 STZ-19: What is to be sent before the stream is open waits and goes out in order",
    {
      script: [[["initiator", send(1, letter(juliet))], ["initiator", send(2, letter(juliet))]], ...open, hangUp]
    }
  ),
  alone(
    "tls-not-advertised",
    "TLS-06 TLS-10: STARTTLS was stripped from the features, and proceeds all the same",
    initiator,
    [
      opened,
      header("initiator"),
      features(),
      says(tls("proceed")),
      secured("initiator"),
      judged(accepted("initiator")),
      header("initiator"),
      external,
      close,
      ...farewell
    ]
  ),
  alone("white-space-before-proceed", "TLS-14: white space while STARTTLS is unanswered is noted once", initiator, [
    opened,
    header("initiator"),
    features(starttlsRequired),
    { _tag: "WhitespaceReceived" },
    { _tag: "WhitespaceReceived" },
    says(tls("proceed")),
    secured("initiator"),
    judged(accepted("initiator")),
    close,
    ...farewell
  ]),
  alone(
    "peer-faster-than-judge",
    "TLS-21 LIM-05: what the peer says before the verdict waits for it",
    direct("recipient"),
    [
      opened,
      secured("recipient"),
      header("recipient"),
      judged(accepted("recipient")),
      says(auth("=")),
      header("recipient"),
      footer,
      ended,
      gone
    ]
  )
]

const identities = (): ReadonlyArray<Scenario> => [
  ...both("external-authzid", "SASL-18 SASL-21: of several names in the certificate the wanted one is said", {
    script: [...open, hangUp],
    initiator: { ...initiator, certificate: { addresses: [romeo, "montague@forza"] } },
    judge: (side) => accepted(side, side === "recipient" ? { authorised: [romeo, "montague@forza"] } : {})
  }),
  ...both("external-nameless", "SASL-19: a certificate without a name of ours says none", {
    script: [...open, hangUp],
    initiator: { ...initiator, certificate: { addresses: [] } },
    judge: (side) => accepted(side, { code: "pinned", rule: "CERT-83", strength: "pinned" })
  }),
  ...both("certificate-only", "SASL-05 CERT-77: no SASL, the certificate says who the initiator is", {
    script: [...open, hangUp],
    initiator: direct("initiator", { policy: { sasl: "never" } }),
    recipient: direct("recipient", { policy: { sasl: "never" } })
  }),
  ...both("first-use", "CERT-88: both sides are seen for the first time, and remembered", {
    script: [...open, hangUp],
    initiator: direct("initiator"),
    recipient: direct("recipient"),
    judge: (side) => accepted(side, { code: "firstUse", rule: "CERT-88", strength: "firstUse" })
  }),
  ...both("unauthenticated", "CERT-102 P-14: whoever shows no certificate may stay, unverified, where nobody insists", {
    script: [...open, hangUp],
    initiator: direct("initiator", { policy: { authenticatePeer: false } }),
    recipient: direct("recipient", { policy: { authenticatePeer: false } }),
    chains: { initiator: [], recipient: [] },
    judge: () => accepted("recipient", { code: "noCertificate", rule: "CERT-102", strength: "none", authorised: [] })
  }),
  ...both("between-servers", "AMB-02: two services take up bidi and speak as servers do", {
    script: [...open, hangUp],
    initiator: direct("initiator", {
      ...server,
      self: "forza.example",
      peer: "pronto.example",
      certificate: { addresses: ["forza.example"] }
    }),
    recipient: direct("recipient", {
      ...server,
      self: "pronto.example",
      certificate: { addresses: ["pronto.example"] }
    }),
    judge: (side) =>
      side === "initiator"
        ? accepted(side, { identity: "pronto.example", authorised: ["pronto.example"] })
        : accepted(side, { authorised: ["*.example"] })
  }),
  alone(
    "renamed-peer",
    "CERT-09: the peer is known by another name than the one that was discovered",
    direct("initiator"),
    [
      ...authenticated("initiator", { from: undefined }, {
        identity: "capulet@pronto",
        authorised: ["capulet@pronto"]
      }),
      features(),
      says(stanza("message", { from: "capulet@pronto" })),
      says(stanza("message", { from: juliet })),
      close,
      ...farewell
    ]
  ),
  alone("announced-key", "C2C-02 CERT-91: the fingerprint that the peer announced reaches the judge", recipient, [
    opened,
    header("recipient"),
    says(tls("starttls", {}, offerOf("A9993E364706816ABA3E25717850C26C9CD0D89D"))),
    secured("recipient"),
    judged(accepted("recipient")),
    header("recipient"),
    footer,
    gone
  ])
]

const offerOf = (fingerprint: string) =>
  says({
    name: "offer",
    namespace: Namespace.c2cOffer,
    attributes: [],
    children: [{
      name: "keyinfo",
      namespace: Namespace.c2cKey,
      attributes: [],
      children: [{ name: "name", namespace: Namespace.c2cKey, attributes: [], children: [fingerprint] }]
    }]
  }).element

const unsecured = (): ReadonlyArray<Scenario> => [
  ...both("clear-session", "E2E-22 TLS-32: Both sides agree to do without TLS", {
    script: [...open, [["initiator", send(1, letter(juliet))]], hangUp],
    initiator: clear("initiator"),
    recipient: clear("recipient")
  }),
  ...both("tls-preferred-not-taken", "TLS-31 FEAT-18 AMB-11: TLS is voluntary; a stanza settles for clear text", {
    script: [...open, [["recipient", send(1, letter(romeo))]], [["initiator", send(1, letter(juliet))]], hangUp],
    initiator: clear("initiator"),
    recipient: { ...recipient, ...offersMore }
  }),
  ...both(
    "tls-preferred-in-silence",
    "FEAT-18 AMB-11: TLS is voluntary; the initiator says nothing, which settles for clear text",
    {
      script: [...open, [["recipient", send(1, letter(romeo))]]],
      initiator: clear("initiator", { timeouts: { keepaliveMillis: 6_000, idleMillis: 12_000 } }),
      recipient: { ...recipient, ...offersMore }
    }
  ),
  alone("without-from", "HDR-11 FEAT-17: an initiator without a name, in clear text", clear("recipient"), [
    opened,
    header("recipient", { from: undefined }),
    says(letter(juliet)),
    footer,
    gone
  ]),
  alone("languages", "LANG-02 LANG-03: the answer is in the language that the initiator asked for", {
    ...clear("recipient"),
    languages: ["it"]
  }, [opened, header("recipient", {}, { lang: "it-IT" }), footer, gone]),
  alone("no-language", "LANG-03: a malformed language tag counts as absent", {
    ...clear("recipient"),
    languages: ["it"]
  }, [
    opened,
    header("recipient", {}, { lang: "it--IT" }),
    footer,
    gone
  ]),
  alone("higher-minor", "VER-11 VER-03: version 1.9 is answered with 1.0", clear("recipient"), [
    opened,
    header("recipient", { version: "1.9" }),
    footer,
    gone
  ]),
  alone("no-id", "HDR-25: a response without id is accepted", clear("initiator"), [
    opened,
    header("initiator", { id: undefined }),
    features(),
    close,
    ...farewell
  ])
]

const stanzas = (): ReadonlyArray<Scenario> => [
  alone(
    "requests",
    "IQ-03 IQ-08 PING-03 TIME-09: a probe and its answer, and an answer that nobody awaits",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      send(1, stanza("iq", { type: "get", id: "p1", to: juliet }, ping)),
      send(2, stanza("iq", { type: "set", id: "q2", to: juliet }, foreign("pump"))),
      says(stanza("iq", { type: "result", id: "q2" })),
      says(stanza("iq", { type: "result", id: "p1" })),
      says(stanza("iq", { type: "result", id: "p1" })),
      close,
      ...farewell
    ]
  ),
  alone(
    "requests-refused",
    "IQ-02 IQ-05 STZ-09 STZ-10 STZ-13 SERR-01: what cannot be delivered is answered or dropped",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      says(stanza("iq", { type: "get", id: "a" })),
      says(stanza("iq", { type: "ask", id: "b" }, ping)),
      says(stanza("iq", { type: "get", id: "c", to: "nurse@pronto" }, ping)),
      says(stanza("message", { id: "d", to: "@pronto" })),
      says(stanza("message", { id: "e", to: "nurse@pronto", type: "error" })),
      says(stanza("presence", { type: "elsewhere" })),
      says(stanza("presence", { to: juliet })),
      says(stanza("iq", { type: "get", id: "f" }, ping)),
      send(1, stanza("iq", { type: "result", id: "f", to: romeo })),
      footer,
      gone
    ]
  ),
  alone("unknown-elements", "NS-07 FEAT-19: elements that nobody knows are noted and passed over", clear("initiator"), [
    ...openInClear("initiator"),
    says(foreign("pump")),
    features(),
    close,
    ...farewell
  ]),
  alone("not-our-stanzas", "STZ-23 STZ-01: what our side may not send is refused, and the stream goes on", {
    ...clear("initiator"),
    limits: { heldStanzasMax: 1 }
  }, [
    send(1, letter(juliet)),
    send(2, letter(juliet)),
    send(3, foreign("pump")),
    ...openInClear("initiator"),
    send(4, foreign("pump")),
    { _tag: "AcknowledgeRequested" },
    { _tag: "AcknowledgementRequested" },
    { _tag: "ResumeRequested" },
    close,
    send(5, letter(juliet)),
    { _tag: "EnableRequested", resumable: false },
    footer,
    send(6, letter(juliet)),
    gone,
    send(7, letter(juliet))
  ]),
  alone("late-answers", "P-09: answers of the world that nobody waits for any more are noted", clear("initiator"), [
    ...openInClear("initiator"),
    judged(accepted("initiator")),
    { _tag: "ResumptionJudged" },
    secured("initiator"),
    { _tag: "TimerFired", timer: "keepalive", generation: 1 },
    close,
    judged(accepted("initiator")),
    ...farewell
  ]),
  alone("without-addresses", "STZ-03 HDR-21: a recipient without `from` is the one we asked for", clear("initiator"), [
    opened,
    header("initiator", { from: undefined, to: undefined }),
    features(),
    says(stanza("message")),
    close,
    ...farewell
  ]),
  alone("keepalive", "TIME-01: a space keeps a quiet stream alive", clear("initiator"), [
    ...openInClear("initiator"),
    fires("keepalive"),
    { _tag: "WhitespaceReceived" },
    fires("keepalive"),
    close,
    ...farewell
  ]),
  alone("expected-caller", "HDR-31 SASL-26: the one initiator that is expected", direct("recipient", { peer: romeo }), [
    ...believed("recipient"),
    header("recipient"),
    says(sasl("abort")),
    says(auth("=")),
    header("recipient"),
    footer,
    gone
  ])
]
