/**
 * Actions that pass on the very element of their event: most of what an established stream does. A line then says the
 * element once, with the event, and the action leaves its own out; the reader puts it back. A delivery that says nothing but
 * what its stanza says is left out as well.
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Predicate from "effect/Predicate"

/** The element that an event brings. @internal */
export const brought = (event: Event.Event): Element.Element | undefined => {
  switch (event._tag) {
    case "ElementReceived":
      return event.element
    case "SendRequested":
      return event.stanza
  }
  return undefined
}

/** Whether it is the same one, not another that looks like it. @internal */
export const passesOn = (action: Action.Action, element: Element.Element | undefined): boolean =>
  element !== undefined &&
  ((action._tag === "Deliver" && action.stanza === element) ||
    (action._tag === "SendElement" && action.element === element))

/** Whether a reply can be sent, and who it is from and for is what the stanza says itself. @internal */
export const isPlain = ({ canReply, from, to }: Action.Delivery, stanza: Element.Element): boolean =>
  canReply && from !== undefined && from === Element.attribute(stanza, "from") &&
  to === Element.attribute(stanza, "to")

/** The action with that element. @internal */
export const passing = (action: Action.Action, element: Element.Element): Action.Action => {
  switch (action._tag) {
    case "Deliver":
      return { ...action, stanza: element }
    case "SendElement":
      return { ...action, element }
  }
  return action
}

/** The actions as a line says them. @internal */
export const brief = (event: Event.Event, actions: ReadonlyArray<Action.Action>): ReadonlyArray<unknown> => {
  const element = brought(event)
  return actions.some((each) => passesOn(each, element))
    ? actions.map((each) => passesOn(each, element) ? without(each) : each)
    : actions
}

const without = (action: Action.Action): unknown => {
  if (action._tag === "Deliver") {
    const { _tag, delivery, stanza } = action
    return isPlain(delivery, stanza) ? { _tag } : { _tag, delivery }
  }
  return action._tag === "SendElement" ? { _tag: action._tag, request: action.request } : action
}

/**
 * The JSON of a step, with elements where its actions left them out: `stand` in their place for the schema, and which
 * actions they were, so that the element of the event itself can take it (`passing`). What is no step stays what it is.
 *
 * @internal
 */
export const filled = (json: unknown): { readonly json: unknown; readonly passed: ReadonlyArray<number> } => {
  const passed: Array<number> = []
  const actions = get(json, "actions")
  const event = get(json, "event")
  const bringing = keyOfElement.get(get(event, "_tag"))
  if (!Array.isArray(actions) || bringing === undefined) return { json, passed }
  const complete = actions.map((action: unknown, at) => {
    const key = keys.get(get(action, "_tag"))
    if (key === undefined || get(action, key) !== undefined) return action
    passed.push(at)
    return { ...(key === "stanza" ? plainly(get(event, bringing)) : {}), ...spread(action), [key]: stand }
  })
  return passed.length === 0 ? { json, passed } : { json: { ...spread(json), actions: complete }, passed }
}

/** The delivery that a stanza speaks of itself. */
const plainly = (element: unknown): object => {
  const attributes = get(element, "attributes")
  if (!Array.isArray(attributes)) return {}
  const said = (name: string): unknown =>
    get(attributes.find((each) => get(each, "name") === name && get(each, "namespace") === undefined), "value")
  return { delivery: { from: said("from"), to: said("to"), canReply: true } }
}

const get = (json: unknown, key: string): unknown =>
  Predicate.isObject(json) && Object.hasOwn(json, key) ? Reflect.get(json, key) : undefined

const spread = (json: unknown): object => Predicate.isObject(json) ? json : {}

const keyOfElement: ReadonlyMap<unknown, string> = new Map([["ElementReceived", "element"], [
  "SendRequested",
  "stanza"
]])

const keys: ReadonlyMap<unknown, string> = new Map([["Deliver", "stanza"], ["SendElement", "element"]])

const stand = { name: "", namespace: "", attributes: [], children: [] }
