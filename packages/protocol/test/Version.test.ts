import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Version from "../src/Version.ts"

const part = fc.integer({ min: 0, max: 999_999_999 })

describe("parse", () => {
  it("VER-02 VER-10 two numbers, leading zeros ignored, the second may be missing", () => {
    expect(Version.parse("1.0")).toEqual({ major: 1, minor: 0 })
    expect(Version.parse("6.01")).toEqual(Version.parse("6.1"))
    expect(Version.parse("01.0")).toEqual(Version.parse("1"))
    fc.assert(fc.property(part, part, (major, minor) => {
      expect(Version.parse(`${major}.${minor}`)).toEqual({ major, minor })
      expect(Version.parse(`${major}`)).toEqual({ major, minor: 0 })
    }))
  })

  it("VER-10 anything else is none", () => {
    const texts = [
      "",
      "1.0.0",
      " 1.0",
      "1.0 ",
      "+1.0",
      "-1.0",
      "one",
      "1.",
      ".1",
      "1,0",
      "1e3",
      "0x1",
      "١.٠",
      "1.0\n",
      "1234567890",
      "1.1234567890"
    ]
    expect(texts.map(Version.parse)).toEqual(texts.map(() => undefined))
    fc.assert(fc.property(fc.string(), (text) => {
      expect(Version.parse(text) === undefined).toBe(!/^\d{1,9}(\.\d{1,9})?$/.test(text))
    }))
  })
})

describe("isLegacy", () => {
  it("VER-02 VER-04 VER-05 VER-11 no version, or one below 1.0, as numbers", () => {
    const legacy = (text: string) => Version.isLegacy(Version.parse(text))
    expect(["0.9", "0.10", "0", "00.999"].map(legacy)).toEqual([true, true, true, true])
    expect(["1.0", "1", "1.999", "2.4", "11.0"].map(legacy)).toEqual([false, false, false, false, false])
    expect(Version.isLegacy(undefined)).toBe(true)
  })
})
