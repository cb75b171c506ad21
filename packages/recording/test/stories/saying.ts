/** Whom the stories of the corpus are about, and what peers, our own side and the world say in them. */
import type { Config, Event, Timer, Verdict } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import type { State } from "@xmpp-e2e/protocol/State"
import { Element, type Fault } from "@xmpp-e2e/xml"
import type { Side } from "../join.ts"

export const romeo = "romeo@forza"
export const juliet = "juliet@pronto"

/** Romeo calls, Juliet is called. */
export const selfOf: Readonly<Record<Side, string>> = { initiator: romeo, recipient: juliet }
export const peerOf: Readonly<Record<Side, string>> = { initiator: juliet, recipient: romeo }

export const initiator: Config.Input = {
  role: "initiator",
  self: romeo,
  peer: juliet,
  certificate: { addresses: [romeo] }
}

export const recipient: Config.Input = { role: "recipient", self: juliet, certificate: { addresses: [juliet] } }

const inputs: Readonly<Record<Side, Config.Input>> = { initiator, recipient }

type More = Omit<Partial<Config.Input>, "role">

/** Whoever begins with TLS is soon past it. */
export const direct = (side: Side, { policy, ...more }: More = {}): Config.Input => ({
  ...inputs[side],
  ...more,
  policy: { tlsEntry: "direct", ...policy }
})

export const clear = (side: Side, { policy, ...more }: More = {}): Config.Input => ({
  ...inputs[side],
  ...more,
  policy: { tls: "never", ...policy }
})

export const legacy = (side: Side): Config.Input =>
  clear(side, { policy: { legacy: "accept", authenticatePeer: false } })

/** A feature that makes voluntary TLS voluntary (TLS-04). */
export const caps = Element.make("http://jabber.org/protocol/caps", "c", { node: "https://e2e.example", ver: "1" })

// Elements

type Attributes = Readonly<Record<string, string | undefined>>

const maker =
  (namespace: string) =>
  (name: string, attributes: Attributes = {}, ...children: ReadonlyArray<Element.Node>): Element.Element =>
    Element.make(namespace, name, attributes, children)

export const tls = maker(Namespace.tls)
export const sasl = maker(Namespace.sasl)
export const sm = maker(Namespace.management)
export const stanza = maker(Namespace.client)
export const stream = maker(Namespace.stream)
export const foreign = maker("https://pumps.example/ns")

export const letter = (to: string): Element.Element =>
  stanza(
    "message",
    { to, type: "chat" },
    stanza("body", {}, "M'lady, I would be pleased to make your acquaintance.")
  )

export const ping = Element.make(Namespace.ping, "ping")

export const mechanisms = (...names: ReadonlyArray<string>): Element.Element =>
  sasl("mechanisms", {}, ...names.map((name) => sasl("mechanism", {}, name)))

export const starttlsRequired = tls("starttls", {}, tls("required"))

export const auth = (data?: string, mechanism = "EXTERNAL"): Element.Element =>
  sasl("auth", { mechanism }, ...(data === undefined ? [] : [data]))

export const streamError = (condition: string, ...more: ReadonlyArray<Element.Element>): Element.Element =>
  stream("error", {}, Element.make(Namespace.streamErrors, condition), ...more)

// Events of the peer

/** The root tag that the peer of a side sends; `undefined` leaves an attribute out. */
export const header = (
  side: Side,
  attributes: Attributes = {},
  more: Partial<Element.RootTag> & { readonly lang?: string } = {}
): Extract<Event.Event, { readonly _tag: "HeaderReceived" }> => {
  const { lang, ...tag } = more
  return {
    _tag: "HeaderReceived",
    tag: {
      name: "stream",
      namespace: Namespace.stream,
      prefix: "stream",
      attributes: [
        ...Element.attributesOf({
          from: peerOf[side],
          to: selfOf[side],
          id: side === "initiator" ? "of-the-peer" : undefined,
          version: "1.0",
          ...attributes
        }),
        ...(lang === undefined ? [] : [{ name: "lang", namespace: Element.xmlNamespace, value: lang }])
      ],
      declarations: [{ prefix: "", namespace: Namespace.client }, { prefix: "stream", namespace: Namespace.stream }],
      ...tag
    },
    freshId: "fresh-1"
  }
}

