/** Ways of trusting combined, asked through the judge as a stream asks it. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as AuthorityTrust from "../src/AuthorityTrust.ts"
import * as CustomTrust from "../src/CustomTrust.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as FirstUse from "../src/FirstUse.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import type { Pin } from "../src/Pin.ts"
import * as PinStore from "../src/PinStore.ts"
import * as PinTrust from "../src/PinTrust.ts"
import * as Proof from "../src/Proof.ts"
import * as TrustModel from "../src/TrustModel.ts"
import { authority, make, now, type Party, pinOf, xmppAddr } from "./making.ts"

const { allOf, anyOf, authority: byAuthority, custom, firstUse, pin: byPin } = TrustModel
const mira = "mira@tansy"
const teo = "teo@linden"

interface World {
  readonly anchors?: ReadonlyArray<Party>
  readonly pins?: ReadonlyArray<Pin>
  readonly functions?: Readonly<Record<string, CustomTrust.Custom>>
  readonly policy?: FirstUse.Options["policy"]
}

/** Every way of trusting, whether it is asked or not, and the store that they share. */
const judging = (
  combination: TrustModel.Combination,
  { anchors = [], functions = {}, pins = [], policy = "accept" }: World
) =>
  PeerJudge.layerOf<TrustModel.Model>(combination).pipe(
    Layer.provide(Layer.mergeAll(
      AuthorityTrust.layer({ anchors: anchors.map(({ der }) => der) }),
      PinTrust.layer({}),
      FirstUse.layer({ policy }),
      CustomTrust.layer(functions)
    )),
    Layer.provideMerge(PinStore.layerMemory(pins))
  )
const ask = Effect.fnUntraced(function*(chain: ReadonlyArray<Party>, more: Partial<PeerJudge.Question> = {}) {
  yield* TestClock.setTime(now)
  const { judge } = yield* PeerJudge.PeerJudge
  const { proof, verdict } = yield* judge({
    chain: chain.map(({ der }) => der),
    role: "initiator",
    expected: mira,
    naming: "jid",
    authenticatePeer: true,
    ...more
  })
  assert.isTrue(Proof.isSound(proof))
  assert.strictEqual(proof.holds, verdict.strength !== "none")
  return verdict
})
/** A recipient that wants nobody in particular. */
const admit = Effect.fnUntraced(function*(chain: ReadonlyArray<Party>) {
  yield* TestClock.setTime(now)
  return yield* PeerJudge.verdict({
    chain: chain.map(({ der }) => der),
    role: "recipient",
    naming: "jid",
    authenticatePeer: true
  })
})
const remembered = PinStore.PinStore.use(({ all }) => all).pipe(
  Effect.map((pins) => pins.map(({ address }) => address))
)
const says = (answer: CustomTrust.Answer): CustomTrust.Custom => () => Effect.succeed(answer)
const yes = (...authorised: ReadonlyArray<string>) => says({ _tag: "Accept", authorised, because: "it is on the list" })
const no = says({ _tag: "Refuse", because: "it has left" })
const dunno = says({ _tag: "Abstain", because: "nobody knows" })

const cast = Effect.gen(function*() {
  const root = yield* authority("Root")
  const issued = yield* make({ issuer: root, names: [xmppAddr(mira), xmppAddr(teo)] })
  const again = yield* make({ issuer: root, names: [xmppAddr(mira)] })
  const self = yield* make({ names: [xmppAddr(mira), xmppAddr(teo)] })
  return { root, issued, again, self, anchors: [root] }
})

describe("an authority and a pin", () => {
  it.effect("CERT-70 CERT-83 both have to vouch: issued and pinned, nothing less, in either role", () =>
    Effect.gen(function*() {
      const { again, anchors, issued, self } = yield* cast
      const pins = [yield* pinOf(issued, mira), yield* pinOf(self, teo)]
      const both = judging(allOf<TrustModel.Model>(byAuthority, byPin), { anchors, pins })
      yield* Effect.gen(function*() {
        assert.deepInclude(yield* ask([issued]), { code: "trusted", strength: "pki", identity: mira })
        const admitted = yield* admit([issued])
        assert.deepStrictEqual([admitted.decision, admitted.authorised], ["accept", [mira]])
        assert.deepInclude(yield* ask([again]), { decision: "reject", code: "pinMismatch", authorised: [] })
        assert.deepInclude(yield* ask([issued], { expected: teo }), { decision: "reject", code: "pinMismatch" })
        assert.deepInclude(yield* ask([self], { expected: teo }), { decision: "reject", code: "selfSigned" })
        assert.deepStrictEqual((yield* admit([again])).authorised, [])
      }).pipe(Effect.provide(both))
    }))
})

