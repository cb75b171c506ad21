/** Every timer, fired. */
import {
  abort,
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
  gone,
  header,
  initiator,
  judged,
  juliet,
  opened,
  openInClear,
  ping,
  recipient,
  sasl,
  says,
  secured,
  send,
  stanza,
  starttlsRequired,
  tls
} from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

export const timers = (): ReadonlyArray<Scenario> => [...negotiation(), ...open(), ...end()]

const negotiation = (): ReadonlyArray<Scenario> => [
  alone("silent-peer", "TIME-04 P-09 END-06: nobody answers the header", initiator, [
    opened,
    fires("step"),
    // Stale: it fired before it could be cleared.
    { _tag: "TimerFired", timer: "negotiation", generation: 1 },
    fires("close")
  ]),
  alone("silent-after-features", "TIME-05: the initiator ignores the features", recipient, [
    opened,
    header("recipient"),
    fires("step"),
    ...farewell
  ]),
  alone("silent-after-challenge", "TIME-05: the initiator ignores the challenge", direct("recipient"), [
    ...believed("recipient"),
    header("recipient"),
    says(auth()),
    fires("step"),
    ...farewell
  ]),
  alone("no-header", "TIME-03: the initiator never says a word", recipient, [opened, fires("step")]),
  alone("no-header-after-tls", "TIME-03 TIME-13: the initiator never says a word inside TLS", direct("recipient"), [
    ...believed("recipient"),
    fires("step"),
    gone
  ]),
  alone("slow-handshake", "TIME-06: TLS never comes about", direct("initiator"), [opened, fires("step")]),
  alone("slow-handshake", "TIME-06: TLS never comes about", direct("recipient"), [opened, fires("step")]),
  alone("slow-judge", "CERT-87 TLS-21: nobody says whether to believe the peer", direct("initiator"), [
    opened,
    secured("initiator"),
    fires("verdict")
  ]),
  alone("slow-judge", "CERT-87 TLS-21: nobody says whether to believe the peer", direct("recipient"), [
    opened,
    secured("recipient"),
    fires("verdict"),
    judged(accepted("recipient"))
  ]),
  alone("slow-negotiation", "TIME-07: every step is in time, the whole is not", {
    ...initiator,
    timeouts: { negotiationMillis: 20_000 }
  }, [opened, header("initiator"), features(starttlsRequired), fires("negotiation"), ...farewell]),
  alone("silent-during-sasl", "TIME-04: no outcome of SASL", direct("initiator"), [
    ...believed("initiator"),
    header("initiator"),
    external,
    fires("step"),
    ...farewell
  ]),
  alone(
    "expired-before-open",
    "SASL-33 TIME-12: the certificate expires before the stream is open",
    direct("initiator"),
    [
      ...believed("initiator", { expiresIn: 2_000 }),
      header("initiator"),
      external,
      fires("certificate"),
      says(sasl("success")),
      header("initiator", { id: "of-the-peer-2" }),
      features(),
      ...farewell
    ]
  ),
  alone("commitment", "FEAT-18 AMB-11: nobody asks for voluntary TLS in time", {
    ...recipient,
    policy: { tls: "preferred" },
    extraFeatures: [caps]
  }, [opened, header("recipient"), send(1, stanza("message")), fires("commit"), footer, gone]),
  alone("commitment-to-tls", "TLS-31 AMB-21: voluntary TLS is asked for", {
    ...recipient,
    policy: { tls: "preferred" },
    extraFeatures: [caps]
  }, [opened, header("recipient"), { _tag: "WhitespaceReceived" }, says(tls("starttls")), secured("recipient"), abort])
]

const open = (): ReadonlyArray<Scenario> => [
  alone("idle", "TIME-10: nobody says anything for a long time", {
    ...clear("initiator"),
    timeouts: { keepaliveMillis: 300_000, idleMillis: 600_000 }
  }, [...openInClear("initiator"), says(stanza("message")), fires("keepalive"), fires("idle"), ...farewell]),
  alone("unanswered-probe", "TIME-09 PING-03: a probe without an answer", clear("initiator"), [
    ...openInClear("initiator"),
    send(1, stanza("iq", { type: "get", id: "p1", to: juliet }, ping)),
    fires("pong"),
    ...farewell
  ]),
  alone("expired-while-open", "TIME-12 ERR-35: the certificate expires while the stream is open", direct("recipient"), [
    ...authenticated("recipient", {}, { expiresIn: 3_600_000 }),
    fires("certificate"),
    ...farewell
  ])
]

const end = (): ReadonlyArray<Scenario> => [
  alone("unanswered-footer", "END-06: the peer does not answer our footer", clear("initiator"), [
    ...openInClear("initiator"),
    close,
    fires("close")
  ]),
  alone("transport-never-ends", "END-10: both footers, and a transport that does not end", clear("initiator"), [
    ...openInClear("initiator"),
    close,
    footer,
    fires("end")
  ]),
  alone(
    "transport-never-ends",
    "END-10 END-08: both footers, and a peer that does not end the transport",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      footer,
      fires("end")
    ]
  ),
  alone("drain", "END-04: our side has its time after the peer's footer, and uses it up", {
    ...clear("recipient"),
    timeouts: { drainMillis: 2_000 }
  }, [
    ...openInClear("recipient"),
    footer,
    send(1, stanza("message")),
    send(2, tls("starttls")),
    fires("drain"),
    ended,
    gone
  ])
]
