/** Faults that the reducer once had, each with the events that showed it. */
import type { Event } from "@xmpp-e2e/protocol"
import {
  auth,
  authenticated,
  believed,
  clear,
  close,
  direct,
  farewell,
  features,
  fires,
  footer,
  foreign,
  gone,
  header,
  juliet,
  letter,
  openInClear,
  reset,
  romeo,
  says,
  send,
  sm,
  stanza
} from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

const capulet = "capulet@pronto"
const asked: Event.Event = { _tag: "AcknowledgementRequested" }
const use = { management: { use: true, resumableSeconds: 300 } }

const managed = [...authenticated("initiator"), features(sm("sm")), says(sm("enabled", { id: "s", resume: "true" }))]

export const faults = (): ReadonlyArray<Scenario> => [
  alone("alias", "STZ-03 HDR-12: asked for by another name of ours, we answer and deliver by that name", {
    ...direct("recipient"),
    aliases: [capulet]
  }, [
    ...believed("recipient"),
    header("recipient", { to: `${capulet}/balcony` }),
    says(auth("=")),
    header("recipient", { to: capulet }),
    says(stanza("message")),
    says(letter(juliet)),
    footer,
    gone
  ]),
  alone(
    "answered-while-closing",
    "IQ-08 STZ-21: a request answered behind our footer is answered once",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      send(1, stanza("iq", { type: "get", id: "q1", to: juliet }, foreign("pump"))),
      close,
      says(stanza("iq", { type: "result", id: "q1" })),
      says(stanza("iq", { type: "result", id: "q1" })),
      ...farewell
    ]
  ),
  alone(
    "keepalive-again",
    "TIME-01: white space keeps the stream alive more than once, and a stanza puts it off",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      fires("keepalive"),
      send(1, letter(romeo)),
      fires("keepalive"),
      footer,
      gone
    ]
  ),
  alone(
    "asked-for-nothing",
    "TIME-09 SM-26: a question for an acknowledgement is timed, also when no stanza waits for one",
    {
      ...direct("initiator"),
      ...use
    },
    [...managed, asked, fires("acknowledgement"), ...farewell]
  ),
  alone("asked-twice", "TIME-09 SM-26: each question for an acknowledgement is timed anew", {
    ...direct("initiator"),
    ...use
  }, [
    ...managed,
    send(1, letter(juliet)),
    asked,
    asked,
    says(sm("a", { h: "1" })),
    close,
    ...farewell
  ]),
  alone(
    "said-after-their-footer",
    "SM-06 SM-20: what is said behind the peer's footer counts for a session that goes on",
    {
      ...direct("initiator"),
      ...use,
      timeouts: { drainMillis: 2_000 }
    },
    [...managed, footer, send(1, letter(juliet)), reset]
  ),
  alone("closed-resumable", "SM-20 END-16: our footer ends the session, however the transport ends", {
    ...direct("initiator"),
    ...use
  }, [...managed, send(1, letter(juliet)), close, fires("close")]),
  alone("reset-after-tls", "TLS-21 TIME-08: a reset right after TLS is no lost network", direct("initiator"), [
    ...believed("initiator"),
    reset
  ]),
  alone("reset-after-tls", "TLS-21 TIME-08: a reset right after TLS is no lost network", direct("recipient"), [
    ...believed("recipient"),
    reset
  ])
]
