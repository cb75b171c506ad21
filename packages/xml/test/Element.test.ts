import { describe, expect, it } from "vitest"
import * as Element from "../src/Element.ts"

const body = Element.make("jabber:client", "body", {}, ["hi"])
const message = Element.make("jabber:client", "message", { to: "a", type: undefined, id: "" }, [
  "one ",
  Element.make("urn:x", "body"),
  body,
  "two",
  Element.make("jabber:client", "body", {}, ["again"])
])

describe("Element", () => {
  it("STZ-01 make leaves out attributes that are undefined, and keeps empty ones", () => {
    expect(message.attributes).toEqual([{ name: "to", value: "a" }, { name: "id", value: "" }])
    expect(Element.make("n", "a")).toEqual({ name: "a", namespace: "n", attributes: [], children: [] })
    expect(Element.attributesOf({ b: "2", a: "1" })).toEqual([{ name: "b", value: "2" }, { name: "a", value: "1" }])
  })

  it("NS-12 attribute asks by name and namespace, never by prefix", () => {
    const of = {
      attributes: [
        { name: "lang", namespace: Element.xmlNamespace, value: "en" },
        { name: "lang", value: "plain" }
      ]
    }
    expect(Element.attribute(of, "lang")).toBe("plain")
    expect(Element.attribute(of, "lang", Element.xmlNamespace)).toBe("en")
    expect(Element.attribute(of, "lang", "urn:x")).toBeUndefined()
    expect(Element.attribute(message, "id")).toBe("")
    expect(Element.attribute(message, "type")).toBeUndefined()
  })

  it("NS-11 is and child go by the expanded name", () => {
    expect(Element.is(body, "jabber:client", "body")).toBe(true)
    expect(Element.is(body, "jabber:server", "body")).toBe(false)
    expect(Element.is(body, "jabber:client", "subject")).toBe(false)
    expect(Element.child(message, "jabber:client", "body")).toBe(body)
    expect(Element.child(message, "urn:x", "subject")).toBeUndefined()
  })

  it("elements leaves text out, text leaves elements out", () => {
    expect(Element.elements(message).map(({ namespace }) => namespace)).toEqual([
      "urn:x",
      "jabber:client",
      "jabber:client"
    ])
    expect(Element.text(message)).toBe("one two")
    expect(Element.text(body)).toBe("hi")
    expect(message.children.filter(Element.isElement).length).toBe(3)
  })
})
