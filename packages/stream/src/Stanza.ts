/**
 * Stanzas as values: message, presence and iq, their replies and their errors (RFC 6120 §8). This file makes them and
 * reads them; it sends nothing and keeps nothing.
 *
 * Elements here are in `jabber:client` unless another content namespace is named; a reply is in the namespace of what it
 * answers.
 *
 * @since 0.1.0
 */
import { Namespace } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"

/**
 * The stanza error conditions of RFC 6120 §8.3.3.
 *
 * @since 0.1.0
 * @category constants
 */
export const conditions = [
  "bad-request",
  "conflict",
  "feature-not-implemented",
  "forbidden",
  "gone",
  "internal-server-error",
  "item-not-found",
  "jid-malformed",
  "not-acceptable",
  "not-allowed",
  "not-authorized",
  "policy-violation",
  "recipient-unavailable",
  "redirect",
  "registration-required",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
  "service-unavailable",
  "subscription-required",
  "undefined-condition",
  "unexpected-request"
] as const

/**
 * @since 0.1.0
 * @category models
 */
export type StanzaCondition = (typeof conditions)[number]

/**
 * What the sender may do about an error (SERR-03).
 *
 * @since 0.1.0
 * @category models
 */
export type ErrorType = "auth" | "cancel" | "continue" | "modify" | "wait"

/**
 * A stanza error: a defined condition, what to do about it, and optionally a text for people and one element of the
 * application.
 *
 * @since 0.1.0
 * @category models
 */
export interface StanzaError {
  readonly condition: StanzaCondition
  readonly type: ErrorType
  readonly text?: string
  readonly application?: Element.Element
}

/**
 * What all stanzas have in common. On an end-to-end stream addresses may be left out (STZ-02).
 *
 * @since 0.1.0
 * @category models
 */
export interface Common {
  readonly to?: string
  readonly from?: string
  readonly id?: string
  readonly lang?: string
  readonly children?: ReadonlyArray<Element.Node>
  /** The content namespace of the stream; `jabber:client` when absent. */
  readonly namespace?: string
}

/**
 * A stanza as it is handed to the application.
 *
 * `from` and `to` have their defaults filled in (STZ-03): the peer's address of the stream, and our own. What the stanza
 * itself says is in its attributes. `from` is absent when the peer never named itself. `canReply` is false for what
 * arrives after our own side of the stream was closed (STZ-21).
 *
 * @since 0.1.0
 * @category models
 */
export interface Received {
  readonly stanza: Element.Element
  readonly from?: string
  readonly to: string
  readonly canReply: boolean
}

/**
 * A message; `body` is put before the other children.
 *
 * @since 0.1.0
 * @category constructors
 */
export const message = (
  input: Common & { readonly type?: "chat" | "error" | "groupchat" | "headline" | "normal"; readonly body?: string }
): Element.Element => {
  const namespace = input.namespace ?? Namespace.client
  const body = input.body === undefined ? [] : [Element.make(namespace, "body", {}, [input.body])]
  return stanza("message", input, input.type, [...body, ...(input.children ?? [])])
}

/**
 * A presence; without `type` it says: available.
 *
 * @since 0.1.0
 * @category constructors
 */
export const presence = (input: Common & { readonly type?: string } = {}): Element.Element =>
  stanza("presence", input, input.type, input.children ?? [])

/**
 * A request (IQ-05: exactly one payload). Without `id`, `E2eStream.request` chooses one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const iq = (
  input: Omit<Common, "children"> & { readonly type: "get" | "set"; readonly payload: Element.Element }
): Element.Element => stanza("iq", input, input.type, [input.payload])

/**
 * XEP-0199.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ping = (input: Omit<Common, "children"> = {}): Element.Element =>
  iq({ ...input, type: "get", payload: Element.make(Namespace.ping, "ping") })

/**
 * The result that answers an iq: same id, addresses swapped, or left out where the request left them out (IQ-03).
 *
 * @since 0.1.0
 * @category constructors
 */
export const result = (request: Element.Element, payload?: Element.Element): Element.Element =>
  reply(request, "result", payload === undefined ? [] : [payload])

/**
 * The error that answers a stanza (SERR-01). What the stanza contained is not echoed (SERR-05).
 *
 * @since 0.1.0
 * @category constructors
 */
