/**
 * Immutable XML elements with namespaces, as plain data.
 *
 * This file owns the shape of an element and the questions one asks of it. It knows no prefixes: a prefix is an
 * accident of writing (NS-12); the serialiser chooses them and the reader resolves them.
 *
 * @since 0.1.0
 */

/**
 * An attribute. `namespace` is absent for the ordinary, unprefixed attribute.
 *
 * @since 0.1.0
 * @category models
 */
export interface Attribute {
  readonly name: string
  readonly namespace?: string
  readonly value: string
}

/**
 * An element: its expanded name, its attributes without namespace declarations, its children in document order.
 * Adjacent text is one string; `namespace` is `""` when the element is in no namespace.
 *
 * @since 0.1.0
 * @category models
 */
export interface Element {
  readonly name: string
  readonly namespace: string
  readonly attributes: ReadonlyArray<Attribute>
  readonly children: ReadonlyArray<Node>
}

/**
 * @since 0.1.0
 * @category models
 */
export type Node = Element | string

/**
 * A namespace declaration of a root tag; `prefix` is `""` for the default namespace.
 *
 * @since 0.1.0
 * @category models
 */
export interface Declaration {
  readonly prefix: string
  readonly namespace: string
}

/**
 * The start tag of the root of an XML stream, before anyone judged it (RFC 6120 §4.7). `prefix` is `""` when the root is
 * written without one.
 *
 * @since 0.1.0
 * @category models
 */
export interface RootTag {
  readonly name: string
  readonly namespace: string
  readonly prefix: string
  readonly attributes: ReadonlyArray<Attribute>
  readonly declarations: ReadonlyArray<Declaration>
}

/**
 * The namespace of `xml:lang` and its kin.
 *
 * @since 0.1.0
 * @category constants
 */
export const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  namespace: string,
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: ReadonlyArray<Node> = []
): Element => ({ name, namespace, attributes: attributesOf(attributes), children })

/**
 * Unprefixed attributes from a record; a value that is `undefined` leaves the attribute out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const attributesOf = (record: Readonly<Record<string, string | undefined>>): ReadonlyArray<Attribute> => {
  const attributes: Array<Attribute> = []
  for (const name of Object.keys(record)) {
    const value = record[name]
    if (value !== undefined) attributes.push({ name, value })
  }
  return attributes
}

/**
 * The value of an attribute, unprefixed unless a namespace is named.
 *
 * @since 0.1.0
 * @category getters
 */
export const attribute = (
  of: { readonly attributes: ReadonlyArray<Attribute> },
  name: string,
  namespace?: string
): string | undefined => {
  for (const each of of.attributes) {
    if (each.name === name && each.namespace === namespace) return each.value
  }
  return undefined
}

/**
 * @since 0.1.0
 * @category guards
 */
export const isElement = (node: Node): node is Element => typeof node !== "string"

/**
 * @since 0.1.0
 * @category guards
 */
export const is = (element: Element, namespace: string, name: string): boolean =>
  element.name === name && element.namespace === namespace

/**
 * The child elements, without text.
 *
 * @since 0.1.0
 * @category getters
 */
export const elements = (element: Element): ReadonlyArray<Element> => element.children.filter(isElement)

/**
 * The first child of that name.
 *
 * @since 0.1.0
 * @category getters
 */
export const child = (element: Element, namespace: string, name: string): Element | undefined => {
  for (const each of element.children) {
    if (isElement(each) && is(each, namespace, name)) return each
  }
  return undefined
}

/**
 * The text directly inside, without that of descendants.
 *
 * @since 0.1.0
 * @category getters
 */
export const text = (element: Element): string => {
  let all = ""
  for (const each of element.children) if (typeof each === "string") all += each
  return all
}
