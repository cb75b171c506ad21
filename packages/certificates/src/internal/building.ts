/**
 * Who may have issued a certificate: names lead from one to the next, key identifiers say whom to try first (CERT-41).
 * What cannot lead to an anchor, and what could never stand in a good path, is not tried at all, so that the bounds on
 * work (CERT-40) are spent on what could.
 *
 * @internal
 */
import * as Certificate from "../Certificate.ts"
import { equal } from "./bytes.ts"

type Certificates = ReadonlyArray<Certificate.Certificate>

export interface Graph {
  readonly anchorsOf: (child: Certificate.Certificate) => Certificates
  readonly issuersOf: (child: Certificate.Certificate) => Certificates
}

export const graph = (intermediates: Certificates, anchors: Certificates): Graph => {
  const anchorsByName = byName(anchors)
  const distinct = intermediates.filter((each, at) =>
    intermediates.findIndex((other) => Certificate.isSame(each, other)) === at
  )
  const byNames = byName(reachable(distinct, new Set(anchorsByName.keys())))
  return {
    anchorsOf: (child) => likelyFirst(child, anchorsByName.get(child.issuer.comparable)),
    issuersOf: (child) => likelyFirst(child, byNames.get(child.issuer.comparable))
  }
}

/** Two certificates of one authority: going through both would be a loop. */
export const isSameAuthority = (one: Certificate.Certificate, other: Certificate.Certificate): boolean =>
  one.subject.comparable === other.subject.comparable && equal(one.publicKey.spki, other.publicKey.spki)

const byName = (certificates: Certificates): ReadonlyMap<string, Certificates> =>
  Map.groupBy(certificates, ({ subject }) => subject.comparable)

/** Those from which names lead to an anchor. */
const reachable = (intermediates: Certificates, anchorNames: ReadonlySet<string>): Certificates => {
  const names = new Set(anchorNames)
  let found: Certificates = []
  let rest = intermediates
  while (rest.length > 0) {
    const next = rest.filter(({ issuer }) => names.has(issuer.comparable))
    if (next.length === 0) break
    for (const { subject } of next) names.add(subject.comparable)
    found = [...found, ...next]
    rest = rest.filter((each) => !next.includes(each))
  }
  return found
}

/** The key identifiers agree; nothing is said; they differ. */
const likelyFirst = (child: Certificate.Certificate, candidates: Certificates = []): Certificates => {
  const wanted = child.extensions.authorityKey
  const unlikelihood = ({ extensions: { subjectKey } }: Certificate.Certificate): number =>
    wanted === undefined || subjectKey === undefined ? 1 : wanted === subjectKey ? 0 : 2
  return candidates.length < 2
    ? candidates
    : candidates.toSorted((one, other) => unlikelihood(one) - unlikelihood(other))
}
