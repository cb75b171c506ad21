import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import type { FaultCode } from "../src/Fault.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as Path from "../src/Path.ts"
import * as Proof from "../src/Proof.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import {
  authority,
  commonName,
  dns,
  empty,
  make,
  now,
  type Party,
  sha1Signer,
  type Spec,
  unknownExtension,
  usage,
  year
} from "./making.ts"

const questionOf = (
  leaf: Party,
  intermediates: ReadonlyArray<Party>,
  anchors: ReadonlyArray<Party>
): Path.Question => ({
  leaf: leaf.certificate,
  intermediates: intermediates.map(({ certificate }) => certificate),
  anchors: anchors.map(({ certificate }) => certificate),
  now,
  purpose: { peer: "server", policy: "strict" }
})

/** What has to hold of the proof of any answer. */
const check = (answer: Path.Answer, question: Path.Question): Proof.Proof => {
  const proof = Proof.ofPath(answer, question)
  expect(Proof.isSound(proof)).toBe(true)
  expect(proof.holds).toBe(answer._tag === "Valid")
  expect(JSON.parse(JSON.stringify(proof))).toEqual(proof)
  const paths = proof.reasons.flatMap(({ about }) => about._tag === "Path" ? [about] : [])
  const tried = [...answer._tag === "Valid" ? [answer] : [], ...answer.attempts]
  expect(paths).toEqual(tried.map(({ anchor, path }) => ({
    _tag: "Path",
    subjects: path.map(({ subject }) => subject.text),
    ...anchor === undefined ? {} : { anchor: anchor.subject.text }
  })))
  for (const [at, attempt] of answer.attempts.entries()) {
    const reason = proof.reasons[at + (answer._tag === "Valid" ? 1 : 0)]
    const { detail: found, rule } = attempt.fault
    expect(reason?.holds).toBe(false)
    expect(Proof.broken(reason ?? proof)).toContainEqual(expect.objectContaining({ rule, found, holds: false }))
  }
  if (answer._tag === "Invalid") {
    const { detail: found, rule } = answer
    expect(Proof.broken(proof)).toContainEqual(expect.objectContaining({ rule, found, holds: false }))
  } else {
    expect(Proof.broken(proof)).toEqual([])
  }
  return proof
}

const names = [dns("pumps.example")]
const limits = Fabricating.extension(
  oids.nameConstraints,
  true,
  Encode.sequence(Encode.explicit(0, Encode.sequence(dns("valves.example"))))
)
const explicit = Fabricating.extension(
  oids.policyConstraints,
  true,
  Encode.sequence(Encode.value(0x80, Uint8Array.of(0)))
)

