import { describe, expect, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Compare from "../src/Compare.ts"
import { difference } from "../src/internal/difference.ts"
import * as Recording from "../src/Recording.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const stepsOf = (name: string) => Recording.steps(Result.getOrThrow(Recording.decode(Corpus.textOf(name))))

/** Of the corpus those that two reducers played with each other; in others each side had a script. */
const sessions = [
  "clear-session",
  "closed-by-recipient",
  "direct-tls",
  "initiator-not-believed",
  "queued-before-open",
  "recipient-not-believed",
  "redirected",
  "secure-session",
  "simultaneous-close",
  "stream-management",
  "tls-failed",
  "tls-refused",
  "unknown-host"
]

type Steps = ReadonlyArray<Recording.Step>

/** The first thing that is wrong between two sides. */
const first = (from: Steps, to: Steps): Compare.Mismatch | undefined => {
  const sent = from.flatMap(Compare.sent)
  const received = to.flatMap(Compare.received)
  for (let at = 0; at < Math.max(sent.length, received.length); at++) {
    const mismatch = Compare.pair(sent[at], received[at])
    if (mismatch !== undefined) return mismatch
  }
  return undefined
}

describe("steps", () => {
  it.prop("see every difference but the time", [arbitrary.document, arbitrary.action], ([document, action]) => {
    for (const step of Recording.steps(document)) {
      expect(Compare.steps(step, { ...step, at: step.at + 1 })).toBeUndefined()
      expect(Compare.steps(step, { ...step, state: `${step.state}.Elsewhere` })).toEqual(["state"])
      const more = { ...step, actions: [...step.actions, action] }
      expect(Compare.steps(step, more)).toEqual(["actions", String(step.actions.length)])
    }
  })
})

describe("heads", () => {
  it.prop("are compared by their configuration", [arbitrary.head], ([head]) => {
    expect(Compare.heads(head, { ...head, note: "another", startedAt: "then" })).toBeUndefined()
    const changed = { ...head, config: { ...head.config, self: `${head.config.self}x` } }
    expect(Compare.heads(head, changed)).toEqual(["config", "self"])
  })
})

describe("both sides of a session", () => {
  it.each(sessions)("%s: each received what the other sent, as long as it listened", (name) => {
    const initiator = stepsOf(`${name}.initiator`)
    const recipient = stepsOf(`${name}.recipient`)
    for (const [from, to] of [[initiator, recipient], [recipient, initiator]] as const) {
      const mismatch = first(from, to)
      const unheard = mismatch?._tag === "Missing" && to.some(Compare.deafens)
      expect(unheard ? undefined : mismatch).toBeUndefined()
    }
  })

  const initiator = stepsOf("secure-session.initiator")
  const recipient = stepsOf("secure-session.recipient")
  const heard = recipient.filter((step) => Compare.received(step).length > 0)
  const one = Arbitrary.map(Arbitrary.schema(Effect.Natural), (drawn) => drawn % heard.length)

  it.prop("tell what was lost on the way", [one], ([lost]) => {
    const mismatch = first(initiator, recipient.filter((step) => step !== heard[lost]))
    const last = lost === heard.length - 1
    expect(mismatch?._tag).toBe(last ? "Missing" : "Changed")
    expect(mismatch?._tag === "Missing" || mismatch?._tag === "Changed" ? mismatch.sent.seq : -1).toBe(
      initiator.flatMap(Compare.sent)[lost]?.seq
    )
  })

  it.prop("tell what was slipped in", [one], ([place]) => {
    const injected: Recording.Step = {
      seq: 1000,
      at: 0,
      event: { _tag: "ElementReceived", element: Element.make("jabber:client", "message", { to: "injected" }) },
      actions: [],
      state: "Established"
    }
    const at = recipient.indexOf(heard[place]!)
    const mismatch = first(initiator, recipient.toSpliced(at, 0, injected))
    expect(mismatch?._tag === "Changed" ? mismatch.received.seq : -1).toBe(1000)
    expect(first(initiator, [...recipient, injected])).toMatchObject({ _tag: "Extra", received: { seq: 1000 } })
  })

  it("tell what was changed, and where", () => {
    const changed = JSON.parse(JSON.stringify(recipient).replaceAll("pleased", "loth")) as Steps
    const mismatch = first(initiator, changed)
    expect(mismatch).toMatchObject({ _tag: "Changed", where: ["element", "children", "0", "children", "0"] })
  })

  it.prop("do not care how text was cut", [Arbitrary.schema(Effect.Array(Effect.String))], ([texts]) => {
    const of = (children: ReadonlyArray<string>): Compare.Crossing => ({
      seq: 0,
      part: { _tag: "Element", element: Element.make("jabber:client", "body", {}, children) }
    })
    expect(Compare.pair(of(texts), of([texts.join("")]))).toBeUndefined()
    expect(Compare.pair(of(texts), of([...texts, "x"]))?._tag).toBe("Changed")
  })

  it.prop("is silent about a part and itself", [arbitrary.document], ([document]) => {
    for (const step of Recording.steps(document)) {
      for (const crossing of [...Compare.sent(step), ...Compare.received(step)]) {
        expect(difference(Compare.pair(crossing, crossing), undefined)).toBeUndefined()
      }
    }
  })
})

describe("deafens", () => {
  const drop: Recording.Step["actions"] = [{ _tag: "DropTransport" }]
  const step = (event: Recording.Step["event"], actions = drop) => ({ seq: 0, at: 0, event, actions, state: "Closed" })

  it("END-07 is a side's own doing, and no loss of the connection", () => {
    expect(Compare.deafens(step({ _tag: "AbortRequested" }))).toBe(true)
    expect(Compare.deafens(step({ _tag: "FooterReceived" }, [{ _tag: "StopInput" }]))).toBe(true)
    expect(Compare.deafens(step({ _tag: "TransportLost" }))).toBe(false)
    expect(Compare.deafens(step({ _tag: "TransportEnded" }))).toBe(false)
    expect(Compare.deafens(step({ _tag: "WhitespaceReceived" }, []))).toBe(false)
  })
})
