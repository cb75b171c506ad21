/**
 * How many stanzas a second go from one process to another, and what CPU they cost, ours beside others.
 */
import { all } from "../contenders/all.ts"
import { jsonLines } from "../contenders/jsonLines.ts"
import { libp2pBytes, libp2pJson } from "../contenders/libp2p.ts"
import { ours } from "../contenders/ours.ts"
import { saxes } from "../contenders/saxes.ts"
import { xmppXml } from "../contenders/xmppXml.ts"
import type { Sender } from "../corpus/corpus.ts"
import type { Kind } from "../corpus/items.ts"
import type { Claim } from "../harness/acceptance.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import * as Credentials from "../harness/credentials.ts"
import { type Cost, open, type Pair } from "../harness/pair.ts"
import { besides, summarise, type Summary } from "../harness/statistics.ts"
import { spread, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"

export interface Row {
  readonly name: string
  readonly sender: Sender
  readonly perSecond: Summary
  /** Of both ends together, a stanza. */
  readonly cpuMicros: Summary
  readonly senderCpuMicros: Summary
  readonly receiverCpuMicros: Summary
  /** How many times as fast ours is as this one, turn by turn, by who sends ours. */
  readonly ours: Readonly<Record<Sender, Summary>>
  /** The CPU of ours against that of this one, likewise. */
  readonly oursCpu: Readonly<Record<Sender, Summary>>
}

export const throughput: Bench = {
  name: "throughput",
  about: "stanzas a second and CPU for each, over one conversation between two processes",
  details: [
    "Two processes for each contender, mutual TLS 1.3 with P-256 over loopback (libp2p: Noise). Time runs from the first",
    "stanza's sending to the last one's arrival; CPU is that of both ends. `ours ×` says how many times as fast ours is as",
    "a row, `ours CPU ×` what ours costs against it: medians of the ratios turn by turn, and their range. Ours sends from",
    "either side, and has a column for each; what it has to be is asked of the worse."
  ].join("\n"),
  turns: 11,
  kinds: ["chat", "mixed", "bulk"],
  contenders: all.map(({ name }) => name),
  run: (settings) => run(settings)
}

const run = async ({ contenders, kinds, progress, turns }: Settings): Promise<Outcome> => {
  const credentials = await Credentials.make()
  const pairs = new Map<string, Pair>()
  try {
    for (const name of contenders) pairs.set(name, await open(name, credentials))
    const found: Array<readonly [Kind, ReadonlyArray<Row>]> = []
    for (const [kind, count] of sizes) {
      if (!kinds.includes(kind)) continue
      found.push([kind, await compare(pairs, { kind, count, turns }, (done) => progress(`${kind}, ${done}`))])
    }
    return {
      tables: found.map(([kind, rows]) => tableOf(kind, rows)),
      figures: found.map(([kind, rows]) => ({ kind, rows })),
      claims: found.flatMap(([kind, rows]) => claimsOf(kind, rows))
    }
  } finally {
    for (const pair of pairs.values()) await pair.end()
  }
}

interface Task {
  readonly kind: Kind
  readonly count: number
  readonly turns: number
}

const compare = async (
  pairs: ReadonlyMap<string, Pair>,
  { count, kind, turns }: Task,
  progress: (done: string) => void
): Promise<ReadonlyArray<Row>> => {
  const entrants = [...pairs].flatMap(([name, pair]) =>
    sendersOf(name).map((sender) => ({ name, sender, pair, run: () => pair.run(sender) }))
  )
  for (const { pair, sender } of entrants) await pair.load({ seed, kind, count, sender })
  const costs = await takeTurns(entrants, turns, progress)
  const each = (own: ReadonlyArray<Cost> = [], of: (cost: Cost) => number): ReadonlyArray<number> =>
    own.map((cost) => of(cost) * 1000 / count)
  const ownCosts = (sender: Sender) =>
    costs[entrants.findIndex((one) => one.name === ours.name && one.sender === sender)]
  return entrants.map(({ name, sender }, at) => {
    const own = costs[at]
    const beside = (of: (cost: Cost) => number, isRate: boolean) => (sender: Sender): Summary =>
      isRate ? besides(each(own, of), each(ownCosts(sender), of)) : besides(each(ownCosts(sender), of), each(own, of))
    return {
      name,
      sender,
      perSecond: summarise((own ?? []).map(({ wallMillis }) => count * 1000 / wallMillis)),
      cpuMicros: summarise(each(own, cpu)),
      senderCpuMicros: summarise(each(own, ({ senderCpuMillis }) => senderCpuMillis)),
      receiverCpuMicros: summarise(each(own, ({ receiverCpuMillis }) => receiverCpuMillis)),
      ours: bySender(beside(({ wallMillis }) => wallMillis, true)),
      oursCpu: bySender(beside(cpu, false))
    }
  })
}

const cpu = ({ cpuMillis }: Cost): number => cpuMillis

const bySender = <A>(of: (sender: Sender) => A): Readonly<Record<Sender, A>> => ({
  initiator: of("initiator"),
  recipient: of("recipient")
})

/** For the others it makes no difference. */
const sendersOf = (name: string): ReadonlyArray<Sender> =>
  name === ours.name ? ["initiator", "recipient"] : ["initiator"]

const tableOf = (kind: Kind, rows: ReadonlyArray<Row>): Table => ({
  title: `Throughput, ${kind}`,
  columns: [
    "",
    "stanzas/s",
    "CPU µs a stanza",
    "ours ×, initiator sends",
    "ours ×, recipient sends",
    "ours CPU ×, initiator sends",
    "ours CPU ×, recipient sends"
  ],
  rows: rows.map((row) => [
    row.name === ours.name ? `${row.name}, ${row.sender} sends` : row.name,
    spread(row.perSecond),
    spread(row.cpuMicros),
    spread(row.ours.initiator),
    spread(row.ours.recipient),
    spread(row.oursCpu.initiator),
    spread(row.oursCpu.recipient)
  ])
})

const claimsOf = (kind: Kind, rows: ReadonlyArray<Row>): ReadonlyArray<Claim> => {
  const rate = (against: string, must: number, aim: number): ReadonlyArray<Claim> =>
    rows.filter(({ name }) => name === against).map(({ ours }) => ({
      figure: `throughput against ${against}, ${kind}`,
      bound: "least",
      must,
      aim,
      measured: Math.min(ours.initiator.median, ours.recipient.median),
      unit: "×"
    }))
  const cost = (against: string, must: number, aim: number): ReadonlyArray<Claim> =>
    rows.filter(({ name }) => name === against).map(({ oursCpu }) => ({
      figure: `CPU a stanza against ${against}, ${kind}`,
      bound: "most",
      must,
      aim,
      measured: Math.max(oursCpu.initiator.median, oursCpu.recipient.median),
      unit: "×"
    }))
  switch (kind) {
    case "chat":
      return [
        ...rate(saxes.name, 0.85, 2),
        ...rate(jsonLines.name, 0.45, 1),
        ...rate(xmppXml.name, 0.8, 1.5),
        ...rate(libp2pBytes.name, 0.8, 2),
        ...rate(libp2pJson.name, 0.8, 2),
        ...cost(saxes.name, 1.2, 0.5)
      ]
    case "mixed":
      return [...rate(saxes.name, 1, 2), ...rate(xmppXml.name, 2, 4)]
    case "bulk":
      return [...rate(saxes.name, 1.8, 2), ...rate(xmppXml.name, 8, 16)]
    default:
      return []
  }
}

/** About as much time for each. */
const sizes: ReadonlyArray<readonly [Kind, number]> = [["chat", 20_000], ["mixed", 6_000], ["bulk", 200]]
const seed = 1
