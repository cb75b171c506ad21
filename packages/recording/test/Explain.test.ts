import { describe, expect, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Explain from "../src/Explain.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const read = (name: string): Recording.Recording => Result.getOrThrow(Recording.decode(Corpus.textOf(name)))

describe("step", () => {
  it("tells number, time, state, event and actions", () => {
    expect(
      Explain.step("Responding.AwaitingChoice", {
        seq: 12,
        at: 34,
        event: { _tag: "ElementReceived", element: Element.make("urn:ietf:params:xml:ns:xmpp-tls", "starttls") },
        actions: [
          { _tag: "SendElement", element: Element.make("urn:ietf:params:xml:ns:xmpp-tls", "proceed") },
          { _tag: "StartTls", as: "server" }
        ],
        state: "Responding.AwaitingTls"
      })
    ).toBe(
      " 12  +0.034s  Responding.AwaitingChoice    <- ElementReceived <starttls/>  => send <proceed/>, start TLS as server"
    )
  })

  it.prop("has something to say about everything, on one line", [arbitrary.document], ([recording]) => {
    for (const step of Recording.steps(recording)) {
      const line = Explain.step(step.state, step)
      expect(line).toContain(`<- ${step.event._tag}`)
      expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      expect(line).not.toMatch(/undefined(?!-condition)/)
    }
  })

  it.prop("says nothing of what is written in stanzas and errors", [arbitrary.document], ([recording]) => {
    for (const step of Recording.steps(recording)) {
      const line = Explain.step("Established", withSecrets(step))
      expect(line).not.toContain(secret)
    }
  })

  it("finds the secrets when it looks for them", () => {
    const step = withSecrets(Recording.steps(read("secure-session.initiator"))[11]!)
    expect(JSON.stringify(step.event)).toContain(secret)
    expect(JSON.stringify(step.actions)).toContain(secret)
  })
})

describe("head", () => {
  const config = arbitrary.configure({ role: "recipient", self: "juliet@pronto" })

  it("warns of the secrets of TLS", () => {
    expect(Explain.head({ config, tls: true })).toContain("with the secrets of TLS")
  })

  const told = (trust: Recording.Head["trust"]): string =>
    Explain.head(trust === undefined ? { config } : { config, trust })

  it.each<readonly [Recording.Head["trust"], string]>([
    [{ combination: { Pin: { by: "key" } }, rules: {} }, "believes Pin"],
    [{ combination: { AnyOf: [{ Pin: {} }, { Authority: {} }] } }, "believes any of Pin, Authority"],
    [
      { combination: { AllOf: [{ Custom: { name: "members" } }, { AnyOf: [{ Pin: {} }, { FirstUse: {} }] }] } },
      "believes all of the function members, (any of Pin, FirstUse)"
    ],
    [{ combination: { AnyOf: [] } }, "believes nobody"],
    ["a judge of the application's own", `believes "a judge of the application's own"`]
  ])("says whom the stream believed: %j", (trust, words) => {
    expect(told(trust)).toBe(`recording of juliet@pronto, recipient; TLS required; ${words}`)
  })

  it("says nothing where the recording says nothing", () => {
    expect(told(undefined)).toBe("recording of juliet@pronto, recipient; TLS required")
  })

  it.prop("stays one short line, whatever a judge says of itself", [Effect.Json], ([trust]) => {
    for (const each of [trust, { combination: trust }, { combination: { AnyOf: [trust, { AllOf: [trust] }] } }]) {
      expect(told(each)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      expect(told(each).length).toBeLessThan(5000)
    }
  })
})

describe("lines", () => {
  it("tells a whole session", () => {
    const told = Explain.lines(read("secure-session.recipient"))
    expect(told[0]).toBe(
      "recording of juliet@pronto, recipient; TLS required; " +
        "TLS-25 SASL-16 SASL-28 STZ-19 E2E-18: TLS, both certificates believed, EXTERNAL, a message each way, "
        + "orderly close"
    )
    expect(told[1]).toBe(
      "  0  +0.000s  Dormant                      <- TransportOpened  => " +
        "set negotiation #1 to 60000 ms, set step #2 to 15000 ms"
    )
    expect(told[2]).toMatch(
      /^ {2}1 {2}\+0\.001s {2}Responding\.AwaitingHeader {4}<- HeaderReceived <stream to="juliet@pronto"/
    )
    expect(told.at(-1)).toBe("ends in Closed")
    expect(told).toHaveLength(Recording.steps(read("secure-session.recipient")).length + 2)
  })

  it("reports a torn end", () => {
    const text = Corpus.textOf("tls-failed.recipient").trimEnd().slice(0, -10)
    expect(Explain.lines(Result.getOrThrow(Recording.decode(text))).slice(-2)).toEqual([
      "ends in Responding.AwaitingTls",
      "line 5, the last, is incomplete"
    ])
  })

  it.prop("are lines, whatever the head says", [arbitrary.document], ([recording]) => {
    for (const line of Explain.lines(recording)) expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  })
})

describe("outcome", () => {
  const recording = read("tls-failed.recipient")

  it("counts what matched", () => {
    expect(Explain.outcome(Replay.run(recording))).toBe("matched: 4 steps, Closed")
  })

  it("shows what was expected, what came, and where they part", () => {
    const lines = recording.lines.map((line) =>
      Recording.isStep(line) && line.seq === 2 ? { ...line, actions: line.actions.slice(0, 1) } : line
    )
    expect(Explain.outcome(Replay.run({ ...recording, lines })).split("\n")).toEqual([
      "diverged at 2: Responding.AwaitingChoice  <- ElementReceived <starttls/>",
      "  expected send <proceed/>  -> Responding.AwaitingTls",
      "  got      send <proceed/>, start TLS as server, set step #4 to 15000 ms  -> Responding.AwaitingTls",
      "  first difference: actions.1"
    ])
  })
})

const secret = "5EC8E7"

/** Every piece of text in an element, and every free text of an error, replaced by something to look for. */
const withSecrets = (step: Recording.Step): Recording.Step =>
  JSON.parse(JSON.stringify(step), (key: string, value: unknown) => {
    if (key === "children" && Array.isArray(value)) {
      return value.map((child: unknown) => typeof child === "string" ? secret : child)
    }
    if (isReason(value)) return { ...value, detail: secret }
    return key === "text" && typeof value === "string" ? secret : value
  })

const isReason = (value: unknown): value is object =>
  typeof value === "object" && value !== null && "cause" in value &&
  (value.cause === "reported" || value.cause === "failedBySelf")
