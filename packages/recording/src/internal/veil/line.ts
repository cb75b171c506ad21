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
  let last: { readonly of: Element.Element; readonly text: string } | undefined
  const elementText = (of: Element.Element): string => {
    if (last?.of === of) return last.text
    const text = isStanzaLike(of) ? outer(of, veil) : JSON.stringify(element(of, veil))
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
          (from === undefined ? "" : `"from":${JSON.stringify(veil.address(from))},`) +
          `"to":${JSON.stringify(veil.address(to))},"canReply":${canReply}}}`
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
    line += `],"state":${quoted(state)}` + (omitted === undefined ? "}" : `,"omitted":${omitted}}`)
    // Elements of a stream are not kept for the sake of a comparison.
    last = undefined
    return line
  }
}

const outer = (of: Element.Element, veil: Veil): string =>
  written(of, (attribute) => attributeOfStanza(of.name, attribute, veil))

const inner = (of: Element.Element): string => written(of, ({ value }) => mask(value))

const written = (of: Element.Element, valueOf: (attribute: Element.Attribute) => string): string => {
  let text = `{"name":${quoted(of.name)},"namespace":${quoted(of.namespace)},"attributes":[`
  let comma = ""
  for (const attribute of of.attributes) {
    const namespace = attribute.namespace === undefined ? "" : `,"namespace":${quoted(attribute.namespace)}`
    text += `${comma}{"name":${quoted(attribute.name)}${namespace},"value":${JSON.stringify(valueOf(attribute))}}`
    comma = ","
  }
  text += "],\"children\":["
  comma = ""
  for (const node of of.children) {
    text += comma + (Element.isElement(node) ? inner(node) : JSON.stringify(mask(node)))
    comma = ","
  }
  return `${text}]}`
}

/** Names come again and again. */
const quoted = (name: string): string => {
  const found = names.get(name)
  if (found !== undefined) return found
  const text = JSON.stringify(name)
  if (names.size >= namesMax) names.clear()
  if (name.length <= nameCharsMax) names.set(name, text)
  return text
}

const names = new Map<string, string>()
const namesMax = 512
const nameCharsMax = 128
