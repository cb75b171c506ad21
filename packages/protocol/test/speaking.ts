/** What peers, our own side and the world say in these tests: elements, events, verdicts. `walking.ts` says it to machines. */
import { Element, type Fault } from "@xmpp-e2e/xml"
import type { StreamCondition } from "../src/Condition.ts"
import type { Event, PeerEvent, Resumption, TlsFacts } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import type { Timer } from "../src/Timer.ts"
import type { Verdict } from "../src/Verdict.ts"

export type Role = "initiator" | "recipient"

/** The initiator is nadia, the recipient teo, whoever we are. */
export const addresses = { initiator: "nadia@harbor.example", recipient: "teo@quarry.example" } as const

export const roles: ReadonlyArray<Role> = ["initiator", "recipient"]

export const otherRole = (role: Role): Role => role === "initiator" ? "recipient" : "initiator"

type Received<Tag extends PeerEvent["_tag"]> = Extract<PeerEvent, { readonly _tag: Tag }>
type HeaderReceived = Received<"HeaderReceived">

// Elements

type Attributes = Readonly<Record<string, string | undefined>>
type Children = ReadonlyArray<Element.Node>

const maker =
  (namespace: string) => (name: string, attributes: Attributes = {}, children: Children = []): Element.Element =>
    Element.make(namespace, name, attributes, children)

export const tls = maker(Namespace.tls)
export const sasl = maker(Namespace.sasl)
export const sm = maker(Namespace.management)
export const stanza = maker(Namespace.client)
export const stream = maker(Namespace.stream)
export const foreign = maker("https://tansy.example/ns")

export const message = (id: string, attributes: Attributes = {}): Element.Element =>
  stanza("message", { id, ...attributes }, [stanza("body", {}, [`words of ${id}`])])

export const iq = (attributes: Attributes, ...children: Children): Element.Element => stanza("iq", attributes, children)

export const ping = Element.make(Namespace.ping, "ping")

export const features = (...children: ReadonlyArray<Element.Element>): Element.Element =>
  stream("features", {}, children)

export const required = tls("required")
export const starttlsRequired = tls("starttls", {}, [required])
export const mechanisms = (...names: ReadonlyArray<string>): Element.Element =>
  sasl("mechanisms", {}, names.map((name) => sasl("mechanism", {}, [name])))
export const discoInfo = Element.make("http://jabber.org/protocol/disco#info", "query")

export const streamError = (
  condition: string,
  children: Children = [],
  more: ReadonlyArray<Element.Element> = []
): Element.Element => stream("error", {}, [Element.make(Namespace.streamErrors, condition, {}, children), ...more])

/** An `<auth/>`; without data there is no initial response. */
export const auth = (data?: string, mechanism: string | undefined = "EXTERNAL"): Element.Element =>
  sasl("auth", { mechanism }, data === undefined ? [] : [data])

export const saslFailure = (condition: string): Element.Element => sasl("failure", {}, [sasl(condition)])

// Events of the peer

/** The root tag of a good header, as the peer of `role` sends it, with changed attributes: `undefined` leaves one out. */
export const rootTag = (role: Role, attributes: Attributes = {}, lang: string | undefined = "en"): Element.RootTag => ({
  name: "stream",
  namespace: Namespace.stream,
  prefix: "stream",
  attributes: [
    ...Element.attributesOf({
      from: addresses[otherRole(role)],
      to: addresses[role],
      id: role === "initiator" ? "id-of-the-peer" : undefined,
      version: "1.0",
      ...attributes
    }),
    ...(lang === undefined ? [] : [{ name: "lang", namespace: Element.xmlNamespace, value: lang }])
  ],
  declarations: [{ prefix: "", namespace: Namespace.client }, { prefix: "stream", namespace: Namespace.stream }]
})

export const header = (
  role: Role,
  attributes: Attributes = {},
  more: Partial<Element.RootTag> = {}
): HeaderReceived => ({
  _tag: "HeaderReceived",
  tag: { ...rootTag(role, attributes), ...more },
  freshId: freshId()
})

export const says = (
  element: Element.Element,
  more: Partial<Received<"ElementReceived">> = {}
): Received<"ElementReceived"> => ({ _tag: "ElementReceived", element, ...more })

export const footer: Event = { _tag: "FooterReceived" }
export const whitespace: Event = { _tag: "WhitespaceReceived" }

export const rejected = (kind: Fault.FaultKind): Event => ({
  _tag: "InputRejected",
  fault: { kind, detail: "as the reader says" },
  freshId: "fresh-of-the-fault"
})

// Events of our own side

export const send = (request: number, element: Element.Element = message(`m${request}`)): Event => ({
  _tag: "SendRequested",
  request,
  stanza: element
})
export const close: Event = { _tag: "CloseRequested" }
export const abort: Event = { _tag: "AbortRequested" }
export const failWith = (condition: StreamCondition = "system-shutdown"): Event => ({
  _tag: "FailRequested",
  condition
})
export const enable: Event = { _tag: "EnableRequested", resumable: true }
export const commands: ReadonlyArray<readonly [name: string, event: Event]> = [
  ["EnableRequested", enable],
  ["AcknowledgeRequested", { _tag: "AcknowledgeRequested" }],
  ["AcknowledgementRequested", { _tag: "AcknowledgementRequested" }],
  ["ResumeRequested", { _tag: "ResumeRequested" }]
]

// Events of the world

export const opened: Event = { _tag: "TransportOpened" }
export const ended: Event = { _tag: "TransportEnded" }
export const lost: Event = { _tag: "TransportLost", fault: "ECONNRESET" }
export const tlsFailed: Event = { _tag: "TlsFailed", fault: "handshake_failure" }

export const facts: TlsFacts = {
  protocol: "TLSv1.3",
  cipher: "TLS_AES_128_GCM_SHA256",
  resumed: false,
  chain: ["AQIDBA=="]
}
export const tlsUp: Event = { _tag: "TlsEstablished", facts }

/** A verdict that accepts: at an initiator it found the recipient, at a recipient it authorises the initiator. */
export const verdict = (role: Role, more: Partial<Verdict> = {}): Verdict => ({
  decision: "accept",
  code: "pinned",
  rule: "CERT-84",
  because: "the certificate is the pinned one",
  strength: "pinned",
  ...(role === "initiator" ? { identity: addresses.recipient } : {}),
  authorised: [addresses[otherRole(role)]],
  notices: [],
  ...more
})

export const judged = (role: Role, more: Partial<Verdict> = {}): Event => ({
  _tag: "PeerJudged",
  verdict: verdict(role, more)
})

export const rejectedBy = (role: Role): Event =>
  judged(role, { decision: "reject", code: "pinMismatch", rule: "CERT-85", because: "the pin differs" })

/** The firing of a timer that runs in this state. */
export const fires = (state: State, timer: Timer): Event => {
  const running = state.timers.find((each) => each.timer === timer)
  if (running === undefined) throw new Error(`${timer} does not run in ${state._tag}`)
  return { _tag: "TimerFired", ...running }
}

/** A session of three stanzas sent, of which the last two are not acknowledged, and five handled. */
export const resumption = (role: Role, more: Partial<Resumption> = {}): Resumption => ({
  id: "session-1",
  identity: addresses[otherRole(role)],
  handled: 5,
  sent: 3,
  unacknowledged: [message("kept-2"), message("kept-3")],
  ...more
})

export const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64")

let drawn = 0
const freshId = (): string => `fresh-${drawn += 1}`
