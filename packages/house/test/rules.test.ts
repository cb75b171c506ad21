/** Each rule catches what it is for, and only that: planted violations, and near misses beside them. */
import { describe, expect, it } from "vitest"
import { type Exception, exceptions } from "../src/exceptions.ts"
import { read } from "../src/repository.ts"
import { documented, finished, introduced, portable, pure, small, tested, total, unfocused } from "../src/rules.ts"
import { source } from "../src/syntax.ts"
import type { Violation } from "../src/violation.ts"

const inProtocol = (text: string) => source("packages/protocol/src/Some.ts", text)
const inTests = (text: string) => source("packages/protocol/test/Some.test.ts", text)
const said = (violations: ReadonlyArray<Violation>) => violations.map(({ line, problem }) => `${line} ${problem}`)

describe("pure", () => {
  it.each([
    ["const now = Date.now()", "1 uses Date"],
    ["\nconst a = new Date()", "2 uses Date"],
    ["const a = Math.random()", "1 uses Math.random"],
    ["setTimeout(() => {}, 1)", "1 uses setTimeout"],
    ["const a = process.env", "1 uses process"],
    ["console.log(1)", "1 uses console"],
    ["const a = globalThis.crypto", "1 uses globalThis"],
    ["const a = `${crypto.subtle}`", "1 uses crypto"],
    ["const a = b.localeCompare(c)", "1 uses b.localeCompare"]
  ])("catches %s", (text, problem) => {
    expect(said(pure(inProtocol(text)))).toEqual([problem])
  })

  it("leaves names, comments and strings alone, and packages that may do such things", () => {
    expect(pure(inProtocol("// Date\nconst a = b.process + Math.max(1) + \"console\" + `Date`"))).toEqual([])
    expect(pure(source("packages/node/src/Some.ts", "Date.now()"))).toEqual([])
    expect(pure(inTests("Date.now()"))).toEqual([])
  })
})

describe("total", () => {
  it.each([
    ["throw a", "1 uses throw"],
    ["const a = async () => 1", "1 uses async"],
    ["const a = await b", "1 uses await"],
    ["class A {}", "1 uses class"],
    ["switch (a) {\n  default:\n    b()\n}", "2 has a default branch"]
  ])("catches %s", (text, problem) => {
    expect(said(total(inProtocol(text)))).toEqual([problem])
  })

  it("leaves other packages and other meanings alone", () => {
    expect(total(source("packages/xml/src/Some.ts", "throw a"))).toEqual([])
    expect(total(inProtocol("const a = b.default + { class: 1 }.class // throw"))).toEqual([])
  })
})

describe("finished", () => {
  const later = ["TO", "DO"].join("")
  it.each([
    [`// ${later}: later`, `1 says ${later}`],
    ["/** @ts-ignore */", "1 says @ts-ignore"],
    ["const a = b as any", "1 uses the type any"],
    ["const a = (b: any) => b", "1 uses the type any"],
    ["const a: Array<any> = []", "1 uses the type any"],
    ["const a = b as unknown as C", "1 casts by way of unknown"]
  ])("catches %s", (text, problem) => {
    expect(said(finished(inProtocol(text)))).toEqual([problem])
    expect(said(finished(inTests(text)))).toEqual([problem])
  })

  it("leaves the word any in prose, and unknown by itself, alone", () => {
    expect(finished(inProtocol("// any\nconst a: unknown = Promise.any(b) + \"as any\" as unknown"))).toEqual([])
  })
})

describe("portable", () => {
  const path = (...parts: ReadonlyArray<string>) => `/${parts.join("/")}`
  it.each([path("home", "me"), `a ${path("root", "x")}`, `"${path("tmp", "x")}"`, `(${path("work", "x")})`])(
    "catches %s",
    (text) => expect(said(portable("README.md", `\n${text}`))).toEqual(["2 names a path of a machine"])
  )

  it("leaves addresses and relative paths alone", () => {
    expect(portable("README.md", "https://a.example/home/x ./tmp/x ../work/x a/root/b")).toEqual([])
  })
})