describe("the proof of a path", () => {
  const broken: ReadonlyArray<readonly [id: string, code: FaultCode, leaf: Spec, middle: Spec]> = [
    ["CERT-30", "expired", { notAfter: now - 1000 }, {}],
    ["CERT-30", "expired", {}, { notAfter: now - 1000 }],
    ["CERT-30", "notYetValid", { notBefore: now + 1000 }, {}],
    ["CERT-34", "notACa", {}, { basicConstraints: undefined }],
    ["CERT-30", "pathLength", {}, { pathLengthMax: 0 }],
    ["CERT-33", "keyUsage", {}, { keyUsage: usage(0) }],
    ["CERT-55", "keyUsage", { keyUsage: usage(2) }, {}],
    ["CERT-56", "purpose", { extKeyUsage: [oids.clientAuth] }, {}],
    ["CERT-56", "purpose", {}, { extKeyUsage: [oids.clientAuth] }],
    ["CERT-30", "policy", {}, { more: [explicit] }],
    ["CERT-30", "nameConstraint", {}, { more: [limits] }],
    ["CERT-30", "nameConstraint", { more: [limits] }, {}],
    ["CERT-30", "unknownCritical", { more: [unknownExtension(true)] }, {}],
    ["CERT-30", "unknownCritical", {}, { more: [unknownExtension(true)] }],
    ["CERT-31", "eeIsCa", { isCa: true, keyUsage: undefined }, {}],
    ["CERT-32", "emptySubject", { subject: empty }, {}]
  ]
  it.effect.each(broken)("%s names %s among its broken rules", ([rule, code, leaf, spec]) =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root, ...spec })
      const below = spec.pathLengthMax === undefined ? [] : [yield* authority("Below", { issuer: middle })]
      const shown = yield* make({ issuer: below[0] ?? middle, subject: commonName("pumps"), names, ...leaf })
      const question = questionOf(shown, [middle, ...below], [root])
      const answer = yield* Path.find(question)
      assert.deepInclude(answer, { _tag: "Invalid", code, rule })
      check(answer, question)
    }))

  it.effect("CERT-30 CERT-35 CERT-42 CERT-82 CERT-38 names wrong and weak signatures, strangers and weak keys", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const twin = yield* authority("Root")
      const pair = yield* Keys.generate("rsa2048")
      const rsa = yield* authority("Root", { pair })
      const signer = yield* sha1Signer(pair)
      const weak = yield* weakAuthority
      const cases: ReadonlyArray<readonly [FaultCode, string, Party, ReadonlyArray<Party>]> = [
        ["badSignature", "CERT-30", yield* make({ issuer: twin, subject: commonName("leaf") }), [root]],
        ["weakSignature", "CERT-35", yield* make({ issuer: rsa, signer, subject: commonName("leaf") }), [rsa]],
        ["untrustedCa", "CERT-42", yield* make({ issuer: root }), []],
        ["selfSigned", "CERT-82", yield* make(), [root]],
        ["weakKey", "CERT-38", yield* make({ issuer: weak, subject: commonName("leaf") }), [weak]]
      ]
      for (const [code, rule, leaf, anchors] of cases) {
        const question = questionOf(leaf, [], anchors)
        const answer = yield* Path.find(question)
        assert.deepInclude(answer, { _tag: "Invalid", code, rule })
        check(answer, question)
      }
    }))

  it.effect("CERT-40 CERT-43 names the bound on work, and a fault that comes after many attempts", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const strangers: Array<Party> = []
      for (let at = 0; at < 70; at++) strangers.push(yield* authority("Middle", { issuer: root }))
      const unsigned = yield* make({ issuer: { ...root, subject: commonName("Middle") } })
      const spent = questionOf(unsigned, strangers, [root])
      const answer = yield* Path.find(spent)
      assert.deepInclude(answer, { _tag: "Invalid", rule: "CERT-40" })
      check(answer, spent)

      const expired = yield* authority("Middle", { issuer: root, notAfter: now - year / 2 })
      const leaf = yield* make({ issuer: expired, subject: commonName("leaf") })
      const late = questionOf(leaf, [...strangers.slice(0, 40), expired], [root])
      const other = yield* Path.find(late)
      assert.deepInclude(other, { _tag: "Invalid", code: "expired" })
      check(other, late)
    }))

  it.effect("CERT-30 says of each certificate of a good path which rules it keeps, from the anchor down", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      const leaf = yield* make({ issuer: middle, subject: commonName("pumps"), names })
      const question = questionOf(leaf, [middle], [root])
      const [path] = check(yield* Path.find(question), question).reasons
      const rulesOf = (at: number) => path?.reasons[at]?.reasons.map(({ rule }) => rule)
      assert.deepStrictEqual(
        path?.reasons.map(({ about }) => about._tag === "Certificate" && about.serial),
        [root, middle, leaf].map(({ certificate }) => certificate.serial)
      )
      assert.includeMembers([...rulesOf(0) ?? []], ["CERT-42", "CERT-38"])
      assert.includeMembers([...rulesOf(1) ?? []], ["CERT-30", "CERT-33", "CERT-34", "CERT-35", "CERT-38", "CERT-56"])
      assert.includeMembers([...rulesOf(2) ?? []], ["CERT-30", "CERT-31", "CERT-32", "CERT-35", "CERT-55", "CERT-56"])
      assert.notInclude(rulesOf(2) ?? [], "CERT-34")
    }))

  it.effect("CERT-43 agrees with the answer for any tangle of authorities", () =>
    Effect.gen(function*() {
      const pool = yield* tangle
      const codes = new Set<string>()
      const property = fc.asyncProperty(
        fc.constantFrom(...pool.leaves.keys()),
        fc.shuffledSubarray([...pool.authorities.keys()]),
        fc.shuffledSubarray([...pool.authorities.keys()], { maxLength: 3 }),
        async (leaf, intermediates, anchors) => {
          const pick = (each: ReadonlyArray<number>) => each.flatMap((at) => pool.authorities[at] ?? [])
          const [first] = pool.leaves
          assert.isDefined(first)
          const question = questionOf(pool.leaves[leaf] ?? first, pick(intermediates), pick(anchors))
          const answer = await Effect.runPromise(Path.find(question))
          check(answer, question)
          codes.add(answer._tag === "Valid" ? `valid after ${answer.attempts.length}` : answer.code)
        }
      )
      yield* Effect.promise(() => fc.assert(property, { numRuns: 150 }))
      assert.includeMembers([...codes], ["valid after 0", "untrustedCa", "badSignature"])
      assert.isAbove([...codes].filter((each) => /valid after [1-9]/.test(each)).length, 0)
    }))
})

