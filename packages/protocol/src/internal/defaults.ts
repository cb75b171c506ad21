/**
 * What a machine answers where its own table is silent (state-machine §8.0): the same for every state, chosen by the
 * class of the event. A peer's slip ends the stream, a caller's mistake is refused, a late word from the world is noted.
 */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import type { StreamCondition } from "../Condition.ts"
import type { Event, LocalEvent, PeerEvent } from "../Event.ts"
import type { StreamHeader } from "../Header.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { Closed, Closing, Dormant, Established, Held, Initiating, Responding, State } from "../State.ts"
import { isStanza, type Kind, kindOf, weightOf } from "./elements.ts"
import { close, cut, drop, fail, gone, misbehaved, peerError, replyClose } from "./ending.ts"
import { diagnose, type Move, move } from "./move.ts"

type Negotiating = Initiating | Responding

/**
 * §8.0 for a state that negotiates and whose own stream is open. Where it is not, what the peer says, and the wish to end,
 * have rows in the state's own table and do not come here.
 */
export const negotiating = (state: Negotiating, event: Event): Move => {
  switch (event._tag) {
    case "ElementReceived":
      return element(state, event.element, kindOf(event.element, event.prefixed === true, state.config))
    case "HeaderReceived":
      return misbehaved(state, "bad-format", "HDR-33")
    case "FooterReceived":
      return replyClose(state, Reason.make("refusedByPeer"))
    case "WhitespaceReceived":
      return move(state)
    case "InputRejected":
      return unreadable(state, event)
    case "SendRequested":
      return hold(state, event)
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
      return refuseCommand(state)
    case "TransportEnded":
      return cut(state, Reason.make("truncated"))
    case "TransportLost":
      return gone(state, lost("transportLost", event.fault))
    case "TimerFired":
    case "TransportOpened":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "ResumptionJudged":
      return unexpected(state, event)
  }
}

/** The common outcomes of a first-level element on a stream that is open in both directions. */
export const element = (state: Negotiating | Established, element: Element.Element, kind: Kind): Move => {
  switch (kind) {
    case "stanza":
      return misbehaved(state, "not-authorized", state.config.role === "initiator" ? "FEAT-13" : "FEAT-12")
    case "tls":
    case "sasl":
      return misbehaved(state, "not-authorized", "SASL-47")
    case "features":
      return state.config.role === "initiator"
        ? diagnose(state, "unexpectedFeatures")
        : misbehaved(state, "unsupported-stanza-type", "FEAT-20")
    case "prefixed":
      return misbehaved(state, "bad-namespace-prefix", "NS-05")
    case "foreignContent":
      return misbehaved(state, "invalid-namespace", "NS-06")
    case "odd":
      return misbehaved(state, "unsupported-stanza-type", "NS-08")
    case "management":
    case "extension":
      return state.config.policy.unknownElement === "close"
        ? misbehaved(state, "unsupported-stanza-type", "NS-07")
        : diagnose(state, "unknownElement", `{${element.namespace}}${element.name}`)
    case "streamError":
      return peerError(state, element)
  }
}

type Rejected = Extract<PeerEvent, { readonly _tag: "InputRejected" }>

/** ERR(bad): what the reader found, as a stream error. `header` precedes it where none was sent (HDR-03). */
export const unreadable = (state: Negotiating | Established, { fault }: Rejected, header?: StreamHeader): Move => {
  const [condition, rule] = faults[fault.kind]
  const application = fault.kind === "elementTooBig"
    ? { application: Element.make(Namespace.communityErrors, "stanza-too-big") }
    : {}
  return fail(state, {
    error: { condition, ...application },
    reason: Reason.make("misbehaved", { condition, rule, detail: fault.detail }),
    unreadable: true,
    ...(header === undefined ? {} : { header })
  })
}

type Send = Extract<LocalEvent, { readonly _tag: "SendRequested" }>

/** STZ-23: what our side says too early waits, within bounds. */
export const hold = <S extends Dormant | Initiating | Responding>(state: S, event: Send): Move => {
  const held = heldWith(state.held, event, state)
  return typeof held === "string" ? refuse(state, event.request, held) : move({ ...state, held })
}

export const heldWith = (held: ReadonlyArray<Held>, { request, stanza }: Send, { config }: State) => {
  if (!isStanza(stanza, config)) return "notAStanza" as const
  const weight = weightOf(stanza)
  const total = held.reduce((sum, each) => sum + each.weight, weight)
  return held.length >= config.limits.heldStanzasMax || total > config.limits.heldBytesMax
    ? "queueFull" as const
    : [...held, { request, stanza, weight }]
}

export const refuse = (
  state: State,
  request: number,
  refusal: Extract<Action, { readonly _tag: "Refuse" }>["refusal"]
): Move => move(state, { _tag: "Refuse", request, refusal })

export const refuseCommand = (state: Exclude<State, Closed>): Move =>
  move(state, { _tag: "Refuse", refusal: isClosing(state) ? "closed" : "notOpen" })

const isClosing = (state: State): boolean => state._tag === "Closing" && state.at._tag === "AwaitingFooter"

/** Nothing waits for this: a late timer or verdict is normal (§8.0). */
export const unexpected = (state: State, event: Event): Move =>
  event._tag === "TimerFired"
    ? diagnose(state, "unexpectedTimer", event.timer)
    : diagnose(state, "unexpectedEvent", event._tag)

type Fail = Extract<LocalEvent, { readonly _tag: "FailRequested" }>

export const failBySelf = (state: Negotiating | Established | Closing, event: Fail): Move => {
  const { condition, host, text } = event
  return fail(state, {
    error: { condition, ...(text === undefined ? {} : { text }), ...(host === undefined ? {} : { host }) },
    reason: failedBySelf(event)
  })
}

export const failedBySelf = ({ condition, text }: Fail): Reason.Reason =>
  Reason.make("failedBySelf", { condition, ...(text === undefined ? {} : { detail: text }) })

export const lost = (cause: "transportLost" | "peerGone" | "tlsFailed", fault: string | undefined): Reason.Reason =>
  Reason.make(cause, fault === undefined ? {} : { detail: fault })

/** LIM-05: an event that has to wait; `undefined` when too many do. */
export const deferred = (waiting: ReadonlyArray<PeerEvent>, event: PeerEvent, { config }: State) =>
  waiting.length >= config.limits.deferredMax ? undefined : [...waiting, event]

const faults: Readonly<Record<Rejected["fault"]["kind"], readonly [StreamCondition, rule: string]>> = {
  notWellFormed: ["not-well-formed", "XML-07"],
  restricted: ["restricted-xml", "XML-01"],
  encoding: ["unsupported-encoding", "XML-09"],
  xmlVersion: ["bad-format", "XML-12"],
  textAtRoot: ["bad-format", "XML-17"],
  nestedRoot: ["bad-format", "HDR-33"],
  elementTooBig: ["policy-violation", "XML-18"],
  headerTooBig: ["policy-violation", "XML-18"],
  tooDeep: ["policy-violation", "XML-18"],
  tooManyAttributes: ["policy-violation", "XML-18"]
}