describe("unfocused", () => {
  it.each(["it.only(1)", "describe.skip(1)", "it.effect.skip(1)", "test.skipIf(a)(1)"])("catches %s", (text) => {
    expect(unfocused(inTests(text))).toHaveLength(1)
  })

  it("leaves other members of such names alone", () => {
    expect(unfocused(inTests("it.skipIf(a)(\n  \"talks (needs the openssl program)\", b)"))).toEqual([])
    expect(unfocused(inTests("reader.skip(1)\nit.effect(\"it.only\")"))).toEqual([])
  })
})

describe("small", () => {
  const lines = (count: number) => "\n".repeat(count)
  const long = `const a = () => {${lines(60)}}\n`

  it("catches long files and long functions", () => {
    expect(said(small(inProtocol(lines(300))))).toEqual([])
    expect(said(small(inProtocol(lines(301))))).toEqual(["301 has 301 lines, more than 300"])
    expect(said(small(inTests(lines(500))))).toEqual([])
    expect(said(small(inTests(lines(501))))).toEqual(["501 has 501 lines, more than 500"])
    expect(said(small(inProtocol(long)))).toEqual(["1 has a function of 61 lines, more than 60"])
    expect(said(small(inTests(long)))).toEqual([])
  })

  it("allows what has been looked at, up to the figure that was written down", () => {
    const exception: Exception = { path: "packages/protocol/src/Some.ts", linesMax: 310, functionMax: 61, reason: "" }
    expect(small(inProtocol(lines(310)), [exception])).toEqual([])
    expect(small(inProtocol(lines(311)), [exception])).toHaveLength(1)
    expect(small(inProtocol(long), [exception])).toEqual([])
  })

  it("knows no exception without need and without reason", () => {
    for (const exception of exceptions) {
      const file = source(exception.path, read(exception.path))
      expect(exception.reason.length).toBeGreaterThan(20)
      expect(small(file, [])).not.toEqual([])
      expect(small(file, [exception])).toEqual([])
    }
  })
})

describe("introduced", () => {
  it("wants a paragraph at the top, not the docstring of the first export", () => {
    expect(introduced(inProtocol("/** What this file owns, and what not. */\nexport const a = 1"))).toEqual([])
    expect(introduced(inProtocol("const a = 1 // what this file owns, and what not"))).toHaveLength(1)
    expect(introduced(inProtocol("/** Short. */"))).toHaveLength(1)
    expect(introduced(inProtocol("/** What this value is.\n * @since 0.1.0\n * @category a */"))).toHaveLength(1)
  })
})

describe("documented", () => {
  const doc = (...tags: ReadonlyArray<string>) => `/**\n * It.\n *\n${tags.map((tag) => ` * ${tag}\n`).join("")} */\n`
  it.each([
    ["export const a = 1", 1],
    [`${doc("@since 0.1.0")}export const a = 1`, 1],
    [`${doc("@category models")}export const a = 1`, 1],
    [`${doc("@since 0.1.0", "@category a", "@category b")}export const a = 1`, 1],
    [`${doc("@since 0.1.0", "@category models")}const a = 1\nexport { a }`, 1],
    [`${doc("@since 0.1.0", "@category models")}export const a = 1`, 0]
  ])("judges %j", (text, count) => {
    expect(documented(inProtocol(text))).toHaveLength(count)
    expect(documented(source("packages/protocol/src/internal/some.ts", text))).toEqual([])
  })
})

describe("tested", () => {
  it("wants a test file of the module's name, unless the module has types only", () => {
    const file = inProtocol("export const a = 1")
    expect(tested(file, [file])).toHaveLength(1)
    expect(tested(file, [file, inTests("")])).toEqual([])
    expect(tested(file, [file, source("packages/xml/test/Some.test.ts", "")])).toHaveLength(1)
    expect(tested(inProtocol("export interface A {}\nexport type B = A"), [])).toEqual([])
  })
})
