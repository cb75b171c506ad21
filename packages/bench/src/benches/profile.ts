/**
 * Where the time of ours goes, at either end, by parts of the code and by functions.
 */
import { ours } from "../contenders/ours.ts"
import { saxes } from "../contenders/saxes.ts"
import type { Kind } from "../corpus/items.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import * as Credentials from "../harness/credentials.ts"
import { open, type Pair } from "../harness/pair.ts"
import { roomOf, shortOf } from "../harness/rooms.ts"
import type { Own } from "../harness/sampling.ts"
import { median } from "../harness/statistics.ts"
import { number, type Table } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"

export interface Part {
  readonly name: string
  /** Of its own, a stanza. */
  readonly micros: number
  readonly share: number
}

export interface Profile {
  readonly kind: Kind
  readonly end: "sender" | "receiver"
  /** Of CPU, a stanza, unwatched and in turns: what the shares are shares of. */
  readonly cpu: { readonly ours: number; readonly saxes: number }
  readonly rooms: ReadonlyArray<Part>
  readonly functions: ReadonlyArray<Part>
}

interface Watched extends Outcome {
  readonly figures: ReadonlyArray<Profile>
}

export interface ProfileBench extends Bench {
  readonly run: (settings: Settings) => Promise<Watched>
}

export const profile: ProfileBench = {
  name: "profile",
  about: "where the time of ours goes, by parts of the code and by functions",
  details: [
    "The profiler of V8 (`node --cpu-prof`) watches both ends while the initiator sends, after turns unwatched. Times are a",
    "function's own, a stanza. A profiler slows down what it watches, so shares say more than times; what they are shares of is",
    "the CPU of the turns unwatched, which were taken in turn with the minimal pipeline of saxes."
  ].join("\n"),
  turns: 20,
  kinds: ["chat", "mixed", "bulk"],
  run: (settings) => run(settings)
}

const run = async ({ kinds, progress, turns }: Settings): Promise<Watched> => {
  const credentials = await Credentials.make()
  const pairs = [await open(ours.name, credentials), await open(saxes.name, credentials)] as const
  try {
    const profiles: Array<Profile> = []
    for (const [kind, count] of sizes) {
      if (!kinds.includes(kind)) continue
      progress(kind)
      profiles.push(...await watch(pairs, kind, count, turns))
    }
    return { tables: profiles.flatMap(tablesOf), figures: profiles, claims: [] }
  } finally {
    for (const pair of pairs) await pair.end()
  }
}

const watch = async (
  [pair, beside]: readonly [Pair, Pair],
  kind: Kind,
  count: number,
  turns: number
): Promise<ReadonlyArray<Profile>> => {
  const recipe = { seed: 1, kind, count, sender: "initiator" } as const
  await pair.load(recipe)
  await beside.load(recipe)
  const entrants = [pair, beside].map((each) => ({ name: kind, run: () => each.run("initiator") }))
  const costs = await takeTurns(entrants, turns)
  const watched = await pair.watch("initiator", turns)
  const profileOf = (end: Profile["end"]): Profile => {
    const [own = 0, saxes = 0] = costs.map((each) => median(each.map((cost) => cost[cpuAt[end]])) * 1000 / count)
    const stanzas = count * turns
    return {
      kind,
      end,
      cpu: { ours: own, saxes },
      rooms: partsOf(watched[end], roomOf, stanzas),
      functions: partsOf(watched[end], ({ file, name }) => `${name}, ${shortOf(file)}`, stanzas).slice(
        0,
        functionsShown
      )
    }
  }
  return [profileOf("sender"), profileOf("receiver")]
}

const cpuAt = { sender: "senderCpuMillis", receiver: "receiverCpuMillis" } as const

const partsOf = (own: ReadonlyArray<Own>, nameOf: (one: Own) => string, stanzas: number): ReadonlyArray<Part> => {
  const sums = new Map<string, number>()
  for (const each of own) sums.set(nameOf(each), (sums.get(nameOf(each)) ?? 0) + each.micros)
  const total = own.reduce((sum, { micros }) => sum + micros, 0)
  return [...sums]
    .map(([name, micros]) => ({ name, micros: micros / stanzas, share: micros / total }))
    .toSorted((one, other) => other.micros - one.micros)
}

export const titleOf = ({ cpu, end, kind }: Profile): string =>
  `${kind}, ${end}: ${number(cpu.ours)} µs of CPU a stanza; minimal saxes ${number(cpu.saxes)} µs`

export const tablesOf = (profile: Profile): ReadonlyArray<Table> => [
  { title: titleOf(profile), columns, rows: profile.rooms.map(rowOf) },
  { title: `${profile.kind}, ${profile.end}, by functions`, columns, rows: profile.functions.map(rowOf) }
]

const columns = ["", "own µs a stanza", "share"]

const rowOf = (
  { micros, name, share }: Part
): ReadonlyArray<string> => [name, number(micros), `${number(share * 100)} %`]

const sizes: ReadonlyArray<readonly [Kind, number]> = [["chat", 20_000], ["mixed", 6_000], ["bulk", 200]]
const functionsShown = 15
