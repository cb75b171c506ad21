import { expect, it } from "vitest"
import { ViewerError } from "../src/index.ts"

it("says what is too long, and what to do", () => {
  expect(ViewerError.make({ _tag: "TooLong", name: "a.ndjson", steps: 12, stepsMax: 10 }).message).toBe(
    "a.ndjson has 12 steps, and a page shows 10 at most; keep its first lines, or read it with --describe"
  )
})
