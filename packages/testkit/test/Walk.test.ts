import { State, Step } from "@xmpp-e2e/protocol"
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as Laws from "../src/Laws.ts"
import * as Walk from "../src/Walk.ts"
import { document, named, place, walks } from "./transitions.ts"

const labelsOf = ({ kinds }: Walk.Walk): ReadonlyArray<string> =>
  [...kinds.keys()].map((kind) => kind.replace(/ .*/, ""))

describe("docs/transitions.md", () => {
  it("is what the reducer does; to write it anew: node packages/testkit/test/transitions.make.ts", () => {
    expect(readFileSync(place, "utf8")).toBe(document())
  })

  it("has a table for every kind of state, and a diagram for each role", () => {
    const text = document()
    for (const kind of Laws.kinds) expect(text).toContain(`: ${kind.replace("+resuming", " (resuming)")}`)
    expect(text.match(/^stateDiagram-v2$/gm)).toHaveLength(2)
  })
})

describe("Walk", () => {
  it("reaches every kind of state", () => {
    const { initiator, recipient } = walks()
    const expected = new Set(Laws.kinds.map((kind) => kind.replace("+resuming", "")))
    expect(new Set([...labelsOf(initiator), ...labelsOf(recipient)])).toEqual(expected)
  })

  it("P-01 has an answer for each event in each state, and P-10 none that leaves Closed", () => {
    const { cells, kinds } = Walk.explore(named("recipient"))
    expect(cells.every(({ answers }) => answers.length > 0)).toBe(true)
    const sparse = [...kinds.keys()].filter((kind) => cells.filter((cell) => cell.kind === kind).length <= 50)
    expect(sparse).toEqual([])
    const closed = cells.filter(({ kind }) => kind === "Closed").flatMap(({ answers }) => answers)
    expect(new Set(closed.map(({ actions, kind }) => `${kind}: ${actions}`))).toEqual(
      new Set(["Closed: ", "Closed: refuse (closed)"])
    )
  })

  it("shows a change of the reducer in its cells", () => {
    const changed = Walk.explore(
      named("initiator"),
      (state, event) => event._tag === "CloseRequested" ? [state, []] : Step.step(state, event)
    )
    const answerOf = ({ cells }: Walk.Walk) =>
      cells.find(({ event, kind }) => kind === "Established" && event === "Close")?.answers
    expect(answerOf(changed)).toMatchObject([{ kind: "Established", actions: "" }])
    expect(answerOf(walks().initiator)).toMatchObject([{ actions: "send footer" }])
  })

  it("names a state by its label and by what else its answers depend on", () => {
    const [first] = named("initiator")
    const dormant = Step.initial(first!.config)
    expect(Walk.kindOf(dormant)).toBe(State.label(dormant))
    const [opened] = Step.step(dormant, { _tag: "TransportOpened" })
    expect(Walk.kindOf(opened)).toBe("Initiating.AwaitingHeader (in clear)")
  })
})
