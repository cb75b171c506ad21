/** Whether the corpus holds one of each: what can happen, what can be answered, where a stream can be, how it can end. */
import { describe, expect, it } from "@effect/vitest"
import type { Action, Event, Notice, Timer, Verdict } from "@xmpp-e2e/protocol"
import { conditions } from "@xmpp-e2e/protocol/Condition"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { causes } from "@xmpp-e2e/protocol/Reason"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { Element, type Fault } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import * as Recording from "../src/Recording.ts"
import * as Corpus from "./corpus.ts"
import { conditions as saslConditions } from "./stories/authentication.ts"

/** The compiler asks for every name of a union, and for no other. */
type Each<Name extends string> = Readonly<Record<Name, true>>

type Inside<S extends State> = S extends { readonly at: { readonly _tag: infer Tag extends string } }
  ? `${S["_tag"]}.${Tag}`
  : S["_tag"]

const states: Each<Inside<State> | "Established+resuming"> = {
  "Dormant": true,
  "Initiating.AwaitingHeader": true,
  "Initiating.AwaitingFeatures": true,
  "Initiating.AwaitingProceed": true,
  "Initiating.AwaitingTls": true,
  "Initiating.AwaitingVerdict": true,
  "Initiating.AwaitingSasl": true,
  "Initiating.AwaitingAbort": true,
  "Initiating.AwaitingResumed": true,
  "Responding.AwaitingHeader": true,
  "Responding.AwaitingChoice": true,
  "Responding.AwaitingCommitment": true,
  "Responding.AwaitingTls": true,
  "Responding.AwaitingVerdict": true,
  "Responding.AwaitingResponse": true,
  "Established": true,
  "Established+resuming": true,
  "Closing.AwaitingFooter": true,
  "Closing.AwaitingDrain": true,
  "Closing.AwaitingEnd": true,
  "Closed": true
}

const events: Each<Event.Event["_tag"]> = {
  HeaderReceived: true,
  ElementReceived: true,
  FooterReceived: true,
  WhitespaceReceived: true,
  InputRejected: true,
  SendRequested: true,
  CloseRequested: true,
  FailRequested: true,
  AbortRequested: true,
  EnableRequested: true,
  AcknowledgeRequested: true,
  AcknowledgementRequested: true,
  ResumeRequested: true,
  TransportOpened: true,
  TransportEnded: true,
  TransportLost: true,
  TlsEstablished: true,
  TlsFailed: true,
  PeerJudged: true,
  ResumptionJudged: true,
  TimerFired: true
}

const actions: Each<Action.Action["_tag"]> = {
  SendHeader: true,
  SendElement: true,
  SendFooter: true,
  SendWhitespace: true,
  StartTls: true,
  RestartInput: true,
  StopInput: true,
  JudgePeer: true,
  JudgeResumption: true,
  SetTimer: true,
  ClearTimer: true,
  Deliver: true,
  Refuse: true,
  Report: true,
  EndTransport: true,
  DropTransport: true
}

const notices: Each<Notice.Notice["_tag"]> = {
  TlsOn: true,
  CertificateRejected: true,
  AuthenticationFailed: true,
  Negotiated: true,
  InsecureChannel: true,
  PeerError: true,
  SentError: true,
  Redirected: true,
  PeerClosed: true,
  ManagementOn: true,
  ManagementOff: true,
  StanzasAcknowledged: true,
  Diagnostic: true,
  Ended: true
}

const diagnostics: Each<Notice.Diagnostic> = {
  unexpectedEvent: true,
  unexpectedElement: true,
  unexpectedFeatures: true,
  unexpectedTimer: true,
  unknownElement: true,
  ignoredAddress: true,
  ignoredLanguage: true,
  missingId: true,
  repeatedId: true,
  repeatedFeature: true,
  tlsNotAdvertised: true,
  tlsRefused: true,
  whitespaceInWindow: true,
  unknownReply: true,
  droppedStanza: true,
  certificateExpired: true,
  resumptionRefused: true,
  staleAcknowledgement: true
}

const refusals: Each<Action.Refusal> = { queueFull: true, closed: true, notOpen: true, notAStanza: true }

const timers: Each<Timer.Timer> = {
  negotiation: true,
  step: true,
  verdict: true,
  commit: true,
  keepalive: true,
  idle: true,
  pong: true,
  certificate: true,
  acknowledgement: true,
  close: true,
  drain: true,
  end: true
}

/** Refused, where a verdict can refuse. */
const codes: Each<Verdict.VerdictCode> = {
  noCertificate: true,
  malformed: true,
  offerMismatch: true,
  pinned: true,
  pinMismatch: true,
  trusted: true,
  identityMismatch: true,
  noIdentity: true,
  expired: true,
  notYetValid: true,
  revoked: true,
  revocationUnknown: true,
  badSignature: true,
  nameChaining: true,
  notACa: true,
  pathLength: true,
  keyUsage: true,
  purpose: true,
  policy: true,
  nameConstraint: true,
  unknownCritical: true,
  weakSignature: true,
  weakKey: true,
  eeIsCa: true,
  emptySubject: true,
  selfSigned: true,
  untrustedCa: true,
  firstUse: true,
  userRejected: true,
  verdictTimeout: true,
  internal: true
}

