/**
 * The line of a step under the veil, written at once. What `steps.ts` says is what it says; but a stream of stanzas has no
 * time for that, so a stanza is veiled and written in one pass.
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import type { Step } from "../../Recording.ts"
import * as Passing from "../passing.ts"
import { attributeOfStanza, element, isStanzaLike } from "./elements.ts"
import * as Steps from "./steps.ts"
import { mask, type Veil } from "./veil.ts"

/** @internal */
export const lineOf = (veil: Veil): (step: Step) => string => {
  const start = startOf(veil)
  const delivered = remembering((from, to) =>
    `"from":${JSON.stringify(veil.address(from))},"to":${JSON.stringify(veil.address(to))}`
  )
  const elementText = (of: Element.Element): string =>
    isStanzaLike(of) ? start(of) + ending(of.children) : JSON.stringify(element(of, veil))
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
  const actionText = (action: Action.Action, passed: boolean): string => {
    switch (action._tag) {
      case "SendElement":
        return (passed
          ? "{\"_tag\":\"SendElement\""
          : `{"_tag":"SendElement","element":${elementText(action.element)}`) +
          (action.request === undefined ? "}" : `,"request":${action.request}}`)
      case "Deliver": {
        const { canReply, from, to } = action.delivery
        return (passed ? "{\"_tag\":\"Deliver\"" : `{"_tag":"Deliver","stanza":${elementText(action.stanza)}`) +
          ",\"delivery\":{" + (from === undefined ? `"to":${JSON.stringify(veil.address(to))}` : delivered(from, to)) +
          `,"canReply":${canReply}}}`
      }
      case "SetTimer":
        return `{"_tag":"SetTimer","timer":"${action.timer}","generation":${action.generation},"after":${
          Steps.delay(action, veil)
        }}`
    }
    return JSON.stringify(Steps.action(action, veil))
  }
  return ({ actions, at, event, omitted, seq, state }) => {
    const brought = Passing.brought(event)
    let line = `{"seq":${seq},"at":${at},"event":${eventText(event)},"actions":[`
    for (let each = 0; each < actions.length; each++) {
      const action = actions[each]
      if (action !== undefined) {
        line += (each === 0 ? "" : ",") + actionText(action, Passing.passesOn(action, brought))
      }
    }
    return line + stateText("", state) + (omitted === undefined ? "}" : `,"omitted":${omitted}}`)
  }
}

/**
 * A stanza up to its children. One that begins as the last one did, once veiled, gets the same text: so it is with most of
 * a conversation.
 */
const startOf = (veil: Veil): (of: Element.Element) => string => {
  let last: Element.Element = { name: "", namespace: "", attributes: [], children: [] }
  let text = begin(last, "")
  return (of) => {
    if (!beginsLike(last, of, veil)) {
      const attributes = of.attributes.map((each) => ({ ...each, value: attributeOfStanza(of.name, each, veil) }))
      last = { ...of, attributes, children: [] }
      text = begin(of, attributes.map(attributeText).join(","))
    }
    return text
  }
}

const beginsLike = (veiled: Element.Element, of: Element.Element, veil: Veil): boolean => {
  if (of.name !== veiled.name || of.namespace !== veiled.namespace) return false
  if (of.attributes.length !== veiled.attributes.length) return false
  for (let at = 0; at < of.attributes.length; at++) {
    const [one, other] = [of.attributes[at], veiled.attributes[at]]
    if (one === undefined || other === undefined) return false
    if (one.name !== other.name || one.namespace !== other.namespace) return false
    if (attributeOfStanza(of.name, one, veil) !== other.value) return false
  }
  return true
}

const inner = (of: Element.Element): string => {
  if (of.attributes.length === 0) return bare(of.namespace, of.name) + ending(of.children)
  const attributes = of.attributes.map((each) => attributeText({ ...each, value: mask(each.value) }))
  return begin(of, attributes.join(",")) + ending(of.children)
}

const begin = (of: Element.Element, attributes: string): string =>
  `{"name":${JSON.stringify(of.name)},"namespace":${
    JSON.stringify(of.namespace)
  },"attributes":[${attributes}],"children":[`

const ending = (children: ReadonlyArray<Element.Node>): string => {
  let text = ""
  for (const node of children) {
    if (text !== "") text += ","
    text += Element.isElement(node) ? inner(node) : masked(node)
  }
  return `${text}]}`
}

const attributeText = ({ name, namespace, value }: Element.Attribute): string =>
  JSON.stringify(namespace === undefined ? { name, value } : { name, namespace, value })

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

const bare = remembering((namespace, name) => begin({ namespace, name, attributes: [], children: [] }, ""))

const stateText = remembering((_, state) => `],"state":${JSON.stringify(state)}`)

const masked = (text: string): string => {
  const known = masks[text.length]
  return known === undefined || text.trim() === "" ? JSON.stringify(mask(text)) : known
}

const textsMax = 512
const textCharsMax = 1024
const masks: ReadonlyArray<string> = Array.from({ length: 512 }, (_, length) => JSON.stringify("x".repeat(length)))
