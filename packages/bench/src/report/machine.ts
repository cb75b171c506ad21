/**
 * What kind of machine this is, and which revision of the code.
 */
import { execFileSync } from "node:child_process"
import { availableParallelism, cpus, loadavg, totalmem } from "node:os"

export const machine = (): string => {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? "an unknown processor"
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB, ${process.platform}, Node ${process.version}`
}

/** How many processes wanted a core in the last five minutes: what else the machine had to do. */
export const load = (): number => loadavg()[1] ?? 0

export const today = (): string => new Date().toISOString().slice(0, 10)

export const revision = (): string =>
  execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim()
