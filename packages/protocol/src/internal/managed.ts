/**
 * Stream management on the wire of an established stream (XEP-0198; state-machine §8.16 and the `sm` rows of §8.17):
 * enable, acknowledge, resume. The counting is done in `management.ts`.
 */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import type { Event, LocalEvent, PeerEvent, Resumption } from "../Event.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { Managed, Resuming, Session } from "../Session.ts"
import type { Established } from "../State.ts"
import type { Timer } from "../Timer.ts"
import { deferred, element, heldWith, refuse, refuseCommand } from "./defaults.ts"
import { managementFailed } from "./elements.ts"
import { fail, misbehaved } from "./ending.ts"
import * as Management from "./management.ts"
import { diagnose, type Move, move, report } from "./move.ts"
import { resend, sendAll, type Sent } from "./sending.ts"

type Received = Extract<PeerEvent, { readonly _tag: "ElementReceived" }>
type On = Extract<Managed, { readonly _tag: "On" }>
type Command = Extract<
  LocalEvent,
  { readonly _tag: "EnableRequested" | "AcknowledgeRequested" | "AcknowledgementRequested" | "ResumeRequested" }
>

export const onElement = (state: Established, event: Received): Move => {
  const { config, session: { management } } = state
  const unknown = (): Move => element(state, event.element, "extension")
  switch (event.element.name) {
    case "enable":
      return config.role === "recipient" && config.management.use ? onEnable(state, event) : unknown()
    case "enabled":
      return management._tag === "Enabling" ? onEnabled(state, event.element, management) : unknown()
    case "failed":
      return management._tag === "Enabling"
        ? move(managing(state, Management.off), report({ _tag: "ManagementOff" }))
        : unknown()
    case "resume":
      return config.role === "recipient" && config.management.use ? onResume(state, event.element) : unknown()
    case "r":
      return management._tag === "On" ? write(state, Management.answer(management.handled)) : unknown()
    case "a":
      return management._tag === "On" ? onAcknowledgement(state, event.element, management) : unknown()
  }
  return unknown()
}

export const onCommand = (state: Established, event: Command): Move => {
  const { config, session: { management } } = state
  switch (event._tag) {
    case "EnableRequested":
      return config.role === "initiator" && management._tag === "Off"
        ? enable(state, event.resumable)
        : refuseCommand(state)
    case "AcknowledgeRequested":
      return management._tag === "On" ? write(state, Management.answer(management.handled)) : refuseCommand(state)
    case "AcknowledgementRequested":
      return management._tag === "On" ? ask(state, management) : refuseCommand(state)
    case "ResumeRequested":
      return refuseCommand(state)
  }
}

/** `<enable/>`: what is sent from here on counts (SM-06). */
export const enable = (state: Established, resumable: boolean): Sent & { readonly rearm: ReadonlyArray<Timer> } =>
  write(
    managing(state, { _tag: "Enabling", sent: 0, kept: [] }),
    Element.make(Namespace.management, "enable", { resume: resumable ? "true" : undefined })
  )

/** T-SM: time to ask; `undefined` when asking went unanswered (TIME-09). */
export const onTimer = (state: Established): Move | undefined => {
  const { management } = state.session
  return management._tag === "On" && !management.asked ? ask(state, management) : undefined
}

/** Everything but the end waits for the session store; `undefined` where the established stream answers as ever. */
export const whileResuming = (state: Established, event: Event, resuming: Resuming): Move | undefined => {
  switch (event._tag) {
    case "ResumptionJudged":
      return onJudged(state, resuming, event.resumption)
    case "TimerFired":
      return event.timer === "step" ? goOn(state, resuming, managementFailed("internal-server-error")) : undefined
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected": {
      const waiting = deferred(resuming.deferred, event, state)
      return waiting === undefined
        ? misbehaved(state, "policy-violation", "LIM-05")
        : move(withResuming(state, { ...resuming, deferred: waiting }))
    }
    case "SendRequested": {
      const held = heldWith(resuming.held, event, state)
      return typeof held === "string"
        ? refuse(state, event.request, held)
        : move(withResuming(state, { ...resuming, held }))
    }
  }
  return undefined
}

/** A session goes on (SM-15): counters as they were, unacknowledged stanzas once more. `undefined`: `h` is impossible. */
export const takeUp = (resumption: Resumption, h: number) => {
  const before = Management.resumed(resumption)
  const acknowledged = Management.acknowledge(before, h)
  return acknowledged._tag === "Acknowledged" ? acknowledged.managed : undefined
}

export const tooHigh = (state: Parameters<typeof fail>[0], h: number, sent: number): Move =>
  fail(state, {
    error: {
      condition: "undefined-condition",
      application: Element.make(Namespace.management, "handled-count-too-high", {
        h: h.toString(),
        "send-count": sent.toString()
      })
    },
    reason: Reason.make("misbehaved", { condition: "undefined-condition", rule: "SM-10" })
  })

