import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import { difference } from "../src/internal/difference.ts"
import * as Reading from "../src/Reading.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const text = Corpus.textOf("secure-session.initiator")

/** Everything that comes of a text in pieces of at most `length`. */
const readIn = (text: string, length: number): Reading.Piece => {
  const reading = Reading.make()
  const pieces: Array<Reading.Piece> = []
  for (let from = 0; from < text.length; from += length) pieces.push(reading.push(text.slice(from, from + length)))
  pieces.push(reading.end())
  const error = pieces.find((piece) => piece.error !== undefined)?.error
  return { reads: pieces.flatMap(({ reads }) => reads), ...(error === undefined ? {} : { error }) }
}

const lengths = Arbitrary.map(Arbitrary.schema(Effect.Natural), (drawn) => 1 + drawn % 200)

describe("Reading", () => {
  it.prop("reads what decode reads, wherever the text is cut", [arbitrary.document, lengths], ([document, length]) => {
    const { error, reads } = readIn(Recording.encode(document), length)
    expect(error).toBeUndefined()
    const [head, ...lines] = reads
    expect(difference(head, { _tag: "Head", head: document.head })).toBeUndefined()
    expect(difference(lines, document.lines.map((line) => ({ _tag: "Line", line })))).toBeUndefined()
  })

  it("tells a torn end once, and as the last thing", () => {
    const { error, reads } = readIn(text.trimEnd().slice(0, -10), 50)
    expect(error).toBeUndefined()
    expect(reads.map(({ _tag }) => _tag).lastIndexOf("Torn")).toBe(reads.length - 1)
    expect(reads.filter(({ _tag }) => _tag === "Torn")).toHaveLength(1)
  })

  it("answers nothing more after an error, and all that was read before it", () => {
    const reading = Reading.make()
    const lines = text.split("\n")
    const piece = reading.push(`${lines[0]}\n${lines[1]}\n{}\n${lines[2]}\n`)
    expect(piece.reads.map(({ _tag }) => _tag)).toEqual(["Head", "Line"])
    expect(piece.error?.message).toBe("line 3: neither a step, a chunk nor a secret")
    expect(reading.push(`${lines[2]}\n`)).toEqual({ reads: [] })
    expect(reading.end()).toEqual({ reads: [] })
  })
})

describe("hostile documents", () => {
  const [head = "", ...steps] = text.trimEnd().split("\n")
  const after = (line: string) => `${head}\n${line}\n`

  it.each<readonly [string, string, string]>([
    ["nothing", "", "not a recording: it is empty"],
    ["empty lines", "\n\n \n", "not a recording: it is empty"],
    ["NULs", "\0".repeat(1000), "not a recording: the first line is no JSON"],
    ["NULs after the head", after("\0\0\0"), "line 2: no JSON"],
    ["a script", "<script>alert(1)</script>\n", "not a recording: the first line is no JSON"],
    ["another version", head.replace("\"version\":1", "\"version\":1000000"), "version 1000000 is unknown"],
    [
      "a version that is no number",
      head.replace("\"version\":1", "\"version\":\"1\""),
      "line 1: the version is no number"
    ],
    ["a second head", after(head), "line 2: a second head"],
    ["steps in another order", [head, steps[1], steps[0]].join("\n"), "line 2: step 0 was to come, found step 1"],
    ["a step twice", [head, steps[0], steps[0]].join("\n"), "line 3: step 1 was to come, found step 0"],
    ["a missing step", [head, steps[0], steps[2]].join("\n"), "line 3: step 1 was to come, found step 2"],
    ["an event that is none", [head, steps[0]?.replace("TransportOpened", "Exploded")].join("\n"), "line 2: event"],
    ["deep nesting", after("[".repeat(1_000_000)), "line 2: nested deeper than 600"],
    ["deep nesting that ends", after("[".repeat(9000) + "]".repeat(9000)), "line 2: nested deeper than 600"],
    ["numbers that are none", after(`{"seq":1e999,"at":0}`), "line 2: "]
  ])("name the line and the rule: %s", (_, hostile, sentence) => {
    expect(readIn(hostile, 64_000).error?.message).toContain(sentence)
  })

  const place = Arbitrary.schema(Effect.Int.check(Effect.isBetween({ minimum: 0, maximum: text.length - 1 })))

  it("stop a line of 100 MB long before its end", () => {
    const reading = Reading.make()
    reading.push(`${head}\n`)
    const piece = "x".repeat(1_000_000)
    let pushed = 0
    let error: Reading.Piece["error"]
    while (error === undefined && pushed < 100) {
      error = reading.push(piece).error
      pushed += 1
    }
    expect(error?.message).toBe("line 2: longer than 16777216 characters")
    expect(pushed).toBeLessThan(20)
  })

  it.prop(
    "with one character changed they are read, or an error says which line",
    [place, Arbitrary.schema(Effect.String)],
    ([at, edit]) => {
      const { error, reads } = readIn(text.slice(0, at) + edit + text.slice(at + 1), 500)
      if (error !== undefined) expect(error.message).toMatch(/^(line \d+: |not a recording: |version )/)
      const first = reads[0]
      if (first?._tag !== "Head") return expect(error).toBeDefined()
      const lines = reads.flatMap((read) => read._tag === "Line" ? [read.line] : [])
      expect(Replay.run({ head: first.head, lines })._tag).toMatch(/Matched|Diverged/)
    }
  )

  it.prop(
    "cut anywhere they are a recording with a torn end, or none",
    [Arbitrary.schema(Effect.Natural)],
    ([place]) => {
      const at = place % text.length
      const { error } = readIn(text.slice(0, at), 500)
      expect(error === undefined).toBe(at >= head.length)
      expect(Result.isSuccess(Recording.decode(text.slice(0, at)))).toBe(error === undefined)
    }
  )
})
