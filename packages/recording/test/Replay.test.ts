import { describe, expect, it } from "@effect/vitest"
import { label } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Explain from "../src/Explain.ts"
import { difference } from "../src/internal/difference.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const corpus = Corpus.names().map((name) => Result.getOrThrow(Recording.decode(Corpus.textOf(name))))

/** One of the corpus, disturbed. */
const disturbed = Arbitrary.flatMap(Arbitrary.schema(Effect.Natural), (choice) => {
  const { head, lines } = corpus[choice % corpus.length]!
  const told = lines.filter(Recording.isStep).map((step) => step.event)
  return Arbitrary.map(arbitrary.story(told), (events) => arbitrary.record(head, events))
})

/** A recording and the number of one of its steps. */
const oneStep = Arbitrary.map(Arbitrary.all([disturbed, Arbitrary.schema(Effect.Natural)]), ([recording, choice]) => ({
  recording,
  seq: choice % recording.lines.length
}))

const change = (
  recording: Recording.Recording,
  seq: number,
  by: (step: Recording.Step) => Recording.Step
): Recording.Recording => ({
  ...recording,
  lines: recording.lines.map((line) => Recording.isStep(line) && line.seq === seq ? by(line) : line)
})

describe("run", () => {
  it.prop(
    "P-21 whatever happened, a recording of it matches",
    [arbitrary.config, arbitrary.events],
    ([config, events]) => {
      const outcome = Replay.run(arbitrary.record({ config }, events))
      expect(outcome).toMatchObject({ _tag: "Matched", steps: events.length })
    }
  )

  it.prop(
    "P-21 even for a configuration that nobody would have made",
    [arbitrary.head, arbitrary.events],
    ([head, events]) => {
      expect(Replay.run(arbitrary.record({ config: head.config }, events))._tag).toBe("Matched")
    }
  )

  it.prop("P-21 written down and read back, it still matches", [disturbed], ([recording]) => {
    const read = Result.getOrThrow(Recording.decode(Recording.encode(recording)))
    expect(Replay.run(read)).toMatchObject({ _tag: "Matched", steps: recording.lines.length })
  })

  it.prop("finds the step with one action more", [oneStep, arbitrary.action], ([{ recording, seq }, action]) => {
    const changed = change(recording, seq, (step) => ({ ...step, actions: [...step.actions, action] }))
    expect(Replay.run(changed)).toMatchObject({ _tag: "Diverged", seq })
  })

  it.prop("finds the step with another action", [oneStep, arbitrary.action], ([{ recording, seq }, action]) => {
    const [was] = Recording.steps(recording)[seq]?.actions ?? []
    const changed = change(recording, seq, (step) => ({ ...step, actions: [action, ...step.actions.slice(1)] }))
    const outcome = Replay.run(changed)
    expect(outcome).toMatchObject(
      difference(was, action) === undefined ? { _tag: "Matched" } : { _tag: "Diverged", seq }
    )
  })

  it.prop("finds the step with an action less", [oneStep], ([{ recording, seq }]) => {
    const silent = Recording.steps(recording)[seq]?.actions.length === 0
    const outcome = Replay.run(change(recording, seq, (step) => ({ ...step, actions: step.actions.slice(1) })))
    expect(outcome).toMatchObject(silent ? { _tag: "Matched" } : { _tag: "Diverged", seq })
  })

  it.prop("finds the step with another state", [oneStep], ([{ recording, seq }]) => {
    const outcome = Replay.run(change(recording, seq, (step) => ({ ...step, state: "Elsewhere" })))
    expect(outcome).toMatchObject({ _tag: "Diverged", seq, expected: { state: "Elsewhere" } })
  })

  it.prop("shows a divergence so that it can be had again", [oneStep], ([{ recording, seq }]) => {
    const outcome = Replay.run(change(recording, seq, (step) => ({ ...step, state: "Elsewhere" })))
    if (outcome._tag !== "Diverged") return expect(outcome).toBe("Diverged")
    const [state, actions] = Reducer.step(outcome.state, outcome.event)
    expect({ actions, state: label(state) }).toEqual(outcome.actual)
    expect(outcome.event).toEqual(Recording.steps(recording)[seq]?.event)
  })

  it("passes over the wire, over TLS and its secrets, and over `at`", () => {
    const [recording] = corpus
    const lines = recording!.lines.flatMap((line) => [
      Recording.makeWire("in", 0, new Uint8Array([60])),
      Recording.makeTls("out", 0, new Uint8Array([22])),
      { keylog: "CLIENT_RANDOM", at: 0 },
      { ...line, at: 1e9 }
    ])
    expect(Replay.run({ ...recording!, lines })._tag).toBe("Matched")
  })
})

