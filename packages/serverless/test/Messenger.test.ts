import { assert, describe, it } from "@effect/vitest"
import * as PinStore from "@xmpp-e2e/certificates/PinStore"
import * as E2eStream from "@xmpp-e2e/stream/E2eStream"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { hashesOf } from "../src/internal/hashes.ts"
import * as Messenger from "../src/Messenger.ts"
import * as Support from "./support.ts"

const { identity, settle } = Support
const romeo = "romeo@forza"
const juliet = "juliet@pronto"
const nurse = "nurse@pronto"

const person = Effect.fnUntraced(function*(
  network: Effect.Success<typeof Support.network>,
  from: string,
  address: string,
  more: Partial<Messenger.Options> = {}
) {
  const host = yield* network.host([{ via: "eth0", link: "verona", addresses: [address] }])
  const store = yield* Effect.provide(PinStore.PinStore, yield* Layer.build(PinStore.layerMemory()))
  const failures: Array<string> = []
  const one = yield* Messenger.make({
    from,
    identity: identity(from),
    at: { host: address, port: 0 },
    onFailure: ({ detail }) => Effect.sync(() => void failures.push(detail)),
    ...more
  }).pipe(Effect.provide(host.layer), Effect.provideService(PinStore.PinStore, store))
  const told: Array<string> = []
  yield* Effect.forkScoped(
    Stream.runForEach(one.events, (event) => Effect.sync(() => void told.push(inWords(event)))),
    { startImmediately: true }
  )
  return { ...one, failures, store, told }
})

const inWords = (event: Messenger.Event): string => {
  switch (event._tag) {
    case "Show":
      return event.entry.by === "us"
        ? `${event.entry.state}: ${event.entry.text}`
        : `${event.peer} (${event.entry.mark}): ${event.entry.text}`
    case "ShowTyping":
      return `${event.peer} ${event.isTyping ? "types" : "has stopped"}`
    case "Opened":
      return `${event.peer} is there (${event.mark})`
    case "Closed":
      return `${event.peer} has gone`
  }
}

const couple = Effect.fnUntraced(function*(policy: StreamOptions.Options["policy"] = {}) {
  const extraFeatures = [Element.make("urn:example:feature", "feature")]
  const network = yield* Support.network
  const his = yield* person(network, romeo, "192.0.2.1")
  const hers = yield* person(network, juliet, "192.0.2.2", { policy, extraFeatures })
  yield* settle
  return { his, hers, network }
})

const scoped = <A, E>(
  program: Effect.Effect<A, E, Layer.Success<typeof Support.world> | Scope.Scope>
) => program.pipe(Effect.scoped, Effect.provide(Support.world))

