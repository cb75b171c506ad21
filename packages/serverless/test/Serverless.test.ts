import { assert, describe, it } from "@effect/vitest"
import * as Presence from "@xmpp-e2e/link-local/Presence"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Support from "./support.ts"

const { bodies, person, settle } = Support
const romeo = "romeo@forza"
const juliet = "juliet@pronto"
const message = (body: string) => Stanza.message({ type: "chat", body })

const couple = Effect.gen(function*() {
  const network = yield* Support.network
  const his = yield* person(network, romeo, "192.0.2.1")
  const hers = yield* person(network, juliet, "192.0.2.2")
  yield* settle
  return { his, hers, network }
})

describe("Serverless", () => {
  it.effect("LL-13 LL-14 everybody hears of everybody, and nobody of himself", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* couple
      assert.deepStrictEqual((yield* his.entities).map(({ instance }) => instance), [juliet])
      assert.deepStrictEqual((yield* hers.entities).map(({ instance }) => instance), [romeo])
      assert.strictEqual((yield* hers.find("Romeo@FORZA"))?.instance, romeo)
      assert.strictEqual((yield* hers.find("romeo"))?.instance, romeo)
      assert.isUndefined(yield* hers.find("tybalt"))
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("a part of a name finds nobody where two are called that", () =>
    Effect.gen(function*() {
      const { hers, network } = yield* couple
      yield* person(network, "romeo@mantua", "192.0.2.3")
      yield* settle
      assert.isUndefined(yield* hers.find("romeo"))
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("LL-27 DUP-01 one stream carries both directions, whoever opened it", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* couple
      yield* his.peers.send(juliet, message("But soft"))
      yield* settle
      yield* hers.peers.send(romeo, message("Ay me"))
      yield* settle
      assert.deepStrictEqual(bodies(hers.heard), ["But soft"])
      assert.deepStrictEqual(bodies(his.heard), ["Ay me"])
      assert.lengthOf(yield* his.peers.present, 1)
      assert.lengthOf(yield* hers.peers.present, 1)
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("LL-22 presence is said to everybody", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* couple
      const told = yield* Effect.forkChild(
        hers.changes.pipe(Stream.filter(({ _tag }) => _tag === "ChangedPresence"), Stream.take(1), Stream.runCollect)
      )
      yield* settle
      yield* his.setPresence(Presence.withStatus(Presence.available, "away", "in the orchard"))
      yield* settle
      const [change] = yield* Fiber.join(told)
      assert.strictEqual(
        change?._tag === "ChangedPresence" ? change.entity.presence?.message : "none",
        "in the orchard"
      )
      assert.strictEqual((yield* his.presence).status, "away")
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("LL-11 LL-12 whoever comes second has another name, and a certificate for it", () =>
    Effect.gen(function*() {
      const { hers, network } = yield* couple
      const asked: Array<string> = []
      const other = yield* person(network, romeo, "192.0.2.3", {
        identityFor: (instance) =>
          Effect.sync(() => {
            asked.push(instance)
            return Support.identity(instance)
          })
      })
      yield* settle
      const name = yield* other.name
      assert.notStrictEqual(name, romeo)
      assert.deepStrictEqual(asked, [name])
      assert.deepStrictEqual((yield* hers.entities).map(({ instance }) => instance).sort(), [name, romeo].sort())
      yield* hers.peers.send(name, message("Who are you?"))
      yield* settle
      assert.deepStrictEqual(bodies(other.heard), ["Who are you?"])
      yield* other.peers.send(juliet, message("Another."))
      yield* settle
      assert.deepStrictEqual(hers.heard.map(({ from }) => from), [name])
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("who is not announced talks all the same, and is found by nobody", () =>
    Effect.gen(function*() {
      const { his, network } = yield* couple
      const quiet = yield* person(network, "nurse@pronto", "192.0.2.3", { isAnnounced: false })
      yield* settle
      assert.notInclude((yield* his.entities).map(({ instance }) => instance), "nurse@pronto")
      yield* quiet.peers.send(romeo, message("A word, sir"))
      yield* settle
      assert.deepStrictEqual(bodies(his.heard), ["A word, sir"])
      const failed = yield* Effect.flip(his.peers.send("tybalt@verona", message("?")))
      assert.strictEqual(failed._tag, "DialFailed")
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("LL-20 leaving the scope says goodbye, and closes the streams in order", () =>
    Effect.gen(function*() {
      const network = yield* Support.network
      const scope = yield* Scope.make()
      const his = yield* Scope.provide(person(network, romeo, "192.0.2.1"), scope)
      const hers = yield* person(network, juliet, "192.0.2.2")
      yield* settle
      const stream = yield* hers.peers.stream(romeo)
      yield* settle
      assert.lengthOf(yield* his.peers.present, 1)
      yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* settle
      assert.isEmpty(yield* hers.entities)
      assert.isTrue((yield* stream.ended).clean)
    }).pipe(Effect.scoped, Effect.provide(Support.world)))
})
