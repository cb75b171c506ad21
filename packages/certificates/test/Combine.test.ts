import { describe, expect, it } from "@effect/vitest"
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Combine from "../src/Combine.ts"
import type { Opinion } from "../src/Opinion.ts"
import type { Peer } from "../src/Peer.ts"
import * as Proof from "../src/Proof.ts"
import * as TrustModel from "../src/TrustModel.ts"
import { make, peerOf } from "./making.ts"

/** A function `a1` accepts, `r…` refuses, `o…` abstains; the rest of the name says for whom. */
const lookup: Combine.Lookup = (single) => {
  const name = single._tag === "Custom" ? single.name : single._tag
  const verdict: Verdict.Verdict = {
    decision: name.startsWith("a") ? "accept" : "reject",
    code: name.startsWith("r!") ? "pinMismatch" : name.startsWith("a") ? "trusted" : "untrustedCa",
    rule: "CERT-70",
    because: `Because of ${name}`,
    strength: name.startsWith("a") ? "pki" : "none",
    authorised: name.startsWith("a") ? name.slice(1).split("") : [],
    notices: []
  }
  const proof = Proof.rule("CERT-70", name, name.startsWith("a"))
  const opinion: Opinion = {
    _tag: name.startsWith("a") ? "Accepts" : name.startsWith("r") ? "Refuses" : "Abstains",
    verdict,
    proof
  }
  return { description: name, judge: () => Effect.succeed(opinion) }
}
/** The same, and a first use binds three addresses. */
const leaping: Combine.Lookup = (single) => {
  if (single._tag !== "FirstUse") return lookup(single)
  const { judge } = lookup({ _tag: "Custom", name: "axyz" })
  return {
    description: null,
    judge: (of, heard) =>
      Effect.map(judge(of, heard), (said) =>
        said._tag === "Accepts"
          ? { ...said, leap: { addresses: ["x", "y", "z"], unvouched: said.verdict, conflicting: () => said.verdict } }
          : said)
  }
}
const peer = Effect.runPromise(Effect.flatMap(make(), (party) => peerOf(party)))
const evaluate = async (combination: TrustModel.Combination, of?: Peer): Promise<Opinion> =>
  Effect.runPromise(Combine.evaluate(combination, of ?? await peer, lookup))
const { allOf, anyOf, custom } = TrustModel
const names = fc.constantFrom("axy", "axz", "ax", "r1", "r!2", "o1", "o2").map(custom)
const combinations = fc.letrec<{ tree: TrustModel.Combination }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    names,
    fc.array(tie("tree"), { maxLength: 4 }).map((each) => anyOf(...each)),
    fc.array(tie("tree"), { maxLength: 4 }).map((each) => allOf(...each))
  )
})).tree

/** What a combination should say, in three words and a set, without proofs. */
const meaning = (of: TrustModel.Combination): ReadonlySet<string> | undefined => {
  if (!TrustModel.isSeveral(of)) {
    const name = of._tag === "Custom" ? of.name : ""
    return name.startsWith("a") ? new Set(name.slice(1)) : undefined
  }
  const each = of.models.map(meaning)
  if (of._tag === "AnyOf") return each.find((one) => one !== undefined)
  const sets = each.filter((one) => one !== undefined)
  const [first, ...rest] = sets
  if (first === undefined || sets.length < each.length) return undefined
  const common = new Set([...first].filter((each) => rest.every((one) => one.has(each))))
  return common.size === 0 ? undefined : common
}

