/** Sessions that must not come about: TLS, names and rules that do not agree. Certificates and SASL have files of their own. */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import {
  accepted,
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
  footer,
  gone,
  header,
  initiator,
  judged,
  juliet,
  letter,
  mechanisms,
  opened,
  openInClear,
  recipient,
  refused,
  reset,
  sasl,
  says,
  secured,
  stanza,
  starttlsRequired,
  tls
} from "./saying.ts"
import { open } from "./sessions.ts"
import { alone, both, type Scenario } from "./telling.ts"

const unknownAuthority = refused("untrustedCa", "CERT-86", "nobody we trust vouches for it")

export const refusals = (): ReadonlyArray<Scenario> => [...beliefs(), ...handshakes(), ...offers(), ...names()]

const beliefs = (): ReadonlyArray<Scenario> => [
  ...both("recipient-not-believed", "TLS-21 CERT-86: The initiator does not believe the recipient's certificate", {
    script: open,
    judge: (side) => side === "initiator" ? unknownAuthority : accepted(side)
  }),
  ...both(
    "initiator-not-believed",
    "TLS-21 CERT-86 TIME-13: The recipient does not believe the initiator's certificate",
    {
      script: open,
      judge: (side) => side === "recipient" ? unknownAuthority : accepted(side)
    }
  ),
  ...both("initiator-is-somebody-else", "HDR-31 CERT-70: the right authority, another address", {
    script: open,
    judge: (side) => side === "recipient" ? accepted(side, { authorised: ["paris@forza"] }) : accepted(side)
  }),
  ...both("another-service", "CERT-77 HDR-31: the certificate is for all services of another domain", {
    script: open,
    initiator: { ...initiator, self: "forza.example" },
    judge: (side) => accepted(side, side === "recipient" ? { authorised: ["*.pumps.example"] } : {})
  }),
  ...both("no-certificate", "SASL-40 CERT-102: the initiator shows no certificate where one is needed", {
    script: open,
    initiator: { ...initiator, policy: { sasl: "never" } },
    chains: { initiator: [], recipient: [] },
    judge: (side) =>
      side === "recipient"
        ? accepted(side, { code: "noCertificate", rule: "CERT-102", strength: "none", authorised: [] })
        : accepted(side)
  }),
  alone(
    "revoked-while-open",
    "TIME-12 CERT-54: the last word on revocation comes when the stream is open",
    direct("recipient"),
    [
      ...authenticated("recipient"),
      judged(refused("revoked", "CERT-50", "the certificate was revoked")),
      footer,
      gone
    ]
  ),
  alone("verdict-turns-out-well", "CERT-54: the last word on revocation is a good one", direct("recipient"), [
    ...authenticated("recipient"),
    judged(accepted("recipient")),
    footer,
    gone
  ]),
  alone("flood-before-verdict", "LIM-05: a peer that says too much before it is believed", {
    ...direct("recipient"),
    limits: { deferredMax: 2 }
  }, [opened, secured("recipient"), header("recipient"), says(letter(juliet)), says(letter(juliet))]),
  alone("flood-before-verdict", "LIM-05: a peer that says too much before it is believed", {
    ...direct("initiator"),
    limits: { deferredMax: 1 }
  }, [opened, secured("initiator"), footer, footer])
]

