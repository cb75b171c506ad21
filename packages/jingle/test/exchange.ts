/**
 * Two parties, each with the machine of offers over the machine of bytestreams, joined by queues. Storage answers later, as
 * storage does.
 */
import type { Element } from "@xmpp-e2e/xml"
import { createHash } from "node:crypto"
import * as FileOffer from "../src/FileOffer.ts"
import type { FileOfferAction, FileOfferEvent } from "../src/FileOfferEvent.ts"
import * as Ibb from "../src/Ibb.ts"
import type { IbbAction } from "../src/IbbAction.ts"
import type { IbbEvent } from "../src/IbbEvent.ts"
import type { Limits } from "../src/IbbState.ts"
import type { Damage, Stanza } from "./link.ts"

export type Name = "owner" | "guest"
export type Step = typeof FileOffer.step

export interface Party {
  ibb: ReturnType<typeof Ibb.make>
  offer: FileOffer.FileOfferState | undefined
  readonly inbox: Array<Stanza>
  readonly jobs: Array<() => void>
  readonly told: Array<FileOfferAction>
  kept: Array<number>
  /** Octets kept at any time. */
  most: number
  name: string | undefined
}

export interface Options {
  readonly content: Uint8Array
  readonly limits?: Partial<Limits>
  readonly name?: string
  readonly sizeMax?: number
  readonly wants?: boolean
  readonly storageFailsAt?: number
  readonly damage?: Damage
  readonly step?: Step
}

