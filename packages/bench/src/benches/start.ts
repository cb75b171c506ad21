/**
 * How long the command takes to say what it can.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { nanos } from "../harness/resources.ts"
import { besides, summarise } from "../harness/statistics.ts"
import { spread } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"

export const start: Bench = {
  name: "start",
  about: "how long `xmpp-e2e --help` takes, beside a Node that does nothing",
  details: "From starting the process to its end, on the wall's clock. `ours ×` is what ours takes against a row.",
  turns: 15,
  run: (settings) => run(settings)
}

const run = async ({ progress, turns }: Settings): Promise<Outcome> => {
  const entrants = commands.map(({ name, words }) => ({ name, run: () => millisOf(words) }))
  const took = await takeTurns(entrants, turns, progress)
  const rows = commands.map(({ name }, at) => ({
    name,
    millis: summarise(took[at] ?? []),
    ours: besides(took[0] ?? [], took[at] ?? [])
  }))
  return {
    tables: [{
      title: "Starting",
      columns: ["", "ms", "ours ×"],
      rows: rows.map(({ millis, name, ours }) => [name, spread(millis), spread(ours)])
    }],
    figures: rows,
    claims: rows.slice(0, 1).map(({ millis, name }) => ({
      figure: name,
      bound: "most",
      must: 300,
      aim: 150,
      measured: millis.median,
      unit: " ms"
    }))
  }
}

const millisOf = async (words: ReadonlyArray<string>): Promise<number> => {
  const since = nanos()
  const child = spawn(process.execPath, [...words], { stdio: "ignore" })
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`node ${words.join(" ")} ended with ${code}`)
  return (nanos() - since) / 1e6
}

/** Found by its path, so that this package need not stand on the whole of that one. */
const command = fileURLToPath(new URL("../../../cli/bin/xmpp-e2e.js", import.meta.url))

const commands = [
  { name: "xmpp-e2e --help", words: [command, "--help"] },
  { name: "node -e 0", words: ["-e", "0"] }
]
