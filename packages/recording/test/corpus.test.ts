import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Fs from "node:fs"
import * as Explain from "../src/Explain.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as Reread from "../src/Reread.ts"
import * as Corpus from "./corpus.ts"
import { ends } from "./ends.ts"
import { endOf, page, requirementsOf } from "./index.page.ts"
import { scenarios } from "./scenarios.ts"
import { wires } from "./stories/wires.ts"

const texts = Corpus.texts(Corpus.place)
const corpus = new Map([...texts].map(([name, text]) => [name, Result.getOrThrow(Recording.decode(text))]))

describe("the corpus", () => {
  it("holds every story, and no file that nobody knows", () => {
    expect([...corpus.keys()].sort()).toEqual(Object.keys(ends).sort())
    expect(scenarios().map(({ name }) => name).sort()).toEqual([...corpus.keys()].sort())
  })

  it("is small: no file of more than 16 kB, 2 MB in all", () => {
    const sizes = [...texts].map(([name, text]) => ({ name, bytes: text.length }))
    expect(sizes.filter(({ bytes }) => bytes > 16_384)).toEqual([])
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(2_097_152)
  })

  it("has an index that is not stale (else: pnpm corpus --write)", () => {
    expect(Fs.readFileSync(Corpus.place.index, "utf8").split("\n")).toEqual(page(corpus).split("\n"))
  })

  it("says of each recording which requirements it is about, as the ledger names them", () => {
    const ledger = Fs.readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8")
    const known = new Set(ledger.match(/\b[A-Z][A-Z0-9]*-\d+\b/g))
    // Rows of packages to come; the reducer keeps to them already.
    const later = /^(?:SM|PING|C2C)-/
    const unknown = [...corpus].flatMap(([name, recording]) => {
      const front = /^[A-Z][A-Z0-9]*-\d+(?: [A-Z][A-Z0-9]*-\d+)*: ./.test(recording.head.note ?? "")
      const ids = requirementsOf(recording).filter((id) => !known.has(id) && !later.test(id))
      return front && ids.length === 0 ? [] : [[name, ...ids]]
    })
    expect(unknown).toEqual([])
  })

  it("P-21 holds bytes that are read and written as they were", () => {
    const outcomes = [...corpus].map(([name, recording]) => [name, Reread.run(recording)] as const)
    expect(outcomes.filter(([, { _tag }]) => _tag !== "Absent" && _tag !== "Agreed")).toEqual([])
    const agreed = outcomes.flatMap(([name, outcome]) => outcome._tag === "Agreed" ? [[name, outcome] as const] : [])
    expect(agreed.map(([name]) => name)).toEqual(wires().map(({ name }) => name).sort())
    for (const [, { received, sent, until }] of agreed) {
      expect(received * sent).toBeGreaterThan(0)
      expect(until).toBeUndefined()
    }
  })

  it("has a message and an orderly close where it says so", () => {
    const done = Recording.steps(corpus.get("secure-session.initiator")!)
      .flatMap(({ actions }) => actions.map((action) => action._tag))
    expect(done).toEqual(expect.arrayContaining(["StartTls", "JudgePeer", "Deliver", "SendFooter", "EndTransport"]))
  })

  it.each([...corpus])(
    "P-21 %s replays as it was recorded, ends as it should, comes out the same",
    (name, recording) => {
      expect(Explain.outcome(Replay.run(recording))).toBe(`matched: ${Recording.steps(recording).length} steps, Closed`)
      expect(endOf(recording)).toBe(ends[name])
      expect(recording.torn).toBeUndefined()
      const renewed = Replay.renew(recording)
      expect(renewed).toEqual(recording)
      const written = Recording.encode(renewed)
      expect(Result.getOrThrow(Recording.decode(written))).toEqual(renewed)
      const text = texts.get(name) ?? ""
      expect((Corpus.isCurrent(text) ? text : written).split("\n")).toEqual(written.split("\n"))
    }
  )
})
