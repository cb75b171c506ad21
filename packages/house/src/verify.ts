/**
 * The one test command: types, layout, lint, tests, each with its time. Everything that failed is shown, and the last line
 * counts the tests: `N passed, N failed`, with `N skipped` when there are any. Arguments go to Vitest.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "./command.ts"
import { countTests, line, none } from "./figures.ts"
import { checkTypes, type Outcome } from "./types.ts"

const main = async (args: ReadonlyArray<string>): Promise<void> => {
  const types = await step("types", checkTypes)
  const layout = await step("layout", () => run("dprint", ["check"]))
  const lint = await step("lint", () => run("oxlint", ["--deny-warnings", "packages"]))
  const tests = types ? await runTests(args) : { ok: false, figures: none }
  const failed = Object.entries({ types, layout, lint, tests: tests.ok }).filter(([, ok]) => !ok).map(([name]) => name)
  if (!types) console.log("\nThe tests did not run, because the types do not hold.")
  console.log(failed.length === 0 ? "\nEverything holds." : `\nFailed: ${failed.join(", ")}.`)
  console.log(line(tests.figures))
  process.exitCode = failed.length === 0 ? 0 : 1
}

const step = async (name: string, check: () => Promise<Outcome>): Promise<boolean> => {
  const since = performance.now()
  const { ok, output } = await check()
  console.log(`== ${name}: ${ok ? "ok" : "FAILED"} (${seconds(since)})`)
  if (!ok) console.log(output.trim())
  return ok
}

const runTests = async (args: ReadonlyArray<string>) => {
  const since = performance.now()
  const folder = mkdtempSync(join(tmpdir(), "xmpp-e2e-verify-"))
  const report = join(folder, "report.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  console.log("== tests")
  const { ok } = await run("vitest", ["run", "--config", "vitest.workspace.ts", ...reporters, ...args], true)
  const figures = countTests(await readFile(report, "utf8").catch(() => ""), ok)
  rmSync(folder, { recursive: true })
  const holds = ok && figures.failed === 0 && figures.passed > 0
  console.log(`== tests: ${holds ? "ok" : "FAILED"} (${seconds(since)})`)
  return { ok: holds, figures }
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

// `pnpm test -- --project x` hands over the two dashes as well.
await main(process.argv.slice(2).filter((arg, at) => at > 0 || arg !== "--"))
