/** Every event there is to choose from, as functions of the state it will meet. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Event, State, Timer } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Configs from "../Configs.ts"
import { base64 } from "./bytes.ts"
import * as facts from "./facts.ts"
import * as words from "./words.ts"

/** `seq` numbers the events of a run: ids and requests made of it are fresh. */
export type Choice = (state: State.State, seq: number) => Event.Event

type Received = Extract<Event.Event, { readonly _tag: "ElementReceived" }>
type Stanzas = ReturnType<typeof words.stanzas>
type Choose = (stanzas: Stanzas, state: State.State) => Element.Element

export const always = (event: Event.Event): Choice => () => event

export const received = (element: Element.Element): Choice => {
  const event: Received = { _tag: "ElementReceived", element }
  return element.namespace === Namespace.management
    ? (_, seq) => ({ ...event, freshId: facts.freshId(seq) })
    : () => event
}

export const stanza = (choose: Choose): Choice => (state, seq) => ({
  _tag: "ElementReceived",
  element: choose(words.stanzas(state.config, seq), state)
})

const marked = (mark: "prefixed" | "headerPrefixed"): Choice => (state, seq) => ({
  _tag: "ElementReceived",
  element: words.stanzas(state.config, seq).message(),
  [mark]: true
})

export const send = (choose: Choose): Choice => (state, seq) => ({
  _tag: "SendRequested",
  request: seq,
  stanza: choose(words.stanzas(state.config, seq), state)
})

export const authAs = (name: "auth" | "response"): Choice => ({ config }) => ({
  _tag: "ElementReceived",
  element: Element.make(
    Namespace.sasl,
    name,
    name === "auth" ? { mechanism: "EXTERNAL" } : {},
    [base64(Configs.peerOf(config))]
  )
})

/** The oldest running timer, or the next; a stale one where none runs. */
export const fire = (index: number): Choice => ({ timers }) => {
  const running = timers[index % Math.max(1, timers.length)]
  return { _tag: "TimerFired", timer: running?.timer ?? "step", generation: running?.generation ?? 0 }
}

export const headers: ReadonlyArray<Choice> = facts.headers.map((make): Choice => ({ config }, seq) =>
  make(config, seq)
)

export const verdicts: ReadonlyArray<Choice> = facts.verdicts.map((make): Choice => ({ config }) => ({
  _tag: "PeerJudged",
  verdict: make(config)
}))

export const sessions: ReadonlyArray<Choice> = facts.sessions.map((make): Choice => ({ config }) => {
  const resumption = make(config)
  return { _tag: "ResumptionJudged", ...(resumption === undefined ? {} : { resumption }) }
})

export const handshakes: ReadonlyArray<Choice> = facts.handshakes.map((made) =>
  always({ _tag: "TlsEstablished", facts: made })
)

export const faults: ReadonlyArray<Choice> = facts.faults.map((kind): Choice => (_, seq) => ({
  _tag: "InputRejected",
  fault: { kind, detail: "as the reader found it" },
  freshId: facts.freshId(seq)
}))

const valuesOf = (record: Readonly<Record<string, Element.Element>>): ReadonlyArray<Choice> =>
  Object.values(record).map(received)

export const elements: ReadonlyArray<Choice> = [
  ...valuesOf(words.features),
  ...valuesOf(words.tls),
  ...valuesOf(words.sasl),
  authAs("auth"),
  authAs("response"),
  ...valuesOf(words.management),
  ...valuesOf(words.odd),
  ...valuesOf(words.errors)
]

const pendingOf = (state: State.State): string =>
  (state._tag === "Established" ? state.session.pending[0] : undefined) ?? "q-unknown"

export const stanzas: ReadonlyArray<Choice> = [
  stanza((each) => each.message()),
  stanza((each) => each.addressed()),
  stanza((each) => each.get()),
  stanza((each, state) => each.result(pendingOf(state))),
  stanza((each) => each.presence()),
  stanza((each) => each.set()),
  stanza((each, state) => each.error(pendingOf(state))),
  stanza((each) => each.toStranger()),
  stanza((each) => each.toNowhere()),
  stanza((each) => each.toNowhereError()),
  stanza((each) => each.presenceOdd()),
  stanza((each) => each.presenceAway()),
  stanza((each) => each.getNowhere()),
  stanza((each) => each.getTwo()),
  stanza((each) => each.getNameless()),
  stanza((each) => each.typeless()),
  stanza((each) => each.resultNameless()),
  stanza((each) => each.fromStranger()),
  stanza((each) => each.fromNowhere()),
  marked("prefixed"),
  marked("headerPrefixed")
]

export const sends: ReadonlyArray<Choice> = [
  send((each) => each.message()),
  send((each) => each.get()),
  send((each) => each.presence()),
  send((each) => each.result("q-1")),
  send(() => words.odd.extension),
  send(() => words.odd.inContent)
]

export const commands: ReadonlyArray<Choice> = [
  always({ _tag: "CloseRequested" }),
  always({ _tag: "EnableRequested", resumable: true }),
  always({ _tag: "AcknowledgeRequested" }),
  always({ _tag: "AcknowledgementRequested" }),
  always({ _tag: "EnableRequested", resumable: false }),
  always({ _tag: "ResumeRequested" }),
  always({ _tag: "FailRequested", condition: "conflict", text: "Somebody else has taken this place." }),
  always({ _tag: "FailRequested", condition: "see-other-host", host: "elsewhere.example" }),
  always({ _tag: "AbortRequested" })
]

export const world: ReadonlyArray<Choice> = [
  always({ _tag: "FooterReceived" }),
  always({ _tag: "WhitespaceReceived" }),
  always({ _tag: "TransportOpened" }),
  always({ _tag: "TransportEnded" }),
  always({ _tag: "TransportLost" }),
  always({ _tag: "TransportLost", fault: "the network said no" }),
  always({ _tag: "TlsFailed", fault: "no cipher in common" })
]

export const timers: ReadonlyArray<Timer.Timer> = [
  "negotiation",
  "step",
  "verdict",
  "commit",
  "keepalive",
  "idle",
  "pong",
  "certificate",
  "acknowledgement",
  "close",
  "drain",
  "end"
]

/** Firings that nobody waits for any more: the running timers of a moment ago, and names that never ran. */
export const stale: ReadonlyArray<Choice> = timers.map((timer): Choice => (state) => {
  const running = state.timers.find((each) => each.timer === timer)
  return { _tag: "TimerFired", timer, generation: running === undefined ? state.generation : running.generation - 1 }
})

export const running: ReadonlyArray<Choice> = [0, 1, 2].map(fire)

/** All of the above, the order being that of this list for as long as nobody adds to it. */
export const everything: ReadonlyArray<Choice> = [
  ...running,
  ...elements,
  ...stanzas,
  ...headers,
  ...sends,
  ...commands,
  ...world,
  ...handshakes,
  ...verdicts,
  ...sessions,
  ...faults,
  ...stale
]