describe("a function beside others", () => {
  it.effect("CERT-104 vetoes what an authority vouches for, and cannot vouch for what an authority does not", () =>
    Effect.gen(function*() {
      const { anchors, issued, self } = yield* cast
      const codesOf = Effect.fnUntraced(function*(judge: CustomTrust.Custom) {
        const layer = judging(allOf<TrustModel.Model>(byAuthority, custom("members")), {
          anchors,
          functions: { members: judge }
        })
        const verdicts = Effect.gen(function*() {
          return [yield* ask([issued]), yield* ask([self])]
        })
        return (yield* Effect.provide(verdicts, layer)).map(({ code }) => code)
      })
      assert.deepStrictEqual(yield* codesOf(yes(mira)), ["trusted", "selfSigned"])
      assert.deepStrictEqual(yield* codesOf(no), ["userRejected", "userRejected"])
      assert.deepStrictEqual(yield* codesOf(yes(teo)), ["userRejected", "userRejected"])
      assert.notInclude(yield* codesOf(dunno), "trusted")
    }))

  it.effect("CERT-70 grants a client what all grant, and nobody what one alone grants", () =>
    Effect.gen(function*() {
      const { anchors, issued } = yield* cast
      const granted = (...authorised: ReadonlyArray<string>) =>
        Effect.provide(
          admit([issued]),
          judging(allOf<TrustModel.Model>(custom("members"), byAuthority), {
            anchors,
            functions: { members: yes(...authorised) }
          })
        )
      assert.deepStrictEqual((yield* granted(teo, "nadia@harbor.example")).authorised, [teo])
      const nobody = yield* granted("nadia@harbor.example")
      assert.deepInclude(nobody, { code: "identityMismatch", authorised: [], strength: "none" })
    }))

  it.effect("CERT-09 CERT-70 knows the peer by the name that all of them grant", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const issued = yield* make({ issuer: root, names: [xmppAddr("oskar@quarry.example")] })
      const asked = { naming: "linkLocal" as const, expected: "oskar@linden", aliases: ["oskar@quarry.example"] }
      const functions = { members: yes("oskar@linden") }
      for (const order of [[byAuthority, custom("members")], [custom("members"), byAuthority]]) {
        const verdict = yield* Effect.provide(
          ask([issued], asked),
          judging(allOf<TrustModel.Model>(...order), { anchors: [root], functions })
        )
        assert.deepInclude(verdict, { code: "trusted", identity: "oskar@linden" })
        assert.deepStrictEqual(verdict.authorised, ["oskar@linden"])
      }
    }))

  it.effect("SASL-36 CERT-104 that dies is a refusal, for lenient recipients too", () =>
    Effect.gen(function*() {
      const { anchors, issued } = yield* cast
      const functions = { members: () => Effect.die("out of order") }
      for (
        const combination of [
          allOf<TrustModel.Model>(byAuthority, custom("members")),
          anyOf<TrustModel.Model>(custom("members"), byAuthority)
        ]
      ) {
        const verdict = yield* Effect.provide(
          ask([issued], { role: "recipient", authenticatePeer: false }),
          judging(combination, { anchors, functions })
        )
        assert.deepInclude(verdict, { decision: "reject", code: "internal", rule: "SASL-36", authorised: [] })
      }
    }))

  it.effect("CERT-104 that nobody provides fails the layer, wherever it stands", () =>
    Effect.gen(function*() {
      const asked = anyOf<TrustModel.Model>(
        byPin,
        allOf<TrustModel.Model>(byAuthority, anyOf<TrustModel.Model>(custom("menbers")))
      )
      const error = yield* Effect.flip(Effect.scoped(Layer.build(judging(asked, { functions: { members: no } }))))
      assert.deepInclude(error, { _tag: "TrustError", reason: "custom" })
      assert.include(error.message, "\"menbers\"")
    }))
})

