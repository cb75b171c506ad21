/** Stream errors: each condition sent and received, by our own choice or because the peer broke a rule. */
import type { Condition } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import type { Fault } from "@xmpp-e2e/xml"
import {
  accepted,
  clear,
  direct,
  ended,
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
  reset,
  sasl,
  says,
  secured,
  stanza,
  stream,
  streamError
} from "./saying.ts"
import { open } from "./sessions.ts"
import { alone, both, type Scenario } from "./telling.ts"

export const errors = (): ReadonlyArray<Scenario> => [
  ...chosen(),
  ...received(),
  ...faults(),
  ...headers(),
  ...elements()
]

/** Conditions that the reducer sends when its own side asks for them, and in no other case. */
const own = [
  ["conflict", "ERR-22 ERR-52"],
  ["improper-addressing", "ERR-26"],
  ["internal-server-error", "ERR-27"],
  ["invalid-xml", "ERR-30"],
  ["remote-connection-failed", "ERR-34"],
  ["system-shutdown", "ERR-39"]
] as const

const chosen = (): ReadonlyArray<Scenario> => [
  ...own.flatMap(([condition, ids]) =>
    both(`error-${condition}`, `${ids} ERR-01: the recipient's side chooses to end with ${condition}`, {
      script: [...open, [["recipient", { _tag: "FailRequested", condition, text: "That is all." }]]],
      initiator: clear("initiator"),
      recipient: clear("recipient")
    })
  ),
  ...both("redirected", "ERR-38 ERR-50: The recipient ends the stream with a stream error of its own choice", {
    script: [...open, [["recipient", { _tag: "FailRequested", condition: "see-other-host", host: "pumps.example" }]]]
  })
]

/** The others, heard. */
const heard: ReadonlyArray<Condition.StreamCondition> = [
  "bad-format",
  "bad-namespace-prefix",
  "connection-timeout",
  "host-gone",
  "host-unknown",
  "invalid-from",
  "invalid-namespace",
  "not-authorized",
  "not-well-formed",
  "policy-violation",
  "reset",
  "resource-constraint",
  "restricted-xml",
  "undefined-condition",
  "unsupported-encoding",
  "unsupported-feature",
  "unsupported-stanza-type",
  "unsupported-version"
]

const received = (): ReadonlyArray<Scenario> => [
  ...heard.map((condition) =>
    alone(`error-${condition}`, `ERR-02: the peer says ${condition}`, clear("initiator"), [
      ...openInClear("initiator"),
      says(streamError(condition)),
      ...farewell
    ])
  ),
  alone(
    "error-of-old",
    "ERR-05 ERR-06 ERR-07: a name of RFC 3920, a text and an element of the application",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      says(
        streamError(
          "xml-not-well-formed",
          stream("text", {}, "no text of ours"),
          errorText("Lost the thread."),
          foreign("pump")
        )
      ),
      footer,
      gone
    ]
  ),
  alone(
    "error-nobody-knows",
    "ERR-04 ERR-05: an unknown condition counts as undefined, and a transport that is just reset",
    clear("recipient"),
    [
      ...openInClear("recipient"),
      says(streamError("bad-hair-day")),
      reset
    ]
  ),
  alone("error-after-ours", "ERR-08 ERR-09: an error that crosses ours is recorded, not answered", clear("initiator"), [
    ...openInClear("initiator"),
    { _tag: "FailRequested", condition: "system-shutdown" },
    says(streamError("see-other-host")),
    ...farewell
  ]),
  alone(
    "error-after-our-footer",
    "ERR-09 STZ-21: an error behind our footer; what follows it is not delivered",
    clear("initiator"),
    [
      ...openInClear("initiator"),
      { _tag: "CloseRequested" },
      says(letter("romeo@forza")),
      says(streamError("reset")),
      says(letter("romeo@forza")),
      ...farewell
    ]
  )
]

const errorText = (words: string) => ({
  name: "text",
  namespace: Namespace.streamErrors,
  attributes: [],
  children: [words]
})

/** What the reader can find wrong with the bytes, and its condition. */
const kinds: ReadonlyArray<readonly [kind: Fault.FaultKind, note: string]> = [
  ["restricted", "XML-01 ERR-37: a comment"],
  ["encoding", "XML-09 ERR-41: bytes that are not UTF-8"],
  ["xmlVersion", "XML-12 ERR-20: XML 1.1"],
  ["textAtRoot", "XML-17 ERR-20: text between stanzas"],
  ["nestedRoot", "HDR-33 ERR-20: a stream in the stream"],
  ["elementTooBig", "XML-18 STZ-22 ERR-33: a stanza that is too big"],
  ["headerTooBig", "XML-18 ERR-33: a header that is too big"],
  ["tooDeep", "XML-18 ERR-33: elements nested too deep"],
  ["tooManyAttributes", "XML-18 ERR-33: an element with too many attributes"]
]