const handshakes = (): ReadonlyArray<Scenario> => [
  ...both("tls-failed", "TLS-22 ERR-11: The handshake fails", { script: open, tlsFault: "no shared cipher" }),
  ...both("tls-refused", "TLS-09 TLS-11: One side requires TLS, the other never does it", {
    script: open,
    recipient: clear("recipient")
  }),
  alone(
    "tls-stripped",
    "TLS-06 TLS-11: STARTTLS was stripped from the features; whoever did it has to say no",
    initiator,
    [
      opened,
      header("initiator"),
      features(),
      says(tls("failure")),
      footer,
      gone
    ]
  ),
  alone("tls-answered-by-footer", "TLS-11: a footer instead of an answer to STARTTLS", initiator, [
    opened,
    header("initiator"),
    features(starttlsRequired),
    footer,
    gone
  ]),
  alone(
    "plaintext-after-proceed",
    "TLS-15 TLS-22: plaintext injected behind `proceed` meets the TLS engine",
    initiator,
    [
      opened,
      header("initiator"),
      features(starttlsRequired),
      says(tls("proceed")),
      { _tag: "TlsFailed", fault: "wrong version number" }
    ]
  ),
  alone(
    "plaintext-after-starttls",
    "TLS-15 TLS-22: plaintext injected behind `starttls` meets the TLS engine",
    recipient,
    [
      opened,
      header("recipient"),
      says(tls("starttls")),
      { _tag: "TlsFailed", fault: "wrong version number" }
    ]
  ),
  alone("xml-during-handshake", "TLS-16: nothing is read while TLS negotiates, whoever claims so", recipient, [
    opened,
    header("recipient"),
    says(tls("starttls")),
    says(letter(juliet)),
    ended
  ]),
  alone("malformed-starttls", "TLS-09: words inside `starttls`", recipient, [
    opened,
    header("recipient"),
    says(tls("starttls", {}, "please")),
    footer,
    gone
  ]),
  alone("hopeless-offer", "C2C-09 TLS-09: the offer inside `starttls` holds no method of ours", recipient, [
    opened,
    header("recipient"),
    says(tls("starttls", {}, Element.make(Namespace.c2cOffer, "offer", {}, [Element.make(Namespace.c2cOffer, "srp")]))),
    footer,
    gone
  ]),
  alone("tls-twice", "TLS-26 TLS-09: STARTTLS where TLS already runs", direct("recipient"), [
    ...believed("recipient"),
    header("recipient"),
    says(tls("starttls")),
    footer,
    gone
  ]),
  alone("tls-too-late", "TLS-09: STARTTLS on an open stream", clear("recipient"), [
    ...openInClear("recipient"),
    says(tls("starttls")),
    footer,
    gone
  ]),
  alone(
    "peer-gone-during-handshake",
    "TLS-22 TIME-08: the connection is reset while TLS negotiates",
    direct("initiator"),
    [
      opened,
      reset
    ]
  ),
  alone(
    "peer-gone-before-verdict",
    "TLS-21 END-07: the peer ends while its certificate is judged",
    direct("recipient"),
    [
      opened,
      secured("recipient"),
      ended
    ]
  )
]

const offers = (): ReadonlyArray<Scenario> => [
  alone(
    "peer-insists-on-tls",
    "TLS-32 FEAT-09: the peer insists on TLS, which is never used here",
    clear("initiator"),
    [
      opened,
      header("initiator"),
      features(starttlsRequired),
      ...farewell
    ]
  ),
  alone("lone-starttls", "TLS-04 TLS-32: `starttls` alone is mandatory, and never used here", clear("initiator"), [
    opened,
    header("initiator"),
    features(tls("starttls")),
    ...farewell
  ]),
  alone(
    "unknown-mandatory-feature",
    "FEAT-09 AMB-24: the peer insists on something that nobody here knows",
    clear("initiator"),
    [
      opened,
      header("initiator"),
      features(
        Element.make("https://pumps.example/ns", "pump", {}, [Element.make("https://pumps.example/ns", "required")])
      ),
      ...farewell
    ]
  ),
  alone("resource-binding", "FEAT-09 E2E-02: the peer offers resource binding, as a server would", clear("initiator"), [
    opened,
    header("initiator"),
    features(Element.make(Namespace.bind, "bind")),
    ...farewell
  ]),
  alone("no-mechanism", "SASL-09 SASL-08: no mechanism of ours is on offer", direct("initiator"), [
    ...believed("initiator"),
    header("initiator"),
    features(mechanisms("PLAIN", "SCRAM-SHA-1")),
    ...farewell
  ]),
  alone(
    "sasl-not-offered",
    "SASL-41: SASL is required, and not offered",
    direct("initiator", { policy: { sasl: "required" } }),
    [
      ...believed("initiator"),
      header("initiator"),
      features(caps),
      ...farewell
    ]
  ),
  alone("sasl-impossible", "SASL-40: SASL is required, and the certificate names nobody", {
    ...direct("recipient", { policy: { sasl: "required", authenticatePeer: false } })
  }, [
    ...believed("recipient", { code: "noIdentity", rule: "CERT-62", strength: "none", authorised: [] }),
    header("recipient"),
    ...farewell
  ]),
  alone(
    "repeated-features",
    "FEAT-11 TLS-26: what is done already is offered again, and ignored",
    direct("initiator"),
    [
      ...believed("initiator"),
      header("initiator"),
      features(starttlsRequired, mechanisms("EXTERNAL")),
      says(sasl("success")),
      header("initiator", { id: "of-the-peer-2" }),
      features(mechanisms("EXTERNAL")),
      close,
      ...farewell
    ]
  ),
  alone("features-out-of-place", "FEAT-20: an initiator that sends features", clear("recipient"), [
    ...openInClear("recipient"),
    features(),
    ...farewell
  ]),
  alone("early-stanza", "FEAT-12 LIM-04 TLS-30: a stanza before TLS", recipient, [
    opened,
    header("recipient"),
    says(letter(juliet)),
    ...farewell
  ]),
  alone("early-stanza", "FEAT-13: a stanza before the features", clear("initiator"), [
    opened,
    header("initiator"),
    says(stanza("message")),
    ...farewell
  ])
]