type Received = Extract<Event.Event, { readonly _tag: "ElementReceived" }>

export const says = (element: Element.Element, more: Omit<Partial<Received>, "_tag" | "element"> = {}): Received => ({
  _tag: "ElementReceived",
  element,
  ...more
})

export const features = (...children: ReadonlyArray<Element.Element>): Event.Event =>
  says(stream("features", {}, ...children))

export const external = features(mechanisms("EXTERNAL"))

export const footer: Event.Event = { _tag: "FooterReceived" }
export const whitespace: Event.Event = { _tag: "WhitespaceReceived" }

export const garbled = (kind: Fault.FaultKind, detail: string): Event.Event => ({
  _tag: "InputRejected",
  fault: { kind, detail },
  freshId: "fresh-9"
})

// Events of our own side

export const send = (request: number, stanza: Element.Element): Event.Event => ({
  _tag: "SendRequested",
  request,
  stanza
})

export const close: Event.Event = { _tag: "CloseRequested" }
export const abort: Event.Event = { _tag: "AbortRequested" }
export const failWith = (condition: Extract<Event.Event, { _tag: "FailRequested" }>["condition"]): Event.Event => ({
  _tag: "FailRequested",
  condition
})

// Events of the world

export const opened: Event.Event = { _tag: "TransportOpened" }
export const ended: Event.Event = { _tag: "TransportEnded" }
export const gone: Event.Event = { _tag: "TransportLost" }
export const reset: Event.Event = { _tag: "TransportLost", fault: "ECONNRESET" }

/** The certificates that a side shows. They are bytes for the judge alone; here they are words. */
export const chainOf = (side: Side): ReadonlyArray<string> => [btoa(`certificate of ${selfOf[side]}`)]

export const secured = (side: Side, more: Partial<Event.TlsFacts> = {}): Event.Event => ({
  _tag: "TlsEstablished",
  facts: {
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    resumed: false,
    chain: chainOf(side === "initiator" ? "recipient" : "initiator"),
    ...more
  }
})

export const accepted = (side: Side, more: Partial<Verdict.Verdict> = {}): Verdict.Verdict => ({
  decision: "accept",
  code: "trusted",
  rule: "CERT-70",
  because: "a trusted authority vouches for it",
  strength: "pki",
  ...(side === "initiator" ? { identity: juliet } : {}),
  authorised: [peerOf[side]],
  notices: [],
  ...more
})

export const refused = (code: Verdict.VerdictCode, rule: string, because: string): Verdict.Verdict => ({
  decision: "reject",
  code,
  rule,
  because,
  strength: "none",
  authorised: [],
  notices: []
})

export const judged = (verdict: Verdict.Verdict): Event.Event => ({ _tag: "PeerJudged", verdict })

/** The firing of a timer that runs. */
export const fires = (timer: Timer.Timer) => (state: State): Event.Event => {
  const running = state.timers.find((each) => each.timer === timer)
  if (running === undefined) throw new Error(`${timer} does not run in ${state._tag}`)
  return { _tag: "TimerFired", ...running }
}

// Ways that many stories begin with

/** TLS from the first byte, and a peer that is believed. */
export const believed = (side: Side, more: Partial<Verdict.Verdict> = {}): ReadonlyArray<Event.Event> => [
  opened,
  secured(side),
  judged(accepted(side, more))
]

/** The stream after SASL EXTERNAL; `attributes` are those of the last header. */
export const authenticated = (
  side: Side,
  attributes: Attributes = {},
  more: Partial<Verdict.Verdict> = {}
): ReadonlyArray<Event.Event> =>
  side === "initiator"
    ? [
      ...believed(side, more),
      header(side),
      external,
      says(sasl("success")),
      header(side, { id: "of-the-peer-2", ...attributes })
    ]
    : [...believed(side, more), header(side), says(auth("=")), header(side, attributes)]

/** Without TLS, up to the open stream. */
export const openInClear = (side: Side): ReadonlyArray<Event.Event> =>
  side === "initiator" ? [opened, header(side), features()] : [opened, header(side)]

/** The peer answers our footer, and its transport ends. */
export const farewell: ReadonlyArray<Event.Event> = [footer, gone]
