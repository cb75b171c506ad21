/**
 * All the ways a stream ends (state-machine §7). Nothing else builds `Closing` or `Closed`. Which way fits depends on one
 * question: is there a stream of ours to close politely, or only a transport?
 */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import * as Condition from "../Condition.ts"
import type { StreamHeader } from "../Header.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { Closed, Closing, ClosingStep, Held, State } from "../State.ts"
import { resumptionOf } from "./management.ts"
import { after, type Move, report } from "./move.ts"

type Alive = Exclude<State, Closed>

export interface Failure {
  readonly error: Condition.StreamError
  readonly reason: Reason.Reason
  /** HDR-03: ours goes first when none was sent yet. */
  readonly header?: StreamHeader
  /** END-20: the peer's footer could not be recognised any more. */
  readonly unreadable?: boolean
}

/** ERR: error and footer in one write (ERR-01). */
export const fail = (state: Alive, { error, header, reason, unreadable = false }: Failure): Move => {
  const told: ReadonlyArray<Action> = [
    ...(header === undefined ? [] : [{ _tag: "SendHeader", header } as const]),
    { _tag: "SendElement", element: Condition.toElement(error, state.config.lang) },
    { _tag: "SendFooter" },
    report({ _tag: "SentError", error })
  ]
  if (unreadable) {
    return {
      state: closing(state, { _tag: "AwaitingEnd", clean: false, ended: true }, reason),
      actions: [...told, { _tag: "StopInput" }, { _tag: "EndTransport" }]
    }
  }
  const at: ClosingStep = isDraining(state)
    ? { _tag: "AwaitingEnd", clean: true, ended: false }
    : { _tag: "AwaitingFooter", failed: true }
  return { state: closing(state, at, reason), actions: told }
}

/** The error of a peer that broke a rule. */
export const misbehaved = (state: Alive, condition: Condition.StreamCondition, rule: string): Move =>
  fail(state, { error: { condition }, reason: Reason.make("misbehaved", { condition, rule }) })

/** CLOSE: our footer now, the peer's awaited. */
export const close = (state: Alive, reason: Reason.Reason, first: ReadonlyArray<Action> = []): Move => ({
  state: closing(state, { _tag: "AwaitingFooter", failed: false }, reason),
  actions: [...first, ...acknowledgement(state), { _tag: "SendFooter" }]
})

/** PEERERR: ERR-02. */
export const peerError = (state: Alive, element: Element.Element): Move => {
  const error = Condition.fromElement(element)
  return {
    state: closing(state, { _tag: "AwaitingFooter", failed: true }, reported(error)),
    actions: [...heard(error), { _tag: "SendFooter" }]
  }
}

/** The notices about a stream error we received. */
export const heard = (error: Condition.StreamError): ReadonlyArray<Action> => [
  report({ _tag: "PeerError", error }),
  ...(error.host === undefined ? [] : [report({ _tag: "Redirected", host: error.host })])
]

/** REPLYCLOSE: the peer closed first, and ends the transport too (END-08). */
export const replyClose = (state: Alive, reason: Reason.Reason): Move => ({
  state: closing(state, { _tag: "AwaitingEnd", clean: true, ended: false }, reason),
  actions: [{ _tag: "SendFooter" }, { _tag: "StopInput" }]
})

/** The peer's footer is here, and our side may still have something to say (END-04). */
export const drain = (state: Alive): Move => ({
  state: closing(state, { _tag: "AwaitingDrain" }, Reason.make("closedByPeer")),
  actions: [report({ _tag: "PeerClosed" })]
})

/** BOTH: we closed first and have the peer's footer now (END-09: close_notify only from here on). */
export const both = (state: Closing): Move => ({
  state: closing(state, { _tag: "AwaitingEnd", clean: true, ended: true }, state.reason),
  actions: [{ _tag: "StopInput" }, { _tag: "EndTransport" }]
})

