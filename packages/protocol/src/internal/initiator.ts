/** Negotiation as the initiator sees it (state-machine §8.2–8.9). We are the TLS client, and the one who asks. */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import * as Address from "../Address.ts"
import { admit } from "../Admission.ts"
import type { Event, PeerEvent } from "../Event.ts"
import * as Features from "../Features.ts"
import { checkResponse, type StreamHeader } from "../Header.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { Initiating, InitiatorStep, Link, PeerHeader } from "../State.ts"
import * as sasl from "./auth.ts"
import { negotiating, unexpected } from "./defaults.ts"
import { bidi, starttls } from "./elements.ts"
import { close, cut, drop, fail, gone, leave, replyClose } from "./ending.ts"
import { after, diagnose, diagnostic, type Move, move } from "./move.ts"
import { hintsOf } from "./offers.ts"
import { open } from "./opening.ts"
import { expired, onTls } from "./tls.ts"
import { onVerdict, peerGone } from "./verdict.ts"

type At<Tag extends InitiatorStep["_tag"]> = Extract<InitiatorStep, { readonly _tag: Tag }>

export const initiator = (state: Initiating, event: Event): Move => {
  if (event._tag === "TimerFired") return onTimer(state, event)
  switch (state.at._tag) {
    case "AwaitingHeader":
      return awaitingHeader(state, event)
    case "AwaitingFeatures":
      return awaitingFeatures(state, event, state.at)
    case "AwaitingProceed":
      return awaitingProceed(state, event, state.at)
    case "AwaitingTls":
      return onTls(state, event, state.at)
    case "AwaitingVerdict":
      return onVerdict(state, event, state.at, (secured, told) => restart(secured, [told]))
    case "AwaitingSasl":
      return sasl.awaitingSasl(state, event, state.at)
    case "AwaitingAbort":
      return sasl.awaitingAbort(state, event, state.at)
    case "AwaitingResumed":
      return sasl.awaitingResumed(state, event, state.at)
  }
}

/** The header of the present phase (HDR-08, HDR-09, E2E-05: bare). */
export const ownHeader = ({ config, link }: Pick<Initiating, "config" | "link">): StreamHeader => {
  const hidden = config.policy.hideFromBeforeTls && link._tag === "Clear" && config.policy.tls !== "never"
  return {
    ...(config.peer === undefined ? {} : { to: Address.bareText(config.peer, config.naming) ?? config.peer }),
    ...(hidden ? {} : { from: Address.bareText(config.self, config.naming) ?? config.self }),
    version: "1.0",
    lang: config.lang,
    contentNamespace: config.policy.contentNamespace
  }
}

/** RESTART: the next header goes out at once (HDR-28). */
export const restart = (state: Initiating, first: ReadonlyArray<Action>): Move => ({
  state: { ...state, at: { _tag: "AwaitingHeader" } },
  actions: [...first, { _tag: "SendHeader", header: ownHeader(state) }]
})

const awaitingHeader = (state: Initiating, event: Event): Move => {
  switch (event._tag) {
    case "HeaderReceived":
      return onHeader(state, event)
    case "ElementReceived":
      return diagnose(state, "unexpectedElement")
    case "FooterReceived":
      return diagnose(state, "unexpectedEvent", event._tag)
    case "TransportEnded":
      return cut(state, peerGone(state))
    case "TransportLost":
      return gone(state, peerGone(state, event.fault))
  }
  return negotiating(state, event)
}

const onHeader = (state: Initiating, { tag }: Extract<PeerEvent, { readonly _tag: "HeaderReceived" }>): Move => {
  const { diagnostics, fault, header } = checkResponse(state.config, state.link, tag)
  const noted = diagnostics.map((each) => diagnostic(each))
  if (fault !== undefined) {
    const { cause, condition, rule } = fault
    return after(noted, fail(state, { error: { condition }, reason: Reason.make(cause, { condition, rule }) }))
  }
  // VER-12: a peer without version sends no features.
  if (!header.modern) return after(noted, open(state, { header }))
  return after(noted, move({ ...state, at: { _tag: "AwaitingFeatures", header } }))
}

const awaitingFeatures = (state: Initiating, event: Event, { header }: At<"AwaitingFeatures">): Move => {
  if (event._tag !== "ElementReceived" || !Element.is(event.element, Namespace.stream, "features")) {
    return negotiating(state, event)
  }
  const offer = Features.read(event.element)
  return after(repeated(state.link, offer), decide(state, header, offer))
}

