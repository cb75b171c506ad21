import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as KeyChange from "../src/KeyChange.ts"
import type { Pin } from "../src/Pin.ts"

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((octets) => Buffer.from(octets).toString("hex"))
const origins = {
  manual: "set by hand",
  firstUse: "first use",
  offer: "confirmed offer",
  exchanged: "trusted stream"
} as const
const pin: fc.Arbitrary<Pin> = fc.record({
  address: fc.constantFrom("mira@tansy", "teo@linden"),
  naming: fc.constant("jid" as const),
  certificate: hash,
  key: fc.oneof(hash, fc.constant("")),
  firstSeen: fc.constantFrom("2026-01-01T00:00:00Z", "", "yesterday"),
  how: fc.constantFrom("manual", "firstUse", "offer", "exchanged")
})
const alarm = (pins: ReadonlyArray<Pin>, key?: string): string =>
  KeyChange.alarm("the certificate with the fingerprint AB", {
    addresses: ["mira@tansy"],
    pins,
    ...key === undefined ? {} : { key }
  })

describe("the alarm of a changed key", () => {
  it("CERT-85 says which certificate was pinned, how, since when, and how many more", () => {
    fc.assert(fc.property(fc.array(pin, { minLength: 1, maxLength: 4 }), hash, (pins, key) => {
      const text = alarm(pins, key)
      const [first] = pins
      expect(text).toContain(Fingerprint.display(first?.certificate ?? "?"))
      expect(text).toContain(origins[first?.how ?? "manual"])
      expect(text.includes("since ")).toBe(first?.firstSeen === "2026-01-01T00:00:00Z")
      expect(/, and (\d+) more/.exec(text)?.[1]).toBe(pins.length > 1 ? String(pins.length - 1) : undefined)
      expect(text).toContain("AB came")
    }))
  })

  it("CERT-85 says whether the key is another one, as far as that is known", () => {
    fc.assert(fc.property(pin, hash, fc.constantFrom("same", "other", "unknown"), (pinned, other, kind) => {
      const shown = kind === "unknown" ? undefined : kind === "same" && pinned.key !== "" ? pinned.key : other
      const text = alarm([pinned], shown)
      const isKnown = pinned.key !== "" && shown !== undefined
      expect(text.includes("its key is the same")).toBe(isKnown && pinned.key === shown)
      expect(text.includes("its key is another one")).toBe(isKnown && pinned.key !== shown)
    }))
  })

  it("CERT-85 says what to do, also where nothing but bare fingerprints are known", () => {
    for (const text of [alarm([]), alarm([], "ab".repeat(32))]) {
      expect(text).toMatch(/^Another certificate is pinned to mira@tansy, but .* came\. Unless its owner confirms/)
      expect(text).toMatch(/remove the old pin and pin the new one$/)
      expect(text).not.toMatch(/undefined|since|its key/)
    }
  })

  it("CERT-87 shows no character of a date or an address that could deceive", () => {
    const pinned: Pin = {
      address: "mira@tansy",
      naming: "jid",
      certificate: "ab".repeat(32),
      key: "",
      firstSeen: "2026-01-01\u202e",
      how: "manual"
    }
    const text = KeyChange.alarm("it", { addresses: ["mira\u001b[2J@tansy"], pins: [pinned] })
    expect(text).toMatch(/^[\x20-\x7e]+$/)
  })

  it("CERT-85 is sharper for a verified pin, wherever it stands", () => {
    const verified = { when: "2026-03-03T00:00:00Z", how: "shortString" } as const
    fc.assert(fc.property(fc.array(pin, { maxLength: 3 }), pin, (others, one) => {
      const text = alarm([...others, { ...one, verified }])
      expect(text).toContain(Fingerprint.display(one.certificate))
      expect(text).toContain("verified on 2026-03-03T00:00:00Z")
      expect(text).toContain("attack")
      expect(alarm([...others, one])).not.toContain("attack")
    }))
  })
})
