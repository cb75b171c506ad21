/** SASL EXTERNAL at the recipient (state-machine §7.4, §8.11–8.13). Identities come from the verdict, never from words. */
import { Element } from "@xmpp-e2e/xml"
import * as Address from "../Address.ts"
import { authorises, soleAddress } from "../Admission.ts"
import type { Event, PeerEvent } from "../Event.ts"
import * as Namespace from "../Namespace.ts"
import * as Reason from "../Reason.ts"
import type { PeerHeader, RecipientStep, Responding, Secured } from "../State.ts"
import * as base64 from "./base64.ts"
import { negotiating } from "./defaults.ts"
import { challenge, type SaslCondition, saslFailure, success } from "./elements.ts"
import { close, fail, misbehaved } from "./ending.ts"
import { type Move, move } from "./move.ts"

type Received = Extract<PeerEvent, { readonly _tag: "ElementReceived" }>

/** Where a SASL element may come: something is on offer, or a challenge is out. */
type Stage = Extract<RecipientStep, { readonly _tag: "AwaitingChoice" | "AwaitingCommitment" | "AwaitingResponse" }>

/** A SASL element while something is on offer; `undefined` for those that no initiator sends. */
export const onRequest = (state: Responding, { element }: Received, at: Stage): Move | undefined => {
  switch (element.name) {
    case "auth":
      return onAuth(state, element, at)
    case "response":
      return refuse(state, at, "malformed-request", false)
    case "abort":
      return refuse(state, at, "aborted", false)
  }
  return undefined
}

export const awaitingResponse = (state: Responding, event: Event, at: Stage): Move => {
  if (event._tag !== "ElementReceived" || event.element.namespace !== Namespace.sasl) return negotiating(state, event)
  switch (event.element.name) {
    case "response":
      return Element.elements(event.element).length > 0
        ? refuse(state, at, "malformed-request", true)
        : external(state, at, Element.text(event.element))
    case "abort":
      return refuse(state, at, "aborted", true)
    case "auth":
      // SASL-38: the handshake before is dropped.
      return onAuth(state, event.element, at)
  }
  return negotiating(state, event)
}

const onAuth = (state: Responding, element: Element.Element, at: Stage): Move => {
  if (at.tries >= state.config.limits.saslTriesMax) return tooManyTries(state)
  const mechanism = Element.attribute(element, "mechanism")
  if (mechanism !== "EXTERNAL") return refuse(state, at, "invalid-mechanism", true)
  if (state.link._tag !== "Secured") return refuse(state, at, "encryption-required", true)
  if (Element.elements(element).length > 0) return refuse(state, at, "malformed-request", true)
  const data = Element.text(element)
  return data === "" ? ask(state, at) : external(state, at, data)
}

/** The response has its full time, also when the challenge is one more (SASL-38). */
const ask = (state: Responding, at: Stage): Move => ({
  ...move({ ...state, at: { ...at, _tag: "AwaitingResponse" } }, { _tag: "SendElement", element: challenge }),
  rearm: ["step"]
})

/** EXTERNAL(data), the first row that fails decides. */
const external = (state: Responding, at: Stage, data: string): Move => {
  const { config, link } = state
  if (link._tag !== "Secured") return misbehaved(state, "not-authorized", "SASL-47")
  const bytes = data === "=" ? [] : base64.decode(data)
  if (bytes === undefined) return refuse(state, at, "incorrect-encoding", true)
  const authzid = base64.textOf(bytes)
  if (authzid === undefined || authzid.includes("\0")) return refuse(state, at, "malformed-request", true)
  const candidate = authzid === "" ? implied(link, at.header) : authzid
  if (candidate === undefined) {
    return link.verdict.authorised.length === 0 ?
      refuseAndClose(state, "not-authorized", "SASL-25")
      : refuse(state, at, "invalid-authzid", true)
  }
  const address = Address.parse(candidate, config.naming)
  if (address === undefined || (authzid !== "" && address.resource !== undefined)) {
    return refuse(state, at, "invalid-authzid", true)
  }
  if (!authorises(link.verdict, candidate, config.naming)) {
    return authzid === ""
      ? refuseAndClose(state, "not-authorized", "SASL-25")
      : refuse(state, at, "invalid-authzid", true)
  }
  if (at.header.from !== undefined && !Address.sameBare(at.header.from, candidate, config.naming)) {
    return refuse(state, at, "invalid-authzid", true)
  }
  if (link.expired) return refuseAndClose(state, "credentials-expired", "SASL-33")
  return succeed(state, link, at, Address.format(Address.bare(address)))
}

/** SASL-22, SASL-23: `from` chooses; without it, the certificate must leave no choice. */
const implied = ({ verdict }: Secured, { from }: PeerHeader): string | undefined => from ?? soleAddress(verdict)

/** SASL-27, SASL-28: the rest of the input belongs to a new document. */
const succeed = (state: Responding, link: Secured, { header, tries }: Stage, identity: string): Move =>
  move(
    {
      ...state,
      link: {
        _tag: "Authenticated",
        secured: link,
        identity,
        ...(header.to === undefined ? {} : { to: header.to })
      },
      at: { _tag: "AwaitingHeader", tries }
    },
    { _tag: "SendElement", element: success },
    { _tag: "RestartInput" }
  )

/**
 * A failure that a new `<auth/>` can repair. SASL-39 counts handshakes that failed: a word without a handshake behind it
 * counts for none, and so does `<abort/>` unless a challenge is out (SASL-37).
 */
const refuse = (state: Responding, at: Stage, condition: SaslCondition, counts: boolean): Move => {
  const tries = counts ? at.tries + 1 : at.tries
  const back: RecipientStep = at._tag === "AwaitingResponse"
    ? { _tag: "AwaitingChoice", header: at.header, tries }
    : { ...at, tries }
  return move({ ...state, at: back }, { _tag: "SendElement", element: saslFailure(condition) })
}

const refuseAndClose = (state: Responding, condition: SaslCondition, rule: string): Move =>
  close(state, Reason.make("authenticationFailed", { rule, detail: condition }), [
    { _tag: "SendElement", element: saslFailure(condition) }
  ])

const tooManyTries = (state: Responding): Move =>
  fail(state, {
    error: { condition: "policy-violation" },
    reason: Reason.make("tooManyTries", { condition: "policy-violation" })
  })