export interface Exchange extends Record<Name, Party> {
  readonly options: Options
  sent: number
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")
const sid = "f1"
const other = (name: Name): Name => name === "owner" ? "guest" : "owner"

export const make = (options: Options): Exchange => {
  const party = (): Party => ({
    ibb: Ibb.make(options.limits),
    offer: undefined,
    inbox: [],
    jobs: [],
    told: [],
    kept: [],
    most: 0,
    name: undefined
  })
  const exchange: Exchange = { owner: party(), guest: party(), options, sent: 0 }
  const { content, name = "letter.txt" } = options
  begin(
    exchange,
    "owner",
    FileOffer.offer("owner", { sid, name, size: content.length, sha256: sha256(content) })
  )
  return exchange
}

const begin = (exchange: Exchange, name: Name, { actions, state }: FileOffer.Done): void => {
  exchange[name].offer = state
  for (const action of actions) perform(exchange, name, action)
}

export const tell = (exchange: Exchange, name: Name, event: FileOfferEvent): void => {
  const { offer } = exchange[name]
  if (offer !== undefined) begin(exchange, name, (exchange.options.step ?? FileOffer.step)(offer, event))
}

const perform = (exchange: Exchange, name: Name, action: FileOfferAction): void => {
  const party = exchange[name]
  party.told.push(action)
  const later = (event: FileOfferEvent): void => void party.jobs.push(() => tell(exchange, name, event))
  const on = (_tag: "ExpectRequested" | "OpenRequested" | "CloseRequested" | "AbortRequested" | "Consumed") =>
    stream(exchange, name, { _tag, peer: other(name), sid })
  const { content, storageFailsAt = Infinity, wants = true } = exchange.options
  switch (action._tag) {
    case "Offer":
      return send(exchange, name, { _tag: "Request", id: "offer", element: action.element })
    case "Answer":
      return send(exchange, name, answerOf("offer", action.error?.condition))
    case "Expect":
      return on("ExpectRequested")
    case "Open":
      return on("OpenRequested")
    case "Close":
      return on("CloseRequested")
    case "Abort":
      return on("AbortRequested")
    case "Consumed":
      return on("Consumed")
    case "Write":
      return stream(exchange, name, { _tag: "WriteRequested", peer: other(name), sid, bytes: action.bytes })
    case "ReadFile":
      return later({ _tag: "Read", bytes: content.slice(action.offset, action.offset + action.octets) })
    case "Append":
      party.kept.push(...action.bytes)
      party.most = Math.max(party.most, party.kept.length)
      return later({ _tag: party.kept.length > storageFailsAt ? "StorageFailed" : "Appended" })
    case "Hash":
      return later({ _tag: "Hashed", sha256: sha256(Uint8Array.from(party.kept)) })
    case "Keep":
      party.name = action.name
      return
    case "Discard":
      party.kept = []
      return
    case "Ask":
      return later({ _tag: wants ? "AcceptRequested" : "RefuseRequested" })
    case "Progress":
    case "Declined":
    case "Finished":
      return
  }
}

const answerOf = (id: string, condition: string | undefined): Stanza => ({
  _tag: "Answer",
  id,
  ...(condition === undefined ? {} : { condition })
})

const send = (exchange: Exchange, from: Name, stanza: Stanza): void => {
  const { damage } = exchange.options
  const harmed = damage?.at === exchange.sent++ ? damage.harm(stanza) : [stanza]
  exchange[other(from)].inbox.push(...harmed)
}

const stream = (exchange: Exchange, name: Name, event: IbbEvent): void => {
  const { actions, state } = Ibb.step(exchange[name].ibb, event)
  exchange[name].ibb = state
  for (const action of actions) heard(exchange, name, action)
}

const heard = (exchange: Exchange, name: Name, action: IbbAction): void => {
  switch (action._tag) {
    case "Request":
      return send(exchange, name, { _tag: "Request", id: String(action.request), element: action.element })
    case "Answer":
      return send(exchange, name, answerOf(action.id, action.error?.condition))
    case "Acknowledged":
      return tell(exchange, name, { _tag: "Acknowledged", octets: action.octets })
    case "Deliver":
      return tell(exchange, name, { _tag: "Delivered", bytes: action.bytes })
    case "Opened":
    case "Ended":
    case "Failed":
      return tell(exchange, name, { _tag: action._tag })
    case "Declined":
      throw new Error(`declined: ${action.why}`)
  }
}

const carried = (exchange: Exchange, name: Name): boolean => {
  const stanza = exchange[name].inbox.shift()
  if (stanza === undefined) return false
  if (stanza._tag === "Request") asked(exchange, name, stanza.id, stanza.element)
  else {
    const condition = stanza.condition === undefined ? {} : { condition: stanza.condition }
    if (stanza.id === "offer") tell(exchange, name, { _tag: "Answered", ...condition })
    else stream(exchange, name, { _tag: "AnswerReceived", request: Number(stanza.id), ...condition })
  }
  return true
}

const asked = (exchange: Exchange, name: Name, id: string, element: Element.Element): void => {
  if (element.name !== "query") {
    stream(exchange, name, { _tag: "RequestReceived", peer: other(name), id, stanza: "iq", element })
    return
  }
  begin(exchange, name, FileOffer.receive(other(name), element, exchange.options.sizeMax ?? 1e9))
}

const worked = ({ jobs }: Party): boolean => {
  const job = jobs.shift()
  job?.()
  return job !== undefined
}

/** So many rounds, or until nothing moves. */
export const move = (exchange: Exchange, rounds = 100_000): void => {
  for (let round = 0; round < rounds; round++) {
    const moved = [
      carried(exchange, "owner"),
      carried(exchange, "guest"),
      worked(exchange.owner),
      worked(exchange.guest)
    ]
    if (!moved.includes(true)) return
  }
}

/** Late answers, then the end of the stream. */
export const end = (exchange: Exchange): void => {
  for (const name of ["owner", "guest"] as const) {
    for (const request of Ibb.armed(exchange[name].ibb)) stream(exchange, name, { _tag: "TimedOut", request })
  }
  move(exchange)
  for (const name of ["owner", "guest"] as const) {
    stream(exchange, name, { _tag: "StreamEnded" })
    tell(exchange, name, { _tag: "Failed" })
  }
  move(exchange)
}

export const outcomes = (exchange: Exchange, name: Name): ReadonlyArray<string> =>
  exchange[name].told.flatMap((action) => action._tag === "Finished" ? [action.outcome] : [])
