/**
 * One Vitest project for each package. It is named on the command line, because Vitest does not look for this file; and
 * the projects are spelled out, because a mere `packages/*` would leave the options below behind.
 */
import { readdirSync } from "node:fs"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Streams log how they ended, and tests end thousands.
    silent: "passed-only",
    projects: readdirSync(new URL("packages", import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ extends: true, root: `packages/${name}`, test: { name: `@xmpp-e2e/${name}` } }))
  }
})
