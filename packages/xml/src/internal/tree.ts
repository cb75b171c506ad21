/**
 * From the parser's tags and texts to the root tag and to first-level elements, with namespaces resolved (XML-08) and
 * what is too much refused (XML-18). Bytes, and what is restricted, are not its business.
 *
 * The parser goes on to the end of its piece after a refusal here, so the first fault stays.
 */
import type { Attribute, Declaration, Element, Node, RootTag } from "../Element.ts"
import type { FaultKind, XmlFault } from "../Fault.ts"
import { isNcName, streamNamespace } from "./names.ts"
import * as Scope from "./scope.ts"

export interface Tree {
  readonly attributesMax: number
  readonly scope: Scope.Scope
  /** Open elements, the root first. */
  readonly frames: Array<Frame>
  /** Of the tag being read, as written. */
  written: Array<Written>
  /** A tag or another markup ended. */
  settled: boolean
  fault: XmlFault | undefined
  /** What was completed, until somebody takes it. */
  root: RootTag | undefined
  element: Element | undefined
  rootClosed: boolean
  rootPrefix: string
  /** NS-05 and NS-10, of the first-level element. */
  prefixed: boolean
  headerPrefixed: boolean
}

interface Frame {
  readonly element: Element
  readonly children: Array<Node>
  readonly declarations: ReadonlyArray<Declaration>
}

interface Written {
  readonly name: string
  readonly value: string
}

export const make = (attributesMax: number): Tree => ({
  attributesMax,
  scope: Scope.make(),
  frames: [],
  written: [],
  settled: false,
  fault: undefined,
  root: undefined,
  element: undefined,
  rootClosed: false,
  rootPrefix: "",
  prefixed: false,
  headerPrefixed: false
})

/** The first fault stays. */
export const fail = (tree: Tree, kind: FaultKind, detail: string): void => {
  if (tree.fault === undefined) tree.fault = { kind, detail }
}

export const attribute = (tree: Tree, written: Written): void => {
  tree.written.push(written)
  if (tree.written.length > tree.attributesMax) fail(tree, "tooManyAttributes", "too many attributes")
}

export const open = (tree: Tree, qualified: string): void => {
  tree.settled = true
  const written = tree.written
  if (written.length > 0) tree.written = []
  const depth = tree.frames.length
  const declarations = declare(tree, written, depth)
  const colon = qualified.indexOf(":")
  const prefix = colon === -1 ? "" : qualified.slice(0, colon)
  const name = colon === -1 ? qualified : qualified.slice(colon + 1)
  if (depth === 0) tree.rootPrefix = prefix
  else if (depth === 1) {
    tree.prefixed = colon !== -1
    tree.headerPrefixed = false
  }
  const namespace = colon === -1 ? tree.scope.get("")?.namespace ?? "" : resolve(tree, prefix, name)
  const attributes = written.length === declarations.length ? none : attributesOf(tree, written)
  const children: Array<Node> = []
  const element: Element = { name, namespace, attributes, children }
  if (depth === 0) tree.root = { name, namespace, prefix, attributes, declarations }
  else if (depth > 1) tree.frames[depth - 1]?.children.push(element)
  // HDR-33: not a restart.
  else if (name === "stream" && namespace === streamNamespace) {
    fail(tree, "nestedRoot", "a stream header inside a stream")
  }
  tree.frames.push({ element, children, declarations })
}

export const close = (tree: Tree): void => {
  tree.settled = true
  const frame = tree.frames.pop()
  if (frame === undefined) return
  if (frame.declarations.length > 0) Scope.leave(tree.scope, frame.declarations)
  if (tree.frames.length === 1) tree.element = frame.element
  else if (tree.frames.length === 0) tree.rootClosed = true
}

/** Adjacent text is one string, also across CDATA (XML-06). */
export const text = (tree: Tree, text: string): void => {
  const children = tree.frames.at(-1)?.children
  if (children === undefined || text === "") return
  const last = children.at(-1)
  if (typeof last === "string") children[children.length - 1] = last + text
  else children.push(text)
}

const declare = (tree: Tree, written: ReadonlyArray<Written>, depth: number): ReadonlyArray<Declaration> => {
  let declarations: Array<Declaration> | undefined
  for (const { name, value } of written) {
    if (!isDeclaration(name)) continue
    const declaration = { prefix: name.slice(6), namespace: value }
    const offence = name.length > 5 && !isNcName(declaration.prefix) ? malformed : Scope.offence(declaration)
    if (offence !== undefined) fail(tree, "notWellFormed", offence)
    declarations ??= []
    declarations.push(declaration)
  }
  if (declarations === undefined) return none
  Scope.enter(tree.scope, declarations, depth)
  return declarations
}

const attributesOf = (tree: Tree, written: ReadonlyArray<Written>): ReadonlyArray<Attribute> => {
  const attributes: Array<Attribute> = []
  let expanded: Set<string> | undefined
  for (const each of written) {
    const colon = each.name.indexOf(":")
    if (colon === -1) {
      // The parser has seen to it that no name is written twice.
      if (each.name !== "xmlns") attributes.push(each)
      continue
    }
    if (isDeclaration(each.name)) continue
    const name = each.name.slice(colon + 1)
    const namespace = resolve(tree, each.name.slice(0, colon), name)
    expanded ??= new Set()
    const key = `${name} ${namespace}`
    if (expanded.has(key)) fail(tree, "notWellFormed", "two attributes with one expanded name")
    expanded.add(key)
    attributes.push({ name, namespace, value: each.value })
  }
  return attributes
}

const resolve = (tree: Tree, prefix: string, name: string): string => {
  const binding = tree.scope.get(prefix)
  if (prefix === "" || !isNcName(name)) fail(tree, "notWellFormed", malformed)
  else if (binding === undefined) fail(tree, "notWellFormed", "an unbound prefix")
  else if (binding.depth === 0 && prefix !== tree.rootPrefix && prefix !== "xml") tree.headerPrefixed = true
  return binding?.namespace ?? ""
}

const isDeclaration = (name: string): boolean => name === "xmlns" || name.startsWith("xmlns:")

const malformed = "a colon in a wrong place"
const none: ReadonlyArray<never> = []
