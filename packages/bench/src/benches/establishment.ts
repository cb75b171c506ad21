/**
 * What it costs to establish a session, both ends together.
 */
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { type Child, start } from "../harness/child.ts"
import * as Credentials from "../harness/credentials.ts"
import { besides, summarise, type Summary } from "../harness/statistics.ts"
import { spread, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"
import type { SessionService } from "../sessions/sessionProcess.ts"

export interface Row {
  readonly name: string
  /** Milliseconds a session. */
  readonly cpu: Summary
  readonly hostCpu: Summary
  readonly guestCpu: Summary
  /** The CPU of ours against that of this one, turn by turn. */
  readonly ours: Summary
}

interface Cost {
  readonly host: number
  readonly guest: number
}

const names = ["ours", "bare TLS", "minimal saxes"]

export const establishment: Bench = {
  name: "establishment",
  about: "CPU to establish a session, from the TCP connection to where a stanza can be sent",
  details: [
    "40 sessions a turn, one after another, between two processes; both ends' CPU. Ours starts with STARTTLS and judges both",
    "certificates; bare TLS is the mutual handshake; minimal saxes adds headers, features and EXTERNAL as fixed texts to it,",
    "begins with TLS at once, and checks nothing. `ours ×` is what ours costs against a row, turn by turn."
  ].join("\n"),
  turns: 11,
  contenders: names,
  run: (settings) => run(settings)
}

const run = async ({ contenders, progress, turns }: Settings): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const children: Array<Child<SessionService>> = []
  const begin = async (name: string) => {
    const [host, guest] = [start<SessionService>(file), start<SessionService>(file)]
    children.push(host, guest)
    const port = await host.ask("host", { name, own: credentials.recipient })
    await guest.ask("guest", { name, own: credentials.initiator, port })
    let total = 0
    return { name, run: () => costOf(host, guest, total += sessions) }
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

const costOf = async (host: Child<SessionService>, guest: Child<SessionService>, total: number): Promise<Cost> => {
  await Promise.all([host.ask("begin"), guest.ask("begin")])
  await guest.ask("open", sessions)
  await host.ask("established", total)
  const [hostMicros, guestMicros] = await Promise.all([host.ask("spent"), guest.ask("spent")])
  await guest.ask("dropAll")
  await host.ask("dropAll")
  return { host: hostMicros / 1000 / sessions, guest: guestMicros / 1000 / sessions }
}

const rowsOf = (
  contenders: ReadonlyArray<string>,
  costs: ReadonlyArray<ReadonlyArray<Cost>>
): ReadonlyArray<Row> => {
  const cpu = (own: ReadonlyArray<Cost> = []): ReadonlyArray<number> => own.map(({ guest, host }) => guest + host)
  return contenders.map((name, at) => ({
    name,
    cpu: summarise(cpu(costs[at])),
    hostCpu: summarise((costs[at] ?? []).map(({ host }) => host)),
    guestCpu: summarise((costs[at] ?? []).map(({ guest }) => guest)),
    ours: besides(cpu(costs[0]), cpu(costs[at]))
  }))
}

const tableOf = (rows: ReadonlyArray<Row>): Table => ({
  title: "Establishing a session",
  columns: ["", "CPU ms", "of it the listening side", "the dialling side", "ours ×"],
  rows: rows.map(({ cpu, guestCpu, hostCpu, name, ours }) => [
    name,
    spread(cpu),
    spread(hostCpu),
    spread(guestCpu),
    spread(ours)
  ])
})

const claimsOf = (rows: ReadonlyArray<Row>): Outcome["claims"] =>
  rows.filter(({ name }) => name === "minimal saxes").map(({ ours }) => ({
    figure: "CPU to establish a session against minimal saxes",
    bound: "most",
    must: 1.2,
    aim: 1.05,
    measured: ours.median,
    unit: "×"
  }))

const file = "../sessions/sessionProcess.ts"
const sessions = 40
