/**
 * The commands that write pages: `report` runs every bench for `docs/performance.md`, `profiles` watches ours for
 * `docs/profiles.md`. Exit codes as those of a bench.
 */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { reported } from "../benches/all.ts"
import { type Profile, profile } from "../benches/profile.ts"
import type { Bench } from "../harness/bench.ts"
import { progress, wholeNumber } from "../harness/command.ts"
import { before } from "./kept.ts"
import { load, machine, revision, today } from "./machine.ts"
import * as Performance from "./performance.ts"
import * as Profiles from "./profiles.ts"

const usages = {
  report: `report: runs every bench, and writes docs/performance.md

  node packages/bench/src/report.ts [--turns N] [--keep FILE]

  --turns N    turns of each bench; as many as each has by itself unless said otherwise
  --keep FILE  figures of this revision for later comparison, as JSON, instead of the page
`,
  profiles: `profiles: watches where the time goes, and writes docs/profiles.md

  node packages/bench/src/profiles.ts [--turns N]

  --turns N    turns that are watched; ${profile.turns} unless said otherwise
`
}

type Name = keyof typeof usages

interface Asked {
  readonly turns?: number
  readonly keep?: string
}

export const main = async (name: Name, words: ReadonlyArray<string>): Promise<void> => {
  const asked = understood(name, words)
  if (asked === undefined) return
  try {
    await (name === "report" ? report(asked) : profiles(asked))
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

const understood = (name: Name, words: ReadonlyArray<string>): Asked | undefined => {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        turns: { type: "string" },
        help: { type: "boolean", short: "h" },
        ...name === "report" ? { keep: { type: "string" } } : {}
      }
    })
    if (values.help === true) {
      console.log(usages[name])
      return undefined
    }
    return {
      ...values.turns === undefined ? {} : { turns: wholeNumber("--turns", values.turns) },
      ...typeof values.keep === "string" ? { keep: values.keep } : {}
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nTry --help.`)
    process.exitCode = 2
    return undefined
  }
}

const report = async ({ keep, turns }: Asked): Promise<void> => {
  const at = setting()
  const ran: Array<Performance.Ran> = []
  for (const bench of reported) ran.push(await running(bench, turns))
  if (keep === undefined) return write("performance.md", Performance.page(ran, at, before()))
  const profiles = await watching(turns)
  const claims = ran.flatMap((each) => each.outcome.claims)
  const kept = { revision: revision(), machine: machine(), claims, profiles }
  writeFileSync(keep, `${JSON.stringify(kept, undefined, 1)}\n`)
}

const profiles = async ({ turns }: Asked): Promise<void> => {
  const at = setting()
  write("profiles.md", Profiles.page(await watching(turns), at, before()))
}

const watching = async (turns = profile.turns): Promise<ReadonlyArray<Profile>> => {
  const { kinds = [], name } = profile
  return (await profile.run({ turns, kinds, contenders: [], progress: progress(name) })).figures
}

const running = async (bench: Bench, turns = bench.turns): Promise<Performance.Ran> => {
  console.error(`${bench.name}: ${bench.about}`)
  const { contenders = [], kinds = [], name } = bench
  return { bench, turns, outcome: await bench.run({ turns, kinds, contenders, progress: progress(name) }) }
}

/** As it was when the run began. */
const setting = (): Performance.Setting => ({ date: today(), machine: machine(), revision: revision(), load: load() })

const write = (name: string, text: string): void =>
  writeFileSync(new URL(`../../../../docs/${name}`, import.meta.url), text)