const names = (): ReadonlyArray<Scenario> => [
  ...both("unknown-host", "HDR-18 ERR-25: The header asks for somebody else", {
    script: open,
    recipient: { ...recipient, self: "nurse@pronto" }
  }),
  alone("former-host", "HDR-18 ERR-24: the header asks for an address that was ours", {
    ...recipient,
    former: ["capulet@pronto"]
  }, [opened, header("recipient", { to: "capulet@pronto" }), ...farewell]),
  alone("malformed-to", "HDR-19: the header asks for something that is no address", recipient, [
    opened,
    header("recipient", { to: "@pronto" }),
    ...farewell
  ]),
  alone("malformed-from", "HDR-19 ERR-28: the header comes from something that is no address", recipient, [
    opened,
    header("recipient", { from: "romeo@" }),
    ...farewell
  ]),
  alone("overloaded", "LIM-01 ERR-36: there is no room for one more stream", recipient, [
    opened,
    { ...header("recipient"), overloaded: true },
    ...farewell
  ]),
  alone("answer-from-somebody-else", "HDR-20: somebody else answers, in clear text", clear("initiator"), [
    opened,
    header("initiator", { from: "nurse@pronto" }),
    ...farewell
  ]),
  alone("answer-to-somebody-else", "HDR-22: the answer inside TLS is for somebody else", direct("initiator"), [
    ...believed("initiator"),
    header("initiator", { to: "paris@forza" }),
    ...farewell
  ]),
  alone(
    "hints-before-tls",
    "HDR-07 TLS-20: what a header says before TLS is a hint only",
    { ...recipient, peer: "paris@forza" },
    [opened, header("recipient"), footer, gone]
  ),
  alone("hints-before-tls", "HDR-07 TLS-20: what an answer says before TLS is a hint only", initiator, [
    opened,
    header("initiator", { from: "nurse@pronto", to: "paris@forza" }),
    features(starttlsRequired),
    close,
    gone
  ]),
  alone(
    "unexpected-caller",
    "HDR-31: another initiator than the expected one, in clear text",
    clear("recipient", { peer: "paris@forza" }),
    [
      opened,
      header("recipient"),
      ...farewell
    ]
  ),
  alone(
    "nameless-caller",
    "HDR-31: an initiator was expected, and somebody without a `from` has another's certificate",
    direct("recipient", {
      peer: "paris@forza"
    }),
    [
      ...believed("recipient"),
      header("recipient", { from: undefined }),
      says(sasl("auth", { mechanism: "EXTERNAL" }, "=")),
      header("recipient", { from: undefined }),
      ...farewell
    ]
  ),
  alone("another-to-after-sasl", "HDR-30: the restart asks for another name of ours", {
    ...direct("recipient"),
    aliases: ["capulet@pronto"]
  }, [...authenticated("recipient", { to: "capulet@pronto" }), ...farewell]),
  alone("another-from-after-sasl", "HDR-32: the restart comes from somebody else", direct("recipient"), [
    ...authenticated("recipient", { from: "paris@forza" }),
    ...farewell
  ]),
  alone("repeated-id", "HDR-26: a restart with the id of before is noted", direct("initiator"), [
    ...authenticated("initiator", { id: "of-the-peer" }),
    features(),
    close,
    ...farewell
  ]),
  alone(
    "repeated-id-refused",
    "HDR-26: a restart with the id of before, where that is forbidden",
    direct("initiator", {
      policy: { strictIds: true }
    }),
    [...authenticated("initiator", { id: "of-the-peer" }), ...farewell]
  ),
  alone(
    "refused-after-tls",
    "TLS-21 END-18: the peer ends right after TLS; it has possibly refused our certificate",
    direct("initiator"),
    [
      ...believed("initiator"),
      ended,
      gone
    ]
  ),
  alone("refused-by-footer", "END-18: a footer instead of features", direct("initiator"), [
    ...believed("initiator"),
    header("initiator"),
    footer,
    gone
  ]),
  alone("sasl-out-of-place", "SASL-06 SASL-47: SASL on an open stream", clear("initiator"), [
    ...openInClear("initiator"),
    says(sasl("success")),
    ...farewell
  ]),
  alone("mechanisms-in-clear", "SASL-08 SASL-09: EXTERNAL offered before TLS is not taken", clear("initiator"), [
    opened,
    header("initiator"),
    external,
    ...farewell
  ])
]
