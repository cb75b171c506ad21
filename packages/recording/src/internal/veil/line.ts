/**
 * The line of a step under the veil, written at once. What `steps.ts` says is what it says; but a stream of stanzas has no
 * time for that, so a stanza is veiled and written in one pass, and once for the event and the action that pass it on.
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import type { Step } from "../../Recording.ts"
import { attributeOfStanza, element, isStanzaLike } from "./elements.ts"
import * as Steps from "./steps.ts"
import { mask, type Veil } from "./veil.ts"

/** @internal */
export const lineOf = (veil: Veil): (step: Step) => string => {
  const addressed = remembering((value, name) => attributeText({ name, value }, veil.address(value)))
  const delivered = remembering((from, to) =>
    `"from":${JSON.stringify(veil.address(from))},"to":${JSON.stringify(veil.address(to))}`
  )
  let last: { readonly of: Element.Element; readonly text: string } | undefined
  const elementText = (of: Element.Element): string => {
    if (last?.of === of) return last.text
    const text = isStanzaLike(of) ? outer(of, veil, addressed) : JSON.stringify(element(of, veil))
    last = { of, text }
    return text
  }
  const eventText = (event: Event.Event): string => {
    switch (event._tag) {
      case "ElementReceived":
        return `{"_tag":"ElementReceived","element":${elementText(event.element)}` +
          (event.prefixed === undefined ? "" : ",\"prefixed\":true") +
          (event.headerPrefixed === undefined ? "" : ",\"headerPrefixed\":true") +
          (event.freshId === undefined ? "" : `,"freshId":${JSON.stringify(veil.id(event.freshId))}`) + "}"
      case "SendRequested":
        return `{"_tag":"SendRequested","request":${event.request},"stanza":${elementText(event.stanza)}}`
    }
    return JSON.stringify(Steps.event(event, veil))
  }
  const actionText = (action: Action.Action): string => {
    switch (action._tag) {
      case "SendElement":
        return `{"_tag":"SendElement","element":${elementText(action.element)}` +
          (action.request === undefined ? "}" : `,"request":${action.request}}`)
      case "Deliver": {
        const { canReply, from, to } = action.delivery
        return `{"_tag":"Deliver","stanza":${elementText(action.stanza)},"delivery":{` +
          (from === undefined ? `"to":${JSON.stringify(veil.address(to))}` : delivered(from, to)) +
          `,"canReply":${canReply}}}`
      }
    }
    return JSON.stringify(Steps.action(action, veil))
  }
  return ({ actions, at, event, omitted, seq, state }) => {
    let line = `{"seq":${seq},"at":${at},"event":${eventText(event)},"actions":[`
    for (let each = 0; each < actions.length; each++) {
      const action = actions[each]
      if (action !== undefined) line += each === 0 ? actionText(action) : `,${actionText(action)}`
    }
    line += `],"state":${JSON.stringify(state)}` + (omitted === undefined ? "}" : `,"omitted":${omitted}}`)
    // Elements of a stream are not kept for the sake of a comparison.
    last = undefined
    return line
  }
}

const outer = (of: Element.Element, veil: Veil, addressed: Written): string => {
  let attributes = ""
  for (const attribute of of.attributes) {
    if (attributes !== "") attributes += ","
    const { name, namespace, value } = attribute
    attributes += namespace === undefined && (name === "to" || name === "from")
      ? addressed(value, name)
      : attributeText(attribute, attributeOfStanza(of.name, attribute, veil))
  }
  return written(of, attributes)
}

const inner = (of: Element.Element): string => {
  let attributes = ""
  for (const attribute of of.attributes) {
    if (attributes !== "") attributes += ","
    attributes += attributeText(attribute, mask(attribute.value))
  }
  return written(of, attributes)
}

const written = (of: Element.Element, attributes: string): string => {
  let children = ""
  for (const node of of.children) {
    if (children !== "") children += ","
    children += Element.isElement(node) ? inner(node) : masked(node)
  }
  return `${opening(of.namespace, of.name)}${attributes}],"children":[${children}]}`
}

const attributeText = ({ name, namespace }: Element.Attribute, value: string): string =>
  namespace === undefined
    ? `{"name":${JSON.stringify(name)},"value":${JSON.stringify(value)}}`
    : `{"name":${JSON.stringify(name)},"namespace":${JSON.stringify(namespace)},"value":${JSON.stringify(value)}}`

/** A text of two others that come again and again. */
type Written = (one: string, other: string) => string

/** Fewer and longer pieces: joining them is what writing a line costs. */
const remembering = (write: Written): Written => {
  const known = new Map<string, Map<string, string>>()
  let size = 0
  return (one, other) => {
    const found = known.get(other)?.get(one)
    if (found !== undefined) return found
    const text = write(one, other)
    if (text.length > textCharsMax) return text
    if (size >= textsMax) {
      known.clear()
      size = 0
    }
    const beside = known.get(other) ?? new Map<string, string>()
    known.set(other, beside.set(one, text))
    size += 1
    return text
  }
}

const opening = remembering((namespace, name) =>
  `{"name":${JSON.stringify(name)},"namespace":${JSON.stringify(namespace)},"attributes":[`
)

const masked = (text: string): string => {
  const known = masks[text.length]
  return known === undefined || text.trim() === "" ? JSON.stringify(mask(text)) : known
}

const textsMax = 512
const textCharsMax = 1024
const masks: ReadonlyArray<string> = Array.from({ length: 512 }, (_, length) => JSON.stringify("x".repeat(length)))
