/**
 * Hosts in network namespaces on one switch, with no other network: made and taken away by a test. Processes in them say lines of
 * JSON, each with the time at which it was said.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process"
import { createInterface } from "node:readline"
import type { Readable, Writable } from "node:stream"
import { fileURLToPath } from "node:url"

export type Line = Readonly<Record<string, unknown>> & { readonly at: number }

export interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>
  readonly lines: ReadonlyArray<Line>
  /** The first line from the one numbered `from` on that says all of this; in a list, that it holds that. */
  readonly line: (wanted: Readonly<Record<string, unknown>>, from?: number, millis?: number) => Promise<Line>
  readonly ended: Promise<number | null>
}

export interface Switch {
  readonly host: (at: number, ...words: ReadonlyArray<string>) => Promise<Running>
  /** Another program than the host of discovery: a script that says `Ready` when it is. */
  readonly program: (at: number, script: string, ...words: ReadonlyArray<string>) => Promise<Running>
  readonly ip: (at: number, ...words: ReadonlyArray<string>) => void
  readonly namespace: (at: number) => string
  readonly remove: () => void
}

const ip = (...words: ReadonlyArray<string>): boolean => spawnSync("ip", words).status === 0

/** Whether this machine lets us make them. */
export const areThere = (): boolean => {
  const name = `probe-${process.pid}`
  const isMade = ip("netns", "add", name) && ip("-n", name, "link", "add", "br0", "type", "bridge")
  ip("netns", "del", name)
  return isMade
}

let made = 0

/** Hosts are numbered from 1, and so are their addresses: `10.77.0.1`. */
export const make = (count: number): Switch => {
  made += 1
  const [prefix, running] = [`x${process.pid}-${made}-`, new Set<Running>()]
  const center = `${prefix}0`
  const namespace = (at: number): string => `${prefix}${at}`
  const must = (...words: ReadonlyArray<string>): void => {
    if (!ip(...words)) throw new Error(`ip ${words.join(" ")} failed`)
  }
  must("netns", "add", center)
  must("-n", center, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
  must("-n", center, "link", "set", "br0", "up")
  for (let at = 1; at <= count; at++) {
    must("netns", "add", namespace(at))
    must("-n", namespace(at), "link", "set", "lo", "up")
    must("-n", center, "link", "add", `port${at}`, "type", "veth", "peer", "name", "eth0", "netns", namespace(at))
    must("-n", center, "link", "set", `port${at}`, "master", "br0", "up")
    must("-n", namespace(at), "addr", "add", `10.77.0.${at}/24`, "dev", "eth0")
    must("-n", namespace(at), "link", "set", "eth0", "up")
  }
  const program: Switch["program"] = async (at, script, ...words) => {
    const one = start(namespace(at), script, words)
    running.add(one)
    await one.line({ _tag: "Ready" })
    return one
  }
  return {
    namespace,
    ip: (at, ...words) => must("-n", namespace(at), ...words),
    host: (at, ...words) => program(at, discoveryHost, ...words),
    program,
    remove: () => {
      for (const one of running) one.process.kill("SIGKILL")
      for (let at = 0; at <= count; at++) ip("netns", "del", namespace(at))
    }
  }
}

const says = (found: unknown, wanted: unknown): boolean =>
  found === wanted || (Array.isArray(found) && found.includes(wanted))

const discoveryHost = fileURLToPath(new URL("../discoveryHost.ts", import.meta.url))

const start = (namespace: string, script: string, words: ReadonlyArray<string>): Running => {
  const child = spawn("ip", ["netns", "exec", namespace, process.execPath, script, ...words], {
    stdio: ["pipe", "pipe", "pipe"]
  })
  const [lines, watching] = [[] as Array<Line>, new Set<() => void>()]
  let complaints = ""
  child.stderr.on("data", (text) => complaints += String(text))
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text))
    for (const look of watching) look()
  })
  const line: Running["line"] = (wanted, from = 0, millis = 15_000) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.slice(from).find((each) =>
          Object.entries(wanted).every(([key, value]) => says(each[key], value))
        )
        if (found === undefined) return
        done()
        resolve(found)
      }
      const timer = setTimeout(() => {
        done()
        reject(new Error(`no ${JSON.stringify(wanted)} in ${JSON.stringify(lines.slice(from))} ${complaints}`))
      }, millis)
      const done = (): void => {
        clearTimeout(timer)
        watching.delete(look)
      }
      watching.add(look)
      look()
    })
  return { process: child, lines, line, ended: new Promise((resolve) => child.once("exit", resolve)) }
}
