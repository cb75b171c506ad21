import { assert, describe, it } from "@effect/vitest"
import * as Capabilities from "@xmpp-e2e/link-local/Capabilities"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Abilities from "../src/Abilities.ts"
import * as Support from "./support.ts"

const { person, settle } = Support
const romeo = "romeo@forza"
const juliet = "juliet@pronto"
const info: Capabilities.Info = {
  identities: [{ category: "client", type: "pc", name: "balcony", lang: "it" }],
  features: [Abilities.discoInfo, "urn:xmpp:ping"],
  forms: []
}

const couple = Effect.fnUntraced(function*(abilities?: Capabilities.Info) {
  const network = yield* Support.network
  const his = yield* person(network, romeo, "192.0.2.1")
  const hers = yield* person(network, juliet, "192.0.2.2", abilities === undefined ? {} : { abilities })
  yield* settle
  const entity = yield* his.find(juliet)
  return { hers, stream: yield* his.peers.stream(juliet), claim: entity?.presence?.capabilities }
})

describe("abilities", () => {
  it.effect("LL-23 CAPS-01 CAPS-02 are announced as a hash, told on the stream, and held against it", () =>
    Effect.gen(function*() {
      const { claim, stream } = yield* couple(info)
      assert.isDefined(claim)
      if (claim === undefined) return
      assert.strictEqual(claim.hash, "sha-1")
      assert.strictEqual(claim.ver, Result.getOrThrow(Capabilities.ver(info, "sha-1")))
      const answer = yield* Abilities.ask(stream, claim)
      assert.deepStrictEqual(answer.info, info)
      assert.strictEqual(answer.judgement?._tag, "Verified")
      assert.deepStrictEqual((yield* Abilities.ask(stream)).info, info)
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("CAPS-03 a claim that the answer does not bear out is good for nobody else", () =>
    Effect.gen(function*() {
      const { stream } = yield* couple(info)
      const payload = Element.make(Abilities.discoInfo, "query", { node: "https://example.org/#other" })
      const { reason } = yield* Effect.flip(stream.request(Stanza.iq({ type: "get", payload })))
      assert.strictEqual(reason._tag === "Refused" ? reason.error.condition : "", "item-not-found")
      const { info: told } = yield* Abilities.ask(stream)
      const lie = { node: "https://example.org/", ver: "QgayPKawpkPSDYmwT/WM94uAlu0=", hash: "sha-1" }
      assert.deepStrictEqual(Capabilities.judge(lie, told), { _tag: "Unverified", why: "mismatch" })
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it.effect("stay with a presence that says nothing of them, and are left out where there are none", () =>
    Effect.gen(function*() {
      const { claim, hers } = yield* couple(info)
      yield* hers.setPresence({ status: "away", other: [] })
      yield* settle
      assert.isDefined(claim)
      assert.isUndefined((yield* couple()).claim)
    }).pipe(Effect.scoped, Effect.provide(Support.world)))

  it("XEP-0030 XEP-0128 come back as they were told", () => {
    const word = fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.replace(/[^ -~]/g, "x"))
    const infos = fc.record({
      identities: fc.array(
        fc.record({ category: word, type: word, name: word, lang: fc.constantFrom("de", "it") }, {
          requiredKeys: ["category", "type"]
        })
      ),
      features: fc.array(word),
      forms: fc.array(fc.record({
        fields: fc.array(
          fc.record({ var: word, type: word, values: fc.array(word) }, { requiredKeys: ["var", "values"] })
        )
      }))
    })
    fc.assert(fc.property(infos, (given) => {
      assert.deepStrictEqual<unknown>(Abilities.decode(Abilities.encode(given)), given)
    }))
    assert.deepStrictEqual(Abilities.decode(undefined), { identities: [], features: [], forms: [] })
  })
})
