import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import * as Combine from "../src/Combine.ts"
import * as TrustModel from "../src/TrustModel.ts"

const single: fc.Arbitrary<TrustModel.Combination> = fc.oneof(
  fc.constantFrom<TrustModel.Combination>(TrustModel.authority, TrustModel.pin, TrustModel.firstUse),
  fc.string().map(TrustModel.custom)
)
const combinations = fc.letrec<{ tree: TrustModel.Combination }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    single,
    fc.array(tie("tree"), { maxLength: 4 }).map((each) => TrustModel.anyOf(...each)),
    fc.array(tie("tree"), { maxLength: 4 }).map((each) => TrustModel.allOf(...each))
  )
})).tree

describe("combinations", () => {
  it("CERT-104 are JSON, and nothing of them is lost in it", () => {
    fc.assert(fc.property(combinations, (of) => {
      expect(JSON.parse(JSON.stringify(of))).toEqual(of)
    }))
  })

  it("CERT-104 have leaves that are single, and as many as were put in", () => {
    const count = (of: TrustModel.Combination): number =>
      TrustModel.isSeveral(of) ? of.models.reduce((sum, each) => sum + count(each), 0) : 1
    fc.assert(fc.property(combinations, (of) => {
      const singles = Combine.singles(of)
      expect(singles).toHaveLength(count(of))
      expect(singles.some(TrustModel.isSeveral)).toBe(false)
    }))
  })

  it("certificates §8 usually ask pins first, then authorities, and leap last", () => {
    expect(Combine.singles(TrustModel.usual).map(({ _tag }) => _tag)).toEqual(["Pin", "Authority", "FirstUse"])
    expect(TrustModel.usual._tag).toBe("AnyOf")
  })

  it("CERT-104 say in their type which ways of trusting they need", () => {
    const both = TrustModel.anyOf<AuthorityOrPin>(TrustModel.authority, TrustModel.pin)
    // @ts-expect-error: a combination that may ask pins is not one of authorities alone
    const narrower: TrustModel.Combination<Authority> = both
    expect(narrower).toBe(both)
  })
})

type NeedsOf<C> = C extends TrustModel.Combination<infer Needs> ? Needs : never
type Authority = NeedsOf<typeof TrustModel.authority>
type AuthorityOrPin = Authority | NeedsOf<typeof TrustModel.pin>
