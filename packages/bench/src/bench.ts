/**
 * The front of all benches: `node packages/bench/src/bench.ts [NAME] [OPTIONS]`. Without a name it is `verdict`.
 */
import { benches } from "./benches/all.ts"
import { verdict } from "./benches/verdict.ts"
import { main } from "./harness/command.ts"
import { main as writePage } from "./report/command.ts"

const usage = (): string => {
  const width = Math.max(...benches.map(({ name }) => name.length))
  return [
    "pnpm bench [NAME] [--json] [--turns N] [--help]",
    "",
    ...benches.map(({ about, name }) => `  ${name.padEnd(width)}  ${about}`),
    `  ${"report".padEnd(width)}  all of them, into docs/performance.md`,
    `  ${"profiles".padEnd(width)}  profile, into docs/profiles.md`,
    "",
    "Without a name: verdict. What a bench does and takes: pnpm bench NAME --help.",
    ""
  ].join("\n")
}

const [first = "", ...others] = process.argv.slice(2)
const named = benches.find(({ name }) => name === first)
if (named !== undefined) {
  await main(named, others)
} else if (first === "--help" || first === "-h") {
  console.log(usage())
} else if (first === "report" || first === "profiles") {
  await writePage(first, others)
} else if (first === "" || first.startsWith("--")) {
  await main(verdict, process.argv.slice(2))
} else {
  console.error(`There is no bench ${first}.\n\n${usage()}`)
  process.exitCode = 2
}
