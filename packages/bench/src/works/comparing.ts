/**
 * Works side by side, each in its own process, in turns: how many megabytes a second of CPU does.
 */
import { type Kind, kinds } from "../corpus/items.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { start } from "../harness/child.ts"
import { besides, summarise, type Summary } from "../harness/statistics.ts"
import { spread, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"
import { counts, type Work } from "./work.ts"
import type { Wanted, WorkService } from "./workProcess.ts"

export interface Row {
  readonly name: string
  readonly megabytesPerSecond: Summary
  readonly microsPerStanza: Summary
  /** How many times as fast ours is as this one, turn by turn. */
  readonly ours: Summary
}

/** A bench of works on all kinds; the first of them is ours. */
export const bench = (
  about: Pick<Bench, "name" | "about" | "details">,
  what: Wanted["what"],
  works: ReadonlyArray<Work>
): Bench => ({
  ...about,
  turns: 9,
  kinds,
  contenders: works.map(({ name }) => name),
  run: (settings) => run(settings, what)
})

const run = async (
  { contenders, kinds: wanted, progress, turns }: Settings,
  what: Wanted["what"]
): Promise<Outcome> => {
  const found: Array<readonly [Kind, ReadonlyArray<Row>]> = []
  for (const kind of kinds.filter((each) => wanted.includes(each))) {
    found.push([kind, await compare(contenders, { what, kind, turns }, (done) => progress(`${kind}, ${done}`))])
  }
  return {
    tables: found.map(([kind, rows]) => tableOf(`${titles[what]}, ${kind}`, rows)),
    figures: found.map(([kind, rows]) => ({ kind, rows })),
    claims: []
  }
}

const compare = async (
  names: ReadonlyArray<string>,
  { kind, turns, what }: Pick<Wanted, "kind" | "what"> & Pick<Settings, "turns">,
  progress: (done: string) => void
): Promise<ReadonlyArray<Row>> => {
  const children = names.map((name) => ({ name, child: start<WorkService>("../works/workProcess.ts") }))
  try {
    const bytes: Array<number> = []
    for (const { child, name } of children) bytes.push(await child.ask("prepare", { what, name, kind }))
    const entrants = children.map(({ child, name }) => ({ name, run: () => child.ask("run") }))
    const micros = await takeTurns(entrants, turns, progress)
    return names.map((name, at) => {
      const own = micros[at] ?? []
      return {
        name,
        megabytesPerSecond: summarise(own.map((each) => (bytes[at] ?? 0) / each)),
        microsPerStanza: summarise(own.map((each) => each / counts[kind])),
        ours: besides(own, micros[0] ?? [])
      }
    })
  } finally {
    for (const { child } of children) await child.end()
  }
}

const titles = { reading: "Reading", writing: "Writing" }

const tableOf = (title: string, rows: ReadonlyArray<Row>): Table => ({
  title,
  columns: ["", "MB a CPU second", "CPU µs a stanza", "ours ×"],
  rows: rows.map(({ megabytesPerSecond, microsPerStanza, name, ours }) => [
    name,
    spread(megabytesPerSecond),
    spread(microsPerStanza),
    spread(ours)
  ])
})
