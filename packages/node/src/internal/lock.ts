/**
 * A lock between processes: a file that only one of them can make. Who finds a lock whose owner is gone removes it; a
 * second lock keeps two of them from doing so at once.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import * as Os from "node:os"
import * as Files from "./files.ts"

/**
 * Runs `use` while this process alone holds the lock at `path`. Fails with `ELOCKED` when it cannot be had within five
 * seconds.
 *
 * @internal
 */
export const withLock = <A, E>(path: string, use: Effect.Effect<A, E>): Effect.Effect<A, E | Files.FileFault> =>
  Effect.acquireUseRelease(acquire(path), () => use, (mine) => release(path, mine))

const acquire = Effect.fnUntraced(function*(path: string): Effect.fn.Return<string, Files.FileFault> {
  const mine = JSON.stringify({ pid: process.pid, host: Os.hostname(), token: randomUUID() })
  const patience = (yield* Clock.currentTimeMillis) + patienceMillis
  while (!(yield* take(path, mine))) {
    if ((yield* Clock.currentTimeMillis) > patience) return yield* Effect.fail(Files.fault("ELOCKED"))
    yield* clearStale(path)
    // Only here: interrupted between making the file and knowing it, nobody would remove it.
    yield* Effect.interruptible(Effect.sleep(pauseMillis))
  }
  return mine
})

const take = (path: string, mine: string): Effect.Effect<boolean, Files.FileFault> =>
  Files.create(path, mine, 0o600).pipe(
    Effect.as(true),
    Effect.catch((why) => why.code === "EEXIST" ? Effect.succeed(false) : Effect.fail(why))
  )

const release = (path: string, mine: string): Effect.Effect<void> =>
  Files.read(path, lockBytesMax).pipe(
    Effect.flatMap(({ text }) => text === mine ? Files.remove(path) : Effect.void),
    Effect.ignore
  )

const clearStale = Effect.fnUntraced(function*(path: string): Effect.fn.Return<void> {
  if (!(yield* isStale(path))) return
  const guard = `${path}.clearing`
  if (!(yield* Effect.orElseSucceed(take(guard, ""), () => false))) return
  // Looked at again behind the guard: what is stale now, nobody else removes in between.
  if (yield* isStale(path)) yield* Files.remove(path)
  yield* Files.remove(guard)
})

const isStale = Effect.fnUntraced(function*(path: string): Effect.fn.Return<boolean> {
  const lock = yield* Effect.orElseSucceed(Files.read(path, lockBytesMax), () => undefined)
  if (lock === undefined) return false
  const age = (yield* Clock.currentTimeMillis) - lock.stats.mtimeMs
  return age > staleMillis || (yield* isOwnerGone(lock.text))
})

/** A signal 0 asks whether the process is there. One that is somebody else's (`EPERM`) is. */
const isOwnerGone = (text: string): Effect.Effect<boolean> => {
  const match = /^\{"pid":(\d+),"host":"([^"\\]*)",/.exec(text)
  if (match === null || match[2] !== Os.hostname()) return Effect.succeed(false)
  return Effect.try({ try: () => process.kill(Number(match[1]), 0), catch: Files.codeOf }).pipe(
    Effect.match({ onSuccess: () => false, onFailure: (code) => code === "ESRCH" })
  )
}

const patienceMillis = 5_000
const pauseMillis = 20
/** The work under a lock takes milliseconds. */
const staleMillis = 60_000
const lockBytesMax = 4_096
