/**
 * Where processes of one user that are running can be asked for something: sockets in a directory that is the user's alone.
 * That directory is all that keeps others out, so one that is not as it should be is not used.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as Fs from "node:fs/promises"
import * as Net from "node:net"
import { tmpdir, userInfo } from "node:os"
import * as Path from "node:path"

/**
 * - `unsupported`: this system has no such sockets
 * - `unsafe`: the directory is somebody else's, or others may look into it
 * - `unopenable`: the system does not let us have a directory or a socket there
 */
export class ControlFailed extends Data.TaggedError("ControlFailed")<{
  readonly reason: "unsupported" | "unsafe" | "unopenable"
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/** The directory for sockets of ours, made if need be. */
export const directory: Effect.Effect<string, ControlFailed> = Effect.gen(function*() {
  yield* supported
  let last = new ControlFailed({ reason: "unopenable", detail: "there is no directory for sockets" })
  for (const path of candidates()) {
    const made = yield* Effect.result(attempt(() => Fs.mkdir(path, { mode: 0o700 })))
    if (made._tag === "Success" || made.failure.code === "EEXIST") {
      yield* ours(path)
      return path
    }
    last = unopenable(path, made.failure)
  }
  return yield* last
})

/** A name for a socket of this process. It says nothing to whoever sees it. */
export const socketIn = (path: string, as: string): Effect.Effect<string, ControlFailed> => {
  const name = createHash("sha256").update(as).digest("hex").slice(0, 16)
  const socket = Path.join(path, `${name}.${process.pid}${ending}`)
  return Buffer.byteLength(socket) > pathOctetsMax
    ? Effect.fail(
      new ControlFailed({
        reason: "unopenable",
        detail: `${path} is too long for a socket in it; set XDG_RUNTIME_DIR to something shorter`
      })
    )
    : Effect.succeed(socket)
}

/** Sockets of processes that live. Those of dead ones are taken away. `unsafe` are directories that are not used. */
export const living: Effect.Effect<
  { readonly sockets: ReadonlyArray<string>; readonly unsafe: ReadonlyArray<ControlFailed> },
  ControlFailed
> = Effect.gen(function*() {
  yield* supported
  const sockets: Array<string> = []
  const unsafe: Array<ControlFailed> = []
  for (const path of candidates()) {
    const listed = yield* Effect.result(Effect.andThen(ours(path), attempt(() => Fs.readdir(path))))
    if (listed._tag === "Failure") {
      if (listed.failure._tag === "ControlFailed" && listed.failure.reason === "unsafe") unsafe.push(listed.failure)
      continue
    }
    const found = listed.success.filter((name) => name.endsWith(ending)).slice(0, socketsMax)
    for (const name of found) {
      const socket = Path.join(path, name)
      if (yield* isAlive(socket)) sockets.push(socket)
      else yield* removeDead(socket)
    }
  }
  return { sockets, unsafe }
})

/** Whether anybody listens there. */
export const isAlive = (socket: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const trial = Net.connect(socket)
    trial.once("connect", () => {
      trial.destroy()
      resume(Effect.succeed(true))
    })
    trial.once("error", (cause) => resume(Effect.succeed(!dead.has(codeOf(cause)))))
    return Effect.sync(() => void trial.destroy())
  })

/** A socket that is being made has nobody who listens for a moment. */
const removeDead = (socket: string): Effect.Effect<void> =>
  Effect.ignore(
    attempt(async () => {
      const { mtimeMs } = await Fs.lstat(socket)
      if (Date.now() - mtimeMs > youngMillis) await Fs.unlink(socket)
    })
  )

/** Ours, nobody else may look into it, and no link. */
const ours = Effect.fnUntraced(function*(path: string): Effect.fn.Return<void, ControlFailed> {
  const stats = yield* Effect.mapError(attempt(() => Fs.lstat(path)), (fault) => unopenable(path, fault))
  const isOurs = stats.isDirectory() && stats.uid === userInfo().uid
  if (isOurs && (stats.mode & 0o077) === 0) return
  return yield* new ControlFailed({
    reason: "unsafe",
    detail: isOurs
      ? `others may look into ${path}: chmod 700 ${path}`
      : `${path} is not a directory of yours: whoever made it could pose as your own processes; have it removed`
  })
})

/** XDG Base Directory Specification: a path that is not absolute is passed over. */
const candidates = (): ReadonlyArray<string> => {
  const runtime = process.env["XDG_RUNTIME_DIR"] ?? ""
  return [
    ...Path.isAbsolute(runtime) ? [Path.join(runtime, "xmpp-e2e")] : [],
    Path.join(tmpdir(), `xmpp-e2e-${userInfo().uid}`)
  ]
}

const supported = Effect.suspend(() =>
  process.platform === "win32"
    ? Effect.fail(
      new ControlFailed({
        reason: "unsupported",
        detail: "processes that are running cannot be asked for anything on Windows"
      })
    )
    : Effect.void
)

interface Fault {
  readonly _tag: "Fault"
  readonly code: string
  readonly cause: unknown
}

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, Fault> =>
  Effect.tryPromise({ try: run, catch: (cause) => ({ _tag: "Fault", code: codeOf(cause), cause }) })

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown cause"

const unopenable = (path: string, { cause, code }: Fault): ControlFailed =>
  new ControlFailed({ reason: "unopenable", detail: `${path} cannot be used (${code})`, cause })

const dead = new Set(["ECONNREFUSED", "ENOENT", "ENOTSOCK"])
const ending = ".sock"
/** The least of what systems take, less the octet that ends it. */
const pathOctetsMax = 103
const socketsMax = 256
const youngMillis = 5000
