/** One Vitest project for each package; named on the command line, because Vitest does not look for this file. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    projects: ["packages/*"],
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000
  }
})
