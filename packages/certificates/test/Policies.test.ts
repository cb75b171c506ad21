import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as oids from "../src/internal/oids.ts"
import * as Policies from "../src/Policies.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import * as PolicyTree from "./policyTree.ts"
import { unsigned } from "./unsigned.ts"

interface Spec {
  readonly policies?: ReadonlyArray<string>
  readonly mappings?: ReadonlyArray<readonly [string, string]>
  readonly requireExplicit?: number | undefined
  readonly inhibitMapping?: number | undefined
  readonly inhibitAny?: number | undefined
  readonly isSelfIssued?: boolean
}

const [a, b, c, wild] = ["1.2.3.1", "1.2.3.2", "1.2.3.3", oids.anyPolicy]

const counter = (tag: number, count: number | undefined) =>
  count === undefined ? [] : [Encode.value(tag, Encode.integer(count).subarray(2))]

const certificate = (spec: Spec) => {
  const { inhibitAny, inhibitMapping, isSelfIssued = false, mappings = [], policies = [], requireExplicit } = spec
  const constraints = [...counter(0x80, requireExplicit), ...counter(0x81, inhibitMapping)]
  const extension = (oid: string, isThere: boolean, ...parts: ReadonlyArray<Uint8Array>) =>
    isThere ? [Fabricating.extension(oid, true, Encode.sequence(...parts))] : []
  return unsigned({
    subject: Fabricating.commonName(isSelfIssued ? "Authority" : "Somebody"),
    issuer: Fabricating.commonName("Authority"),
    extensions: [
      ...extension(
        oids.certificatePolicies,
        policies.length > 0,
        ...policies.map((each) => Encode.sequence(Encode.oid(each)))
      ),
      ...extension(
        oids.policyMappings,
        mappings.length > 0,
        ...mappings.map(([issuer, subject]) => Encode.sequence(Encode.oid(issuer), Encode.oid(subject)))
      ),
      ...extension(oids.policyConstraints, constraints.length > 0, ...constraints),
      ...inhibitAny === undefined
        ? []
        : [Fabricating.extension(oids.inhibitAnyPolicy, true, Encode.integer(inhibitAny))]
    ]
  })
}

const evaluate = (path: ReadonlyArray<Spec>, inputs: Partial<Policies.Inputs> = {}) =>
  Policies.evaluate(path.map(certificate), { ...Policies.defaults, ...inputs })

/** Sorted; or where it went wrong. */
const left = (path: ReadonlyArray<Spec>, inputs: Partial<Policies.Inputs> = {}) =>
  Result.match(evaluate(path, inputs), {
    onFailure: ({ at }) => at,
    onSuccess: (policies) => policies.toSorted()
  })

const explicit = { explicit: true }

describe("what is required", () => {
  it("CERT-30 by default nothing is, and no policy is asked for", () => {
    expect(left([{}, {}])).toEqual([])
    expect(left([{ policies: [a] }, { policies: [b] }])).toEqual([])
    expect(left([{ policies: [a] }, { policies: [a] }])).toEqual([a])
    expect(left([])).toEqual([])
  })

  it("CERT-30 T43 an explicit policy is required and none asserted", () => {
    expect(left([{ requireExplicit: 0 }, {}])).toBe(1)
    expect(left([{ policies: [a], requireExplicit: 0 }, {}])).toBe(1)
    expect(left([{ policies: [a], requireExplicit: 0 }, { policies: [b] }])).toBe(1)
    expect(left([{ policies: [a], requireExplicit: 0 }, { policies: [a] }])).toEqual([a])
    expect(Result.match(evaluate([{}], explicit), { onFailure: ({ detail }) => detail, onSuccess: () => "" }))
      .toContain("CN=Somebody")
  })

  it("RFC 5280 §6.1.4 (h) (i) it counts how many more certificates may do without, self-issued ones aside", () => {
    const chain = (requireExplicit: number, middle: Spec) => left([{ policies: [a], requireExplicit }, middle, {}])
    expect(chain(2, {})).toBe(2)
    expect(chain(3, {})).toEqual([])
    expect(chain(1, { isSelfIssued: true })).toBe(2)
    expect(chain(2, { isSelfIssued: true })).toEqual([])
    expect(chain(2, { policies: [a], requireExplicit: 9 })).toBe(2)
  })

  it("RFC 5280 §6.1.5 (a) (b) the leaf counts down as well, and may require for itself", () => {
    expect(left([{ requireExplicit: 1 }, {}])).toBe(1)
    expect(left([{ requireExplicit: 2 }, {}])).toEqual([])
    expect(left([{ requireExplicit: 0 }])).toBe(0)
    expect(left([{ policies: [a], requireExplicit: 0 }])).toEqual([a])
  })

  it("RFC 5280 §6.1.1 the caller may require as well", () => {
    expect(left([{ policies: [a] }, {}], explicit)).toBe(1)
    expect(left([{}, { policies: [a] }], explicit)).toBe(0)
    expect(left([{ policies: [a, b] }, { policies: [b, c] }], explicit)).toEqual([b])
    expect(left([{ policies: [a] }], { acceptable: [b] })).toEqual([])
    expect(left([{ policies: [a] }], { ...explicit, acceptable: [b] })).toBe(0)
    expect(left([{ policies: [a, b] }], { ...explicit, acceptable: [b, c] })).toEqual([b])
    expect(left([{ policies: [wild] }], { ...explicit, acceptable: [b, c] })).toEqual([b, c])
    expect(left([{ policies: [a] }], { ...explicit, acceptable: [wild] })).toEqual([a])
  })
})

