/**
 * What a byte costs in small stanzas and in large ones.
 */
import { ours } from "../contenders/ours.ts"
import { saxes } from "../contenders/saxes.ts"
import type { Outcome, Settings } from "../harness/bench.ts"
import * as Credentials from "../harness/credentials.ts"
import { open } from "../harness/pair.ts"
import { besides, summarise } from "../harness/statistics.ts"
import { number, spread } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"

export const growing = async ({ progress, turns }: Pick<Settings, "progress" | "turns">): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const pairs = [await open(ours.name, credentials), await open(saxes.name, credentials)]
  try {
    const rows = []
    for (const textBytes of sizes) {
      const count = Math.ceil(Math.min(10_000, bytesInAll / textBytes))
      for (const pair of pairs) await pair.load({ seed: 1, kind: "chat", count, sender: "initiator", textBytes })
      const entrants = pairs.map((pair) => ({ name: `${textBytes} bytes`, run: () => pair.run("initiator") }))
      const costs = await takeTurns(entrants, turns, (done) => progress(`sizes, ${done}`))
      // Nanoseconds.
      const [own = [], others = []] = costs.map((each) =>
        each.map(({ cpuMillis }) => cpuMillis * 1e6 / count / textBytes)
      )
      rows.push({ textBytes, ours: summarise(own), saxes: summarise(others), ratio: besides(own, others) })
    }
    return {
      tables: [{
        title: "Sizes of stanzas",
        columns: ["bytes of text", "ours, CPU ns a byte", "minimal saxes, CPU ns a byte", "ours CPU ×"],
        rows: rows.map(({ ours, ratio, saxes, textBytes }) => [
          number(textBytes),
          spread(ours),
          spread(saxes),
          spread(ratio)
        ])
      }],
      figures: rows,
      claims: []
    }
  } finally {
    for (const pair of pairs) await pair.end()
  }
}

const sizes = [100, 300, 1000, 4000, 16_000, 64_000, 250_000, 1_000_000]
const bytesInAll = 8_000_000
