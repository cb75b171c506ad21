import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FirstUse from "../src/FirstUse.ts"
import type { Accepts, Opinion } from "../src/Opinion.ts"
import * as PinStore from "../src/PinStore.ts"
import { make, now, peerOf, pinOf, xmppAddr } from "./making.ts"

const addresses = ["mira@tansy", "teo@linden"]
const other = { certificate: "00".repeat(32), key: "00".repeat(32) }
/** A recipient is shown a certificate with two names, wanting nobody in particular. */
const visit = Effect.gen(function*() {
  const party = yield* make({ names: addresses.map((each) => xmppAddr(each)) })
  const { wanted: _, ...peer } = yield* peerOf(party, { role: "recipient" })
  const model = yield* FirstUse.FirstUseTrust
  const opinion = yield* model.judge(peer, [])
  const leap = opinion._tag === "Accepts" ? opinion.leap : undefined
  assert.isDefined(leap)
  const verdict = (opinion as Accepts).verdict
  return { peer, leap, settle: Effect.map(model.settle(peer, leap, verdict), (settled) => settled.verdict) }
})
const pins = Effect.gen(function*() {
  const store = yield* PinStore.PinStore
  return yield* Effect.forEach(addresses, (address) => store.find({ address, naming: "jid" }))
})
const welcoming = (policy: FirstUse.Options["policy"]) =>
  Layer.provideMerge(FirstUse.layer({ policy }), PinStore.layerMemory())
const answering = (answer: boolean, seen: Array<FirstUse.Request> = []) =>
  Effect.provideService(FirstUse.Approver, {
    approve: (request) => Effect.sync(() => (seen.push(request), answer))
  })

describe("a leap of faith", () => {
  it.effect("CERT-88 is remembered for every address, once, with its moment", () =>
    Effect.gen(function*() {
      const { peer, settle } = yield* visit
      assert.strictEqual((yield* settle).code, "firstUse")
      assert.strictEqual((yield* settle).code, "firstUse", "the same certificate again")
      const firstSeen = "2026-01-15T12:00:00Z"
      assert.deepStrictEqual(
        yield* pins,
        addresses.map((address) => [{ ...peer.hashes, address, naming: "jid", firstSeen, how: "firstUse" }])
      )
    }).pipe(Effect.provide(welcoming("accept"))))

  it.effect("CERT-85 into an address that is taken meanwhile spoils them all, and nothing is remembered", () =>
    Effect.gen(function*() {
      const { settle } = yield* visit
      const store = yield* PinStore.PinStore
      yield* store.remember({ ...other, address: "teo@linden", naming: "jid", firstSeen: "", how: "manual" })
      assert.strictEqual((yield* settle).code, "pinMismatch")
      assert.deepStrictEqual((yield* pins).map((each) => each.length), [0, 1])
    }).pipe(Effect.provide(welcoming("accept"))))

  it.effect("CERT-86 is not made without consent", () =>
    Effect.gen(function*() {
      const { settle } = yield* visit
      assert.strictEqual((yield* settle.pipe(answering(false))).code, "userRejected")
      const alone = yield* settle
      assert.deepInclude(alone, { decision: "reject", code: "selfSigned" })
      assert.isTrue(alone.notices.some((each) => each.startsWith("ask:")))
      assert.deepStrictEqual(yield* pins, [[], []])
    }).pipe(Effect.provide(welcoming("ask"))))

  it.effect("CERT-87 shows whoever is asked addresses, fingerprint and reason", () =>
    Effect.gen(function*() {
      const { leap, peer, settle } = yield* visit
      const seen: Array<FirstUse.Request> = []
      assert.strictEqual((yield* settle.pipe(answering(true, seen))).code, "firstUse")
      const [request] = seen
      assert.deepInclude(request, {
        role: "recipient",
        addresses,
        names: peer.names.xmppAddr,
        because: leap.unvouched.because,
        notices: []
      })
      assert.match(request?.fingerprint ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
      assert.strictEqual(request?.fingerprint.replaceAll(":", "").toLowerCase(), peer.hashes.certificate)
    }).pipe(Effect.provide(welcoming("ask"))))

  it.effect("CERT-85 counts a pin that another process keeps while somebody is asked", () =>
    Effect.gen(function*() {
      const { settle } = yield* visit
      const store = yield* PinStore.PinStore
      const meanwhile = Effect.provideService(FirstUse.Approver, {
        approve: () =>
          store.remember({ ...other, address: "mira@tansy", naming: "jid", firstSeen: "now", how: "firstUse" }).pipe(
            Effect.orDie,
            Effect.as(true)
          )
      })
      assert.strictEqual((yield* settle.pipe(meanwhile)).code, "pinMismatch")
      assert.deepStrictEqual((yield* pins).map((each) => each.map(({ key }) => key)), [[other.key], []])
    }).pipe(Effect.provide(welcoming("ask"))))
})

describe("whether a leap is thought of", () => {
  const opinionOf = Effect.fnUntraced(function*(heard: ReadonlyArray<Opinion>, spec: Parameters<typeof make>[0] = {}) {
    const party = yield* make({ names: [xmppAddr("mira@tansy")], ...spec })
    return yield* (yield* FirstUse.FirstUseTrust).judge(yield* peerOf(party), heard)
  })

  it.effect("CERT-86 only for a certificate against which nothing is known", () =>
    Effect.gen(function*() {
      assert.property(yield* opinionOf([]), "leap")
      const expired = yield* opinionOf([], { notAfter: now - 1000 })
      assert.deepInclude(expired, { _tag: "Refuses" })
      assert.strictEqual(expired.verdict?.code, "expired")
    }).pipe(Effect.provide(welcoming("accept"))))

  it.effect("CERT-88 only for a certificate of few names: a stranger does not take all that there are", () =>
    Effect.gen(function*() {
      const model = yield* FirstUse.FirstUseTrust
      const leaps = Effect.fnUntraced(function*(count: number) {
        const party = yield* make({ names: Array.from({ length: count }, (_, at) => xmppAddr(`a${at}@tansy`)) })
        const { wanted: _, ...peer } = yield* peerOf(party, { role: "recipient" })
        return yield* model.judge(peer, [])
      })
      assert.property(yield* leaps(4), "leap")
      const greedy = yield* leaps(5)
      assert.notProperty(greedy, "leap")
      assert.deepInclude(greedy.verdict, { decision: "reject", code: "selfSigned", rule: "CERT-88" })
    }).pipe(Effect.provide(welcoming("accept"))))

  it.effect("CERT-85 not where the store knows another certificate, and not where it knows this one", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      const party = yield* make({ names: [xmppAddr("mira@tansy")] })
      const model = yield* FirstUse.FirstUseTrust
      yield* store.remember(yield* pinOf(party, "mira@tansy", { how: "firstUse" }))
      const known = yield* model.judge(yield* peerOf(party), [])
      assert.notProperty(known, "leap")
      assert.deepInclude(known.verdict, { code: "pinned", strength: "firstUse" })
      const stranger = yield* model.judge(yield* peerOf(yield* make({ names: [xmppAddr("mira@tansy")] })), [])
      assert.strictEqual(stranger.verdict?.code, "pinMismatch")
    }).pipe(Effect.provide(welcoming("accept"))))
})
