import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, Presence, Roster } from "@xmpp-e2e/link-local"
import type { DiscoveryEvent } from "@xmpp-e2e/link-local"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import fc from "fast-check"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, vi } from "vitest"
import { discover } from "../src/discover.ts"
import * as Text from "../src/rosterText.ts"
import { run, temporary } from "./processes.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const unrecorded = { record: Option.none<string>(), recordLevel: "redacted" } as const

/** What goes to standard output and standard error. */
const listening = () => {
  const [data, remarks]: [Array<string>, Array<string>] = [[], []]
  for (const [stream, into] of [[process.stdout, data], [process.stderr, remarks]] as const) {
    vi.spyOn(stream, "write").mockImplementation((text, ...rest) => {
      into.push(...String(text).trimEnd().split("\n"))
      const done = rest.find((each) => typeof each === "function")
      if (done !== undefined) done(null)
      return true
    })
  }
  return { data, remarks }
}

const verona = Effect.gen(function*() {
  const network = yield* MemoryNetwork.make()
  const at = (last: number) => [{ via: "eth0", link: "lan", addresses: [`192.0.2.${last}`] }]
  return { forza: yield* network.host(at(1)), pronto: yield* network.host(at(2)) }
})

const announcement = (presence: Partial<Presence.Presence>) =>
  Effect.map(
    Effect.fromResult(Presence.encode({ ...Presence.available, ...presence })),
    (txt) => ({ instance: "romeo@forza", port: 5298, txt })
  )

describe("discover", () => {
  it.live("LL-14 LL-31 --once tells who is there, where, and how, and ends", () =>
    Effect.gen(function*() {
      const { forza, pronto } = yield* verona
      yield* forza.discovery.announce(yield* announcement({ status: "away", nick: "Romeo", message: "in the orchard" }))
      const { data, remarks } = listening()
      const request = { once: true, seconds: 1, ...unrecorded }
      yield* discover({ ...request, json: false }).pipe(Effect.provide(pronto.layer))
      yield* discover({ ...request, json: true }).pipe(Effect.provide(pronto.layer))
      assert.deepStrictEqual(data, [
        "Romeo (romeo@forza), away: \"in the orchard\", at 192.0.2.1 port 5298",
        "{\"entity\":{\"instance\":\"romeo@forza\",\"status\":\"away\",\"message\":\"in the orchard\",\"nick\":\"Romeo\","
        + "\"endpoints\":[{\"address\":\"192.0.2.1\",\"port\":5298}],\"via\":[\"eth0\"],\"isDisputed\":false}}"
      ])
      assert.deepStrictEqual(remarks, ["listening for a second …"])
    }).pipe(Effect.scoped))

  it.live("says so, and what to do, when nobody is there", () =>
    Effect.gen(function*() {
      const { pronto } = yield* verona
      const { data, remarks } = listening()
      yield* discover({ once: true, seconds: 1, ...unrecorded, json: false }).pipe(Effect.provide(pronto.layer))
      assert.deepStrictEqual(data, [])
      assert.include(remarks.at(-1), "nobody was heard")
    }).pipe(Effect.scoped))

  it.live("LL-20 LL-22 tells whoever comes, changes and goes, as it happens, and an arrival in one line", () =>
    Effect.gen(function*() {
      const { forza, pronto } = yield* verona
      const { data } = listening()
      const telling = yield* Effect.forkChild(
        discover({ once: false, seconds: 1, ...unrecorded, json: true }).pipe(Effect.provide(pronto.layer)),
        { startImmediately: true }
      )
      yield* Effect.scoped(Effect.gen(function*() {
        const { update } = yield* forza.discovery.announce(yield* announcement({}))
        yield* Effect.sleep("600 millis")
        yield* update((yield* announcement({ status: "dnd" })).txt)
        yield* Effect.sleep("100 millis")
      }))
      yield* Effect.sleep("300 millis")
      yield* Fiber.interrupt(telling)
      const told = data.map((line): { change: string; entity?: { status: string } } => JSON.parse(line))
      assert.deepStrictEqual(told.map(({ change, entity }) => [change, entity?.status]), [
        ["Came", "avail"],
        ["ChangedPresence", "dnd"],
        ["Went", undefined]
      ])
      assert.strictEqual(data.at(-1), "{\"change\":\"Went\",\"instance\":\"romeo@forza\",\"why\":\"goodbye\"}")
    }).pipe(Effect.scoped))

  it.live("says what is wrong when there is no network, and goes on when there is one", () =>
    Effect.gen(function*() {
      const { forza, pronto } = yield* verona
      yield* forza.discovery.announce(yield* announcement({}))
      yield* pronto.down("eth0")
      const { data, remarks } = listening()
      const telling = yield* Effect.forEach([true, false], (json) =>
        Effect.forkChild(
          discover({ once: false, seconds: 1, ...unrecorded, json }).pipe(Effect.provide(pronto.layer)),
          { startImmediately: true }
        ))
      yield* Effect.sleep("1200 millis")
      const [notice, ...more] = data.map((line): unknown => JSON.parse(line))
      assert.deepStrictEqual([notice, more], [
        { notice: { _tag: "NoNetwork", reason: "noInterface", detail: "no interface of this host is up" } },
        []
      ])
      assert.deepStrictEqual(remarks, ["nobody can be heard yet: no interface of this host is up"])
      const once = yield* Effect.flip(
        discover({ once: true, seconds: 1, ...unrecorded, json: false }).pipe(Effect.provide(pronto.layer))
      )
      assert.deepInclude(once, { code: 1, sentence: "no interface of this host is up" })
      yield* pronto.up("eth0")
      yield* Effect.sleep("1500 millis")
      yield* Effect.forEach(telling, Fiber.interrupt)
      assert.include(data, "{\"notice\":{\"_tag\":\"Network\"}}")
      assert.include(remarks, "there is a network now")
      for (const word of ["{\"change\":\"Came\"", "+ romeo@forza"]) {
        assert.lengthOf(data.filter((line) => line.startsWith(word)), 1)
      }
    }).pipe(Effect.scoped))
})