describe("two people", () => {
  it.effect("XEP-0184 XEP-0085 say something, see that it came, and that the other one types", () =>
    scoped(Effect.gen(function*() {
      const { hers, his } = yield* couple()
      const said = yield* his.say("Juliet@Pronto", "But soft")
      assert.strictEqual(said.by === "us" ? said.state : undefined, "sent")
      yield* settle
      assert.includeMembers(his.told, [
        `${juliet} is there (known)`,
        "waiting: But soft",
        "sent: But soft",
        "received: But soft"
      ])
      assert.includeMembers(hers.told, [`${romeo} is there (known)`, `${romeo} (known): But soft`])
      yield* hers.typed(romeo, true)
      yield* settle
      yield* hers.say(romeo, "Ay me")
      yield* settle
      assert.deepStrictEqual(his.told.slice(-3), [
        `${juliet} types`,
        `${juliet} has stopped`,
        `${juliet} (known): Ay me`
      ])
      assert.deepStrictEqual((yield* his.history(juliet)).map(({ text }) => text), ["But soft", "Ay me"])
    })))

  it.effect("RFC 6120 §10.1 what is said to one peer comes in that order, also while the stream is being opened", () =>
    scoped(Effect.gen(function*() {
      const { hers, his } = yield* couple()
      const words = Array.from({ length: 40 }, (_, each) => `word ${each}`)
      const saying = yield* Effect.forEach(
        words,
        (each) => Effect.forkChild(his.say(juliet, each), { startImmediately: true })
      )
      yield* settle
      yield* Effect.forEach(saying, Fiber.join)
      yield* settle
      yield* settle
      assert.deepStrictEqual((yield* hers.history(romeo)).map(({ text }) => text), words)
    })))

  it.effect("what cannot be said is told, with the reason, and does not hold up the rest", () =>
    scoped(Effect.gen(function*() {
      const { hers, his } = yield* couple()
      const [lost] = yield* Effect.all([his.say("tybalt@verona", "?"), his.say(juliet, "!")], { concurrency: 2 })
      assert.match(lost.by === "us" ? lost.why ?? "" : "", /tybalt@verona/)
      yield* settle
      assert.deepStrictEqual((yield* hers.history(romeo)).map(({ text }) => text), ["!"])
    })))

  it.effect("an interruption takes back what was not sent", () =>
    scoped(Effect.gen(function*() {
      const { hers, his } = yield* couple()
      const saying = yield* Effect.forkChild(his.say(juliet, "But soft"), { startImmediately: true })
      yield* Fiber.interrupt(saying)
      yield* settle
      assert.include(his.told, "failed: But soft")
      assert.lengthOf(yield* hers.history(romeo), 0)
    })))

  it.effect("the mark says that two people have made sure, as soon as they have", () =>
    scoped(Effect.gen(function*() {
      const { hers, his } = yield* couple()
      yield* his.say(juliet, "Who are you?")
      yield* settle
      const [stream] = yield* his.peers.present
      assert.isDefined(stream)
      const [hersToo] = yield* hers.peers.present
      assert.isDefined(hersToo)
      if (stream === undefined || hersToo === undefined) return
      yield* his.verifying.begin(stream)
      yield* settle
      yield* hers.verifying.agree(hersToo)
      yield* settle
      yield* his.verifying.same(stream)
      yield* settle
      assert.strictEqual(yield* his.markOf(stream), "verified")
      assert.strictEqual(yield* hers.markOf(hersToo), "known")
    })))
})

describe("peers without TLS", () => {
  /** Somebody who shows no certificate, and says that he is Romeo. */
  const intruder = Effect.fnUntraced(function*(hers: Messenger.Messenger, text: string) {
    const stream = yield* E2eStream.connect({
      from: romeo,
      to: juliet,
      naming: "linkLocal",
      at: hers.at,
      policy: { tls: "never", sasl: "never" }
    })
    yield* Effect.ignore(stream.send(Stanza.message({ type: "chat", body: text })))
    yield* settle
    return stream
  })
  const open = { tls: "preferred" } as const

  it.effect("are heard where policy allows it, and marked", () =>
    scoped(Effect.gen(function*() {
      const { hers } = yield* couple(open)
      yield* intruder(hers, "'Tis I")
      assert.include(hers.told, `${romeo} (unencrypted): 'Tis I`)
    })))

  it.effect("CERT-85 nobody passes for whom a certificate is known of, in either direction", () =>
    scoped(Effect.gen(function*() {
      const { hers, network } = yield* couple(open)
      for (const address of [romeo, nurse]) {
        const shown = new TextEncoder().encode(address)
        yield* hers.store.remember({
          ...hashesOf(shown),
          address,
          naming: "linkLocal",
          firstSeen: "2026-01-01T00:00:00Z",
          how: "manual"
        })
      }
      const stream = yield* intruder(hers, "'Tis I")
      assert.strictEqual((yield* stream.ended).reason.condition, "policy-violation")
      assert.lengthOf(yield* hers.history(romeo), 0)
      assert.match(hers.failures.join(), /a certificate of romeo@forza is known, and none was shown/)
      yield* person(network, nurse, "192.0.2.3", { policy: { tls: "never", sasl: "never" } })
      yield* settle
      const lost = yield* hers.say(nurse, "What man art thou")
      assert.strictEqual(lost.by === "us" ? lost.state : undefined, "failed")
    })))
})
