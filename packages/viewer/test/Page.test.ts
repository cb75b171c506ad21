import { Recording } from "@xmpp-e2e/recording"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { Page } from "../src/index.ts"
import { data } from "../src/internal/document.ts"
import { dataIn, decoded, long, names, pageOf, saying, source, textOf } from "./recordings.ts"

const policyOf = (page: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ""

const hashOf = (page: string, block: "script" | "style"): string => {
  const text = new RegExp(`<${block}>(.*?)</${block}>`, "s").exec(page)?.[1] ?? ""
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`
}

/** The page with the data taken out. */
const frameOf = (page: string): string => page.replace(/(id="data">).*?(<\/script>)/s, "$1$2")

describe("make", () => {
  it.each(names)("shows every step of %s, and its replay", (name) => {
    const { recording } = source(name)
    const { rows, sides: [side] } = dataIn(pageOf({ name, recording }))
    expect(rows).toHaveLength(Recording.steps(recording).length)
    expect(side?.steps.map(({ actions, event }) => ({ event, actions }))).toEqual(
      Recording.steps(recording).map(({ actions, event }) => JSON.parse(JSON.stringify({ event, actions })))
    )
    expect(side?.outcome).toMatch(/^matched/)
  })

  it("is smaller than 300 kB without its data", () => {
    expect(Buffer.byteLength(frameOf(pageOf(source("secure-session.initiator"))))).toBeLessThan(100_000)
  })

  it("allows its own script and style by their hashes, and nothing else", () => {
    const page = pageOf(source("secure-session.initiator"))
    expect(policyOf(page)).toBe(
      `default-src 'none'; script-src ${hashOf(page, "script")}; style-src ${hashOf(page, "style")}; ` +
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    expect(frameOf(page)).not.toMatch(/\s(?:src|href|action|on\w+)=|https?:/)
  })

  it("tells a torn last line and a replay that differs", () => {
    const text = textOf("secure-session.initiator")
    const torn = decoded(text.slice(0, -20))
    expect(dataIn(pageOf({ name: "torn", recording: torn })).sides[0]?.torn).toContain("incomplete")
    const bent = decoded(text.replace("\"SendFooter\"", "\"SendWhitespace\""))
    expect(dataIn(pageOf({ name: "bent", recording: bent })).sides[0]).toMatchObject({ matched: false })
  })

  it("refuses a recording that is too long, and says how long it may be", () => {
    const made = Page.make(long(Page.stepsMax + 1))
    expect(Result.isFailure(made) && made.failure.reason).toEqual({
      _tag: "TooLong",
      name: "secure-session.initiator",
      steps: Page.stepsMax + 1,
      stepsMax: Page.stepsMax
    })
  })
})

describe("a hostile recording", () => {
  const hostile = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    "\u2028alert(1)\u2029",
    "{{constructor.constructor('alert(1)')()}}",
    "\"};alert(1);//"
  ]

  it.each(hostile)("is data and no markup, where somebody wrote %j", (body) => {
    const page = pageOf(saying(body))
    expect(frameOf(page)).toBe(frameOf(pageOf(saying("hello"))))
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).not.toMatch(/[\u2028\u2029]/)
    expect(JSON.stringify(dataIn(page))).toContain(JSON.stringify(body))
  })

  it("cannot end the block of data, whatever its text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      const block = data({ text })
      expect(block).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(block)).toEqual({ text })
    }))
  })

  it("names nobody in markup", () => {
    const text = textOf("secure-session.initiator").replace(
      "\"self\":\"romeo@forza\"",
      "\"self\":\"</title><script>x\""
    )
    const page = pageOf({ name: "<b>", recording: decoded(text) })
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).toContain("<title>&#60;/title&#62;&#60;script&#62;x: recording of a stream</title>")
  })

  it("with a key that JavaScript gives a meaning changes nothing", () => {
    const head = textOf("secure-session.initiator").replace(
      "\"note\":",
      "\"trust\":{\"__proto__\":{\"polluted\":1}},\"note\":"
    )
    const page = pageOf({ name: "x", recording: decoded(head) })
    expect(page).toContain("__proto__")
    expect(Reflect.get({}, "polluted")).toBeUndefined()
  })

  it("with a line of 100 MB gives a clear error", () => {
    const text = `${textOf("secure-session.initiator")}{"seq":16,"x":"${"x".repeat(100_000_000)}"}\n`
    const read = Recording.decode(text)
    expect(Result.isFailure(read) && read.failure.message).toMatch(/^line 18: longer than \d+ characters$/)
  })

  it("that nests deeply is a page or a clear error, and never a crash", () => {
    const nested = (depth: number): string => {
      const open = "{\"name\":\"x\",\"namespace\":\"\",\"attributes\":[],\"children\":["
      const [head = "", first = ""] = textOf("secure-session.initiator").split("\n")
      const event = `{"_tag":"ElementReceived","element":${open.repeat(depth)}${"]}".repeat(depth)}}`
      return `${head}\n${first}\n{"seq":1,"at":2,"event":${event},"actions":[],"state":"Initiating.AwaitingHeader"}\n`
    }
    expect(dataIn(pageOf({ name: "deep", recording: decoded(nested(290)) })).rows).toHaveLength(2)
    const deeper = Recording.decode(nested(100_000))
    expect(Result.isFailure(deeper) && deeper.failure.message).toMatch(/nested deeper than 600/)
  })
})
