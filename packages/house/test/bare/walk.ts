/**
 * Walks the reducer from its first state through one of each kind, giving every event of a menu to every kind of state. It
 * runs in a bare context (`bare.ts`), so it may use nothing but the language.
 */
import { Config, type Event, State } from "@xmpp-e2e/protocol"
import { initial, step } from "@xmpp-e2e/protocol/Step"
import { Element } from "@xmpp-e2e/xml"

/** The labels of the states that were reached, and how many steps it took. */
export const run = (): { readonly labels: ReadonlyArray<string>; readonly steps: number } => {
  const seen = new Map<string, State.State>()
  let steps = 0
  const visit = (state: State.State): void => {
    const { policy, role } = state.config
    const kind = [role, policy.tls, State.label(state), "link" in state ? state.link._tag : ""].join(" ")
    if (seen.has(kind)) return
    seen.set(kind, state)
    for (const event of [...menu, ...firings(state)]) {
      steps++
      visit(step(state, event)[0])
    }
  }
  for (const config of configs) visit(initial(config))
  return { labels: [...new Set([...seen.values()].map(State.label))].sort(), steps }
}

const firings = (state: State.State): ReadonlyArray<Event.Event> =>
  state.timers.map(({ generation, timer }) => ({ _tag: "TimerFired", timer, generation }))

const [self, peer] = ["romeo@forza.example", "juliet@pronto.example"]
const streams = "http://etherx.jabber.org/streams"
const starttls = "urn:ietf:params:xml:ns:xmpp-tls"
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl"

const extraFeatures = [Element.make("http://jabber.org/protocol/caps", "c")]

const configs = (["initiator", "recipient"] as const).flatMap((role) =>
  (["required", "preferred"] as const).flatMap((tls) => {
    const made = Config.make({ role, self, peer, policy: { tls }, certificate: { addresses: [self] }, extraFeatures })
    return made._tag === "Made" ? [made.config] : []
  })
)

const header = (attributes: Readonly<Record<string, string>>): Event.Event => ({
  _tag: "HeaderReceived",
  freshId: "id",
  tag: {
    name: "stream",
    namespace: streams,
    prefix: "stream",
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    declarations: [{ prefix: "", namespace: "jabber:client" }, { prefix: "stream", namespace: streams }]
  }
})

const received = (element: Element.Element): Event.Event => ({ _tag: "ElementReceived", element })
const features = (...children: ReadonlyArray<Element.Element>) =>
  received(Element.make(streams, "features", {}, children))
const tlsElement = (name: string) => Element.make(starttls, name)
const saslElement = (name: string, ...children: ReadonlyArray<Element.Node>) => Element.make(sasl, name, {}, children)
const message = Element.make("jabber:client", "message", {}, [Element.make("jabber:client", "body", {}, ["hi"])])
const facts = { protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", resumed: false, chain: ["AA=="] }
const verdict = {
  decision: "accept",
  code: "trusted",
  rule: "CERT-70",
  because: "the name fits",
  strength: "pki",
  identity: peer,
  authorised: [peer],
  notices: []
} as const

const menu: ReadonlyArray<Event.Event> = [
  { _tag: "TransportOpened" },
  header({ version: "1.0", to: self, from: peer, id: "a" }),
  features(tlsElement("starttls")),
  features(Element.make(sasl, "mechanisms", {}, [saslElement("mechanism", "EXTERNAL")])),
  features(),
  received(tlsElement("starttls")),
  received(tlsElement("proceed")),
  received(tlsElement("failure")),
  received(Element.make(sasl, "auth", { mechanism: "EXTERNAL" }, ["="])),
  received(Element.make(sasl, "auth", { mechanism: "EXTERNAL" })),
  received(saslElement("challenge")),
  received(saslElement("challenge", "AA==")),
  received(saslElement("response", "=")),
  received(saslElement("success")),
  received(saslElement("failure")),
  received(saslElement("abort")),
  received(message),
  received(Element.make(streams, "error")),
  { _tag: "FooterReceived" },
  { _tag: "WhitespaceReceived" },
  { _tag: "SendRequested", request: 1, stanza: message },
  { _tag: "CloseRequested" },
  { _tag: "FailRequested", condition: "reset" },
  { _tag: "AbortRequested" },
  { _tag: "TransportEnded" },
  { _tag: "TransportLost" },
  { _tag: "TlsEstablished", facts },
  { _tag: "TlsFailed", fault: "no shared cipher" },
  { _tag: "PeerJudged", verdict },
  { _tag: "PeerJudged", verdict: { ...verdict, decision: "reject", authorised: [] } }
]
