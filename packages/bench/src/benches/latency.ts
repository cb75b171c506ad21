/**
 * The round trip of a ping between two processes, ours beside others.
 */
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { type Child, start } from "../harness/child.ts"
import * as Credentials from "../harness/credentials.ts"
import { besides, summarise, type Summary } from "../harness/statistics.ts"
import { spread, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"
import type { PingService } from "../pings/pingProcess.ts"

export interface Row {
  readonly name: string
  /** Microseconds. */
  readonly p50: Summary
  readonly p99: Summary
  /** The p50 of ours against that of this one, turn by turn. */
  readonly ours: Summary
}

const names = ["ours", "bare TLS", "JSON lines", "minimal saxes"]

export const latency: Bench = {
  name: "latency",
  about: "the round trip of a ping between two processes, one at a time",
  details: [
    "500 pings a turn over an open connection, one after another, from asking to the answer's being there: ours with",
    "`stream.ping`, bare TLS with as many bytes that come back as they went, the others with a question and an answer of",
    "their kind. `ours ×` is what the p50 of ours is against a row, turn by turn."
  ].join("\n"),
  turns: 15,
  contenders: names,
  run: (settings) => run(settings)
}

const run = async ({ contenders, progress, turns }: Settings): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const children: Array<Child<PingService>> = []
  const begin = async (name: string) => {
    const [asker, answerer] = [start<PingService>(file), start<PingService>(file)]
    children.push(asker, answerer)
    const port = await answerer.ask("answer", { name, own: credentials.recipient })
    await asker.ask("connect", { name, own: credentials.initiator, port })
    return { name, run: () => asker.ask("ask", pings) }
  }
  try {
    const entrants = []
    for (const name of contenders) entrants.push(await begin(name))
    const rows = rowsOf(contenders, await takeTurns(entrants, turns, progress))
    return { tables: [tableOf(rows)], figures: rows, claims: claimsOf(rows) }
  } finally {
    for (const child of children) await child.end()
  }
}

const rowsOf = (
  contenders: ReadonlyArray<string>,
  took: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
): ReadonlyArray<Row> => {
  const at = (share: number) => took.map((turns) => turns.map((each) => quantile(each, share)))
  const [halves, most] = [at(0.5), at(0.99)]
  return contenders.map((name, place) => ({
    name,
    p50: summarise(halves[place] ?? []),
    p99: summarise(most[place] ?? []),
    ours: besides(halves[0] ?? [], halves[place] ?? [])
  }))
}

const quantile = (numbers: ReadonlyArray<number>, share: number): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(share * (numbers.length - 1))] ?? 0

const tableOf = (rows: ReadonlyArray<Row>): Table => ({
  title: "Round trip of a ping",
  columns: ["", "p50 µs", "p99 µs", "ours ×"],
  rows: rows.map(({ name, ours, p50, p99 }) => [name, spread(p50), spread(p99), spread(ours)])
})

const claimsOf = (rows: ReadonlyArray<Row>): Outcome["claims"] =>
  rows.filter(({ name }) => name === "bare TLS").map(({ ours }) => ({
    figure: "round trip of a ping, p50, against bare TLS",
    bound: "most",
    must: 1.8,
    aim: 1.3,
    measured: ours.median,
    unit: "×"
  }))

const file = "../pings/pingProcess.ts"
const pings = 500
