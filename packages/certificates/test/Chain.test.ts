import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import * as Chain from "../src/Chain.ts"
import * as Answers from "../src/internal/answers.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as Proof from "../src/Proof.ts"
import { authority, commonName, dns, make, now, type Party, xmppAddr } from "./making.ts"
import * as Revoking from "./revoking.ts"

const hour = 3_600_000
const purpose = { peer: "server", policy: "either" } as const
const reference = { _tag: "Dns", host: "pumps.example" } as const
const ders = (parties: ReadonlyArray<Party>) => parties.map(({ der }) => der)
const copies = (chain: ReadonlyArray<Uint8Array>) => chain.map((each) => each.slice())

/** Two generations of an authority, so that time decides which path there is, if any. */
const generations = Effect.gen(function*() {
  const root = yield* authority("Root")
  const pair = yield* Keys.generate("p256")
  const dates = (from: number, to: number) => ({ notBefore: now + from * hour, notAfter: now + to * hour })
  const old = yield* authority("Middle", { issuer: root, pair, ...dates(-6, 2) })
  const fresh = yield* authority("Middle", { issuer: root, pair, ...dates(3, 9) })
  const names = [dns("pumps.example")]
  const subject = commonName("pumps")
  const leaf = yield* make({ issuer: old, subject, names, extKeyUsage: [oids.clientAuth], ...dates(-3, 6) })
  const others = [old, fresh]
  const moments = [leaf, ...others].flatMap(({ certificate: { notAfter, notBefore } }) => [
    notBefore,
    notAfter,
    notAfter + 1000
  ])
  return { root, old, fresh, leaf, moments }
})

/** What can be compared of an answer, its proof included. */
const plain = (answer: Chain.Answer): object => {
  const proof = answer.explain()
  expect(Proof.isSound(proof)).toBe(true)
  expect(proof.holds).toBe(answer._tag === "Accepted")
  if (answer._tag === "Refused") return { ...answer, explain: proof }
  return { _tag: answer._tag, path: answer.path, anchor: answer.anchor, notices: answer.notices, explain: proof }
}

describe("a validator", () => {
  it.effect("CERT-40 CERT-105 that remembers answers like one that does not, whatever is asked, at any time", () =>
    Effect.gen(function*() {
      const { fresh, leaf, moments, old, root } = yield* generations
      const options = { anchors: [root.der] }
      const question = fc.record({
        chain: fc.shuffledSubarray([old, fresh]).map((each) => ders([leaf, ...each])),
        now: fc.constantFrom(...moments).chain((each) => fc.constantFrom(-1, 0, 1).map((more) => each + more)),
        purpose: fc.record({
          peer: fc.constantFrom("server" as const, "client" as const),
          policy: fc.constantFrom("strict" as const, "either" as const)
        }),
        reference: fc.constantFrom(reference, { _tag: "Dns" as const, host: "valves.example" })
      })
      const seen = new Set<string>()
      const property = fc.asyncProperty(fc.array(question, { minLength: 2, maxLength: 12 }), async (questions) => {
        const remembering = await Effect.runPromise(Chain.validator(options))
        for (const each of questions) {
          const answer = await Effect.runPromise(remembering.validate(each))
          const alone = await Effect.runPromise(Chain.validate({ ...options, ...each }))
          expect(plain(answer)).toEqual(plain(alone))
          seen.add(answer._tag === "Accepted" ? answer._tag : answer.code)
        }
      })
      yield* Effect.promise(() => fc.assert(property, { numRuns: 60 }))
      assert.includeMembers([...seen], ["Accepted", "expired", "notYetValid", "purpose", "identityMismatch"])
    }))

  it.effect("CERT-43 crosses every date: one generation, none, the next, and the end", () =>
    Effect.gen(function*() {
      const { fresh, leaf, old, root } = yield* generations
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const codeAt = (hours: number, more = 0) =>
        validate({ chain: ders([leaf, fresh, old]), purpose, now: now + hours * hour + more }).pipe(
          Effect.map((answer) => answer._tag === "Refused" ? answer.code : answer.path[1]?.serial)
        )
      const [first, second] = [old.certificate.serial, fresh.certificate.serial]
      const codes: Array<string | undefined> = []
      for (const at of [-4, -3, 0, 2, 2.5, 3, 6, 7, 0, 3]) codes.push(yield* codeAt(at))
      assert.deepStrictEqual(codes.slice(0, 4), ["notYetValid", first, first, first])
      assert.include(["expired", "notYetValid"], codes[4])
      assert.deepStrictEqual(codes.slice(5), [second, second, "expired", first, second])
      assert.strictEqual(yield* codeAt(2, 999), first, "the last second counts to its end")
      assert.notStrictEqual(yield* codeAt(2, 1000), first)
    }))

  it.effect("CERT-105 asks the clock when it is told no time", () =>
    Effect.gen(function*() {
      const { leaf, old, root } = yield* generations
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const tags: Array<string> = []
      for (const at of [0, 5, 0]) {
        yield* TestClock.setTime(now + at * hour)
        tags.push((yield* validate({ chain: ders([leaf, old]), purpose }))._tag)
      }
      assert.deepStrictEqual(tags, ["Accepted", "Refused", "Accepted"])
    }))
})

