/**
 * Type-checks every package: its sources under its own rules (`tsconfig.json`), and sources with tests
 * (`tsconfig.test.json`) where that file is. Run by itself (`pnpm check`) or by `verify.ts`.
 */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { run } from "./command.ts"
import { packages, root } from "./repository.ts"

export interface Outcome {
  readonly ok: boolean
  readonly output: string
}

/** At most `width` compilers at a time; what failed is in `output`. Finding nothing to check is a failure. */
export const checkTypes = async (width = 2): Promise<Outcome> => {
  const waiting = [...projects()]
  const total = waiting.length
  const failures: Array<string> = []
  const work = async (): Promise<void> => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const { ok, output } = await run("tsc", ["-p", project])
      if (!ok) failures.push(`${project}\n${output}`)
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  const ok = failures.length === 0 && total > 0
  return { ok, output: ok ? `${total} projects` : failures.sort().join("\n") || "no project found" }
}

const projects = (): ReadonlyArray<string> =>
  packages().flatMap((name) => ["tsconfig.json", "tsconfig.test.json"].map((file) => `packages/${name}/${file}`))
    .filter((path) => existsSync(root + path))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, output } = await checkTypes()
  console.log(output)
  process.exitCode = ok ? 0 : 1
}
