/**
 * `replay --interactive` on a terminal. There is no terminal in a test, so `script` (util-linux) makes one; where it is
 * not, the keys are tried without one in `stepKeys.test.ts`.
 */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it, onTestFinished } from "vitest"

const bin = fileURLToPath(new URL("../bin/xmpp-e2e.js", import.meta.url))
const file = fileURLToPath(new URL("../../recording/corpus/sessions/secure-session.initiator.ndjson", import.meta.url))
const script = "/usr/bin/script"

const enter = "\u001b[?1049h"
const leave = "\u001b[?7h\u001b[?25h\u001b[?1049l"

/** Presses the keys of each entry once the screen shows its text; then waits for the end. */
const walk = (presses: ReadonlyArray<readonly [seen: string, keys: string]>): Promise<{
  readonly code: number | null
  readonly output: string
}> =>
  new Promise((resolve, reject) => {
    const command =
      `stty rows 30 cols 100; "${process.execPath}" "${bin}" replay --interactive "${file}"; echo "[code $?]"; stty -a`
    const child = spawn(script, ["-qec", command, "/dev/null"], {
      env: { ...process.env, SHELL: "/bin/sh", TERM: "xterm" },
      stdio: ["pipe", "pipe", "inherit"]
    })
    onTestFinished(() => void child.kill("SIGKILL"))
    const left = [...presses]
    let [output, from] = ["", 0]
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text
      const [next] = left
      if (next === undefined || !output.slice(from).includes(next[0])) return
      from = output.length
      left.shift()
      child.stdin.write(next[1])
    })
    child.once("error", reject).once("close", (code) => resolve({ code, output }))
  })

const needed = existsSync(script)

describe.skipIf(!needed)("on a terminal (needs script of util-linux)", () => {
  it("is stepped by single keys, and leaves the terminal as it was", async () => {
    const { output } = await walk([["h help", "n"], ["step 0", "g3\r"], ["step 3", "/message\r"], [
      "<message",
      "q"
    ]])
    assert.include(output, enter)
    assert.include(output, "4 of 16")
    assert.include(output.slice(output.indexOf(leave)), "[code 0]")
    const settings = output.slice(output.indexOf("[code 0]"))
    for (const one of ["icanon", "echo", "isig"]) assert.match(settings, new RegExp(`\\s${one}\\s`))
  }, 20_000)

  it("ends by Ctrl-C, and leaves the terminal as it was", async () => {
    const { output } = await walk([["h help", "n"], ["step 0", "\u0003"]])
    assert.match(output.slice(output.indexOf(leave)), /\[code (?:0|130)\][\s\S]* icanon/)
  }, 20_000)
})