describe("anyPolicy", () => {
  it("RFC 5280 §6.1.3 (d) it stands for whatever is expected", () => {
    expect(left([{ policies: [wild] }, { policies: [wild] }], explicit)).toEqual([wild])
    expect(left([{ policies: [wild] }, { policies: [a] }], explicit)).toEqual([a])
    expect(left([{ policies: [a] }, { policies: [wild] }], explicit)).toEqual([a])
    expect(left([{ policies: [a, wild] }, { policies: [b] }], explicit)).toEqual([b])
  })

  it("RFC 5280 §4.2.1.14 it may be inhibited, from some certificate on; self-issued ones may use it still", () => {
    const chain = (inhibitAny: number, ...more: ReadonlyArray<Spec>) =>
      left([{ policies: [a], inhibitAny }, ...more], explicit)
    expect(chain(0, { policies: [wild] })).toBe(1)
    expect(chain(1, { policies: [wild] })).toEqual([a])
    expect(chain(1, { policies: [wild] }, { policies: [wild] })).toBe(2)
    expect(chain(0, { policies: [wild], isSelfIssued: true }, { policies: [a] })).toEqual([a])
    expect(chain(0, { policies: [wild], isSelfIssued: true })).toBe(1)
    expect(left([{ policies: [wild] }], { ...explicit, inhibitAny: true })).toBe(0)
  })
})

describe("mappings", () => {
  it("RFC 5280 §6.1.4 (a) anyPolicy is never mapped, whether policies are required or not", () => {
    expect(left([{ policies: [a], mappings: [[wild, a]] }, { policies: [a] }])).toBe(0)
    expect(left([{ policies: [a], mappings: [[a, wild]] }, { policies: [a] }])).toBe(0)
  })

  it("RFC 5280 §6.1.4 (b) what an authority calls a is what its subject calls b; the answer is in the authority's words", () => {
    expect(left([{ policies: [a], mappings: [[a, b]] }, { policies: [b] }], explicit)).toEqual([a])
    expect(left([{ policies: [a], mappings: [[a, b]] }, { policies: [a] }], explicit)).toBe(1)
    expect(left([{ policies: [wild], mappings: [[a, b]] }, { policies: [b] }], explicit)).toEqual([a])
    expect(left([{ policies: [a, b], mappings: [[a, c], [b, c]] }, { policies: [c] }], explicit)).toEqual([a, b])
    expect(left([{ policies: [a], mappings: [[a, b], [a, c]] }, { policies: [c] }], explicit)).toEqual([a])
  })

  it("RFC 5280 §4.2.1.11 mapping may be inhibited", () => {
    const chain = (inhibitMapping: number, isSelfIssued = false) =>
      left(
        [{ policies: [a], inhibitMapping }, { policies: [a], mappings: [[a, b]], isSelfIssued }, { policies: [b] }],
        explicit
      )
    expect(chain(0)).toBe(2)
    expect(chain(1)).toEqual([a])
    expect(chain(0, true)).toBe(2)
    expect(left([{ policies: [a], mappings: [[a, b]] }, { policies: [b] }], { ...explicit, inhibitMapping: true }))
      .toBe(1)
  })
})

describe("the graph", () => {
  const policy = fc.constantFrom(a, b, c)
  const rarely = <A>(value: fc.Arbitrary<A>) => fc.option(value, { nil: undefined, freq: 4 })
  const spec: fc.Arbitrary<Spec> = fc.record({
    policies: fc.uniqueArray(fc.oneof(policy, fc.constant(wild)), { maxLength: 4 }),
    mappings: fc.oneof(
      fc.constant([]),
      fc.array(fc.tuple(policy, policy), { maxLength: 3 }),
      fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: policy }, fc.constant(wild)), policy), { maxLength: 2 })
    ),
    requireExplicit: rarely(fc.nat(3)),
    inhibitMapping: rarely(fc.nat(2)),
    inhibitAny: rarely(fc.nat(2)),
    isSelfIssued: fc.boolean()
  })
  const inputs: fc.Arbitrary<Policies.Inputs> = fc.record({
    explicit: fc.boolean(),
    inhibitMapping: fc.boolean(),
    inhibitAny: fc.boolean(),
    acceptable: fc.oneof(fc.constant("any" as const), fc.uniqueArray(policy, { maxLength: 2 }))
  })

  it("RFC 9618 answers as the tree of RFC 5280 does", () => {
    const counts = { refused: 0, empty: 0, some: 0 }
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), inputs, (specs, wanted) => {
        const path = specs.map(certificate)
        const tree = PolicyTree.evaluate(path, wanted)
        const graph = Result.getOrUndefined(Policies.evaluate(path, wanted))
        counts[tree === undefined ? "refused" : tree.size === 0 ? "empty" : "some"] += 1
        expect(graph === undefined ? undefined : new Set(graph)).toEqual(tree)
      }),
      { numRuns: 2000 }
    )
    expect(Math.min(counts.refused, counts.empty, counts.some)).toBeGreaterThan(50)
  })

  it("RFC 9618 §3.1 does not grow where the tree doubles with each certificate", () => {
    const both = { policies: [a, b], mappings: [[a, a], [a, b], [b, a], [b, b]] } as const
    const path = Array.from({ length: 200 }, () => certificate(both))
    const start = performance.now()
    expect(Result.getOrUndefined(Policies.evaluate(path))?.toSorted()).toEqual([a, b])
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it("CERT-23 more policies than anybody has are refused", () => {
    const many = Array.from({ length: 6000 }, (_, at) => `1.2.3.${at}`)
    const one = certificate({ policies: many })
    expect(Result.match(Policies.evaluate([one, one, one]), { onFailure: ({ detail }) => detail, onSuccess: () => "" }))
      .toContain("more policies than are looked at")
  })
})
