/**
 * The stories of the corpus: what two sides, or one side and a scripted peer, do to each other.
 */
import type { Config, Event, Verdict } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import type * as Recording from "../src/Recording.ts"
import { configure, record } from "./arbitrary.ts"
import { join, type Play, type Script, type Side } from "./join.ts"

export interface Scenario {
  /** The file, without `.ndjson`. */
  readonly name: string
  readonly recording: Recording.Recording
}

export const scenarios = (): ReadonlyArray<Scenario> => [
  ...both("secure-session", "TLS, both certificates believed, EXTERNAL, a message each way, orderly close", {
    script: [...open, [["initiator", send(1, letter(juliet))]], [["recipient", send(1, letter(romeo))]], close]
  }),
  ...both("queued-before-open", "What is to be sent before the stream is open waits and goes out in order", {
    script: [[["initiator", send(1, letter(juliet))], ["initiator", send(2, letter(juliet))]], ...open, close]
  }),
  ...both("simultaneous-close", "END-11: both sides close at the same time", {
    script: [...open, [["initiator", { _tag: "CloseRequested" }], ["recipient", { _tag: "CloseRequested" }]]]
  }),
  ...both("closed-by-recipient", "The recipient closes first", {
    script: [...open, [["recipient", { _tag: "CloseRequested" }]]]
  }),
  ...both("recipient-not-believed", "The initiator does not believe the recipient's certificate", {
    script: open,
    judge: (side) => side === "initiator" ? refused : accepted(side)
  }),
  ...both("initiator-not-believed", "The recipient does not believe the initiator's certificate", {
    script: open,
    judge: (side) => side === "recipient" ? refused : accepted(side)
  }),
  ...both("tls-failed", "The handshake fails", { script: open, tlsFault: "no shared cipher" }),
  ...both("tls-refused", "One side requires TLS, the other never does it", {
    script: open,
    recipient: configure({ ...recipient, policy: { tls: "never" } })
  }),
  ...both("clear-session", "Both sides agree to do without TLS", {
    script: [...open, [["initiator", send(1, letter(juliet))]], close],
    initiator: configure({ ...initiator, policy: { tls: "never" } }),
    recipient: configure({ ...recipient, policy: { tls: "never" } })
  }),
  ...both("direct-tls", "TLS-33: TLS before the first header", {
    script: [...open, [["recipient", send(1, letter(romeo))]], close],
    initiator: configure({ ...initiator, policy: { tlsEntry: "direct" } }),
    recipient: configure({ ...recipient, policy: { tlsEntry: "direct" } })
  }),
  ...both("unknown-host", "The header asks for somebody else", {
    script: open,
    recipient: configure({ ...recipient, self: "nurse@pronto" })
  }),
  ...both("redirected", "The recipient ends the stream with a stream error of its own choice", {
    script: [
      ...open,
      [["recipient", { _tag: "FailRequested", condition: "see-other-host", host: "pumps.example" }]]
    ]
  }),
  ...both("stream-management", "XEP-0198: enabled, a stanza acknowledged", {
    script: [
      ...open,
      [["initiator", send(1, letter(juliet))]],
      [["initiator", { _tag: "AcknowledgementRequested" }]],
      close
    ],
    initiator: configure({ ...initiator, management: { use: true } }),
    recipient: configure({ ...recipient, management: { use: true } })
  }),
  alone("legacy-peer", "VER-04: a peer without version, accepted without TLS", legacyRecipient(), [
    { _tag: "TransportOpened" },
    header({ to: juliet, from: romeo }),
    received(letter(juliet)),
    send(1, letter(romeo)),
    { _tag: "FooterReceived" },
    { _tag: "TransportEnded" },
    { _tag: "TransportLost" }
  ]),
  alone(
    "legacy-peer",
    "VER-04: a recipient without version sends no features; accepted without TLS",
    legacyInitiator(),
    [
      { _tag: "TransportOpened" },
      header({ to: romeo, from: juliet, id: "old1" }),
      send(1, letter(juliet)),
      { _tag: "CloseRequested" },
      { _tag: "FooterReceived" },
      { _tag: "TransportEnded" }
    ]
  ),
  alone("legacy-peer-refused", "VER-07: a peer without version, where TLS is required", configure(recipient), [
    { _tag: "TransportOpened" },
    header({ to: juliet, from: romeo }),
    { _tag: "FooterReceived" },
    { _tag: "TransportEnded" }
  ]),
  alone("silent-peer", "TIME-04: nobody answers the header", configure(initiator), [
    { _tag: "TransportOpened" },
    { _tag: "TimerFired", timer: "step", generation: 2 },
    // Stale: it fired before it could be cleared.
    { _tag: "TimerFired", timer: "negotiation", generation: 1 },
    { _tag: "TimerFired", timer: "close", generation: 3 }
  ]),
  alone("not-xml", "The peer answers with something that is no XML", configure(initiator), [
    { _tag: "TransportOpened" },
    { _tag: "InputRejected", fault: { kind: "notWellFormed", detail: "no XML" }, freshId: "initiator-1" },
    { _tag: "TransportEnded" }
  ]),
  alone("truncated", "END-07: the transport ends without a footer", legacyRecipient(), [
    { _tag: "TransportOpened" },
    header({ to: juliet, from: romeo }),
    received(letter(juliet)),
    { _tag: "TransportEnded" },
    { _tag: "TransportLost", fault: "reset" }
  ])
]

