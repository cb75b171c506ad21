/**
 * `docs/performance.md`: what the figures have to be and are, then every table.
 */
import { asTable, type Claim } from "../harness/acceptance.ts"
import type { Bench, Outcome } from "../harness/bench.ts"
import { asMarkdown, number } from "../harness/table.ts"
import type { Kept } from "./kept.ts"

export interface Ran {
  readonly bench: Bench
  readonly turns: number
  readonly outcome: Outcome
}

export interface Setting {
  readonly date: string
  readonly machine: string
  readonly revision: string
  readonly load: number
}

export const page = (ran: ReadonlyArray<Ran>, { date, load, machine, revision }: Setting, before: Kept): string =>
  [
    "# Performance",
    "",
    "<!-- Written by `node packages/bench/src/report.ts`. Do not edit. -->",
    "",
    `- date: ${date}`,
    `- revision: ${revision}`,
    `- machine: ${machine}`,
    `- load average of the five minutes before: ${number(load)}`,
    "",
    "All processes share that machine, so rates say little: look at the ratios. They are medians of ratios taken turn by turn in",
    "one interleaved run; in brackets stand the least and the most of any turn. `packages/bench/README.md` says how to repeat",
    "it, and where the baselines are to be read. Where the time goes stands in [profiles.md](profiles.md).",
    "",
    "## What the figures have to be, and are",
    "",
    claimsTable(ran.flatMap(({ outcome }) => outcome.claims), before),
    ...ran.flatMap(section)
  ].join("\n")

const claimsTable = (claims: ReadonlyArray<Claim>, before: Kept): string => {
  const table = asTable(claims)
  const older = (figure: string): string => {
    const found = before.claims.find((each) => each.figure === figure)
    return found === undefined ? "" : `${number(found.measured)}${found.unit ?? ""}`
  }
  return asMarkdown({
    title: "must: has to be; aim: would be good",
    columns: [...table.columns, `at ${before.revision}`],
    rows: table.rows.map((row, at) => [...row, older(claims[at]?.figure ?? "")])
  })
}

const section = ({ bench, outcome, turns }: Ran): ReadonlyArray<string> => [
  `## ${bench.name}: ${bench.about}`,
  "",
  `${bench.details}`,
  "",
  `\`pnpm bench ${bench.name} --turns ${turns}\``,
  "",
  ...outcome.tables.map(asMarkdown)
]
