import { describe, expect, it } from "@effect/vitest"
import * as Pin from "../src/Pin.ts"

const pin = { certificate: "ab", key: "cd" }

describe("pins", () => {
  it("CERT-83 hold by the certificate, and by the key only if that is asked for", () => {
    const renewed = { certificate: "ef", key: "cd" }
    expect([Pin.holds(pin, pin, "certificate"), Pin.holds(pin, renewed, "certificate"), Pin.holds(pin, renewed, "key")])
      .toEqual([true, false, true])
    expect(Pin.holds(pin, { certificate: "ef", key: "00" }, "key")).toBe(false)
  })

  it("CERT-83 that do not know the key do not hold by it", () => {
    expect(Pin.holds({ ...pin, key: "" }, { certificate: "ef", key: "cd" }, "key")).toBe(false)
    expect(Pin.holds({ ...pin, key: "" }, { certificate: "ab", key: "cd" }, "key")).toBe(true)
    expect(Pin.holds({ ...pin, key: "" }, { certificate: "ef", key: "" }, "key")).toBe(false)
  })

  it("CERT-85 of another certificate stand in the way, unless one of the address fits too", () => {
    const whole = { ...pin, address: "mira@tansy", naming: "jid", firstSeen: "2026-01-01", how: "manual" } as const
    const other = { ...whole, certificate: "ef", key: "00" }
    expect(Pin.conflicts([whole], [other], "key")).toEqual([whole])
    expect(Pin.conflicts([whole, other], [other], "certificate")).toEqual([])
    expect(Pin.conflicts([whole], [{ ...other, naming: "linkLocal" }, { ...other, address: "a@b" }], "key")).toEqual([])
    expect(Pin.add([whole], [{ ...whole, how: "offer" }, other, other])).toEqual([whole, other])
  })

  it("CERT-88 of a first use are confirmed by another of the same certificate, and nothing takes that back", () => {
    const first = { ...pin, address: "mira@tansy", naming: "jid", firstSeen: "2026-01-01", how: "firstUse" } as const
    const manual = { ...first, firstSeen: "2026-02-02", how: "manual" } as const
    const confirmed = Pin.add([first], [manual])
    expect(confirmed).toEqual([{ ...first, how: "manual" }])
    expect(Pin.add(confirmed, [first])).toBe(confirmed)
  })

  it("CERT-88 are marked as verified once, keep how they came, and nothing takes that back", () => {
    const first = { ...pin, address: "mira@tansy", naming: "jid", firstSeen: "2026-01-01", how: "firstUse" } as const
    const verified = { when: "2026-03-03T00:00:00Z", how: "shortString" } as const
    const marked = Pin.add([first], [{ ...first, verified }])
    expect(marked).toEqual([{ ...first, verified }])
    expect(Pin.add(marked, [first, { ...first, verified: { ...verified, when: "2026-04-04T00:00:00Z" } }])).toBe(marked)
    expect(Pin.add(marked, [{ ...first, how: "manual" }])).toEqual([{ ...first, how: "manual", verified }])
  })
})
