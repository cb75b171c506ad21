import { describe, expect, it } from "@effect/vitest"
import type { Action, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { difference } from "../src/internal/difference.ts"
import { brought } from "../src/internal/passing.ts"
import * as Recording from "../src/Recording.ts"
import * as arbitrary from "./arbitrary.ts"

const config = arbitrary.configure({ role: "recipient", self: "juliet@pronto" })
const message = Element.make("jabber:client", "message", { to: "juliet@pronto" }, ["Hark"])
const delivery = { to: "juliet@pronto", canReply: true }
const deliver = (stanza: Element.Element): Action.Action => ({ _tag: "Deliver", stanza, delivery })
const received: Event.Event = { _tag: "ElementReceived", element: message }
const stepOf = (event: Event.Event, ...actions: ReadonlyArray<Action.Action>): Recording.Step => ({
  seq: 0,
  at: 0,
  event,
  actions,
  state: "Established"
})
const readBack = (line: string) => Recording.decode(`${Recording.head({ config })}\n${line}\n`)
const onlyStep = (line: string) => Recording.steps(Result.getOrThrow(readBack(line)))[0]

describe("a line", () => {
  it("says an element that is passed on once, and is read with it twice", () => {
    const step = stepOf(received, deliver(message), { _tag: "SendElement", element: message, request: 7 })
    const line = Recording.step(step)
    expect(line.split("Hark").length).toBe(2)
    expect(onlyStep(line)).toEqual(step)
    const [first, second] = onlyStep(line)?.actions ?? []
    expect(first?._tag === "Deliver" && second?._tag === "SendElement" && first.stanza === second.element).toBe(true)
    expect(Recording.step(onlyStep(line) ?? step)).toBe(line)
  })

  it("says an element of its own in full, also when it looks like that of the event", () => {
    const twin = { ...message }
    const step = stepOf({ _tag: "SendRequested", request: 1, stanza: message }, { _tag: "SendElement", element: twin })
    expect(Recording.step(step).split("Hark").length).toBe(3)
    expect(onlyStep(Recording.step(step))).toEqual(step)
  })

  it.prop("reads as it was written, whatever is passed on", [arbitrary.document], ([{ head, lines }]) => {
    const passing = lines.filter(Recording.isStep).map((step) => {
      const element = brought(step.event)
      return element === undefined ? step : { ...step, actions: [deliver(element), ...step.actions] }
    })
    const read = Result.getOrThrow(Recording.decode(Recording.encode({ head, lines: passing })))
    expect(difference(read.lines, passing)).toBeUndefined()
    const passed = Recording.steps(read).filter(({ event }) => brought(event) !== undefined)
    expect(passed.every(({ actions: [first], event }) => first?._tag === "Deliver" && first.stanza === brought(event)))
      .toBe(true)
  })

  it.prop("leaves a delivery out that its stanza speaks of, and no other", [
    Arbitrary.schema(Schema.Struct({
      from: Schema.optionalKey(Schema.Literals(["romeo@forza", "nurse@pronto"])),
      to: Schema.Literals(["juliet@pronto", "nurse@pronto"]),
      canReply: Schema.Boolean
    })),
    Arbitrary.schema(Schema.Struct({
      from: Schema.optionalKey(Schema.Literals(["romeo@forza", "nurse@pronto"])),
      to: Schema.optionalKey(Schema.Literals(["juliet@pronto", "nurse@pronto"]))
    }))
  ], ([delivery, said]) => {
    const stanza = Element.make("jabber:client", "message", said, ["Hark"])
    const step = stepOf({ _tag: "ElementReceived", element: stanza }, { _tag: "Deliver", stanza, delivery })
    const isPlain = delivery.canReply && delivery.from !== undefined && delivery.from === said.from &&
      delivery.to === said.to
    expect(Recording.step(step).includes("\"delivery\"")).toBe(!isPlain)
    expect(onlyStep(Recording.step(step))).toEqual(step)
  })

  it.each([
    ["an event that brings none", `{"_tag":"TransportOpened"}`, `{"_tag":"Deliver","delivery":{}}`],
    ["an event that is none", `[]`, `{"_tag":"SendElement"}`],
    ["an element that is none", `{"_tag":"ElementReceived","element":{"name":1}}`, `{"_tag":"SendElement"}`],
    ["an inherited name", `{"__proto__":{"_tag":"ElementReceived"}}`, `{"_tag":"SendElement"}`],
    ["an element that is null", JSON.stringify(received), `{"_tag":"SendElement","element":null}`],
    ["no delivery", JSON.stringify(received), `{"_tag":"Deliver"}`],
    ["another action", JSON.stringify(received), `{"_tag":"SendHeader"}`]
  ])("whose action wants what nothing brings is malformed: %s", (_, event, action) => {
    const decoded = readBack(`{"seq":0,"at":0,"event":${event},"actions":[${action}],"state":"Established"}`)
    expect(Result.isFailure(decoded) && decoded.failure.reason._tag).toBe("Malformed")
  })
})
