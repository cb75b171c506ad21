/**
 * What recording costs: `node packages/bench/src/recording.ts [--json] [--turns N]`. Stanzas a second, of CPU time of this
 * process and all its threads, so that others who use the machine count less. What is aimed at is 0.70 of the rate without
 * a recorder.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { measure } from "./measure.ts"
import { begin, type Place, stanzasPerRun } from "./recording/conversation.ts"
import { table } from "./table.ts"

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, turns: { type: "string", default: "25" } } })
  const directory = mkdtempSync(join(tmpdir(), "xmpp-e2e-bench-"))
  for (const place of places) {
    const conversations = await Promise.all(levels.map((level) => begin(place, level, directory)))
    const entrants = conversations.map(({ run }, at) => ({ name: names[at] ?? "", run }))
    const settings = { turns: Number(values.turns), turnMillis: 50, clock: cpuMillis }
    const figures = (await measure(entrants, settings)).map((figure) => ({
      ...figure,
      perSecond: figure.perSecond * stanzasPerRun
    }))
    for (const { end } of conversations) await end()
    console.log(
      values.json === true
        ? JSON.stringify({ kind: `recording, ${place}`, node: process.version, figures })
        : table(`stanzas, ${titles[place]}`, figures, "× none")
    )
  }
  rmSync(directory, { recursive: true })
}

const cpuMillis = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

const levels = ["none", "redacted", "full"] as const
const names = ["no recorder", "redacted, to files", "full, to files"]
const places: ReadonlyArray<Place> = ["loopback", "memory"]
const titles = { loopback: "loopback TCP and TLS", memory: "in memory, no TLS" }

await main()
