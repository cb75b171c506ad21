import { afterEach, beforeEach, describe, expect, it } from "@effect/vitest"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { corpus } from "./corpus.make.ts"
import * as Corpus from "./corpus.ts"
import { scenarios } from "./scenarios.ts"

const told = ["reset.initiator", "truncated.recipient", "idle.initiator"]
const stories = scenarios().filter(({ name }) => told.includes(name))

let place: Corpus.Place

const pathOf = (name: string): string => `${place.folder}${name}.ndjson`
const spoil = (name: string, by: (text: string) => string): void =>
  Fs.writeFileSync(pathOf(name), by(Fs.readFileSync(pathOf(name), "utf8")))
const all = () => [...Corpus.texts(place), Fs.readFileSync(place.index, "utf8")]

beforeEach(() => {
  const root = Fs.mkdtempSync(Path.join(Os.tmpdir(), "corpus-"))
  place = { folder: Path.join(root, "sessions/"), index: Path.join(root, "README.md") }
  Fs.mkdirSync(place.folder)
  corpus(["--write"], place, stories)
})

afterEach(() => Fs.rmSync(Path.dirname(place.index), { recursive: true }))

describe("pnpm corpus", () => {
  it("finds our own corpus as the reducer answers", () => {
    expect(corpus([])).toEqual({ code: 0, lines: ["the corpus is as the reducer answers"] })
  })

  it("writes stories that have no file, shows all of them, and is done", () => {
    expect([...Corpus.texts(place).keys()]).toEqual([...told].sort())
    Fs.rmSync(pathOf("reset.initiator"))
    const { code, lines } = corpus(["--check"], place, stories)
    expect(code).toBe(1)
    expect(lines.slice(0, 3)).toEqual(["--- /dev/null", "+++ reset.initiator.ndjson", "@@ step 0: TransportOpened @@"])
    expect(corpus(["--write"], place, stories).code).toBe(0)
    expect(corpus(["--check"], place, stories).code).toBe(0)
  })

  it("shows a step that is answered otherwise, and writes it only when told to", () => {
    const right = all()
    spoil("reset.initiator", (text) => text.replace(`"after":15000`, `"after":16000`))
    const wrong = all()
    const { code, lines } = corpus(["--check"], place, stories)
    expect(code).toBe(1)
    expect(lines.filter((line) => /^[-+@]/.test(line))).toEqual([
      "--- reset.initiator.ndjson",
      "+++ reset.initiator.ndjson",
      "@@ step 0: TransportOpened @@",
      `-{"_tag":"SetTimer","timer":"step","generation":2,"after":16000}`,
      `+{"_tag":"SetTimer","timer":"step","generation":2,"after":15000}`
    ])
    expect(lines.join("\n")).not.toMatch(/\u001b/)
    expect(all()).toEqual(wrong)
    expect(corpus(["--write"], place, stories).lines.slice(0, -1)).toEqual(lines.slice(0, -1))
    expect(all()).toEqual(right)
  })

  it("never writes an event: an edited one stays, and is answered anew", () => {
    const event = `"event":{"_tag":"TransportLost","fault":"ECONNRESET"}`
    spoil("reset.initiator", (text) => text.replace(event, event.replace("ECONNRESET", "EPIPE")))
    expect(corpus(["--check"], place, stories).code).toBe(1)
    expect(corpus(["--write"], place, stories).code).toBe(0)
    const text = Fs.readFileSync(pathOf("reset.initiator"), "utf8")
    expect(text).toContain(event.replace("ECONNRESET", "EPIPE"))
    expect(text).toContain(`"detail":"EPIPE"`)
  })

  it("keeps a recording that no story tells", () => {
    Fs.copyFileSync(pathOf("reset.initiator"), pathOf("found-in-the-field.initiator"))
    expect(corpus(["--write"], place, stories).code).toBe(0)
    expect(Corpus.texts(place).get("found-in-the-field.initiator")).toBe(Corpus.texts(place).get("reset.initiator"))
    expect(Fs.readFileSync(place.index, "utf8")).toContain("| found-in-the-field.initiator |")
  })

  it("tells that the index is stale", () => {
    Fs.writeFileSync(place.index, "")
    expect(corpus(["--check"], place, stories)).toEqual({
      code: 1,
      lines: ["the index is stale", "pnpm corpus --write writes this down"]
    })
  })

  it("touches nothing when a recording cannot be read, or is torn", () => {
    for (const by of [(text: string) => text.replace(`"seq":1`, `"seq":7`), (text: string) => text.slice(0, -9)]) {
      corpus(["--write"], place, stories)
      spoil("idle.initiator", by)
      spoil("reset.initiator", (text) => text.replace(`"after":15000`, `"after":16000`))
      const before = all()
      const { code, lines } = corpus(["--write"], place, stories)
      expect(code).toBe(2)
      expect(lines.join()).toMatch(/^idle\.initiator (?:cannot be read|is torn): ./)
      expect(all()).toEqual(before)
      Fs.rmSync(pathOf("idle.initiator"))
    }
  })

  it("never writes bytes: where they no longer belong to the steps, the story has to be told anew", () => {
    const name = "bytes-until-cut-off.recipient"
    const wired = scenarios().filter((story) => story.name === name)
    corpus(["--write"], place, wired)
    spoil(name, (text) => text.replace(`"wire":"out","at":10,"bytes":"P`, `"wire":"out","at":10,"bytes":"O`))
    const { code, lines } = corpus(["--write"], place, wired)
    expect(code).toBe(2)
    expect(lines.join()).toMatch(
      /^bytes-until-cut-off\.recipient has bytes, which are never written anew: what was sent/
    )
    Fs.rmSync(pathOf(name))
    expect(corpus(["--write"], place, wired).code).toBe(0)
    expect(corpus(["--check"], place, wired).code).toBe(0)
  })

  it.each([["--anew"], ["--check", "--write"], ["reset.initiator"]])("does not know %s", (...args) => {
    expect(corpus(args, place, stories)).toEqual({ code: 2, lines: ["usage: pnpm corpus [--check | --write]"] })
  })
})
