/** While TLS negotiates, in either role (state-machine §8.5): one event goes on, nearly all others end it. */
import type { Event } from "../Event.ts"
import * as Reason from "../Reason.ts"
import type { Initiating, InitiatorStep, Link, RecipientStep, Responding } from "../State.ts"
import { lost, negotiating } from "./defaults.ts"
import { drop } from "./ending.ts"
import { diagnose, type Move } from "./move.ts"
import { judge } from "./verdict.ts"

type AwaitingTls = Extract<InitiatorStep & RecipientStep, { readonly _tag: "AwaitingTls" }>

export const onTls = (state: Initiating | Responding, event: Event, { hints }: AwaitingTls): Move => {
  switch (event._tag) {
    case "TlsEstablished":
      return judge(state, event.facts, hints)
    case "TlsFailed":
      return drop(state, Reason.make("tlsFailed", { detail: event.fault }))
    case "CloseRequested":
    case "FailRequested":
      return drop(state, Reason.make("aborted", { rule: "END-14" }))
    case "TransportEnded":
      return drop(state, Reason.make("tlsFailed", { detail: "the transport ended during the handshake" }))
    case "TransportLost":
      return drop(state, lost("tlsFailed", event.fault))
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
      // The reader is detached; nothing of this can come from the wire.
      return diagnose(state, "unexpectedEvent", event._tag)
  }
  return negotiating(state, event)
}

/** SASL-33: the certificate ran out since the verdict. */
export const expired = (link: Link): Link =>
  link._tag === "Secured"
    ? { ...link, expired: true }
    : link._tag === "Authenticated"
    ? { ...link, secured: { ...link.secured, expired: true } }
    : link
