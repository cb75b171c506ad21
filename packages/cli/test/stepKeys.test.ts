import { Recording } from "@xmpp-e2e/recording"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as StepKeys from "../src/stepKeys.ts"
import * as Stepper from "../src/stepper.ts"

const file = fileURLToPath(new URL("../../recording/corpus/sessions/secure-session.initiator.ndjson", import.meta.url))

const stepper = Stepper.make(Result.getOrThrow(Recording.decode(readFileSync(file, "utf8"))))

const size = { columns: 100, rows: 24 }

const count = stepper.steps.length

const after = (sent: string, from = StepKeys.begin(stepper, size)): StepKeys.Walk =>
  StepKeys.keysOf(sent).reduce(StepKeys.press, from)

const at = (sent: string): number => after(sent).stepper.at

const shown = (sent: string): string => StepKeys.screen(after(sent)).join("\n")

const up = "\u001b[A"
const down = "\u001b[B"

describe("keys", () => {
  it("go on and back, to the ends and no further", () => {
    assert.strictEqual(at("nnn"), 2)
    assert.strictEqual(at(`${down}${down} ${up}`), 1)
    assert.strictEqual(at("\u001bOC\u001bOC\u001b[D"), 0)
    assert.strictEqual(at("pbpb"), -1)
    assert.strictEqual(at("G"), count - 1)
    assert.strictEqual(at("ln"), count - 1)
    assert.include(shown("ln"), "that was the last step")
    assert.notInclude(shown("lnp"), "that was the last step")
    assert.strictEqual(at("\u001b[F\u001b[H"), 0)
  })

  it("go to a step by its number, which may be corrected or given up", () => {
    assert.strictEqual(at("g12\r"), 12)
    assert.strictEqual(at("g19\u007f2\r"), 12)
    assert.strictEqual(at("g1x2\r"), 12)
    assert.strictEqual(at("ng12\u001bp"), 0)
    assert.strictEqual(at("g\r"), -1)
    assert.include(shown("g999\r"), "there is no step 999")
    assert.match(shown("g12"), /go to step 12_$/)
  })

  it("search onwards, and again by Enter", () => {
    const first = at("/message\r")
    assert.isAtLeast(first, 0)
    assert.isAbove(at("/message\r\r"), first)
    assert.strictEqual(at("/quit\r"), -1)
    assert.include(shown("/nowhere\r"), "\"nowhere\" is in no step")
    assert.isFalse(after("/q").ended)
  })

  it("show the state or the actions while one goes on, and the step again", () => {
    assert.match(shown("nnns"), /^Initiating\.AwaitingProceed|^Initiating\.AwaitingTls|^Initiating/)
    assert.notStrictEqual(shown("nns"), shown("nnsn"))
    assert.match(shown("na"), /"_tag": "SendHeader"/)
    assert.strictEqual(shown("nass").split("\n").slice(0, -1).join(), shown("n").split("\n").slice(0, -1).join())
    assert.include(shown("h"), "Ctrl-C")
    assert.strictEqual(at("hn"), 0)
  })

  it("scroll what is longer than the screen, and no further than its end", () => {
    const state = after("nnns", StepKeys.begin(stepper, { columns: 100, rows: 8 }))
    const end = after("\u001b[6~".repeat(500), state)
    assert.isAbove(end.above, 0)
    assert.strictEqual(after("\u001b[5~".repeat(500), end).above, 0)
    assert.notInclude(StepKeys.screen(end).at(-1) ?? "", "below")
    assert.include(StepKeys.screen(state).at(-1) ?? "", "lines below")
  })

  it("end by q and by Ctrl-C, also while one types", () => {
    for (const sent of ["q", "\u0003", "/abc\u0003", "nng1\u0004"]) assert.isTrue(after(sent).ended)
    assert.isFalse(after("nn").ended)
  })

  it("that mean nothing are told, and change nothing", () => {
    assert.include(shown("nz"), "\"z\" does nothing")
    assert.strictEqual(at("nz"), 0)
    assert.deepStrictEqual(StepKeys.keysOf("\u001b[99;5~\u0000\u0001"), [])
  })
})

describe("screen", () => {
  it("fills the terminal exactly, whatever is pressed and however small it is, with what it can take", () => {
    const keys = fc.array(
      fc.oneof(
        fc.constantFrom(
          "n",
          "p",
          "s",
          "a",
          "h",
          "G",
          "g",
          "1",
          "/",
          "\r",
          "\u001b",
          "\u001b[6~",
          "\u001b[5~",
          "\u007f"
        ),
        fc.string({ unit: "binary", maxLength: 3 }).filter((text) => !/[q\u0003\u0004]/.test(text))
      ),
      { maxLength: 12 }
    )
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 2, max: 40 }), (sent, columns, rows) => {
        const walk = StepKeys.resize(after(sent.join("")), { columns, rows })
        const lines = StepKeys.screen(walk)
        assert.lengthOf(lines, rows)
        for (const line of lines) {
          assert.isAtMost(Array.from(line).length, columns)
          assert.notMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u)
        }
      })
    )
  })

  it("wraps lines instead of cutting them", () => {
    const walk = StepKeys.resize(after("na"), { columns: 20, rows: 400 })
    const wide = StepKeys.screen(StepKeys.resize(walk, { columns: 400, rows: 400 }))
    assert.strictEqual(StepKeys.screen(walk).slice(0, -1).join(""), wide.slice(0, -1).join(""))
  })
})
