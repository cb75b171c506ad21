/**
 * Reads what Stryker found: `pnpm mutation`, then `pnpm mutation:report`, prints the table that `docs/mutation.md` shows, and
 * with `--survivors` each change that no test noticed. Other reports than the last may be named, one for each group of files.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { root } from "./repository.ts"

interface Mutant {
  readonly status: string
  readonly replacement?: string
  readonly location: { readonly start: { readonly line: number; readonly column: number } }
}

/** As Stryker's JSON reporter writes it, as far as it is read here. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: ReadonlyArray<Mutant> }>>
}

export interface Tally {
  /** From the package's `src`: `internal/closing.ts`. */
  readonly file: string
  readonly noticed: number
  readonly survived: number
}

/**
 * One tally for each file with mutants, by name. A mutant that no test comes by survives; left out are mutants of constants
 * (`Ignored`) and those with which a test file cannot be loaded (`RuntimeError`), as in Stryker's own score.
 */
export const tallies = (reports: ReadonlyArray<Report>): ReadonlyArray<Tally> =>
  reports.flatMap(({ files }) => Object.entries(files)).map(([path, { mutants }]) => {
    const count = (statuses: ReadonlyArray<string>): number =>
      mutants.filter(({ status }) => statuses.includes(status)).length
    return { file: shortened(path), noticed: count(["Killed", "Timeout"]), survived: count(surviving) }
  }).filter(({ noticed, survived }) => noticed + survived > 0).sort((one, other) => one.file < other.file ? -1 : 1)

/** A Markdown table with a last row for all files together. */
export const table = (rows: ReadonlyArray<Tally>): string => {
  const sum = (count: (row: Tally) => number): number => rows.reduce((total, row) => total + count(row), 0)
  const together = {
    file: "together",
    noticed: sum(({ noticed }) => noticed),
    survived: sum(({ survived }) => survived)
  }
  return [
    "| file | mutants | noticed | survived | score |",
    "|---|---|---|---|---|",
    ...rows.map((row) => line({ ...row, file: `\`${row.file}\`` })),
    line(together)
  ].join("\n")
}

/** `Header.ts 92:56 false`: where, and what stood there instead. */
export const survivors = (reports: ReadonlyArray<Report>): ReadonlyArray<string> =>
  reports.flatMap(({ files }) => Object.entries(files)).flatMap(([path, { mutants }]) =>
    mutants.filter(({ status }) => surviving.includes(status)).map(({ location: { start }, replacement = "" }) =>
      `${shortened(path)} ${start.line}:${start.column} ${replacement.replaceAll(/\s+/g, " ").slice(0, replacementMax)}`
    )
  )

const line = ({ file, noticed, survived }: Tally): string =>
  `| ${file} | ${noticed + survived} | ${noticed} | ${survived} | ${scoreOf(noticed, survived)} % |`

/** In percent, rounded down to one place: a mark that is missed by little is missed. */
const scoreOf = (noticed: number, survived: number): string =>
  noticed + survived === 0 ? "100.0" : (Math.floor(noticed * 1000 / (noticed + survived)) / 10).toFixed(1)

const shortened = (path: string): string => path.replace(/^.*\/src\//, "")

const surviving: ReadonlyArray<string> = ["Survived", "NoCoverage"]
const replacementMax = 60

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2).filter((each) => !each.startsWith("--"))
  const reports = (named.length === 0 ? [`${root}.tmp/mutation.json`] : named)
    .map((path): Report => JSON.parse(readFileSync(path, "utf8")))
  console.log(table(tallies(reports)))
  if (process.argv.includes("--survivors")) console.log(["", ...survivors(reports)].join("\n"))
}