describe("octets", () => {
  it.effect("CERT-30 belong to whoever asks: what becomes of them afterwards changes no answer", () =>
    Effect.gen(function*() {
      const { leaf, old, root } = yield* generations
      const anchors = [root.der.slice()]
      const intermediates = [old.der.slice()]
      const { validate } = yield* Chain.validator({ anchors, intermediates })
      const chain = copies(ders([leaf]))
      // The octets change while the question is being answered, before its proof is made.
      const asked = Effect.runPromise(validate({ chain, purpose, now }))
      for (const each of [...chain, ...anchors, ...intermediates]) each.fill(0)
      const answer = yield* Effect.promise(() => asked)
      assert.strictEqual(answer._tag, "Accepted")
      assert.isTrue(answer.explain().holds)
      assert.deepInclude(yield* validate({ chain, purpose, now }), { _tag: "Refused", code: "malformed" })
      assert.strictEqual((yield* validate({ chain: ders([leaf]), purpose, now }))._tag, "Accepted")
      const sibling = yield* make({ issuer: old, subject: commonName("other") })
      assert.strictEqual((yield* validate({ chain: ders([sibling]), purpose, now }))._tag, "Accepted")
    }))

  it.effect("CERT-50 of a staple too belong to whoever asks", () =>
    Effect.gen(function*() {
      const { leaf, old, root } = yield* generations
      const { validate } = yield* Chain.validator({
        anchors: [root.der],
        revocation: "hard",
        crls: [
          yield* Revoking.crlBytes(root)
        ]
      })
      const good = yield* Revoking.ocsp(old, { about: [{ certificate: leaf.certificate, answer: "good" }] })
      const ocspStaple = good.slice()
      const ask = validate({ chain: ders([leaf, old]), purpose, now, ocspStaple })
      assert.strictEqual((yield* ask)._tag, "Accepted")
      // An octet of the responder's signed answer, far from the end: the signature does not hold any more.
      ocspStaple.set([(ocspStaple[40] ?? 0) ^ 1], 40)
      assert.deepInclude(yield* ask, { _tag: "Refused", code: "revocationUnknown" })
    }))
})

describe("questions that cannot be answered with yes", () => {
  it.effect("CERT-23 without a leaf that can be read there is none, whatever comes with it", () =>
    Effect.gen(function*() {
      const { leaf, old, root } = yield* generations
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const octets = fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(leaf.der.length - 1).map((size) => leaf.der.subarray(0, size))
      )
      const property = fc.asyncProperty(octets, async (first) => {
        const chain = [first, ...ders([leaf, old])]
        const answer = await Effect.runPromise(validate({ chain, purpose, now, reference }))
        expect(answer).toMatchObject({ _tag: "Refused", code: "malformed" })
        if (answer._tag === "Refused") expect(answer.rule).toMatch(/^CERT-2[0-3]$/)
        expect(plain(answer)).toHaveProperty("explain.holds", false)
      })
      yield* Effect.promise(() => fc.assert(property, { numRuns: 100 }))
      assert.deepInclude(yield* validate({ chain: [], purpose, now }), { _tag: "Refused", code: "malformed" })
    }))

  it.effect("CERT-40 junk among the others is left out", () =>
    Effect.gen(function*() {
      const { leaf, old, root } = yield* generations
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const junk = fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constant(leaf.der), fc.constant(root.der)), {
        maxLength: 20
      })
      const property = fc.asyncProperty(junk, junk, async (before, after) => {
        const answer = await Effect.runPromise(
          validate({ chain: [leaf.der, ...before, old.der, ...after], purpose, now, reference })
        )
        expect(answer._tag).toBe("Accepted")
      })
      yield* Effect.promise(() => fc.assert(property, { numRuns: 60 }))
    }))

  it.effect("CERT-62 CERT-70 a name that is not there is told from no name at all", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const [named, nameless] = [
        yield* make({ issuer: root, names: [dns("valves.example")] }),
        yield* make({ issuer: root, names: [xmppAddr("a@b")] })
      ]
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const ask = (party: Party) => validate({ chain: [party.der], purpose, now, reference })
      const mismatch = yield* ask(named)
      assert.deepInclude(mismatch, { _tag: "Refused", code: "identityMismatch", rule: "CERT-70" })
      assert.include(mismatch._tag === "Refused" ? mismatch.detail : "", "pumps.example")
      assert.deepInclude(yield* ask(nameless), { _tag: "Refused", code: "noIdentity" })
      assert.strictEqual((yield* validate({ chain: [nameless.der], purpose, now }))._tag, "Accepted")
    }))
})

