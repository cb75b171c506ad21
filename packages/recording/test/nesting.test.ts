import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Schema"
import { nestedDeeper } from "../src/internal/nesting.ts"

const depthOf = (json: Effect.Json): number =>
  typeof json === "object" && json !== null ? 1 + Math.max(0, ...Object.values(json).map(depthOf)) : 0

it.prop("counts as the parsed value does, whatever its strings hold", [Effect.Json], ([json]) => {
  const text = JSON.stringify({ "\"{[\\": json })
  const depth = depthOf(json) + 1
  expect(nestedDeeper(text, depth)).toBe(false)
  expect(nestedDeeper(text, depth - 1)).toBe(true)
})

it("stops at the limit", () => {
  expect(nestedDeeper("[".repeat(10_000_000), 100)).toBe(true)
  expect(nestedDeeper("]".repeat(1_000), 0)).toBe(false)
})
