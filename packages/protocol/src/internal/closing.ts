/** The two halves of the end (state-machine §8.18–8.20). It does not know the role. */
import type { Action } from "../Action.ts"
import * as Condition from "../Condition.ts"
import type { Event, PeerEvent } from "../Event.ts"
import * as Reason from "../Reason.ts"
import type { Closing, ClosingStep } from "../State.ts"
import { failBySelf, lost, refuse, refuseCommand, unexpected } from "./defaults.ts"
import { isStanza, kindOf } from "./elements.ts"
import { both, cut, drop, gone, heard, leave, replyClose } from "./ending.ts"
import * as Management from "./management.ts"
import { type Move, move, report } from "./move.ts"
import { settled } from "./sending.ts"
import { judge } from "./stanza.ts"

export const closing = (state: Closing, event: Event): Move => {
  switch (state.at._tag) {
    case "AwaitingFooter":
      return awaitingFooter(state, event, state.at)
    case "AwaitingDrain":
      return awaitingDrain(state, event)
    case "AwaitingEnd":
      return awaitingEnd(state, event, state.at)
  }
}

/** Our footer is out: nothing may be written, everything may still be heard (END-02, END-03). */
const awaitingFooter = (state: Closing, event: Event, at: Extract<ClosingStep, { _tag: "AwaitingFooter" }>): Move => {
  switch (event._tag) {
    case "FooterReceived":
      return both(state)
    case "ElementReceived":
      return onElement(state, event, at.failed)
    case "HeaderReceived":
    case "WhitespaceReceived":
    case "CloseRequested":
    case "FailRequested":
      return move(state)
    case "InputRejected":
    case "TransportEnded":
      return leave(state, state.reason)
    case "TransportLost":
      return gone(state, state.reason)
    case "AbortRequested":
      return drop(state, Reason.make("aborted"))
    case "SendRequested":
      return refuse(state, event.request, "closed")
    case "TimerFired":
      return event.timer === "close" ? closeTimeout(state) : unexpected(state, event)
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
      return refuseCommand(state)
    case "TransportOpened":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "ResumptionJudged":
      return unexpected(state, event)
  }
}

/** STZ-21: what the peer said before it heard us is still for our side, marked as past answering. */
const onElement = (state: Closing, event: Extract<PeerEvent, { _tag: "ElementReceived" }>, failed: boolean): Move => {
  const { config, was } = state
  switch (kindOf(event.element, event.prefixed === true, config)) {
    case "stanza": {
      if (failed || was === undefined) return move(state)
      const { admission, session } = was
      const verdict = judge(event.element, {
        config,
        admission,
        pending: session.pending,
        headerPrefixed: event.headerPrefixed === true,
        canReply: false
      })
      if (verdict._tag !== "Deliver" && verdict._tag !== "Answer") return move(state)
      const answered = verdict._tag === "Answer" ? settled(session, verdict.id) : session
      return move(
        { ...state, was: { admission, session: { ...answered, management: Management.handled(session.management) } } },
        { _tag: "Deliver", stanza: event.element, delivery: verdict.delivery }
      )
    }
    case "streamError":
      return {
        state: { ...state, at: { _tag: "AwaitingFooter", failed: true } },
        actions: heard(Condition.fromElement(event.element))
      }
    case "management":
      return onAcknowledgement(state, event)
    case "tls":
    case "sasl":
    case "features":
    case "prefixed":
    case "foreignContent":
    case "odd":
    case "extension":
      return move(state)
  }
}

const onAcknowledgement = (state: Closing, { element }: Extract<PeerEvent, { _tag: "ElementReceived" }>): Move => {
  const management = state.was?.session.management
  if (element.name !== "a" || state.was === undefined || management?._tag !== "On") return move(state)
  const h = Management.countOf(element)
  const acknowledged = h === undefined ? undefined : Management.acknowledge(management, h)
  if (acknowledged?._tag !== "Acknowledged") return move(state)
  const requests = acknowledged.done.flatMap(({ request }) => request === undefined ? [] : [request])
  const session = { ...state.was.session, management: acknowledged.managed }
  return {
    state: { ...state, was: { ...state.was, session } },
    actions: requests.length === 0 ? [] : [report({ _tag: "StanzasAcknowledged", requests })]
  }
}

/** END-06: both streams are void. Who wanted the end in order did not get it. */
const closeTimeout = (state: Closing): Move =>
  state.reason._tag === "Finished"
    ? gone({ ...state, reason: Reason.make("closeTimeout") }, state.reason)
    : gone(state, state.reason)

/** The peer has said its last word, we have not (END-04). */
const awaitingDrain = (state: Closing, event: Event): Move => {
  switch (event._tag) {
    case "SendRequested":
      return isStanza(event.stanza, state.config)
        ? move(remembering(state, event), { _tag: "SendElement", element: event.stanza, request: event.request })
        : refuse(state, event.request, "notAStanza")
    case "CloseRequested":
      return replyClose(state, state.reason)
    case "FailRequested":
      return failBySelf(state, event)
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
      return move(state)
    case "TransportEnded":
      return cut(state, state.reason, true)
    case "TransportLost":
      return gone({ ...state, reason: lost("transportLost", event.fault) }, state.reason)
    case "AbortRequested":
      return drop(state, state.reason)
    case "TimerFired":
      return event.timer === "drain" ? replyClose(state, state.reason) : unexpected(state, event)
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
      return refuseCommand(state)
    case "TransportOpened":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "ResumptionJudged":
      return unexpected(state, event)
  }
}

/** SM-06: what we still say counts, for a session that may be taken up again; the peer cannot answer an `<r/>` any more. */
const remembering = (state: Closing, { request, stanza }: Extract<Event, { _tag: "SendRequested" }>): Closing => {
  if (state.was === undefined) return state
  const { session } = state.was
  const { managed } = Management.sent(session.management, { request, stanza })
  return { ...state, was: { ...state.was, session: { ...session, management: managed } } }
}

const awaitingEnd = (state: Closing, event: Event, at: Extract<ClosingStep, { _tag: "AwaitingEnd" }>): Move => {
  switch (event._tag) {
    case "TransportEnded":
      return at.ended
        ? gone(state, state.reason)
        : move({ ...state, at: { ...at, ended: true } }, endTransport)
    case "TransportLost":
      return gone(state, state.reason)
    case "TimerFired":
      return event.timer === "end" ? gone(state, state.reason, true) : unexpected(state, event)
    case "AbortRequested":
      return drop(state, state.reason)
    case "SendRequested":
      return refuse(state, event.request, "closed")
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
    case "CloseRequested":
    case "FailRequested":
    case "TransportOpened":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "ResumptionJudged":
      return move(state)
  }
}

const endTransport: Action = { _tag: "EndTransport" }
