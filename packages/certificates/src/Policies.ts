/**
 * Under which policies a path was issued, and whether they are those that its authorities, or we, insist on (CERT-30).
 * The algorithm is that of RFC 5280 §6.1, with the graph of RFC 9618 in place of the tree: a policy is one node for each
 * certificate, however many ways lead to it, so that the work grows with the length of what was sent and no faster.
 *
 * RFC 5280 §6.1.2 to §6.1.5, RFC 9618 §5; certificates §4.3 (d) to (f), (4a), (4b), (4h) to (4j).
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Certificate from "./Certificate.ts"
import type * as Extensions from "./Extensions.ts"
import * as oids from "./internal/oids.ts"

/**
 * What whoever validates asks for (§6.1.1).
 *
 * @since 0.1.0
 * @category models
 */
export interface Inputs {
  /** Some acceptable policy must be left at the end, whatever the certificates say. */
  readonly explicit: boolean
  /** No policy may be mapped to another. */
  readonly inhibitMapping: boolean
  /** anyPolicy in a certificate stands for nothing. */
  readonly inhibitAny: boolean
  /** Object identifiers; anyPolicy among them is "any". */
  readonly acceptable: ReadonlyArray<string> | "any"
}

/**
 * @since 0.1.0
 * @category models
 */
export interface PolicyFault {
  /** The certificate at which it shows; its place in the path. */
  readonly at: number
  /** Half a sentence for people. */
  readonly detail: string
}

/**
 * Nothing is asked for, so only what the certificates themselves require counts.
 *
 * @since 0.1.0
 * @category constants
 */
export const defaults: Inputs = { explicit: false, inhibitMapping: false, inhibitAny: false, acceptable: "any" }

/**
 * The path begins with the certificate below the anchor and ends with the leaf. Gives the policies that are acceptable
 * and under which the whole path was issued, as the authority at its top calls them: none, when none is required, or
 * anyPolicy among them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const evaluate = (
  path: ReadonlyArray<Certificate.Certificate>,
  inputs: Inputs = defaults
): Result.Result<ReadonlyArray<string>, PolicyFault> => {
  const counterMax = path.length + 1
  let state: State = {
    explicit: inputs.explicit ? 0 : counterMax,
    mapping: inputs.inhibitMapping ? 0 : counterMax,
    wild: inputs.inhibitAny ? 0 : counterMax,
    level: new Map([[oids.anyPolicy, { policy: oids.anyPolicy, parents: [], expected: [oids.anyPolicy] }]])
  }
  let size = 0
  for (const [at, certificate] of path.entries()) {
    const { extensions: { policies = [], policyMappings = [] }, subject } = certificate
    const isLast = at === path.length - 1
    const grown = { ...state, level: grow(state, certificate, isLast) }
    size += policies.length + policyMappings.length + grown.level.size
    if (size > sizeMax) {
      return fault(at, `the certificates down to ${subject.text} have more policies than are looked at`)
    }
    if (grown.explicit === 0 && grown.level.size === 0) return missing(at, certificate)
    if (isLast) return finish(grown, certificate, inputs, at)
    if (policyMappings.some(({ issuer, subject }) => issuer === oids.anyPolicy || subject === oids.anyPolicy)) {
      return fault(at, `${subject.text} maps anyPolicy, which is no policy that could be mapped`)
    }
    state = prepare(grown, certificate)
  }
  return Result.succeed([])
}

/** The node of a policy in the graph, one for each policy and certificate. */
interface Node {
  readonly policy: string
  /** Nodes of the certificate above. */
  readonly parents: ReadonlyArray<Node>
  /** What the certificate below may call it. */
  readonly expected: ReadonlyArray<string>
}

/** The nodes of one certificate, by policy. Without any, the graph is NULL and remains so. */
type Level = ReadonlyMap<string, Node>

interface State {
  /** How many more certificates may do without; 0: none. */
  readonly explicit: number
  readonly mapping: number
  /** For anyPolicy. */
  readonly wild: number
  readonly level: Level
}

