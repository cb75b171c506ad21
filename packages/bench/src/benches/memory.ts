/**
 * What an idle stream takes, on either side, over a bare mutual TLS socket.
 */
import type { Claim } from "../harness/acceptance.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { start } from "../harness/child.ts"
import * as Credentials from "../harness/credentials.ts"
import type { Memory } from "../harness/resources.ts"
import { slope, summarise, type Summary } from "../harness/statistics.ts"
import { spread, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"
import type { SessionService } from "../sessions/sessionProcess.ts"

/** Kilobytes a stream. */
export interface Slopes {
  readonly host: Memory
  readonly guest: Memory
}

export interface Row {
  readonly name: string
  readonly side: keyof Slopes
  readonly resident: Summary
  readonly kept: Summary
  /** What ours takes more than this one, turn by turn. */
  readonly oursMore: { readonly resident: Summary; readonly kept: Summary }
}

const names = ["ours", "bare TLS", "minimal saxes"]

export const memory: Bench = {
  name: "memory",
  about: "kilobytes that an idle stream takes, on either side",
  details: [
    "New processes each turn. A process opens streams to another; when 200, 400, 600, 800 and 1 000 are open, garbage is",
    "collected and both say what they have: `resident` is what the system counts, `kept` the heap of V8 and what V8 knows of",
    "outside it. A stream's share is the slope of the line through these. `ours more` is what ours takes more than a row."
  ].join("\n"),
  turns: 3,
  contenders: names,
  run: (settings) => run(settings)
}

const run = async ({ contenders, progress, turns }: Settings): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const entrants = contenders.map((name) => ({ name, run: () => slopesOf(name, credentials) }))
  const rows = rowsOf(contenders, await takeTurns(entrants, turns, progress, { warms: false }))
  return { tables: sides.map((side) => tableOf(side, rows)), figures: rows, claims: claimsOf(rows) }
}

const slopesOf = async (
  name: string,
  credentials: Awaited<ReturnType<typeof Credentials.make>>
): Promise<Slopes> => {
  const [host, guest] = [start<SessionService>(file, flags), start<SessionService>(file, flags)]
  try {
    const port = await host.ask("host", { name, own: credentials.recipient })
    await guest.ask("guest", { name, own: credentials.initiator, port })
    const found: Array<readonly [number, Slopes]> = []
    for (const count of counts) {
      await guest.ask("open", count - (found.at(-1)?.[0] ?? 0))
      await host.ask("established", count)
      // What a conversation takes only while it begins has time to go.
      await new Promise((resolve) => setTimeout(resolve, restMillis))
      found.push([count, { host: await host.ask("memory"), guest: await guest.ask("memory") }])
    }
    return { host: slopesAt("host", found), guest: slopesAt("guest", found) }
  } finally {
    await Promise.all([host.end(), guest.end()])
  }
}

const slopesAt = (side: keyof Slopes, found: ReadonlyArray<readonly [number, Slopes]>): Memory => {
  const of = (what: keyof Memory): number => slope(found.map(([count, each]) => [count, each[side][what] / 1000]))
  return { resident: of("resident"), kept: of("kept") }
}

const rowsOf = (names: ReadonlyArray<string>, turns: ReadonlyArray<ReadonlyArray<Slopes>>): ReadonlyArray<Row> =>
  sides.flatMap((side) =>
    names.map((name, at) => {
      const of = (what: keyof Memory) => (turns[at] ?? []).map((each) => each[side][what])
      const more = (what: keyof Memory) =>
        summarise((turns[0] ?? []).map((each, turn) => each[side][what] - (turns[at]?.[turn]?.[side][what] ?? 0)))
      return {
        name,
        side,
        resident: summarise(of("resident")),
        kept: summarise(of("kept")),
        oursMore: { resident: more("resident"), kept: more("kept") }
      }
    })
  )

const tableOf = (side: keyof Slopes, rows: ReadonlyArray<Row>): Table => ({
  title: `Memory of an idle stream, the ${titles[side]} side`,
  columns: ["", "resident kB", "kept kB", "ours more, resident kB", "ours more, kept kB"],
  rows: rows.filter((row) => row.side === side).map(({ kept, name, oursMore, resident }) => [
    name,
    spread(resident),
    spread(kept),
    spread(oursMore.resident),
    spread(oursMore.kept)
  ])
})

const claimsOf = (rows: ReadonlyArray<Row>): ReadonlyArray<Claim> =>
  rows.filter(({ name }) => name === "bare TLS").flatMap(({ oursMore, side }) =>
    (["resident", "kept"] as const).map((what): Claim => ({
      figure: `memory of an idle stream over bare TLS, ${titles[side]} side, ${what}`,
      bound: "most",
      must: 20,
      aim: 4,
      measured: oursMore[what].median,
      unit: " kB"
    }))
  )

const sides = ["host", "guest"] as const
const titles = { host: "listening", guest: "dialling" }
const file = "../sessions/sessionProcess.ts"
const counts = [200, 400, 600, 800, 1000]
const restMillis = 1000

/** Else what V8 does with its young generation and with unused code would hide what streams take. */
const flags = ["--no-flush-bytecode", "--max-semi-space-size=1"]
