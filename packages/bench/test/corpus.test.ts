/** What is sent is the same in every run and at both ends, as large as is said, and fit for everybody who carries it. */
import { Serialize } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import { stanza } from "../src/contenders/plain.ts"
import { addresses, type Corpus, make } from "../src/corpus/corpus.ts"
import { type Kind, kinds } from "../src/corpus/items.ts"

const corpus = (kind: Kind, count: number, seed = 1): Corpus => make({ seed, kind, count, sender: "initiator" })

const meanBytes = (kind: Kind, count: number): number =>
  corpus(kind, count).elements().reduce((sum, each) => sum + Buffer.byteLength(stanza(each)), 0) / count

describe.each(kinds)("a corpus of %s", (kind) => {
  it("is made by its seed alone", () => {
    expect(corpus(kind, 20).items).toEqual(corpus(kind, 20).items)
    expect(corpus(kind, 20).items).not.toEqual(corpus(kind, 20, 2).items)
  })

  it("is the beginning of a longer one", () => {
    expect(corpus(kind, 20).items.slice(0, 5)).toEqual(corpus(kind, 5).items)
  })

  it("can be written as XML", () => {
    expect(corpus(kind, 100).elements().map(Serialize.obstacle)).toEqual(Array(100).fill(undefined))
  })

  it("says the same as objects", () => {
    const { elements, items, objects } = corpus(kind, 20)
    expect(objects()).toHaveLength(20)
    for (const [at, object] of objects().entries()) {
      expect(object).toMatchObject({ stanza: elements()[at]?.name, id: items[at]?.id })
    }
  })
})

it.each([
  ["chat", 300, 2000],
  ["presence", 440, 500],
  ["iq", 550, 500],
  ["encrypted", 4300, 500],
  ["bulk", 65_700, 10],
  ["mixed", 1050, 5000]
])("a stanza of %s has %d bytes on average", (name, bytes, count) => {
  const kind = kinds.find((each) => each === name)
  expect(kind === undefined ? 0 : meanBytes(kind, count) / bytes).toBeCloseTo(1, 1)
})

it("a text of a wanted size has that size", () => {
  const [item] = make({ seed: 1, kind: "chat", count: 1, sender: "initiator", textBytes: 1000 }).items
  expect(item?._tag === "chat" ? item.body.length : 0).toBe(1000)
})

it("goes from its sender to the other", () => {
  const [from, to] = (["initiator", "recipient"] as const).map((sender) =>
    make({ seed: 1, kind: "chat", count: 1, sender }).elements()[0]?.attributes.find(({ name }) => name === "from")
      ?.value
  )
  expect([from, to].map((each) => each?.split("/")[0])).toEqual([addresses.initiator, addresses.recipient])
})

it("chats hold what is dear: characters to escape, letters of other alphabets, emoji", () => {
  const all = corpus("chat", 500).elements().map(stanza).join("")
  expect(all).toMatch(/&amp;/)
  expect(all).toMatch(/[\u0400-\u04ff]/)
  expect(all).toMatch(/\p{Extended_Pictographic}/u)
})
