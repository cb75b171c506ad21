/**
 * A certificate as a tree of values that can be put together again, wrong. Extensions are looked into as well: an OCTET STRING
 * that holds values is a branch.
 */
import { concat } from "../../src/internal/bytes.ts"
import { value } from "../../src/internal/encode.ts"

export interface Branch {
  readonly tag: number
  /** Octets, or the values that they are. */
  readonly content: Uint8Array | ReadonlyArray<Branch>
  /** The octets that stand in place of the tag, the length and the content. */
  readonly instead?: Uint8Array
}

/** `undefined` when the octets are not values and nothing but values, with lengths of up to three octets. */
export const parse = (octets: Uint8Array): ReadonlyArray<Branch> | undefined => {
  const branches: Array<Branch> = []
  for (let at = 0; at < octets.length;) {
    const [tag = 0, first = 0x80] = octets.subarray(at)
    const count = first < 0x80 ? 0 : first & 0x7f
    const from = at + 2 + count
    const size = first < 0x80 ? first : octets.subarray(at + 2, from).reduce((sum, each) => sum * 256 + each, 0)
    if ((first >= 0x80 && (count === 0 || count > 3)) || from + size > octets.length) return undefined
    const content = octets.subarray(from, from + size)
    const mayBranch = (tag & 0x20) !== 0 || tag === 0x04
    branches.push({ tag, content: (mayBranch && size > 0 ? parse(content) : undefined) ?? content })
    at = from + size
  }
  return branches
}

export const write = ({ content, instead, tag }: Branch): Uint8Array =>
  instead ?? value(tag, contentOf({ tag, content }))

export const contentOf = ({ content }: Branch): Uint8Array =>
  content instanceof Uint8Array ? content : concat(content.map(write))

/** Every branch below and including this one, each with the way to it. */
export const paths = (branch: Branch, way: ReadonlyArray<number> = []): ReadonlyArray<ReadonlyArray<number>> => [
  way,
  ...branch.content instanceof Uint8Array ? [] : branch.content.flatMap((each, at) => paths(each, [...way, at]))
]

export const at = (branch: Branch, [first, ...rest]: ReadonlyArray<number>): Branch => {
  const next = first === undefined || branch.content instanceof Uint8Array ? undefined : branch.content[first]
  return next === undefined ? branch : at(next, rest)
}

/** Other branches, any number of them, in place of the one that the way leads to. */
export const replace = (
  branch: Branch,
  [first, ...rest]: ReadonlyArray<number>,
  others: ReadonlyArray<Branch>
): Branch => {
  const { content, tag } = branch
  if (first === undefined || content instanceof Uint8Array) return others[0] ?? branch
  return {
    tag,
    content: content.flatMap((each, place) =>
      place !== first ? [each] : rest.length === 0 ? others : [replace(each, rest, others)]
    )
  }
}
