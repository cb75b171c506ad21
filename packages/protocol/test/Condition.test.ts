import { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Condition from "../src/Condition.ts"
import * as Namespace from "../src/Namespace.ts"
import { foreign, streamError } from "./speaking.ts"

const read = (element: Element.Element) => Condition.fromElement(element)
const condition = (name: string, children: ReadonlyArray<string> = []) =>
  Element.make(Namespace.streamErrors, name, {}, children)

describe("conditions", () => {
  it("ERR-04 ERR-05 AMB-28 are the twenty-five of RFC 6120, each once", () => {
    expect(Condition.conditions.length).toBe(25)
    expect(new Set(Condition.conditions).size).toBe(25)
  })
})

describe("toElement", () => {
  it("ERR-01 ERR-04 ERR-07 LANG-06 condition, text in our language, application element, in this order", () => {
    const element = Condition.toElement(
      { condition: "policy-violation", text: "Too much.", application: foreign("stanza-too-big") },
      "de"
    )
    expect(element).toEqual(
      Element.make(Namespace.stream, "error", {}, [
        condition("policy-violation"),
        {
          name: "text",
          namespace: Namespace.streamErrors,
          attributes: [{ name: "lang", namespace: Element.xmlNamespace, value: "de" }],
          children: ["Too much."]
        },
        foreign("stanza-too-big")
      ])
    )
    expect(Element.elements(Condition.toElement({ condition: "reset" }, "en"))).toEqual([condition("reset")])
  })

  it("ERR-38 only see-other-host has words inside its condition", () => {
    const element = Condition.toElement({ condition: "see-other-host", host: "[2001:db8::5]:5299" }, "en")
    expect(Element.elements(element)).toEqual([condition("see-other-host", ["[2001:db8::5]:5299"])])
  })
})

describe("fromElement", () => {
  it("ERR-04 ERR-05 what is missing, unknown or elsewhere reads as undefined-condition", () => {
    const errors = [
      Element.make(Namespace.stream, "error"),
      streamError("rainy-day"),
      streamError("invalid-id"),
      Element.make(Namespace.stream, "error", {}, ["words"]),
      Element.make(Namespace.stream, "error", {}, [foreign("conflict")]),
      Element.make(Namespace.stream, "error", {}, [Element.make(Namespace.stanzaErrors, "conflict")]),
      Element.make(Namespace.stream, "error", {}, [condition("text", ["conflict"])])
    ]
    expect(errors.map((each) => read(each).condition)).toEqual(errors.map(() => "undefined-condition"))
  })

  it("ERR-05 ERR-12 the long name of RFC 3920 reads as not-well-formed, bad-format as itself", () => {
    expect(read(streamError("xml-not-well-formed")).condition).toBe("not-well-formed")
    expect(read(streamError("bad-format")).condition).toBe("bad-format")
  })

  it("ERR-06 ERR-07 finds text and application element in any order", () => {
    const text = condition("text", ["Two of you."])
    const told = { condition: "conflict", text: "Two of you.", application: foreign("why") }
    expect(read(streamError("conflict", [], [text, foreign("why")]))).toEqual(told)
    expect(read(Element.make(Namespace.stream, "error", {}, [foreign("why"), text, condition("conflict")]))).toEqual(
      told
    )
  })

  it("ERR-50 the host is trimmed, and only see-other-host has one", () => {
    expect(read(streamError("see-other-host", [" valve.example:5269\n"])).host).toBe("valve.example:5269")
    expect(read(streamError("conflict", ["valve.example"]))).not.toHaveProperty("host")
  })

  it("ERR-01 reads back what toElement writes", () => {
    fc.assert(fc.property(
      fc.record({
        condition: fc.constantFrom(...Condition.conditions),
        text: fc.option(fc.string(), { nil: undefined }),
        application: fc.constantFrom(undefined, foreign("why"))
      }),
      ({ application, condition, text }) => {
        const error: Condition.StreamError = {
          condition,
          ...(text === undefined ? {} : { text }),
          ...(application === undefined ? {} : { application }),
          ...(condition === "see-other-host" ? { host: "valve.example" } : {})
        }
        expect(read(Condition.toElement(error, "en"))).toEqual(error)
      }
    ))
  })
})
