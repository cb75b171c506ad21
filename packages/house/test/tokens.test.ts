import { expect, it } from "vitest"
import { sources } from "../src/repository.ts"
import { tokenize } from "../src/tokens.ts"

const kinds = (text: string): ReadonlyArray<string> => tokenize(text).map(({ kind, text: own }) => `${kind} ${own}`)

it("tells comments from code", () => {
  expect(kinds("a // b\n/* c\n d */ e")).toEqual(["word a", "comment // b", "comment /* c\n d */", "word e"])
  expect(kinds("#!/usr/bin/env node\na")).toEqual(["comment #!/usr/bin/env node", "word a"])
  expect(kinds("this.#a")).toEqual(["word this", "mark .", "mark #", "word a"])
})

it("keeps strings whole, whatever is in them", () => {
  expect(kinds(`"a\\"b // c" 'it"s'`)).toEqual([`string "a\\"b // c"`, `string 'it"s'`])
})

it("takes templates apart at their substitutions, nested ones too", () => {
  expect(kinds("`a${b}c`")).toEqual(["template `a${", "word b", "template }c`"])
  expect(kinds("`${{ a: `x${1}` }.a}` }")).toEqual([
    "template `${",
    "mark {",
    "word a",
    "mark :",
    "template `x${",
    "number 1",
    "template }`",
    "mark }",
    "mark .",
    "word a",
    "template }`",
    "mark }"
  ])
  expect(kinds("`$ \\${ \\` {`")).toEqual(["template `$ \\${ \\` {`"])
})

it("tells a regular expression from a division", () => {
  expect(kinds("a / b / c")).toEqual(["word a", "mark /", "word b", "mark /", "word c"])
  expect(kinds("(a) / 2")).toEqual(["mark (", "word a", "mark )", "mark /", "number 2"])
  expect(kinds("= /[/\"]\\//gu.test(a)")[1]).toBe("regex /[/\"]\\//gu")
  expect(kinds("return /a'/")).toEqual(["word return", "regex /a'/"])
  expect(kinds("`${/`/}`")).toEqual(["template `${", "regex /`/", "template }`"])
})

it("knows the marks that matter", () => {
  expect(kinds("(...a)=>b?.c ?.5:1_0n")).toEqual([
    "mark (",
    "mark ...",
    "word a",
    "mark )",
    "mark =>",
    "word b",
    "mark ?.",
    "word c",
    "mark ?",
    "number .5",
    "mark :",
    "number 1_0n"
  ])
})

it("counts lines from 1", () => {
  expect(tokenize("a\n/*\n*/\n\nb `\n` c").map(({ line }) => line)).toEqual([1, 2, 5, 5, 6])
})

it("loses nothing, on every file of the repository and on any beginning of one", () => {
  const [longest = ""] = sources().map(({ text }) => text).sort((one, other) => other.length - one.length)
  const texts = [
    ...sources().map(({ text }) => text),
    ...Array.from({ length: 300 }, (_, at) => longest.slice(0, at * 7))
  ]
  for (const text of texts) {
    const tokens = tokenize(text)
    expect(tokens.every((token) => text.startsWith(token.text, token.start))).toBe(true)
    expect(tokens.map((token) => token.text).join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""))
  }
})