const romeo = "romeo@forza"
const juliet = "juliet@pronto"

const initiator: Config.Input = {
  role: "initiator",
  self: romeo,
  peer: juliet,
  certificate: { addresses: [romeo] }
}

const recipient: Config.Input = { role: "recipient", self: juliet, certificate: { addresses: [juliet] } }

const both = (
  name: string,
  note: string,
  play: { readonly script: Script } & Partial<Play>
): ReadonlyArray<Scenario> => {
  const whole: Play = {
    initiator: configure(initiator),
    recipient: configure(recipient),
    judge: accepted,
    chains: { initiator: [btoa(`certificate of ${romeo}`)], recipient: [btoa(`certificate of ${juliet}`)] },
    ...play
  }
  const played = join(whole)
  return (["initiator", "recipient"] as const).map((side) => ({
    name: `${name}.${side}`,
    recording: { head: { config: whole[side], note }, lines: played[side] }
  }))
}

const alone = (name: string, note: string, config: Config.Config, events: ReadonlyArray<Event.Event>): Scenario => ({
  name: `${name}.${config.role}`,
  recording: record({ config, note }, events)
})

const legacyInitiator = () =>
  configure({ ...initiator, policy: { tls: "never", legacy: "accept", authenticatePeer: false } })

const legacyRecipient = () =>
  configure({ ...recipient, policy: { tls: "never", legacy: "accept", authenticatePeer: false } })

const open: Script = [[["initiator", { _tag: "TransportOpened" }], ["recipient", { _tag: "TransportOpened" }]]]

const close = [["initiator", { _tag: "CloseRequested" }]] as const

const letter = (to: string): Element.Element =>
  Element.make(Namespace.client, "message", { to, type: "chat" }, [
    Element.make(Namespace.client, "body", {}, ["M'lady, I would be pleased to make your acquaintance."])
  ])

const send = (request: number, stanza: Element.Element): Event.Event => ({ _tag: "SendRequested", request, stanza })

const received = (element: Element.Element): Event.Event => ({ _tag: "ElementReceived", element })

const header = (attributes: Readonly<Record<string, string>>): Event.Event => ({
  _tag: "HeaderReceived",
  tag: {
    name: "stream",
    namespace: Namespace.stream,
    prefix: "stream",
    attributes: Element.attributesOf(attributes),
    declarations: [{ prefix: "", namespace: Namespace.client }, { prefix: "stream", namespace: Namespace.stream }]
  },
  freshId: "recipient-1"
})

const accepted = (side: Side): Verdict.Verdict => {
  const peer = side === "initiator" ? juliet : romeo
  return {
    decision: "accept",
    code: "trusted",
    rule: "CERT-70",
    because: "a trusted authority vouches for it",
    strength: "pki",
    ...(side === "initiator" ? { identity: peer } : {}),
    authorised: [peer],
    notices: []
  }
}

const refused: Verdict.Verdict = {
  decision: "reject",
  code: "untrustedCa",
  rule: "CERT-86",
  because: "nobody we trust vouches for it",
  strength: "none",
  authorised: [],
  notices: []
}
