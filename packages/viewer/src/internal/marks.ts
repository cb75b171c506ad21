/**
 * What of a step is drawn, and of which kinds it is. Words come from `Describe`, which tells names and sizes and never what
 * people wrote; timers and the parser's business stand in the list of actions only.
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import * as Describe from "@xmpp-e2e/protocol/Describe"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import type { Element } from "@xmpp-e2e/xml"
import { type Kind, kinds, type Mark } from "./model.ts"

/** @internal The event first, then what was sent and told, in order. */
export const marks = (event: Event.Event, actions: ReadonlyArray<Action.Action>): ReadonlyArray<Mark> => [
  happened(event),
  ...actions.flatMap((action) => asked(action))
]

/** @internal In the order of `kinds`, each once. */
export const kindsOf = (event: Event.Event, actions: ReadonlyArray<Action.Action>): ReadonlyArray<Kind> => {
  const found = new Set([...ofEvent(event), ...actions.flatMap(ofAction)])
  return kinds.filter((kind) => found.has(kind))
}

const happened = (event: Event.Event): Mark => {
  switch (event._tag) {
    case "HeaderReceived":
    case "ElementReceived":
      return { way: "in", text: Describe.event(event).slice(event._tag.length + 1), ...bad(isError(event)) }
    case "FooterReceived":
      return { way: "in", text: footer }
    case "WhitespaceReceived":
      return { way: "in", text: whiteSpace }
    case "InputRejected":
      return { way: "in", text: Describe.event(event), bad: true }
    case "PeerJudged":
      return { way: "note", text: Describe.event(event), ...bad(event.verdict.decision === "reject") }
    case "TlsFailed":
    case "TransportLost":
    case "FailRequested":
      return { way: "note", text: Describe.event(event), bad: true }
    default:
      return { way: "note", text: Describe.event(event) }
  }
}

const asked = (action: Action.Action): ReadonlyArray<Mark> => {
  switch (action._tag) {
    case "SendHeader":
      return [{ way: "out", text: `<stream${Describe.action(action).slice("send header".length)}>` }]
    case "SendElement":
      return [{ way: "out", text: Describe.element(action.element), ...bad(isFailure(action.element)) }]
    case "SendFooter":
      return [{ way: "out", text: footer }]
    case "SendWhitespace":
      return [{ way: "out", text: whiteSpace }]
    case "SetTimer":
    case "ClearTimer":
    case "RestartInput":
    case "StopInput":
      return []
    case "Report":
      return [{ way: "note", text: Describe.notice(action.notice), ...bad(isBad(action)) }]
    case "Refuse":
      return [{ way: "note", text: Describe.action(action), bad: true }]
    default:
      return [{ way: "note", text: Describe.action(action) }]
  }
}

const bad = (is: boolean): { readonly bad?: true } => is ? { bad: true } : {}

const isError = (event: Event.Event): boolean => event._tag === "ElementReceived" && isFailure(event.element)

const isFailure = ({ name, namespace }: Element.Element): boolean =>
  (name === "error" && namespace === Namespace.stream) || (name === "failure" && namespace !== undefined)

const isBad = (action: Action.Action & { readonly _tag: "Report" }): boolean => {
  const { notice } = action
  return notice._tag === "CertificateRejected" || notice._tag === "AuthenticationFailed" ||
    notice._tag === "PeerError" ||
    notice._tag === "SentError" || notice._tag === "InsecureChannel" ||
    (notice._tag === "Ended" && notice.reason._tag !== "Finished")
}

const ofEvent = (event: Event.Event): ReadonlyArray<Kind> => {
  const failed: ReadonlyArray<Kind> = happened(event).bad === true ? ["error"] : []
  switch (event._tag) {
    case "HeaderReceived":
    case "FooterReceived":
      return ["negotiation"]
    case "ElementReceived":
      return [ofElement(event.element), ...failed]
    case "SendRequested":
      return ["request", "stanza"]
    case "TlsEstablished":
    case "TlsFailed":
      return ["tls", ...failed]
    case "PeerJudged":
      return ["certificate", ...failed]
    case "TimerFired":
      return ["timer"]
    case "TransportOpened":
    case "TransportEnded":
    case "TransportLost":
      return ["transport", ...failed]
    case "InputRejected":
      return ["error"]
    case "WhitespaceReceived":
      return ["transport"]
    default:
      return ["request", ...failed]
  }
}

const ofAction = (action: Action.Action): ReadonlyArray<Kind> => {
  switch (action._tag) {
    case "SendHeader":
    case "SendFooter":
      return ["negotiation"]
    case "SendElement":
      return [ofElement(action.element)]
    case "StartTls":
      return ["tls"]
    case "JudgePeer":
      return ["certificate"]
    case "Deliver":
      return ["stanza"]
    case "EndTransport":
    case "DropTransport":
      return ["transport"]
    case "Refuse":
      return ["error"]
    case "Report":
      return isBad(action) ? ["error"] : []
    default:
      return []
  }
}

const ofElement = ({ name, namespace }: Element.Element): Kind =>
  namespace === Namespace.tls
    ? "tls"
    : namespace === Namespace.sasl
    ? "sasl"
    : name === "message" || name === "presence" || name === "iq"
    ? "stanza"
    : "negotiation"

/** @internal */
export const whiteSpace = "white space"

const footer = "</stream>"
