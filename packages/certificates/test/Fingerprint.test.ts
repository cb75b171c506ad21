import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Fingerprint from "../src/Fingerprint.ts"

describe("fingerprints", () => {
  it.effect("CERT-92 are lower-case hex of SHA-256 and SHA-1", () =>
    Effect.gen(function*() {
      const abc = new TextEncoder().encode("abc")
      assert.strictEqual(
        yield* Fingerprint.sha256(abc),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      )
      assert.strictEqual(yield* Fingerprint.sha1(abc), "a9993e364706816aba3e25717850c26c9cd0d89d")
    }))

  it("CERT-92 compare without colons, white space and case", () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (octets) => {
      const hex = Buffer.from(octets).toString("hex")
      const shown = Fingerprint.display(hex)
      expect(shown).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
      expect(Fingerprint.normalise(`  ${shown.replace(":", " \n")}`)).toBe(hex)
      expect(Fingerprint.isSha256(hex)).toBe(true)
    }))
  })

  it("CERT-92 have 64 digits, no more, no less, no others", () => {
    expect(["", "ab", "a".repeat(63), "a".repeat(65), "g".repeat(64), `${"a".repeat(64)}\n`].map(Fingerprint.isSha256))
      .toEqual(Array.from({ length: 6 }, () => false))
  })
})
