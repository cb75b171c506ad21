import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Explain from "../src/Explain.ts"
import * as oids from "../src/internal/oids.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, codes, judge, judgeLayer, make, now, pinOf, type Scene, type Spec, xmppAddr } from "./making.ts"
import * as Revoking from "./revoking.ts"

const nadia = "nadia@harbor.example"
const below = Effect.fnUntraced(function*(spec: Spec = {}) {
  const root = yield* authority("Root")
  const shown = yield* make({ issuer: root, names: [xmppAddr(nadia)], ...spec })
  const scene = { chain: [shown], anchors: [root], expected: nadia }
  return { root, shown, scene, ask: (more: Partial<Scene> = {}) => judge({ ...scene, ...more }) }
})
const mustStaple = Fabricating.extension(
  oids.tlsFeature,
  false,
  Encode.sequence(Encode.integer(5))
)

describe("revocation in verdicts", () => {
  it.effect("CERT-50 T41 a revoked certificate, by OCSP and by a CRL, in hard and in soft mode", () =>
    Effect.gen(function*() {
      const { ask, root, shown } = yield* below()
      const certificate = shown.certificate
      const ocspStaple = yield* Revoking.ocsp(root, { about: [{ certificate, answer: "revoked" }] })
      const crls = [yield* Revoking.crlBytes(root, { revoked: [{ certificate }] })]
      for (const revocation of ["hard", "soft"] as const) {
        assert.strictEqual((yield* ask({ ocspStaple, trust: { revocation } })).code, "revoked")
        assert.strictEqual((yield* ask({ trust: { revocation, crls } })).code, "revoked")
      }
      assert.strictEqual((yield* ask({ ocspStaple, trust: { revocation: "off", crls } })).code, "trusted")
    }))

  it.effect("CERT-51 T41 when nobody knows: a notice in soft mode, which is the default, and a refusal in hard mode", () =>
    Effect.gen(function*() {
      const { ask } = yield* below()
      const soft = yield* ask()
      assert.deepStrictEqual([soft.code, codes(soft)], ["trusted", ["revocationUnknown"]])
      const hard = yield* ask({ trust: { revocation: "hard" } })
      assert.deepInclude(hard, { decision: "reject", code: "revocationUnknown", rule: "CERT-51" })
      const off = yield* ask({ trust: { revocation: "off" } })
      assert.deepStrictEqual([off.code, codes(off)], ["trusted", ["revocationUnknown"]])
    }))

  it.effect("CERT-50 T41 a good answer needs no notice, in hard mode either", () =>
    Effect.gen(function*() {
      const { ask, root, shown } = yield* below()
      const ocspStaple = yield* Revoking.ocsp(root, { about: [{ certificate: shown.certificate, answer: "good" }] })
      const crls = [yield* Revoking.crlBytes(root)]
      for (const more of [{ ocspStaple, trust: {} }, { trust: { crls } }]) {
        const verdict = yield* ask({ ...more, trust: { ...more.trust, revocation: "hard" } })
        assert.deepStrictEqual([verdict.code, verdict.notices], ["trusted", []])
      }
    }))

  it.effect("CERT-54 in hard mode an admission lasts no longer than the last word on revocation", () =>
    Effect.gen(function*() {
      const { ask, root } = yield* below()
      const trust = { crls: [yield* Revoking.crlBytes(root, { nextUpdate: now + Revoking.hour })] }
      const hard = yield* ask({ trust: { ...trust, revocation: "hard" } })
      assert.isAtMost(hard.expiresIn ?? Number.NaN, Revoking.hour + 1000)
      assert.isAbove((yield* ask({ trust })).expiresIn ?? 0, Revoking.day)
    }))

  it.effect("CERT-52 a certificate that promises a staple and comes without", () =>
    Effect.gen(function*() {
      const { ask, root, shown } = yield* below({ more: [mustStaple] })
      for (const revocation of ["hard", "soft"] as const) {
        assert.deepInclude(yield* ask({ trust: { revocation } }), { code: "revocationUnknown", rule: "CERT-52" })
      }
      const ocspStaple = yield* Revoking.ocsp(root, { about: [{ certificate: shown.certificate, answer: "good" }] })
      assert.strictEqual((yield* ask({ ocspStaple })).code, "trusted")
    }))

  it.effect("CERT-53 a pin is not asked whether it is revoked", () =>
    Effect.gen(function*() {
      const { ask, root, shown } = yield* below()
      const crls = [yield* Revoking.crlBytes(root, { revoked: [{ certificate: shown.certificate }] })]
      const pins = [yield* pinOf(shown, nadia)]
      assert.strictEqual((yield* ask({ pins, trust: { crls } })).code, "pinned")
      assert.strictEqual((yield* ask({ trust: { crls } })).code, "revoked")
    }))

  it.effect("CERT-50 the proof says what a CRL said, and the answer changes when the CRL is over", () =>
    Effect.gen(function*() {
      const { root, scene, shown } = yield* below()
      const crls = [yield* Revoking.crlBytes(root)]
      const layer = judgeLayer({ ...scene, trust: { crls, revocation: "hard" } })
      yield* Effect.gen(function*() {
        const service = yield* PeerJudge.PeerJudge
        const question = {
          chain: [shown.der],
          role: "initiator",
          expected: nadia,
          naming: "jid",
          authenticatePeer: true
        } as const
        yield* TestClock.setTime(now)
        const good = yield* service.judge(question)
        assert.strictEqual(good.verdict.code, "trusted")
        assert.isTrue(Explain.proof(good.proof).some((line) => line.includes("CRLs and OCSP say so of 1 of 1")))
        yield* TestClock.setTime(now + 7 * Revoking.day)
        const late = yield* service.judge(question)
        assert.strictEqual(late.verdict.code, "revocationUnknown", "although the same octets were good before")
      }).pipe(Effect.provide(layer), Effect.orDie)
    }))
})
