/**
 * Whether a stanza costs more when it is one of many streams that has it.
 */
import { ours } from "../contenders/ours.ts"
import { saxes } from "../contenders/saxes.ts"
import type { Outcome, Settings } from "../harness/bench.ts"
import { start } from "../harness/child.ts"
import * as Credentials from "../harness/credentials.ts"
import { besides, summarise, type Summary } from "../harness/statistics.ts"
import { spread } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"
import type { ManyService } from "./manyProcess.ts"

interface Row {
  readonly name: string
  readonly streams: number
  readonly cpuMicros: Summary
  /** Against its own figure for one stream, turn by turn. */
  readonly besideOne: Summary
}

export const growing = async ({ progress, turns }: Pick<Settings, "progress" | "turns">): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const entrants: Array<Opened> = []
  try {
    for (const name of [ours.name, saxes.name]) {
      for (const streams of counts) {
        progress(`opening ${streams} streams: ${name}`)
        entrants.push(await opened(name, streams, credentials))
      }
    }
    const costs = await takeTurns(entrants, turns, (done) => progress(`streams, ${done}`))
    const rows = entrants.map(({ name, streams }, at): Row => ({
      name,
      streams,
      cpuMicros: summarise(costs[at] ?? []),
      besideOne: besides(costs[at] ?? [], costs[entrants.findIndex((one) => one.name === name)] ?? [])
    }))
    return outcomeOf(rows)
  } finally {
    for (const { end } of entrants) await end()
  }
}

interface Opened {
  readonly name: string
  readonly streams: number
  /** Microseconds of CPU a stanza, of both ends. */
  readonly run: () => Promise<number>
  readonly end: () => Promise<void>
}

const opened = async (
  contender: string,
  streams: number,
  credentials: Awaited<ReturnType<typeof Credentials.make>>
): Promise<Opened> => {
  const [host, guest] = [start<ManyService>(file), start<ManyService>(file)]
  const at = await host.ask("listen", { contender, own: credentials.recipient })
  await guest.ask("dial", { contender, own: credentials.initiator, at, times: streams })
  await host.ask("established", streams)
  await guest.ask("load", { seed: 1, kind: "chat", count: perRound, sender: "initiator" })
  return {
    name: contender,
    streams,
    run: async () => {
      await host.ask("expect", stanzas)
      await Promise.all([guest.ask("send", stanzas / perRound / streams), host.ask("arrived")])
      return (await host.ask("spent") + await guest.ask("spent")) / stanzas
    },
    end: async () => {
      await Promise.all([host.end(), guest.end()])
    }
  }
}

const outcomeOf = (rows: ReadonlyArray<Row>): Outcome => ({
  tables: [{
    title: "Streams at once: 100 stanzas each, 10 streams at a time, 100 000 stanzas in all",
    columns: ["", "CPU µs a stanza", "against one stream"],
    rows: rows.map(({ besideOne, cpuMicros, name, streams }) => [
      `${name}, ${streams}`,
      spread(cpuMicros),
      spread(besideOne)
    ])
  }],
  figures: rows,
  claims: rows.filter(({ name, streams }) => name === ours.name && streams === 1000).map(({ besideOne }) => ({
    figure: "CPU a stanza at 1 000 streams against 1 stream",
    bound: "most",
    must: 1.3,
    aim: 1.1,
    measured: besideOne.median,
    unit: "×"
  }))
})

const file = "../growth/manyProcess.ts"
const counts = [1, 10, 100, 1000]
const perRound = 100
const stanzas = 100_000
