/**
 * What recording costs: stanzas a second, of CPU time of this process and all its threads, so that others who use the
 * machine count less.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { type Figure, measure } from "../harness/rates.ts"
import { cpuMicros } from "../harness/resources.ts"
import type { Summary } from "../harness/statistics.ts"
import { begin, type Place, stanzasPerRun } from "../recording/conversation.ts"
import { tableOf } from "./verdict.ts"

export const recording: Bench = {
  name: "recording",
  about: "stanzas a CPU second with and without a recorder that writes files",
  details: [
    "Both ends in one process, over loopback TCP and TLS, and in memory without TLS, where nothing hides what recording costs.",
    "What is aimed at is 0.70 of the rate without a recorder. `× none` is a row against no recorder, turn by turn."
  ].join("\n"),
  turns: 25,
  kinds: ["loopback", "memory"],
  run: (settings) => run(settings)
}

const run = async ({ kinds, progress, turns }: Settings): Promise<Outcome> => {
  const directory = mkdtempSync(join(tmpdir(), "xmpp-e2e-bench-"))
  const found: Array<{ readonly kind: Place; readonly figures: ReadonlyArray<Figure> }> = []
  for (const kind of places.filter((each) => kinds.includes(each))) {
    const conversations = await Promise.all(levels.map((level) => begin(kind, level, directory)))
    const entrants = conversations.map(({ run }, at) => ({ name: names[at] ?? "", run }))
    const figures = await measure(entrants, { turns, turnMillis: 50, clock: () => cpuMicros() / 1000, progress })
    found.push({ kind, figures: figures.map((each) => ({ ...each, perSecond: times(each.perSecond, stanzasPerRun) })) })
    for (const { end } of conversations) await end()
  }
  rmSync(directory, { recursive: true })
  return {
    tables: found.map(({ figures, kind }) => tableOf(`Stanzas, ${titles[kind]}`, figures, "× none")),
    figures: found,
    claims: []
  }
}

const times = ({ least, median, most }: Summary, factor: number): Summary => ({
  least: least * factor,
  median: median * factor,
  most: most * factor
})

const levels = ["none", "redacted", "full"] as const
const names = ["no recorder", "redacted, to files", "full, to files"]
const places: ReadonlyArray<Place> = ["loopback", "memory"]
const titles = { loopback: "loopback TCP and TLS", memory: "in memory, no TLS" }
