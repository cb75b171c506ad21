/**
 * Every bench, in the order of the report.
 */
import type { Bench } from "../harness/bench.ts"
import { establishment } from "./establishment.ts"
import { growth } from "./growth.ts"
import { latency } from "./latency.ts"
import { memory } from "./memory.ts"
import { parse } from "./parse.ts"
import { profile } from "./profile.ts"
import { recording } from "./recording.ts"
import { serialise } from "./serialise.ts"
import { start } from "./start.ts"
import { throughput } from "./throughput.ts"
import { verdict } from "./verdict.ts"

/** Those whose figures stand in the report. */
export const reported: ReadonlyArray<Bench> = [
  throughput,
  latency,
  establishment,
  memory,
  growth,
  start,
  parse,
  serialise,
  recording,
  verdict
]

export const benches: ReadonlyArray<Bench> = [...reported, profile]
