import { assert, describe, it } from "@effect/vitest"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import fc from "fast-check"
import type { Peer } from "../src/Peer.ts"
import * as Pin from "../src/Pin.ts"
import * as PinStore from "../src/PinStore.ts"
import * as PinTrust from "../src/PinTrust.ts"
import * as Proof from "../src/Proof.ts"
import { codes, judge, make, now, peerOf, pinOf, xmppAddr, year } from "./making.ts"

const mira = "mira@tansy"
const stored = (options: PinTrust.Options, pins: ReadonlyArray<Pin.Pin> = []) =>
  Layer.provide(PinTrust.layer(options), PinStore.layerMemory(pins))
const opinionOf = (peer: Peer, options: PinTrust.Options, pins: ReadonlyArray<Pin.Pin> = []) =>
  PinTrust.PinTrust.use((model) => model.judge(peer, [])).pipe(Effect.provide(stored(options, pins)))
const addressed = (text: string): Partial<Peer> => {
  const wanted = Address.parse(text, "jid")
  return wanted === undefined ? {} : { wanted }
}

describe("pins", () => {
  it.effect("CERT-83 CERT-85 say yes to what they hold, no to another one, and nothing of who has none", () =>
    Effect.gen(function*() {
      const [one, renewed, other] = yield* Effect.gen(function*() {
        const first = yield* make({ names: [xmppAddr(mira)] })
        return [first, yield* make({ names: [xmppAddr(mira)], pair: first.pair }), yield* make()] as const
      })
      const parties = [one, renewed, other]
      const addresses = [mira, "teo@linden"]
      const pool: Array<Pin.Pin> = []
      for (const party of parties) {
        for (const address of addresses) {
          pool.push(yield* pinOf(party, address), yield* pinOf(party, address, { key: "" }))
        }
      }
      const peers: Array<Peer> = []
      for (const party of parties) {
        for (const address of addresses) peers.push(yield* peerOf(party, addressed(address)))
      }
      const seen = new Set<string>()
      const property = fc.asyncProperty(
        fc.constantFrom(...peers.keys()),
        fc.shuffledSubarray([...pool.keys()], { maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom("certificate" as const, "key" as const),
        async (at, chosen, isStored, by) => {
          const peer = peers[at]
          assert.isDefined(peer)
          const pins = chosen.flatMap((each) => pool[each] ?? [])
          const opinion = await Effect.runPromise(
            opinionOf(peer, { by, ...isStored ? {} : { pins } }, isStored ? pins : [])
          )
          const wanted = peer.wanted === undefined ? "" : Address.format(peer.wanted)
          const own = pins.filter(({ address }) => address === wanted)
          const holds = own.some((each) => Pin.holds(each, peer.hashes, by))
          const expected = holds ? "Accepts" : own.length > 0 ? "Refuses" : "Abstains"
          assert.strictEqual(opinion._tag, expected)
          assert.strictEqual(
            opinion.verdict?.code,
            { Accepts: "pinned", Refuses: "pinMismatch", Abstains: undefined }[expected]
          )
          assert.isTrue(Proof.isSound(opinion.proof))
          assert.strictEqual(opinion.proof.holds, holds)
          const hasPin = await Effect.runPromise(
            PinTrust.PinTrust.use((model) => model.hasPin?.(peer) ?? Effect.die("nobody keeps pins")).pipe(
              Effect.provide(stored(isStored ? {} : { pins }, isStored ? pins : []))
            )
          )
          assert.strictEqual(hasPin, own.length > 0)
          seen.add(expected)
        }
      )
      yield* Effect.promise(() => fc.assert(property, { numRuns: 300 }))
      assert.strictEqual(seen.size, 3)
    }))

  it.effect("CERT-88 a pin of a first use stays one, until another one confirms it", () =>
    Effect.gen(function*() {
      const party = yield* make({ names: [xmppAddr(mira)] })
      const peer = yield* peerOf(party)
      const leap = yield* pinOf(party, mira, { how: "firstUse" })
      for (const how of ["manual", "offer", "exchanged"] as const) {
        const confirmed = { ...leap, how }
        assert.strictEqual((yield* opinionOf(peer, {}, [leap])).verdict?.strength, "firstUse")
        assert.strictEqual((yield* opinionOf(peer, { pins: [confirmed] }, [leap])).verdict?.strength, "pinned")
      }
      const verified = { ...leap, verified: { when: "2026-03-03T00:00:00Z", how: "shortString" } as const }
      assert.strictEqual((yield* opinionOf(peer, {}, [verified])).verdict?.strength, "pinned")
      const fingerprints = [leap.certificate]
      assert.strictEqual((yield* opinionOf(peer, { fingerprints }, [leap])).verdict?.strength, "pinned")
    }))

  it.effect("CERT-38 a pinned key that is weak passes with a notice", () =>
    Effect.gen(function*() {
      const peer = yield* peerOf(yield* make({ names: [xmppAddr(mira)] }))
      const publicKey = { ...peer.certificate.publicKey, kind: { _tag: "rsa", bits: 1024 } as const, text: "RSA 1024" }
      const opinion = yield* opinionOf({ ...peer, certificate: { ...peer.certificate, publicKey } }, {
        fingerprints: [peer.hashes.certificate]
      })
      assert.deepStrictEqual([opinion._tag, opinion.verdict && codes(opinion.verdict)], ["Accepts", ["weakKey"]])
    }))

  it.effect("CERT-89 out of its dates a pinned certificate is refused by the rule of pins, on both sides", () =>
    Effect.gen(function*() {
      const party = yield* make({ names: [xmppAddr(mira)] })
      const pins = [yield* pinOf(party, mira)]
      for (const [at, code] of [[now - year - 1, "notYetValid"], [now + 9 * year + 1000, "expired"]] as const) {
        const peer = yield* peerOf(party, { now: at })
        const refused = yield* opinionOf(peer, { pins })
        assert.deepInclude(refused.verdict, { decision: "reject", code, rule: "CERT-89" })
        const lenient = yield* opinionOf(peer, { pins, ignoresValidity: true })
        assert.deepStrictEqual([lenient._tag, lenient.verdict && codes(lenient.verdict)], ["Accepts", [code]])
      }
    }))
})

describe("what they say of themselves", () => {
  it.effect("CERT-83 is JSON: every pin and fingerprint in the form in which it is compared, and the options", () =>
    Effect.gen(function*() {
      const party = yield* make()
      const pin = yield* pinOf(party, "Mira@TANSY")
      const fingerprints = ["AB:".repeat(32).slice(0, -1)]
      const pins = [{ ...pin, certificate: pin.certificate.toUpperCase() }]
      const description = yield* PinTrust.PinTrust.use((model) => Effect.succeed(model.description)).pipe(
        Effect.provide(stored({ fingerprints, pins, by: "key", ignoresValidity: true }))
      )
      assert.deepStrictEqual(JSON.parse(JSON.stringify(description)), description)
      assert.deepStrictEqual(description, {
        by: "key",
        ignoresValidity: true,
        fingerprints: ["ab".repeat(32)],
        pins: [{ address: mira, certificate: pin.certificate }]
      })
    }))
})

const teo = "teo@linden"

describe("bare pins", () => {
  it.effect("CERT-83 of a key speak for no name that its owner puts into a new certificate", () =>
    Effect.gen(function*() {
      const own = yield* make({ names: [xmppAddr(teo)] })
      const minted = yield* make({ pair: own.pair, names: [xmppAddr(mira)] })
      const trust = { fingerprints: [(yield* pinOf(own, teo)).key], pinBy: "key" as const }
      assert.deepStrictEqual((yield* judge({ chain: [minted], trust })).authorised, [])
      assert.deepStrictEqual((yield* judge({ chain: [own], trust })).authorised, [])
      const dialled = yield* judge({ chain: [minted], expected: teo, trust })
      assert.deepInclude(dialled, { code: "pinned", identity: teo }, "whoever dials says who it is")
    }))

  it.effect("CERT-85 do not speak for an address that has a pin of its own", () =>
    Effect.gen(function*() {
      const [hers, his] = [yield* make({ names: [xmppAddr(mira)] }), yield* make({ names: [xmppAddr(teo)] })]
      const pins = [yield* pinOf(hers, mira)]
      const trust = { fingerprints: [(yield* pinOf(his, teo)).certificate] }
      const scene = { expected: mira, pins, trust }
      assert.deepInclude(yield* judge({ ...scene, chain: [his] }), { decision: "reject", code: "pinMismatch" })
      assert.deepInclude(yield* judge({ ...scene, chain: [hers] }), { decision: "accept", identity: mira })
      assert.deepInclude(yield* judge({ ...scene, chain: [his], expected: teo }), { decision: "accept", identity: teo })
    }))

  it.effect("CERT-88 confirm a first use of the same certificate", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira)] })
      const pins = [yield* pinOf(shown, mira, { how: "firstUse" })]
      const scene = { chain: [shown], pins, trust: { fingerprints: pins.map(({ certificate }) => certificate) } }
      for (const expected of [{}, { expected: mira }]) {
        const verdict = yield* judge({ ...scene, ...expected })
        assert.deepInclude(verdict, { code: "pinned", strength: "pinned" })
        assert.deepStrictEqual(verdict.authorised, [mira])
      }
    }))
})

it.effect("CERT-88 one confirmed address does not confirm the first use of another", () =>
  Effect.gen(function*() {
    const shown = yield* make({ names: [xmppAddr(mira), xmppAddr(teo)] })
    const pins = [yield* pinOf(shown, mira), yield* pinOf(shown, teo, { how: "firstUse" })]
    const both = yield* judge({ chain: [shown], pins })
    assert.deepInclude(both, { code: "pinned", strength: "firstUse" })
    assert.deepStrictEqual(both.authorised, [mira, teo])
    assert.strictEqual((yield* judge({ chain: [shown], pins, expected: mira })).strength, "pinned")
    assert.strictEqual((yield* judge({ chain: [shown], pins, expected: teo })).strength, "firstUse")
  }))
