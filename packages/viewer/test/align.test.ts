/** Both sides of one session: what one sent is found in what the other received. */
import { Redact } from "@xmpp-e2e/recording"
import { describe, expect, it } from "vitest"
import type { Row } from "../src/internal/model.ts"
import { dataIn, names, pageOf, source } from "./recordings.ts"

const sessions = names.filter((name) => name.endsWith(".initiator") && names.includes(other(name)))

function other(name: string): string {
  return name.replace(/initiator$/, "recipient")
}

const stepsOf = (rows: ReadonlyArray<Row>, side: 0 | 1): ReadonlyArray<number> =>
  rows.flatMap(({ steps }) => steps[side] ?? [])

describe("two recordings", () => {
  it("are in the corpus", () => expect(sessions.length).toBeGreaterThan(8))

  it.each(sessions)("%s and its other side: every step once, in order, and every message told", (name) => {
    const { matching, rows, sides } = dataIn(pageOf(source(name), source(other(name))))
    for (const side of [0, 1] as const) expect(stepsOf(rows, side)).toEqual(sides[side]?.steps.map((_, at) => at))
    const steps = sides.flatMap((side) => side.steps)
    const sent = steps.flatMap(({ actions }) => actions.filter(({ _tag }) => /^Send(?!White)/.test(_tag)))
    const received = steps.filter(({ event }) => /^(?:Header|Element|Footer)Received$/.test(event._tag))
    const lost = (way: "in" | "out"): number => matching?.lost.filter((one) => one.way === way).length ?? -1
    expect((matching?.arrived ?? 0) + lost("out")).toBe(sent.length)
    expect((matching?.arrived ?? 0) + lost("in")).toBe(received.length)
  })

  it("of an orderly session agree on every message", () => {
    const { matching, rows } = dataIn(pageOf(source("secure-session.initiator"), source("secure-session.recipient")))
    expect(matching).toMatchObject({ lost: [] })
    expect(rows.filter(({ sender }) => sender !== undefined).length).toBeGreaterThan(5)
  })

  it("are the same in either order of the files", () => {
    const one = dataIn(pageOf(source("secure-session.initiator"), source("secure-session.recipient"))).matching
    const two = dataIn(pageOf(source("secure-session.recipient"), source("secure-session.initiator"))).matching
    expect(two).toEqual(one)
  })

  it("are aligned when both are redacted", () => {
    const redacted = ["secure-session.initiator", "secure-session.recipient"].map((name) => ({
      name,
      recording: Redact.recording(source(name).recording)
    }))
    expect(dataIn(pageOf(redacted[0]!, redacted[1])).matching).toMatchObject({ lost: [] })
  })

  it("tell which message never arrived", () => {
    const { name, recording } = source("secure-session.recipient")
    const deaf = recording.lines.filter((line) =>
      !("event" in line && line.event._tag === "ElementReceived" && line.event.element.name === "message")
    )
    const lines = deaf.map((line, seq) => "seq" in line ? { ...line, seq } : line)
    const { matching } = dataIn(
      pageOf(source("secure-session.initiator"), { name, recording: { ...recording, lines } })
    )
    expect(matching?.lost).toEqual([
      expect.objectContaining({ side: 0, way: "out", text: expect.stringMatching(/^<message/) })
    ])
  })
})
