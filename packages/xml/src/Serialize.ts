/**
 * Values to bytes on the wire, as strings of restricted XML (XML-19).
 *
 * This file chooses prefixes and declarations and escapes. Whether a value can be written at all is asked beforehand, of
 * `obstacle`; what has one is written as it stands, and nobody can read it.
 *
 * @since 0.1.0
 */
import { type Attribute, type Declaration, type Element, type Node, type RootTag, xmlNamespace } from "./Element.ts"
import { isNcName, isText, xmlnsNamespace } from "./internal/names.ts"

/**
 * The namespaces already bound around an element: those of the stream header it stands in.
 *
 * @since 0.1.0
 * @category models
 */
export type Bindings = ReadonlyArray<Declaration>

/**
 * The start tag of a stream, preceded by the XML declaration (HDR-01): the default declaration, the prefixed ones, then
 * the attributes in their order. The declarations have to bind the prefix of the tag.
 *
 * @since 0.1.0
 * @category encoding
 */
export const rootTag = (tag: RootTag): string => {
  const byDefault = tag.declarations.filter((each) => each.prefix === "")
  const prefixed = tag.declarations.filter((each) => each.prefix !== "")
  let written = `<?xml version='1.0'?><${qualified(tag.prefix, tag.name)}`
  for (const each of [...byDefault, ...prefixed]) written += declaration(each.prefix, each.namespace)
  return `${written}${attributesOf(tag.attributes, tag.declarations, tag.declarations)}>`
}

/**
 * The end tag that belongs to a start tag (END-01: the same prefix).
 *
 * @since 0.1.0
 * @category encoding
 */
export const rootEndTag = (tag: RootTag): string => `</${qualified(tag.prefix, tag.name)}>`

/**
 * One first-level element. Elements in the default namespace of `bindings` are written without declaration and without
 * prefix (NS-05); elements of a namespace bound to a prefix there use that prefix (`stream:features`); all others
 * declare their own namespace as default.
 *
 * @since 0.1.0
 * @category encoding
 */
export const element = (element: Element, bindings: Bindings): string => {
  let written = ""
  // Where we are: no recursion, for how deep an element may be is for others to say.
  let children: ReadonlyArray<Node> = [element]
  let next = 0
  let byDefault = namespaceOf("", bindings)
  let end = ""
  const around: Array<Open> = []
  for (;;) {
    const child = children[next++]
    if (child === undefined) {
      written += end
      const outer = around.pop()
      if (outer === undefined) return written
      ;({ byDefault, children, end, next } = outer)
    } else if (typeof child === "string") {
      written += escapeText(child)
    } else {
      const prefix = child.namespace === byDefault ? "" : prefixOf(child.namespace, bindings)
      const inside = prefix === "" ? child.namespace : byDefault
      const name = qualified(prefix, child.name)
      written += start(name, inside === byDefault ? undefined : inside, child.attributes, bindings)
      const first = child.children[0]
      if (first === undefined) written += "/>"
      // Most have a text and nothing else.
      else if (typeof first === "string" && child.children.length === 1) {
        written += ">" + escapeText(first) + "</" + name + ">"
      } else {
        written += ">"
        around.push({ byDefault, children, end, next })
        byDefault = inside
        children = child.children
        end = "</" + name + ">"
        next = 0
      }
    }
  }
}

/**
 * Why an element cannot be written as XML: a character outside XML's Char, a name that is none, a lone surrogate.
 * `undefined` when it can (XML-19).
 *
 * @since 0.1.0
 * @category guards
 */
export const obstacle = (element: Element): string | undefined => {
  const all = [element]
  for (let each = all.pop(); each !== undefined; each = all.pop()) {
    if (!isNcName(each.name)) return "an element name that XML does not allow"
    if (each.namespace === xmlnsNamespace || !isText(each.namespace)) return "a namespace that XML does not allow"
    const inAttributes = each.attributes.length === 0 ? undefined : attributeObstacle(each.attributes)
    if (inAttributes !== undefined) return inAttributes
    for (const child of each.children) {
      if (typeof child !== "string") all.push(child)
      else if (!isText(child)) return "a character in text that XML does not allow"
    }
  }
  return undefined
}

const attributeObstacle = (attributes: ReadonlyArray<Attribute>): string | undefined => {
  for (const { name, namespace, value } of attributes) {
    if (!isNcName(name)) return "an attribute name that XML does not allow"
    if (namespace === undefined && name === "xmlns") return "a declaration as an attribute"
    if (namespace === "" || namespace === xmlnsNamespace || (namespace !== undefined && !isText(namespace))) {
      return "a namespace of an attribute that XML does not allow"
    }
    if (!isText(value)) return "a character in an attribute that XML does not allow"
  }
  return hasTwins(attributes) ? "two attributes of one name" : undefined
}

