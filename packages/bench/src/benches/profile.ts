/**
 * Where the time of ours goes, at either end, by parts of the code and by functions.
 */
import { ours } from "../contenders/ours.ts"
import type { Kind } from "../corpus/items.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import * as Credentials from "../harness/credentials.ts"
import { open, type Pair } from "../harness/pair.ts"
import { roomOf, shortOf } from "../harness/rooms.ts"
import type { Own } from "../harness/sampling.ts"
import { number, type Table } from "../harness/table.ts"

export interface Part {
  readonly name: string
  /** Of its own, a stanza. */
  readonly micros: number
  readonly share: number
}

export interface Profile {
  readonly kind: Kind
  readonly end: "sender" | "receiver"
  readonly micros: number
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
    "The profiler of V8 (`node --cpu-prof`) watches both ends while the initiator sends, after some turns that warm up. Times",
    "are a function's own, a stanza; a profiler slows down what it watches, so the shares say more than the times."
  ].join("\n"),
  turns: 20,
  kinds: ["chat", "mixed", "bulk"],
  run: (settings) => run(settings)
}

const run = async ({ kinds, progress, turns }: Settings): Promise<Watched> => {
  const credentials = await Credentials.make()
  const pair = await open(ours.name, credentials)
  try {
    const profiles: Array<Profile> = []
    for (const [kind, count] of sizes) {
      if (!kinds.includes(kind)) continue
      progress(kind)
      profiles.push(...await watch(pair, kind, count, turns))
    }
    return { tables: profiles.flatMap(tablesOf), figures: profiles, claims: [] }
  } finally {
    await pair.end()
  }
}

const watch = async (pair: Pair, kind: Kind, count: number, turns: number): Promise<ReadonlyArray<Profile>> => {
  await pair.load({ seed: 1, kind, count, sender: "initiator" })
  for (let turn = 0; turn < warmingTurns; turn++) await pair.run("initiator")
  const watched = await pair.watch("initiator", turns)
  const stanzas = count * turns
  return [profileOf(kind, "sender", watched.sender, stanzas), profileOf(kind, "receiver", watched.receiver, stanzas)]
}

const profileOf = (kind: Kind, end: Profile["end"], own: ReadonlyArray<Own>, stanzas: number): Profile => {
  const work = own
  return {
    kind,
    end,
    micros: work.reduce((sum, { micros }) => sum + micros, 0) / stanzas,
    rooms: partsOf(work, roomOf, stanzas),
    functions: partsOf(work, ({ file, name }) => `${name}, ${shortOf(file)}`, stanzas).slice(0, functionsShown)
  }
}

const partsOf = (own: ReadonlyArray<Own>, nameOf: (one: Own) => string, stanzas: number): ReadonlyArray<Part> => {
  const sums = new Map<string, number>()
  for (const each of own) sums.set(nameOf(each), (sums.get(nameOf(each)) ?? 0) + each.micros)
  const total = own.reduce((sum, { micros }) => sum + micros, 0)
  return [...sums]
    .map(([name, micros]) => ({ name, micros: micros / stanzas, share: micros / total }))
    .toSorted((one, other) => other.micros - one.micros)
}

export const tablesOf = ({ end, functions, kind, micros, rooms }: Profile): ReadonlyArray<Table> => [
  { title: `${kind}, ${end}: ${number(micros)} µs a stanza, by parts`, columns, rows: rooms.map(rowOf) },
  { title: `${kind}, ${end}, by functions`, columns, rows: functions.map(rowOf) }
]

const columns = ["", "own µs a stanza", "share"]

const rowOf = (
  { micros, name, share }: Part
): ReadonlyArray<string> => [name, number(micros), `${number(share * 100)} %`]

const sizes: ReadonlyArray<readonly [Kind, number]> = [["chat", 20_000], ["mixed", 6_000], ["bulk", 200]]
const warmingTurns = 5
const functionsShown = 15
