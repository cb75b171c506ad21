/** Releases: what a changeset says reaches the changelog, and all public packages are released together. */
import { spawnSync } from "node:child_process"
import { expect, it } from "vitest"
import { released, summary, waiting } from "../src/release.ts"
import { manifests, read, root } from "../src/repository.ts"

it("reads the sentence of a changeset", () => {
  expect(summary("---\n\"@xmpp-e2e/xml\": none\n---\n\nOne can read.\n\nAnd write.\n")).toBe(
    "One can read.\n\nAnd write."
  )
  expect(waiting().filter((text) => text.length < 20 || text.includes("---"))).toEqual([])
})

it("puts a release above the others and below the opening", () => {
  const first = released("# Changelog\n\nOpening.\n", "0.1.0", "2026-01-02", ["One can read."])
  expect(first).toBe("# Changelog\n\nOpening.\n\n## 0.1.0 (2026-01-02)\n\n- One can read.\n")
  const second = released(first, "0.2.0", "2026-02-03", ["One can write.\nFast.", "One can see."])
  expect(second).toBe(
    "# Changelog\n\nOpening.\n\n## 0.2.0 (2026-02-03)\n\n- One can write.\n  Fast.\n- One can see.\n\n"
      + "## 0.1.0 (2026-01-02)\n\n- One can read.\n"
  )
})

it("releases all public packages with one version, and no private one", () => {
  const known = manifests().map(({ path }): { name: string; version: string; private?: boolean } =>
    JSON.parse(read(path))
  )
  const open = known.filter((manifest) => manifest.private !== true)
  expect(JSON.parse(read(".changeset/config.json")).fixed).toEqual([open.map(({ name }) => name)])
  expect(new Set(open.map(({ version }) => version)).size).toBe(1)
})

it("releases nothing when it is asked for help", () => {
  const before = [read("CHANGELOG.md"), waiting()]
  const { status, stderr } = spawnSync(process.execPath, ["packages/house/src/release.ts", "--help"], { cwd: root })
  expect(status).toBe(2)
  expect(stderr.toString()).toContain("takes no arguments")
  expect([read("CHANGELOG.md"), waiting()]).toEqual(before)
})
