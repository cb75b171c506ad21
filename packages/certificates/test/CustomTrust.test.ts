import { assert, describe, it } from "@effect/vitest"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as CustomTrust from "../src/CustomTrust.ts"
import type { Opinion } from "../src/Opinion.ts"
import type { Peer } from "../src/Peer.ts"
import * as Proof from "../src/Proof.ts"
import { make, now, peerOf, xmppAddr } from "./making.ts"

const mira = "mira@tansy"
const opinionOf = (peer: Peer, judge: CustomTrust.Custom): Effect.Effect<Opinion> =>
  Effect.gen(function*() {
    const model = (yield* CustomTrust.CustomTrust).get("members")
    assert.isDefined(model)
    return yield* Effect.orDie(model.judge(peer, []))
  }).pipe(Effect.provide(CustomTrust.layer({ members: judge })))
const shown = make({ names: [xmppAddr(mira)], notAfter: now + 5000 })

describe("functions of the application", () => {
  it.effect("CERT-70 CERT-104 accept only whom was wanted, and grant no more than that", () =>
    Effect.gen(function*() {
      const peer = yield* peerOf(yield* shown)
      const addresses = [mira, "teo@linden", "tansy", "*.tansy", "mira@tansy/phone"]
      const wanted = fc.constantFrom(mira, "teo@linden", undefined)
      const answer: fc.Arbitrary<CustomTrust.Answer> = fc.oneof(
        fc.record({
          _tag: fc.constant("Accept" as const),
          authorised: fc.shuffledSubarray(addresses),
          because: fc.constant("they are on the list")
        }),
        fc.record({
          _tag: fc.constantFrom("Refuse" as const, "Abstain" as const),
          because: fc.constant("they are not")
        })
      )
      const seen = new Set<string>()
      const property = fc.asyncProperty(wanted, answer, async (text, given) => {
        const { wanted: _, ...nobody } = peer
        const address = text === undefined ? undefined : Address.parse(text, "jid")
        const opinion = await Effect.runPromise(
          opinionOf({ ...nobody, ...address === undefined ? {} : { wanted: address } }, () => Effect.succeed(given))
        )
        const isAccepted = given._tag === "Accept" && (text === undefined || given.authorised.includes(text))
        assert.strictEqual(opinion._tag, isAccepted ? "Accepts" : given._tag === "Abstain" ? "Abstains" : "Refuses")
        const granted = given._tag !== "Accept" || !isAccepted ? [] : text === undefined ? given.authorised : [text]
        assert.deepStrictEqual(opinion.verdict?.authorised ?? [], granted)
        assert.strictEqual(opinion.verdict?.identity, isAccepted ? text : undefined)
        assert.isTrue(Proof.isSound(opinion.proof))
        assert.strictEqual(opinion.proof.holds, isAccepted)
        assert.strictEqual(opinion.proof.found, given.because)
        assert.deepStrictEqual(opinion.proof.about, { _tag: "Model", model: "custom:members" })
        seen.add(opinion._tag)
      })
      yield* Effect.promise(() => fc.assert(property, { numRuns: 200 }))
      assert.strictEqual(seen.size, 3)
    }))

  it.effect("CERT-104 CERT-105 are told in the verdict by name and reason, and their word ends with the certificate", () =>
    Effect.gen(function*() {
      const peer = yield* peerOf(yield* shown)
      const accepted = yield* opinionOf(
        peer,
        () => Effect.succeed({ _tag: "Accept", authorised: [mira], because: "mira is on the list" })
      )
      assert.deepInclude(accepted.verdict, {
        decision: "accept",
        code: "trusted",
        rule: "CERT-104",
        strength: "custom",
        expiresIn: 6000
      })
      assert.match(accepted.verdict?.because ?? "", /members.*mira is on the list/)
      const refused = yield* opinionOf(peer, () => Effect.succeed({ _tag: "Refuse", because: "mira has left" }))
      assert.deepInclude(refused.verdict, { decision: "reject", code: "userRejected", rule: "CERT-104" })
      assert.match(refused.verdict?.because ?? "", /members.*mira has left/)
    }))

  it.effect("CERT-104 see the whole peer: certificate, names, role, moment and chain", () =>
    Effect.gen(function*() {
      const peer = yield* peerOf(yield* shown)
      const seen: Array<Peer> = []
      yield* opinionOf(peer, (one) => Effect.sync(() => (seen.push(one), { _tag: "Abstain", because: "" })))
      assert.deepStrictEqual(seen, [peer])
    }))

  it.effect("CERT-104 stand in a combination by their names, whatever these are", () =>
    Effect.gen(function*() {
      const names = ["members", "__proto__", "constructor", ""]
      const functions = Object.fromEntries(names.map((name) => [name, () => Effect.die(name)]))
      const models = yield* CustomTrust.CustomTrust.pipe(Effect.provide(CustomTrust.layer(functions)))
      assert.deepStrictEqual([...models.keys()].toSorted(), names.toSorted())
      assert.deepStrictEqual(
        [...models.values()].map(({ description }) => description),
        [...models.keys()].map((name) => ({
          name
        }))
      )
      assert.isUndefined(models.get("toString"))
    }))
})
