/** What kind an element is of is tried by the tables; here is what it weighs. */
import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import { weightOf } from "../../src/internal/elements.ts"
import * as say from "../speaking.ts"
import { dormant, expectMove } from "../walking.ts"

describe("the weight of a stanza", () => {
  it("STZ-23 is that of its text on the wire, but for namespaces", () => {
    for (
      const [element, text] of [
        [Element.make("", "x"), "<x></x>"],
        [Element.make("", "name", { key: "value", to: "a@b" }), "<name key='value' to='a@b'></name>"],
        [
          Element.make("", "x", {}, ["words", Element.make("", "y", { z: "" }, ["more"])]),
          "<x>words<y z=''>more</y></x>"
        ]
      ] as const
    ) expect([text, weightOf(element)]).toEqual([text, text.length])
  })

  it("STZ-23 P-01 is found in a stanza that nests without bound", () => {
    let deep = Element.make("", "deep", {}, ["end"])
    for (let depth = 1; depth < 50_000; depth += 1) deep = Element.make("", "deep", {}, [deep])
    expect(weightOf(deep)).toBe(50_000 * "<deep></deep>".length + "end".length)
  })

  it("STZ-23 may be as much as is allowed, and no more", () => {
    const heldBytesMax = 2 * weightOf(say.message("m1"))
    for (const [bytes, answer] of [[heldBytesMax, []], [heldBytesMax - 1, ["refuse queueFull #2"]]] as const) {
      const state = dormant("initiator", { limits: { heldBytesMax: bytes } })
      const first = expectMove(state, say.send(1), { label: "Dormant", actions: [] })
      expectMove(first, say.send(2), { label: "Dormant", actions: answer })
    }
  })
})
