import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Recording from "../src/Recording.ts"
import * as arbitrary from "./arbitrary.ts"
import { stepDiff } from "./stepDiff.ts"

const clear: Recording.Recording = arbitrary.record(
  { config: arbitrary.configure({ role: "initiator", self: "romeo@forza", peer: "juliet@pronto" }) },
  [{ _tag: "TransportOpened" }, { _tag: "AbortRequested" }]
)

const changed = (by: (step: Recording.Step) => Recording.Step): Recording.Recording => ({
  ...clear,
  lines: Recording.steps(clear).map((step) => step.seq === 1 ? by(step) : step)
})

/** The lines of a diff that one side has. */
const side = (lines: ReadonlyArray<string>, mark: "-" | "+"): ReadonlyArray<string> =>
  lines.filter((line) => line.startsWith(" ") || (line.startsWith(mark) && !line.startsWith(mark.repeat(3))))
    .map((line) => line.slice(1))

describe("stepDiff", () => {
  it("shows the step, what went, what came, and what stayed", () => {
    const before = changed((step) => ({ ...step, actions: step.actions.slice(1), state: "Elsewhere" }))
    const lines = stepDiff("a.ndjson", before, clear)
    expect(lines.slice(0, 3)).toEqual(["--- a.ndjson", "+++ a.ndjson", "@@ step 1: AbortRequested @@"])
    expect(lines.filter((line) => line.startsWith("+{"))).toEqual([
      `+${JSON.stringify(Recording.steps(clear)[1]?.actions[0])}`
    ])
    expect(lines.slice(-2)).toEqual(["--> Elsewhere", "+-> Closed"])
  })

  it("is empty where the answers are the same", () => {
    expect(stepDiff("a.ndjson", clear, changed((step) => ({ ...step, at: 99 })))).toEqual([])
  })

  it("shows all of a recording that is new", () => {
    const lines = stepDiff("a.ndjson", undefined, clear)
    expect(lines[0]).toBe("--- /dev/null")
    expect(lines.filter((line) => line.startsWith("@@"))).toHaveLength(2)
    expect(lines.filter((line) => line.startsWith("-"))).toHaveLength(1)
  })

  it.prop(
    "holds both sides whole, in their order",
    [Arbitrary.array(arbitrary.action, { maxLength: 8 }), Arbitrary.array(arbitrary.action, { maxLength: 8 })],
    ([one, other]) => {
      const both = [...one, ...other.slice(0, 2), ...one.slice(0, 3)]
      const [before, after] = [
        changed((step) => ({ ...step, actions: one })),
        changed((step) => ({ ...step, actions: both }))
      ]
      const lines = stepDiff("a.ndjson", before, after).slice(3)
      if (both.length === one.length) return expect(lines).toEqual([])
      expect(side(lines, "-")).toEqual([...one.map((action) => JSON.stringify(action)), "-> Closed"])
      expect(side(lines, "+")).toEqual([...both.map((action) => JSON.stringify(action)), "-> Closed"])
    }
  )
})
