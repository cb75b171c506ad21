/** SASL EXTERNAL from both ends: every failure that a recipient sends, every one that an initiator may hear. */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import {
  abort,
  auth,
  believed,
  caps,
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
  opened,
  recipient,
  romeo,
  sasl,
  says,
  whitespace
} from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

export const authentication = (): ReadonlyArray<Scenario> => [
  ...challenges(),
  ...sent(),
  ...received(),
  ...endings()
]

const asked = [...believed("recipient"), header("recipient")]

const asking = [...believed("initiator"), header("initiator"), external]

const restarted = [header("recipient"), footer, gone]

const challenges = (): ReadonlyArray<Scenario> => [
  alone("challenged", "SASL-12 SASL-38: `auth` without data is answered with an empty challenge", direct("recipient"), [
    ...asked,
    says(auth()),
    says(auth()),
    says(sasl("response", {}, btoa(romeo))),
    ...restarted
  ]),
  alone("challenged", "SASL-12 SASL-15: an empty challenge is answered with the empty response", direct("initiator"), [
    ...asking,
    says(sasl("challenge")),
    says(sasl("success")),
    header("initiator", { id: "of-the-peer-2" }),
    features(),
    close,
    ...farewell
  ]),
  alone("challenged-with-words", "SASL-45 SASL-37: a challenge that asks for more is aborted", direct("initiator"), [
    ...asking,
    says(sasl("challenge", {}, btoa("who are you?"))),
    says(sasl("challenge")),
    says(sasl("failure", {}, sasl("aborted"))),
    ...farewell
  ]),
  alone(
    "success-crosses-abort",
    "SASL-37 SASL-45: success was under way when we gave up, and counts",
    direct("initiator"),
    [
      ...asking,
      says(sasl("challenge")),
      says(sasl("challenge")),
      says(sasl("success")),
      header("initiator", { id: "of-the-peer-2" }),
      features(),
      close,
      ...farewell
    ]
  ),
  alone("footer-after-abort", "SASL-37 END-18: a footer instead of an answer to our abort", direct("initiator"), [
    ...asking,
    says(sasl("challenge", {}, "=")),
    footer,
    gone
  ])
]

/** A failure that a new `auth` can repair is followed by one that does. */
const sent = (): ReadonlyArray<Scenario> => [
  failing("aborted", "SASL-37: the initiator gives up, and tries again", [
    says(auth()),
    says(sasl("abort"))
  ]),
  failing("incorrect-encoding", "SASL-14 SASL-48: what is no base64", [says(auth("not base64"))]),
  failing("malformed-request", "SASL-35: elements in the response", [
    says(auth()),
    says(sasl("response", {}, sasl("x")))
  ]),
  failing("malformed-request-no-text", "SASL-35 SASL-20: bytes that are no text", [says(auth("wyg="))]),
  failing("malformed-request-early", "SASL-35: a response to no challenge", [says(sasl("response"))]),
  failing("invalid-mechanism", "SASL-30: another mechanism", [says(auth("AHJvbWVvAHJvc2FsaW5l", "PLAIN"))]),
  failing("invalid-authzid", "SASL-21: somebody whom the certificate does not name", [says(auth(btoa("paris@forza")))]),
  failing("invalid-authzid-resource", "SASL-20: an address with a resource", [says(auth(btoa(`${romeo}/orchard`)))]),
  alone(
    "authzid-differs-from-from",
    "SASL-26: of two names in the certificate, another than the `from`",
    direct("recipient"),
    [
      ...believed("recipient", { authorised: [romeo, "montague@forza"] }),
      header("recipient"),
      says(auth(btoa("montague@forza"))),
      says(auth(btoa(romeo))),
      ...restarted
    ]
  ),
  alone("too-many-names", "SASL-24: no name, no `from`, and a certificate that leaves a choice", direct("recipient"), [
    ...believed("recipient", { authorised: [romeo, "montague@forza"] }),
    header("recipient", { from: undefined }),
    says(auth("=")),
    says(auth(btoa("montague@forza"))),
    header("recipient", { from: undefined }),
    footer,
    gone
  ]),
  alone("sasl-encryption-required", "SASL-31 SASL-06: EXTERNAL before TLS", recipient, [
    opened,
    header("recipient"),
    says(auth("=")),
    ...farewell
  ]),
  alone("sasl-encryption-required-voluntary", "SASL-31: EXTERNAL before TLS, where TLS is voluntary", {
    ...recipient,
    policy: { tls: "preferred" },
    extraFeatures: [caps]
  }, [opened, header("recipient"), says(auth("=")), says(sasl("abort")), ...farewell]),
  alone("sasl-not-authorized", "SASL-25: no name said, and the certificate names nobody like it", {
    ...direct("recipient", { policy: { authenticatePeer: false } })
  }, [
    ...believed("recipient", { authorised: ["paris@forza"] }),
    header("recipient"),
    says(auth("=")),
    ...farewell
  ]),
  alone("sasl-credentials-expired", "SASL-33: the certificate expired since the verdict", direct("recipient"), [
    ...believed("recipient", { expiresIn: 9_000 }),
    header("recipient"),
    fires("certificate"),
    says(auth("=")),
    ...farewell
  ]),
  alone("too-many-aborts", "SASL-39 SASL-37: a handshake that was given up counts as a failure", direct("recipient"), [
    ...asked,
    ...[1, 2, 3].flatMap(() => [says(auth()), says(sasl("abort"))]),
    says(auth()),
    ...farewell
  ]),
  alone("too-many-tries", "SASL-39 SASL-21: one failure too many", direct("recipient"), [
    ...asked,
    ...[1, 2, 3, 4].map(() => says(auth(btoa("paris@forza")))),
    ...farewell
  ])
]

