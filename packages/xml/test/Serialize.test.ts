/** What is written can be read, and reads as it was. */
import * as fc from "fast-check"
import { isDeepStrictEqual } from "node:util"
import { describe, expect, it } from "vitest"
import * as Element from "../src/Element.ts"
import * as Serialize from "../src/Serialize.ts"
import { bytesOf, element, header, rootTag, runs, streamNamespace, text } from "./arbitrary.ts"
import { open, read, readElement } from "./reading.ts"

const client = "jabber:client"
const write = (element: Element.Element) => Serialize.element(element, header.declarations)
const isHeader = (element: Element.Element) => Element.is(element, streamNamespace, "stream")
const ordinary = element.filter((each) => !isHeader(each))

describe("utf8", () => {
  it("XML-09 is what every encoder makes of a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect([...Serialize.utf8(text)]).toEqual([...new TextEncoder().encode(text)])
      })
    )
  })

  it.each(["\ud800", "a\udc00b", "\ud800\ud800\udc00", "\ud83d\ude00", "\u07ff\u0800\uffff"])(
    "XML-09 has no half of a surrogate pair: %j",
    (text) => expect([...Serialize.utf8(text)]).toEqual([...new TextEncoder().encode(text)])
  )
})

describe("element", () => {
  it("P-32 XML-19 what is written reads as it was, and writes as it was", () => {
    fc.assert(
      fc.property(ordinary, (element) => {
        expect(Serialize.obstacle(element)).toBeUndefined()
        const written = write(element)
        const again = readElement(written)
        expect(again.element).toEqual(element)
        expect(write(again.element)).toBe(written)
      }),
      { numRuns: runs.numRuns * 3 }
    )
  })

  it("P-32 so it does under any header", () => {
    fc.assert(
      fc.property(rootTag, ordinary, (tag, element) => {
        const [root, event, end] = read(
          Serialize.rootTag(tag) + Serialize.element(element, tag.declarations) + Serialize.rootEndTag(tag)
        )
        expect(root).toEqual({ _tag: "RootOpened", tag })
        expect(event).toMatchObject({ _tag: "ElementRead", element })
        expect(end).toEqual({ _tag: "RootClosed" })
      }),
      runs
    )
  })

  it("P-19 NS-10 and needs no prefix of the header but that of the stream", () => {
    fc.assert(
      fc.property(ordinary, (element) => {
        const reader = open()
        reader.push(bytesOf(write(element)))
        expect(reader.next()).toMatchObject({ _tag: "ElementRead", headerPrefixed: false })
        expect(reader.take().length).toBe(0)
      }),
      runs
    )
  })

  it("P-33 XML-19 nothing of restricted XML is written, and no bare control characters", () => {
    fc.assert(
      fc.property(element, (element) => {
        const written = write(element)
        expect(written).not.toMatch(/<[!?]|\]\]>|\r|&(?!(?:lt|gt|amp|apos|quot|#x[9AD]);)/)
        for (const [tag] of written.matchAll(/<[^>]*>/g)) expect(tag).not.toMatch(/[\t\n]/)
      }),
      runs
    )
  })

  it("XML-19 escapes what needs it", () => {
    expect(write(Element.make(client, "a", { b: "<&>'\"\t\n\r é" }, ["<&>'\"\t\n\r ]]>"]))).toBe(
      "<a b='&lt;&amp;&gt;&apos;&quot;&#x9;&#xA;&#xD; é'>&lt;&amp;&gt;'\"\t\n&#xD; ]]&gt;</a>"
    )
  })

  it("NS-05 declares what the header does not, and prefixes what the header prefixes", () => {
    const starttls = Element.make("urn:ietf:params:xml:ns:xmpp-tls", "starttls")
    expect(write(starttls)).toBe("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    expect(bytesOf(write(starttls)).length).toBe(51)
    expect(write(Element.make(streamNamespace, "features", {}, [starttls]))).toBe(
      "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
    )
    expect(write(Element.make(client, "message", { to: "a" }, [Element.make(client, "body", {}, ["hi"])]))).toBe(
      "<message to='a'><body>hi</body></message>"
    )
    expect(write(Element.make("urn:a", "a", {}, [
      Element.make("urn:a", "b"),
      Element.make("", "c", {}, [Element.make("", "d"), Element.make(client, "e")]),
      Element.make(streamNamespace, "f", {}, [Element.make("urn:a", "g")])
    ]))).toBe(
      "<a xmlns='urn:a'><b/><c xmlns=''><d/><e xmlns='jabber:client'/></c><stream:f><g/></stream:f></a>"
    )
  })

  it("NS-02 declares the content namespace under a header that has the stream namespace as default", () => {
    const bindings = [{ prefix: "", namespace: streamNamespace }]
    expect(Serialize.element(Element.make(client, "message"), bindings)).toBe("<message xmlns='jabber:client'/>")
    expect(Serialize.element(Element.make(streamNamespace, "features"), bindings)).toBe("<features/>")
    expect(Serialize.element(Element.make("", "a"), [])).toBe("<a/>")
  })

  it("NS-14 binds the prefixes of foreign attributes on the element itself, apart from those of the header", () => {
    const attributes = [
      { name: "a", namespace: "urn:x", value: "1" },
      { name: "b", value: "2" },
      { name: "c", namespace: "urn:y", value: "3" },
      { name: "d", namespace: "urn:x", value: "4" },
      { name: "lang", namespace: Element.xmlNamespace, value: "en" },
      { name: "e", namespace: streamNamespace, value: "5" }
    ]
    const bindings = [{ prefix: "", namespace: client }, { prefix: "ns2", namespace: streamNamespace }]
    expect(Serialize.element({ name: "m", namespace: client, attributes, children: [] }, bindings)).toBe(
      "<m xmlns:ns1='urn:x' xmlns:ns3='urn:y' xmlns:ns4='http://etherx.jabber.org/streams'" +
        " ns1:a='1' b='2' ns3:c='3' ns1:d='4' xml:lang='en' ns4:e='5'/>"
    )
  })

  it("keeps apart elements without children and with empty text alike", () => {
    expect(write(Element.make(client, "a"))).toBe("<a/>")
    expect(write(Element.make(client, "a", {}, [""]))).toBe("<a></a>")
    expect(write(Element.make(client, "a", {}, ["x", "", "y"]))).toBe("<a>xy</a>")
  })

  it("writes elements deeper than any stack, and finds their obstacles", () => {
    let deep = Element.make(client, "a", {}, ["\u0000"])
    for (let depth = 0; depth < 100_000; depth++) deep = Element.make(client, "a", {}, [deep])
    expect(write(deep).length).toBe(100_001 * "<a></a>".length + 1)
    expect(Serialize.obstacle(deep)).toMatch(/character/)
  })
})

describe("rootTag", () => {
  it("HDR-01 P-32 reads as it was, and its end tag ends it", () => {
    fc.assert(
      fc.property(rootTag, (tag) => {
        const written = Serialize.rootTag(tag)
        expect(written.startsWith("<?xml version='1.0'?><")).toBe(true)
        const events = read(written + Serialize.rootEndTag(tag))
        expect(events).toEqual([{ _tag: "RootOpened", tag }, { _tag: "RootClosed" }])
        expect(Serialize.rootTag(events[0]?._tag === "RootOpened" ? events[0].tag : header)).toBe(written)
      }),
      runs
    )
  })

  it("HDR-01 END-01 is written as the examples write it, the default declaration first", () => {
    const tag: Element.RootTag = {
      name: "stream",
      namespace: streamNamespace,
      prefix: "stream",
      attributes: [
        ...Element.attributesOf({ from: "romeo@forza", to: "juliet@pronto", id: undefined, version: "1.0" }),
        { name: "lang", namespace: Element.xmlNamespace, value: "en" }
      ],
      declarations: [{ prefix: "stream", namespace: streamNamespace }, { prefix: "", namespace: client }]
    }
    expect(Serialize.rootTag(tag)).toBe(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'" +
        " from='romeo@forza' to='juliet@pronto' version='1.0' xml:lang='en'>"
    )
    expect(Serialize.rootEndTag(tag)).toBe("</stream:stream>")
    expect(Serialize.rootEndTag({ ...tag, prefix: "" })).toBe("</stream>")
  })

  it("uses the prefixes that it declares for its own attributes", () => {
    const tag = { ...header, attributes: [{ name: "a", namespace: streamNamespace, value: "'" }] }
    expect(Serialize.rootTag(tag)).toMatch(/ stream:a='&apos;'>$/)
  })
})

describe("obstacle", () => {
  const plain = Element.make(client, "a")
  const withAttribute = (...attributes: ReadonlyArray<Element.Attribute>) => ({ ...plain, attributes })
  const badTexts = ["\u0000", "\u0008", "\u000B", "\u001F", "\uFFFE", "\uFFFF", "\uD800", "a\uDFFFb", "\uDC00\uD800"]
  const badNames = ["", "1a", "a b", "a:b", ":", "-", "é>", "a\uD800", "·", "<", "a'", "\u00D7"]

  it.each(badTexts)("XML-19 finds %j wherever it is", (bad) => {
    const places = [
      { ...plain, children: [bad] },
      { ...plain, namespace: bad },
      withAttribute({ name: "b", value: bad }),
      withAttribute({ name: "b", namespace: bad, value: "" })
    ]
    for (const place of places) {
      expect(Serialize.obstacle(place)).toEqual(expect.any(String))
      expect(Serialize.obstacle({ ...plain, children: ["x", plain, place] })).toBe(Serialize.obstacle(place))
    }
  })

  it.each(badNames)("XML-19 finds that %j is no name", (bad) => {
    expect(Serialize.obstacle({ ...plain, name: bad })).toMatch(/element name/)
    expect(Serialize.obstacle(withAttribute({ name: bad, value: "" }))).toMatch(/attribute name/)
  })

  it("XML-08 finds what namespaces do not allow", () => {
    const xmlns = "http://www.w3.org/2000/xmlns/"
    const obstacles = [
      { ...plain, namespace: xmlns },
      withAttribute({ name: "a", namespace: xmlns, value: "" }),
      withAttribute({ name: "a", namespace: "", value: "" }),
      withAttribute({ name: "xmlns", value: "urn:x" }),
      withAttribute({ name: "a", value: "1" }, { name: "b", value: "" }, { name: "a", value: "2" }),
      withAttribute({ name: "a", namespace: "u", value: "1" }, { name: "a", namespace: "u", value: "1" })
    ].map(Serialize.obstacle)
    expect(obstacles.every((each) => typeof each === "string")).toBe(true)
    expect(Serialize.obstacle(withAttribute({ name: "a", value: "" }, { name: "a", namespace: "u", value: "" })))
      .toBeUndefined()
  })

  it("XML-19 and there is none exactly when the reader can read it", () => {
    const oddText = fc.oneof(text, fc.string({ unit: fc.constantFrom("a", "\uD800", "\uDC00", "\u0000", "\uFFFE") }))
    const oddName = fc.oneof(fc.constantFrom("a", "xmlns", ...badNames), fc.string({ maxLength: 3 }))
    const plain = { noNullPrototype: true }
    const attribute = fc.record({ name: oddName, value: oddText }, plain)
    const odd = fc.record({
      name: oddName,
      namespace: fc.constantFrom(client, "", "http://www.w3.org/2000/xmlns/", "\u0000"),
      attributes: fc.array(attribute, { maxLength: 2 }),
      children: oddText.map((text) => text === "" ? [] : [text])
    }, plain)
    fc.assert(
      fc.property(odd, (element) => {
        const reader = open()
        reader.push(bytesOf(write(element)))
        const event = reader.next()
        const isSame = event?._tag === "ElementRead" && isDeepStrictEqual(event.element, element)
        expect(Serialize.obstacle(element) === undefined).toBe(isSame && reader.take().length === 0)
      }),
      { numRuns: runs.numRuns * 3 }
    )
  })
})
