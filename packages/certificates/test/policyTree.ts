/**
 * Policy processing as RFC 5280 §6.1 has it, with its tree, which grows without bound: slow, and short enough to be compared
 * with the text of the RFC. What the sources do with a graph is compared with it.
 */
import * as Certificate from "../src/Certificate.ts"
import * as oids from "../src/internal/oids.ts"
import type * as Policies from "../src/Policies.ts"

interface Node {
  readonly policy: string
  expected: ReadonlySet<string>
  readonly parent: Node | undefined
  children: ReadonlyArray<Node>
}

type Tree = Node | undefined

const leafNode = (policy: string, parent: Node | undefined, expected: Iterable<string> = [policy]): Node => ({
  policy,
  parent,
  expected: new Set(expected),
  children: []
})

const adopt = (parent: Node, policy: string, expected?: Iterable<string>): void => {
  parent.children = [...parent.children, leafNode(policy, parent, expected)]
}

const level = (tree: Tree, depth: number): ReadonlyArray<Node> => {
  let nodes: ReadonlyArray<Node> = tree === undefined ? [] : [tree]
  for (let at = 0; at < depth; at++) nodes = nodes.flatMap(({ children }) => children)
  return nodes
}

/** Deletes the nodes above `depth` that have no children; without any node at that depth, all of them go. */
const prune = (tree: Tree, depth: number): Tree => {
  for (let at = depth - 1; at >= 0; at--) {
    for (const node of level(tree, at)) {
      node.children = node.children.filter((each) => at === depth - 1 || each.children.length > 0)
    }
  }
  return level(tree, depth).length === 0 ? undefined : tree
}

const drop = (node: Node): void => {
  if (node.parent !== undefined) node.parent.children = node.parent.children.filter((each) => each !== node)
}

/** The policies that are acceptable at the end; `undefined`: the path is refused. */
export const evaluate = (
  path: ReadonlyArray<Certificate.Certificate>,
  inputs: Policies.Inputs
): ReadonlySet<string> | undefined => {
  const n = path.length
  let [explicit, mapping, wild] = [inputs.explicit, inputs.inhibitMapping, inputs.inhibitAny].map((set) =>
    set ? 0 : n + 1
  )
  explicit ??= 0
  mapping ??= 0
  wild ??= 0
  let tree: Tree = leafNode(oids.anyPolicy, undefined)
  for (const [at, certificate] of path.entries()) {
    const i = at + 1
    const { extensions } = certificate
    const isSelfIssued = Certificate.isSelfIssued(certificate)
    if (extensions.policies === undefined) tree = undefined
    else {
      const above = level(tree, i - 1)
      for (const policy of extensions.policies.filter((each) => each !== oids.anyPolicy)) {
        const matching = above.filter(({ expected }) => expected.has(policy))
        const from = matching.length > 0 ? matching : above.filter((each) => each.policy === oids.anyPolicy)
        for (const node of from) adopt(node, policy)
      }
      if (extensions.policies.includes(oids.anyPolicy) && (wild > 0 || (i < n && isSelfIssued))) {
        for (const node of above) {
          for (const policy of node.expected) {
            if (!node.children.some((each) => each.policy === policy)) adopt(node, policy)
          }
        }
      }
      tree = prune(tree, i)
    }
    if (explicit === 0 && tree === undefined) return undefined
    if (i === n) continue
    const mappings = extensions.policyMappings ?? []
    if (mappings.some(({ issuer, subject }) => issuer === oids.anyPolicy || subject === oids.anyPolicy)) {
      return undefined
    }
    for (const issuer of new Set(mappings.map((each) => each.issuer))) {
      const subjects = mappings.filter((each) => each.issuer === issuer).map(({ subject }) => subject)
      const nodes = level(tree, i).filter(({ policy }) => policy === issuer)
      if (mapping === 0) { for (const node of nodes) drop(node) }
      else if (nodes.length > 0) { for (const node of nodes) node.expected = new Set(subjects) }
      else {
        const broad = level(tree, i).find(({ policy }) => policy === oids.anyPolicy)
        if (broad?.parent !== undefined) adopt(broad.parent, issuer, subjects)
      }
    }
    if (mapping === 0) tree = prune(tree, i)
    if (!isSelfIssued) [explicit, mapping, wild] = [explicit, mapping, wild].map((each) => Math.max(each - 1, 0))
    explicit = Math.min(explicit ?? 0, extensions.policyConstraints?.requireExplicit ?? Infinity)
    mapping = Math.min(mapping ?? 0, extensions.policyConstraints?.inhibitMapping ?? Infinity)
    wild = Math.min(wild ?? 0, extensions.inhibitAnyPolicy ?? Infinity)
  }
  explicit = Math.max(explicit - 1, 0)
  if (path.at(-1)?.extensions.policyConstraints?.requireExplicit === 0) explicit = 0
  const left = intersect(tree, n, inputs.acceptable)
  return explicit === 0 && left.size === 0 ? undefined : left
}

/** §6.1.5 (g). */
const intersect = (tree: Tree, n: number, acceptable: Policies.Inputs["acceptable"]): ReadonlySet<string> => {
  const all = Array.from({ length: n }, (_, at) => level(tree, at + 1)).flat()
  const below = all.filter(({ parent, policy }) => parent?.policy === oids.anyPolicy && policy !== oids.anyPolicy)
  const wild = level(tree, n).find(({ policy }) => policy === oids.anyPolicy)
  const names = new Set(below.map(({ policy }) => policy))
  if (acceptable === "any") return new Set([...names, ...wild === undefined ? [] : [oids.anyPolicy]])
  return new Set(acceptable.filter((each) => names.has(each) || wild !== undefined))
}
