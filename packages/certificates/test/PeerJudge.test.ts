import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as PinStore from "../src/PinStore.ts"
import * as Trust from "../src/Trust.ts"
import { authority, judge, make, now, type Party, pinOf, xmppAddr } from "./making.ts"

const mira = "mira@tansy"
const question = (chain: ReadonlyArray<Party>): PeerJudge.Question => ({
  chain: chain.map(({ der }) => der),
  role: "initiator",
  expected: mira,
  naming: "jid",
  authenticatePeer: true
})
const askOf = (chain: ReadonlyArray<Party>) => PeerJudge.verdict(question(chain))

describe("layers", () => {
  it.effect("CERT-86 layerPinned, layerAuthority and layerFirstUse believe one kind of thing each", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(now)
      const root = yield* authority("Root")
      const self = yield* make({ names: [xmppAddr(mira)] })
      const issued = yield* make({ issuer: root, names: [xmppAddr(mira)] })
      const { certificate } = yield* pinOf(self, mira)
      const codes = <E>(layer: Layer.Layer<PeerJudge.PeerJudge, E>) =>
        Effect.forEach([self, issued], (each) => Effect.map(askOf([each]), ({ code }) => code)).pipe(
          Effect.provide(layer)
        )
      assert.deepStrictEqual(yield* codes(PeerJudge.layerPinned([certificate])), ["pinned", "pinMismatch"])
      assert.deepStrictEqual(yield* codes(PeerJudge.layerAuthority([root.der])), ["selfSigned", "trusted"])
      const firstUse = PeerJudge.layerFirstUse("accept").pipe(Layer.provide(PinStore.layerMemory()))
      assert.deepStrictEqual(yield* codes(firstUse), ["firstUse", "pinMismatch"])
      const nobody = PeerJudge.layer(Trust.nobody).pipe(Layer.provide(PinStore.layerMemory()))
      assert.deepStrictEqual(yield* codes(nobody), ["selfSigned", "untrustedCa"])
    }))

  it.effect("CERT-86 a Trust joins them all", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const [self, other] = [yield* make({ names: [xmppAddr(mira)] }), yield* make({ names: [xmppAddr("teo@linden")] })]
      const scene = { anchors: [root], trust: { firstUse: "accept" as const, pins: [yield* pinOf(self, mira)] } }
      const issued = yield* make({ issuer: root, names: [xmppAddr("nadia@harbor.example")] })
      const codes = yield* Effect.forEach([self, other, issued], (each) =>
        Effect.map(judge({ ...scene, chain: [each] }), ({ code }) => code))
      assert.deepStrictEqual(codes, ["pinned", "firstUse", "trusted"])
    }))
})

describe("judge", () => {
  it.effect("CERT-01 an initiator without an address that it wants gets no answer but no", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const issued = yield* make({ issuer: root, names: [xmppAddr(mira)] })
      for (const expected of ["@", "a b@c"]) {
        const verdict = yield* judge({ chain: [issued], anchors: [root], expected, role: "initiator" })
        assert.deepInclude(verdict, { decision: "reject", code: "internal", authorised: [] })
      }
      assert.strictEqual((yield* judge({ chain: [issued], anchors: [root], role: "initiator" })).code, "internal")
      assert.strictEqual(
        (yield* judge({ chain: [issued], anchors: [root], expected: "@", role: "recipient", authenticatePeer: false }))
          .decision,
        "reject"
      )
    }))

  it.effect("SASL-36 a store that dies is a refusal, for lenient recipients too", () =>
    Effect.gen(function*() {
      const dying = Layer.succeed(PinStore.PinStore, {
        find: () => Effect.die("out of order"),
        findByFingerprint: () => Effect.die("out of order"),
        remember: () => Effect.void,
        rememberFirst: () => Effect.succeed([]),
        all: Effect.succeed([]),
        forget: () => Effect.succeed([])
      })
      const self = yield* make({ names: [xmppAddr(mira)] })
      const verdict = yield* PeerJudge.verdict({
        chain: [self.der],
        role: "recipient",
        naming: "jid",
        authenticatePeer: false
      }).pipe(Effect.provide(PeerJudge.layer(Trust.nobody).pipe(Layer.provide(dying))))
      assert.deepInclude(verdict, { decision: "reject", code: "internal", rule: "SASL-36" })
    }))

  it.effect("CERT-23 whatever a stranger sends, the judge answers and accepts nobody", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const issued = yield* make({ issuer: root, names: [xmppAddr(mira)] })
      const layer = PeerJudge.layerAuthority([root.der])
      const octets = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.tuple(fc.nat(issued.der.length - 1), fc.nat(255)).map(([at, octet]) =>
          issued.der.map((each, index) => index === at ? octet : each)
        ),
        fc.nat(issued.der.length).map((size) => issued.der.subarray(0, size))
      )
      const property = fc.asyncProperty(
        fc.array(octets, { maxLength: 4 }),
        fc.boolean(),
        async (chain, isInitiator) => {
          const ask = PeerJudge.verdict({
            chain,
            naming: "jid",
            authenticatePeer: true,
            ...isInitiator ? { role: "initiator", expected: mira } : { role: "recipient" }
          })
          const verdict = await Effect.runPromise(ask.pipe(Effect.provide(layer)))
          const isUntouched = chain[0] !== undefined && Buffer.from(chain[0]).equals(issued.der)
          expect(verdict.authorised).toEqual(isUntouched && verdict.code === "trusted" ? [mira] : [])
          expect(verdict.code).not.toBe("internal")
        }
      )
      yield* Effect.promise(() => fc.assert(property, { numRuns: 300 }))
    }))
})
