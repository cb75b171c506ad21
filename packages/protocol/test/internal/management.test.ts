import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Management from "../../src/internal/management.ts"
import type { Managed } from "../../src/Session.ts"
import type { Established } from "../../src/State.ts"
import { message, resumption, sm } from "../speaking.ts"
import { established } from "../walking.ts"

type On = Extract<Managed, { readonly _tag: "On" }>

const modulus = 2 ** 32
const most = modulus - 1

const on = (sent: number, kept: number, handled = 0): On => ({
  _tag: "On",
  handled,
  sent,
  kept: Array.from({ length: kept }, (_, request) => ({ request, stanza: message(`m${request}`) })),
  unasked: 0,
  asked: false
})

const openOf = (phase: "auth" | "clear"): Established => {
  const state = established("recipient", phase)
  if (state._tag !== "Established") throw new Error("the stream did not open")
  return state
}

const sending = (managed: Managed, count: number): Managed => {
  let next = managed
  for (let request = 0; request < count; request++) {
    next = Management.sent(next, { request, stanza: message("m") }).managed
  }
  return next
}

describe("handled", () => {
  it("SM-06 SM-12 counts modulo 2^32, once management is on", () => {
    expect(Management.handled(on(0, 0, 41))).toMatchObject({ handled: 42 })
    expect(Management.handled(on(0, 0, most))).toMatchObject({ handled: 0 })
    const enabling: Managed = { _tag: "Enabling", sent: 3, kept: [] }
    for (const each of [Management.off, enabling]) expect(Management.handled(each)).toBe(each)
  })
})

describe("sent", () => {
  it("SM-06 counts from enable on, and keeps what it counted", () => {
    expect(sending(Management.off, 3)).toEqual(Management.off)
    expect(sending({ _tag: "Enabling", sent: 0, kept: [] }, 3)).toMatchObject({ sent: 3, kept: [{}, {}, {}] })
    expect(sending(on(most - 1, 0), 3)).toMatchObject({ sent: 1, kept: [{}, {}, {}] })
  })

  it("SM-26 every tenth stanza asks, unless a question is open", () => {
    let state: Managed = on(0, 0)
    const asks = Array.from({ length: 25 }, () => {
      const { managed, query } = Management.sent(state, { stanza: message("m") })
      state = query && managed._tag === "On" ? { ...managed, asked: false } : managed
      return query
    })
    expect(asks.flatMap((each, at) => each ? [at + 1] : [])).toEqual([10, 20])
    const asked = { ...on(0, 0), asked: true, unasked: 50 }
    expect(Management.sent(asked, { stanza: message("m") }).query).toBe(false)
  })
})

describe("acknowledge", () => {
  it("P-17 SM-09 drops exactly what h covers, also across 2^32", () => {
    const sentSoFar = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: most - 50, max: most }))
    fc.assert(fc.property(sentSoFar, fc.integer({ min: 0, max: 50 }), fc.nat(50), (sent, kept, taken) => {
      const count = Math.min(taken, kept)
      const managed = on(sent, kept)
      const h = (sent - kept + count + modulus) % modulus
      const found = Management.acknowledge(managed, h)
      expect(found).toMatchObject({
        _tag: "Acknowledged",
        done: managed.kept.slice(0, count),
        managed: { sent, kept: managed.kept.slice(count), asked: false }
      })
    }))
  })

  it("SM-10 more than was sent is too much", () => {
    expect([4, 5, 100, most].map((h) => Management.acknowledge(on(3, 3), h)._tag)).toEqual([
      "TooHigh",
      "TooHigh",
      "TooHigh",
      "TooHigh"
    ])
    expect(Management.acknowledge(on(0, 0), 1)._tag).toBe("TooHigh")
    expect(Management.acknowledge(on(2, 4), 3)._tag).toBe("TooHigh")
  })

  it("SM-11 less than before is stale", () => {
    expect([0, 1, 6].map((h) => Management.acknowledge(on(10, 3), h)._tag)).toEqual(["Stale", "Stale", "Stale"])
    expect(Management.acknowledge(on(10, 3), 7)._tag).toBe("Acknowledged")
  })

  it("P-17 the window never grows", () => {
    fc.assert(fc.property(fc.nat(most), fc.nat(20), fc.nat(most), (sent, kept, h) => {
      const found = Management.acknowledge(on(sent, kept), h)
      const left = found._tag === "Acknowledged" ? found.managed.kept.length + found.done.length : kept
      expect(left).toBe(kept)
    }))
  })
})

describe("countOf", () => {
  it("SM-08 reads an unsigned number of 32 bits, or nothing", () => {
    const read = (h: string | undefined) => Management.countOf(sm("a", { h }))
    expect(["0", "007", "4294967295"].map(read)).toEqual([0, 7, most])
    const broken = [undefined, "", " 1", "1 ", "-1", "+1", "1.0", "1e3", "0x1", "4294967296", "99999999999", "one"]
    expect(broken.map(read)).toEqual(broken.map(() => undefined))
  })
})

describe("sessions", () => {
  it("SM-23 true and 1 are true, all else is not", () => {
    expect(["true", "1"].map(Management.isTrue)).toEqual([true, true])
    expect(["false", "0", "TRUE", "yes", "", undefined].map(Management.isTrue)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false
    ])
  })

  it("SM-14 SM-15 SM-19 SM-20 can be taken up with a name and a proven peer, and are then as they were", () => {
    const [open, clear] = [openOf("auth"), openOf("clear")]
    const named = { ...open.session, management: { ...on(7, 2, 5), id: "session-1" } }
    const found = Management.resumptionOf(named, open.admission)
    expect(found).toEqual({
      id: "session-1",
      identity: "nadia@harbor.example",
      handled: 5,
      sent: 7,
      unacknowledged: [message("m0"), message("m1")]
    })
    expect(Management.resumptionOf({ ...named, management: on(7, 2) }, open.admission)).toBeUndefined()
    expect(Management.resumptionOf({ ...named, management: Management.off }, open.admission)).toBeUndefined()
    expect(Management.resumptionOf(named, clear.admission)).toBeUndefined()
    expect(Management.resumed(resumption("recipient"))).toEqual({
      _tag: "On",
      id: "session-1",
      handled: 5,
      sent: 3,
      kept: [{ stanza: message("kept-2") }, { stanza: message("kept-3") }],
      unasked: 0,
      asked: false
    })
  })
})
