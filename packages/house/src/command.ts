/** Runs the tools of the workspace, found in the top-level `node_modules`. */
import { spawn } from "node:child_process"
import { delimiter } from "node:path"
import { root } from "./repository.ts"

export interface Ran {
  readonly ok: boolean
  /** Both streams as they came; empty when they were shown at once. */
  readonly output: string
}

/** A command that cannot be started has failed, and says why. `show` passes its output through. */
export const run = (command: string, args: ReadonlyArray<string>, show = false): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: `${root}node_modules/.bin${delimiter}${process.env["PATH"] ?? ""}` },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"]
    })
    const output: Array<string> = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => output.push(text))
    }
    child.on("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}` }))
    child.on("close", (code) => resolve({ ok: code === 0, output: output.join("") }))
  })
