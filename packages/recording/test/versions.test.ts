import { describe, expect, it } from "vitest"
import { current, type Upcast, upcastFrom } from "../src/upcast/versions.ts"

/** Each step writes down that it was taken. */
const step = (from: number): Upcast => ({
  head: (json) => `${String(json)} head ${from}`,
  line: (json) => `${String(json)} line ${from}`
})

describe("upcastFrom", () => {
  it("leaves the current version as it is", () => {
    const json = { seq: 0 }
    expect(upcastFrom(current)?.line(json)).toBe(json)
    expect(upcastFrom(current)?.head(json)).toBe(json)
  })

  it("takes every step from an old version on", () => {
    const known = [step(1), step(2), step(3)]
    expect(upcastFrom(1, known)?.line("")).toBe(" line 1 line 2 line 3")
    expect(upcastFrom(2, known)?.head("")).toBe(" head 2 head 3")
  })

  it.each([0, -1, 1.5, current + 1, Number.NaN, Infinity])("knows no version %s", (version) => {
    expect(upcastFrom(version)).toBeUndefined()
  })
})
