import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Discovery } from "../src/Discovery.ts"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as MemoryNetwork from "../src/MemoryNetwork.ts"
import * as Roster from "../src/Roster.ts"
import { fold } from "./hearing.ts"

const lan = (last: number, via = "eth0"): MemoryNetwork.Interface => ({
  via,
  link: "lan",
  addresses: [`fe80::${last}`, `192.0.2.${last}`]
})

/** What a host hears, as long as the scope is open. */
const listening = Effect.fnUntraced(function*(host: MemoryNetwork.Host) {
  const heard: Array<DiscoveryEvent> = []
  yield* host.discovery.browse.pipe(
    Stream.runForEach((event) => Effect.sync(() => void heard.push(event))),
    Effect.forkScoped({ startImmediately: true })
  )
  const settle = Effect.as(Effect.yieldNow.pipe(Effect.repeat({ times: 20 })), heard)
  return {
    heard: settle,
    names: Effect.map(settle, () => Roster.entities(fold(heard)).map(({ instance }) => instance))
  }
})

const brief = (events: ReadonlyArray<DiscoveryEvent>): ReadonlyArray<string> =>
  events.map((event) => "instance" in event ? `${event._tag} ${event.instance}` : `${event._tag} ${event.via}`)

const romeo = { instance: "romeo@forza", port: 5298, txt: [Base64.encode("status=avail")] }
const juliet = { instance: "juliet@pronto", port: 5299, txt: [] }

describe("two hosts", () => {
  it.effect("LL-01, LL-14, LL-27 each hears the other with host, port, addresses and TXT, and nobody hears himself", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const forza = yield* network.host([lan(1)])
      const pronto = yield* network.host([lan(2, "wlan0")])
      const atForza = yield* listening(forza)
      yield* forza.discovery.announce(romeo)
      const atPronto = yield* listening(pronto)
      assert.deepStrictEqual(yield* atPronto.heard, [
        { _tag: "InterfaceUp", via: "wlan0" },
        { _tag: "Appeared", via: "wlan0", instance: "romeo@forza" },
        {
          _tag: "Resolved",
          via: "wlan0",
          instance: "romeo@forza",
          host: "forza.local.",
          port: 5298,
          addresses: ["fe80::1%wlan0", "192.0.2.1"],
          txt: romeo.txt
        }
      ])
      assert.deepStrictEqual(brief(yield* atForza.heard), ["InterfaceUp eth0"])
      assert.strictEqual((yield* pronto.discovery.resolve("ROMEO@forza")).port, 5298)
      assert.strictEqual((yield* Effect.flip(forza.discovery.resolve("romeo@forza"))).reason, "noAnswer")
    }))

  it.effect("LL-22 an update is heard, and an update to the same is not", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const forza = yield* network.host([lan(1)])
      const at = yield* Effect.flatMap(network.host([lan(2)]), listening)
      const { update } = yield* forza.discovery.announce(romeo)
      yield* update([Base64.encode("status=dnd")])
      yield* update([Base64.encode("status=dnd")])
      assert.deepStrictEqual(brief(yield* at.heard), [
        "InterfaceUp eth0",
        "Appeared romeo@forza",
        "Resolved romeo@forza",
        "Resolved romeo@forza"
      ])
      assert.strictEqual(Roster.entities(fold(yield* at.heard))[0]?.presence?.status, "dnd")
    }))

  it.effect("LL-20 the end of the scope is a goodbye", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const forza = yield* network.host([lan(1)])
      const at = yield* Effect.flatMap(network.host([lan(2)]), listening)
      yield* Effect.scoped(forza.discovery.announce(romeo))
      assert.deepInclude((yield* at.heard).at(-1), { _tag: "Vanished", why: "goodbye" })
      assert.deepStrictEqual(yield* at.names, [])
    }))

  it.effect("LL-13 a host that crashes is gone when its records are too old, without a goodbye", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const forza = yield* network.host([lan(1)])
      const pronto = yield* network.host([lan(2)])
      const at = yield* listening(pronto)
      const scope = yield* Scope.make()
      yield* Scope.provide(forza.discovery.announce(romeo), scope)
      yield* forza.crash
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("119 seconds")
      assert.deepStrictEqual(yield* at.names, ["romeo@forza"])
      assert.strictEqual((yield* Effect.flip(pronto.discovery.resolve("romeo@forza"))).reason, "noAnswer")
      yield* TestClock.adjust("1 second")
      assert.deepInclude((yield* at.heard).at(-1), { _tag: "Vanished", why: "expired" })
    }))

  it.effect("LL-13 who is unplugged and comes back in time was never away", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ lifetimeMillis: 1000 })
      const forza = yield* network.host([lan(1)])
      const pronto = yield* network.host([lan(2)])
      const at = yield* listening(pronto)
      yield* forza.discovery.announce(romeo)
      yield* forza.down("eth0")
      yield* TestClock.adjust(900)
      yield* forza.up("eth0")
      yield* TestClock.adjust(900)
      assert.deepStrictEqual(yield* at.names, ["romeo@forza"])
      yield* forza.down("eth0")
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(yield* at.names, [])
      yield* forza.up("eth0")
      assert.deepStrictEqual(yield* at.names, ["romeo@forza"])
      yield* pronto.down("eth0")
      yield* pronto.down("nowhere")
      assert.deepStrictEqual(brief(yield* at.heard).at(-1), "InterfaceDown eth0")
      yield* pronto.up("eth0")
      assert.deepStrictEqual(brief(yield* at.heard).slice(-3), [
        "InterfaceUp eth0",
        "Appeared romeo@forza",
        "Resolved romeo@forza"
      ])
    }))

  it.effect("LL-19 on two links somebody is heard twice and shown once", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const both = (last: number) => [lan(last), { via: "wlan0", link: "air", addresses: [`fe80::${last}`] }]
      const forza = yield* network.host(both(1))
      const at = yield* Effect.flatMap(network.host(both(2)), listening)
      yield* forza.discovery.announce(romeo)
      assert.strictEqual((yield* at.heard).filter(({ _tag }) => _tag === "Resolved").length, 2)
      const [entity, ...others] = Roster.entities(fold(yield* at.heard))
      assert.deepStrictEqual([entity?.via, others], [["eth0", "wlan0"], []])
    }))
})