/**
 * §6.1.3 (d) (e). Nodes that no certificate below continues are not pruned: they are found by nobody who starts at the
 * last level, and that is where `finish` starts.
 */
const grow = ({ level, wild }: State, certificate: Certificate.Certificate, isLast: boolean): Level => {
  const policies = certificate.extensions.policies ?? []
  const parents = new Map<string, Array<Node>>()
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const known = parents.get(policy)
      if (known === undefined) parents.set(policy, [node])
      else known.push(node)
    }
  }
  const next = new Map<string, Node>()
  const add = (policy: string, from: ReadonlyArray<Node> | undefined): void => {
    if (from !== undefined && !next.has(policy)) next.set(policy, { policy, parents: from, expected: [policy] })
  }
  for (const policy of policies) {
    if (policy !== oids.anyPolicy) add(policy, parents.get(policy) ?? parents.get(oids.anyPolicy))
  }
  const isWild = wild > 0 || (!isLast && Certificate.isSelfIssued(certificate))
  if (isWild && policies.includes(oids.anyPolicy)) { for (const [policy, from] of parents) add(policy, from) }
  return next
}

/** §6.1.4 (b) and (h) to (j). */
const prepare = (state: State, certificate: Certificate.Certificate): State => {
  const { inhibitAnyPolicy, policyConstraints, policyMappings = [] } = certificate.extensions
  const less = Certificate.isSelfIssued(certificate) ? 0 : 1
  const lower = (counter: number, bound = counter): number => Math.min(Math.max(counter - less, 0), bound)
  return {
    explicit: lower(state.explicit, policyConstraints?.requireExplicit),
    mapping: lower(state.mapping, policyConstraints?.inhibitMapping),
    wild: lower(state.wild, inhibitAnyPolicy),
    level: rename(state.level, policyMappings, state.mapping > 0)
  }
}

const rename = (level: Level, mappings: ReadonlyArray<Extensions.PolicyMapping>, isAllowed: boolean): Level => {
  const next = new Map(level)
  const wild = level.get(oids.anyPolicy)
  const subjects = new Map<string, Set<string>>()
  for (const { issuer, subject } of mappings) {
    subjects.set(issuer, (subjects.get(issuer) ?? new Set()).add(subject))
  }
  for (const [policy, expected] of subjects) {
    const parents = (level.get(policy) ?? wild)?.parents
    if (!isAllowed) next.delete(policy)
    else if (parents !== undefined) next.set(policy, { policy, parents, expected: [...expected] })
  }
  return next
}

/** §6.1.5 (a), (b) and (g). */
const finish = (
  { explicit, level }: State,
  certificate: Certificate.Certificate,
  { acceptable }: Inputs,
  at: number
): Result.Result<ReadonlyArray<string>, PolicyFault> => {
  const isRequired = explicit <= 1 || certificate.extensions.policyConstraints?.requireExplicit === 0
  const policies = granted(level)
  const some = acceptable === "any" || acceptable.includes(oids.anyPolicy)
    ? policies
    : policies.includes(oids.anyPolicy)
    ? acceptable
    : acceptable.filter((each) => policies.includes(each))
  return isRequired && some.length === 0 ? missing(at, certificate) : Result.succeed(some)
}

/** The authority's own names for what is left: what stands right below anyPolicy, be it anyPolicy all the way down. */
const granted = (last: Level): ReadonlyArray<string> => {
  const policies = new Set<string>()
  let nodes = new Set(last.values())
  while (nodes.size > 0) {
    const above = new Set<Node>()
    for (const { parents, policy } of nodes) {
      for (const parent of parents) {
        if (parent.policy === oids.anyPolicy) policies.add(policy)
        else above.add(parent)
      }
    }
    nodes = above
  }
  return [...policies]
}

const fault = (at: number, detail: string): Result.Result<never, PolicyFault> => Result.fail({ at, detail })

const missing = (at: number, { subject }: Certificate.Certificate): Result.Result<never, PolicyFault> =>
  fault(at, `an explicit policy is required, and none that is acceptable leads down to ${subject.text}`)

/** Policies, mappings and nodes of a path together. */
const sizeMax = 16_384
