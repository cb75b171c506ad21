import { expect, it } from "vitest"
import { exports, functions, imports, isPublicModule, source } from "../src/syntax.ts"

const parse = (text: string) => source("packages/xml/src/Some.ts", text)

it("sorts files by package and area", () => {
  const { area, name, package: owner } = source("packages/testkit/src/simulator/Clock.ts", "")
  expect([owner, area, name]).toEqual(["testkit", "src", "simulator/Clock.ts"])
  expect(source("vitest.workspace.ts", "").area).toBe("other")
  expect(source("packages/cli/vite.ts", "").area).toBe("other")
})

it("calls PascalCase files outside internal public", () => {
  const names = ["Reader.ts", "simulator/Clock.ts", "index.ts", "internal/Step.ts", "skin/effect.ts"]
  expect(names.filter((name) => isPublicModule(source(`packages/xml/src/${name}`, "")))).toEqual([
    "Reader.ts",
    "simulator/Clock.ts"
  ])
  expect(isPublicModule(source("packages/xml/test/Reader.test.ts", ""))).toBe(false)
})

it("reads imports of every form, and which of them exist at run time", () => {
  const text = `
import "a"
import b from "b"
import * as c from "c"
import type * as d from "d"
import { type E, f as g, h } from "e"
import type { I } from "i"
import type from "j"
import k, { type L } from "k"
export * as m from "m"
export type { N } from "n"
export { o } from "o"
const p = await import("p")
const q = { import: 1 }; export { q }
r.import("r")
// import "s"
const t = 'import "t"', u = import.meta.url
`
  expect(imports(parse(text)).map(({ line, specifier, values }) => [specifier, line, ...values])).toEqual([
    ["a", 2, "*"],
    ["b", 3, "b"],
    ["c", 4, "*"],
    ["d", 5],
    ["e", 6, "f", "h"],
    ["i", 7],
    ["j", 8, "type"],
    ["k", 9, "k"],
    ["m", 10, "*"],
    ["n", 11],
    ["o", 12, "o"],
    ["p", 13, "*"]
  ])
})

it("reads exports with their docstrings", () => {
  const text = `
/** One. */
export const a = () => { const export_ = 1 }
// Two.
export interface B {}
/** Three. */
export declare const c: number
/** Four. */
export async function d() {}
/** Five. */
export type { E }
/** Six. */
export class F {}
/** Seven. */
export * from "g"
`
  expect(exports(parse(text)).map(({ doc, isType, name }) => [name, isType, doc])).toEqual([
    ["a", false, "/** One. */"],
    ["B", true, ""],
    ["c", false, "/** Three. */"],
    ["d", false, "/** Four. */"],
    ["{", true, "/** Five. */"],
    ["F", false, "/** Six. */"],
    ["*", false, "/** Seven. */"]
  ])
})

it("measures functions of every form", () => {
  const text = `const a = (
  x: number
): { y: number } => {
  return { y: x }
}
function b(): { c: number } | undefined {

}
class D {
  e(f: () => void): void
  g(h: number) {
    if (h) {
    }
  }
}
const i = (j: number) =>
  k(
    j
  )
const l = m((n) => n + 1, {

})
const o = Effect.gen(function*() {

})
`
  expect(functions(parse(text))).toEqual([
    { line: 1, lines: 5 },
    { line: 6, lines: 3 },
    { line: 10, lines: 1 },
    { line: 11, lines: 4 },
    { line: 16, lines: 4 },
    { line: 20, lines: 1 },
    { line: 23, lines: 3 }
  ])
})
