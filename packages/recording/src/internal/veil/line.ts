/**
 * The line of a step under the veil, written at once. What `steps.ts` says is what it says; but a stream of stanzas has no
 * time for that, so a stanza is veiled and written in one pass, from pieces that are octets already.
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import { Element, Serialize } from "@xmpp-e2e/xml"
import type { Step } from "../../Recording.ts"
import * as Passing from "../passing.ts"
import { attributeOfStanza, element as veiled, isStanzaLike } from "./elements.ts"
import * as Pen from "./pen.ts"
import * as Steps from "./steps.ts"
import { mask, type Veil } from "./veil.ts"

/** The octets are there until the next line is asked for. @internal */
export const lineOf = (veil: Veil): (step: Step) => Uint8Array => {
  const pen = Pen.make()
  const events = eventsOf(pen, veil)
  const actions = actionsOf(pen, veil, events.element)
  return (step) => {
    const brought = Passing.brought(step.event)
    pen.begin()
    pen.piece(words.seq)
    pen.number(step.seq)
    pen.piece(words.at)
    millis(pen, step.at)
    events.event(step.event)
    pen.piece(words.actions)
    for (let each = 0; each < step.actions.length; each++) {
      const action = step.actions[each]
      if (action === undefined) continue
      if (each > 0) pen.piece(words.comma)
      actions(action, Passing.passesOn(action, brought))
    }
    if (step.omitted === undefined) pen.piece(stateOf("", step.state))
    else pen.text(`],"state":${JSON.stringify(step.state)},"omitted":${step.omitted}}`)
    return pen.octets()
  }
}

const eventsOf = (pen: Pen.Pen, veil: Veil) => {
  const start = startOf(veil)
  const element = (of: Element.Element): void => {
    if (!isStanzaLike(of)) return pen.text(JSON.stringify(veiled(of, veil)))
    pen.piece(start(of))
    ending(pen, of.children)
  }
  /** Less its closing brace, which stands before the actions. */
  const event = (event: Event.Event): void => {
    switch (event._tag) {
      case "ElementReceived":
        pen.piece(words.elementReceived)
        element(event.element)
        if (event.prefixed !== undefined) pen.piece(words.prefixed)
        if (event.headerPrefixed !== undefined) pen.piece(words.headerPrefixed)
        if (event.freshId !== undefined) pen.text(`,"freshId":${JSON.stringify(veil.id(event.freshId))}`)
        return
      case "SendRequested":
        pen.piece(words.sendRequested)
        pen.number(event.request)
        pen.piece(words.stanza)
        return element(event.stanza)
    }
    pen.text(`,"event":${JSON.stringify(Steps.event(event, veil)).slice(0, -1)}`)
  }
  return { element, event }
}

const actionsOf = (pen: Pen.Pen, veil: Veil, element: (of: Element.Element) => void) => {
  return (action: Action.Action, isPassed: boolean): void => {
    switch (action._tag) {
      case "SendElement":
        pen.piece(words.sendElement)
        if (!isPassed) {
          pen.piece(words.element)
          element(action.element)
        }
        if (action.request === undefined) return pen.piece(words.brace)
        pen.piece(words.request)
        pen.number(action.request)
        return pen.piece(words.brace)
      case "Deliver": {
        const { canReply, from, to } = action.delivery
        pen.piece(words.deliver)
        if (isPassed && Passing.isPlain(action.delivery, action.stanza)) return pen.piece(words.brace)
        if (!isPassed) {
          pen.piece(words.stanza)
          element(action.stanza)
        }
        const sender = from === undefined ? "" : `"from":${JSON.stringify(veil.address(from))},`
        return pen.text(`,"delivery":{${sender}"to":${JSON.stringify(veil.address(to))},"canReply":${canReply}}}`)
      }
      case "SetTimer":
        pen.piece(timerOf("", action.timer))
        pen.number(action.generation)
        pen.piece(words.after)
        pen.number(Steps.delay(action, veil))
        return pen.piece(words.brace)
    }
    pen.text(JSON.stringify(Steps.action(action, veil)))
  }
}

/**
 * Stanzas up to their children. One that begins as one of the last did, once veiled, gets the same octets: so it is with
 * most of a conversation. An iq has an id of its own.
 */
const startOf = (veil: Veil): (of: Element.Element) => Uint8Array => {
  let known: ReadonlyArray<Beginning> = []
  return (of) => {
    for (const each of known) if (begins(each, of, veil)) return each.octets
    const attributes = of.attributes.map((each) => ({ ...each, value: attributeOfStanza(of.name, each, veil) }))
    const octets = begin({ ...of, attributes })
    const { name, namespace } = of
    if (name !== "iq") {
      known = [{ name, namespace, before: of.attributes, attributes, octets }, ...known.slice(0, knownMax)]
    }
    return octets
  }
}

interface Beginning {
  readonly name: string
  readonly namespace: string
  /** As they were before they were veiled: those that are the same need not be asked about. */
  readonly before: ReadonlyArray<Element.Attribute>
  readonly attributes: ReadonlyArray<Element.Attribute>
  readonly octets: Uint8Array
}