const onEnable = (state: Established, { element, freshId }: Received): Move => {
  const { config, session } = state
  // SM-05, AMB-10: recoverable, so no stream error.
  if (session.management._tag !== "Off") return write(state, managementFailed("unexpected-request"))
  const seconds = config.management.resumableSeconds
  const resumable = seconds !== undefined && state.admission.peer.verified && freshId !== undefined &&
    Management.isTrue(Element.attribute(element, "resume"))
  const id = resumable ? { id: freshId } : {}
  const enabled = Element.make(
    Namespace.management,
    "enabled",
    resumable ? { ...id, resume: "true", max: seconds.toString() } : {}
  )
  const on: On = { _tag: "On", ...id, handled: 0, sent: 0, kept: [], unasked: 0, asked: false }
  const next = write(managing(state, on), enabled)
  return { ...next, actions: [...next.actions, report({ _tag: "ManagementOn", ...id })] }
}

const onEnabled = (
  state: Established,
  element: Element.Element,
  enabling: Extract<Managed, { _tag: "Enabling" }>
): Move => {
  const name = Element.attribute(element, "id")
  const id = name !== undefined && Management.isTrue(Element.attribute(element, "resume")) ? { id: name } : {}
  const on: On = {
    _tag: "On",
    ...id,
    handled: 0,
    sent: enabling.sent,
    kept: enabling.kept,
    unasked: enabling.kept.length,
    asked: false
  }
  return move(managing(state, on), report({ _tag: "ManagementOn", ...id }))
}

const onResume = (state: Established, element: Element.Element): Move => {
  const { admission: { peer }, config, session } = state
  const id = Element.attribute(element, "previd")
  const handled = Management.countOf(element)
  if (!session.untouched || session.management._tag !== "Off") {
    return write(state, managementFailed("unexpected-request"))
  }
  if (config.management.resumableSeconds === undefined || !peer.verified || peer.address === undefined) {
    return write(state, managementFailed("feature-not-implemented"))
  }
  if (id === undefined || handled === undefined) return write(state, managementFailed("unexpected-request"))
  return move(
    withResuming(state, { id, handled, deferred: [], held: [] }),
    { _tag: "JudgeResumption", id, identity: peer.address }
  )
}

const onJudged = (state: Established, resuming: Resuming, found: Resumption | undefined): Move => {
  if (found === undefined || found.identity !== state.admission.peer.address) {
    return goOn(state, resuming, managementFailed("item-not-found"))
  }
  const on = takeUp(found, resuming.handled)
  if (on === undefined) return tooHigh(state, resuming.handled, found.sent)
  const resumed = Element.make(Namespace.management, "resumed", {
    previd: resuming.id,
    h: found.handled.toString()
  })
  const next = goOn(managing(state, on), resuming, resumed, resend(on.kept))
  return { ...next, actions: [...next.actions, report({ _tag: "ManagementOn", id: found.id })] }
}

/** The answer to `<resume/>`, then what had to wait for it. */
const goOn = (
  state: Established,
  { deferred, held }: Resuming,
  answer: Element.Element,
  more: ReadonlyArray<Action> = []
): Move => {
  const { resuming: _, ...session } = state.session
  const sent = sendAll({ ...state, session }, held)
  return {
    state: sent.state,
    actions: [{ _tag: "SendElement", element: answer }, ...more, ...sent.actions],
    rearm: ["keepalive"],
    then: deferred
  }
}

const onAcknowledgement = (state: Established, element: Element.Element, management: On): Move => {
  const h = Management.countOf(element)
  if (h === undefined) return misbehaved(state, "policy-violation", "SM-08")
  const acknowledged = Management.acknowledge(management, h)
  switch (acknowledged._tag) {
    case "Acknowledged": {
      const requests = acknowledged.done.flatMap(({ request }) => request === undefined ? [] : [request])
      return {
        state: managing(state, acknowledged.managed),
        actions: requests.length === 0 ? [] : [report({ _tag: "StanzasAcknowledged", requests })],
        rearm: ["acknowledgement"]
      }
    }
    case "Stale":
      return diagnose(state, "staleAcknowledgement", "SM-11")
    case "TooHigh":
      return tooHigh(state, h, management.sent)
  }
}

const ask = (state: Established, management: On): Move => ({
  ...write(managing(state, { ...management, asked: true, unasked: 0 }), Management.query),
  rearm: ["keepalive", "acknowledgement"]
})

const write = (state: Established, element: Element.Element): Sent & { readonly rearm: ReadonlyArray<Timer> } => ({
  state,
  actions: [{ _tag: "SendElement", element }],
  rearm: ["keepalive"]
})

const managing = (state: Established, management: Managed): Established => ({
  ...state,
  session: { ...state.session, management }
})

const withResuming = (state: Established, resuming: Resuming): Established => {
  const session: Session = { ...state.session, resuming }
  return { ...state, session }
}
