/** Every way to end: in order from either side and from both at once, by half, by reset, in the middle of things. */
import {
  abort,
  clear,
  close,
  direct,
  ended,
  failWith,
  farewell,
  features,
  footer,
  gone,
  header,
  initiator,
  juliet,
  legacy,
  letter,
  opened,
  openInClear,
  recipient,
  reset,
  romeo,
  says,
  secured,
  send,
  stanza,
  starttlsRequired,
  tls,
  whitespace
} from "./saying.ts"
import { open } from "./sessions.ts"
import { alone, both, type Scenario } from "./telling.ts"

export const closing = (): ReadonlyArray<Scenario> => [...orderly(), ...early(), ...broken()]

const drains = { ...clear("recipient"), timeouts: { drainMillis: 2_000 } }

const orderly = (): ReadonlyArray<Scenario> => [
  ...both("simultaneous-close", "END-11: both sides close at the same time", {
    script: [...open, [["initiator", close], ["recipient", close]]]
  }),
  ...both("closed-by-recipient", "E2E-17 END-08: The recipient closes first", {
    script: [...open, [["recipient", close]]]
  }),
  alone(
    "last-words",
    "STZ-21 STZ-20 END-03: what the peer said before it heard our footer is still delivered",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      close,
      close,
      says(letter(juliet)),
      whitespace,
      says(stanza("message", { from: "paris@forza" })),
      send(1, letter(romeo)),
      ...farewell
    ]
  ),
  alone("drained", "END-04 STZ-20: what our side still had to say goes out before our footer", drains, [
    ...openInClear("recipient"),
    footer,
    send(1, letter(romeo)),
    close,
    ended,
    gone
  ]),
  alone("drained-with-error", "END-04 ERR-01: our side ends with an error after the peer's footer", drains, [
    ...openInClear("recipient"),
    footer,
    failWith("system-shutdown"),
    gone
  ]),
  alone("half-closed-while-draining", "END-12 END-04: the peer's transport ends while our side still speaks", drains, [
    ...openInClear("recipient"),
    footer,
    ended,
    gone
  ]),
  alone("reset-while-draining", "TIME-08 END-04: the connection is reset while our side still speaks", drains, [
    ...openInClear("recipient"),
    footer,
    { _tag: "AcknowledgeRequested" },
    says(letter(juliet)),
    reset
  ]),
  alone("aborted-while-draining", "END-15: our side gives up while it still could speak", drains, [
    ...openInClear("recipient"),
    footer,
    abort
  ]),
  alone("words-after-footer", "END-17 END-02: nothing counts any more after both footers", clear("initiator"), [
    ...openInClear("initiator"),
    close,
    footer,
    says(letter(romeo)),
    whitespace,
    send(1, letter(juliet)),
    close,
    gone
  ]),
  alone(
    "close-notify-from-both",
    "END-09 TLS-35: the transport ends from our side, then from the peer's",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      footer,
      ended,
      ended
    ]
  )
]

const early = (): ReadonlyArray<Scenario> => [
  alone("never-opened", "END-13 P-15: closed before the transport was open", initiator, [
    send(1, letter(juliet)),
    close
  ]),
  alone("closed-before-header", "END-13: closed before a header came", recipient, [opened, close, gone]),
  alone("closed-before-proceed", "END-21: closed while STARTTLS is unanswered", initiator, [
    send(1, letter(juliet)),
    opened,
    header("initiator"),
    features(starttlsRequired),
    close,
    gone
  ]),
  alone("closed-during-handshake", "END-14: closed while TLS negotiates", direct("initiator"), [opened, close]),
  alone("closed-before-verdict", "END-13: closed while the certificate is judged", direct("initiator"), [
    opened,
    secured("initiator"),
    close,
    gone
  ]),
  alone("closed-before-verdict", "END-13: closed while the certificate is judged", direct("recipient"), [
    opened,
    secured("recipient"),
    close,
    gone
  ]),
  alone("closed-before-features", "END-19 END-01: closed before the features came", initiator, [
    opened,
    header("initiator"),
    close,
    ...farewell
  ]),
  alone("failed-before-header", "END-13 ERR-01: ended with an error of our own before a header came", recipient, [
    opened,
    failWith("system-shutdown"),
    gone
  ]),
  alone("failed-before-features", "ERR-39: ended with an error of our own before TLS", initiator, [
    opened,
    header("initiator"),
    failWith("system-shutdown"),
    ...farewell
  ]),
  alone("closed-by-peer-early", "END-18: the initiator hangs up instead of asking for TLS", recipient, [
    opened,
    header("recipient"),
    footer,
    gone
  ])
]

const broken = (): ReadonlyArray<Scenario> => [
  alone("truncated", "END-07 END-12 TIME-08: the transport ends without a footer", legacy("recipient"), [
    opened,
    header("recipient", { version: undefined }),
    says(letter(juliet)),
    ended,
    reset
  ]),
  alone("reset", "TIME-08 END-07: the connection is reset", clear("initiator"), [...openInClear("initiator"), reset]),
  alone("reset-before-features", "TIME-08: the connection is reset before the features came", initiator, [
    opened,
    header("initiator"),
    reset
  ]),
  alone("reset-before-header", "TIME-08 END-07: the connection is reset before the answer", initiator, [opened, reset]),
  alone("half-closed-before-header", "END-12: the peer's transport ends before the answer", initiator, [
    opened,
    ended,
    gone
  ]),
  alone("half-closed-before-header", "END-12: the peer's transport ends before its header", recipient, [
    opened,
    ended,
    gone
  ]),
  alone(
    "reset-after-footer",
    "END-06 TIME-08: the connection is reset instead of an answer to our footer",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      close,
      reset
    ]
  ),
  alone(
    "half-closed-after-footer",
    "END-07: the peer's transport ends instead of an answer to our footer",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      close,
      ended,
      gone
    ]
  ),
  alone("aborted", "END-15: given up in the middle of a session", clear("recipient"), [
    ...openInClear("recipient"),
    abort
  ]),
  alone("aborted-before-tls", "END-15: given up while STARTTLS is unanswered", recipient, [
    opened,
    header("recipient"),
    says(tls("starttls")),
    abort
  ]),
  alone("aborted-after-footer", "END-15: given up while our footer is unanswered", clear("initiator"), [
    ...openInClear("initiator"),
    close,
    abort
  ]),
  alone("aborted-at-the-end", "END-15: given up while the transport still has to end", clear("initiator"), [
    ...openInClear("initiator"),
    close,
    footer,
    abort
  ])
]
