/**
 * What an idle stream takes, on either side, over a bare mutual TLS socket.
 */
import type { Claim } from "../harness/acceptance.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { type Child, start } from "../harness/child.ts"
import * as Credentials from "../harness/credentials.ts"
import type { Memory } from "../harness/resources.ts"
import { summarise, type Summary } from "../harness/statistics.ts"
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
    "New processes each turn. A process opens streams to another; when 100 are open and again when 600 are, garbage is",
    "collected and both say what they have: `resident` is what the system counts, `kept` the heap of V8 and what V8 knows of",
    "outside it. The difference, divided by 500, is a stream's. `ours more` is what ours takes more than a row."
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
  const [host, guest] = [start<SessionService>(file), start<SessionService>(file)]
  try {
    const port = await host.ask("host", { name, own: credentials.recipient })
    await guest.ask("guest", { name, own: credentials.initiator, port })
    const few = await upTo(host, guest, 0, before)
    const many = await upTo(host, guest, before, after)
    return { host: slope(few.host, many.host), guest: slope(few.guest, many.guest) }
  } finally {
    await Promise.all([host.end(), guest.end()])
  }
}

const upTo = async (
  host: Child<SessionService>,
  guest: Child<SessionService>,
  from: number,
  to: number
): Promise<Slopes> => {
  await guest.ask("open", to - from)
  await host.ask("established", to)
  // What a conversation takes only while it begins has time to go.
  await new Promise((resolve) => setTimeout(resolve, restMillis))
  return { host: await host.ask("memory"), guest: await guest.ask("memory") }
}

const slope = (few: Memory, many: Memory): Memory => ({
  resident: (many.resident - few.resident) / (after - before) / 1000,
  kept: (many.kept - few.kept) / (after - before) / 1000
})

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
const before = 100
const after = 600
const restMillis = 1000
