import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { program } from "../src/short-string.ts"

it.live("RFC 9266 two people see the same string over real TLS, and are verified to each other", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* program, ["unverified", "verified"])
  }))
