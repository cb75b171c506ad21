/** What the page tells of a recording: why it was refused, its kinds and phases, its states and its bytes. */
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { timeTravel } from "../src/internal/client/states.ts"
import type { Side } from "../src/internal/model.ts"
import { apply, difference } from "../src/internal/patch.ts"
import { side } from "../src/internal/side.ts"
import { dataIn, long, names, pageOf, source, textOf } from "./recordings.ts"

const sideOf = (name: string): Side => dataIn(pageOf(source(name))).sides[0]!

describe("why it was refused", () => {
  it.each([
    ["initiator-not-believed.recipient", "PeerJudged", "CERT-86", true],
    ["recipient-not-believed.initiator", "PeerJudged", "CERT-86", true],
    ["initiator-not-believed.initiator", "TransportLost", "TLS-21", false],
    ["tls-failed.initiator", "TlsFailed", "TLS-22", false]
  ])("TLS-21 in %s is found at %s by %s", (name, tag, rule, own) => {
    const { refusal, steps } = sideOf(name)
    expect(refusal).toMatchObject({ rule, own })
    expect(steps[refusal?.step ?? -1]?.event._tag).toBe(tag)
  })

  it.each(["secure-session.initiator", "closed-by-recipient.recipient", "simultaneous-close.initiator"])(
    "is not asked in %s",
    (name) => expect(sideOf(name).refusal).toBeUndefined()
  )

  it("is told exactly for what did not end by somebody's wish", () => {
    const ended = (name: string): boolean => !textOf(name).includes("\"reason\":{\"_tag\":\"Finished\"")
    const refused = names.filter((name) => sideOf(name).refusal !== undefined)
    expect(refused).toEqual(names.filter(ended))
    expect(refused.length).toBeGreaterThan(8)
  })
})

describe("time travel", () => {
  it.each(names)("P-21 gives each state of %s as the reducer has it", (name) => {
    const { recording } = source(name)
    const at = timeTravel(sideOf(name))
    const last = Recording.steps(recording).length - 1
    for (const step of [...Array(last + 2).keys()].map((index) => index - 1).toReversed()) {
      expect(at(step)).toEqual(JSON.parse(JSON.stringify(Replay.until(recording, step))))
    }
  })

  it("P-21 goes a long way in either direction", () => {
    const { name, recording } = long(2000)
    const at = timeTravel(side(name, recording))
    for (const step of [1999, 255, 256, 1300, -1, 700]) {
      expect(at(step)).toEqual(Replay.until(recording, step))
    }
  })
})

describe("a difference", () => {
  it("leads from any value to any other", () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(fc.property(value, value, (before, after) => {
      const [one, other] = [before, after].map((each) => JSON.parse(JSON.stringify(each)))
      expect(apply(one, difference(one, other))).toEqual(other)
    }))
  })
})

describe("phases", () => {
  it("of a secured session come in the order of the protocol", () => {
    const phases = sideOf("secure-session.initiator").steps.map(({ phase }) => phase)
    expect(phases.filter((phase, at) => phase !== phases[at - 1])).toEqual([
      "opening",
      "tls",
      "verdict",
      "opening",
      "sasl",
      "opening",
      "open",
      "closing",
      "closed"
    ])
  })
})

describe("kinds", () => {
  it("find the stanzas, the verdict and what went wrong", () => {
    const tags = (name: string, kind: string): ReadonlyArray<string> =>
      sideOf(name).steps.filter(({ kinds }) => kinds.some((one) => one === kind)).map(({ event }) => event._tag)
    expect(tags("secure-session.initiator", "stanza")).toEqual(["SendRequested", "ElementReceived"])
    expect(tags("initiator-not-believed.recipient", "certificate")).toEqual(["TlsEstablished", "PeerJudged"])
    expect(tags("initiator-not-believed.recipient", "error")).toEqual(["PeerJudged"])
    expect(tags("silent-peer.initiator", "timer")).not.toEqual([])
  })
})

describe("bytes", () => {
  it("stand beside the step that they caused, or that caused them", () => {
    const { name, recording } = source("secure-session.initiator")
    const chunk = (way: "in" | "out", text: string): Recording.Wire =>
      Recording.makeWire(way, 0, new TextEncoder().encode(text))
    const [zero, one, ...rest] = recording.lines
    const hidden = [Recording.makeTls("in", 0, Uint8Array.of(22)), { keylog: "CLIENT_RANDOM", at: 0 }]
    const lines = [zero!, chunk("out", "a"), chunk("in", "b"), one!, ...hidden, ...rest, chunk("in", "c")]
    const shown = side(name, { ...recording, lines })
    const { steps, wire } = shown
    expect(wire.map(({ step, way }) => [way, step])).toEqual([["out", 0], ["in", 1], ["in", steps.length - 1]])
    expect(JSON.stringify(shown)).not.toContain("CLIENT_RANDOM")
  })
})
