/** Directories for tests, gone with their scope. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"

export const temporary: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "xmpp-e2e-"))),
  (directory) => Effect.sync(() => Fs.rmSync(directory, { recursive: true, force: true }))
)

export const modeOf = (path: string): string => (Fs.statSync(path).mode & 0o777).toString(8)

export const textOf = (path: string): string => Fs.readFileSync(path, "utf8")
