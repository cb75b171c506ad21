/** Certificates §9, row T47, and §2.2: what discovery claims of a link-local instance. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { authority, codes, judge, make, pinOf, type Scene, xmppAddr } from "./making.ts"

const oskar = "oskar@quarry.example"
const linden = "oskar@linden"
const issued = Effect.gen(function*() {
  const root = yield* authority("Quarry Root")
  const shown = yield* make({ issuer: root, names: [xmppAddr("Oskar@QUARRY.example")] })
  const scene: Scene = { chain: [shown], anchors: [root], expected: linden, naming: "linkLocal", aliases: [oskar] }
  return { root, shown, scene }
})

describe("aliases of a link-local instance", () => {
  it.effect("CERT-09 T47 a JID that TXT lists is who the peer is, and the instance is an alias, in either role", () =>
    Effect.gen(function*() {
      const { scene } = yield* issued
      for (const role of ["initiator", "recipient"] as const) {
        const verdict = yield* judge({ ...scene, role, aliases: ["teo@harbor.example", "OSKAR@quarry.example/phone"] })
        assert.deepInclude(verdict, {
          decision: "accept",
          code: "trusted",
          rule: "CERT-09",
          strength: "pki",
          identity: oskar
        })
        assert.deepStrictEqual(verdict.authorised, [oskar, linden])
        assert.include(verdict.because, "discovery claims")
      }
    }))

  it.effect("CERT-09 T47 a JID that TXT does not list is a mismatch", () =>
    Effect.gen(function*() {
      const { scene } = yield* issued
      for (const aliases of [[], ["teo@harbor.example"], ["quarry.example"], ["@"], [linden]]) {
        for (const role of ["initiator", "recipient"] as const) {
          const verdict = yield* judge({ ...scene, role, aliases })
          assert.deepInclude(verdict, { code: "identityMismatch", authorised: [], strength: "none" })
          assert.strictEqual(verdict.decision === "reject", role === "initiator")
        }
      }
    }))

  it.effect("CERT-09 a claim is no proof: the certificate has to come from an authority, and the JID to be in it", () =>
    Effect.gen(function*() {
      const { root, scene } = yield* issued
      const self = yield* make({ names: [xmppAddr(oskar)] })
      assert.strictEqual((yield* judge({ ...scene, chain: [self] })).code, "selfSigned")
      const other = yield* make({ issuer: root, names: [xmppAddr("teo@harbor.example")] })
      assert.strictEqual((yield* judge({ ...scene, chain: [other] })).code, "identityMismatch")
      const domain = yield* make({ issuer: root, names: [xmppAddr("quarry.example")] })
      assert.strictEqual(
        (yield* judge({ ...scene, chain: [domain], aliases: [oskar, "quarry.example"] })).decision,
        "reject"
      )
    }))

  it.effect("CERT-09 widens what the user chose, and chooses nobody: a certificate of the instance is that of the instance", () =>
    Effect.gen(function*() {
      const { root, scene } = yield* issued
      const own = yield* make({ issuer: root, names: [xmppAddr(oskar), xmppAddr(linden)] })
      const verdict = yield* judge({ ...scene, chain: [own] })
      assert.deepInclude(verdict, { code: "trusted", rule: "CERT-70", identity: linden })
      assert.deepStrictEqual(verdict.authorised, [linden])
      const { expected: _, ...nobody } = scene
      const recipient = yield* judge(nobody)
      assert.notInclude(recipient.authorised, linden)
    }))

  it.effect("CERT-09 JID-10 aliases are for link-local streams alone", () =>
    Effect.gen(function*() {
      const { scene } = yield* issued
      assert.strictEqual((yield* judge({ ...scene, naming: "jid" })).code, "identityMismatch")
    }))

  it.effect("CERT-09 a JID that is longer than a link-local name may be is still one", () =>
    Effect.gen(function*() {
      const { root, scene } = yield* issued
      const long = `${"o".repeat(80)}@quarry.example`
      const shown = yield* make({ issuer: root, names: [xmppAddr(long)] })
      assert.strictEqual((yield* judge({ ...scene, chain: [shown], aliases: [long] })).identity, long)
    }))

  it.effect("CERT-10 with a pin of the instance, of whatever kind, the claim widens nothing", () =>
    Effect.gen(function*() {
      const { scene, shown } = yield* issued
      const self = yield* make({ names: [xmppAddr(linden)] })
      const pin = yield* pinOf(self, linden, { naming: "linkLocal" })
      const remembered = { ...pin, how: "firstUse" as const }
      const scenes: ReadonlyArray<Partial<Scene>> = [
        { pins: [pin] },
        { pins: [remembered] },
        { trust: { pins: [pin] } },
        { trust: { fingerprints: [pin.certificate] } },
        { pins: [remembered], trust: { firstUse: "accept" } }
      ]
      for (const more of scenes) {
        const verdict = yield* judge({ ...scene, ...more })
        assert.deepInclude(verdict, { decision: "reject", code: "pinMismatch", authorised: [] })
        assert.notProperty(verdict, "identity")
        assert.strictEqual((yield* judge({ ...scene, ...more, chain: [self] })).strength !== "none", true)
      }
      const own = yield* pinOf(shown, linden, { naming: "linkLocal" })
      assert.deepInclude(yield* judge({ ...scene, pins: [own] }), { code: "pinned", identity: linden })
    }))

  it.effect("CERT-10 pins of others, and of a JID that reads like the instance, are no pins of it", () =>
    Effect.gen(function*() {
      const { scene } = yield* issued
      const self = yield* make({ names: [xmppAddr(linden)] })
      const pins = [yield* pinOf(self, linden), yield* pinOf(self, "teo@linden", { naming: "linkLocal" })]
      const verdict = yield* judge({ ...scene, pins })
      assert.deepInclude(verdict, { code: "trusted", identity: oskar })
      assert.notInclude(codes(verdict), "pinOverridden")
    }))
})

describe("an instance that was renamed", () => {
  it.effect("CERT-94 LL-11 has lost its pin, and whoever is asked learns to which instance the certificate is pinned", () =>
    Effect.gen(function*() {
      const self = yield* make({ names: [xmppAddr("mira@tansy")] })
      const pins = [yield* pinOf(self, "mira@tansy", { naming: "linkLocal" })]
      const scene: Scene = { chain: [self], expected: "mira@tansy-1", naming: "linkLocal", pins }
      const refused = yield* judge(scene)
      assert.deepInclude(refused, { decision: "reject", code: "selfSigned", authorised: [] })
      let seen: ReadonlyArray<string> = []
      const verdict = yield* judge({
        ...scene,
        trust: { firstUse: "ask" },
        approve: ({ addresses, notices }) => {
          seen = notices
          return addresses.join() === "mira@tansy-1"
        }
      })
      assert.deepInclude(verdict, { code: "firstUse", identity: "mira@tansy-1" })
      const elsewhere = seen.find((each) => each.startsWith("pinnedElsewhere:"))
      assert.include(elsewhere, "mira@tansy.")
    }))
})
