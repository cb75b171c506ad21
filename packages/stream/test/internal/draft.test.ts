/** Text on its way to become bytes. */
import { describe, expect, it } from "vitest"
import * as Draft from "../../src/internal/draft.ts"

const textOf = (pieces: ReadonlyArray<Draft.Piece>): string =>
  pieces.map(({ bytes }) => new TextDecoder().decode(bytes)).join("|")

describe("a draft", () => {
  it("makes one piece of what is said in one turn, and knows who waits for it and what is owed", () => {
    const draft = Draft.make()
    draft.add("<a/>", 1, false)
    draft.add("\u{1F600}", undefined, true)
    draft.add("<b/>", 2, false)
    const pieces = draft.take()
    expect(textOf(pieces)).toBe("<a/>\u{1F600}<b/>")
    expect(pieces.map(({ owed, requests, size }) => ({ owed, requests, size }))).toEqual([
      { owed: 2, requests: [1, 2], size: 10 }
    ])
    expect(draft.take()).toEqual([])
  })

  it("gives away bytes of its own: what another one drafts later does not change them", () => {
    const one = Draft.make()
    one.add("first", 1, false)
    const first = one.take()
    const other = Draft.make()
    other.add("SECOND", 2, false)
    one.add("third", 3, false)
    expect([textOf(first), textOf(other.take()), textOf(one.take())]).toEqual(["first", "SECOND", "third"])
  })

  it("cuts what is much into pieces, in order, with nothing lost", () => {
    const draft = Draft.make()
    const texts = ["a".repeat(40_000), "\u20AC".repeat(30_000), "b".repeat(90_000), "\u{1F600}".repeat(70_000), "c"]
    for (const [at, text] of texts.entries()) {
      draft.add(text, at, at === 3)
    }
    const pieces = draft.take()
    expect(pieces.length).toBeGreaterThan(2)
    expect(textOf(pieces).replaceAll("|", "")).toBe(texts.join(""))
    expect(pieces.flatMap(({ requests }) => requests)).toEqual([0, 1, 2, 3, 4])
    expect(pieces.reduce((sum, { owed }) => sum + owed, 0)).toBe(140_000)
    for (const { bytes } of pieces) expect(bytes.buffer.byteLength).toBe(bytes.length)
  })
})
