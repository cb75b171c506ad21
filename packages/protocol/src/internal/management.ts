/**
 * The arithmetic of stream management (XEP-0198): what was sent, what was handled, what must be kept. Counters run modulo
 * 2^32. It knows neither roles nor states; `managed.ts` speaks it on the wire.
 */
import { Element } from "@xmpp-e2e/xml"
import type { Admission } from "../Admission.ts"
import type { Resumption } from "../Event.ts"
import * as Namespace from "../Namespace.ts"
import type { Kept, Managed, Session } from "../Session.ts"

type On = Extract<Managed, { readonly _tag: "On" }>

export const off: Managed = { _tag: "Off" }

export const query: Element.Element = Element.make(Namespace.management, "r")

export const answer = (handled: number): Element.Element =>
  Element.make(Namespace.management, "a", { h: handled.toString() })

/** A stanza of ours goes out. `query` says that an `<r/>` follows it (SM-26). */
export const sent = (managed: Managed, kept: Kept): { readonly managed: Managed; readonly query: boolean } => {
  switch (managed._tag) {
    case "Off":
      return { managed, query: false }
    case "Enabling":
      return { managed: { ...managed, sent: next(managed.sent), kept: [...managed.kept, kept] }, query: false }
    case "On": {
      const query = !managed.asked && managed.unasked + 1 >= stanzasPerQuery
      return {
        managed: {
          ...managed,
          sent: next(managed.sent),
          kept: [...managed.kept, kept],
          unasked: query ? 0 : managed.unasked + 1,
          asked: managed.asked || query
        },
        query
      }
    }
  }
}

/** A stanza of the peer was taken (SM-12). */
export const handled = (managed: Managed): Managed =>
  managed._tag === "On" ? { ...managed, handled: next(managed.handled) } : managed

export type Acknowledged =
  | { readonly _tag: "Acknowledged"; readonly managed: On; readonly done: ReadonlyArray<Kept> }
  /** SM-11: lower than a former one. */
  | { readonly _tag: "Stale" }
  /** SM-10: beyond what was sent. */
  | { readonly _tag: "TooHigh" }

/** SM-09: serial arithmetic; only what is still kept can be acknowledged. */
export const acknowledge = (managed: On, h: number): Acknowledged => {
  const already = serial(managed.sent - managed.kept.length)
  const count = serial(h - already)
  if (count > managed.kept.length) {
    return serial(already - h) <= halfway && serial(already - h) <= already ? { _tag: "Stale" } : { _tag: "TooHigh" }
  }
  return {
    _tag: "Acknowledged",
    managed: { ...managed, kept: managed.kept.slice(count), asked: false },
    done: managed.kept.slice(0, count)
  }
}

/** SM-08: an unsigned 32-bit number, or nothing. */
export const countOf = (element: Element.Element): number | undefined => {
  const text = Element.attribute(element, "h")
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value <= most ? value : undefined
}

/** SM-23. */
export const isTrue = (text: string | undefined): boolean => text === "true" || text === "1"

/** The session as it goes on after a resumption. */
export const resumed = (resumption: Resumption): On => ({
  _tag: "On",
  id: resumption.id,
  handled: resumption.handled,
  sent: resumption.sent,
  kept: resumption.unacknowledged.map((stanza) => ({ stanza })),
  unasked: 0,
  asked: false
})

/** What may be taken up again later: only with a name for the session and a proven peer (SM-15). */
export const resumptionOf = ({ management }: Session, { peer }: Admission): Resumption | undefined =>
  management._tag !== "On" || management.id === undefined || !peer.verified || peer.address === undefined
    ? undefined
    : {
      id: management.id,
      identity: peer.address,
      handled: management.handled,
      sent: management.sent,
      unacknowledged: management.kept.map(({ stanza }) => stanza)
    }

const next = (count: number): number => serial(count + 1)

const serial = (count: number): number => count >>> 0

const stanzasPerQuery = 10
const most = 0xffffffff
const halfway = 0x7fffffff
