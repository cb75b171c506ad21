/**
 * A corpus: so many items of a kind, and the way they go.
 */
import type { Element } from "@xmpp-e2e/xml"
import { elementOf, type Way } from "./elements.ts"
import { type Item, type Kind, make as itemsOf, sized } from "./items.ts"
import { type Json, objectOf } from "./objects.ts"

/** Whose stanzas these are. */
export type Sender = "initiator" | "recipient"

/** All that is needed to make a corpus: plain, so that another process can make the same. */
export interface Recipe {
  readonly seed: number
  readonly kind: Kind
  readonly count: number
  readonly sender: Sender
  /** Instead of what the kind says: messages of so many bytes of text. */
  readonly textBytes?: number
}

export interface Corpus {
  readonly items: ReadonlyArray<Item>
  /** The same ones at each call. */
  readonly elements: () => ReadonlyArray<Element.Element>
  readonly objects: () => ReadonlyArray<Json>
}

export const make = ({ count, kind, seed, sender, textBytes }: Recipe): Corpus => {
  const items = textBytes === undefined ? itemsOf(seed, kind, count) : sized(seed, textBytes, count)
  const way = ways[sender]
  return {
    items,
    elements: once(() => items.map((item) => elementOf(item, way))),
    objects: once(() => items.map((item) => objectOf(item, way)))
  }
}

/** Many conversations share what they send, or the cost of having it would grow with their number. */
const once = <A>(make: () => A): () => A => {
  let made: A | undefined
  return () => made ??= make()
}

/** Bare addresses of the two who talk. */
export const addresses = { initiator: "romeo@forza.example", recipient: "juliet@pronto.example" } as const

const full = { initiator: `${addresses.initiator}/orchard`, recipient: `${addresses.recipient}/balcony` }

const ways: Readonly<Record<Sender, Way>> = {
  initiator: { from: full.initiator, to: full.recipient },
  recipient: { from: full.recipient, to: full.initiator }
}