describe("names", () => {
  it.effect("LL-11, LL-12 another host with the machine's name gets a number there, the same user one of his own", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const [forza, other] = [yield* network.host([lan(1)]), yield* network.host([lan(2)])]
      const at = yield* Effect.flatMap(network.host([lan(3)]), listening)
      yield* forza.discovery.announce(romeo)
      yield* forza.discovery.announce({ ...romeo, port: 5300 })
      yield* other.discovery.announce({ ...juliet, instance: "juliet@Forza" })
      yield* other.discovery.announce(romeo)
      assert.deepStrictEqual(yield* at.names, ["juliet@Forza-1", "romeo-1@forza", "romeo@forza", "romeo@forza-1"])
    }))

  it.effect("LL-11 who comes to a link gives up a name that is taken there, and says so", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const [forza, other] = [yield* network.host([lan(1)]), yield* network.host([lan(2)])]
      const at = yield* Effect.flatMap(network.host([lan(3)]), listening)
      yield* other.down("eth0")
      const renamed = yield* other.discovery.announce(romeo)
      const names = yield* renamed.instances.pipe(
        Stream.take(2),
        Stream.runCollect,
        Effect.forkChild({ startImmediately: true })
      )
      yield* forza.discovery.announce(romeo)
      yield* other.up("eth0")
      assert.deepStrictEqual(yield* Fiber.join(names), ["romeo@forza", "romeo@forza-1"])
      assert.deepStrictEqual(yield* at.names, ["romeo@forza", "romeo@forza-1"])
    }))

  it.effect("LL-08, LL-17, LL-18 what is no announcement is refused", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const { discovery } = yield* network.host([lan(1)])
      const { update } = yield* discovery.announce(romeo)
      const long = [Base64.encode("x".repeat(256))]
      const refused = yield* Effect.forEach([
        discovery.announce({ ...romeo, instance: "romeo@förza" }),
        discovery.announce({ ...romeo, port: 0 }),
        discovery.announce({ ...romeo, txt: ["?"] }),
        update(long)
      ], Effect.flip)
      assert.deepStrictEqual(refused.map(({ reason }) => reason), ["unsound", "unsound", "unsound", "unsound"])
    }))

  it.effect("LL-11 when no name is free, that is said", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const { discovery } = yield* network.host([lan(1)])
      const full = { ...romeo, instance: `r@${"m".repeat(61)}` }
      yield* discovery.announce(full)
      assert.strictEqual((yield* Effect.flip(discovery.announce(full))).reason, "noFreeName")
    }))
})

it.effect("LL-14 is a layer of Discovery", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.make()
    const forza = yield* network.host([lan(1)])
    const resolve = Effect.flatMap(Discovery, ({ resolve }) => resolve("romeo@forza"))
    yield* Effect.scoped(forza.discovery.announce(romeo))
    const pronto = yield* network.host([lan(2)])
    yield* forza.discovery.announce(romeo)
    assert.strictEqual((yield* Effect.provide(resolve, pronto.layer)).host, "forza.local.")
  }))
