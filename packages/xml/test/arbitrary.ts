/** Generators of XML values, of documents as bytes, of ways to cut them, and of ways to spoil them. */
import * as fc from "fast-check"
import {
  type Attribute,
  type Declaration,
  type Element,
  type Node,
  type RootTag,
  xmlNamespace
} from "../src/Element.ts"
import * as Serialize from "../src/Serialize.ts"

/** How hard to try: `FC_NUM_RUNS` in the environment, and fast-check prints the seed of a failure. */
export const runs = { numRuns: Number(process.env["FC_NUM_RUNS"] ?? 200) }

export const streamNamespace = "http://etherx.jabber.org/streams"

const isCharData = (text: string): boolean => !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)

/** Any string of characters that XML has, with those that need care well in front. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.stringMatching(/^[ -~]{0,12}$/) },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.oneof(
        fc.constantFrom(
          "]]>",
          "<",
          ">",
          "&",
          "'",
          "\"",
          "\r",
          "\n",
          "\r\n",
          "\t",
          " ",
          "&amp;",
          "<!--",
          "-->",
          "<?",
          "]"
        ),
        fc.constantFrom(
          "é",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\uFFFD",
          "\u{1F600}",
          "\u{10FFFF}",
          "\uD7FF",
          "\uE000",
          "\x7F"
        ),
        fc.string({ unit: "binary", maxLength: 3 }).filter(isCharData)
      ),
      { maxLength: 6 }
    ).map((parts) => parts.join(""))
  }
)

const nameStart = fc.constantFrom(..."abzAZ_xm", "é", "\u0370", "\u{10000}", "\u{EFFFF}", "\uFFFD")
const nameRest = fc.constantFrom(..."abz09-._ns", "·", "\u0300", "\u2040", "\u{1F600}")

/** A name without a colon. */
export const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("message", "body", "stream", "x", "xmlns", "xml", "ns1", "__proto__", "constructor"),
  fc.tuple(nameStart, fc.array(nameRest, { maxLength: 4 })).map(([first, rest]) => first + rest.join(""))
)

/** Namespaces that come again, and odd ones: a namespace is compared as it stands, with its white space. */
export const namespace: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("jabber:client", streamNamespace, "urn:a", "urn:b", "", xmlNamespace) },
  { weight: 1, arbitrary: fc.constantFrom(" urn:a", "urn:a ", " ", "\t", "urn:'\"<&>", "\uFEFF") },
  { weight: 1, arbitrary: text }
)

const foreign = namespace.filter((namespace) => namespace !== "")

export const attributes: fc.Arbitrary<ReadonlyArray<Attribute>> = fc.uniqueArray(
  fc.oneof(
    fc.record({ name: name.filter((name) => name !== "xmlns"), value: text }),
    fc.record({ name, namespace: foreign, value: text })
  ),
  { maxLength: 4, selector: (each: Attribute) => `${each.name} ${each.namespace ?? ""}` }
)

/** Adjacent text is one string, and no string is empty. */
const joined = (nodes: ReadonlyArray<Node>): ReadonlyArray<Node> => {
  const children: Array<Node> = []
  for (const node of nodes) {
    const last = children.at(-1)
    if (node === "") continue
    if (typeof node === "string" && typeof last === "string") children[children.length - 1] = last + node
    else children.push(node)
  }
  return children
}

export const element: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.record({
    name,
    namespace,
    attributes,
    children: fc.array(fc.oneof({ depthSize: "small" }, text, tie("element")), { maxLength: 4 }).map(joined)
  })
})).element

/** A root tag that binds its own prefix, and those of its attributes, once each. */
export const rootTag: fc.Arbitrary<RootTag> = fc.record({
  prefix: fc.constantFrom("", "stream", "s", "ns1"),
  namespace: fc.oneof(fc.constant(streamNamespace), foreign.filter((each) => each !== xmlNamespace)),
  name,
  content: fc.constantFrom("jabber:client", "jabber:server"),
  extra: fc.option(fc.constantFrom({ prefix: "db", namespace: "jabber:server:dialback" }), { nil: undefined }),
  attributes: fc.uniqueArray(
    fc.oneof(
      fc.record({ name: name.filter((name) => name !== "xmlns"), value: text }),
      fc.record({ name, namespace: fc.constant(xmlNamespace), value: text })
    ),
    { maxLength: 4, selector: (each: Attribute) => `${each.name} ${each.namespace ?? ""}` }
  )
}).map(({ attributes, content, extra, name, namespace, prefix }) => {
  const declarations: Array<Declaration> = [{ prefix: "", namespace: prefix === "" ? namespace : content }]
  if (prefix !== "") declarations.push({ prefix, namespace })
  if (extra !== undefined) declarations.push(extra)
  return { name, namespace, prefix, attributes, declarations }
})

