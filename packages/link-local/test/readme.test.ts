/** The program in the README prints what the README says. */
import { assert, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const top = fileURLToPath(new URL("..", import.meta.url))

it("LL-19, LL-22, LL-27, LL-31 the program in the README prints what stands below it", () => {
  const [, program = "", printed] = /^```ts\n(.*?)^```$.*?^```text\n(.*?)^```$/ms.exec(
    readFileSync(join(top, "README.md"), "utf8")
  ) ?? []
  const directory = join(top, ".tmp", "readme")
  mkdirSync(directory, { recursive: true })
  try {
    writeFileSync(join(directory, "program.ts"), program)
    assert.strictEqual(execFileSync(process.execPath, [join(directory, "program.ts")], { encoding: "utf8" }), printed)
  } finally {
    rmSync(directory, { recursive: true })
  }
}, 30_000)
