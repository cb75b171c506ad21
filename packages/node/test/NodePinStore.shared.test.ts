/** One directory, many who change it at once: fibers, programs, and processes that are killed in the middle. */
import { assert, describe, it } from "@effect/vitest"
import { Fingerprint, PeerJudge, type Pin, PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodePinStore from "../src/NodePinStore.ts"
import { make } from "./certificates.ts"
import { temporary } from "./directories.ts"

const mira: Pin.Pin = {
  address: "mira@tansy",
  naming: "linkLocal",
  certificate: "ab".repeat(32),
  key: "cd".repeat(32),
  firstSeen: "2026-11-24T20:00:00Z",
  how: "firstUse"
}

const using = <A, E>(
  directory: string,
  use: (store: PinStore.PinStore["Service"]) => Effect.Effect<A, E>
): Effect.Effect<A, E | PinStore.PinStoreError> =>
  Effect.flatMap(PinStore.PinStore, use).pipe(Effect.provide(NodePinStore.layer(directory)))

describe("NodePinStore, shared", () => {
  it.live("CERT-85 CERT-86 CERT-88 the first one stays; another key is refused, with what was pinned, since when and how", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const [first, second] = [make({ name: "juliet" }), make({ name: "juliet" })]
      /** Each time with a store of its own, as another start of the program would have. */
      const judge = (shown: typeof first) =>
        PeerJudge.verdict({
          chain: [shown.der],
          role: "initiator",
          expected: "juliet@pronto",
          naming: "jid",
          authenticatePeer: true
        }).pipe(
          Effect.provide(Layer.provide(PeerJudge.layerFirstUse("accept"), NodePinStore.layer(directory)))
        )
      const codes = yield* Effect.forEach(
        [first, first, second, first],
        (shown) => Effect.map(judge(shown), ({ code }) => code)
      )
      assert.deepStrictEqual(codes, ["firstUse", "pinned", "pinMismatch", "pinned"])
      const { because } = yield* judge(second)
      const [pin] = yield* using(directory, (store) => store.all)
      for (const told of [first, second]) {
        assert.include(because, Fingerprint.display(yield* Fingerprint.sha256(told.der)))
      }
      assert.include(because, pin?.firstSeen ?? "?")
      assert.match(because, /known from a first use.*its key is another one/)
      // A store that nobody can read is no store of strangers.
      Fs.writeFileSync(Path.join(directory, "pins.json"), "")
      assert.strictEqual((yield* Effect.flip(judge(second)))._tag, "PinStoreError")
    }))

  it.live("CERT-86 two strangers come at once to a judge of each: one is accepted, the other refused", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const strangers = Array.from({ length: 5 }, (_, index) => make({ name: `stranger ${index}` }))
      const verdicts = yield* Effect.forEach(strangers, ({ der }) =>
        PeerJudge.verdict({
          chain: [der],
          role: "initiator",
          expected: "juliet@pronto",
          naming: "jid",
          authenticatePeer: true
        }).pipe(
          Effect.provide(Layer.provide(PeerJudge.layerFirstUse("accept"), NodePinStore.layer(directory)))
        ), { concurrency: "unbounded" })
      const codes = verdicts.map(({ code }) => code).toSorted()
      assert.deepStrictEqual(codes, ["firstUse", ...Array.from({ length: 4 }, () => "pinMismatch" as const)])
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
      assert.deepStrictEqual(yield* using(directory, (store) => store.find(mira)), held)
      const ofMira = yield* using(directory, (store) => store.findByFingerprint(mira.key))
      assert.lengthOf(ofMira, 2, "all addresses of the first, and none of the others")
    }))

  it.live(
    "CERT-85 CERT-88 several processes at once: no pin is lost, no address has two owners",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporary
        const names = ["one", "two", "three", "four"]
        yield* Effect.forEach(names, (name) => Effect.flatMap(start(directory, name, each), ended), {
          concurrency: "unbounded"
        })
        const pins = yield* using(directory, (store) => store.all)
        const own = pins.filter(({ address }) => address.endsWith("@own.example")).map(({ address }) => address)
        const shared = pins.filter(({ address }) => address.endsWith("@shared.example")).map(({ address }) => address)
        assert.sameMembers(own, names.flatMap((name) => range(each).map((index) => `${name}-${index}@own.example`)))
        assert.sameMembers(shared, range(each).map((index) => `${index}@shared.example`))
        assert.deepStrictEqual(Fs.readdirSync(directory), ["pins.json", "pins.lock"])
        assert.isAtMost(Fs.readdirSync(Path.join(directory, "pins.lock")).length, 2)
      }).pipe(Effect.timeout("50 seconds")),
    60_000
  )

  it.live(
    "CERT-83 CERT-85 a process is killed at any moment: what it was told is kept stays, and the others go on",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporary
        const said: Array<string> = []
        for (const round of range(12)) {
          const doomed = yield* start(directory, `doomed-${round}`, 1_000)
          const other = yield* start(directory, `other-${round}`, 5)
          while (doomed.said().length === 0) yield* Effect.sleep(1)
          yield* Effect.sleep(3 * round)
          doomed.kill()
          yield* ended(other)
          yield* Effect.exit(ended(doomed))
          said.push(...doomed.said(), ...other.said())
        }
        const all = yield* using(directory, (store) => store.all)
        const addresses = new Set(all.map(({ address }) => address))
        assert.isAbove(said.filter((address) => address.startsWith("doomed")).length, 12)
        assert.deepStrictEqual(said.filter((address) => !addresses.has(address)), [])
        assert.strictEqual(addresses.size, all.length, "an address has two owners")
      }).pipe(Effect.timeout("50 seconds")),
    60_000
  )
})

interface Started {
  readonly kill: () => void
  readonly code: Promise<number | null>
  /** The addresses that the process says are kept. */
  readonly said: () => ReadonlyArray<string>
}

const start = (directory: string, name: string, count: number): Effect.Effect<Started> =>
  Effect.sync(() => {
    const script = Path.join(import.meta.dirname, "pinning.ts")
    let text = ""
    const child = spawn(process.execPath, [script, directory, name, String(count)], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    child.stdout?.setEncoding("utf8").on("data", (more) => {
      text += more
    })
    // The last line may be torn.
    return {
      kill: () => child.kill("SIGKILL"),
      code: new Promise<number | null>((resolve) => child.once("close", resolve)),
      said: () => text.split("\n").slice(0, -1)
    }
  })

const ended = ({ code }: Started): Effect.Effect<void> =>
  Effect.flatMap(
    Effect.promise(() => code),
    (code) => code === 0 ? Effect.void : Effect.die(new Error(`the process ended with ${code}`))
  )

const range = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index)
const each = 100
