import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CustomTrust from "../src/CustomTrust.ts"
import * as Explain from "../src/Explain.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as TrustModel from "../src/TrustModel.ts"
import { ask, make, xmppAddr } from "./making.ts"

const mira = "mira@tansy"
const asking = Effect.fnUntraced(function*(judge: CustomTrust.Custom, expected?: string) {
  const chain = [yield* make({ names: [xmppAddr(mira)] })]
  const layer = Layer.provide(PeerJudge.layerOf(TrustModel.custom("members")), CustomTrust.layer({ members: judge }))
  return yield* ask({ chain, ...expected === undefined ? {} : { expected } }).pipe(Effect.provide(layer))
})
const accepting = (...authorised: ReadonlyArray<string>): CustomTrust.Custom => () =>
  Effect.succeed({ _tag: "Accept", authorised, because: "it is on the list" })

describe("a function of the application", () => {
  it.effect("CERT-70 vouches for the wanted address, and not by another's, a wildcard or none", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* asking(accepting("teo@linden", mira), mira), { decision: "accept", identity: mira })
      for (const authorised of [[], ["teo@linden"], ["*.tansy"], ["*"], ["tansy"], [`${mira}/phone`], ["Mira@Tansy"]]) {
        const verdict = yield* asking(accepting(...authorised), mira)
        assert.deepInclude(verdict, { decision: "reject", code: "userRejected" })
        assert.deepStrictEqual(verdict.authorised, [])
      }
    }))

  it.effect("CERT-104 refuses when it throws or dies", () =>
    Effect.gen(function*() {
      const throwing: CustomTrust.Custom = () => {
        throw new Error("out of order")
      }
      for (const broken of [throwing, () => Effect.die("out of order")]) {
        assert.deepInclude(yield* asking(broken), { decision: "reject", code: "internal" })
      }
    }))

  it.effect("CERT-87 repeats what a certificate says only in a form fit to be shown", () =>
    Effect.gen(function*() {
      const because = `it says \u001b[2J\u202e\u009b1m${"a".repeat(10_000)}`
      for (const _tag of ["Refuse", "Accept"] as const) {
        const verdict = yield* asking(() => Effect.succeed({ _tag, authorised: [mira], because }))
        const text = Explain.verdict(verdict).join("\n")
        assert.notMatch(text, /[^\P{C}\n]/u)
        assert.isBelow(text.length, 1000)
      }
    }))
})