describe("what is remembered", () => {
  const key = (...octets: ReadonlyArray<number>): Answers.Key => ({ parts: [Uint8Array.from(octets)], rest: "" })
  const big = (size: number, at: number): Answers.Key => {
    const part = new Uint8Array(size)
    new DataView(part.buffer).setUint32(size - 4, at)
    return { parts: [part], rest: "" }
  }
  const forever = { from: 0, until: Number.POSITIVE_INFINITY }

  it("CERT-40 is bounded, in answers and in octets; what was asked for last stays", () => {
    const few = Answers.make<number>()
    const keys = Array.from({ length: 2000 }, (_, at) => big(8, at))
    const [first] = keys
    assert.isDefined(first)
    for (const [at, each] of keys.entries()) {
      few.put({ key: each, answer: at, ...forever })
      expect(few.get(first, 1)).toBe(0)
    }
    const kept = keys.flatMap((each) => few.get(each, 1) ?? [])
    expect(kept.length).toBeGreaterThan(100)
    expect(kept.length).toBeLessThanOrEqual(512)
    expect(kept.at(-1)).toBe(1999)

    const large = Answers.make<number>()
    const heavy = Array.from({ length: 100 }, (_, at) => big(100_000, at))
    for (const [at, each] of heavy.entries()) large.put({ key: each, answer: at, ...forever })
    const octets = heavy.filter((each) => large.get(each, 1) !== undefined).length * 100_000
    expect(octets).toBeGreaterThan(1_000_000)
    expect(octets).toBeLessThanOrEqual(4 << 20)
    large.put({ key: big(1 << 20, 7), answer: 7, ...forever })
    expect(large.get(big(1 << 20, 7), 1)).toBeUndefined()
  })

  it("CERT-105 holds from its moment on, until something changes", () => {
    fc.assert(fc.property(fc.nat(20), fc.nat(20), fc.nat(20), (from, until, at) => {
      const answers = Answers.make<string>()
      answers.put({ key: key(1), answer: "yes", from, until })
      expect(answers.get(key(1), at)).toBe(at >= from && at < until ? "yes" : undefined)
    }))
  })

  it("CERT-30 belongs to these octets alone, whatever they are cut into and whatever else was asked", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3, max: 1 }), { maxLength: 3 })
    const keys = fc.record({ parts, rest: fc.constantFrom("server", "client") })
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 20 }), keys, (put, asked) => {
        const answers = Answers.make<string>()
        for (const each of put) answers.put({ key: each, answer: JSON.stringify(each), ...forever })
        const found = answers.get(asked, 1)
        expect([undefined, JSON.stringify(asked)]).toContain(found)
      }),
      { numRuns: 1000 }
    )
  })

  it.effect("CERT-40 leaves the answers right when many more chains come than it holds", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const { validate } = yield* Chain.validator({ anchors: [root.der] })
      const good = yield* make({ issuer: root, names: [dns("pumps.example")] })
      const ask = (der: Uint8Array) =>
        Effect.map(validate({ chain: [good.der, der], purpose, now }), ({ _tag }) => _tag)
      for (let at = 0; at < 700; at++) {
        assert.strictEqual(yield* ask(Uint8Array.of(at >> 8, at & 255)), "Accepted")
      }
      const forged = good.der.map((each, at) => at === good.der.length - 1 ? each ^ 1 : each)
      assert.strictEqual((yield* validate({ chain: [forged], purpose, now }))._tag, "Refused")
      assert.strictEqual(yield* ask(Uint8Array.of(0, 0)), "Accepted")
    }))
})