const kinds: Each<Fault.FaultKind> = {
  notWellFormed: true,
  restricted: true,
  encoding: true,
  xmlVersion: true,
  textAtRoot: true,
  nestedRoot: true,
  elementTooBig: true,
  headerTooBig: true,
  tooDeep: true,
  tooManyAttributes: true
}

/** What no recording can hold, with the reason. */
const impossible: Readonly<Record<string, string>> = {
  "verdict verdictTimeout": "no judge says it; the reducer's own timer ends the stream, and `slow-judge` holds it",
  "diagnostic unexpectedTimer":
    "only timers of the present state run, so none can fire in a state that does not know it"
}

const corpus = [...Corpus.texts(Corpus.place).values()].map((text) => Result.getOrThrow(Recording.decode(text)))

/** What occurs, as `kind name`. */
const occurring = new Set<string>()
const occurs = (kind: string, name: string): void => void occurring.add(`${kind} ${name}`)

const note = (notice: Notice.Notice): void => {
  occurs("notice", notice._tag)
  if (notice._tag === "Diagnostic") occurs("diagnostic", notice.about)
  if (notice._tag === "SentError") occurs("sent", notice.error.condition)
  if (notice._tag === "PeerError") occurs("received", notice.error.condition)
  if (notice._tag === "Ended") occurs("cause", notice.reason.cause)
}

const saslFailure = (way: string, element: Element.Element): void => {
  if (Element.is(element, Namespace.sasl, "failure")) {
    for (const { name } of Element.elements(element)) occurs(way, name)
  }
}

const act = (action: Action.Action): void => {
  occurs("action", action._tag)
  if (action._tag === "Report") note(action.notice)
  if (action._tag === "Refuse") occurs("refusal", action.refusal)
  if (action._tag === "SendElement") saslFailure("failure sent", action.element)
  if (action._tag === "SetTimer") occurs("timer set", action.timer)
}

const happen = (event: Event.Event, state: State): void => {
  occurs("event", event._tag)
  if (event._tag === "TimerFired" && state.timers.some((each) => each.generation === event.generation)) {
    occurs("timer fired", event.timer)
  }
  if (event._tag === "InputRejected") occurs("fault", event.fault.kind)
  if (event._tag === "ElementReceived") saslFailure("failure received", event.element)
  if (event._tag === "PeerJudged") {
    occurs("verdict", event.verdict.code)
    if (event.verdict.decision === "reject") occurs("rejected", event.verdict.code)
  }
}

for (const recording of corpus) {
  let state: State = Reducer.initial(recording.head.config)
  occurs("state", label(state))
  for (const { event } of Recording.steps(recording)) {
    happen(event, state)
    const [after, actions] = Reducer.step(state, event)
    state = after
    for (const action of actions) act(action)
    const resuming = state._tag === "Established" && state.session.resuming !== undefined
    occurs("state", resuming ? `${label(state)}+resuming` : label(state))
  }
}

const missing = (kind: string, names: Readonly<Record<string, unknown>> | ReadonlyArray<string>) =>
  (Array.isArray(names) ? names : Object.keys(names)).map((name) => `${kind} ${name}`)
    .filter((name) => !occurring.has(name) && impossible[name] === undefined)

/** What a recipient has reason to send (`elements.ts`). */
const sendable = saslConditions.filter((name) =>
  !["account-disabled", "mechanism-too-weak", "temporary-auth-failure"].includes(name)
)
const accepting = ["pinned", "trusted", "firstUse", "verdictTimeout"]

describe("the corpus holds", () => {
  it.each([
    ["state", states],
    ["event", events],
    ["action", actions],
    ["notice", notices],
    ["diagnostic", diagnostics],
    ["refusal", refusals],
    ["timer set", timers],
    ["timer fired", timers],
    ["fault", kinds],
    ["verdict", codes],
    ["rejected", Object.keys(codes).filter((code) => !accepting.includes(code))],
    ["cause", causes],
    ["sent", conditions],
    ["received", conditions],
    ["failure sent", sendable],
    ["failure received", saslConditions]
  ])("each %s", (kind, names) => {
    expect(missing(kind, names)).toEqual([])
  })

  it("nothing that is called impossible", () => {
    expect(Object.keys(impossible).filter((name) => occurring.has(name))).toEqual([])
  })

  it("each kind of end in both roles", () => {
    const ends = corpus.flatMap(({ head, lines }) =>
      lines.filter(Recording.isStep).flatMap(({ actions }) =>
        actions.flatMap((action) =>
          action._tag === "Report" && action.notice._tag === "Ended"
            ? [`${head.config.role} ${action.notice.reason._tag}`]
            : []
        )
      )
    )
    const blames = [...new Set(Object.values(causes).map(({ blame }) => blame))]
    const wanted = blames.flatMap((blame) => [`initiator ${blame}`, `recipient ${blame}`])
    expect(wanted.filter((end) => !ends.includes(end))).toEqual([])
  })
})
