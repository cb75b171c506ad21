/** The tables of Unicode properties in `protocol` are those of the pinned copy of the database (decision 16). */
import { describe, expect, it } from "vitest"
import { page, path } from "../src/codePoints.ts"
import { read } from "../src/repository.ts"

describe("the tables of code points", () => {
  it("are fresh; `node packages/house/src/codePoints.ts` writes them", () => {
    expect(page() === read(path)).toBe(true)
  })

  it("are small: every start of a program reads them", () => {
    expect(page().length).toBeLessThan(16_000)
  })
})