export const error = (of: Element.Element, because: StanzaError): Element.Element =>
  reply(of, "error", [
    Element.make(of.namespace, "error", { type: because.type }, [
      Element.make(Namespace.stanzaErrors, because.condition),
      ...(because.text === undefined ? [] : [Element.make(Namespace.stanzaErrors, "text", {}, [because.text])]),
      ...(because.application === undefined ? [] : [because.application])
    ])
  ])

/**
 * The stanza error inside a stanza of type `error`. Whatever is missing or unknown reads as `undefined-condition`
 * (SERR-02, SERR-07) and `cancel` (SERR-03); elements of applications nobody asked for are left alone (SERR-08).
 *
 * @since 0.1.0
 * @category decoding
 */
export const errorOf = (of: Element.Element): StanzaError => {
  const element = Element.child(of, of.namespace, "error")
  if (element === undefined) return { condition: "undefined-condition", type: "cancel" }
  const children = Element.elements(element)
  const named = children.find(({ name, namespace }) => namespace === Namespace.stanzaErrors && name !== "text")
  const text = Element.child(element, Namespace.stanzaErrors, "text")
  const application = children.find(({ namespace }) => namespace !== Namespace.stanzaErrors)
  const type = Element.attribute(element, "type")
  return {
    condition: conditions.find((each) => each === named?.name) ?? "undefined-condition",
    type: errorTypes.find((each) => each === type) ?? "cancel",
    ...(text === undefined ? {} : { text: Element.text(text) }),
    ...(application === undefined ? {} : { application })
  }
}

/**
 * The `type` of a stanza, as written.
 *
 * @since 0.1.0
 * @category getters
 */
export const typeOf = (of: Element.Element): string | undefined => Element.attribute(of, "type")

/**
 * @since 0.1.0
 * @category getters
 */
export const idOf = (of: Element.Element): string | undefined => Element.attribute(of, "id")

/**
 * The text of the body of a message; `undefined` when it has none.
 *
 * @since 0.1.0
 * @category getters
 */
export const bodyOf = (of: Element.Element): string | undefined => {
  const body = Element.child(of, of.namespace, "body")
  return body === undefined ? undefined : Element.text(body)
}

/**
 * The language of a stanza: its own, else that of the stream it came on (LANG-04).
 *
 * @since 0.1.0
 * @category getters
 */
export const langOf = (of: Element.Element, stream: { readonly lang?: string }): string | undefined =>
  Element.attribute(of, "lang", Element.xmlNamespace) ?? stream.lang

/**
 * An iq of type get or set: it must be answered, exactly once.
 *
 * @since 0.1.0
 * @category guards
 */
export const isRequest = (of: Element.Element): boolean => {
  if (of.name !== "iq") return false
  const type = typeOf(of)
  return type === "get" || type === "set"
}

/**
 * An iq of type result or error: it must not be answered (IQ-04).
 *
 * @since 0.1.0
 * @category guards
 */
export const isReply = (of: Element.Element): boolean => {
  if (of.name !== "iq") return false
  const type = typeOf(of)
  return type === "result" || type === "error"
}

/**
 * The same stanza with another id.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withId = (of: Element.Element, id: string): Element.Element => ({
  ...of,
  attributes: [...of.attributes.filter(({ name, namespace }) => name !== "id" || namespace !== undefined), {
    name: "id",
    value: id
  }]
})

const stanza = (
  name: string,
  input: Common,
  type: string | undefined,
  children: ReadonlyArray<Element.Node>
): Element.Element => {
  const { from, id, lang, namespace, to } = input
  const attributes = Element.attributesOf({ from, to, id, type })
  return {
    name,
    namespace: namespace ?? Namespace.client,
    attributes: lang === undefined
      ? attributes
      : [...attributes, { name: "lang", namespace: Element.xmlNamespace, value: lang }],
    children
  }
}

const reply = (to: Element.Element, type: string, children: ReadonlyArray<Element.Node>): Element.Element =>
  Element.make(
    to.namespace,
    to.name,
    { from: Element.attribute(to, "to"), to: Element.attribute(to, "from"), id: idOf(to), type },
    children
  )

const errorTypes: ReadonlyArray<ErrorType> = ["auth", "cancel", "continue", "modify", "wait"]
