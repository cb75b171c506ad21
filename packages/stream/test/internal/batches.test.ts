/** How many stanzas one turn takes. */
import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import { batchEnd } from "../../src/internal/batches.ts"

const message = (units: number): Element.Element =>
  Element.make("jabber:client", "message", {}, [Element.make("jabber:client", "body", {}, ["x".repeat(units)])])

const cut = (stanzas: ReadonlyArray<Element.Element>): ReadonlyArray<number> => {
  const sizes: Array<number> = []
  for (let at = 0; at < stanzas.length;) {
    const end = batchEnd(stanzas, at)
    sizes.push(end - at)
    at = end
  }
  return sizes
}

describe("a batch", () => {
  it("has 256 stanzas at most", () => {
    expect(cut(Array.from({ length: 600 }, () => message(10)))).toEqual([256, 256, 88])
  })

  it("ends with the stanza that makes it too much text, wherever in it that is", () => {
    expect(cut([message(65_535), message(1), message(1)])).toEqual([2, 1])
    expect(cut([message(70_000), message(70_000)])).toEqual([1, 1])
    expect(cut([message(1), message(70_000), message(1)])).toEqual([2, 1])
  })

  it("is nothing where there is nothing", () => {
    expect(batchEnd([], 0)).toBe(0)
  })
})
