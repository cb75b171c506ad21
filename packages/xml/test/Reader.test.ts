/**
 * What is read. How far is in `unread.test.ts`, refusals in `Fault.test.ts`, limits in `Limits.test.ts`, cuts in
 * `chunks.test.ts`.
 */
import { describe, expect, it } from "vitest"
import * as Element from "../src/Element.ts"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import { bytesOf, header, streamNamespace } from "./arbitrary.ts"
import { brief, inside, opening, read, readElement } from "./reading.ts"

const client = "jabber:client"

const rootOf = (written: string): Element.RootTag => {
  const event = read(written).find((each) => each._tag === "RootOpened")
  if (event === undefined) throw new Error("no root tag")
  return event.tag
}

describe("the header", () => {
  it("HDR-01 HDR-02 is read with or without XML declaration", () => {
    const bare = opening.replace("<?xml version='1.0'?>", "")
    const declarations = [
      "",
      "<?xml version='1.0'?>",
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n",
      "<?xml  version = '1.0'\tencoding='utf-8'?>",
      "<?xml version='1.0' standalone='yes'?>",
      "<?xml version='1.0' encoding='Utf-8' standalone='no'?>\r\n"
    ]
    expect(declarations.map((each) => rootOf(each + bare))).toEqual(declarations.map(() => header))
  })

  it("XML-11 standalone is ignored, but must be one", () => {
    expect(brief(read("<?xml version='1.0' standalone='perhaps'?>"))).toEqual(["notWellFormed"])
  })

  it("NS-02 may have the stream namespace as default (wire example 15)", () => {
    const [root, blank, element, again, end] = read(
      `<stream xmlns='${streamNamespace}' to='oskar@linden' version='1.0'>\n  ` +
        "<message xmlns='jabber:client'><body>no default content namespace</body></message>\n</stream>"
    )
    expect(root).toEqual({
      _tag: "RootOpened",
      tag: {
        name: "stream",
        namespace: streamNamespace,
        prefix: "",
        attributes: [{ name: "to", value: "oskar@linden" }, { name: "version", value: "1.0" }],
        declarations: [{ prefix: "", namespace: streamNamespace }]
      }
    })
    expect(element).toEqual({
      _tag: "ElementRead",
      element: Element.make(client, "message", {}, [
        Element.make(client, "body", {}, ["no default content namespace"])
      ]),
      prefixed: false,
      headerPrefixed: false
    })
    expect([blank, again, end].map((each) => each?._tag)).toEqual(["WhitespaceRead", "WhitespaceRead", "RootClosed"])
  })

  it("NS-04 AMB-13 may have any prefix, and declare others (wire example 15)", () => {
    const tag = rootOf(
      `<abc:stream xmlns='jabber:client' xmlns:abc='${streamNamespace}' xmlns:db='jabber:server:dialback' ` +
        "to=\"oskar@linden\" version=\"01.0\">\n</abc:stream>"
    )
    expect(tag.prefix).toBe("abc")
    expect(tag.namespace).toBe(streamNamespace)
    expect(tag.declarations.map(({ prefix }) => prefix)).toEqual(["", "abc", "db"])
    expect(Element.attribute(tag, "version")).toBe("01.0")
  })

  it("XML-13 may follow white space (wire example 15)", () => {
    const bare = opening.replace("<?xml version='1.0'?>", "")
    expect(brief(read(` \n${bare}`))).toEqual(["WhitespaceRead", "RootOpened"])
    expect(brief(read(`<?xml version='1.0'?>\n\t${bare}`))).toEqual(["WhitespaceRead", "RootOpened"])
  })

  it("HDR-02 is reported whatever it is: others judge it", () => {
    expect(rootOf("<a/>")).toEqual({ name: "a", namespace: "", prefix: "", attributes: [], declarations: [] })
    expect(rootOf("<x:y xmlns:x='urn:x' xml:lang='en' x:z='1'>").attributes).toEqual([
      { name: "lang", namespace: Element.xmlNamespace, value: "en" },
      { name: "z", namespace: "urn:x", value: "1" }
    ])
  })

  it("XML-23 may close itself: two events of one byte", () => {
    const reader = Reader.make(Limits.defaults)
    reader.push(bytesOf("<a/>rest"))
    expect(reader.next()?._tag).toBe("RootOpened")
    expect(reader.next()?._tag).toBe("RootClosed")
    expect(reader.next()).toBeUndefined()
  })
})

