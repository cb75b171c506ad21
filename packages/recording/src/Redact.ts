/**
 * A recording without what people wrote, to be shown to others: the payload of stanzas and the free texts of errors, that
 * is, whatever the reducer carries and never reads. Each character becomes an `x`, so sizes stay; names of elements,
 * addresses, certificates, ids and the negotiation stay too.
 *
 * A redacted recording says so in its head and still replays: the reducer's answers are redacted in the same way before
 * they are compared.
 *
 * @since 0.1.0
 */
import type { Action, Condition, Event, Notice, Reason } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import * as Recording from "./Recording.ts"

/**
 * A whole recording. Chunks of the wire hold everything in full and are left out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const recording = (recording: Recording.Recording): Recording.Recording => ({
  ...recording,
  head: head(recording.head),
  lines: Recording.steps(recording).map(step)
})

/**
 * The head, marked. A session that is to be resumed holds stanzas. Whom we believe stays: addresses of pins, fingerprints
 * and names of authorities are what the verdicts in the steps speak of, too.
 *
 * @since 0.1.0
 * @category combinators
 */
export const head = (head: Recording.Head): Recording.Head => {
  const { management } = head.config
  if (management.resume === undefined) return { ...head, redacted: true }
  const resume = resumption(management.resume)
  return { ...head, redacted: true, config: { ...head.config, management: { ...management, resume } } }
}

/**
 * One step, for those who redact while they record.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (step: Recording.Step): Recording.Step => ({
  ...step,
  event: event(step.event),
  actions: step.actions.map(action)
})

/**
 * A first-level element: of what negotiates the texts for people, of a stream error what an application added as well, of
 * all others everything inside.
 *
 * @since 0.1.0
 * @category combinators
 */
export const element = (element: Element.Element): Element.Element => {
  const told = Element.is(element, Namespace.stream, "error") ? inError : negotiates(element) ? inNegotiation : hide
  return { ...element, children: element.children.map(told) }
}

const event = (event: Event.Event): Event.Event => {
  switch (event._tag) {
    case "ElementReceived":
      return { ...event, element: element(event.element) }
    case "SendRequested":
      return { ...event, stanza: element(event.stanza) }
    case "FailRequested":
      return event.text === undefined ? event : { ...event, text: mask(event.text) }
    case "ResumptionJudged":
      return event.resumption === undefined ? event : { ...event, resumption: resumption(event.resumption) }
    case "HeaderReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
    case "CloseRequested":
    case "AbortRequested":
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
    case "TransportOpened":
    case "TransportEnded":
    case "TransportLost":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "TimerFired":
      return event
  }
}

/**
 * What was asked for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const action = (action: Action.Action): Action.Action => {
  switch (action._tag) {
    case "SendElement":
      return { ...action, element: element(action.element) }
    case "Deliver":
      return { ...action, stanza: element(action.stanza) }
    case "Report":
      return { ...action, notice: notice(action.notice) }
    case "SendHeader":
    case "SendFooter":
    case "SendWhitespace":
    case "StartTls":
    case "RestartInput":
    case "StopInput":
    case "JudgePeer":
    case "JudgeResumption":
    case "SetTimer":
    case "ClearTimer":
    case "Refuse":
    case "EndTransport":
    case "DropTransport":
      return action
  }
}

const notice = (notice: Notice.Notice): Notice.Notice => {
  switch (notice._tag) {
    case "AuthenticationFailed":
      return notice.text === undefined ? notice : { ...notice, text: mask(notice.text) }
    case "PeerError":
    case "SentError":
      return { ...notice, error: streamError(notice.error) }
    case "Ended":
      return {
        ...notice,
        reason: reason(notice.reason),
        ...(notice.resumption === undefined ? {} : { resumption: resumption(notice.resumption) })
      }
    case "TlsOn":
    case "CertificateRejected":
    case "Negotiated":
    case "InsecureChannel":
    case "Redirected":
    case "PeerClosed":
    case "ManagementOn":
    case "ManagementOff":
    case "StanzasAcknowledged":
    case "Diagnostic":
      return notice
  }
}

/** Two causes are told in somebody's own words. */
const reason = (reason: Reason.Reason): Reason.Reason =>
  reason.detail !== undefined && (reason.cause === "reported" || reason.cause === "failedBySelf")
    ? { ...reason, detail: mask(reason.detail) }
    : reason

const streamError = (error: Condition.StreamError): Condition.StreamError => ({
  ...error,
  ...(error.text === undefined ? {} : { text: mask(error.text) }),
  ...(error.application === undefined ? {} : { application: hideElement(error.application) })
})

const resumption = (resumption: Event.Resumption): Event.Resumption => ({
  ...resumption,
  unacknowledged: resumption.unacknowledged.map(element)
})

const negotiates = (element: Element.Element): boolean =>
  Element.is(element, Namespace.stream, "features") || element.namespace === Namespace.tls ||
  element.namespace === Namespace.sasl || element.namespace === Namespace.management

const inNegotiation = (node: Element.Node): Element.Node =>
  Element.isElement(node) && isText(node) ? hideElement(node) : node

const inError = (node: Element.Node): Element.Node =>
  Element.isElement(node) && node.namespace === Namespace.streamErrors && !isText(node) ? node : hide(node)

/** ERR-06: for people, and never interpreted. */
const isText = ({ name, namespace }: Element.Element): boolean =>
  name === "text" &&
  (namespace === Namespace.streamErrors || namespace === Namespace.sasl || namespace === Namespace.stanzaErrors)

const hide = (node: Element.Node): Element.Node => Element.isElement(node) ? hideElement(node) : mask(node)

const hideElement = (element: Element.Element): Element.Element => ({
  ...element,
  attributes: element.attributes.map((attribute) => ({ ...attribute, value: mask(attribute.value) })),
  children: element.children.map(hide)
})

const mask = (text: string): string => "x".repeat(text.length)