const hasTwins = (attributes: ReadonlyArray<Attribute>): boolean => {
  if (attributes.length > fewAttributes) {
    // A name holds no white space.
    const keys = attributes.map(({ name, namespace }) => namespace === undefined ? name : `${name} ${namespace}`)
    return new Set(keys).size < attributes.length
  }
  for (let at = 1; at < attributes.length; at++) {
    for (let before = 0; before < at; before++) if (areTwins(attributes[at], attributes[before])) return true
  }
  return false
}

const areTwins = (one: Attribute | undefined, other: Attribute | undefined): boolean =>
  one?.name === other?.name && one?.namespace === other?.namespace

const fewAttributes = 8

/** An element around the present one, from its next child on. */
interface Open {
  readonly children: ReadonlyArray<Node>
  readonly next: number
  /** The default namespace inside. */
  readonly byDefault: string
  readonly end: string
}

/** A start tag, but for its end. `declared` is the default namespace that it has to declare. */
const start = (
  name: string,
  declared: string | undefined,
  attributes: ReadonlyArray<Attribute>,
  bindings: Bindings
): string => {
  const tag = declared === undefined ? "<" + name : "<" + name + declaration("", declared)
  return attributes.length === 0 ? tag : tag + attributesOf(attributes, none, bindings)
}

/**
 * Attributes, preceded by declarations for those of their namespaces that have no prefix in `bound`. NS-10 is why an
 * element binds the prefixes of its attributes itself. `taken` are prefixes that must keep their meaning.
 */
const attributesOf = (attributes: ReadonlyArray<Attribute>, bound: Bindings, taken: Bindings): string => {
  let declared = ""
  let written = ""
  let own = none
  for (const { name, namespace, value } of attributes) {
    if (namespace === undefined) {
      written += " " + name + "='" + escapeValue(value) + "'"
      continue
    }
    let prefix = prefixOf(namespace, bound) || prefixOf(namespace, own)
    if (prefix === "") {
      prefix = freshPrefix(own.length, taken)
      own = [...own, { prefix, namespace }]
      declared += declaration(prefix, namespace)
    }
    written += ` ${prefix}:${name}='${escapeValue(value)}'`
  }
  return declared === "" ? written : declared + written
}

const none: Bindings = []

const freshPrefix = (used: number, taken: Bindings): string => {
  let left = used
  for (let number = 1;; number++) {
    const prefix = `ns${number}`
    if (!taken.some((each) => each.prefix === prefix) && left-- === 0) return prefix
  }
}

const declaration = (prefix: string, namespace: string): string =>
  ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}='${escapeValue(namespace)}'`

/**
 * What was written as the bytes that go to the wire: UTF-8 (XML-09), U+FFFD for half of a surrogate pair. No platform is
 * asked.
 *
 * @since 0.1.0
 * @category encoding
 */
export const utf8 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(3 * text.length)
  let size = 0
  for (let at = 0; at < text.length; at++) {
    let code = text.codePointAt(at) ?? 0
    if (code >= 0xd800 && code < 0xe000) code = replacement
    if (code < 0x80) {
      bytes[size++] = code
    } else if (code < 0x800) {
      bytes[size++] = 0xc0 | code >> 6
      bytes[size++] = continuation(code)
    } else if (code < 0x10000) {
      bytes[size++] = 0xe0 | code >> 12
      bytes[size++] = continuation(code >> 6)
      bytes[size++] = continuation(code)
    } else {
      at += 1
      bytes[size++] = 0xf0 | code >> 18
      bytes[size++] = continuation(code >> 12)
      bytes[size++] = continuation(code >> 6)
      bytes[size++] = continuation(code)
    }
  }
  return bytes.slice(0, size)
}

const continuation = (code: number): number => 0x80 | code & 0x3f

const replacement = 0xfffd

const qualified = (prefix: string, name: string): string => prefix === "" ? name : `${prefix}:${name}`

const namespaceOf = (prefix: string, bindings: Bindings): string =>
  bindings.find((each) => each.prefix === prefix)?.namespace ?? ""

/** The empty string when there is none. */
const prefixOf = (namespace: string, bindings: Bindings): string => {
  if (namespace === xmlNamespace) return "xml"
  for (const each of bindings) if (each.prefix !== "" && each.namespace === namespace) return each.prefix
  return ""
}

const escapeText = (text: string): string => /[&<>\r]/.test(text) ? escape(text, inText) : text

const escapeValue = (value: string): string => /[&<>'"\t\n\r]/.test(value) ? escape(value, inValue) : value

type Escapes = ReadonlyArray<readonly [character: string, reference: string]>

/** Asking about each character by itself is faster than one question about all of them. */
const escape = (text: string, escapes: Escapes): string => {
  let escaped = text
  for (const [character, reference] of escapes) escaped = escaped.replaceAll(character, reference)
  return escaped
}

/** `&` comes first: the others bring it. */
const inText: Escapes = [["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ["\r", "&#xD;"]]
const inValue: Escapes = [...inText, ["'", "&apos;"], ["\"", "&quot;"], ["\t", "&#x9;"], ["\n", "&#xA;"]]
