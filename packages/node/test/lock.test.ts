import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import type * as FsPromises from "node:fs/promises"
import * as Path from "node:path"
import { vi } from "vitest"
import * as Lock from "../src/internal/lock.ts"
import { temporary } from "./directories.ts"

/** Runs between a look at the directory and what follows from it. */
const afterListing = vi.hoisted((): { hook: (() => void) | undefined } => ({ hook: undefined }))

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FsPromises>()
  const readdir = async (path: string): Promise<ReadonlyArray<string>> => {
    const names = await real.readdir(path)
    afterListing.hook?.()
    return names
  }
  return { ...real, readdir }
})

const hold = (directory: string) => Lock.withLock(directory, () => Effect.void)

/** What stands in the lock while somebody holds it. */
const record = Effect.fnUntraced(function*(directory: string) {
  return yield* Lock.withLock(directory, () => Effect.sync(() => Fs.readFileSync(last(directory), "utf8")))
})

const last = (directory: string): string =>
  Path.join(directory, String(Math.max(...Fs.readdirSync(directory).map(Number))))

describe("the lock between processes", () => {
  it.live("the lock of a process that died is taken over by its number, one that says nothing by its age", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const dead = (yield* record(directory)).replace(/"pid":\d+/, `"pid":${yield* numberOfTheDead}`)
      const longAgo = Date.now() / 1000 - 3600
      for (
        const [content, aged] of [[dead, false], ["garbage", true], ["", true], [dead.slice(0, 20), true]] as const
      ) {
        yield* hold(directory)
        Fs.writeFileSync(last(directory), content)
        if (aged) Fs.utimesSync(last(directory), longAgo, longAgo)
        yield* hold(directory)
      }
    }).pipe(Effect.timeout("4 seconds")))

  it.live("many take over the lock of the dead at once: one after the other holds it", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const dead = (yield* record(directory)).replace(/"pid":\d+/, `"pid":${yield* numberOfTheDead}`)
      let inside = 0
      let most = 0
      let count = 0
      for (let round = 0; round < 10; round++) {
        Fs.writeFileSync(last(directory), dead)
        const one = Lock.withLock(directory, () =>
          Effect.gen(function*() {
            most = Math.max(most, ++inside)
            yield* Effect.sleep(1)
            inside--
            count++
          }))
        yield* Effect.all(Array.from({ length: 12 }, () => one), { concurrency: "unbounded", discard: true })
      }
      assert.deepStrictEqual([most, count], [1, 120])
    }).pipe(Effect.timeout("20 seconds")), 25_000)

  it.live("who is late, and makes a number that was used before, gives way to the higher one", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const living = yield* record(directory)
      const [late, higher] = [1, 2].map((more) =>
        Path.join(directory, String(Number(Path.basename(last(directory))) + more))
      )
      afterListing.hook = () => {
        afterListing.hook = undefined
        // Meanwhile the next number was taken, released and removed, and the one after it is held.
        Fs.writeFileSync(higher ?? "", living)
      }
      const waiting = yield* Effect.forkChild(hold(directory), { startImmediately: true })
      yield* Effect.sleep("100 millis")
      assert.isUndefined(afterListing.hook)
      assert.isUndefined(waiting.pollUnsafe(), "two hold the lock")
      assert.isFalse(Fs.existsSync(late ?? ""))
      Fs.appendFileSync(higher ?? "", "\nreleased\n")
      yield* Fiber.join(waiting)
    }).pipe(Effect.timeout("4 seconds")))

  it.live("who stood still for too long is told before it does harm", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const fault = yield* Effect.flip(Lock.withLock(directory, (confirm) =>
        Effect.gen(function*() {
          yield* confirm
          const longAgo = Date.now() / 1000 - 3600
          Fs.utimesSync(last(directory), longAgo, longAgo)
          yield* hold(directory)
          yield* confirm
        })))
      assert.strictEqual(fault.code, "ETAKEN")
      yield* hold(directory)
    }).pipe(Effect.timeout("4 seconds")))

  it.live(
    "the lock of the living is respected; giving up leaves it alone, and an interruption nothing behind",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporary
        yield* Lock.withLock(directory, (confirm) =>
          Effect.gen(function*() {
            const waiting = yield* Effect.forkChild(hold(directory), { startImmediately: true })
            yield* Effect.sleep("50 millis")
            yield* Fiber.interrupt(waiting)
            assert.strictEqual((yield* Effect.flip(hold(directory))).code, "ELOCKED")
            yield* confirm
            assert.lengthOf(Fs.readdirSync(directory), 1)
          }))
        yield* hold(directory)
      }).pipe(Effect.timeout("15 seconds")),
    20_000
  )

  it.live("a process that runs elsewhere, with the same number as one that died here, is not taken for dead", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const dead = (yield* record(directory)).replace(/"pid":\d+/, `"pid":${yield* numberOfTheDead}`)
      for (const strange of [dead.replace(/"host":"/, "$&other-"), dead.replace(/"pid":\d+/, "\"pid\":0")]) {
        Fs.writeFileSync(last(directory), strange)
        const waiting = yield* Effect.forkChild(hold(directory), { startImmediately: true })
        yield* Effect.sleep("100 millis")
        assert.isUndefined(waiting.pollUnsafe(), strange)
        Fs.appendFileSync(last(directory), "\nreleased\n")
        yield* Fiber.join(waiting)
      }
    }).pipe(Effect.timeout("4 seconds")))
})

const numberOfTheDead: Effect.Effect<number> = Effect.callback((resume) => {
  const child = spawn(process.execPath, ["-e", ""])
  child.on("exit", () => resume(Effect.succeed(child.pid ?? 0)))
})
