/** Which stanza has which outcome is tried row by row in `Step.stanza.test.ts`; here are the errors that go back. */
import { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { errorReply, judge, probeIdOf, requestIdOf } from "../../src/internal/stanza.ts"
import * as Namespace from "../../src/Namespace.ts"
import { discoInfo, iq, message, ping, roles, stanza } from "../speaking.ts"
import { established } from "../walking.ts"

const attribute = (element: Element.Element, name: string) => Element.attribute(element, name)

const addressed = fc.record({
  id: fc.option(fc.string(), { nil: undefined }),
  to: fc.constantFrom(undefined, "teo@quarry.example", "ursula@quarry.example", "@@", ""),
  from: fc.constantFrom(undefined, "nadia@harbor.example", "nadia@harbor.example/deck", "rita@x.example", "@@"),
  type: fc.constantFrom(undefined, "get", "set", "result", "error", "chat", "unavailable", "odd")
})
const children = fc.array(fc.constantFrom<Element.Node>(ping, discoInfo, "text"), { maxLength: 3 })
const stanzas = fc.tuple(fc.constantFrom("message", "presence", "iq"), addressed, children)
  .map(([name, attributes, nodes]) => stanza(name, attributes, nodes))

describe("errorReply", () => {
  it("SERR-01 SERR-02 SERR-03 SERR-05 STZ-11 IQ-03 the same kind and id, addresses swapped, one condition, no echo", () => {
    fc.assert(fc.property(stanzas, (element) => {
      const reply = errorReply(element, "bad-request", "modify")
      expect([reply.name, reply.namespace, attribute(reply, "type")]).toEqual([
        element.name,
        element.namespace,
        "error"
      ])
      expect([attribute(reply, "to"), attribute(reply, "from")]).toEqual([
        attribute(element, "from"),
        attribute(element, "to")
      ])
      expect(attribute(reply, "id")).toBe(attribute(element, "id") ?? (element.name === "iq" ? "" : undefined))
      expect(reply.children).toEqual([
        Element.make(Namespace.client, "error", { type: "modify" }, [
          Element.make(Namespace.stanzaErrors, "bad-request")
        ])
      ])
    }))
  })
})

describe("judge", () => {
  it.each(roles)("IQ-04 SERR-06 P-16 never answers an answer, an error or a presence, %s", (role) => {
    const state = established(role, "clear")
    if (state._tag !== "Established") throw new Error("the stream did not open")
    const { admission, config } = state
    fc.assert(fc.property(stanzas, (element) => {
      const verdict = judge(element, { admission, config, pending: [], headerPrefixed: false, canReply: true })
      const type = attribute(element, "type")
      const silent = element.name === "presence" || type === "error" || (element.name === "iq" && type === "result")
      expect(silent && verdict._tag === "Reply").toBe(false)
      expect(verdict._tag !== "Deliver" || verdict.delivery.to.length > 0).toBe(true)
    }))
  })
})

describe("ids of our own requests", () => {
  it("IQ-08 IQ-14 only get and set await an answer", () => {
    const ids = ["get", "set", "result", "error", undefined].map((type) => requestIdOf(iq({ type, id: "q" }, ping)))
    expect(ids).toEqual(["q", "q", undefined, undefined, undefined])
    expect(requestIdOf(message("q", { type: "get" }))).toBeUndefined()
    expect(requestIdOf(iq({ type: "get" }, ping))).toBeUndefined()
  })

  it("TIME-09 PING-01 only a ping is a probe", () => {
    expect(probeIdOf(iq({ type: "get", id: "p" }, ping))).toBe("p")
    expect(probeIdOf(iq({ type: "get", id: "p" }, discoInfo))).toBeUndefined()
    expect(probeIdOf(iq({ type: "set", id: "p" }, ping))).toBeUndefined()
    expect(probeIdOf(stanza("message", { type: "get", id: "p" }, [ping]))).toBeUndefined()
  })
})
