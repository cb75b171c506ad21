/**
 * The other judge: `openssl verify`, a process for each chain. A shell starts them by the dozen, because starting it is what
 * costs.
 */
import { execFile, execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Chain, pem } from "./generate.ts"

export interface Judged {
  readonly isAccepted: boolean
  /** What it says, on one line. */
  readonly text: string
}

/** `OpenSSL 3.0.22 …`; `undefined` where the program is not there. */
export const version = ((): string | undefined => {
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }).trim()
  } catch {
    return undefined
  }
})()

/** One answer for each chain, in order. */
export const verify = async (chains: ReadonlyArray<Chain>): Promise<ReadonlyArray<Judged>> => {
  const folder = mkdtempSync(join(tmpdir(), "xmpp-e2e-chains-"))
  try {
    const commands = chains.map((chain, at) => commandOf(chain, at, folder))
    const batches = Array.from(
      { length: Math.ceil(commands.length / batchSize) },
      (_, at) => commands.slice(at * batchSize, (at + 1) * batchSize)
    )
    const judged: Array<ReadonlyArray<Judged>> = []
    const work = async (first: number): Promise<void> => {
      for (let at = first; at < batches.length; at += width) judged[at] = await run(batches[at] ?? [], folder)
    }
    await Promise.all(Array.from({ length: width }, (_, at) => work(at)))
    return judged.flat()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * As we judge: every anchor ends a path (`-partial_chain`), policies are processed and any will do (`-policy`), and keys and digests are those of 112
 * bits and more (`-auth_level 2`).
 */
const commandOf = (chain: Chain, at: number, folder: string): string => {
  const file = (name: string, ders: ReadonlyArray<Uint8Array>): string => {
    writeFileSync(join(folder, `${at}.${name}.pem`), ders.map(pem).join(""))
    return `${at}.${name}.pem`
  }
  return [
    "openssl verify -x509_strict -partial_chain -policy 2.5.29.32.0 -auth_level 2",
    `-attime ${chain.now / 1000} -purpose ssl${chain.purpose} -verify_hostname ${chain.host}`,
    "-no-CApath -no-CAstore",
    `-CAfile ${file("anchors", chain.anchors)}`,
    ...chain.untrusted.length === 0 ? [] : [`-untrusted ${file("untrusted", chain.untrusted)}`],
    `${file("leaf", [chain.leaf])} 2>&1; echo "${mark} $?"`
  ].join(" ")
}

const run = (commands: ReadonlyArray<string>, folder: string): Promise<ReadonlyArray<Judged>> =>
  new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, OPENSSL_CONF: "/dev/null" }, maxBuffer: 1 << 24 }
    execFile("sh", ["-c", commands.join("\n")], options, (failure, output) => {
      if (failure !== null) return reject(failure)
      const parts = output.split(new RegExp(`^${mark} (\\d+)\\n`, "m"))
      resolve(commands.map((_, at) => ({
        isAccepted: parts[2 * at + 1] === "0",
        text: (parts[2 * at] ?? "").trim().replaceAll("\n", " | ")
      })))
    })
  })

const mark = "@judged"
const batchSize = 24
const width = 2
