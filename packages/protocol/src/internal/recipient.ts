/** Negotiation as the recipient sees it (state-machine §8.10–8.15). We are the TLS server, and the one who offers. */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import * as Address from "../Address.ts"
import type { Event, PeerEvent } from "../Event.ts"
import * as Features from "../Features.ts"
import { checkInitial, type HeaderFault, isOurs, type StreamHeader } from "../Header.ts"
import * as Language from "../Language.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { PeerHeader, RecipientStep, Responding } from "../State.ts"
import * as sasl from "./authenticator.ts"
import { failedBySelf, negotiating, unexpected, unreadable } from "./defaults.ts"
import { kindOf, managementFailed, proceed, tlsFailure } from "./elements.ts"
import { close, drop, fail, gone, leave } from "./ending.ts"
import { takeStanza } from "./established.ts"
import { after, diagnose, diagnostic, type Move, move } from "./move.ts"
import { hintsOf, isHopeless } from "./offers.ts"
import { open } from "./opening.ts"
import { expired, onTls } from "./tls.ts"
import { onVerdict, peerGone } from "./verdict.ts"

type At<Tag extends RecipientStep["_tag"]> = Extract<RecipientStep, { readonly _tag: Tag }>
type Received<Tag extends PeerEvent["_tag"]> = Extract<PeerEvent, { readonly _tag: Tag }>

export const recipient = (state: Responding, event: Event): Move => {
  if (event._tag === "TimerFired") return onTimer(state, event)
  switch (state.at._tag) {
    case "AwaitingHeader":
      return awaitingHeader(state, event, state.at)
    case "AwaitingChoice":
      return awaitingChoice(state, event, state.at)
    case "AwaitingCommitment":
      return awaitingCommitment(state, event, state.at)
    case "AwaitingTls":
      return onTls(state, event, state.at)
    case "AwaitingVerdict":
      return onVerdict(state, event, state.at, accept)
    case "AwaitingResponse":
      return sasl.awaitingResponse(state, event, state.at)
  }
}

const awaitingHeader = (state: Responding, event: Event, at: At<"AwaitingHeader">): Move => {
  switch (event._tag) {
    case "HeaderReceived":
      return onHeader(state, event, at)
    case "ElementReceived":
      return diagnose(state, "unexpectedElement")
    case "FooterReceived":
      return diagnose(state, "unexpectedEvent", event._tag)
    case "InputRejected":
      return unreadable(state, event, responseHeader(state, { modern: true }, event.freshId))
    case "TransportEnded":
      return leave(state, peerGone(state))
    case "TransportLost":
      return gone(state, peerGone(state, event.fault))
    case "CloseRequested":
      return leave(state, Reason.make("closedBeforeStream"))
    case "FailRequested":
      return leave(state, failedBySelf(event))
  }
  return negotiating(state, event)
}

const onHeader = (state: Responding, event: Received<"HeaderReceived">, { tries }: At<"AwaitingHeader">): Move => {
  const { config, link } = state
  const { diagnostics, fault, header } = checkInitial(config, link, event.tag, event.overloaded === true)
  const noted = diagnostics.map((each) => diagnostic(each))
  const own = responseHeader(state, header, event.freshId)
  if (fault !== undefined) return after(noted, refuseHeader(state, own, fault))
  return after(noted, offer(state, header, { _tag: "SendHeader", header: own }, tries))
}

const refuseHeader = (state: Responding, header: StreamHeader, { cause, condition, rule, text }: HeaderFault): Move =>
  fail(state, {
    error: { condition, ...(text === undefined ? {} : { text }) },
    reason: Reason.make(cause, { condition, rule, ...(text === undefined ? {} : { detail: text }) }),
    header
  })

/** HDR-12…14, HDR-23, VER-03, VER-04, LANG-02. */
const responseHeader = ({ config }: Responding, header: PeerHeader, freshId: string): StreamHeader => {
  const to = header.from === undefined ? undefined : Address.bareText(header.from, config.naming)
  return {
    from: header.to !== undefined && isOurs(config, header.to)
      ? Address.bareText(header.to, config.naming) ?? config.self
      : Address.bareText(config.self, config.naming) ?? config.self,
    id: freshId,
    ...(to === undefined ? {} : { to }),
    ...(header.modern ? { version: "1.0" } : {}),
    lang: Language.lookup(header.lang, [config.lang, ...config.languages], config.lang),
    contentNamespace: config.policy.contentNamespace
  }
}

/** OFFER (state-machine §7.2); header and features are one write. */
const offer = (state: Responding, header: PeerHeader, own: Action, tries: number): Move => {
  const { config, link } = state
  const send = (element: Element.Element): ReadonlyArray<Action> => [own, { _tag: "SendElement", element }]
  if (!header.modern) return open(state, { header, first: [own] })
  if (link._tag === "Clear" && config.policy.tls === "required") {
    return move({ ...state, at: { _tag: "AwaitingChoice", header, tries } }, ...send(Features.mandatoryTls(config)))
  }
  if (link._tag === "Clear" && config.policy.tls === "preferred") {
    return move({ ...state, at: { _tag: "AwaitingCommitment", header, tries } }, ...send(Features.voluntaryTls(config)))
  }
  if (link._tag === "Secured" && config.policy.sasl !== "never" && link.verdict.authorised.length > 0) {
    return move({ ...state, at: { _tag: "AwaitingChoice", header, tries } }, ...send(Features.external(config)))
  }
  return open(state, { header, first: send(Features.final(config, link)) })
}

