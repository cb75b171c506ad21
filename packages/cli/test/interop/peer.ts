/**
 * A machine with programs by others on it, in a network namespace: a D-Bus and an Avahi which nobody else sees, and
 * libpurple as a person on it.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Namespaces from "../../../node/test/contract/namespaces.ts"
import { launch, type Running } from "../processes.ts"

export const script = fileURLToPath(new URL("libpurple.py", import.meta.url))

/** Two machines on one switch: ours is the first, and on the second one there is Avahi. */
export interface Land {
  readonly ours: string
  readonly theirs: string
  readonly address: (at: 1 | 2) => string
  /** Addresses of IPv6 on the only interface there is. */
  readonly linkLocal: (at: 1 | 2) => string
  readonly browse: (...flags: ReadonlyArray<string>) => Running
  readonly person: (name: string, port: number, display: string) => Promise<Person>
  readonly leave: () => Promise<void>
}

/** A line that libpurple says. */
export type Told = Readonly<Record<string, unknown>> & { readonly event: string }

export interface Person {
  readonly running: Running
  readonly does: (wish: Readonly<Record<string, unknown>> & { readonly do: string }) => void
  readonly told: () => ReadonlyArray<Told>
  /** The first of what it tells from the one numbered `from` on. */
  readonly tells: (what: string, wanted: (told: Told) => boolean, from?: number) => Promise<Told>
}

export const open = async (): Promise<Land> => {
  const directory = mkdtempSync(join(tmpdir(), "xmpp-e2e-interop-"))
  const network = Namespaces.make(2)
  const bus = join(directory, "bus")
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${bus}`, HOME: directory }
  writeFileSync(join(directory, "bus.conf"), busConfig(bus))
  writeFileSync(join(directory, "avahi.conf"), avahiConfig)
  const [ours, theirs] = [network.namespace(1), network.namespace(2)]
  const inside = ["ip", "netns", "exec", theirs]
  const started: Array<Running> = []
  const start = (words: ReadonlyArray<string>): Running => {
    const running = launch([...inside, ...words], { env })
    started.push(running)
    return running
  }
  // Numbered anew, so that whatever they have started ends with the first of them.
  const machine = start([
    "unshare",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount",
    "sh",
    "-c",
    services,
    "sh",
    directory
  ])
  const leave = async (): Promise<void> => {
    for (const { child } of started) child.kill("SIGKILL")
    await Promise.all(started.map(({ ended }) => ended))
    network.remove()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await machine.until("Server startup complete")
  } catch (error) {
    await leave()
    throw error
  }
  return {
    ours,
    theirs,
    address: (at) => `10.77.0.${at}`,
    linkLocal: (at) => linkLocal(network.namespace(at)),
    browse: (...flags) => start(["stdbuf", "-oL", "avahi-browse", "-p", ...flags, "_presence._tcp"]),
    person: async (name, port, display) => {
      const home = join(directory, `${name}-${port}`)
      mkdirSync(home)
      const person = driven(start(["python3", script, name, String(port), home, display]))
      await person.tells("that it is ready", ({ event }) => event === "ready")
      return person
    },
    leave
  }
}

const driven = (running: Running): Person => {
  const told = (): ReadonlyArray<Told> =>
    running.stdout().split("\n").slice(0, -1).map((line): Told => JSON.parse(line))
  return {
    running,
    does: (wish) => running.say(`${JSON.stringify(wish)}\n`),
    told,
    tells: async (what, wanted, from = 0) => {
      for (let waited = 0; waited < patienceMillis; waited += lookMillis) {
        const found = told().slice(from).find(wanted)
        if (found !== undefined) return found
        await new Promise((resolve) => setTimeout(resolve, lookMillis))
      }
      throw new Error(`libpurple never told ${what}:\n${running.stdout()}\n${running.stderr()}`)
    }
  }
}

/** What keeps this machine from it, if anything: programs, rights. */
export const missing = (): ReadonlyArray<string> => [
  ...["ip", "unshare", "stdbuf", "dbus-daemon", "avahi-daemon", "avahi-browse"].filter((name) =>
    spawnSync(name, ["--version"]).error !== undefined
  ),
  ...version() === undefined ? ["libpurple with Bonjour, or python3"] : [],
  ...Namespaces.areThere() ? [] : ["the right to make network namespaces"]
]

/** Of libpurple. */
export const version = (): string | undefined => {
  const { status, stdout } = spawnSync("python3", [script, "--version"], { encoding: "utf8" })
  return status === 0 ? stdout.trim() : undefined
}

const linkLocal = (namespace: string): string => {
  const { stdout } = spawnSync("ip", ["-n", namespace, "-6", "-o", "addr", "show", "dev", "eth0"], { encoding: "utf8" })
  return /inet6 (fe80:[^/]+)/.exec(stdout)?.[1] ?? ""
}

const services = `
cd "$1" && mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon || exit 1
dbus-daemon --config-file=bus.conf --nofork --nopidfile &
until [ -S bus ]; do sleep 0.02; done
avahi-daemon --no-drop-root --no-chroot --no-proc-title -f avahi.conf
`

const avahiConfig = "[server]\nhost-name=forza\n[publish]\npublish-hinfo=no\npublish-workstation=no\n"

const busConfig = (socket: string): string =>
  `<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow send_type="method_call"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`

const patienceMillis = 20_000
const lookMillis = 25