describe("elements", () => {
  const content = (written: string) => readElement(written).element.children

  it("STZ-01 have their namespaces resolved, and no declarations among their attributes", () => {
    expect(readElement("<a xmlns:p='urn:p' p:x='1' x='2' xml:lang='de'><p:b xmlns='urn:d'/><b xmlns=''/></a>").element)
      .toEqual({
        name: "a",
        namespace: client,
        attributes: [
          { name: "x", namespace: "urn:p", value: "1" },
          { name: "x", value: "2" },
          { name: "lang", namespace: Element.xmlNamespace, value: "de" }
        ],
        children: [Element.make("urn:p", "b"), Element.make("", "b")]
      })
  })

  it("NS-12 give a prefix the meaning that it has where it stands", () => {
    expect(content("<a xmlns:p='urn:1'><p:b xmlns:p='urn:2'><p:c/></p:b><p:d/></a>")).toEqual([
      Element.make("urn:2", "b", {}, [Element.make("urn:2", "c")]),
      Element.make("urn:1", "d")
    ])
  })

  it("XML-08 compare namespaces as they stand, white space included", () => {
    expect(readElement("<a xmlns=' urn:a&#x9;'/>").element.namespace).toBe(" urn:a\t")
    expect(content("<a xmlns:p='u' xmlns:q='u ' p:x='' q:x=''>t</a>")).toEqual(["t"])
  })

  it("XML-06 join adjacent text, across CDATA and references", () => {
    expect(content("<a>one<![CDATA[ <two> &amp; ]]>&lt;three&gt;<![CDATA[]]]]>&#x34;<![CDATA[]]></a>")).toEqual([
      "one <two> &amp; <three>]]4"
    ])
    expect(content("<a><![CDATA[]]></a>")).toEqual([])
    expect(content("<a>x<b/>y</a>")).toEqual(["x", Element.make(client, "b"), "y"])
  })

  it("XML-05 may refer to any character that XML has", () => {
    expect(content("<a>&#9;&#10;&#xD;&#x20;&#xD7FF;&#xE000;&#xfffd;&#x10000;&#x10FFFF;&#0000000065;</a>")).toEqual([
      "\t\n\r \uD7FF\uE000\uFFFD\u{10000}\u{10FFFF}A"
    ])
    expect(content("<a>&lt;&gt;&amp;&apos;&quot;</a>")).toEqual(["<>&'\""])
    expect(readElement("<a b='&lt;&#xE9;&quot;&amp;amp;'/>").element.attributes).toEqual([
      { name: "b", value: "<é\"&amp;" }
    ])
  })

  it("XML-22 have their line ends and attributes normalised", () => {
    expect(content("<a>1\r\n2\r3\n4\r\r\n5&#13;\n</a>")).toEqual(["1\n2\n3\n4\n\n5\r\n"])
    expect(content("<a><![CDATA[1\r\n2\r3]]></a>")).toEqual(["1\n2\n3"])
    expect(readElement("<a b='1\r\n2\r3\n4\t5&#13;&#10;&#9;6  7 '/>").element.attributes).toEqual([
      { name: "b", value: "1 2 3 4 5\r\n\t6  7 " }
    ])
  })

  it("XML-10 may contain U+FEFF as an ordinary character", () => {
    expect(content("<a>\uFEFFx</a>")).toEqual(["\uFEFFx"])
  })

  it("may have names that mean something to JavaScript", () => {
    expect(readElement("<__proto__ constructor='1' __proto__='2'/>").element).toEqual({
      name: "__proto__",
      namespace: client,
      attributes: [{ name: "constructor", value: "1" }, { name: "__proto__", value: "2" }],
      children: []
    })
  })

  it("END-01 `>` in an attribute or in text ends nothing", () => {
    expect(readElement("<a b='>/>' c=\"</a>\"".replace("</a>", "&lt;/a>") + ">></a>").element).toEqual(
      Element.make(client, "a", { b: ">/>", c: "</a>" }, [">"])
    )
  })
})

describe("prefixes", () => {
  const declaring = (written: string) => {
    const events = read(
      `<s:stream xmlns='jabber:client' xmlns:s='${streamNamespace}' xmlns:db='urn:db' xmlns:t='${streamNamespace}'>` +
        written
    )
    const event = events[1]
    return event?._tag === "ElementRead" ? [event.prefixed, event.headerPrefixed] : events
  }

  it("NS-05 `prefixed` says that the first-level element has one", () => {
    expect(declaring("<j:message xmlns:j='jabber:client'><j:body/></j:message>")).toEqual([true, false])
    expect(declaring("<s:features/>")).toEqual([true, false])
    expect(declaring("<message><j:body xmlns:j='jabber:client'/></message>")).toEqual([false, false])
  })

  it.each([
    ["<message><db:x/></message>", [false, true]],
    ["<message><body/><x><y db:z='1'/></x></message>", [false, true]],
    ["<message db:z='1'/>", [false, true]],
    ["<db:x/>", [true, true]],
    ["<t:features/>", [true, true]],
    ["<message><db:x xmlns:db='urn:own'/></message>", [false, false]],
    ["<message xmlns:db='urn:db'><db:x><db:y db:z=''/></db:x></message>", [false, false]],
    ["<message><x xmlns:db='urn:own'><db:y/></x><db:z/></message>", [false, true]],
    ["<message xml:lang='en'><s:x/></message>", [false, false]]
  ])("NS-10 `headerPrefixed` says that a prefix of the header is used: %s", (written, flags) => {
    expect(declaring(written)).toEqual(flags)
  })

  it("NS-10 does not mean the prefix xml, even if the header declares it", () => {
    const [, event] = read(`<a xmlns:xml='${Element.xmlNamespace}'><b xml:lang='en'/>`)
    expect(event).toMatchObject({ _tag: "ElementRead", headerPrefixed: false })
  })

  it("NS-10 says so for one element, and not for the next", () => {
    const events = read("<s xmlns:db='urn:db'><a><db:b/></a><c/>")
    expect(events.map((each) => each._tag === "ElementRead" && each.headerPrefixed)).toEqual([false, true, false])
  })
})

describe("white space", () => {
  it("XML-14 between first-level elements is reported once, before the next tag", () => {
    expect(brief(inside(" "))).toEqual([])
    expect(brief(inside(" \r\n\t <a/>\n<b/></stream:stream>"))).toEqual(
      ["WhitespaceRead", "ElementRead", "WhitespaceRead", "ElementRead", "RootClosed"]
    )
  })

  it("XML-17 may be written as reference or CDATA", () => {
    expect(brief(inside("&#x20;&#10;<![CDATA[ ]]><![CDATA[]]><a/>"))).toEqual([
      "WhitespaceRead",
      "WhitespaceRead",
      "ElementRead"
    ])
  })

  it("inside elements is text", () => {
    expect(readElement("<a> <b/>\n</a>").element.children).toEqual([" ", Element.make(client, "b"), "\n"])
  })
})
