import { expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { page } from "../src/page-of-recording.ts"

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../recording/corpus/sessions/secure-session.${name}.ndjson`, import.meta.url))

it("makes one page of both sides", () => {
  const made = Result.getOrThrow(page(corpus("initiator"), corpus("recipient")))
  expect(made).toContain("<title>romeo@forza and juliet@pronto: recording of a stream</title>")
})

it("says why there is no page", () => {
  const file = fileURLToPath(import.meta.url)
  expect(page(file)).toEqual(Result.fail(`${file}: not a recording: the first line is no JSON`))
})

it("writes the page to standard output", () => {
  const program = fileURLToPath(new URL("../src/page-of-recording.ts", import.meta.url))
  const output = execFileSync(process.execPath, [program, corpus("recipient")], { encoding: "utf8" })
  expect(output.startsWith("<!doctype html>")).toBe(true)
})
