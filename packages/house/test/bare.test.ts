/** The reducer needs nothing but the language: it answers in a world where clock, chance and timers throw. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { root } from "../src/repository.ts"

const runBare = (path: string): string =>
  execFileSync(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--experimental-vm-modules",
    "packages/house/src/bare.ts",
    path
  ], { cwd: root, encoding: "utf8", stdio: "pipe" })

it("step answers in a bare world, in every kind of state that a walk reaches", () => {
  const { labels, steps } = JSON.parse(runBare("packages/house/test/bare/walk.ts"))
  expect(labels).toEqual([
    "Closed",
    "Closing.AwaitingEnd",
    "Closing.AwaitingFooter",
    "Dormant",
    "Established",
    "Initiating.AwaitingAbort",
    "Initiating.AwaitingFeatures",
    "Initiating.AwaitingHeader",
    "Initiating.AwaitingProceed",
    "Initiating.AwaitingSasl",
    "Initiating.AwaitingTls",
    "Initiating.AwaitingVerdict",
    "Responding.AwaitingChoice",
    "Responding.AwaitingCommitment",
    "Responding.AwaitingHeader",
    "Responding.AwaitingResponse",
    "Responding.AwaitingTls",
    "Responding.AwaitingVerdict"
  ])
  expect(steps).toBeGreaterThan(500)
})

it.each([
  ["Date.now()", "Date.now was called"],
  ["new Date()", "Date was called"],
  ["Math.random()", "Math.random was called"],
  ["setTimeout(() => {}, 0)", "setTimeout was called"],
  ["process.pid", "process is not defined"],
  ["console.log(1)", "console is not defined"],
  ["crypto.randomUUID()", "crypto is not defined"]
])("the bare world refuses %s", (code, complaint) => {
  const folder = mkdtempSync(join(tmpdir(), "xmpp-e2e-bare-"))
  const path = join(folder, "planted.ts")
  writeFileSync(path, `export const run = (): unknown => ${code}\n`)
  try {
    expect(() => runBare(path)).toThrow(complaint)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
