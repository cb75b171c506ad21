/** Corners of rules that a systematic look for changes which nobody would notice has found empty. */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import type { Script } from "../join.ts"
import {
  authenticated,
  believed,
  caps,
  clear,
  close,
  direct,
  ended,
  external,
  failWith,
  farewell,
  features,
  fires,
  footer,
  foreign,
  gone,
  header,
  initiator,
  juliet,
  letter,
  opened,
  openInClear,
  recipient,
  sasl,
  says,
  send,
  sm,
  stanza,
  stream,
  streamError,
  tls
} from "./saying.ts"
import { hangUp, open } from "./sessions.ts"
import { alone, both, type Scenario } from "./telling.ts"

export const corners = (): ReadonlyArray<Scenario> => [...negotiating(), ...established(), ...ending()]

const whole: Script = [...open, hangUp]
const resumable = { management: { use: true, resumableSeconds: 300 } }
const resume = says(sm("resume", { previd: "session-1", h: "0" }))
const voluntary = { ...recipient, policy: { tls: "preferred" }, extraFeatures: [caps] } as const

const negotiating = (): ReadonlyArray<Scenario> => [
  ...both("profile-0.1", "AMB-25 SASL-42: both sides insist on TLS and EXTERNAL, as the first revision does", {
    script: whole,
    initiator: { ...initiator, policy: { profile: "0.1" } },
    recipient: { ...recipient, policy: { profile: "0.1" } }
  }),
  alone("strict-prefix", "NS-04: the prefix that is wanted, where no other is allowed", {
    ...recipient,
    policy: { strictStreamPrefix: true }
  }, [opened, header("recipient"), footer, gone]),
  alone("nothing-to-show", "SASL-08 SASL-09: EXTERNAL is on offer, and we have no certificate", {
    role: "initiator",
    self: initiator.self,
    peer: juliet,
    policy: { tlsEntry: "direct" }
  }, [...believed("initiator"), header("initiator"), external, ...farewell]),
  alone("answer-from-nobody", "HDR-14 HDR-21: an answer whose `from` is empty", clear("initiator"), [
    opened,
    header("initiator", { from: "" }),
    features(),
    close,
    ...farewell
  ]),
  alone(
    "expired-before-restart",
    "SASL-33 TIME-12: the certificate expires between success and the new header",
    direct("recipient"),
    [
      ...authenticated("recipient", {}, { expiresIn: 2_000 }).slice(0, -1),
      fires("certificate"),
      header("recipient"),
      ...farewell
    ]
  ),
  alone("words-after-abort", "SASL-37 FEAT-13: a stanza instead of an answer to our abort", direct("initiator"), [
    ...believed("initiator"),
    header("initiator"),
    external,
    says(sasl("challenge", {}, "eA==")),
    says(letter("romeo@forza")),
    ...farewell
  ]),
  alone("words-after-challenge", "FEAT-12: a stanza instead of a response", direct("recipient"), [
    ...believed("recipient"),
    header("recipient"),
    says(sasl("auth", { mechanism: "EXTERNAL" })),
    says(letter(juliet)),
    ...farewell
  ]),
  alone("commitment-by-negotiation", "TIME-07 FEAT-18: the negotiation is over before voluntary TLS is settled", {
    ...voluntary,
    timeouts: { negotiationMillis: 4_000 }
  }, [opened, header("recipient"), fires("negotiation"), footer, gone]),
  alone("commitment-prefixed", "NS-05 FEAT-18: a stanza with a prefix before clear text is settled", voluntary, [
    opened,
    header("recipient"),
    says(letter(juliet), { prefixed: true }),
    ...farewell
  ]),
  alone(
    "commitment-header-prefixed",
    "NS-10 FEAT-18: a prefix that only the header binds, in the stanza that settles",
    voluntary,
    [
      opened,
      header("recipient"),
      says(letter(juliet), { headerPrefixed: true }),
      ...farewell
    ]
  )
]

const established = (): ReadonlyArray<Scenario> => [
  alone("tls-too-late", "TLS-09 SASL-47: a recipient that asks for TLS", clear("initiator"), [
    ...openInClear("initiator"),
    says(tls("starttls")),
    ...farewell
  ]),
  alone("queue-too-heavy", "STZ-23: too many bytes wait", { ...clear("initiator"), limits: { heldBytesMax: 150 } }, [
    send(1, letter(juliet)),
    send(2, letter(juliet)),
    send(3, stanza("presence")),
    ...openInClear("initiator"),
    close,
    ...farewell
  ]),
  alone(
    "undeliverable-without-id",
    "STZ-09 STZ-10 SERR-01: what cannot be delivered has no id, or wants no answer",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      says(stanza("message", { to: "nurse@pronto" })),
      says(stanza("iq", { to: "nurse@pronto", type: "get" })),
      says(stanza("presence", { to: "@pronto" })),
      says(stanza("iq", { to: "nurse@pronto", type: "result", id: "a" })),
      footer,
      gone
    ]
  ),
  alone("resumption-after-words", "SM-18 SM-14: a stanza of ours came before the request to resume", {
    ...direct("recipient"),
    ...resumable
  }, [...authenticated("recipient"), send(1, letter("romeo@forza")), resume, footer, gone]),
  alone("resumption-after-their-words", "SM-18 SM-14: a stanza of the peer came before its request to resume", {
    ...direct("recipient"),
    ...resumable
  }, [...authenticated("recipient"), says(letter(juliet)), resume, footer, gone]),
  alone("enabled-by-one", "SM-23 SM-20: `1` is true as well", { ...direct("recipient"), ...resumable }, [
    ...authenticated("recipient"),
    says(sm("enable", { resume: "1" }), { freshId: "session-9" }),
    ended,
    gone
  ])
]

const ending = (): ReadonlyArray<Scenario> => [
  alone("error-without-condition", "ERR-04: an error that holds a text alone", clear("initiator"), [
    ...openInClear("initiator"),
    says(stream("error", {}, Element.make(Namespace.streamErrors, "text", {}, ["Farewell."]), foreign("pump"))),
    ...farewell
  ]),
  alone(
    "words-behind-our-error",
    "ERR-10 STZ-21: a stanza behind an error of ours is not delivered",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      failWith("policy-violation"),
      says(letter("romeo@forza")),
      ...farewell
    ]
  ),
  alone(
    "words-behind-their-error",
    "ERR-10 STZ-21: a stanza behind an error of the peer is not delivered",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      says(streamError("reset")),
      says(letter("romeo@forza")),
      ...farewell
    ]
  ),
  alone(
    "error-while-draining-in-order",
    "ERR-01 END-08: an error of ours behind the peer's footer; the peer ends the transport",
    {
      ...clear("recipient"),
      timeouts: { drainMillis: 2_000 }
    },
    [...openInClear("recipient"), footer, failWith("reset"), ended, gone]
  ),
  alone("ended-by-both", "END-13: closed before a header came, and the peer ends its direction too", recipient, [
    opened,
    close,
    ended
  ])
]
