/**
 * Ways to spoil a certificate or a chain without knowing what they mean: octets, values of DER, and certificates that are
 * missing, doubled or elsewhere.
 */
import { concat } from "../../src/internal/bytes.ts"
import { remembered } from "../../src/internal/remembered.ts"
import type { Random } from "../chains/random.ts"
import { at, type Branch, contentOf, parse, paths, replace, write } from "./tree.ts"

export interface Presented {
  readonly leaf: Uint8Array
  readonly untrusted: ReadonlyArray<Uint8Array>
}

type OctetsEdit = (octets: Uint8Array, random: Random) => Uint8Array

const splice = (octets: Uint8Array, from: number, count: number, ...others: ReadonlyArray<Uint8Array>): Uint8Array =>
  concat([octets.subarray(0, from), ...others, octets.subarray(from + count)])

const some = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => random.chance(0.3) ? random.pick(telling) : random.below(256))

const octetEdits: ReadonlyArray<OctetsEdit> = [
  // One bit.
  (octets, random) => {
    const place = random.below(octets.length)
    return octets.map((each, index) => index === place ? each ^ (1 << random.below(8)) : each)
  },
  // One octet or some.
  (octets, random) => splice(octets, random.below(octets.length), 1, some(random, 1)),
  (octets, random) => splice(octets, random.below(octets.length), 0, some(random, 1 + random.below(4))),
  (octets, random) => splice(octets, random.below(octets.length), 1 + random.below(4)),
  // A part of it again, elsewhere.
  (octets, random) => {
    const from = random.below(octets.length)
    return splice(octets, random.below(octets.length), 0, octets.subarray(from, from + 1 + random.below(64)))
  },
  // Cut off at either end, or more at the end.
  (octets, random) => octets.subarray(0, random.below(octets.length)),
  (octets, random) => octets.subarray(random.below(octets.length)),
  (octets, random) => concat([octets, some(random, 1 + random.below(16))]),
  (_, random) => some(random, random.below(200))
]

type BranchEdit = (branch: Branch, random: Random, whole: Branch) => ReadonlyArray<Branch>

/** A length that is not what follows, or is written in another way. */
const lengths = (branch: Branch, random: Random): Branch => {
  const content = contentOf(branch)
  const size = content.length
  const long = (octets: number): ReadonlyArray<number> => [
    0x80 | octets,
    ...Array.from({ length: octets }, (_, place) => Math.floor(size / 256 ** (octets - 1 - place)) & 0xff)
  ]
  const header = random.pick([
    [Math.max(size - 1, 0) & 0x7f],
    [(size + 1) & 0x7f],
    [0x80],
    [0xff],
    long(1),
    long(2),
    long(4),
    long(8),
    [0x84, 0xff, 0xff, 0xff, 0xff],
    [0x83, 0xff, 0xff, 0xff],
    [0x82, 0xff, 0xff]
  ])
  return { ...branch, instead: concat([Uint8Array.of(branch.tag, ...header), content]) }
}

const nested = (branch: Branch, depth: number): Branch =>
  depth === 0 ? branch : { tag: 0x30, content: [nested(branch, depth - 1)] }

const branchEdits: ReadonlyArray<BranchEdit> = [
  () => [],
  (branch) => [branch, branch],
  (branch, random) => Array.from({ length: random.below(300) }, () => branch),
  (branch, random) => [{ ...branch, tag: random.pick(tags) }],
  (branch, random) => [{ ...branch, tag: random.below(256) }],
  (branch) => [{ ...branch, content: new Uint8Array() }],
  (branch, random) => [{ ...branch, content: some(random, random.below(40)) }],
  (branch, random) => [{ ...branch, content: random.pick(octetEdits)(padded(contentOf(branch)), random) }],
  (branch, random) => [nested(branch, 1 + random.below(random.chance(0.1) ? 2000 : 40))],
  (branch) => branch.content instanceof Uint8Array ? [branch] : branch.content,
  (
    branch
  ) => [{ ...branch, content: branch.content instanceof Uint8Array ? branch.content : branch.content.toReversed() }],
  (branch, random) => [lengths(branch, random)],
  // Something from elsewhere in the certificate, in its place or beside it.
  (_, random, whole) => [at(whole, random.pick(paths(whole)))],
  (branch, random, whole) => [branch, at(whole, random.pick(paths(whole)))]
]

const padded = (octets: Uint8Array): Uint8Array => octets.length === 0 ? Uint8Array.of(0) : octets

/** The same good certificates are spoilt again and again. */
const treeOf = remembered((octets: Uint8Array) => {
  const [whole] = parse(octets) ?? []
  return whole === undefined ? undefined : { whole, ways: paths(whole) }
})

/** Of a certificate; lengths above the spoilt place are right again. */
export const mutateValues: OctetsEdit = (octets, random) => {
  const known = treeOf(octets)
  if (known === undefined) return mutateOctets(octets, random)
  const { ways, whole } = known
  const way = random.pick(ways)
  return write(replace(whole, way, random.pick(branchEdits)(at(whole, way), random, whole)))
}

export const mutateOctets: OctetsEdit = (octets, random) => random.pick(octetEdits)(padded(octets), random)

const mutateOne: OctetsEdit = (octets, random) => {
  let mutant = octets
  for (let left = 1 + random.below(random.chance(0.2) ? 4 : 1); left > 0; left--) {
    mutant = random.chance(0.6) ? mutateValues(mutant, random) : mutateOctets(mutant, random)
  }
  return mutant
}

type ChainEdit = (chain: Presented, random: Random) => Presented

const chainEdits: ReadonlyArray<ChainEdit> = [
  ({ leaf, untrusted }, random) => ({ leaf, untrusted: random.shuffle([...untrusted, ...untrusted, leaf]) }),
  ({ leaf, untrusted }, random) => ({ leaf, untrusted: untrusted.filter(() => random.chance(0.5)) }),
  ({ leaf, untrusted }, random) => ({ leaf: random.pick([leaf, ...untrusted]), untrusted: [leaf, ...untrusted] }),
  ({ leaf, untrusted }, random) => ({
    leaf,
    untrusted: random.shuffle([
      ...untrusted,
      ...Array.from({ length: random.below(20) }, () => mutateOne(random.pick([leaf, ...untrusted]), random))
    ])
  }),
  ({ leaf, untrusted }, random) => ({
    leaf,
    untrusted: Array.from({ length: random.below(60) }, () => random.pick([leaf, ...untrusted]))
  })
]

/** One certificate is spoilt, or the chain. */
export const mutate: ChainEdit = (chain, random) => {
  if (random.chance(0.1)) return random.pick(chainEdits)(chain, random)
  const victim = random.below(1 + chain.untrusted.length)
  return victim === 0
    ? { ...chain, leaf: mutateOne(chain.leaf, random) }
    : {
      ...chain,
      untrusted: chain.untrusted.map((each, place) => place === victim - 1 ? mutateOne(each, random) : each)
    }
}

/** Octets that mean something in DER. */
const telling = [
  0x00,
  0x01,
  0x02,
  0x03,
  0x04,
  0x05,
  0x06,
  0x0c,
  0x17,
  0x18,
  0x30,
  0x31,
  0x7f,
  0x80,
  0x81,
  0x82,
  0x83,
  0x84,
  0xff
]
const tags = [
  0x01,
  0x02,
  0x03,
  0x04,
  0x05,
  0x06,
  0x0c,
  0x13,
  0x16,
  0x17,
  0x18,
  0x1f,
  0x30,
  0x31,
  0x81,
  0x82,
  0xa0,
  0xa1,
  0xa3,
  0xa4,
  0xbf
]
