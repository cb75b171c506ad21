/**
 * What a process can say about itself: the time, its CPU, its memory. Other processes of the machine count for nothing in
 * CPU time, which is why most figures here are made of it.
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** Microseconds of CPU of this process and all its threads. */
export const cpuMicros = (): number => {
  const { system, user } = process.cpuUsage()
  return system + user
}

/** From a moment that all processes of a machine share. */
export const nanos = (): number => Number(process.hrtime.bigint())

/** So that nobody pays for what others left behind, nor for the sweeping that goes on beside the work afterwards. */
export const collectGarbage = async (): Promise<void> => {
  collector ??= exposed()
  collector()
  await new Promise((resolve) => setTimeout(resolve, sweepingMillis))
}

const sweepingMillis = 50

const exposed = (): () => void => {
  setFlagsFromString("--expose-gc")
  return runInNewContext("gc")
}

let collector: (() => void) | undefined

const collections = 12

export interface Memory {
  /** What the system says the process has. */
  readonly resident: number
  /** What V8 keeps, and what it knows of outside its heap. */
  readonly kept: number
}

/** Once nothing more can be collected: what V8 has compiled and not used for a while takes many rounds to go. */
export const memory = async (): Promise<Memory> => {
  for (let round = 0; round < collections; round++) {
    await collectGarbage()
  }
  const { external, heapUsed, rss } = process.memoryUsage()
  return { resident: rss, kept: heapUsed + external }
}
