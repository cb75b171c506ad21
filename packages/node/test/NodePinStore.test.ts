import { assert, describe, it } from "@effect/vitest"
import { type Pin, PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as NodePinStore from "../src/NodePinStore.ts"
import { modeOf, temporary, textOf } from "./directories.ts"

const mira: Pin.Pin = {
  address: "mira@tansy",
  naming: "linkLocal",
  certificate: "ab".repeat(32),
  key: "cd".repeat(32),
  firstSeen: "2026-11-24T20:00:00Z",
  how: "firstUse"
}

/** Each use builds the layer anew, as another start of the program would. */
const using = <A, E>(
  directory: string,
  use: (store: PinStore.PinStore["Service"]) => Effect.Effect<A, E>
): Effect.Effect<A, E | PinStore.PinStoreError> =>
  Effect.flatMap(PinStore.PinStore, use).pipe(Effect.provide(NodePinStore.layer(directory)))

const findMira = (store: PinStore.PinStore["Service"]) => store.find(mira)

describe("NodePinStore", () => {
  it.live("CERT-83 a pin outlives the program, and is found by address, naming and fingerprint", () =>
    Effect.gen(function*() {
      const directory = Path.join(yield* temporary, "a", "b")
      yield* using(directory, (store) => store.remember(mira))
      assert.deepStrictEqual(yield* using(directory, findMira), [mira])
      assert.deepStrictEqual(yield* using(directory, (store) => store.find({ ...mira, naming: "jid" })), [])
      assert.deepStrictEqual(yield* using(directory, (store) => store.find({ ...mira, address: "nadia@tansy" })), [])
      for (const fingerprint of [mira.certificate, mira.key]) {
        assert.deepStrictEqual(yield* using(directory, (store) => store.findByFingerprint(fingerprint)), [mira])
      }
      assert.deepStrictEqual(yield* using(directory, (store) => store.findByFingerprint("00".repeat(32))), [])
      assert.deepStrictEqual([modeOf(directory), modeOf(Path.join(directory, "pins.json"))], ["700", "600"])
      assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.json"], "nothing is left lying about")
    }))

  it.live("CERT-85 another pin of the address is added, the same one is not, and nothing is replaced", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const other = { ...mira, certificate: "11".repeat(32), how: "manual" } as const
      yield* using(
        directory,
        (store) =>
          Effect.andThen(
            store.remember(mira),
            Effect.andThen(store.remember(other), store.remember({ ...mira, how: "manual" }))
          )
      )
      assert.deepStrictEqual(yield* using(directory, findMira), [mira, other])
    }))

  it.live("fails closed: a store that is damaged, foreign, newer, empty or lost knows nothing and takes nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = Path.join(directory, "pins.json")
      yield* using(directory, (store) => store.remember(mira))
      const good = textOf(file)
      const damages = [
        "",
        "{",
        "[]",
        "null",
        good.slice(0, -20),
        good.replace("\"version\": 1", "\"version\": 2"),
        good.replace("xmpp-e2e-pins", "something-else"),
        good.replace("abab", "zzzz"),
        good.replace("linkLocal", "other"),
        good.replace("\"mira@tansy\"", "\"\""),
        good.replace("\"how\":", "\"comment\": \"x\", \"how\":")
      ]
      for (const damaged of damages) {
        Fs.writeFileSync(file, good)
        yield* using(directory, (store) =>
          Effect.gen(function*() {
            Fs.writeFileSync(file, damaged)
            assert.strictEqual((yield* Effect.flip(findMira(store))).reason, "unreadable", damaged)
            assert.strictEqual((yield* Effect.flip(store.findByFingerprint(mira.key))).reason, "unreadable")
            assert.strictEqual((yield* Effect.flip(store.remember(mira))).reason, "unreadable")
          }))
        assert.strictEqual(textOf(file), damaged, "a damaged store was overwritten")
        assert.strictEqual((yield* Effect.flip(using(directory, findMira))).reason, "unreadable", "also at the start")
      }
      Fs.writeFileSync(file, good)
      yield* using(directory, (store) =>
        Effect.gen(function*() {
          Fs.rmSync(file)
          assert.strictEqual((yield* Effect.flip(findMira(store))).reason, "unreadable")
          assert.strictEqual((yield* Effect.flip(store.remember(mira))).reason, "unreadable")
        }))
      assert.deepStrictEqual(Fs.readdirSync(directory), [], "no lock is left")
    }))

  it.live("a store in which others can write is not believed", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* using(directory, (store) => store.remember(mira))
      Fs.chmodSync(Path.join(directory, "pins.json"), 0o666)
      assert.match((yield* Effect.flip(using(directory, findMira))).message, /chmod 600/)
      Fs.chmodSync(Path.join(directory, "pins.json"), 0o600)
      Fs.chmodSync(directory, 0o777)
      assert.match((yield* Effect.flip(using(directory, findMira))).message, /chmod 700/)
    }))

  it.live("what is no pin is not kept", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const error = yield* Effect.flip(using(directory, (store) => store.remember({ ...mira, certificate: "AB:CD" })))
      assert.strictEqual(error.reason, "unwritable")
      assert.deepStrictEqual(yield* using(directory, findMira), [])
    }))

  it.live("CERT-85 of two at once only one is the first, and the other hears of it", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const first = (certificate: string) => {
        const pin = { ...mira, certificate }
        const claims = [{ ...pin, address: `only-${certificate.slice(0, 2)}@tansy` }, pin]
        return using(directory, (store) => store.rememberFirst(claims, "certificate"))
      }
      const names = ["11".repeat(32), "22".repeat(32), "33".repeat(32)]
      const taken = yield* Effect.forEach(names, first, { concurrency: "unbounded" })
      const winner = names[taken.findIndex((pins) => pins.length === 0)] ?? ""
      const held = [{ ...mira, certificate: winner }]
      assert.deepStrictEqual(taken, names.map((name) => name === winner ? [] : held))
      assert.deepStrictEqual(yield* using(directory, findMira), held)
      const ofMira = yield* using(directory, (store) => store.findByFingerprint(mira.key))
      assert.lengthOf(ofMira, 2, "all addresses of the first, and none of the others")
    }))

  it.live(
    "many at once, in one program and in several: no pin is lost, no address has two owners",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporary
        const here = (part: string) =>
          using(directory, (store) =>
            Effect.forEach(
              Array.from({ length: 10 }, (_, index) => index),
              (index) => store.remember({ ...mira, address: `${part}-${index}@tansy` }),
              { concurrency: "unbounded", discard: true }
            ))
        yield* Effect.all(
          [here("one"), here("two"), elsewhere(directory, "three", 10), elsewhere(directory, "four", 10)],
          {
            concurrency: "unbounded"
          }
        )
        const { pins } = JSON.parse(textOf(Path.join(directory, "pins.json"))) as {
          readonly pins: ReadonlyArray<Pin.Pin>
        }
        assert.strictEqual(new Set(pins.map(({ address }) => address)).size, 50)
        assert.lengthOf(pins, 50)
        assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.json"])
      }).pipe(Effect.timeout("30 seconds")),
    40_000
  )

  it.live("the lock of a process that died is removed, by age or by its number", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const lock = Path.join(directory, "pins.lock")
      const died = { pid: yield* numberOfTheDead, host: Os.hostname(), token: "x" }
      for (const content of [JSON.stringify(died), "garbage", ""]) {
        Fs.writeFileSync(lock, content)
        const longAgo = Date.now() / 1000 - 3600
        if (content !== JSON.stringify(died)) Fs.utimesSync(lock, longAgo, longAgo)
        yield* using(directory, (store) => store.remember({ ...mira, address: `${content.length}@tansy` }))
      }
      assert.strictEqual((yield* using(directory, (store) => store.findByFingerprint(mira.key))).length, 3)
      assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.json"])
    }).pipe(Effect.timeout("4 seconds")))

  it.live("the lock of a living process is respected; reading goes on, and giving up leaves it alone", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const lock = Path.join(directory, "pins.lock")
      const living = JSON.stringify({ pid: process.pid, host: Os.hostname(), token: "x" })
      yield* using(directory, (store) =>
        Effect.gen(function*() {
          yield* store.remember(mira)
          Fs.writeFileSync(lock, living)
          const other = { ...mira, address: "nadia@tansy" }
          const waiting = yield* Effect.forkChild(store.remember(other), { startImmediately: true })
          yield* Effect.sleep("50 millis")
          assert.deepStrictEqual(yield* findMira(store), [mira])
          yield* Fiber.interrupt(waiting)
          const patient = yield* Effect.forkChild(store.remember(other))
          const given = yield* Effect.flip(Fiber.join(patient))
          assert.strictEqual(given.reason, "unwritable")
          assert.match(given.message, /another process holds the lock/)
          assert.strictEqual(textOf(lock), living)
          Fs.rmSync(lock)
          yield* store.remember(other)
          assert.deepStrictEqual(yield* store.find(other), [other])
        }))
    }).pipe(Effect.timeout("15 seconds")))
})

const elsewhere = (directory: string, name: string, count: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const script = Path.join(import.meta.dirname, "pinning.ts")
    const child = spawn(process.execPath, [script, directory, name, String(count)], {
      stdio: ["ignore", "inherit", "inherit"]
    })
    child.on(
      "exit",
      (code) => resume(code === 0 ? Effect.void : Effect.die(new Error(`the process ended with ${code}`)))
    )
  })

const numberOfTheDead: Effect.Effect<number> = Effect.callback((resume) => {
  const child = spawn(process.execPath, ["-e", ""])
  child.on("exit", () => resume(Effect.succeed(child.pid ?? 0)))
})
