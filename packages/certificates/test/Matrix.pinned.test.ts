/** Certificates §9, the rows about pins and self-signed certificates. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as PinStore from "../src/PinStore.ts"
import { ask, authority, codes, dns, judge, judgeLayer, make, now, pinOf, xmppAddr, year } from "./making.ts"

const mira = "mira@tansy"
const self = make({ names: [xmppAddr(mira)] })

describe("pins", () => {
  it.effect("CERT-83 T1 a pinned self-signed certificate is pinned", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const verdict = yield* judge({ chain: [shown], expected: mira, pins: [yield* pinOf(shown, mira)] })
      assert.deepInclude(verdict, {
        decision: "accept",
        code: "pinned",
        strength: "pinned",
        identity: mira,
        notices: []
      })
      assert.deepStrictEqual(verdict.authorised, [mira])
      assert.strictEqual(verdict.expiresIn, 9 * year + 1000)
      assert.strictEqual(verdict.fingerprint, (yield* pinOf(shown, mira)).certificate)
    }))

  it.effect("CERT-86 T2 a self-signed certificate without a pin is up to the policy", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const scene = { chain: [shown], expected: mira }
      const rejected = yield* judge(scene)
      assert.deepInclude(rejected, {
        decision: "reject",
        code: "selfSigned",
        rule: "CERT-82",
        strength: "none",
        authorised: []
      })
      const accepted = yield* judge({ ...scene, trust: { firstUse: "accept" } })
      assert.deepInclude(accepted, { decision: "accept", code: "firstUse", strength: "firstUse", identity: mira })
      const approved = yield* judge({ ...scene, trust: { firstUse: "ask" }, approve: () => true })
      assert.strictEqual(approved.code, "firstUse")
      const declined = yield* judge({ ...scene, trust: { firstUse: "ask" }, approve: () => false })
      assert.deepInclude(declined, { decision: "reject", code: "userRejected", rule: "CERT-87", authorised: [] })
    }))

  it.effect("CERT-85 T3 another certificate than the pinned one is refused, whatever the policy", () =>
    Effect.gen(function*() {
      const pins = [yield* pinOf(yield* self, mira)]
      for (const firstUse of ["reject", "ask", "accept"] as const) {
        const verdict = yield* judge({
          chain: [yield* self],
          expected: mira,
          pins,
          trust: { firstUse },
          approve: () => true
        })
        assert.deepInclude(verdict, { decision: "reject", code: "pinMismatch", rule: "CERT-85", authorised: [] })
      }
    }))

  it.effect("CERT-89 T4 a pinned certificate one second after notAfter is expired, unless the policy says otherwise", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira)], notAfter: now })
      const scene = { chain: [shown], expected: mira, pins: [yield* pinOf(shown, mira)] }
      assert.strictEqual((yield* judge(scene)).code, "pinned", "notAfter itself is inside")
      const late = yield* judge({ ...scene, at: now + 1000 })
      assert.deepInclude(late, { decision: "reject", code: "expired", rule: "CERT-89" })
      const lenient = yield* judge({ ...scene, at: now + 1000, trust: { pinIgnoresValidity: true } })
      assert.strictEqual(lenient.code, "pinned")
      assert.deepStrictEqual(codes(lenient), ["expired"])
      assert.notProperty(lenient, "expiresIn")
      const early = yield* judge({ ...scene, at: now - year - 1 })
      assert.deepInclude(early, { decision: "reject", code: "notYetValid" })
    }))

  it.effect("CERT-31 T5 a pinned certificate with cA TRUE passes, with a notice", () =>
    Effect.gen(function*() {
      // As common tools make them.
      const shown = yield* make({ names: [xmppAddr(mira)], isCa: true, keyUsage: undefined })
      const verdict = yield* judge({ chain: [shown], expected: mira, pins: [yield* pinOf(shown, mira)] })
      assert.strictEqual(verdict.code, "pinned")
      assert.deepStrictEqual(codes(verdict), ["eeIsCa"])
      const first = yield* judge({ chain: [shown], expected: mira, trust: { firstUse: "accept" } })
      assert.strictEqual(first.code, "firstUse")
      assert.deepStrictEqual(codes(first), ["eeIsCa"])
    }))

  it.effect("CERT-101 CERT-102 T42 no certificate: an initiator leaves, a recipient lets XML say why", () =>
    Effect.gen(function*() {
      const initiator = yield* judge({ chain: [], expected: mira })
      assert.deepInclude(initiator, { decision: "reject", code: "noCertificate", rule: "CERT-101" })
      for (const authenticatePeer of [true, false]) {
        const recipient = yield* judge({ chain: [], authenticatePeer })
        assert.deepInclude(recipient, { decision: "accept", code: "noCertificate", authorised: [], strength: "none" })
      }
    }))

  it.effect("CERT-83 a pin of the key passes a renewal with the same key, if the policy compares keys", () =>
    Effect.gen(function*() {
      const old = yield* self
      const renewed = yield* make({ names: [xmppAddr(mira)], pair: old.pair })
      const scene = { chain: [renewed], expected: mira, pins: [yield* pinOf(old, mira)] }
      assert.strictEqual((yield* judge(scene)).code, "pinMismatch")
      assert.strictEqual((yield* judge({ ...scene, trust: { pinBy: "key" } })).code, "pinned")
    }))

  it.effect("CERT-84 a certificate pinned to another address is reported, not accepted", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const scene = { chain: [shown], expected: "teo@linden", pins: [yield* pinOf(shown, mira)] }
      assert.strictEqual((yield* judge(scene)).code, "selfSigned")
      let seen: ReadonlyArray<string> = []
      const verdict = yield* judge({
        ...scene,
        trust: { firstUse: "ask" },
        approve: ({ notices }) => (seen = notices).length === 0
      })
      assert.strictEqual(verdict.code, "userRejected")
      assert.deepStrictEqual(seen.map((each) => each.split(":")[0]), ["otherNames", "pinnedElsewhere"])
    }))

  it.effect("CERT-85 a trusted path for the same address overrides the pin, with a notice", () =>
    Effect.gen(function*() {
      const root = yield* authority("Harbor Root")
      const shown = yield* make({ issuer: root, names: [xmppAddr(mira)] })
      const other = yield* make({ issuer: root, names: [xmppAddr("teo@linden")] })
      const scene = { expected: mira, anchors: [root], pins: [yield* pinOf(yield* self, mira)] }
      const verdict = yield* judge({ ...scene, chain: [shown] })
      assert.strictEqual(verdict.code, "trusted")
      assert.include(codes(verdict), "pinOverridden")
      assert.strictEqual((yield* judge({ ...scene, chain: [other] })).code, "pinMismatch")
    }))

  it.effect("CERT-84 bare pins are pins of the wanted address", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const { certificate } = yield* pinOf(shown, mira)
      const fingerprints = [certificate.toUpperCase().match(/../g)?.join(":") ?? ""]
      assert.deepInclude(yield* judge({ chain: [shown], expected: mira, trust: { fingerprints } }), {
        code: "pinned",
        identity: mira
      })
      const renamed = yield* judge({ chain: [shown], expected: "teo@linden", trust: { fingerprints } })
      assert.deepInclude(renamed, { code: "pinned", identity: "teo@linden" })
      assert.deepStrictEqual(codes(renamed), ["otherNames"])
      assert.strictEqual(
        (yield* judge({ chain: [yield* self], expected: mira, trust: { fingerprints } })).code,
        "pinMismatch"
      )
    }))
})

describe("pins at a recipient", () => {
  it.effect("CERT-83 the certificate speaks for the addresses recorded with its pins, and for no other name in it", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr(mira), xmppAddr("teo@linden")] })
      const pins = [yield* pinOf(shown, mira), yield* pinOf(shown, "nadia@harbor.example")]
      const verdict = yield* judge({ chain: [shown], pins })
      assert.deepInclude(verdict, { decision: "accept", code: "pinned" })
      assert.deepStrictEqual(verdict.authorised, [mira, "nadia@harbor.example"])
    }))

  it.effect("SASL-19 a bare pin speaks for the XmppAddr names, for nobody without one", () =>
    Effect.gen(function*() {
      const named = yield* make({ names: [xmppAddr(mira), dns("pumps.example")] })
      const nameless = yield* make()
      const fingerprints = [(yield* pinOf(named, mira)).certificate, (yield* pinOf(nameless, mira)).certificate]
      assert.deepStrictEqual((yield* judge({ chain: [named], trust: { fingerprints } })).authorised, [mira])
      const verdict = yield* judge({ chain: [nameless], trust: { fingerprints } })
      assert.deepInclude(verdict, { decision: "accept", code: "pinned", authorised: [] })
      const taken = yield* judge({ chain: [named], trust: { fingerprints }, pins: [yield* pinOf(nameless, mira)] })
      assert.deepStrictEqual(taken.authorised, [], "somebody else is pinned to that name")
    }))

  it.effect("CERT-85 a name in the certificate to which another is pinned is a pinMismatch, even unauthenticated", () =>
    Effect.gen(function*() {
      const pins = [yield* pinOf(yield* self, mira)]
      for (const authenticatePeer of [true, false]) {
        const verdict = yield* judge({ chain: [yield* self], pins, authenticatePeer, trust: { firstUse: "accept" } })
        assert.deepInclude(verdict, { decision: "reject", code: "pinMismatch", authorised: [] })
      }
    }))

  it.effect("CERT-88 a first use binds to the names in the certificate, and the next visit is known", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const scene = { chain: [shown], trust: { firstUse: "accept" as const } }
      yield* Effect.gen(function*() {
        assert.deepInclude(yield* ask(scene), { code: "firstUse", authorised: [mira] })
        const again = yield* ask(scene)
        assert.deepInclude(again, { code: "pinned", strength: "firstUse", authorised: [mira] })
        assert.deepInclude(yield* ask({ chain: [yield* self] }), { decision: "reject", code: "pinMismatch" })
      }).pipe(Effect.provide(judgeLayer(scene)))
    }))

  it.effect("CERT-88 two strangers who claim an address at once do not both get it", () =>
    Effect.gen(function*() {
      const scene = { chain: [], trust: { firstUse: "accept" as const } }
      const [one, other] = [yield* self, yield* self]
      const verdicts = yield* Effect.all([ask({ chain: [one] }), ask({ chain: [other] })], { concurrency: 2 }).pipe(
        Effect.provide(judgeLayer(scene))
      )
      assert.deepStrictEqual(verdicts.map(({ code }) => code).toSorted(), ["firstUse", "pinMismatch"])
    }))

  it.effect("CERT-88 nobody is bound who has no name", () =>
    Effect.gen(function*() {
      const verdict = yield* judge({ chain: [yield* make()], trust: { firstUse: "accept" } })
      assert.deepInclude(verdict, { code: "noIdentity", authorised: [], strength: "none" })
    }))

  it.effect("JID-10 pins of the other naming do not count", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const pins = [yield* pinOf(shown, mira, { naming: "linkLocal" })]
      assert.strictEqual((yield* judge({ chain: [shown], expected: mira, pins })).code, "selfSigned")
      assert.strictEqual(
        (yield* judge({ chain: [shown], expected: "Mira@Tansy", pins, naming: "linkLocal" })).code,
        "pinned"
      )
    }))
})

describe("hints", () => {
  it.effect("CERT-91 CERT-92 another certificate than the announced one is refused; SHA-1 and SHA-256 are known", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const { certificate } = yield* pinOf(shown, mira)
      const pins = [yield* pinOf(shown, mira)]
      const scene = { chain: [shown], expected: mira, pins }
      const hash = yield* Effect.promise(() => crypto.subtle.digest("SHA-1", new Uint8Array(shown.der)))
      const sha1 = Array.from(new Uint8Array(hash), (each) => each.toString(16).padStart(2, "0")).join(":")
        .toUpperCase()
      assert.strictEqual((yield* judge({ ...scene, hints: [sha1] })).code, "pinned")
      assert.strictEqual((yield* judge({ ...scene, hints: ["00", certificate] })).code, "pinned")
      const other = yield* judge({ ...scene, hints: ["00".repeat(20)] })
      assert.deepInclude(other, { decision: "reject", code: "offerMismatch", rule: "CERT-91" })
    }))

  it.effect("CERT-90 a hint that fits is no trust", () =>
    Effect.gen(function*() {
      const shown = yield* self
      const { certificate } = yield* pinOf(shown, mira)
      assert.strictEqual((yield* judge({ chain: [shown], expected: mira, hints: [certificate] })).code, "selfSigned")
    }))
})

it.effect("CERT-85 the store is asked; a store that cannot answer is a refusal (SASL-36)", () =>
  Effect.gen(function*() {
    const failing = new PinStore.PinStoreError({ reason: "unreadable", detail: "the disk is gone" })
    const verdict = yield* ask({ chain: [yield* self], expected: mira }).pipe(
      Effect.provide(PeerJudge.layerFirstUse("accept")),
      Effect.provideService(PinStore.PinStore, {
        find: () => Effect.fail(failing),
        findByFingerprint: () => Effect.fail(failing),
        remember: () => Effect.void,
        rememberFirst: () => Effect.succeed([]),
        all: Effect.succeed([]),
        forget: () => Effect.succeed([])
      })
    )
    assert.deepInclude(verdict, { decision: "reject", code: "internal", rule: "SASL-36" })
    assert.match(verdict.because, /the disk is gone/)
  }))
