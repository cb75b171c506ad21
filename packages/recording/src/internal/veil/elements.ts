/**
 * Elements under the veil: of what negotiates only the words of people, names and secrets go; of a stanza everything
 * inside. Names of elements and attributes and their namespaces stay.
 */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import * as Version from "@xmpp-e2e/protocol/Version"
import { Element } from "@xmpp-e2e/xml"
import { authzid } from "./authzid.ts"
import { count, mask, type Veil } from "./veil.ts"

/** The root tag of a stream. @internal */
export const rootTag = (tag: Element.RootTag, veil: Veil): Element.RootTag => ({
  ...tag,
  attributes: tag.attributes.map((each) => withValue(each, inHeader, veil))
})

/** A first-level element. @internal */
export const element = (of: Element.Element, veil: Veil): Element.Element => {
  if (Element.is(of, Namespace.stream, "error")) return within(of, inNegotiation, (node) => inError(node, veil), veil)
  if (of.namespace === Namespace.sasl) return sasl(of, veil)
  if (negotiates(of)) return within(of, inNegotiation, (node) => inOffer(node, veil), veil)
  return within(of, inStanza(of.name), hide, veil)
}

/** Nothing but names and lengths. @internal */
export const hideElement = (of: Element.Element): Element.Element => ({
  ...of,
  attributes: of.attributes.map((each) => ({ ...each, value: mask(each.value) })),
  children: of.children.map(hide)
})

/** What stands in an offer, known or not. @internal */
export const feature = (of: Element.Element, veil: Veil): Element.Element =>
  known.has(of.namespace) && !isText(of) ? offered(of, veil) : hideElement(of)

/** Whether an element is carried and not read: a stanza, or what nobody here knows. @internal */
export const isStanzaLike = (of: Element.Element): boolean =>
  !negotiates(of) && !Element.is(of, Namespace.stream, "error")

/** The value of an attribute of such an element. @internal */
export const attributeOfStanza = (stanza: string, attribute: Element.Attribute, veil: Veil): string =>
  valueOf(attribute, inStanza(stanza), veil)

type Attributes = (name: string, value: string, veil: Veil) => string

const within = (
  of: Element.Element,
  attributes: Attributes,
  child: (node: Element.Node) => Element.Node,
  veil: Veil
): Element.Element => ({
  ...of,
  attributes: of.attributes.map((each) => withValue(each, attributes, veil)),
  children: of.children.map(child)
})

const withValue = (attribute: Element.Attribute, attributes: Attributes, veil: Veil): Element.Attribute => ({
  ...attribute,
  value: valueOf(attribute, attributes, veil)
})

const valueOf = ({ name, namespace, value }: Element.Attribute, attributes: Attributes, veil: Veil): string => {
  if (namespace === undefined) return attributes(name, value, veil)
  return namespace === Element.xmlNamespace && name === "lang" ? veil.language(value) : mask(value)
}

const inHeader: Attributes = (name, value, veil) => {
  switch (name) {
    case "to":
    case "from":
      return veil.address(value)
    case "id":
      return veil.id(value)
    case "version":
      return Version.parse(value) === undefined ? mask(value) : value
  }
  return mask(value)
}

const inStanza = (stanza: string): Attributes => (name, value, veil) => {
  switch (name) {
    case "to":
    case "from":
      return veil.address(value)
    case "id":
      // Of other stanzas nobody compares it, and a new name for each costs time.
      return stanza === "iq" ? veil.id(value) : mask(value)
    case "type":
      return types.has(value) ? value : mask(value)
  }
  return mask(value)
}

const inNegotiation: Attributes = (name, value, veil) => {
  switch (name) {
    case "id":
    case "previd":
      return veil.id(value)
    case "mechanism":
      return mechanisms.has(value) ? value : mask(value)
    case "resume":
      return value === "true" || value === "false" ? value : count(value)
    case "h":
    case "max":
      return count(value)
  }
  return mask(value)
}

/** `<auth/>` and `<response/>` say who one is; `<failure/>` has a condition, and a text for people. */
const sasl = (of: Element.Element, veil: Veil): Element.Element => {
  const veiled = within(of, inNegotiation, (node) => inOffer(node, veil), veil)
  return of.name === "auth" || of.name === "response"
    ? withText(veiled, authzid(Element.text(of), veil.address))
    : veiled
}

/** One text in the place of all. */
const withText = (of: Element.Element, text: string): Element.Element => {
  const first = of.children.findIndex((node) => !Element.isElement(node))
  return first < 0
    ? of
    : { ...of, children: of.children.map((node, at) => at === first ? text : node).filter(isLeft(first)) }
}

const isLeft = (first: number) => (node: Element.Node, at: number): boolean => at === first || Element.isElement(node)

const negotiates = (of: Element.Element): boolean =>
  Element.is(of, Namespace.stream, "features") || known.has(of.namespace)

const inOffer = (node: Element.Node, veil: Veil): Element.Node =>
  Element.isElement(node) ? feature(node, veil) : mask(node)

const offered = (node: Element.Element, veil: Veil): Element.Element => {
  if (Element.is(node, Namespace.sasl, "mechanism")) {
    const name = Element.text(node)
    return mechanisms.has(name.trim()) ? withText(hideElement(node), name) : hideElement(node)
  }
  if (Element.is(node, Namespace.c2cKey, "name")) {
    return withText(hideElement(node), veil.fingerprint(Element.text(node).trim().toLowerCase()))
  }
  return within(node, inNegotiation, (child) => inOffer(child, veil), veil)
}

const inError = (node: Element.Node, veil: Veil): Element.Node => {
  if (!Element.isElement(node)) return mask(node)
  if (node.namespace !== Namespace.streamErrors) return hideElement(node)
  // Whatever is written in a condition is read as a host.
  return isText(node)
    ? within(node, inNegotiation, hide, veil)
    : withText(hideElement(node), veil.host(Element.text(node)))
}

/** ERR-06: for people, and never interpreted. */
const isText = ({ name }: Element.Element): boolean => name === "text"

const hide = (node: Element.Node): Element.Node => Element.isElement(node) ? hideElement(node) : mask(node)

const known: ReadonlySet<string> = new Set([
  Namespace.tls,
  Namespace.sasl,
  Namespace.management,
  Namespace.stanzaErrors,
  Namespace.bind,
  Namespace.bidi,
  Namespace.bidiFeature,
  Namespace.c2cOffer,
  Namespace.c2cKey
])

/** RFC 6120 §8.2, RFC 6121 §4.7.1, §5.2.2. */
const types: ReadonlySet<string> = new Set([
  "get",
  "set",
  "result",
  "error",
  "normal",
  "chat",
  "groupchat",
  "headline",
  "unavailable",
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
  "probe"
])

/** IANA's registry has more; these are those that XMPP meets. */
const mechanisms: ReadonlySet<string> = new Set([
  "EXTERNAL",
  "PLAIN",
  "ANONYMOUS",
  "DIGEST-MD5",
  "GSSAPI",
  "SCRAM-SHA-1",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-512",
  "SCRAM-SHA-512-PLUS"
])
