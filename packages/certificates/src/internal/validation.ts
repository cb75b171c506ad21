/**
 * Walks along a path from the authority down, as RFC 5280 §6.1 does, and asks the rules of `rules.ts` at each step.
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import type { Fault, Purpose } from "../Fault.ts"
import * as NameConstraints from "../NameConstraints.ts"
import * as Policies from "../Policies.ts"
import * as Rules from "./rules.ts"

/** The peer's own certificate first; the anchor is not in it. */
export type Path = ReadonlyArray<Certificate.Certificate>

export interface Asked {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly purpose: Purpose
  readonly policies: Policies.Inputs
}

/** By default any policy will do, and none. */
export const asked = (question: Pick<Asked, "now" | "purpose"> & Partial<Asked>): Asked => ({
  now: question.now,
  purpose: question.purpose,
  policies: question.policies ?? Policies.defaults
})

/** A rule was asked. `broken` is absent when it is kept. */
export interface Finding {
  readonly certificate: Certificate.Certificate
  readonly rule: Pick<Rules.Rule, "id" | "source" | "claim">
  readonly broken?: Rules.Broken
}

/** `rank` says how many certificates below the anchor were good before the fault. */
export interface Failure {
  readonly fault: Fault
  readonly rank: number
}

type Visit = (finding: Finding) => void

/** Up to the first rule that is broken. `visit` sees each rule that was asked. */
export const walk = (
  path: Path,
  anchor: Certificate.Certificate,
  asked: Asked,
  visit: Visit = ignore
): Failure | undefined => {
  const weakness = faultOfAnchor(anchor, asked, visit)
  if (weakness !== undefined) return { fault: weakness, rank: 0 }
  let room = narrow({ maxPath: path.length, names: NameConstraints.none }, anchor)
  for (const [rank, certificate] of path.toReversed().entries()) {
    const isLeaf = rank === path.length - 1
    const fault = ask(Rules.all, certificate, isLeaf, asked, room, visit)
    if (fault !== undefined) return { fault, rank }
    room = descend(room, certificate)
  }
  return askPolicies(path, asked, visit)
}

/** The rules that need no path. */
export const alone = (
  certificate: Certificate.Certificate,
  isLeaf: boolean,
  asked: Asked,
  visit: Visit = ignore
): Fault | undefined => ask(local, certificate, isLeaf, asked, Rules.open, visit)

/** CERT-31, when there is no path. */
export const asAuthority = (leaf: Certificate.Certificate): Fault | undefined => {
  const broken = Rules.isNoAuthority.broken(leaf)
  return broken && { ...broken, rule: Rules.isNoAuthority.id }
}

const ask = (
  rules: ReadonlyArray<Rules.Rule>,
  certificate: Certificate.Certificate,
  isLeaf: boolean,
  { now, purpose }: Asked,
  room: Rules.Room,
  visit: Visit
): Fault | undefined => {
  for (const rule of rules) {
    if (rule.on === (isLeaf ? "issuer" : "leaf")) continue
    const broken = rule.broken(certificate, { isLeaf, now, purpose, room })
    if (broken === undefined) {
      visit({ certificate, rule })
    } else {
      visit({ certificate, rule, broken })
      return { ...broken, rule: rule.id }
    }
  }
  return undefined
}

const askPolicies = (path: Path, { policies }: Asked, visit: Visit): Failure | undefined => {
  const downwards = path.toReversed()
  const answer = Policies.evaluate(downwards, policies)
  const rank = Result.isFailure(answer) ? answer.failure.at : path.length - 1
  const certificate = downwards[rank]
  if (certificate === undefined) return undefined
  if (Result.isSuccess(answer)) {
    visit({ certificate, rule: policyRule })
    return undefined
  }
  const broken = { code: "policy" as const, detail: answer.failure.detail }
  visit({ certificate, rule: policyRule, broken })
  return { fault: { ...broken, rule: policyRule.id }, rank }
}

/** CERT-42: an anchor is a name and a key. Its key must be strong, and the limits that it sets to names are kept. */
const faultOfAnchor = (anchor: Certificate.Certificate, asked: Asked, visit: Visit): Fault | undefined =>
  ask([Rules.keyStrength], anchor, false, asked, Rules.open, visit)

const narrow = (room: Rules.Room, { extensions: { nameConstraints } }: Certificate.Certificate): Rules.Room =>
  nameConstraints === undefined ? room : { ...room, names: NameConstraints.narrow(room.names, nameConstraints) }

/** RFC 5280 §6.1.4 (g), (l), (m). */
const descend = (room: Rules.Room, certificate: Certificate.Certificate): Rules.Room => {
  const left = Certificate.isSelfIssued(certificate) ? room.maxPath : room.maxPath - 1
  const maxPath = Math.min(left, certificate.extensions.basicConstraints?.pathLengthMax ?? left)
  return narrow({ ...room, maxPath }, certificate)
}

const ignore: Visit = () => {}
const local = Rules.all.filter(({ isLocal }) => isLocal)
const policyRule = {
  id: "CERT-30",
  source: "RFC 5280 §6.1.3 (d) to (f), §6.1.5 (g); RFC 9618",
  claim: "is issued under the policies that the authorities above require"
}