const failing = (condition: string, note: string, tried: Parameters<typeof alone>[3]): Scenario =>
  alone(`sasl-${condition}`, note, direct("recipient"), [...asked, ...tried, says(auth("=")), ...restarted])

/** RFC 6120 §6.5, and what is no condition at all. */
export const conditions = [
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
] as const

/** Two names in the certificate: there is no other name to try after a failure. */
const received = (): ReadonlyArray<Scenario> => [
  ...conditions.map((condition) =>
    refusedWith(condition, `SASL-09: the recipient answers ${condition}`, sasl(condition))
  ),
  refusedWith(
    "unknown",
    "SASL-43 SASL-44: an unknown failure counts as not-authorized, its text is shown",
    sasl("bad-hair-day"),
    sasl("text", {}, "Not today.")
  )
]

const refusedWith = (condition: string, note: string, ...children: ReadonlyArray<Element.Element>): Scenario =>
  alone(`sasl-${condition}`, note, { ...direct("initiator"), certificate: { addresses: [romeo, "montague@forza"] } }, [
    ...asking,
    says(sasl("failure", {}, ...children)),
    ...farewell
  ])

const endings = (): ReadonlyArray<Scenario> => [
  alone("second-try", "SASL-17 SASL-39: refused without a name, the initiator says it", direct("initiator"), [
    ...asking,
    says(sasl("failure", {}, sasl("invalid-authzid"))),
    says(sasl("success")),
    header("initiator", { id: "of-the-peer-2" }),
    features(),
    close,
    ...farewell
  ]),
  alone("second-try-refused", "SASL-09 SASL-39: refused with a name as well", direct("initiator"), [
    ...asking,
    says(sasl("failure", {}, sasl("not-authorized"))),
    says(sasl("failure", {}, sasl("not-authorized"))),
    ...farewell
  ]),
  alone("footer-instead-of-success", "SASL-09 END-18: a footer instead of an outcome", direct("initiator"), [
    ...asking,
    footer,
    gone
  ]),
  alone("white-space-during-sasl", "SASL-13: white space is no word", direct("initiator"), [
    ...asking,
    whitespace,
    says(sasl("success")),
    abort
  ]),
  alone("success-to-nobody", "SASL-47: `success` sent to a recipient", direct("recipient"), [
    ...asked,
    says(sasl("success")),
    ...farewell
  ]),
  alone("truncated-during-sasl", "END-07 END-12: the transport ends before the outcome", direct("initiator"), [
    ...asking,
    ended,
    gone
  ]),
  alone("bidi-between-servers", "AMB-02: bidi is taken up before `auth`, and means nothing to anybody else", {
    ...direct("recipient", { policy: { contentNamespace: Namespace.server } }),
    self: "pronto.example"
  }, [
    ...believed("recipient", { authorised: ["forza.example"] }),
    header("recipient", { to: "pronto.example", from: "forza.example" }, {
      declarations: [{ prefix: "", namespace: Namespace.server }]
    }),
    says(Element.make(Namespace.bidi, "bidi")),
    says(auth("=")),
    header("recipient", { to: "pronto.example", from: "forza.example" }, {
      declarations: [{ prefix: "", namespace: Namespace.server }]
    }),
    footer,
    gone
  ])
]
