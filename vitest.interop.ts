/** The interop job: programs by others on a network of their own, one after the other. See `packages/cli/test/interop`. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.interop.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    silent: "passed-only"
  }
})
