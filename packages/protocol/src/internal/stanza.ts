/**
 * What becomes of a stanza on an established stream (state-machine §9). The first rule that applies decides. It knows the
 * identities, not the role.
 */
import { Element } from "@xmpp-e2e/xml"
import type { Delivery } from "../Action.ts"
import * as Address from "../Address.ts"
import type { Admission } from "../Admission.ts"
import type { StreamCondition } from "../Condition.ts"
import type { Config } from "../Config.ts"
import { isOurs } from "../Header.ts"
import * as Namespace from "../Namespace.ts"
import type { Diagnostic } from "../Notice.ts"

export type StanzaVerdict =
  | { readonly _tag: "Deliver"; readonly delivery: Delivery }
  /** The answer to one of our own requests. */
  | { readonly _tag: "Answer"; readonly id: string; readonly delivery: Delivery }
  | { readonly _tag: "Reply"; readonly reply: Element.Element }
  | { readonly _tag: "Drop"; readonly about: Diagnostic; readonly detail: string }
  | { readonly _tag: "Fail"; readonly condition: StreamCondition; readonly rule: string }

export interface Situation {
  readonly config: Config
  readonly admission: Admission
  readonly pending: ReadonlyArray<string>
  readonly headerPrefixed: boolean
  readonly canReply: boolean
}

export const judge = (stanza: Element.Element, situation: Situation): StanzaVerdict => {
  const { admission, canReply, config, headerPrefixed } = situation
  if (headerPrefixed) return { _tag: "Fail", condition: "invalid-namespace", rule: "NS-10" }
  const from = Element.attribute(stanza, "from")
  const to = Element.attribute(stanza, "to")
  const rule = from === undefined ? undefined : brokenFrom(from, config, admission)
  if (rule !== undefined) return { _tag: "Fail", condition: "invalid-from", rule }
  if (to !== undefined && Address.parse(to, config.naming) === undefined) {
    return undeliverable(stanza, "jid-malformed", "modify", "STZ-09")
  }
  if (to !== undefined && !isOurs(config, to)) {
    return undeliverable(stanza, "service-unavailable", "cancel", "STZ-10")
  }
  const sender = from ?? admission.peer.address
  const receiver = to ?? calledBy(admission, config)
  const delivery = sender === undefined ? { to: receiver, canReply } : { from: sender, to: receiver, canReply }
  if (stanza.name === "iq") return judgeIq(stanza, situation, delivery)
  return stanza.name === "presence" && !presenceTypes.includes(Element.attribute(stanza, "type"))
    ? { _tag: "Drop", about: "droppedStanza", detail: "STZ-13" }
    : { _tag: "Deliver", delivery }
}

/** A probe for liveness (PING-01), by the id that its answer will carry. */
export const probeIdOf = (stanza: Element.Element): string | undefined =>
  stanza.name === "iq" && Element.attribute(stanza, "type") === "get" &&
    Element.child(stanza, Namespace.ping, "ping") !== undefined
    ? Element.attribute(stanza, "id")
    : undefined

/** The id under which an answer is expected, for our own get and set. */
export const requestIdOf = (stanza: Element.Element): string | undefined =>
  stanza.name === "iq" && requestTypes.includes(Element.attribute(stanza, "type"))
    ? Element.attribute(stanza, "id")
    : undefined

/** SERR-01, SERR-05: the same kind of stanza, addresses swapped, no echo. */
export const errorReply = (stanza: Element.Element, condition: string, type: string): Element.Element => {
  const get = (name: string): string | undefined => Element.attribute(stanza, name)
  return Element.make(
    stanza.namespace,
    stanza.name,
    { type: "error", id: get("id") ?? (stanza.name === "iq" ? "" : undefined), from: get("to"), to: get("from") },
    [Element.make(stanza.namespace, "error", { type }, [Element.make(Namespace.stanzaErrors, condition)])]
  )
}

/**
 * Our address on this stream: the one that the peer's header names, when it is ours. Each stanza without `to` asks, and
 * nearly each peer writes our address as we do; then nothing has to be prepared.
 */
const calledBy = ({ header: { to } }: Admission, config: Config): string =>
  to === undefined || to === config.self || !isOurs(config, to) || Address.sameBare(to, config.self, config.naming)
    ? config.self
    : Address.bareText(to, config.naming) ?? config.self

const brokenFrom = (from: string, config: Config, { peer }: Admission): string | undefined => {
  if (Address.parse(from, config.naming) === undefined) return "STZ-08"
  if (peer.address === undefined) return undefined
  if (Address.sameBare(from, peer.address, config.naming)) return undefined
  if (peer.alias !== undefined && Address.sameBare(from, peer.alias, config.naming)) return undefined
  return peer.verified ? "STZ-05" : "STZ-06"
}

const undeliverable = (stanza: Element.Element, condition: string, type: string, rule: string): StanzaVerdict => {
  const wantsAnswer = stanza.name === "iq"
    ? requestTypes.includes(Element.attribute(stanza, "type"))
    : stanza.name === "message" && Element.attribute(stanza, "type") !== "error"
  if (!wantsAnswer) return { _tag: "Drop", about: "droppedStanza", detail: rule }
  const reply = errorReply(stanza, condition, type)
  // A malformed address does not go back on the wire (STZ-09).
  return condition === "jid-malformed"
    ? { _tag: "Reply", reply: { ...reply, attributes: reply.attributes.filter(({ name }) => name !== "from") } }
    : { _tag: "Reply", reply }
}

const judgeIq = (stanza: Element.Element, { pending }: Situation, delivery: Delivery): StanzaVerdict => {
  const type = Element.attribute(stanza, "type")
  const id = Element.attribute(stanza, "id")
  if (type === "result" || type === "error") {
    return id !== undefined && pending.includes(id)
      ? { _tag: "Answer", id, delivery }
      : { _tag: "Drop", about: "unknownReply", detail: "IQ-08" }
  }
  const wellFormed = requestTypes.includes(type) && id !== undefined && Element.elements(stanza).length === 1
  return wellFormed
    ? { _tag: "Deliver", delivery }
    : { _tag: "Reply", reply: errorReply(stanza, "bad-request", "modify") }
}

const requestTypes: ReadonlyArray<string | undefined> = ["get", "set"]

const presenceTypes: ReadonlyArray<string | undefined> = [
  undefined,
  "unavailable",
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
  "probe",
  "error"
]
