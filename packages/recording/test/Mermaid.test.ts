import { describe, expect, it } from "@effect/vitest"
import * as Describe from "@xmpp-e2e/protocol/Describe"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Mermaid from "../src/Mermaid.ts"
import * as Recording from "../src/Recording.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const read = (name: string) => Result.getOrThrow(Recording.decode(Corpus.textOf(name)))

const text = String.raw`(?:[\p{L}\p{N} .,@/()=_-]|#\d+;)*`

/** All that a line of a diagram may be. */
const line = new RegExp(
  `^(?:sequenceDiagram|  participant (?:us|peer) as ${text}|  (?:us->>peer|peer->>us): ${text}` +
    `|  Note over us(?:,peer)?: ${text})$`,
  "u"
)

const decoded = (label: string): string =>
  label.replace(/#(\d+);/g, (_, codePoint: string) => String.fromCodePoint(Number(codePoint)))

const hostile = Arbitrary.schema(Effect.Array(Effect.Union([
  Effect.String,
  Effect.Literals([
    "\n",
    "end",
    "style a:b#c;",
    "classDef",
    "%%{init: {}}%%",
    "<script>alert(1)</script>",
    "#59;",
    ";",
    "->>",
    "\u202e",
    "\ud800",
    "End"
  ])
]))).pipe((parts) => Arbitrary.map(parts, (all) => all.join(" ")))

describe("label", () => {
  it.prop("shows the text and nothing breaks out of it", [hostile], ([hostile]) => {
    const label = Mermaid.label(hostile)
    expect(label).toMatch(new RegExp(`^${text}$`, "u"))
    expect(label).not.toMatch(/\bend\b|style|classdef/i)
    expect(decoded(label)).toBe(Describe.clean(hostile, 400))
  })
})

describe("diagram", () => {
  it("tells a session", () => {
    const told = Mermaid.diagram(read("secure-session.initiator")).split("\n").map(decoded)
    expect(told.slice(0, 5)).toEqual([
      "sequenceDiagram",
      "  participant us as romeo@forza (initiator)",
      "  participant peer as juliet@pronto",
      "  Note over us: TransportOpened",
      `  us->>peer: <stream to="juliet@pronto" from="romeo@forza" version="1.0">`
    ])
    expect(told).toContain("  us->>peer: <starttls/>")
    expect(told).toContain("  peer->>us: <proceed/>")
    expect(told).toContain("  Note over us,peer: start TLS as client")
    expect(told.at(-1)).toBe("")
  })

  it.each(Corpus.names())("%s: as many arrows as parts crossed the wire", (name) => {
    const recording = read(name)
    const arrows = Mermaid.diagram(recording).split("\n").filter((each) => each.includes("->>"))
    const peers = new Set([
      "HeaderReceived",
      "ElementReceived",
      "FooterReceived",
      "WhitespaceReceived",
      "InputRejected"
    ])
    const sent = Recording.steps(recording).flatMap(({ actions }) =>
      actions.filter(({ _tag }) => _tag.startsWith("Send"))
    )
    const received = Recording.steps(recording).filter(({ event }) => peers.has(event._tag))
    expect(arrows).toHaveLength(sent.length + received.length)
  })

  it.prop("is made of the few kinds of lines, whatever happened", [arbitrary.document], ([document]) => {
    for (const each of Mermaid.diagram(document).trimEnd().split("\n")) expect(each).toMatch(line)
  })

  it.prop("says nothing of what is written in stanzas", [arbitrary.document], ([document]) => {
    const lines = document.lines.filter(Recording.isStep).map((step): Recording.Step =>
      JSON.parse(JSON.stringify(step), (key: string, value: unknown) =>
        key === "children" && Array.isArray(value)
          ? value.map((child: unknown) => typeof child === "string" ? "5EC8E7" : child)
          : value)
    )
    expect(Mermaid.diagram({ ...document, lines })).not.toContain("5EC8E7")
  })
})
