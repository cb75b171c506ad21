/**
 * What stands around a line: other certificates that lead nowhere, twins, loops, and disorder. None of it makes a broken
 * line good, and none of it may make a good one look broken.
 */
import { now, year } from "../making.ts"
import type { Draft } from "./draft.ts"
import type { Pool } from "./keys.ts"
import { authorityKey, basicConstraints, keyUsage, type Line, nameOf, spareKey, subjectKey } from "./line.ts"

export interface Shaped {
  readonly line: Line
  readonly anchors: ReadonlyArray<Draft>
  /** Besides those of the line. */
  readonly others: ReadonlyArray<Draft>
}

export interface Shape {
  readonly name: string
  /** How many certificates there must be between the anchor and the leaf. */
  readonly issuersMin: number
  /** How many of them it adds to those that the way needs. */
  readonly issuersMore?: number
  /** What another path than the line may be refused for, when it got as far as the line. */
  readonly codes?: ReadonlyArray<string>
  /** What the line itself must be like, before it is broken. */
  readonly prepare?: (line: Line) => Line
  readonly surround: (line: Line) => Shaped
}

const anchorOf = ({ drafts }: Line): ReadonlyArray<Draft> => drafts.slice(0, 1)

const alone = (line: Line): Shaped => ({ line, anchors: anchorOf(line), others: [] })

/** An authority that nobody trusts. */
const stranger = (pool: Pool, name = nameOf("Chains", "Stranger")): Draft => {
  const key = spareKey(pool, 0)
  return {
    subject: name,
    issuer: name,
    key,
    signedBy: key,
    isSha1: false,
    version: 3,
    serial: 77,
    notBefore: now - year,
    notAfter: now + 9 * year,
    extensions: [basicConstraints(true), keyUsage(5, 6), subjectKey(key)],
    spoilt: {}
  }
}

/** The same name and key, certified by somebody else. */
const certifiedBy = (draft: Draft, other: Draft, serial: number): Draft => ({
  ...draft,
  serial,
  issuer: other.subject,
  signedBy: other.key,
  isSha1: false,
  extensions: [basicConstraints(true), keyUsage(5, 6), subjectKey(draft.key), authorityKey(other.key)],
  spoilt: {}
})

const at = (line: Line, place: number): Draft => {
  const draft = line.drafts[place]
  if (draft === undefined) throw new Error("the line is too short for this shape")
  return draft
}

export const shapes: ReadonlyArray<Shape> = [
  { name: "plain", issuersMin: 0, surround: alone },
  {
    name: "extras",
    issuersMin: 0,
    surround: (line) => {
      const root = stranger(line.pool)
      const below = certifiedBy(
        { ...root, subject: nameOf("Chains", "Unrelated"), key: spareKey(line.pool, 1) },
        root,
        78
      )
      return { line, anchors: [root, ...anchorOf(line)].toReversed(), others: [root, below, at(line, 0), root] }
    }
  },
  {
    name: "cross-signed by a stranger",
    issuersMin: 1,
    surround: (line) => {
      const root = stranger(line.pool)
      return { line, anchors: anchorOf(line), others: [certifiedBy(at(line, 1), root, 79), root] }
    }
  },
  {
    name: "cross-signed below a second anchor that is not there",
    issuersMin: 0,
    surround: (line) => ({
      line,
      anchors: anchorOf(line),
      others: [certifiedBy(at(line, 0), stranger(line.pool), 80)]
    })
  },
  {
    name: "an expired certificate for the same authority",
    codes: ["expired"],
    issuersMin: 1,
    surround: (line) => ({
      line,
      anchors: anchorOf(line),
      others: [{ ...certifiedBy(at(line, 1), at(line, 0), 81), notAfter: now - 1000 }]
    })
  },
  {
    name: "a loop of two authorities",
    issuersMin: 1,
    surround: (line) => {
      const first = at(line, 1)
      const ring = certifiedBy({ ...first, subject: nameOf("Chains", "Ring"), key: spareKey(line.pool, 2) }, first, 82)
      return { line, anchors: anchorOf(line), others: [ring, certifiedBy(first, ring, 83)] }
    }
  },
  {
    name: "a twin with the name of an issuer",
    issuersMin: 1,
    surround: (line) => ({ line, anchors: anchorOf(line), others: [stranger(line.pool, at(line, 1).subject)] })
  },
  {
    name: "a twin with the name of the anchor, trusted as well",
    issuersMin: 0,
    surround: (line) => ({
      line,
      anchors: [stranger(line.pool, at(line, 0).subject), ...anchorOf(line)],
      others: []
    })
  },
  {
    name: "an anchor that others certified",
    issuersMin: 0,
    surround: (line) => {
      const [anchor] = anchorOf(line)
      return { line, anchors: anchor === undefined ? [] : [certifiedBy(anchor, stranger(line.pool), 84)], others: [] }
    }
  },
  {
    name: "an authority that renewed its own key",
    // Its older certificate has the name as well, and did not sign.
    codes: ["badSignature"],
    issuersMin: 2,
    issuersMore: 1,
    prepare: (line) => {
      const { subject } = at(line, 1)
      const drafts = line.drafts.map((draft, place) =>
        place === 2 ? { ...draft, subject, issuer: subject } : place === 3 ? { ...draft, issuer: subject } : draft
      )
      return { ...line, drafts }
    },
    surround: alone
  }
]
