/**
 * What Stryker runs for each mutant of `protocol` (`pnpm mutation`): this package's own tests and no others. It stands here
 * because the projects of `vitest.workspace.ts` cannot be chosen from in Stryker's configuration. The tests keep nothing
 * between files, so they share one worker; a worker for each file would take most of the time.
 * Left out is what looks at all code points: with the counting of Stryker it takes minutes, and others look at the borders.
 */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    root: "packages/protocol",
    include: ["test/**/*.test.ts"],
    exclude: ["test/everyCodePoint.test.ts"],
    testTimeout: 60_000,
    pool: "threads",
    isolate: false,
    runner: "./vitest.mutation.runner.ts"
  }
})
