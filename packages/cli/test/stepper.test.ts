import { Recording } from "@xmpp-e2e/recording"
import * as Result from "effect/Result"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as Stepper from "../src/stepper.ts"
import { run, temporary } from "./processes.ts"

const file = fileURLToPath(new URL("../../recording/corpus/sessions/secure-session.initiator.ndjson", import.meta.url))

const text = readFileSync(file, "utf8")

const begin = Stepper.make(Result.getOrThrow(Recording.decode(text)))

const count = begin.steps.length

/** Where one is after typing these lines, and what the last of them showed. */
const after = (...typed: ReadonlyArray<string>): Stepper.Shown =>
  typed.reduce<Stepper.Shown>(
    ({ stepper }, line) => Stepper.apply(stepper, Stepper.parse(line, stepper)),
    { stepper: begin, lines: [] }
  )

const at = (...typed: ReadonlyArray<string>): number => after(...typed).stepper.at

describe("stepper", () => {
  it("goes on and back, and stays inside", () => {
    assert.strictEqual(at("n", "n", "n", "b"), 1)
    assert.strictEqual(at("b"), -1)
    assert.strictEqual(at("l"), count - 1)
    assert.strictEqual(at("l", "n"), count - 1)
    assert.deepStrictEqual(after("l", "n").lines, ["that was the last step"])
    assert.strictEqual(at("l", "f"), 0)
    assert.deepStrictEqual(after("f", "b").lines, ["that was the first step"])
  })

  it("visits every step once, by next and by back", () => {
    const there = Array.from({ length: count }, (_, index) => at(...Array.from({ length: index + 1 }, () => "n")))
    assert.deepStrictEqual(there, begin.steps.map((_, index) => index))
    const back = Array.from({ length: count }, (_, index) => at("l", ...Array.from({ length: index }, () => "b")))
    assert.deepStrictEqual(back, there.toReversed())
  })

  it("jumps to a step by its number, and says when there is none", () => {
    assert.strictEqual(at("3"), 3)
    assert.strictEqual(at("j 3"), 3)
    assert.strictEqual(at("3", "999999999"), 3)
    assert.deepStrictEqual(after("999999999").lines, ["there is no step 999999999"])
  })

  it("searches onwards, and an empty line does the same again", () => {
    const first = after("/starttls")
    assert.include(first.lines.join("\n"), "starttls")
    assert.strictEqual(at("/PROCEED"), at("/proceed"))
    assert.isAbove(at("/message", ""), at("/message"))
    assert.strictEqual(at("n", "", ""), 2)
    assert.strictEqual(at("/nowhere"), -1)
    assert.match(after("/nowhere").lines[0] ?? "", /in no step/)
    assert.strictEqual(at("/message", "/"), at("/message", ""))
  })

  it("shows a step in words, without what people wrote, and the state when asked", () => {
    const shown = after("/proceed").lines
    assert.match(
      shown[0] ?? "",
      /^step \d+ {2}\+\d+\.\d{3}s {2}Initiating\.AwaitingProceed {2}-> {2}Initiating\.AwaitingTls$/
    )
    assert.include(shown, "  event    ElementReceived <proceed/>")
    assert.include(shown, "  actions  start TLS as client")
    const all = begin.steps.flatMap((_, index) => after(String(index)).lines).join("\n")
    assert.notInclude(all, "acquaintance")
    assert.strictEqual(after("3", "s").lines[0], "Initiating.AwaitingTls")
    assert.strictEqual(after("s").lines[0], "Dormant")
    assert.strictEqual(at("3", "s"), 3)
  })

  it("shows where the reducer goes another way", () => {
    const bent = Stepper.make(
      Result.getOrThrow(Recording.decode(text.replaceAll("\"SendFooter\"", "\"SendWhitespace\"")))
    )
    const views = bent.steps.map((_, index) => Stepper.apply(bent, Stepper.parse(String(index), bent)).lines.join("\n"))
    assert.strictEqual(views.filter((view) => view.includes("here the reducer goes another way")).length, 1)
    const end = Stepper.apply(bent, { _tag: "Last" }).stepper
    assert.match(Stepper.apply(end, { _tag: "State" }).lines[0] ?? "", /went another way at step \d+/)
  })

  it("says where steps were left out, and knows no state after them", () => {
    const [head, ...steps] = text.trimEnd().split("\n")
    const later = steps.slice(-1).map((step) => step.replace("{", "{\"omitted\":2,"))
    const gap = Stepper.make(
      Result.getOrThrow(Recording.decode([head, ...steps.slice(0, -3), ...later].join("\n")))
    )
    const end = Stepper.apply(gap, { _tag: "Last" })
    assert.strictEqual(end.lines[0], "… 2 steps were left out here")
    assert.match(Stepper.apply(end.stepper, { _tag: "State" }).lines[0] ?? "", /^steps were left out before this one/)
  })

  it("answers whatever is typed with lines that a terminal can take", () => {
    for (const typed of ["\u001b[2J", "/\u001b]0;x\u0007", "j", "-1", "1e9", "constructor", "__proto__", "/"]) {
      for (const line of after(typed).lines) assert.notMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u)
      assert.strictEqual(at(typed), -1)
    }
  })
})

describe("replay --interactive", () => {
  it("takes commands from standard input until it ends or somebody quits", async () => {
    const { code, stderr, stdout } = await run(["replay", "--interactive", file], "n\n/proceed\nq\nl\n")
    assert.strictEqual(code, 0, stderr)
    assert.include(stdout, "step 0 ")
    assert.include(stdout, "ElementReceived <proceed/>")
    assert.notInclude(stdout, `step ${count - 1} `)
    const ended = await run(["replay", "-i", file], "l\n")
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.include(ended.stdout, `step ${count - 1} `)
  })

  it("refuses what it cannot read", async () => {
    const spoilt = join(temporary(), "spoilt.ndjson")
    writeFileSync(spoilt, `${text.split("\n")[0]}\n[]\n`)
    const { code, stderr } = await run(["replay", "--interactive", spoilt])
    assert.strictEqual(code, 2)
    assert.include(stderr, "line 2: neither a step, a chunk nor a secret")
  })
})