/** LEAVE: no more XML, in an orderly way. */
export const leave = (state: Alive, reason: Reason.Reason, clean = false): Move => ({
  state: closing(state, { _tag: "AwaitingEnd", clean, ended: true }, reason),
  actions: [{ _tag: "StopInput" }, { _tag: "EndTransport" }]
})

/** CUT: the input ended too early, and our own stream is open (END-12). */
export const cut = (state: Alive, reason: Reason.Reason, clean = false): Move =>
  after([{ _tag: "SendFooter" }], leave(state, reason, clean))

/** DROP: at once, and no XML. */
export const drop = (state: Alive, reason: Reason.Reason): Move => {
  const next = gone(state, reason)
  return { ...next, actions: [{ _tag: "StopInput" }, ...next.actions] }
}

/** FIN: the transport is gone, or has to go. The first reason stays. */
export const gone = (state: Alive, reason: Reason.Reason, endedLate = false): Move => {
  const final = state._tag === "Closing" ? state.reason : reason
  const clean = state._tag === "Closing" && state.at._tag === "AwaitingEnd" && state.at.clean
  const resumption = resumable(state, clean)
  return {
    state: { _tag: "Closed", config: state.config, timers: state.timers, generation: state.generation, reason: final },
    actions: [
      report({
        _tag: "Ended",
        reason: final,
        clean,
        unsent: unsentOf(state),
        endedLate,
        ...(resumption === undefined ? {} : { resumption })
      }),
      { _tag: "DropTransport" }
    ]
  }
}

const closing = (state: Alive, at: ClosingStep, reason: Reason.Reason): Closing => {
  const { config, generation, timers } = state
  const was = state._tag === "Established"
    ? { admission: state.admission, session: state.session }
    : state._tag === "Closing"
    ? state.was
    : undefined
  return {
    _tag: "Closing",
    config,
    timers,
    generation,
    at,
    reason: state._tag === "Closing" ? state.reason : reason,
    unsent: unsentOf(state),
    ...(was === undefined ? {} : { was })
  }
}

const isDraining = (state: Alive): boolean => state._tag === "Closing" && state.at._tag === "AwaitingDrain"

const unsentOf = (state: Alive): ReadonlyArray<number> => {
  switch (state._tag) {
    case "Dormant":
    case "Initiating":
    case "Responding":
      return requestsOf(state.held)
    case "Established":
      return requestsOf(state.session.resuming?.held ?? [])
    case "Closing":
      return state.unsent
  }
}

const requestsOf = (held: ReadonlyArray<Held>): ReadonlyArray<number> =>
  held.flatMap(({ request }) => request === undefined ? [] : [request])

/** END-16: the last word of stream management before an initiator's footer. */
const acknowledgement = (state: Alive): ReadonlyArray<Action> =>
  state._tag === "Established" && state.config.role === "initiator" && state.session.management._tag === "On"
    ? [{
      _tag: "SendElement",
      element: Element.make(Namespace.management, "a", { h: state.session.management.handled.toString() })
    }]
    : []

const reported = (error: Condition.StreamError): Reason.Reason =>
  Reason.make("reported", {
    condition: error.condition,
    ...(error.text === undefined ? {} : { detail: error.text })
  })

/** SM-20: what ended without a footer of the initiator and without an error can be taken up again. */
const resumable = (state: Alive, clean: boolean): ReturnType<typeof resumptionOf> => {
  if (clean) return undefined
  if (state._tag === "Established") return resumptionOf(state.session, state.admission)
  if (state._tag !== "Closing" || state.was === undefined || state.reason._tag !== "Environment") return undefined
  return isOver(state) ? undefined : resumptionOf(state.was.session, state.was.admission)
}

/** ERR-56: any stream error ends the session too. */
const isOver = ({ at, config, reason }: Closing): boolean =>
  reason.condition !== undefined ||
  (at._tag === "AwaitingFooter" && (at.failed || config.role === "initiator")) ||
  (at._tag === "AwaitingDrain" && config.role === "recipient")
