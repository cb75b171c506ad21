import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { visit } from "../src/who-is-here.ts"

const lines = [
  "romeo@forza is here",
  "Romeo (romeo@forza) is not to be disturbed",
  "Romeo (romeo@forza) can be reached at 192.0.2.1",
  "Romeo (romeo@forza) is gone"
]

it.effect("LL-14, LL-22 tells who comes, how he is, where he is, and that he goes", () =>
  Effect.map(visit, (told) => assert.deepStrictEqual(told, lines)))

it("prints that", () => {
  const program = fileURLToPath(new URL("../src/who-is-here.ts", import.meta.url))
  assert.strictEqual(execFileSync(process.execPath, [program], { encoding: "utf8" }), `${lines.join("\n")}\n`)
})
