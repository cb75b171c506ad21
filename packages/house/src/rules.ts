/**
 * The rules of the house that a text can be held to, one function each: a file in, what is wrong with it out. Imports have
 * a file of their own; which files there are is the business of `repository.ts`.
 */
import { type Exception, exceptions } from "./exceptions.ts"
import { exports, functions, isPublicModule, type Source } from "./syntax.ts"
import type { Token } from "./tokens.ts"
import type { Violation } from "./violation.ts"

/** No clock, no chance, no I/O, no locale: nothing that could answer differently tomorrow. */
export const pure = (file: Source): ReadonlyArray<Violation> =>
  file.area !== "src" || !purePackages.has(file.package) ? [] : words(file, ({ text }, before, beforeThat) => {
    if (before !== "." && before !== "?.") return outside.has(text) ? `uses ${text}` : undefined
    return impure.has(text) || impure.has(`${beforeThat}.${text}`) ? `uses ${beforeThat}.${text}` : undefined
  })

/** The reducer answers with values: it throws nothing, waits for nothing, and names every tag in a `switch`. */
export const total = (file: Source): ReadonlyArray<Violation> =>
  file.area !== "src" || file.package !== "protocol" ? [] : words(file, ({ text }, before, _, after) => {
    if (before === "." || before === "?.") return undefined
    if (text === "default") return after === ":" ? "has a default branch" : undefined
    return unanswered.has(text) && after !== ":" ? `uses ${text}` : undefined
  })

/** No way around the compiler, nothing left for later. */
export const finished = (file: Source): ReadonlyArray<Violation> => [
  ...file.tokens.flatMap(({ kind, line, text }) => {
    const [found] = kind === "comment" ? /\b(?:TODO|FIXME|XXX|HACK)\b|@ts-(?:ignore|nocheck)/.exec(text) ?? [] : []
    return found === undefined ? [] : [{ path: file.path, line, problem: `says ${found}` }]
  }),
  ...words(file, ({ text }, before, beforeThat, after) => {
    if (text === "any" && typeBefore.has(before) && after !== "(") return "uses the type any"
    return text === "as" && before === "unknown" && beforeThat === "as" ? "casts by way of unknown" : undefined
  })
]

/** No path of somebody's machine, in any text of the repository. */
export const portable = (path: string, text: string): ReadonlyArray<Violation> =>
  text.split("\n").flatMap((content, at) =>
    machinePath.test(content) ? [{ path, line: at + 1, problem: "names a path of a machine" }] : []
  )

/**
 * A test that is focused hides the others; one that is skipped says nothing, unless its name says what it `(needs …)` that
 * not every machine has.
 */
export const unfocused = (file: Source): ReadonlyArray<Violation> =>
  file.area !== "test" ?
    [] :
    words(file, ({ text, start }, before) =>
      before === "." && focus.has(text) && /\b(?:it|test|describe)(?:\.\w+)*\.$/.test(file.text.slice(0, start)) &&
        !(text === "skipIf" && needs.test(file.text.slice(start)))
        ? `has a test with .${text}`
        : undefined)

/** Sizes that make us look twice. What has been looked at stands in `exceptions`, with its reason. */
export const small = (file: Source, allowed: ReadonlyArray<Exception> = exceptions): ReadonlyArray<Violation> => {
  if (file.area === "other") return []
  const lines = file.text.split("\n").length - 1
  const exception = allowed.find(({ path }) => path === file.path)
  const linesMax = exception?.linesMax ?? (file.area === "src" ? sourceLinesMax : testLinesMax)
  const functionMax = exception?.functionMax ?? functionLinesMax
  return [
    ...lines > linesMax ? [{ path: file.path, line: lines, problem: `has ${lines} lines, more than ${linesMax}` }] : [],
    ...(file.area === "src" ? functions(file) : []).filter((one) => one.lines > functionMax).map((one) => ({
      path: file.path,
      line: one.line,
      problem: `has a function of ${one.lines} lines, more than ${functionMax}`
    }))
  ]
}

/** A source opens by saying what it owns. */
export const introduced = (file: Source): ReadonlyArray<Violation> => {
  if (file.area !== "src") return []
  const first = file.tokens.find(({ text }) => !text.startsWith("#!"))
  const opens = first?.kind === "comment" && !first.text.includes("@category") && prose(first.text).length >= 20
  return opens ? [] : [{ path: file.path, line: 1, problem: "does not open with a paragraph about itself" }]
}

/** What a public module exports has a docstring, with a version and exactly one category. */
export const documented = (file: Source): ReadonlyArray<Violation> =>
  !isPublicModule(file) ? [] : exports(file).flatMap(({ doc, line, name }) => {
    const categories = doc.match(/@category \S/g) ?? []
    if (/@since \d+\.\d+\.\d+/.test(doc) && categories.length === 1) return []
    return [{ path: file.path, line, problem: `exports ${name} without @since and one @category` }]
  })

/** A public module that exists at run time has a test file of its name. */
export const tested = (file: Source, files: ReadonlyArray<Source>): ReadonlyArray<Violation> => {
  if (!isPublicModule(file) || exports(file).every(({ isType }) => isType)) return []
  const wanted = `${file.name.split("/").at(-1)?.replace(/\.ts$/, "")}.test.ts`
  const isThere = files.some((other) =>
    other.package === file.package && other.area === "test" && other.name.split("/").at(-1) === wanted
  )
  return isThere ? [] : [{ path: file.path, line: 1, problem: `has no test file ${wanted}` }]
}

type Judge = (word: Token, before: string, beforeThat: string, after: string) => string | undefined

const words = (file: Source, judge: Judge): ReadonlyArray<Violation> =>
  file.code.flatMap((token, at) => {
    if (token.kind !== "word") return []
    const [before, beforeThat, after] = [at - 1, at - 2, at + 1].map((other) => file.code[other]?.text ?? "")
    const problem = judge(token, before ?? "", beforeThat ?? "", after ?? "")
    return problem === undefined ? [] : [{ path: file.path, line: token.line, problem }]
  })

const prose = (comment: string): string => comment.replace(/^\/\*\*?|\*\/$|^\s*(?:\*|\/\/)/gm, "").trim()

/** Packages whose every function gives equal answers to equal questions. */
export const purePackages = new Set(["xml", "protocol", "recording", "testkit", "jingle"])

const outside = new Set([
  ..."Date Intl process console globalThis crypto performance fetch require Buffer".split(" "),
  ..."setTimeout setInterval setImmediate queueMicrotask".split(" ")
])
const impure = new Set("Math.random localeCompare toLocaleString toLocaleLowerCase toLocaleUpperCase".split(" "))
const unanswered = new Set(["throw", "async", "await", "class"])
const typeBefore = new Set([":", "as", "<", ",", "|", "&", "=>", "satisfies", "="])
const machinePath = new RegExp(`(?:^|[^\\w.~/-])/(?:${["work", "farm", "root", "home", "Users", "tmp"].join("|")})/`)
const focus = new Set(["only", "skip", "todo", "skipIf", "runIf", "fails"])

const needs = /^skipIf\([^)]*\)\(\s*["`][^"`]*\(needs [^)]+\)/

const sourceLinesMax = 300
const testLinesMax = 500
const functionLinesMax = 60
