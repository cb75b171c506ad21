import { assert, describe, it } from "@effect/vitest"
import { type Pin, PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
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
      assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.json", "pins.lock"], "nothing is left lying about")
      assert.strictEqual(modeOf(Path.join(directory, "pins.lock")), "700")
    }))

  it.live("CERT-85 CERT-88 another pin of the address is added, the same one confirms, and nothing is replaced", () =>
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
      assert.deepStrictEqual(yield* using(directory, findMira), [{ ...mira, how: "manual" }, other])
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
        good.replace("\"how\":", "\"revoked\": true, \"how\":"),
        good.replace("\"pins\":", "\"revoked\": [], \"pins\":"),
        good.replace("[", "[null,")
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
      assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.lock"])
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

  it.live("CERT-85 a person sees all pins, and removes those of an address, or of one certificate for it", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const other = { ...mira, certificate: "11".repeat(32) }
      const nadia = { ...mira, address: "nadia@tansy" }
      for (const pin of [mira, other, nadia]) yield* using(directory, (store) => store.remember(pin))
      assert.deepStrictEqual(yield* using(directory, (store) => store.all), [mira, other, nadia])
      const { address, certificate, naming } = mira
      const forget = (which: Pin.Selection) => using(directory, (store) => store.forget(which))
      assert.deepStrictEqual(yield* forget({ address, naming: "jid" }), [])
      assert.deepStrictEqual(yield* forget({ address, naming, certificate: "22".repeat(32) }), [])
      assert.deepStrictEqual(yield* forget({ address, naming, certificate }), [mira])
      assert.deepStrictEqual(yield* using(directory, (store) => store.all), [other, nadia])
      assert.deepStrictEqual(yield* forget({ address, naming }), [other])
      assert.deepStrictEqual(yield* using(directory, (store) => store.all), [nadia])
      assert.deepStrictEqual(
        yield* using(directory, (store) => store.rememberFirst([mira], "certificate")),
        [],
        "whoever comes next is the first"
      )
    }))

  it.live("CERT-83 a pin of which nobody knows the key yet is kept, and its unknown key is nobody's", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const manual = { ...mira, key: "", how: "manual" } as const
      yield* using(directory, (store) => store.remember(manual))
      assert.deepStrictEqual(yield* using(directory, findMira), [manual])
      const stranger = { ...mira, certificate: "11".repeat(32) }
      assert.deepStrictEqual(yield* using(directory, (store) => store.rememberFirst([stranger], "key")), [manual])
    }))

  it.live("CERT-83 CERT-88 a pin is marked as verified, in a file that an earlier program wrote", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const verified = { when: "2026-11-25T08:00:00Z", how: "shortString" } as const
      yield* using(directory, (store) => store.remember(mira))
      assert.notInclude(textOf(Path.join(directory, "pins.json")), "verified")
      yield* using(directory, (store) => store.remember({ ...mira, verified }))
      yield* using(directory, (store) => store.remember(mira))
      assert.deepStrictEqual(yield* using(directory, findMira), [{ ...mira, verified }])
    }))

  it.live("CERT-83 what a later version adds under `more` is kept when the file is written anew", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = Path.join(directory, "pins.json")
      yield* using(directory, (store) => store.remember(mira))
      const more = { verified: "2027-01-01T00:00:00Z", by: ["a person", 1, null] }
      Fs.writeFileSync(file, textOf(file).replace("\"how\":", `"more": ${JSON.stringify(more)}, "how":`))
      yield* using(directory, (store) => store.remember({ ...mira, address: "nadia@tansy" }))
      assert.deepStrictEqual(JSON.parse(textOf(file)).pins[0].more, more)
      assert.lengthOf(yield* using(directory, findMira), 1)
    }))

  it.live("a link, a pipe, a directory or too much in place of the file is not read", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = Path.join(directory, "pins.json")
      const elsewhere = Path.join(yield* temporary, "planted.json")
      yield* using(directory, (store) => store.remember(mira))
      Fs.renameSync(file, elsewhere)
      const planted = textOf(elsewhere)
      const plants: ReadonlyArray<readonly [what: RegExp, plant: () => unknown]> = [
        [/symbolic link/, () => Fs.symlinkSync(elsewhere, file)],
        [/symbolic link/, () => Fs.symlinkSync(Path.join(directory, "nowhere"), file)],
        [/not a file/, () => execFileSync("mkfifo", [file])],
        [/not a file/, () => Fs.mkdirSync(file)],
        [/too large/, () => Fs.truncateSync((Fs.writeFileSync(file, planted, { mode: 0o600 }), file), 8_388_609)]
      ]
      for (const [what, plant] of plants) {
        plant()
        const error = yield* Effect.flip(using(directory, (store) => store.remember(mira)))
        assert.match(error.message, what)
        assert.strictEqual(error.reason, "unreadable")
        Fs.rmSync(file, { recursive: true })
      }
      assert.strictEqual(textOf(elsewhere), planted)
      assert.isFalse(Fs.existsSync(Path.join(directory, "nowhere")))
    }).pipe(Effect.timeout("5 seconds")))

  it.live("a store that belongs to another user is not believed", ({ skip }) =>
    Effect.gen(function*() {
      if (process.geteuid?.() !== 0) skip("only root can give a file to another user")
      const directory = yield* temporary
      const file = Path.join(directory, "pins.json")
      yield* using(directory, (store) => store.remember(mira))
      for (const path of [directory, file]) {
        Fs.chownSync(path, 4_711, 4_711)
        const error = yield* Effect.flip(using(directory, findMira))
        assert.match(error.message, /belongs to another user, number 4711/)
        Fs.chownSync(path, 0, 0)
      }
      assert.deepStrictEqual(yield* using(directory, findMira), [mira])
    }))

  it.live("a full store says so, and keeps what it has", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = Path.join(directory, "pins.json")
      yield* using(directory, (store) => store.remember(mira))
      const document = JSON.parse(textOf(file))
      const pins = Array.from({ length: 29_000 }, (_, index) => ({ ...mira, address: `${index}@tansy` }))
      Fs.writeFileSync(file, JSON.stringify({ ...document, pins }))
      const before = textOf(file)
      const error = yield* Effect.flip(using(directory, (store) => store.remember({ ...mira, address: "one@more" })))
      assert.strictEqual(error.reason, "unwritable")
      assert.match(error.message, /full with 29000 pins; remove some/)
      assert.strictEqual(textOf(file), before)
    }))

  it.live("what a killed process has left is removed, once it is old enough to be nobody's", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const left = (name: string) => Path.join(directory, `.${name}.0b7ce2d4-2a3c-4a52-9a3b-0d2a8c2a3b4c`)
      const longAgo = Date.now() / 1000 - 3600
      for (const name of ["pins.json", "young"]) Fs.writeFileSync(left(name), "{")
      Fs.writeFileSync(Path.join(directory, ".profile"), "")
      for (const old of [left("pins.json"), Path.join(directory, ".profile")]) Fs.utimesSync(old, longAgo, longAgo)
      yield* using(directory, (store) => store.remember(mira))
      const young = Path.basename(left("young"))
      assert.sameMembers(Fs.readdirSync(directory), [".profile", young, "pins.json", "pins.lock"])
    }))
})
