/** Everybody who runs carries every stanza, unchanged, in order, both ways. */
import { type Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import { all } from "../src/contenders/all.ts"
import { bytesOf } from "../src/contenders/bare.ts"
import type { Contender, End } from "../src/contenders/contender.ts"
import type { Tree } from "../src/contenders/saxes.ts"
import { type Corpus, make, type Sender } from "../src/corpus/corpus.ts"
import type { Kind } from "../src/corpus/items.ts"
import * as Credentials from "../src/harness/credentials.ts"
import { other } from "../src/harness/pair.ts"

const credentials = await Credentials.make()

/** What came at one end, and word when it is all there. */
const inbox = (contender: Contender) => {
  const values: Array<unknown> = []
  let left = Infinity
  let whole = Promise.withResolvers<void>()
  return {
    values,
    arrived: (value: unknown): void => {
      values.push(value)
      left -= contender.weigh(value)
      if (left <= 0) whole.resolve()
    },
    expect: (corpus: Corpus): Promise<void> => {
      values.length = 0
      left = contender.total(corpus)
      whole = Promise.withResolvers()
      return whole.promise
    }
  }
}

/** A tree of saxes as our element. */
const ofTree = ({ attributes, children, name, namespace }: Tree): Element.Element => ({
  name,
  namespace,
  attributes: Object.values(attributes).filter((each) => each.local !== "xmlns")
    .map((each) => ({ name: each.local, value: each.value })),
  children: children.map((child) => typeof child === "string" ? child : ofTree(child))
})

interface Ltx {
  readonly name: string
  readonly attrs: Readonly<Record<string, string>>
  readonly children: ReadonlyArray<Ltx | string>
}

const ofLtx = ({ attrs, children, name }: Ltx, around = "jabber:client"): Element.Element => {
  const { xmlns: namespace = around, ...attributes } = attrs
  return {
    name,
    namespace,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
    children: children.map((child) => typeof child === "string" ? child : ofLtx(child, namespace))
  }
}

const bytes = (values: ReadonlyArray<unknown>): string =>
  Buffer.concat(values.filter((each) => each instanceof Uint8Array)).toString()

/** What came beside what should have come, both in the terms of the contender. */
const views: Readonly<Record<string, (values: ReadonlyArray<unknown>, corpus: Corpus) => readonly [unknown, unknown]>> =
  {
    ours: (values, corpus) => [values, corpus.elements()],
    "bare TLS": (values, corpus) => [bytes(values), bytes(bytesOf(corpus))],
    "JSON lines": (values, corpus) => [values, corpus.objects()],
    "minimal saxes": (values, corpus) => [values.map((each) => ofTree(each as Tree)), corpus.elements()],
    "@xmpp/xml": (values, corpus) => [values.map((each) => ofLtx(each as Ltx)), corpus.elements()],
    "libp2p, bytes": (values, corpus) => [values.map(String), bytesOf(corpus).map(String)],
    "libp2p, JSON": (values, corpus) => [values, corpus.objects()]
  }

describe.each(all)("$name", (contender) => {
  it("carries every stanza unchanged", async () => {
    const inboxes = { initiator: inbox(contender), recipient: inbox(contender) }
    const accepted = Promise.withResolvers<End>()
    const listening = await contender.listen(credentials.recipient, inboxes.recipient.arrived, accepted.resolve)
    const initiator = await contender.dial(credentials.initiator, listening.at, inboxes.initiator.arrived)
    const carry = async (end: End, sender: Sender, kind: Kind, count: number): Promise<void> => {
      const corpus = make({ seed: 7, kind, count, sender })
      const whole = inboxes[other(sender)].expect(corpus)
      await end.load(corpus)()
      await whole
      const [came, wanted] = views[contender.name]?.(inboxes[other(sender)].values, corpus) ?? []
      expect(came).toEqual(wanted)
    }
    // Who opened the conversation speaks first: libp2p tells the other side no sooner.
    await carry(initiator, "initiator", "chat", 300)
    const recipient = await accepted.promise
    await carry(recipient, "recipient", "mixed", 200)
    await carry(initiator, "initiator", "bulk", 4)
    await Promise.all([initiator.close(), recipient.close()])
    await listening.stop()
  }, 15_000)
})

it("everybody has a name of their own", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
})
