/** The initiator between `<auth/>` and its outcome, and while a session is taken up again (state-machine §8.7–8.9). */
import { Element } from "@xmpp-e2e/xml"
import * as Address from "../Address.ts"
import type { Event, Resumption } from "../Event.ts"
import type { Offer } from "../Features.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { Initiating, InitiatorStep, PeerHeader } from "../State.ts"
import * as base64 from "./base64.ts"
import { negotiating } from "./defaults.ts"
import { abort, auth, response, weightOf } from "./elements.ts"
import { close, misbehaved, replyClose } from "./ending.ts"
import { restart } from "./initiator.ts"
import * as managed from "./managed.ts"
import * as Management from "./management.ts"
import { after, diagnostic, type Move, move, report } from "./move.ts"
import { open } from "./opening.ts"
import { resend } from "./sending.ts"

type At<Tag extends InitiatorStep["_tag"]> = Extract<InitiatorStep, { readonly _tag: Tag }>

/** SASL-08: EXTERNAL is on offer, under TLS, and we have something to show. */
export const usable = ({ config, link }: Initiating, { mechanisms }: Offer): boolean =>
  link._tag === "Secured" && config.policy.sasl !== "never" && config.certificate !== undefined &&
  mechanisms !== undefined && mechanisms.includes("EXTERNAL")

/** SASL-16…19: the address is said when the certificate leaves a choice, or names somebody else. */
export const begin = (state: Initiating, header: PeerHeader): Move => {
  const { certificate, naming, self } = state.config
  const own = Address.bareText(self, naming) ?? self
  const addresses = certificate?.addresses ?? []
  const [only, ...rest] = addresses
  const implied = only === undefined || (rest.length === 0 && Address.sameBare(only, own, naming))
  return attempt(state, header, implied ? undefined : own, implied && only !== undefined ? [own] : [], 0)
}

export const awaitingSasl = (state: Initiating, event: Event, at: At<"AwaitingSasl">): Move => {
  if (event._tag === "FooterReceived") return replyClose(state, Reason.make("authenticationFailed", { rule: "END-18" }))
  if (event._tag !== "ElementReceived" || event.element.namespace !== Namespace.sasl) return negotiating(state, event)
  switch (event.element.name) {
    case "success":
      return succeed(state, at.header)
    case "challenge":
      return onChallenge(state, event.element, at)
    case "failure":
      return onFailure(state, event.element, at)
  }
  return negotiating(state, event)
}

export const awaitingAbort = (state: Initiating, event: Event, { header }: At<"AwaitingAbort">): Move => {
  if (event._tag === "FooterReceived") {
    return replyClose(state, Reason.make("authenticationAborted", { rule: "END-18" }))
  }
  if (event._tag !== "ElementReceived" || event.element.namespace !== Namespace.sasl) return negotiating(state, event)
  switch (event.element.name) {
    case "failure":
      return close(state, Reason.make("authenticationAborted"))
    case "success":
      // It crossed our abort; it counts, and the stream is replaced.
      return succeed(state, header)
    case "challenge":
      return move(state, diagnostic("unexpectedElement", "SASL-45"))
  }
  return negotiating(state, event)
}

/** SM-14: instead of enabling, before any stanza. */
export const resume = (state: Initiating, header: PeerHeader, resumption: Resumption): Move =>
  move(
    { ...state, at: { _tag: "AwaitingResumed", header, resumption } },
    {
      _tag: "SendElement",
      element: Element.make(Namespace.management, "resume", {
        previd: resumption.id,
        h: resumption.handled.toString()
      })
    }
  )

export const awaitingResumed = (state: Initiating, event: Event, at: At<"AwaitingResumed">): Move => {
  if (event._tag !== "ElementReceived" || event.element.namespace !== Namespace.management) {
    return negotiating(state, event)
  }
  switch (event.element.name) {
    case "resumed":
      return onResumed(state, event.element, at)
    case "failed":
      return onNotResumed(state, event.element, at)
  }
  return negotiating(state, event)
}

const attempt = (
  state: Initiating,
  header: PeerHeader,
  authzid: string | undefined,
  others: ReadonlyArray<string>,
  tries: number
): Move =>
  move(
    {
      ...state,
      at: {
        _tag: "AwaitingSasl",
        header,
        ...(authzid === undefined ? {} : { authzid }),
        others,
        tries,
        responded: false
      }
    },
    { _tag: "SendElement", element: auth(authzid, base64.encodeText) }
  )

/** RESTART(auth): the rest of the input belongs to a new document (SASL-28, SASL-29). */
const succeed = (state: Initiating, header: PeerHeader): Move => {
  const { link } = state
  if (link._tag !== "Secured") return misbehaved(state, "not-authorized", "SASL-47")
  const { id } = header
  return restart(
    { ...state, link: { _tag: "Authenticated", secured: link, ...(id === undefined ? {} : { id }) } },
    [{ _tag: "RestartInput" }]
  )
}

const onChallenge = (state: Initiating, element: Element.Element, at: At<"AwaitingSasl">): Move =>
  element.children.length === 0 && !at.responded
    ? move(
      { ...state, at: { ...at, responded: true } },
      { _tag: "SendElement", element: response(at.authzid, base64.encodeText) }
    )
    : move(
      { ...state, at: { _tag: "AwaitingAbort", header: at.header } },
      { _tag: "SendElement", element: abort }
    )

/** SASL-43: an unknown condition is `not-authorized`. */
const onFailure = (state: Initiating, element: Element.Element, at: At<"AwaitingSasl">): Move => {
  const named = Element.elements(element).find((each) => each.namespace === Namespace.sasl && each.name !== "text")
  const condition = named !== undefined && conditions.includes(named.name) ? named.name : "not-authorized"
  const text = Element.child(element, Namespace.sasl, "text")
  const [other, ...others] = at.others
  if (other !== undefined && at.tries + 1 < state.config.limits.saslTriesMax) {
    return attempt(state, at.header, other, others, at.tries + 1)
  }
  return after(
    [report({
      _tag: "AuthenticationFailed",
      condition,
      ...(text === undefined ? {} : { text: Element.text(text) })
    })],
    close(state, Reason.make("authenticationFailed", { rule: "SASL-09", detail: condition }))
  )
}

const onResumed = (
  state: Initiating,
  element: Element.Element,
  { header, resumption }: At<"AwaitingResumed">
): Move => {
  const h = Management.countOf(element)
  if (Element.attribute(element, "previd") !== resumption.id || h === undefined) {
    return misbehaved(state, "policy-violation", "SM-14")
  }
  const management = managed.takeUp(resumption, h)
  return management === undefined
    ? managed.tooHigh(state, h, resumption.sent)
    : open(state, { header, session: { management, again: resend(management.kept) } })
}

/** SM-16: the stream goes on with a new session; what nobody acknowledged goes first. */
const onNotResumed = (
  state: Initiating,
  element: Element.Element,
  { header, resumption }: At<"AwaitingResumed">
): Move => {
  const again = resumption.unacknowledged.map((stanza) => ({ stanza, weight: weightOf(stanza) }))
  return after(
    [diagnostic("resumptionRefused", Element.attribute(element, "h"))],
    open({ ...state, held: [...again, ...state.held] }, { header, enable: true })
  )
}

const conditions: ReadonlyArray<string> = [
  "aborted",
  "account-disabled",
  "credentials-expired",
  "encryption-required",
  "incorrect-encoding",
  "invalid-authzid",
  "invalid-mechanism",
  "malformed-request",
  "mechanism-too-weak",
  "not-authorized",
  "temporary-auth-failure"
]
