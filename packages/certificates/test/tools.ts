/** Other people's tools, where they are installed: OpenSSL and Java's keytool. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

export const hasOpenssl =
  spawnSync("openssl", ["version"], { encoding: "utf8" }).stdout?.startsWith("OpenSSL 3") === true
export const hasKeytool = spawnSync("keytool", ["-help"]).status === 0

export interface Workshop {
  readonly run: (tool: string, ...args: ReadonlyArray<string>) => string
  readonly read: (name: string) => Uint8Array
  readonly text: (name: string) => string
}

/** A directory that goes with the test; tools run in it, and what fails there fails the test. */
export const workshop = (): Workshop => {
  const directory = mkdtempSync(join(tmpdir(), "xmpp-e2e-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return {
    run: (tool, ...args) => {
      const { error, status, stderr, stdout } = spawnSync(tool, args, { cwd: directory, encoding: "utf8" })
      if (status !== 0) throw new Error(`${tool} ${args.join(" ")}: ${error?.message ?? stderr}`)
      return stdout
    },
    read: (name) => new Uint8Array(readFileSync(join(directory, name))),
    text: (name) => readFileSync(join(directory, name), "utf8")
  }
}

/** `key.pem` and `cert.pem` for `mira@tansy`. */
export const makeFiles = ({ run }: Workshop, ...algorithm: ReadonlyArray<string>): void => {
  const names = "subjectAltName=otherName:1.3.6.1.5.5.7.8.5;UTF8:mira@tansy"
  const files = ["-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
  run(
    "openssl",
    "req",
    "-x509",
    "-newkey",
    ...algorithm,
    ...files,
    "-subj",
    "/CN=mira",
    "-days",
    "30",
    "-addext",
    names
  )
}

export const p256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] as const