describe("another reducer", () => {
  /** Ours with one rule changed: a closing stream forgets its timer. */
  const mutant: Replay.Folds = {
    initial: Reducer.initial,
    step: (state, event) => {
      const [after, actions] = Reducer.step(state, event)
      const closes = state._tag === "Established" && event._tag === "CloseRequested"
      return [after, closes ? actions.filter(({ _tag }) => _tag !== "SetTimer") : actions]
    }
  }

  it("P-21 a single changed rule is found by the corpus, at the step where it shows", () => {
    const found = corpus.flatMap((recording) => {
      const outcome = Replay.run(recording, mutant)
      return outcome._tag === "Diverged" ? [outcome] : []
    })
    expect(found.length).toBeGreaterThan(0)
    for (const { event, state } of found) {
      expect([state._tag, event._tag]).toEqual(["Established", "CloseRequested"])
    }
  })

  it("is ours unless another is named", () => {
    for (const recording of corpus) expect(Replay.run(recording, Reducer)).toEqual(Replay.run(recording))
  })
})

describe("next", () => {
  it.prop("a line at a time, as it is read, is the same as all at once", [disturbed], ([recording]) => {
    let cursor = Recording.begin
    let replay: Replay.Replay | undefined
    for (const text of Recording.encode(recording).split("\n")) {
      const decoded = Result.getOrThrow(Recording.decodeLine(cursor, text))
      cursor = decoded.cursor
      if (decoded.read._tag === "Head") replay = Replay.start(decoded.read.head)
      if (decoded.read._tag === "Line" && replay !== undefined) replay = Replay.next(replay, decoded.read.line)
    }
    expect(difference(replay, Replay.run(recording))).toBeUndefined()
  })

  it("stays where it diverged", () => {
    const recording = change(corpus[0]!, 1, (step) => ({ ...step, state: "Elsewhere" }))
    const diverged = Replay.run(recording)
    expect(recording.lines.reduce((replay, line) => Replay.next(replay, line), diverged)).toBe(diverged)
  })
})

describe("until", () => {
  it.prop("is the state after that step", [oneStep], ([{ recording, seq }]) => {
    const state = Replay.until(recording, seq)
    expect(label(state)).toBe(Recording.steps(recording)[seq]?.state)
    const before = Replay.until(recording, seq - 1)
    expect(Reducer.step(before, Recording.steps(recording)[seq]!.event)[0]).toEqual(state)
  })

  it("is the first state before all steps, and the last after them", () => {
    for (const recording of corpus) {
      expect(Replay.until(recording, -1)).toEqual(Reducer.initial(recording.head.config))
      expect(Replay.until(recording, 1e9)._tag).toBe("Closed")
    }
  })
})

describe("renew", () => {
  it.prop("keeps every event and brings the answers up to date", [disturbed], ([recording]) => {
    const spoilt: Recording.Recording = {
      ...recording,
      lines: [
        Recording.makeWire("in", 0, new Uint8Array()),
        Recording.makeTls("in", 0, new Uint8Array()),
        ...Recording.steps(recording).map((step) => ({ ...step, actions: [], state: "Elsewhere" }))
      ]
    }
    const renewed = Replay.renew(spoilt)
    expect(Recording.steps(renewed)).toEqual(recording.lines)
    expect(renewed.lines.filter((line) => !Recording.isStep(line))).toEqual(spoilt.lines.slice(0, 2))
  })
})

describe("steps that were left out", () => {
  it.prop(
    "are told, and end the replay there",
    [oneStep, Arbitrary.schema(Effect.Natural)],
    ([{ recording, seq }, gap]) => {
      const omitted = 1 + gap % 1000
      const lines = recording.lines.filter(Recording.isStep).map((step): Recording.Step =>
        step.seq < seq
          ? step
          : {
            ...step,
            seq: step.seq + omitted,
            ...(step.seq === seq ? { omitted } : { actions: [], state: "Elsewhere" })
          }
      )
      const read = Result.getOrThrow(Recording.decode(Recording.encode({ ...recording, lines })))
      const outcome = Replay.run(read)
      expect(outcome).toMatchObject({ _tag: "Matched", steps: seq, omitted })
      expect(Explain.outcome(outcome)).toContain(`the next ${omitted} were left out`)
      expect(Explain.lines(read)).toContain(`… ${omitted} steps were left out here`)
      expect(Replay.until(read, 1e9)).toEqual(Replay.until(recording, seq - 1))
      expect(Replay.renew(read)).toEqual(read)
    }
  )

  it("are a fault when the numbers do not bear them out", () => {
    const [recording] = corpus
    const lines = Recording.steps(recording!).map((step) => step.seq === 2 ? { ...step, omitted: 1 } : step)
    const read = Recording.decode(Recording.encode({ ...recording!, lines }))
    expect(Result.isFailure(read) && read.failure.reason).toMatchObject({ _tag: "SequenceGap", expected: 2, found: 2 })
  })
})
