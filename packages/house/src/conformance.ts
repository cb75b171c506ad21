/**
 * Joins the ledger with the names of the tests: `docs/conformance.md` says for each row which test files hold it up, or why
 * none does. `pnpm conformance` writes the page and prints what is missing; the house's test fails when the page is stale.
 */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { groups, isMust, later, machineIds, type Row, rows, tables } from "./ledger.ts"
import { reasons } from "./reasons.ts"
import { root, sources } from "./repository.ts"
import { type Source, unquote } from "./syntax.ts"

/** For each id the paths of the test files that name it, sorted. */
export type Evidence = ReadonlyMap<string, ReadonlyArray<string>>

/**
 * A test names an id when a string or template in its file begins with one: a title, or a row of a table that titles are
 * made of. Further ids may follow anywhere in that text; `XML-01…04` means all four. (Tests of the house try no requirement.)
 */
export const evidence = (files: ReadonlyArray<Source>): Evidence => {
  const found = new Map<string, Set<string>>()
  for (const file of files.filter(triesRequirements)) {
    for (const { kind, text } of file.code) {
      if (kind !== "string" && kind !== "template") continue
      for (const id of idsIn(text.startsWith("}") ? "" : unquote(text))) {
        found.set(id, (found.get(id) ?? new Set()).add(file.path))
      }
    }
  }
  return new Map([...found].map(([id, paths]) => [id, [...paths].sort()]))
}

const triesRequirements = (file: Source): boolean =>
  file.area === "test" && file.name.endsWith(".test.ts") && file.package !== "house"

export const idsIn = (title: string): ReadonlyArray<string> => {
  const named = [...title.matchAll(pattern)].flatMap(({ 0: text, 1: first = "", 2: last, index }) =>
    range(first, last).map((id) => ({ id, index, text }))
  )
  return named[0]?.index === 0 && known.has(named[0].id) ? named.map(({ id }) => id).filter((id) => known.has(id)) : []
}

const range = (first: string, last: string | undefined): ReadonlyArray<string> => {
  const [, stem = "", digits = ""] = /^(.*?)(\d+)$/.exec(first) ?? []
  const count = last === undefined ? 0 : Number(last) - Number(digits)
  return count <= 0 ?
    [first] :
    Array.from({ length: count + 1 }, (_, at) => stem + String(Number(digits) + at).padStart(digits.length, "0"))
}

/** Duties that neither a test nor a reason answers for. */
export const missing = (tests: Evidence): ReadonlyArray<Row> =>
  rows.filter((row) => isMust(row) && !tests.has(row[0]) && reasons[row[0]] === undefined)

/** Reasons that a test has overtaken, or that belong to no row. */
export const idleReasons = (tests: Evidence): ReadonlyArray<string> =>
  Object.keys(reasons).filter((id) => tests.has(id) || !known.has(id))

export const page = (tests: Evidence): string => {
  const tested = rows.filter(([id]) => tests.has(id)).length
  const duties = rows.filter(isMust)
  const testedDuties = duties.filter(([id]) => tests.has(id)).length
  return [
    "# Conformance",
    "",
    "Written by `pnpm conformance` from the ids in the names of tests; do not edit. Who: initiator, recipient, both. Level:",
    "the strongest word of the text, or PROJECT where the choice is ours.",
    "",
    `Of ${rows.length} rows ${tested} have tests; of ${duties.length} duties (MUST, MUST NOT) ${testedDuties} do.`,
    ...groups.flatMap(({ rows, texts, title }) => [
      "",
      `## ${title}`,
      "",
      `From ${texts}.`,
      "",
      "| id | who | level | rule | tests |",
      "|---|---|---|---|---|",
      ...rows.map(([id, who, level, rule]) => `| ${id} | ${who} | ${level} | ${rule} | ${answer(id, tests)} |`)
    ]),
    ...machinePart(tests),
    ...laterPart(),
    ""
  ].join("\n")
}

const answer = (id: string, tests: Evidence): string => tests.get(id)?.map(link).join(", ") ?? reasons[id] ?? "**none**"

const link = (path: string): string => {
  const [, owner, file] = /^packages\/([^/]+)\/test\/(.*)\.test\.ts$/.exec(path) ?? []
  return `[${owner} ${file}](../${path})`
}

const machinePart = (tests: Evidence): ReadonlyArray<string> => [
  "",
  "## State machine",
  "",
  "Rows of the transition tables, counted from 1, that a test names.",
  "",
  "| table | state or part | rows | named by tests |",
  "|---|---|---|---|",
  ...tables.map(([table, count, title]) => {
    const named = Array.from({ length: count }, (_, at) => at + 1).filter((row) => tests.has(`${table}.${row}`))
    return `| ${table} | ${title} | ${count} | ${named.length === count ? "all" : named.join(", ") || "**none**"} |`
  })
]

const laterPart = (): ReadonlyArray<string> => [
  "",
  "## Later",
  "",
  "| ids | what | where |",
  "|---|---|---|",
  ...later.map((row) => `| ${row.join(" | ")} |`)
]

const known = new Set([...rows.map(([id]) => id), ...machineIds])
const pattern = /\b((?:[A-Z][A-Z0-9]*-\d+|\d+(?:\.\d+){1,2}))(?:(?:…|\.\.\.?)(?:[A-Z0-9]+-)?(\d+))?(?![\w-])/g

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tests = evidence(sources())
  writeFileSync(`${root}docs/conformance.md`, page(tests))
  for (const [id, who, level, title] of missing(tests)) console.log(`${id} ${who} ${level} ${title}`)
  console.log(`${missing(tests).length} duties have neither test nor reason`)
}
