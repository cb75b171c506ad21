/**
 * A lock between processes: numbered files in a directory of their own. The file with the highest number is the lock, and
 * whoever made it holds it. When it is released, or its owner is gone, the next number is free to be made, which only one
 * can.
 *
 * Nobody ever removes the highest number, so numbers only grow, and nobody takes away the lock of somebody else: there is
 * no moment between looking at an abandoned lock and removing it in which another could have taken it. Who was slow, and
 * makes a number that was used before, sees a higher one and gives way.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { randomUUID } from "node:crypto"
import * as Fs from "node:fs/promises"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Files from "./files.ts"

/**
 * Runs `use` while this process alone holds the lock in `directory`, which is made if need be. Fails with `ELOCKED` when it
 * cannot be had within ten seconds.
 *
 * A process that stands still for more than a minute while it holds the lock loses it. `use` gets an effect that says with
 * `ETAKEN` if that has happened, to be asked before what cannot be taken back.
 *
 * @internal
 */
export const withLock = <A, E>(
  directory: string,
  use: (confirm: Effect.Effect<void, Files.FileFault>) => Effect.Effect<A, E>
): Effect.Effect<A, E | Files.FileFault> =>
  Effect.acquireUseRelease(
    acquire(directory),
    (mine) =>
      use(Effect.flatMap(highest(directory), (now) => now === mine ? Effect.void : Effect.fail(Files.fault("ETAKEN")))),
    (mine) => Effect.ignore(Files.attempt(() => Fs.appendFile(fileOf(directory, mine), released)))
  )

const acquire = Effect.fnUntraced(function*(directory: string): Effect.fn.Return<number, Files.FileFault> {
  yield* Files.makeDirectory(directory, 0o700)
  const where = yield* here
  const record = JSON.stringify({ pid: process.pid, host: where, token: randomUUID() })
  const patience = (yield* Clock.currentTimeMillis) + patienceMillis
  while (true) {
    const last = yield* highest(directory)
    if (last === 0 || (yield* isFree(fileOf(directory, last), where))) {
      const mine = last + 1
      if (yield* take(fileOf(directory, mine), record)) {
        if ((yield* highest(directory)) === mine) {
          yield* tidy(directory, mine)
          return mine
        }
        yield* Files.remove(fileOf(directory, mine))
      }
    }
    if ((yield* Clock.currentTimeMillis) > patience) return yield* Effect.fail(Files.fault("ELOCKED"))
    // Only here: interrupted between making the file and knowing it, nobody would release it.
    yield* Effect.interruptible(Effect.sleep(yield* Random.nextBetween(pauseMillis / 2, pauseMillis * 2)))
  }
})

const fileOf = (directory: string, number: number): string => Path.join(directory, String(number))

const numbers = (directory: string): Effect.Effect<ReadonlyArray<number>, Files.FileFault> =>
  Effect.map(
    Files.attempt(() => Fs.readdir(directory)),
    (names) => names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
  )

/** 0 when nobody has ever held the lock. */
const highest = (directory: string): Effect.Effect<number, Files.FileFault> =>
  Effect.map(numbers(directory), (all) => all.reduce((most, each) => Math.max(most, each), 0))

const take = (path: string, record: string): Effect.Effect<boolean, Files.FileFault> =>
  Files.claim(path, record, 0o600).pipe(
    Effect.as(true),
    Effect.catch((why) => why.code === "EEXIST" ? Effect.succeed(false) : Effect.fail(why))
  )

/** One more than needed is kept, for those who are just reading the directory. */
const tidy = (directory: string, mine: number): Effect.Effect<void> =>
  Effect.orElseSucceed(numbers(directory), (): ReadonlyArray<number> => []).pipe(
    Effect.flatMap((all) =>
      Effect.forEach(all.filter((each) => each < mine - 1), (each) => Files.remove(fileOf(directory, each)), {
        discard: true
      })
    ),
    Effect.andThen(Files.sweep(directory, staleMillis))
  )

const isFree = Effect.fnUntraced(function*(path: string, where: string): Effect.fn.Return<boolean> {
  const lock = yield* Effect.orElseSucceed(Files.readItself(path, lockBytesMax), () => undefined)
  if (lock === undefined) return false
  if (lock.text.endsWith(released)) return true
  const age = (yield* Clock.currentTimeMillis) - lock.stats.mtimeMs
  return age > staleMillis || (yield* isOwnerGone(lock.text, where))
})

/** Where the number of a process means one process: two containers may have one host name, and each a process 7. */
const here: Effect.Effect<string> = Effect.map(
  Effect.orElseSucceed(Files.attempt(() => Fs.readlink("/proc/self/ns/pid")), () => ""),
  (space) => `${Os.hostname()} ${space}`
)

/** A signal 0 asks whether the process is there. One that is somebody else's (`EPERM`) is. */
const isOwnerGone = (text: string, where: string): Effect.Effect<boolean> => {
  const match = /^\{"pid":([1-9]\d*),"host":"([^"\\]*)",/.exec(text)
  if (match === null || match[2] !== where) return Effect.succeed(false)
  return Effect.try({ try: () => process.kill(Number(match[1]), 0), catch: Files.codeOf }).pipe(
    Effect.match({ onSuccess: () => false, onFailure: (code) => code === "ESRCH" })
  )
}

const released = "\nreleased\n"
const patienceMillis = 10_000
const pauseMillis = 10
/** The work under a lock takes milliseconds. */
const staleMillis = 60_000
const lockBytesMax = 4_096
