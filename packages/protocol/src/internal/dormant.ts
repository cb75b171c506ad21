/** Before the transport is open, and after everything is over (state-machine §8.1, §8.21). */
import type { Event } from "../Event.ts"
import * as Reason from "../Reason.ts"
import type { Closed, Dormant, Initiating, Responding } from "../State.ts"
import { hold, refuse, refuseCommand, unexpected } from "./defaults.ts"
import { gone } from "./ending.ts"
import { restart } from "./initiator.ts"
import { type Move, move } from "./move.ts"

export const dormant = (state: Dormant, event: Event): Move => {
  switch (event._tag) {
    case "TransportOpened":
      return begin(state)
    case "SendRequested":
      return hold(state, event)
    case "CloseRequested":
    case "FailRequested":
    case "AbortRequested":
    case "TransportEnded":
    case "TransportLost":
      return gone(state, Reason.make("neverOpened"))
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
      return refuseCommand(state)
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
    case "TlsEstablished":
    case "TlsFailed":
    case "PeerJudged":
    case "ResumptionJudged":
    case "TimerFired":
      return unexpected(state, event)
  }
}

/** Nothing moves any more; a caller who still sends is told so. */
export const closed = (state: Closed, event: Event): Move =>
  event._tag === "SendRequested" ? refuse(state, event.request, "closed") : move(state)

const begin = ({ config, generation, held, timers }: Dormant): Move => {
  const base = { config, generation, held, timers, link: { _tag: "Clear" } } as const
  if (config.role === "initiator") {
    const state: Initiating = { ...base, _tag: "Initiating", at: { _tag: "AwaitingHeader" } }
    return config.policy.tlsEntry === "starttls"
      ? restart(state, [])
      : move({ ...state, at: { _tag: "AwaitingTls" } }, { _tag: "StartTls", as: "client" })
  }
  const state: Responding = { ...base, _tag: "Responding", at: { _tag: "AwaitingHeader", tries: 0 } }
  return config.policy.tlsEntry === "starttls"
    ? move(state)
    : move({ ...state, at: { _tag: "AwaitingTls" } }, { _tag: "StartTls", as: "server" })
}