describe("a first use", () => {
  it.effect("CERT-83 CERT-88 after pins: strangers are bound, the known are known, a changed key is refused", () =>
    Effect.gen(function*() {
      const { self } = yield* cast
      const known = yield* make({ names: [xmppAddr("nadia@harbor.example")] })
      const pins = [yield* pinOf(known, "nadia@harbor.example")]
      yield* Effect.gen(function*() {
        assert.deepInclude(yield* ask([known], { expected: "nadia@harbor.example" }), {
          code: "pinned",
          strength: "pinned"
        })
        assert.strictEqual((yield* ask([self])).code, "firstUse")
        assert.deepInclude(yield* ask([self]), { code: "pinned", strength: "firstUse" })
        assert.strictEqual((yield* ask([yield* make({ names: [xmppAddr(mira)] })])).code, "pinMismatch")
        assert.strictEqual((yield* ask([self], { expected: "nadia@harbor.example" })).code, "pinMismatch")
        assert.deepStrictEqual(yield* remembered, ["nadia@harbor.example", mira])
      }).pipe(Effect.provide(judging(anyOf<TrustModel.Model>(byPin, firstUse), { pins })))
    }))

  it.effect("CERT-88 is remembered only when everybody has agreed, whatever the order, in either role", () =>
    Effect.gen(function*() {
      const { self } = yield* cast
      for (const answer of [no, dunno, yes("nadia@harbor.example")]) {
        for (const order of [[firstUse, custom("members")], [custom("members"), firstUse]]) {
          yield* Effect.gen(function*() {
            assert.deepStrictEqual((yield* ask([self])).authorised, [])
            assert.deepStrictEqual((yield* admit([self])).authorised, [])
            assert.deepStrictEqual(yield* remembered, [])
          }).pipe(Effect.provide(judging(allOf<TrustModel.Model>(...order), { functions: { members: answer } })))
        }
      }
    }))

  it.effect("CERT-88 is remembered for the addresses on which all agree, and no others", () =>
    Effect.gen(function*() {
      const { self } = yield* cast
      for (const order of [[firstUse, custom("members")], [custom("members"), firstUse]]) {
        yield* Effect.gen(function*() {
          assert.deepInclude(yield* admit([self]), { decision: "accept", authorised: [teo] })
          assert.deepStrictEqual(yield* remembered, [teo])
        }).pipe(Effect.provide(judging(allOf<TrustModel.Model>(...order), { functions: { members: yes(teo) } })))
      }
    }))

  it.effect("CERT-86 is not made where the policy is to reject, even if somebody could be asked", () =>
    Effect.gen(function*() {
      const { self } = yield* cast
      const asked: Array<FirstUse.Request> = []
      const eager = Effect.provideService(FirstUse.Approver, {
        approve: (request) => Effect.sync(() => asked.push(request) > 0)
      })
      yield* Effect.gen(function*() {
        for (const verdict of [yield* eager(ask([self])), yield* eager(admit([self]))]) {
          assert.deepInclude(verdict, { decision: "reject", code: "selfSigned", authorised: [] })
        }
        assert.deepStrictEqual([asked, yield* remembered], [[], []])
      }).pipe(Effect.provide(judging(anyOf<TrustModel.Model>(byPin, firstUse), { policy: "reject" })))
    }))
})

describe("what a recording holds", () => {
  it.effect("CERT-104 is JSON and complete: the combination, each way's own description, the rules", () =>
    Effect.gen(function*() {
      const { anchors, root } = yield* cast
      const combination = anyOf<TrustModel.Model>(
        byPin,
        allOf<TrustModel.Model>(byAuthority, custom("members")),
        firstUse
      )
      const { description } = yield* Effect.provide(
        PeerJudge.PeerJudge,
        judging(combination, { anchors, functions: { members: no }, policy: "ask" })
      )
      assert.deepStrictEqual(JSON.parse(JSON.stringify(description)), description)
      const sha256 = yield* Fingerprint.sha256(root.der)
      assert.deepStrictEqual(description, {
        combination: {
          AnyOf: [
            { Pin: { by: "certificate", ignoresValidity: false, fingerprints: [], pins: [] } },
            {
              AllOf: [
                {
                  Authority: {
                    anchors: [{ subject: "CN=Root", sha256 }],
                    intermediates: 0,
                    crls: 0,
                    revocation: "soft"
                  }
                },
                { Custom: { name: "members" } }
              ]
            },
            { FirstUse: { policy: "ask", by: "certificate" } }
          ]
        },
        rules: { purpose: "either", as: "client", eitherServiceLabel: false, legacyCommonName: false }
      })
    }))
})
