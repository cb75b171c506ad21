/**
 * The established stream (state-machine §8.17). It does not know the role but where a rule names one. Stream management
 * has its own room, `managed.ts`.
 */
import type { Element } from "@xmpp-e2e/xml"
import type { Event, LocalEvent, PeerEvent } from "../Event.ts"
import * as Reason from "../Reason.ts"
import type { Session } from "../Session.ts"
import type { Established } from "../State.ts"
import type { Timer } from "../Timer.ts"
import { element, failBySelf, lost, refuse, unexpected, unreadable } from "./defaults.ts"
import { isStanza, kindOf, tlsFailure } from "./elements.ts"
import { close, cut, drain, drop, fail, gone, misbehaved, replyClose } from "./ending.ts"
import * as managed from "./managed.ts"
import * as Management from "./management.ts"
import { diagnostic, type Move, move } from "./move.ts"
import { sendStanza, settled } from "./sending.ts"
import { judge } from "./stanza.ts"

export const established = (state: Established, event: Event): Move => {
  if (state.session.resuming !== undefined) {
    const waiting = managed.whileResuming(state, event, state.session.resuming)
    if (waiting !== undefined) return waiting
  }
  switch (event._tag) {
    case "ElementReceived":
      return onElement(state, event)
    case "FooterReceived":
      return onFooter(state)
    case "WhitespaceReceived":
      return move(state)
    case "InputRejected":
      return unreadable(state, event)
    case "HeaderReceived":
      return misbehaved(state, "bad-format", "HDR-33")
    case "SendRequested":
      return onSend(state, event)
    case "CloseRequested":
      return close(state, Reason.make("closedBySelf"))
    case "FailRequested":
      return failBySelf(state, event)
    case "AbortRequested":
      return drop(state, Reason.make("aborted"))
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
      return managed.onCommand(state, event)
    case "TransportEnded":
      return cut(state, Reason.make("truncated"))
    case "TransportLost":
      return gone(state, lost("transportLost", event.fault))
    case "TimerFired":
      return onTimer(state, event)
    case "PeerJudged":
      return event.verdict.decision === "reject"
        ? resetStream(state, "certificateRevoked", event.verdict.because)
        : unexpected(state, event)
    case "TransportOpened":
    case "TlsEstablished":
    case "TlsFailed":
    case "ResumptionJudged":
      return unexpected(state, event)
  }
}

/** STZ(e): takes one stanza of the peer. */
export const takeStanza = (state: Established, stanza: Element.Element, headerPrefixed: boolean): Move => {
  const { admission, config, session } = state
  const verdict = judge(stanza, { admission, config, pending: session.pending, headerPrefixed, canReply: true })
  if (verdict._tag === "Fail") return misbehaved(state, verdict.condition, verdict.rule)
  const taken = withSession(state, heard(session))
  const rearm: ReadonlyArray<Timer> = config.timeouts.idleMillis === undefined ? nothing : idle
  switch (verdict._tag) {
    case "Deliver":
      return { state: taken, actions: [{ _tag: "Deliver", stanza, delivery: verdict.delivery }], rearm }
    case "Answer": {
      const answered = withSession(taken, settled(taken.session, verdict.id))
      return { state: answered, actions: [{ _tag: "Deliver", stanza, delivery: verdict.delivery }], rearm }
    }
    case "Reply": {
      const replied = sendStanza(taken, { stanza: verdict.reply })
      return { ...replied, rearm: [...rearm, "keepalive"] }
    }
    case "Drop":
      return { state: taken, actions: [diagnostic(verdict.about, verdict.detail)], rearm }
  }
}

const onElement = (state: Established, event: Extract<PeerEvent, { readonly _tag: "ElementReceived" }>): Move => {
  const kind = kindOf(event.element, event.prefixed === true, state.config)
  switch (kind) {
    case "stanza":
      return takeStanza(state, event.element, event.headerPrefixed === true)
    case "management":
      return managed.onElement(state, event)
    case "tls":
      return event.element.name === "starttls" && state.config.role === "recipient"
        ? refuseTls(state)
        : element(state, event.element, kind)
    case "sasl":
    case "features":
    case "prefixed":
    case "foreignContent":
    case "odd":
    case "extension":
    case "streamError":
      return element(state, event.element, kind)
  }
}

const onFooter = (state: Established): Move => {
  if (state.config.timeouts.drainMillis === 0) return replyClose(state, Reason.make("closedByPeer"))
  return drain(state)
}

const onSend = (
  state: Established,
  { request, stanza }: Extract<LocalEvent, { readonly _tag: "SendRequested" }>
): Move => {
  if (!isStanza(stanza, state.config)) return refuse(state, request, "notAStanza")
  const { actions, state: next } = sendStanza(state, { request, stanza })
  return { state: next, actions, rearm: keepalive }
}

const onTimer = (state: Established, event: Extract<Event, { readonly _tag: "TimerFired" }>): Move => {
  switch (event.timer) {
    case "keepalive":
      return move(state, { _tag: "SendWhitespace" })
    case "idle":
      return close(state, Reason.make("idle"))
    case "pong":
      return unresponsive(state)
    case "acknowledgement":
      return managed.onTimer(state) ?? unresponsive(state)
    case "certificate":
      return resetStream(state, "certificateExpired")
  }
  return unexpected(state, event)
}

const unresponsive = (state: Established): Move =>
  fail(state, {
    error: { condition: "connection-timeout" },
    reason: Reason.make("unresponsive", { condition: "connection-timeout" })
  })

const resetStream = (state: Established, cause: "certificateExpired" | "certificateRevoked", detail?: string): Move =>
  fail(state, {
    error: { condition: "reset" },
    reason: Reason.make(cause, { condition: "reset", ...(detail === undefined ? {} : { detail }) })
  })

/** TLS-09: a failure, the footer, and that is it. */
const refuseTls = (state: Established): Move =>
  close(state, Reason.make("tlsRefused", { rule: "TLS-09" }), [{ _tag: "SendElement", element: tlsFailure }])

const heard = (session: Session): Session => {
  const management = Management.handled(session.management)
  return session.untouched || management !== session.management ? { ...session, management, untouched: false } : session
}

const withSession = (state: Established, session: Session): Established =>
  session === state.session ? state : { ...state, session }

const nothing: ReadonlyArray<Timer> = []
const idle: ReadonlyArray<Timer> = ["idle"]
const keepalive: ReadonlyArray<Timer> = ["keepalive"]