/** The header that the examples of this package use. */
export const header: RootTag = {
  name: "stream",
  namespace: streamNamespace,
  prefix: "stream",
  attributes: [{ name: "to", value: "oskar@linden" }, { name: "version", value: "1.0" }],
  declarations: [{ prefix: "", namespace: "jabber:client" }, { prefix: "stream", namespace: streamNamespace }]
}

export interface Part {
  readonly kind: "header" | "element" | "blank" | "footer"
  readonly written: string
}

const written = (element: Element): string => {
  const isRoot = element.name === "stream" && element.namespace === streamNamespace
  return Serialize.element(isRoot ? { ...element, name: "features" } : element, header.declarations)
}

/** Elements as others write them. */
const styles = fc.constantFrom(
  "<message  to = \"a>b\"\n>a]]b<![CDATA[<c>&]]]>]]&gt;\r\n&#x1F600;&#00065;</message\t>",
  "<j:message xmlns:j='jabber:client'><j:body>é</j:body></j:message>",
  "<a xmlns:b='urn:b' b:c='1' c='2'><b:d xmlns:b='urn:x' b:c=''/></a>",
  "<x xmlns=''><y xmlns='urn:y'/><![CDATA[]]></x>",
  "<stream:features xml:lang='en'/>"
)

const blank = fc.constantFrom("", "", " ", "\n", "\r\n", "\t \r ")

/** A stream of well-formed parts, white space among them, perhaps closed. Blanks do not touch each other. */
export const parts: fc.Arbitrary<ReadonlyArray<Part>> = fc.record({
  before: fc.constantFrom("", "\n", " \t\r\n"),
  elements: fc.array(fc.tuple(fc.oneof(element.map(written), styles), blank), { maxLength: 5 }),
  closed: fc.boolean()
}).map(({ before, closed, elements }) => {
  const tag = Serialize.rootTag(header)
  const all: Array<Part> = before === ""
    ? [{ kind: "header", written: tag }]
    : [{ kind: "blank", written: before }, { kind: "header", written: tag.replace("<?xml version='1.0'?>", "") }]
  for (const [element, blank] of elements) {
    all.push({ kind: "element", written: element })
    if (blank !== "") all.push({ kind: "blank", written: blank })
  }
  if (closed) all.push({ kind: "footer", written: "</stream:stream>" })
  return all
})

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export const joinBytes = (pieces: ReadonlyArray<Uint8Array>): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]))

const fragment: fc.Arbitrary<Uint8Array> = fc.constantFrom(
  ..."<>/'\"=&;!?-[] \r\n:a#\0\x7F",
  ..."&nbsp; &lt; &#0; &#xD800; &#; <!-- <!D <![CDATA[ ]]> <?xml <?x ?> </ /> xmlns:q='' b:c='' <q:r/> \uFFFE".split(
    " "
  ),
  "<?xml version='1.1'?>",
  " &#x20; ",
  "&#10;<![CDATA[ ]]>\n",
  " xmlns='http://www.w3.org/2000/xmlns/'",
  "<stream:stream>",
  "</stream:stream>",
  "\uFEFF",
  "\u{1F600}",
  "text"
).map(bytesOf)

const octets: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom([0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xFF])
    .map((octets) => Uint8Array.from(octets))
)

/** What others might send by mistake or malice: good streams with bytes put in, taken out and overwritten. */
export const spoiled: fc.Arbitrary<Uint8Array> = fc.tuple(
  parts,
  fc.array(
    fc.record({ at: fc.nat(), drop: fc.constantFrom(0, 0, 0, 1, 3), put: fc.oneof(fragment, fragment, octets) }),
    { minLength: 1, maxLength: 4 }
  )
).map(([parts, edits]) => {
  const bytes = [...bytesOf(parts.map(({ written }) => written).join(""))]
  for (const { at, drop, put } of edits) bytes.splice(at % (bytes.length + 1), drop, ...put)
  return Uint8Array.from(bytes)
})

/** Bytes that look like XML often enough. */
export const garbage: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.oneof(fragment, octets), { maxLength: 20 }).map(joinBytes)
)

export const anything: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 1, arbitrary: parts.map((parts) => bytesOf(parts.map(({ written }) => written).join(""))) },
  { weight: 3, arbitrary: spoiled },
  { weight: 1, arbitrary: garbage }
)

/** Where to cut: sizes of pieces, used in turn and over again. */
export const cuts: fc.Arbitrary<ReadonlyArray<number>> = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
)

export const cut = (bytes: Uint8Array, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const pieces: Array<Uint8Array> = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}
