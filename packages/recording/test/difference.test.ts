import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Schema"
import { difference } from "../src/internal/difference.ts"

it.prop("JSON and a copy of it do not differ", [Effect.Json], ([json]) => {
  expect(difference(json, JSON.parse(JSON.stringify(json)))).toBeUndefined()
})

it.prop(
  "two that do not differ have the same text once their keys are sorted",
  [Effect.Json, Effect.Json],
  ([one, other]) => {
    expect(difference(one, other) === undefined).toBe(sorted(one) === sorted(other))
  }
)

it.each([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined],
  [{ a: 1, b: undefined }, { a: 1 }, undefined],
  [{ a: 1 }, { a: 1, b: null }, ["b"]],
  [{ a: [1, { c: "x" }] }, { a: [1, { c: "y" }] }, ["a", "1", "c"]],
  [[1], [1, 2], ["1"]],
  [[], {}, []],
  [{}, null, []],
  [{ toString: 1 }, {}, ["toString"]],
  [JSON.parse(`{"__proto__":{"a":1}}`), JSON.parse(`{"__proto__":{"a":2}}`), ["__proto__", "a"]],
  [JSON.parse(`{"__proto__":{"a":1}}`), {}, ["__proto__"]]
])("%j and %j differ at %j", (one, other, path) => {
  expect(difference(one, other)).toEqual(path)
  expect(difference(other, one)).toEqual(path)
})

const sorted = (json: Effect.Json): string =>
  JSON.stringify(json, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1))
      : value)
