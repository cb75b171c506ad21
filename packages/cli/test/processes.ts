/** The command as its users meet it: processes, pipes, exit codes. And a man in the middle, for the network between. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import * as net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

const bin = fileURLToPath(new URL("../bin/xmpp-e2e.js", import.meta.url))

/** A directory that goes with the test. */
export const temporary = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "xmpp-e2e-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly lines: () => ReadonlyArray<string>
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  readonly say: (text: string) => void
  readonly endInput: () => void
  /** Until either output holds the text; fails after `millis`. */
  readonly until: (text: string, millis?: number) => Promise<void>
}

export const start = (
  args: ReadonlyArray<string>,
  options: {
    readonly input?: "pipe" | "ignore"
    readonly heapMegabytes?: number
    /** How long a file may become, in blocks of the shell; as if the disk were full then. */
    readonly fileBlocksMax?: number
    /** The network in which it runs. */
    readonly namespace?: string
    /** Whether its input and output are a terminal, which `script` makes. */
    readonly isTerminal?: boolean
    readonly env?: Readonly<Record<string, string>>
  } = {}
): Running => {
  const { fileBlocksMax, heapMegabytes, namespace } = options
  const place = namespace === undefined ? [] : ["ip", "netns", "exec", namespace]
  const plain = [...place, process.execPath, bin, ...args]
  const command = options.isTerminal === true ? ["script", "-qefc", plain.map(quoted).join(" "), "/dev/null"] : plain
  const bound = heapMegabytes === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}` }
  const words = fileBlocksMax === undefined
    ? command
    : ["sh", "-c", `ulimit -f ${fileBlocksMax}; exec "$0" "$@"`, ...command]
  const running = launch(words, { input: options.input ?? "pipe", env: { NO_COLOR: "1", ...bound, ...options.env } })
  onTestFinished(() => void running.child.kill("SIGKILL"))
  return running
}

/** Any program, with its arguments. Whoever starts it ends it. */
export const launch = (
  [program = "", ...args]: ReadonlyArray<string>,
  options: { readonly input?: "pipe" | "ignore"; readonly env?: Readonly<Record<string, string>> } = {}
): Running => {
  const child = spawn(program, args, {
    stdio: [options.input ?? "pipe", "pipe", "pipe"],
    env: { ...process.env, ...options.env }
  })
  const output = { stdout: "", stderr: "" }
  const waiting = new Set<() => void>()
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text
      for (const check of waiting) check()
    })
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal))
  })
  child.stdin?.on("error", () => {})
  const both = () => `${output.stdout}\n--- standard error\n${output.stderr}`
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    lines: () => output.stdout.split("\n").filter((line) => line !== ""),
    ended,
    say: (text) => void child.stdin?.write(text),
    endInput: () => void child.stdin?.end(),
    until: (text, millis = 20_000) =>
      new Promise((resolve, reject) => {
        const done = (settle: () => void) => {
          waiting.delete(check)
          clearTimeout(timer)
          settle()
        }
        const check = () => {
          if (both().includes(text)) done(resolve)
        }
        const timer = setTimeout(
          () => done(() => reject(new Error(`never said ${JSON.stringify(text)}:\n${both()}`))),
          millis
        )
        waiting.add(check)
        check()
      })
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

export const run = async (args: ReadonlyArray<string>, input = "") => {
  const running = start(args)
  running.say(input)
  running.endInput()
  const code = await running.ended
  return { code, stdout: running.stdout(), stderr: running.stderr() }
}

/** An identity directory, and its fingerprint. */
export const identity = async (directory: string, address: string, ...more: ReadonlyArray<string>): Promise<string> => {
  const made = await run(["identity", "create", "--address", address, "--out", directory, "--json", ...more])
  if (made.code !== 0) throw new Error(`no identity: ${made.stderr}`)
  return JSON.parse(made.stdout).sha256
}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

/** Starts `listen` on a free port, and waits until it listens. */
export const listening = async (args: ReadonlyArray<string>, options: { readonly input?: "pipe" | "ignore" } = {}) => {
  const listener = start(["listen", "--port", "0", "--json", ...args], options)
  await listener.until("Listening")
  const first = JSON.parse(listener.lines()[0] ?? "{}")
  return { ...listener, port: first.notice.port as number }
}

/** The same, with words for people instead of NDJSON. */
export const listeningInWords = async (args: ReadonlyArray<string>) => {
  const listener = start(["listen", "--port", "0", ...args], { input: "ignore" })
  await listener.until("listening on 127.0.0.1:")
  return { ...listener, port: Number(/listening on 127\.0\.0\.1:(\d+)/.exec(listener.stderr())?.[1]) }
}

/** What a man in the middle does with bytes: pass them on, changed or not, at once or in pieces. */
export type Meddle = (bytes: Buffer, to: { readonly peer: net.Socket; readonly back: net.Socket }) => void

/** A port whose connections lead to `port`, through somebody's hands. */
export const middleman = (port: number, hands: { readonly toRecipient?: Meddle; readonly toInitiator?: Meddle }) =>
  new Promise<number>((resolve) => {
    const server = net.createServer({ allowHalfOpen: true }, (initiator) => {
      const recipient = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true })
      join2(initiator, recipient, hands.toRecipient)
      join2(recipient, initiator, hands.toInitiator)
    }).listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port))
    onTestFinished(() => void server.close())
  })

const join2 = (from: net.Socket, to: net.Socket, meddle: Meddle | undefined): void => {
  from.on("data", (bytes: Buffer) => meddle === undefined ? to.write(bytes) : meddle(bytes, { peer: to, back: from }))
  from.on("end", () => to.end())
  from.on("error", () => to.destroy())
  from.on("close", () => to.destroySoon())
}

/** Takes the offer of TLS out of the features of the clear phase. */
export const strip: Meddle = (bytes, { peer }) =>
  void peer.write(
    bytes.includes("<starttls")
      ? bytes.toString().replace(/<starttls[^>]*>.*?<\/starttls>|<starttls[^>]*\/>/, "")
      : bytes
  )

/** A stanza that somebody slips in. */
export const injected = Buffer.from("<message xmlns='jabber:client'><body>injected</body></message>")
