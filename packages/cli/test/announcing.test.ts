import { assert, describe, it } from "@effect/vitest"
import { Discovery, MemoryNetwork, Presence } from "@xmpp-e2e/link-local"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { vi } from "vitest"
import * as Announcing from "../src/announcing.ts"

const request: Announcing.Request = {
  as: "juliet@pronto/balcony",
  naming: "jid",
  json: true,
  status: "dnd",
  message: Option.some("reading"),
  nick: Option.none()
}

describe("announcing", () => {
  it.each([
    ["0.0.0.0", true, true],
    ["::", true, true],
    ["192.0.2.7", true, true],
    ["0.0.0.0", false, false],
    ["127.0.0.1", true, false],
    ["127.8.0.1", true, false],
    ["::1", true, false],
    ["::ffff:127.0.0.1", true, false],
    ["localhost", true, false]
  ])("is for those who can be reached: %s, %s", (bound, announce, expected) => {
    assert.strictEqual(Announcing.wanted(announce, bound), expected)
  })

  it.effect("LL-01 LL-10 LL-22 says the bare name, the port and the presence, and nothing of who one is (LL-25)", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const at = (last: number) => [{ via: "eth0", link: "lan", addresses: [`192.0.2.${last}`] }]
      const [pronto, forza] = [yield* network.host(at(1)), yield* network.host(at(2))]
      yield* Announcing.announce(request, 5298, () => Effect.void).pipe(Effect.provide(pronto.layer))
      const [resolved] = yield* forza.discovery.browse.pipe(
        Stream.filter(({ _tag }) => _tag === "Resolved"),
        Stream.take(1),
        Stream.runCollect
      )
      assert.isTrue(resolved?._tag === "Resolved")
      if (resolved?._tag !== "Resolved") return
      assert.deepInclude(resolved, { instance: "juliet@pronto", port: 5298 })
      assert.deepStrictEqual(Presence.decode(resolved.txt), {
        ...Presence.available,
        status: "dnd",
        message: "reading"
      })
    }).pipe(Effect.scoped))

  it.effect("HDR-16 LL-17 a link-local name is announced as it stands, a JID as it is prepared", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const named = Effect.fnUntraced(function*(as: string, naming: "jid" | "link-local", last: number) {
        const host = (at: number) => network.host([{ via: "eth0", link: `${last}`, addresses: [`192.0.2.${at}`] }])
        const [here, there] = [yield* host(1), yield* host(2)]
        yield* Announcing.announce({ ...request, as, naming }, 5298, () => Effect.void).pipe(Effect.provide(here.layer))
        const [event] = yield* there.discovery.browse.pipe(
          Stream.filter(({ _tag }) => _tag === "Resolved"),
          Stream.take(1),
          Stream.runCollect
        )
        return event?._tag === "Resolved" ? event.instance : undefined
      })
      assert.strictEqual(yield* named("Juliet@pronto", "link-local", 1), "Juliet@pronto")
      assert.strictEqual(yield* named("Juliet@pronto/balcony", "jid", 2), "juliet@pronto")
    }).pipe(Effect.scoped))

  it.effect("LL-11 LL-22 tells which name we have instead of one that is taken; a presence can change", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const at = (last: number) => [{ via: "eth0", link: "lan", addresses: [`192.0.2.${last}`] }]
      const [pronto, forza] = [yield* network.host(at(1)), yield* network.host(at(2))]
      const renamed: Array<string> = []
      yield* Announcing.announce(request, 5298, () => Effect.void).pipe(Effect.provide(pronto.layer))
      const owner = yield* Announcing.announce(request, 5299, (name) => Effect.sync(() => void renamed.push(name)))
        .pipe(
          Effect.provide(forza.layer)
        )
      const seen = yield* pronto.discovery.browse.pipe(
        Stream.filter((event) => event._tag === "Resolved" && event.port === 5299),
        Stream.take(1),
        Stream.runCollect
      )
      const [event] = seen
      yield* Effect.repeat(Effect.yieldNow, { until: () => renamed.length > 0 })
      assert.deepStrictEqual(renamed, [event?._tag === "Resolved" ? event.instance : ""])
      assert.notStrictEqual(renamed[0], "juliet@pronto")
      yield* owner.setPresence(Presence.withStatus(yield* owner.presence, "away", "gone"))
      const [changed] = yield* pronto.discovery.browse.pipe(
        Stream.filter((event) => event._tag === "Resolved" && Presence.decode(event.txt).status === "away"),
        Stream.take(1),
        Stream.runCollect
      )
      assert.strictEqual(changed?._tag === "Resolved" ? Presence.decode(changed.txt).message : "", "gone")
    }).pipe(Effect.scoped))

  it.live("LL-01 without a network it is said, and announced when there is one", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const at = (last: number) => [{ via: "eth0", link: "lan", addresses: [`192.0.2.${last}`] }]
      const [pronto, forza] = [yield* network.host(at(1)), yield* network.host(at(2))]
      let isThere = false
      const obstacle = new Discovery.DiscoveryFailed({ reason: "noInterface", detail: "no interface is up" })
      const later = Layer.succeed(Discovery.Discovery, {
        ...pronto.discovery,
        announce: (what) => isThere ? pronto.discovery.announce(what) : Effect.fail(obstacle)
      })
      const remarks = vi.spyOn(process.stderr, "write").mockImplementation((_, ...rest) => {
        for (const each of rest) if (typeof each === "function") each(null)
        return true
      })
      yield* Announcing.announce({ ...request, json: false }, 5298, () => Effect.void).pipe(Effect.provide(later))
      assert.include(String(remarks.mock.calls[0]?.[0]), "not announced on this network: no interface is up")
      isThere = true
      const [appeared] = yield* forza.discovery.browse.pipe(
        Stream.filter(({ _tag }) => _tag === "Appeared"),
        Stream.take(1),
        Stream.runCollect,
        Effect.ensuring(Effect.sync(() => remarks.mockRestore()))
      )
      assert.deepInclude(appeared, { instance: "juliet@pronto" })
    }).pipe(Effect.scoped))
})
