/**
 * What a verdict rests on, put in order for eyes: the chain from the peer's certificate to the anchor, the rules that were
 * broken before those that were kept. No elements; those are in `evidenceView.ts`.
 */
import type { Verdict } from "@xmpp-e2e/protocol"

/** @internal A certificate of the chain, and what was found of it; nothing where nobody got so far. */
export interface Link {
  readonly facts: Verdict.CertificateFacts
  readonly claim?: Verdict.Claim
}

/**
 * @internal The path that decided, the peer's own certificate first; where the search ended early, what the peer sent is
 * followed by its names. Without a path, everything that was sent.
 */
export const chain = ({ certificates, proof }: Verdict.Evidence, rule: string): ReadonlyArray<Link> => {
  const paths = all(proof).filter(({ about }) => about === "path")
  const path = paths.find(({ holds }) => holds) ??
    paths.find((each) => broken(each).some((one) => one.rule === rule)) ??
    paths[0]
  const links: Array<Link> = (path?.reasons ?? []).toReversed().flatMap((claim): ReadonlyArray<Link> => {
    const facts = certificates[claim.certificate ?? -1]
    return facts === undefined ? [] : [{ facts, claim }]
  })
  if (links.length === 0) return certificates.filter(({ sent }) => sent).map((facts) => ({ facts }))
  const rest = new Set(certificates.slice(0, certificatesMax))
  for (let last = links.at(-1)?.facts; last !== undefined && last.subject !== last.issuer;) {
    for (const { facts } of links) rest.delete(facts)
    const { issuer } = last
    last = [...rest].find(({ subject }) => subject === issuer)
    if (last !== undefined) links.push({ facts: last })
  }
  return links
}

const certificatesMax = 32

/** @internal The rules that were broken; those of the requirement that decided first. */
export const broken = (claim: Verdict.Claim, decided = ""): ReadonlyArray<Verdict.Claim> => {
  const found: Array<Verdict.Claim> = []
  const work = [claim]
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (one.holds) continue
    if (one.reasons.length === 0) found.push(one)
    else work.push(...one.reasons.toReversed())
  }
  return found.toSorted((one, other) => Number(other.rule === decided) - Number(one.rule === decided))
}

/** @internal What does not hold before what does. */
export const ordered = (claims: ReadonlyArray<Verdict.Claim>): ReadonlyArray<Verdict.Claim> =>
  claims.toSorted((one, other) => Number(one.holds) - Number(other.holds))

/** @internal How many rules were kept. */
export const kept = (claim: Verdict.Claim): number =>
  all(claim).filter(({ holds, reasons }) => holds && reasons.length === 0).length

/** @internal A claim in words; where a redacted recording has none, what its rule asks. */
export const told = ({ about, found, rule = "", source = "", words }: Verdict.Claim): Told => {
  const finding = found === undefined || isHidden(found) ? {} : { found }
  return isHidden(words)
    ? { words: asks.get(`${rule} ${source}`) ?? asks.get(rule) ?? abouts[about] }
    : { words, ...finding }
}

interface Told {
  readonly words: string
  readonly found?: string
}

/** @internal A text that redaction has taken away. */
export const isHidden = (text: string): boolean => /^x{4,}$/.test(text)

const all = (claim: Verdict.Claim): ReadonlyArray<Verdict.Claim> => {
  const found: Array<Verdict.Claim> = []
  const work = [claim]
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    found.push(one)
    work.push(...one.reasons.toReversed())
  }
  return found
}

const abouts: Readonly<Record<Verdict.Claim["about"], string>> = {
  verdict: "The peer is believed",
  combination: "Ways of trusting, taken together",
  model: "A way of trusting vouches for the peer",
  path: "A path to an authority is good",
  certificate: "A certificate of the path is good",
  rule: "A rule is kept"
}

/** The requirement, and where one has several parts, its source. */
const asks: ReadonlyMap<string, string> = new Map([
  ["CERT-09", "It names an address that discovery claims for the peer"],
  ["CERT-20", "It can be read"],
  ["CERT-30", "It and its path keep RFC 5280 §6.1"],
  ["CERT-30 RFC 5280 §6.1.3 (a)(1), (4)", "Its issuer has signed it"],
  ["CERT-30 RFC 5280 §6.1.3 (a)(2)", "It is within its dates"],
  ["CERT-30 RFC 5280 §6.1.3 (b), (c)", "Its names are allowed by the authorities above"],
  ["CERT-30 RFC 5280 §6.1.4 (l)", "The path is no longer than the authorities above allow"],
  ["CERT-30 RFC 5280 §6.1.4 (o), §6.1.5 (f)", "It has no critical extension that is not understood"],
  ["CERT-31", "It is not that of an authority"],
  ["CERT-32", "It names its subject"],
  ["CERT-33", "Its key may sign certificates"],
  ["CERT-34", "It is that of an authority"],
  ["CERT-35", "The algorithm of its signature cannot be forged"],
  ["CERT-38", "Its key is strong enough"],
  ["CERT-42", "It is an anchor"],
  ["CERT-50", "Nothing of the path is revoked"],
  ["CERT-55", "Its key may sign in TLS"],
  ["CERT-56", "It is made for this purpose"],
  ["CERT-70", "It names the peer that was wanted"],
  ["CERT-83", "It is the one pinned to the peer"],
  ["CERT-85", "It is not another than the pinned one"],
  ["CERT-86", "A first use may be thought of"],
  ["CERT-87", "A stranger is welcome"],
  ["CERT-88", "There are addresses to bind it to"],
  ["CERT-89", "A pinned certificate is within its dates"],
  ["CERT-91", "It is the one that was announced"],
  ["CERT-104", "The judge can do its work"]
])
