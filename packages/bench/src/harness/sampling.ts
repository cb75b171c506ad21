/**
 * Where a process spends its time: the sampling profiler of V8, as `node --cpu-prof` has it, from one moment to another.
 */
import { type Profiler, Session } from "node:inspector/promises"

/** A function's own time, without that of those it calls. */
export interface Own {
  readonly file: string
  readonly name: string
  readonly micros: number
}

let session: Session | undefined

export const begin = async (): Promise<void> => {
  session = new Session()
  session.connect()
  await session.post("Profiler.enable")
  await session.post("Profiler.setSamplingInterval", { interval: intervalMicros })
  await session.post("Profiler.start")
}

/** The dearest first; what is idle is left out. */
export const end = async (): Promise<ReadonlyArray<Own>> => {
  if (session === undefined) throw new Error("no profile was begun")
  const { profile } = await session.post("Profiler.stop")
  session.disconnect()
  session = undefined
  return ownTimes(profile)
}

export const ownTimes = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyArray<Own> => {
  const places = new Map(nodes.map(({ callFrame: { functionName, url }, id }) => [id, { url, functionName }]))
  const sums = new Map<string, Own>()
  for (const [at, id] of samples.entries()) {
    const place = places.get(id)
    if (place === undefined || outside.has(place.functionName)) continue
    const key = `${place.url} ${place.functionName}`
    const before = sums.get(key)?.micros ?? 0
    // A sample stands for the time until the next one.
    const micros = before + (timeDeltas[at + 1] ?? 0)
    sums.set(key, { file: place.url, name: place.functionName || "(anonymous)", micros })
  }
  return [...sums.values()].toSorted((one, other) => other.micros - one.micros)
}

const outside = new Set(["(idle)", "(root)"])

const intervalMicros = 500