describe("combinations", () => {
  it("CERT-70 accept exactly what their parts say, and grant no more", async () => {
    await fc.assert(
      fc.asyncProperty(combinations, async (combination) => {
        const opinion = await evaluate(combination)
        const expected = meaning(combination)
        expect(opinion._tag === "Accepts").toBe(expected !== undefined)
        expect(new Set(opinion.verdict?.authorised)).toEqual(expected ?? new Set())
      }),
      { numRuns: 1000 }
    )
  })

  it("CERT-30 explain themselves: every proof is sound and holds exactly when they accept", async () => {
    await fc.assert(
      fc.asyncProperty(combinations, async (combination) => {
        const { _tag, proof } = await evaluate(combination)
        expect(Proof.isSound(proof)).toBe(true)
        expect(proof.holds).toBe(_tag === "Accepts")
      }),
      { numRuns: 500 }
    )
  })

  it("CERT-104 without parts accept nobody", async () => {
    expect((await evaluate(anyOf()))._tag).toBe("Abstains")
    expect((await evaluate(allOf()))._tag).toBe("Abstains")
    expect((await evaluate(allOf(anyOf())))._tag).toBe("Abstains")
  })

  it("CERT-85 tell of a changed key before anything else, and note one that is overridden", async () => {
    expect((await evaluate(anyOf(custom("r1"), custom("o1"), custom("r!2")))).verdict?.code).toBe("pinMismatch")
    expect((await evaluate(allOf(custom("o1"), custom("ax"), custom("r!2")))).verdict?.code).toBe("pinMismatch")
    expect((await evaluate(allOf(custom("o1"), custom("r1"))))._tag).toBe("Refuses")
    const overridden = await evaluate(anyOf(custom("r!2"), custom("ax")))
    expect(overridden._tag).toBe("Accepts")
    expect(overridden.verdict?.notices).toEqual(["pinOverridden: Because of r!2."])
  })

  it("CERT-86 think of a first use only when nothing is known against the peer", async () => {
    const asked: Array<string> = []
    const watching: Combine.Lookup = (single) => {
      asked.push(single._tag)
      return lookup(single)
    }
    const of = await peer
    for (const before of ["o1", "r1"]) {
      for (const leap of [TrustModel.firstUse, allOf<TrustModel.Model>(TrustModel.firstUse, custom("ax"))]) {
        asked.length = 0
        await Effect.runPromise(Combine.evaluate(anyOf<TrustModel.Model>(custom(before), leap), of, watching))
        expect([before, asked.includes("FirstUse")]).toEqual([before, before === "o1"])
      }
    }
  })

  it("CERT-86 hear of what is known against the peer behind somebody who abstains", async () => {
    const asked: Array<string> = []
    const watching: Combine.Lookup = (single) => {
      asked.push(single._tag === "Custom" ? single.name : single._tag)
      return lookup(single)
    }
    const of = await peer
    const both = allOf<TrustModel.Model>(custom("o1"), TrustModel.firstUse, custom("r!2"), custom("r1"))
    const opinion = await Effect.runPromise(
      Combine.evaluate(anyOf<TrustModel.Model>(both, TrustModel.firstUse), of, watching)
    )
    expect(opinion.verdict?.code).toBe("pinMismatch")
    expect(asked).toEqual(["o1", "FirstUse", "r!2", "r1"])
  })

  it("CERT-88 bind in a first use what is granted, and no more", async () => {
    const parts = [custom("axy"), TrustModel.firstUse, custom("ayz")]
    const opinion = await Effect.runPromise(
      Combine.evaluate(allOf<TrustModel.Model>(...parts), await peer, leaping)
    )
    expect(opinion).toMatchObject({ _tag: "Accepts", verdict: { authorised: ["y"] }, leap: { addresses: ["y"] } })
  })

  it("CERT-86 make no leap before the others have spoken, wherever it stands", async () => {
    const leap = TrustModel.firstUse
    const cases: ReadonlyArray<readonly [TrustModel.Combination, string]> = [
      [anyOf<TrustModel.Model>(leap, custom("o1")), "leaps"],
      [anyOf<TrustModel.Model>(leap, custom("r!2")), "Refuses"],
      [anyOf<TrustModel.Model>(leap, custom("r!2"), custom("ax")), "Accepts"],
      [anyOf<TrustModel.Model>(leap, custom("ax")), "Accepts"],
      [anyOf<TrustModel.Model>(allOf<TrustModel.Model>(leap, custom("axz")), custom("r1")), "Refuses"],
      [
        anyOf<TrustModel.Model>(
          allOf<TrustModel.Model>(custom("o1"), anyOf<TrustModel.Model>(custom("r1"), leap)),
          leap
        ),
        "Refuses"
      ]
    ]
    for (const [combination, expected] of cases) {
      const opinion = await Effect.runPromise(Combine.evaluate(combination, await peer, leaping))
      expect(opinion._tag === "Accepts" && opinion.leap !== undefined ? "leaps" : opinion._tag).toBe(expected)
      expect(Proof.isSound(opinion.proof)).toBe(true)
      expect(opinion.proof.holds).toBe(opinion._tag === "Accepts")
    }
  })

  it("CERT-70 are plain data that describe themselves", () => {
    const combination = anyOf<TrustModel.Model>(
      TrustModel.pin,
      allOf<TrustModel.Model>(TrustModel.authority, custom("ax"))
    )
    expect(JSON.parse(JSON.stringify(combination))).toEqual(combination)
    expect(Combine.describe(combination, lookup)).toEqual({
      AnyOf: [{ Pin: "Pin" }, { AllOf: [{ Authority: "Authority" }, { Custom: "ax" }] }]
    })
  })
})