describe("words about who is there", () => {
  it("LL-26 keep to one line, and hold nothing that a terminal obeys, whatever is announced", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 })
    fc.assert(fc.property(text, text, text, (nick, message, user) => {
      const txt = ["txtvers=1", `nick=${nick}`, `msg=${message}`].map((each) => Buffer.from(each).toString("base64"))
      const event: DiscoveryEvent.DiscoveryEvent = {
        _tag: "Resolved",
        via: "eth0",
        instance: `${user}@forza`,
        host: "forza.local.",
        port: 5298,
        addresses: ["192.0.2.1"],
        txt
      }
      for (const change of Roster.step(Roster.make(), event).changes) {
        assert.notMatch(Text.change(change), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        assert.notMatch(Text.changeJson(change), /[\n\r]/)
        assert.isObject(JSON.parse(Text.changeJson(change)))
      }
    }))
  })

  it.live(
    "LL-19 what is recorded folds into the same again, and says so where it does not; nobody is named",
    () =>
      Effect.gen(function*() {
        const file = join(temporary(), "session.ndjson")
        const { forza, pronto } = yield* verona
        const recorded = { once: true, seconds: 1, json: true, ...unrecorded, record: Option.some(file) }
        yield* forza.discovery.announce(yield* announcement({ status: "away", message: "in the orchard" }))
        listening()
        yield* discover(recorded).pipe(Effect.provide(pronto.layer))
        vi.restoreAllMocks()
        const text = readFileSync(file, "utf8")
        assert.notMatch(text, /romeo|orchard|192\.0\.2/)
        const replayed = yield* Effect.promise(() => run(["replay", file, "--json"]))
        assert.strictEqual(replayed.code, 0, replayed.stderr)
        assert.deepInclude(JSON.parse(replayed.stdout.split("\n")[0] ?? ""), {
          about: "discovery",
          outcome: "matched",
          entities: 1
        })
        writeFileSync(file, text.replace("\"entities\":1", "\"entities\":2"))
        const other = yield* Effect.promise(() => run(["replay", file]))
        assert.strictEqual(other.code, 1)
        assert.include(other.stdout, "differs at line")
      }),
    30_000
  )
})
