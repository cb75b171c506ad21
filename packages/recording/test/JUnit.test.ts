import { describe, expect, it } from "@effect/vitest"
import { Element, Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as JUnit from "../src/JUnit.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as Reread from "../src/Reread.ts"
import * as Corpus from "./corpus.ts"

const recording = Result.getOrThrow(Recording.decode(Corpus.textOf("tls-failed.recipient")))

const matched = Replay.run(recording)

const diverged = Replay.run({
  ...recording,
  lines: recording.lines.map((line) => Recording.isStep(line) && line.seq === 2 ? { ...line, actions: [] } : line)
})

/** As a strict reader of XML has it. */
const parsed = (report: string) => {
  const reader = Reader.make({ ...Limits.defaults, elementBytesMax: 10_000_000, attributesMax: 20 })
  reader.push(new TextEncoder().encode(report))
  const events: Array<Reader.ReaderEvent> = []
  for (let event = reader.next(); event !== undefined; event = reader.next()) events.push(event)
  const root = events.find((event) => event._tag === "RootOpened")
  const suites = events.flatMap((event) => event._tag === "ElementRead" ? [event.element] : [])
  return {
    root: root?.tag,
    cases: suites.flatMap(Element.elements),
    closed: events.at(-1)?._tag === "RootClosed"
  }
}

/** What XML can hold of a text. */
const held = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")

const hostile = Arbitrary.map(
  Arbitrary.schema(Effect.Array(Effect.Union([
    Effect.String,
    Effect.Literals(["]]>", "<script>", "&amp;", "\"", "'", "\0", "\uffff", "\ud800", "\r\n", "\u001b[2J", "\u{1F600}"])
  ]))),
  (parts) => parts.join("")
)

const wired = Result.getOrThrow(Recording.decode(Corpus.textOf("bytes-of-a-session.recipient")))

/** The same with other bytes sent at last. */
const garbled: Recording.Recording = {
  ...wired,
  lines: wired.lines.map((line, at) =>
    at === wired.lines.findLastIndex(Recording.isWire) ? Recording.makeWire("out", 0, Uint8Array.of(60, 62)) : line
  )
}

describe("report", () => {
  it("P-21 a recording whose bytes are not as they were has failed, and one with bytes says so", () => {
    const at = (name: string, of: Recording.Recording): JUnit.Case => ({
      name,
      seconds: 1,
      outcome: Replay.run(of),
      reread: Reread.run(of)
    })
    const { cases, root } = parsed(JUnit.report("replay", [
      at("as it was", wired),
      at("garbled", garbled),
      { ...at("both", garbled), outcome: diverged },
      { ...at("without bytes", recording), remark: "torn" }
    ]))
    expect(root?.attributes.map(({ value }) => value)).toEqual(["replay", "4", "2", "0", "4.000"])
    const [agreed, failed, both, plain] = cases.map((each) => Element.elements(each))
    expect(agreed?.map(({ children, name }) => [name, ...children])).toEqual([
      ["system-out", "the bytes were read again: 11 events in 7 chunks, and 7 chunks sent, all as recorded"]
    ])
    expect(failed?.map((each) => [each.name, Element.attribute(each, "type")])).toEqual([["failure", "Misspoken"]])
    expect(failed?.[0]?.children.join("")).toMatch(/^what was sent is not what the actions say at line \d+, after step/)
    expect(both?.map((each) => Element.attribute(each, "type"))).toEqual(["Diverged"])
    expect(plain?.map(({ children, name }) => [name, ...children])).toEqual([["system-out", "torn"]])
  })

  it("counts what matched, diverged and could not be read", () => {
    const { cases, closed, root } = parsed(JUnit.report("replay", [
      { name: "a", seconds: 0.25, outcome: matched },
      { name: "b", seconds: 1, outcome: diverged, remark: "line 9, the last, is incomplete" },
      { name: "c", seconds: 0, outcome: { _tag: "Unreadable", sentence: "line 2: no JSON" } }
    ]))
    expect(closed).toBe(true)
    const of = (name: string) => root === undefined ? undefined : Element.attribute(root, name)
    expect(["tests", "failures", "errors", "time"].map(of)).toEqual(["3", "1", "1", "1.250"])
    expect(cases.map((each) => Element.elements(each).map(({ name }) => name))).toEqual([
      [],
      ["failure", "system-out"],
      ["error"]
    ])
    const [failure] = Element.elements(cases[1]!)
    expect(Element.attribute(failure!, "message")).toMatch(/^diverged at 2: Responding\.AwaitingChoice/)
    expect(failure?.children.join("")).toMatch(/first difference: actions\.0$/)
  })

  it.prop(
    "is well-formed, and holds all that XML can hold",
    [hostile, hostile, hostile],
    ([name, sentence, remark]) => {
      const { cases, closed } = parsed(JUnit.report(name, [
        { name, seconds: 0, outcome: { _tag: "Unreadable", sentence }, remark }
      ]))
      expect(closed).toBe(true)
      const [only] = cases
      expect(Element.attribute(only!, "name")).toBe(held(name))
      const [error, output] = Element.elements(only!)
      expect(Element.attribute(error!, "message")).toBe(held(sentence))
      expect(output?.children.join("")).toBe(held(remark))
    }
  )
})