const begins = ({ attributes, before, name, namespace }: Beginning, of: Element.Element, veil: Veil): boolean => {
  if (of.name !== name || of.namespace !== namespace || of.attributes.length !== attributes.length) return false
  for (let at = 0; at < attributes.length; at++) {
    const [one, other] = [of.attributes[at], attributes[at]]
    if (one === undefined || other === undefined) return false
    if (one.name !== other.name || one.namespace !== other.namespace) return false
    if (one.value !== before[at]?.value && attributeOfStanza(name, one, veil) !== other.value) return false
  }
  return true
}

const inner = (pen: Pen.Pen, of: Element.Element): void => {
  if (of.attributes.length === 0) pen.piece(bare(of.namespace, of.name))
  else pen.piece(begin({ ...of, attributes: of.attributes.map((each) => ({ ...each, value: mask(each.value) })) }))
  ending(pen, of.children)
}

/** Up to the children. */
const begin = ({ attributes, name, namespace }: Element.Element): Uint8Array =>
  Serialize.utf8(
    `{"name":${JSON.stringify(name)},"namespace":${JSON.stringify(namespace)},"attributes":[${
      attributes.map(attributeText).join(",")
    }],"children":[`
  )

const ending = (pen: Pen.Pen, children: ReadonlyArray<Element.Node>): void => {
  for (let at = 0; at < children.length; at++) {
    const node = children[at]
    if (node === undefined) continue
    if (at > 0) pen.piece(words.comma)
    if (Element.isElement(node)) inner(pen, node)
    else masked(pen, node)
  }
  pen.piece(words.endOfElement)
}

const attributeText = ({ name, namespace, value }: Element.Attribute): string =>
  JSON.stringify(namespace === undefined ? { name, value } : { name, namespace, value })

const masked = (pen: Pen.Pen, text: string): void => {
  const known = text.trim() === "" ? undefined : masks[text.length]
  if (known === undefined) pen.text(JSON.stringify(mask(text)))
  else pen.piece(known)
}

/** Whole microseconds, as the clock gives them: a fraction is written digit by digit, which is faster than to ask for it. */
const millis = (pen: Pen.Pen, at: number): void => {
  const micros = Math.round(at * 1000)
  if (micros / 1000 !== at || !(micros >= 0) || micros > microsMax) return pen.text(JSON.stringify(at))
  const whole = (micros / 1000) | 0
  pen.number(whole)
  const rest = fractions[micros - 1000 * whole]
  if (rest !== undefined) pen.piece(rest)
}

/** Octets of two texts that come together again and again. */
type Written = (one: string, other: string) => Uint8Array

const remembering = (write: Written): Written => {
  const known = new Map<string, Map<string, Uint8Array>>()
  let size = 0
  let last: { readonly one: string; readonly other: string; readonly octets: Uint8Array } | undefined
  const find = (one: string, other: string): Uint8Array => {
    const found = known.get(other)?.get(one)
    if (found !== undefined) return found
    const octets = write(one, other)
    if (octets.length > octetsMax) return octets
    if (size >= writtenMax) {
      known.clear()
      size = 0
    }
    const beside = known.get(other) ?? new Map<string, Uint8Array>()
    known.set(other, beside.set(one, octets))
    size += 1
    return octets
  }
  return (one, other) => {
    // A text that was just read has to be looked through before a map finds it; to compare it is less.
    if (last === undefined || last.one !== one || last.other !== other) last = { one, other, octets: find(one, other) }
    return last.octets
  }
}

const bare = remembering((namespace, name) => begin({ namespace, name, attributes: [], children: [] }))
const stateOf = remembering((_, state) => Serialize.utf8(`],"state":${JSON.stringify(state)}}`))
const timerOf = remembering((_, timer) =>
  Serialize.utf8(`{"_tag":"SetTimer","timer":${JSON.stringify(timer)},"generation":`)
)

const words = {
  seq: Serialize.utf8("{\"seq\":"),
  at: Serialize.utf8(",\"at\":"),
  actions: Serialize.utf8("},\"actions\":["),
  comma: Serialize.utf8(","),
  brace: Serialize.utf8("}"),
  endOfElement: Serialize.utf8("]}"),
  elementReceived: Serialize.utf8(",\"event\":{\"_tag\":\"ElementReceived\",\"element\":"),
  prefixed: Serialize.utf8(",\"prefixed\":true"),
  headerPrefixed: Serialize.utf8(",\"headerPrefixed\":true"),
  sendRequested: Serialize.utf8(",\"event\":{\"_tag\":\"SendRequested\",\"request\":"),
  stanza: Serialize.utf8(",\"stanza\":"),
  sendElement: Serialize.utf8("{\"_tag\":\"SendElement\""),
  element: Serialize.utf8(",\"element\":"),
  request: Serialize.utf8(",\"request\":"),
  deliver: Serialize.utf8("{\"_tag\":\"Deliver\""),
  after: Serialize.utf8(",\"after\":")
}

const writtenMax = 512
const octetsMax = 1024
/** Both directions, and a few kinds of stanza. */
const knownMax = 7
/** Three weeks: the whole milliseconds are then an integer of the machine. */
const microsMax = 1_814_400_000_000
const masks: ReadonlyArray<Uint8Array> = Array.from(
  { length: 512 },
  (_, length) => Serialize.utf8(JSON.stringify("x".repeat(length)))
)
const fractions: ReadonlyArray<Uint8Array> = Array.from(
  { length: 1000 },
  (_, thousandths) => Serialize.utf8(String(thousandths / 1000).slice(1))
)