/** Three names, two keys each; every one certifies every other, some of them badly. */
const tangle = Effect.gen(function*() {
  const bare = yield* authority("")
  const parties: Array<Party> = []
  for (const name of ["One", "Two", "Three"]) {
    for (const _ of [1, 2]) parties.push({ ...bare, pair: yield* Keys.generate("p256"), subject: commonName(name) })
  }
  const flaws: ReadonlyArray<Spec> = [{}, {}, { notAfter: now - 1000 }, { pathLengthMax: 0 }, {}, {
    keyUsage: usage(0)
  }]
  const authorities: Array<Party> = []
  for (const one of parties) {
    for (const issuer of parties) {
      const flaw = flaws[authorities.length % 7] ?? {}
      authorities.push(yield* authority("", { ...one, issuer, ...flaw }))
    }
  }
  const leaves: Array<Party> = []
  for (const issuer of parties) leaves.push(yield* make({ issuer, subject: commonName("leaf"), names }))
  return { authorities, leaves }
})

const weakAuthority = Effect.gen(function*() {
  const [pkcs8, spki] = yield* Effect.promise(async () => {
    const parameters = {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 1024,
      publicExponent: Uint8Array.of(1, 0, 1)
    }
    const { privateKey, publicKey } = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])
    return Promise.all([crypto.subtle.exportKey("pkcs8", privateKey), crypto.subtle.exportKey("spki", publicKey)])
  })
  const pair = { pkcs8: new Uint8Array(pkcs8), publicKey: Fabricating.publicKeyOf(new Uint8Array(spki)) }
  return yield* authority("Root", { pair })
})

describe("trees of claims", () => {
  const tree = fc.letrec<{ proof: Proof.Proof }>((tie) => ({
    proof: fc.oneof(
      { depthSize: "small" },
      fc.boolean().map((holds) => Proof.rule("CERT-30", "A rule is kept", holds)),
      fc.array(tie("proof"), { minLength: 1, maxLength: 4 }).map((each) => Proof.all({ _tag: "Verdict" }, "all", each)),
      fc.array(tie("proof"), { minLength: 1, maxLength: 4 }).map((each) => Proof.any({ _tag: "Verdict" }, "any", each))
    )
  })).proof
  const leaves = (proof: Proof.Proof): ReadonlyArray<Proof.Proof> =>
    proof.reasons.length === 0 ? [proof] : proof.reasons.flatMap(leaves)

  it("CERT-30 agree with themselves, and rest on broken rules exactly when they do not hold", () => {
    fc.assert(fc.property(tree, (proof) => {
      expect(Proof.isSound(proof)).toBe(true)
      const broken = Proof.broken(proof)
      expect(broken.length > 0).toBe(!proof.holds)
      expect(broken.every(({ holds, reasons }) => !holds && reasons.length === 0)).toBe(true)
      expect(leaves(proof)).toEqual(expect.arrayContaining([...broken]))
    }))
  })

  it("CERT-30 that were tampered with are not sound, however deep they lie", () => {
    fc.assert(fc.property(tree, tree, (proof, other) => {
      fc.pre(proof.reasons.length > 0)
      const turned = { ...proof, holds: !proof.holds }
      expect(Proof.isSound(turned)).toBe(false)
      expect(Proof.isSound(Proof.any({ _tag: "Verdict" }, "any", [other, turned]))).toBe(false)
    }))
  })
})