const faults = (): ReadonlyArray<Scenario> => [
  alone("not-xml", "XML-07 END-20 ERR-32: The peer answers with something that is no XML", initiator, [
    opened,
    garbled("notWellFormed", "no XML"),
    gone
  ]),
  ...kinds.map(([kind, note]) =>
    alone(`unreadable-${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, note, clear("recipient"), [
      ...openInClear("recipient"),
      garbled(kind, "as the reader says"),
      gone
    ])
  ),
  alone("unreadable-first-word", "HDR-03 ERR-03 XML-10: no header, so one of ours goes before the error", recipient, [
    opened,
    garbled("notWellFormed", "a byte order mark"),
    ended,
    gone
  ]),
  alone(
    "unreadable-before-verdict",
    "ERR-10 TLS-21: what cannot be read waits for the verdict as well",
    direct("recipient"),
    [
      opened,
      secured("recipient"),
      garbled("notWellFormed", "no XML"),
      judged(accepted("recipient")),
      gone
    ]
  )
]

const stranger = (more: Parameters<typeof header>[2]) => [opened, header("recipient", {}, more), ...farewell]

const headers = (): ReadonlyArray<Scenario> => [
  alone(
    "header-foreign-namespace",
    "HDR-02 NS-01 ERR-29: the root is of another namespace",
    recipient,
    stranger({ namespace: "https://pumps.example/ns" })
  ),
  alone("header-other-name", "HDR-02 ERR-20: the root is no `stream`", recipient, stranger({ name: "river" })),
  alone("header-other-prefix", "NS-04 ERR-21: another prefix than `stream`, where that is forbidden", {
    ...recipient,
    policy: { strictStreamPrefix: true }
  }, stranger({ prefix: "s" })),
  alone(
    "header-other-content",
    "NS-03 ERR-29: another content namespace",
    recipient,
    stranger({
      declarations: [{ prefix: "", namespace: Namespace.server }]
    })
  ),
  alone("header-odd-version", "VER-10 ERR-44: a version that nobody can read", recipient, [
    opened,
    header("recipient", { version: "one" }),
    ...farewell
  ]),
  alone("header-twice", "HDR-33 ERR-20: a second header in an open stream", clear("initiator"), [
    ...openInClear("initiator"),
    header("initiator"),
    ...farewell
  ]),
  alone("header-twice", "HDR-33: a second header before the negotiation is over", recipient, [
    opened,
    header("recipient"),
    header("recipient"),
    ...farewell
  ])
]

const broken = (element: Parameters<typeof says>[0], more: Parameters<typeof says>[1] = {}) => [
  ...openInClear("recipient"),
  says(element, more),
  ...farewell
]

const elements = (): ReadonlyArray<Scenario> => [
  alone(
    "prefixed-stanza",
    "NS-05 ERR-21: a stanza with a prefix",
    clear("recipient"),
    broken(letter(juliet), { prefixed: true })
  ),
  alone(
    "header-prefix-inside",
    "NS-10 ERR-29: a prefix that only the header binds",
    clear("recipient"),
    broken(letter(juliet), { headerPrefixed: true })
  ),
  alone(
    "foreign-content",
    "NS-06 ERR-29: a stanza of the other content namespace",
    clear("recipient"),
    broken({ ...stanza("message"), namespace: Namespace.server })
  ),
  alone(
    "odd-element",
    "NS-08 NS-11 ERR-43: an unknown element of the content namespace",
    clear("recipient"),
    broken(stanza("messages"))
  ),
  alone(
    "odd-stream-element",
    "NS-08 ERR-43: an unknown element of the stream namespace",
    clear("recipient"),
    broken(stream("flow"))
  ),
  alone(
    "unknown-element-refused",
    "NS-07 ERR-43: an element that nobody knows, where that ends the stream",
    clear("recipient", { policy: { unknownElement: "close" } }),
    broken(foreign("pump"))
  ),
  alone("sasl-on-open-stream", "SASL-47 ERR-31: SASL on an open stream", clear("recipient"), broken(sasl("auth"))),
  alone(
    "stanza-from-somebody-else",
    "STZ-06 ERR-28: a stanza in another's name, in clear text",
    clear("recipient"),
    broken(stanza("message", { from: "paris@forza" }))
  ),
  alone(
    "stanza-from-no-address",
    "STZ-08 ERR-28: a stanza from something that is no address",
    clear("recipient"),
    broken(stanza("message", { from: "@forza" }))
  ),
  alone(
    "stanza-from-impostor",
    "STZ-05 AMB-23 ERR-28: a stanza in another's name, from a peer whose name is proven",
    direct("initiator", { policy: { sasl: "never" } }),
    [
      opened,
      secured("initiator"),
      judged(accepted("initiator")),
      header("initiator"),
      features(),
      says(stanza("message", { from: "nurse@pronto" })),
      ...farewell
    ]
  )
]
