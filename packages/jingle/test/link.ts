/** Two machines joined by a queue in each direction, moved on by numbers, with at most one stanza damaged on its way. */
import { Element } from "@xmpp-e2e/xml"
import * as Ibb from "../src/Ibb.ts"
import type { IbbAction } from "../src/IbbAction.ts"
import type { IbbEvent } from "../src/IbbEvent.ts"
import type { IbbState, Limits } from "../src/IbbState.ts"

export type Step = typeof Ibb.step
export type Name = "a" | "b"
export type Stanza =
  | { readonly _tag: "Request"; readonly id: string; readonly element: Element.Element }
  | { readonly _tag: "Answer"; readonly id: string; readonly condition?: string }

/** The stanza that goes out as the `at`th of all, and what happens to it; an empty list loses it. */
export interface Damage {
  readonly at: number
  readonly harm: (stanza: Stanza) => ReadonlyArray<Stanza>
}

export interface Side {
  state: IbbState
  readonly inbox: Array<Stanza>
  readonly told: Array<IbbAction>
  readonly wrote: Array<number>
  readonly got: Array<number>
  unconsumed: number
}

export interface Link {
  readonly step: Step
  readonly a: Side
  readonly b: Side
  readonly damage: Damage | undefined
  sent: number
  hit: Stanza | undefined
}

export const sid = "s1"
export const other = (name: Name): Name => name === "a" ? "b" : "a"

const side = (limits: Partial<Limits>): Side => ({
  state: Ibb.make(limits),
  inbox: [],
  told: [],
  wrote: [],
  got: [],
  unconsumed: 0
})

/** `a` opens what `b` expects; nothing has been carried yet. */
export const make = (step: Step, limits: Partial<Limits>, blockSize: number, damage?: Damage): Link => {
  const link: Link = { step, a: side(limits), b: side(limits), damage, sent: 0, hit: undefined }
  tell(link, "b", { _tag: "ExpectRequested", peer: "a", sid })
  tell(link, "a", { _tag: "OpenRequested", peer: "b", sid, blockSize })
  return link
}

export const tell = (link: Link, name: Name, event: IbbEvent): void => {
  const { actions, state } = link.step(link[name].state, event)
  link[name].state = state
  for (const action of actions) perform(link, name, action)
}

const perform = (link: Link, name: Name, action: IbbAction): void => {
  const here = link[name]
  here.told.push(action)
  if (action._tag === "Request") send(link, name, { ...action, id: String(action.request) })
  if (action._tag === "Answer") {
    const condition = action.error?.condition
    send(link, name, { _tag: "Answer", id: action.id, ...(condition === undefined ? {} : { condition }) })
  }
  if (action._tag === "Deliver") {
    here.got.push(...action.bytes)
    here.unconsumed += 1
  }
}

const send = (link: Link, from: Name, stanza: Stanza): void => {
  const isHit = link.damage?.at === link.sent++
  if (isHit) link.hit = stanza
  link[other(from)].inbox.push(...isHit ? link.damage?.harm(stanza) ?? [] : [stanza])
}

/** Carries one stanza, if there is one and it may be read. */
export const carry = (link: Link, name: Name): boolean => {
  const here = link[name]
  const stanza = Ibb.wantsInput(here.state) ? here.inbox.shift() : undefined
  if (stanza === undefined) return false
  const peer = other(name)
  tell(
    link,
    name,
    stanza._tag === "Request"
      ? { _tag: "RequestReceived", peer, id: stanza.id, stanza: "iq", element: stanza.element }
      : {
        _tag: "AnswerReceived",
        request: Number(stanza.id),
        ...(stanza.condition === undefined ? {} : { condition: stanza.condition })
      }
  )
  return true
}

export const consume = (link: Link, name: Name): boolean => {
  if (link[name].unconsumed === 0) return false
  link[name].unconsumed -= 1
  tell(link, name, { _tag: "Consumed", peer: other(name), sid })
  return true
}

/** Writes as much of it as there is room for, with octets that tell where they belong. */
export const write = (link: Link, name: Name, octets: number): void => {
  const here = link[name]
  const fitting = Math.min(octets, Ibb.room(here.state, other(name), sid))
  const bytes = Uint8Array.from({ length: fitting }, (_, at) => (here.wrote.length + at) * 37 + (name === "a" ? 0 : 11))
  here.wrote.push(...bytes)
  tell(link, name, { _tag: "WriteRequested", peer: other(name), sid, bytes })
}

export const close = (link: Link, name: Name): void =>
  tell(link, name, { _tag: "CloseRequested", peer: other(name), sid })

/** Until nothing moves. */
export const rest = (link: Link, movesMax = 20_000): void => {
  for (let moves = 0; moves < movesMax; moves++) {
    const moved = [carry(link, "a"), carry(link, "b"), consume(link, "a"), consume(link, "b")]
    if (!moved.includes(true)) return
  }
  throw new Error("The link does not come to rest.")
}

/** Late answers, and then the end of the stream: a stream that loses a stanza has nothing else to come. */
export const end = (link: Link): void => {
  for (const name of ["a", "b"] as const) {
    for (const request of Ibb.armed(link[name].state)) tell(link, name, { _tag: "TimedOut", request })
  }
  rest(link)
  for (const name of ["a", "b"] as const) tell(link, name, { _tag: "StreamEnded" })
}

/** Each number is a move: who, what, and how much. */
export const follow = (link: Link, moves: ReadonlyArray<number>): void => {
  for (const move of moves) {
    const name = move % 2 === 0 ? "a" : "b"
    const what = Math.floor(move / 2) % 4
    if (what === 0) write(link, name, Math.floor(move / 8) % 97)
    else if (what === 1) consume(link, name)
    else carry(link, name)
  }
}

export const failed = (link: Link, name: Name): boolean => link[name].told.some(({ _tag }) => _tag === "Failed")
export const endedInOrder = (link: Link, name: Name): boolean => link[name].told.some(({ _tag }) => _tag === "Ended")
/** It failed, or the peer had forgotten it, which is all that there is to know where the peer's own failure came first. */
export const knows = (link: Link, name: Name): boolean =>
  failed(link, name) || link[name].told.some((action) => action._tag === "Ended" && action.by === "nobody")
export const isData = (stanza: Stanza | undefined): boolean =>
  stanza?._tag === "Request" && stanza.element.name === "data"

export const isPrefix = (part: ReadonlyArray<number>, whole: ReadonlyArray<number>): boolean =>
  part.length <= whole.length && part.every((octet, at) => octet === whole[at])

export const changed = (element: Element.Element, attributes: Readonly<Record<string, string>>, text?: string) =>
  Element.make(
    element.namespace,
    element.name,
    { ...Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])), ...attributes },
    text === undefined ? element.children : [text]
  )