const awaitingChoice = (state: Responding, event: Event, at: At<"AwaitingChoice">): Move => {
  if (event._tag !== "ElementReceived") return negotiating(state, event)
  const { element } = event
  if (element.namespace === Namespace.sasl) return sasl.onRequest(state, event, at) ?? negotiating(state, event)
  if (takesUp(state, element)) return move(state)
  if (!Element.is(element, Namespace.tls, "starttls")) return negotiating(state, event)
  return state.link._tag === "Clear" ? secure(state, element) : refuseTls(state, "TLS already runs")
}

/** XEP-0288, which only servers have to speak of (NA-02); `<auth/>` follows. */
const takesUp = ({ config, link }: Responding, element: Element.Element): boolean =>
  Element.is(element, Namespace.bidi, "bidi") && link._tag === "Secured" &&
  config.policy.contentNamespace === Namespace.server

/** R.May: the initiator's first word settles how we go on; silence settles for clear text (AMB-11). */
const awaitingCommitment = (state: Responding, event: Event, at: At<"AwaitingCommitment">): Move => {
  if (event._tag !== "ElementReceived") return negotiating(state, event)
  const { element } = event
  switch (kindOf(element, event.prefixed === true, state.config)) {
    case "stanza":
      return settleWith(state, at, event)
    case "sasl":
      return sasl.onRequest(state, event, at) ?? negotiating(state, event)
    case "tls":
      return element.name === "starttls" ? secure(state, element) : negotiating(state, event)
    case "management":
      return element.name === "enable" || element.name === "resume"
        ? move(state, { _tag: "SendElement", element: managementFailed("unexpected-request") })
        : negotiating(state, event)
    case "features":
    case "prefixed":
    case "foreignContent":
    case "odd":
    case "extension":
    case "streamError":
      return negotiating(state, event)
  }
}

const settleWith = (
  state: Responding,
  { header }: { readonly header: PeerHeader },
  event: Received<"ElementReceived">
): Move => {
  const opened = open(state, { header })
  if (opened.state._tag !== "Established") return opened
  const taken = takeStanza(opened.state, event.element, event.headerPrefixed === true)
  return { ...taken, actions: [...opened.actions, ...taken.actions] }
}

/** TLS-08, TLS-12; text inside makes it malformed (TLS-09), an offer without a method of ours hopeless (C2C-09). */
const secure = (state: Responding, element: Element.Element): Move => {
  if (Element.text(element).trim() !== "") return refuseTls(state, "malformed")
  if (isHopeless(element)) return refuseTls(state, "no method of the offer is ours")
  const hints = hintsOf(element)
  return move(
    { ...state, at: { _tag: "AwaitingTls", ...(hints.length === 0 ? {} : { hints }) } },
    { _tag: "SendElement", element: proceed },
    { _tag: "StartTls", as: "server" }
  )
}

const refuseTls = (state: Responding, detail: string): Move =>
  close(state, Reason.make("tlsRefused", { rule: "TLS-09", detail }), [{ _tag: "SendElement", element: tlsFailure }])

/** The initiator speaks first inside TLS too. */
const accept = (secured: Responding, told: Action): Move =>
  move({ ...secured, at: { _tag: "AwaitingHeader", tries: 0 } }, told)

const onTimer = (state: Responding, event: Extract<Event, { readonly _tag: "TimerFired" }>): Move => {
  const { at } = state
  if (event.timer === "certificate") {
    return diagnose({ ...state, link: expired(state.link) }, "certificateExpired", "SASL-33")
  }
  if (event.timer === "verdict") return drop(state, Reason.make("verdictTimeout"))
  // FEAT-18: nobody asked for TLS in time; clear text is settled.
  if (at._tag === "AwaitingCommitment" && (event.timer === "commit" || event.timer === "negotiation")) {
    return open(state, { header: at.header })
  }
  if (event.timer !== "step" && event.timer !== "negotiation") return unexpected(state, event)
  switch (at._tag) {
    case "AwaitingHeader":
      return state.link._tag === "Clear" ? drop(state, Reason.make("noHeader")) : leave(state, Reason.make("noHeader"))
    case "AwaitingTls":
      return drop(state, Reason.make("tlsTimeout"))
    case "AwaitingChoice":
    case "AwaitingResponse":
      return fail(state, {
        error: { condition: "connection-timeout" },
        reason: Reason.make("silence", { condition: "connection-timeout", rule: "TIME-05" })
      })
  }
  return unexpected(state, event)
}