/** DECIDE (state-machine §7.3), the first row that applies. */
const decide = (state: Initiating, header: PeerHeader, offer: Features.Offer): Move => {
  const { config: { management, policy }, link } = state
  if (link._tag === "Clear") {
    if (policy.tls === "required" || (policy.tls === "preferred" && offer.starttls !== "absent")) {
      return secure(state, offer)
    }
    if (offer.starttls === "mandatory") return incompatible(state, "FEAT-09", "the peer insists on TLS")
  }
  const usable = sasl.usable(state, offer)
  if (offer.unknownMandatory !== undefined && !usable) {
    return incompatible(state, "FEAT-09", `the peer insists on ${offer.unknownMandatory}`)
  }
  if (link._tag !== "Authenticated") {
    if (usable) return after(takeUp(state, offer), sasl.begin(state, header))
    if (offer.mechanisms !== undefined) return close(state, Reason.make("noMechanism"))
    if (policy.sasl === "required") return required(state)
  }
  const isProven = admit(state.config, link, header)?.peer.verified === true
  return management.resume !== undefined && offer.management && isProven
    ? sasl.resume(state, header, management.resume)
    : open(state, { header, enable: management.use && offer.management })
}

/** Between servers a stream carries stanzas one way until this is said; all others of ours go both ways (NA-02). */
const takeUp = ({ config }: Initiating, { bothWays }: Features.Offer): ReadonlyArray<Action> =>
  bothWays && config.policy.contentNamespace === Namespace.server ? [{ _tag: "SendElement", element: bidi }] : []

/** FEAT-11: what is done already and offered again is ignored. */
const repeated = (link: Link, { mechanisms, starttls }: Features.Offer): ReadonlyArray<Action> =>
  (link._tag !== "Clear" && starttls !== "absent") || (link._tag === "Authenticated" && mechanisms !== undefined)
    ? [diagnostic("repeatedFeature")]
    : []

/** TLS-07; TLS-06 when nobody offered it. */
const secure = (state: Initiating, offer: Features.Offer): Move => ({
  state: { ...state, at: { _tag: "AwaitingProceed", warned: false } },
  actions: [
    { _tag: "SendElement", element: starttls },
    ...(offer.starttls === "absent" ? [diagnostic("tlsNotAdvertised")] : [])
  ]
})

const incompatible = (state: Initiating, rule: string, detail: string): Move =>
  fail(state, {
    error: { condition: "unsupported-feature" },
    reason: Reason.make("unsupportedFeature", { condition: "unsupported-feature", rule, detail })
  })

const required = (state: Initiating): Move =>
  fail(state, {
    error: { condition: "policy-violation" },
    reason: Reason.make("authenticationRequired", { condition: "policy-violation", rule: "SASL-41" })
  })

const awaitingProceed = (state: Initiating, event: Event, at: At<"AwaitingProceed">): Move => {
  switch (event._tag) {
    case "ElementReceived":
      if (Element.is(event.element, Namespace.tls, "proceed")) return proceed(state, event.element)
      if (Element.is(event.element, Namespace.tls, "failure")) {
        return after([diagnostic("tlsRefused")], close(state, Reason.make("tlsRefused")))
      }
      return negotiating(state, event)
    case "WhitespaceReceived":
      return at.warned
        ? move(state)
        : diagnose({ ...state, at: { ...at, warned: true } }, "whitespaceInWindow", "TLS-14")
    case "FooterReceived":
      return replyClose(state, Reason.make("tlsRefused"))
    case "CloseRequested":
      // END-21: a footer could land inside the peer's handshake.
      return leave(state, Reason.make("aborted", { rule: "END-21" }))
  }
  return negotiating(state, event)
}

const proceed = (state: Initiating, element: Element.Element): Move => {
  const hints = hintsOf(element)
  return move(
    { ...state, at: { _tag: "AwaitingTls", ...(hints.length === 0 ? {} : { hints }) } },
    { _tag: "StartTls", as: "client" }
  )
}

const onTimer = (state: Initiating, event: Extract<Event, { readonly _tag: "TimerFired" }>): Move => {
  if (event.timer === "certificate") {
    return diagnose({ ...state, link: expired(state.link) }, "certificateExpired", "SASL-33")
  }
  if (event.timer === "verdict") return drop(state, Reason.make("verdictTimeout"))
  if (event.timer !== "step" && event.timer !== "negotiation") return unexpected(state, event)
  if (state.at._tag === "AwaitingTls") return drop(state, Reason.make("tlsTimeout"))
  return fail(state, {
    error: { condition: "connection-timeout" },
    reason: Reason.make("silence", { condition: "connection-timeout" })
  })
}
