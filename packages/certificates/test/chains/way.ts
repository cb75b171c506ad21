/**
 * One way in which a good line is changed: broken, or made odd and left good. The ways themselves are in `ways.ts`,
 * `wayNames.ts`, `wayPolicies.ts` and `wayEncodings.ts`.
 */
import type { Draft } from "./draft.ts"
import { belowAt, change, issuerAt, leafAt, type Line } from "./line.ts"
import type { Random } from "./random.ts"

export interface Way {
  readonly name: string
  /** What may be answered, as codes of verdicts; `trusted` when the line is still good. */
  readonly codes: ReadonlyArray<string>
  /** How many certificates there must be between the anchor and the leaf. */
  readonly issuersMin: number
  readonly apply: (line: Line, random: Random) => Line
}

export type Edit = (draft: Draft, random: Random) => Draft

/** What a certificate that cannot be read leads to: on the leaf, and above it. */
export const unreadable = ["malformed", "untrustedCa"]

export const way = (
  name: string,
  codes: string | ReadonlyArray<string>,
  apply: Way["apply"],
  issuersMin = 0
): Way => ({ name, codes: typeof codes === "string" ? [codes] : codes, issuersMin, apply })

export const onLeaf = (name: string, codes: string | ReadonlyArray<string>, edit: Edit): Way =>
  way(`${name} (leaf)`, codes, (line, random) => change(line, leafAt(line), (draft) => edit(draft, random)))

export const onIssuer = (name: string, codes: string | ReadonlyArray<string>, edit: Edit): Way =>
  way(
    `${name} (issuer)`,
    codes,
    (line, random) => change(line, issuerAt(line, random), (draft) => edit(draft, random)),
    1
  )

export const onAnchor = (name: string, codes: string | ReadonlyArray<string>, edit: Edit): Way =>
  way(`${name} (anchor)`, codes, (line, random) => change(line, 0, (draft) => edit(draft, random)))

/** On the leaf or on one of those above it: two ways. */
export const onBoth = (name: string, codes: string | ReadonlyArray<string>, edit: Edit): ReadonlyArray<Way> => [
  onLeaf(name, codes, edit),
  onIssuer(name, codes, edit)
]

export const onAny = (name: string, codes: string | ReadonlyArray<string>, edit: Edit): Way =>
  way(name, codes, (line, random) => change(line, belowAt(line, random), (draft) => edit(draft, random)))
