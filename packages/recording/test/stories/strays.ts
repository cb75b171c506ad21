/** Events that come where nobody waits for them: the same answer in every state (state-machine §8.0), so each gets them all. */
import type { Event } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
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
  failWith,
  farewell,
  features,
  footer,
  foreign,
  garbled,
  gone,
  header,
  initiator,
  judged,
  juliet,
  letter,
  opened,
  openInClear,
  recipient,
  refused,
  reset,
  sasl,
  says,
  secured,
  send,
  sm,
  stanza,
  starttlsRequired,
  stream,
  tls,
  whitespace
} from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

const commands: ReadonlyArray<Event.Event> = [
  { _tag: "EnableRequested", resumable: true },
  { _tag: "AcknowledgeRequested" },
  { _tag: "AcknowledgementRequested" },
  { _tag: "ResumeRequested" }
]

const world = (side: "initiator" | "recipient"): ReadonlyArray<Event.Event> => [
  opened,
  secured(side),
  { _tag: "TlsFailed", fault: "too late" },
  judged(accepted(side)),
  { _tag: "ResumptionJudged" },
  { _tag: "TimerFired", timer: "drain", generation: 99 }
]

const unreadable = garbled("notWellFormed", "no XML")

const words = (side: "initiator" | "recipient"): ReadonlyArray<Event.Event> => [
  header(side),
  says(letter(juliet)),
  footer,
  whitespace,
  unreadable
]

/** One first-level element of each kind that is no stanza. */
const elements: ReadonlyArray<Event.Event> = [
  says(tls("starttls")),
  says(sasl("auth")),
  features(),
  says(stanza("message"), { prefixed: true }),
  says({ ...stanza("message"), namespace: Namespace.server }),
  says(stream("flow")),
  says(foreign("pump")),
  says(sm("r"))
]

export const strays = (): ReadonlyArray<Scenario> => [...early(), ...late()]

const early = (): ReadonlyArray<Scenario> => [
  alone("strays-before-transport", "P-01: nothing that comes before the transport moves the stream", initiator, [
    ...words("initiator"),
    ...world("initiator").slice(1),
    ...commands,
    gone
  ]),
  alone("failed-before-transport", "END-13: our side gives up before the transport was open", recipient, [
    failWith("reset")
  ]),
  alone("aborted-before-transport", "END-13 END-15: our side gives up before the transport was open", recipient, [
    abort
  ]),
  alone("ended-before-transport", "END-13: the transport ends before it was open", recipient, [ended]),
  alone("strays-before-header", "P-01 HDR-34: elements and a footer before the answer are noted", initiator, [
    opened,
    says(letter(juliet)),
    footer,
    whitespace,
    ...world("initiator"),
    ...commands,
    abort
  ]),
  alone("strays-before-features", "P-01 SASL-47: late answers and early requests; then TLS out of place", initiator, [
    opened,
    header("initiator"),
    ...world("initiator"),
    ...commands,
    whitespace,
    says(foreign("pump")),
    says(sm("r")),
    says(tls("proceed")),
    ...farewell
  ]),
  alone("prefixed-features", "NS-05: a stanza with a prefix before the features", initiator, [
    opened,
    header("initiator"),
    says(stanza("message"), { prefixed: true }),
    ...farewell
  ]),
  ...(["initiator", "recipient"] as const).flatMap((side) => [
    alone("strays-during-handshake", "P-01 TLS-16: words while TLS negotiates are noted", direct(side), [
      opened,
      ...words(side),
      ...commands,
      failWith("reset")
    ]),
    alone(
      "strays-before-verdict",
      "TLS-21 LIM-05: words of every kind wait for the verdict, and go with it",
      direct(side),
      [
        opened,
        secured(side),
        ...words(side),
        ...commands,
        judged(refused("revoked", "CERT-50", "it was revoked"))
      ]
    ),
    alone(
      "failed-before-verdict",
      "END-13: our side gives up with an error while the certificate is judged",
      direct(side),
      [
        opened,
        secured(side),
        failWith("reset"),
        gone
      ]
    ),
    alone("reset-before-verdict", "TIME-08: the connection is reset while the certificate is judged", direct(side), [
      opened,
      secured(side),
      reset
    ])
  ]),
  alone("ended-before-verdict", "END-07: the peer ends while its certificate is judged", direct("initiator"), [
    opened,
    secured("initiator"),
    ended
  ]),
  alone("hidden-from", "HDR-09: our address is kept from whoever listens before TLS", {
    ...initiator,
    policy: { hideFromBeforeTls: true }
  }, [
    opened,
    header("initiator"),
    features(starttlsRequired),
    says(tls("proceed")),
    secured("initiator"),
    judged(accepted("initiator")),
    close,
    ...farewell
  ]),
  alone("strays-before-commitment", "AMB-11 SM-03: stream management before clear text is settled", {
    ...recipient,
    policy: { tls: "preferred" },
    extraFeatures: [caps]
  }, [
    opened,
    header("recipient"),
    says(sm("enable")),
    says(sm("resume")),
    says(sm("r")),
    says(foreign("pump")),
    features(),
    ...farewell
  ]),
  alone("malformed-auth", "SASL-35: elements in `auth`", direct("recipient"), [
    ...believed("recipient"),
    header("recipient"),
    says(sasl("auth", { mechanism: "EXTERNAL" }, sasl("x"))),
    says(auth("=")),
    header("recipient"),
    footer,
    gone
  ])
]

const late = (): ReadonlyArray<Scenario> => [
  alone("strays-when-open", "P-01: late answers on an open stream are noted", clear("recipient"), [
    ...openInClear("recipient"),
    whitespace,
    ...world("recipient"),
    ...commands,
    footer,
    gone
  ]),
  alone(
    "strays-behind-our-footer",
    "P-01 END-03: nothing but stanzas, errors and acknowledgements counts behind our footer",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      close,
      header("recipient"),
      whitespace,
      ...elements,
      says(stanza("message"), { headerPrefixed: true }),
      failWith("reset"),
      ...commands,
      ...world("recipient"),
      footer,
      ...words("recipient"),
      ...commands,
      ...world("recipient"),
      close,
      failWith("reset"),
      send(1, letter("romeo@forza")),
      gone,
      ...words("recipient"),
      ...commands,
      ...world("recipient")
    ]
  ),
  alone(
    "unreadable-behind-our-footer",
    "END-17 END-20: what cannot be read behind our footer ends the wait",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      close,
      unreadable,
      gone
    ]
  ),
  alone("strays-while-draining", "P-01 END-17: nothing of the peer counts behind its footer", {
    ...clear("recipient"),
    timeouts: { drainMillis: 2_000 }
  }, [
    ...openInClear("recipient"),
    footer,
    ...words("recipient"),
    ...commands,
    ...world("recipient"),
    close,
    gone
  ]),
  alone("strays-while-resuming", "SM-24 LIM-05: words of every kind wait for the session store", {
    ...direct("recipient"),
    management: { use: true, resumableSeconds: 300 }
  }, [
    ...authenticated("recipient"),
    says(sm("resume", { previd: "session-1", h: "1" })),
    whitespace,
    footer,
    header("recipient"),
    unreadable,
    { _tag: "ResumptionJudged" },
    gone
  ])
]
