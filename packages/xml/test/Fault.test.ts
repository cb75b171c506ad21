/** Each kind of fault, and the byte that decides it. */
import { describe, expect, it } from "vitest"
import type { FaultKind } from "../src/Fault.ts"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import { bytesOf, joinBytes, streamNamespace } from "./arbitrary.ts"
import { brief, decide, inside, open, opening, read } from "./reading.ts"

/** The fault that these bytes end in, and only their last one. */
const expectDecided = (bytes: string | Uint8Array, kind: FaultKind, reader = open()) => {
  const all = typeof bytes === "string" ? bytesOf(bytes) : bytes
  expect(decide(reader, all)).toEqual({ kind, after: all.length })
}
const fresh = () => Reader.make(Limits.defaults)
const stream = (tail: string) => `<stream:stream xmlns:stream='${streamNamespace}'>${tail}`

const kinds: { readonly [Kind in FaultKind]: string } = {
  notWellFormed: "<a></b>",
  restricted: "<!-- -->",
  encoding: "<?xml version='1.0' encoding='ISO-8859-1'?>",
  xmlVersion: "<?xml version='1.1'?>",
  textAtRoot: stream("text"),
  nestedRoot: stream("<stream:stream>"),
  elementTooBig: stream(`<a b='${"x".repeat(30)}'/>`),
  headerTooBig: `<a b='${"x".repeat(80)}`,
  tooDeep: stream("<a><b><c>"),
  tooManyAttributes: stream("<a b='' c='' d=''>")
}

describe("XmlFault", () => {
  const limits = { headerBytesMax: 80, elementBytesMax: 30, depthMax: 2, attributesMax: 2 }

  it.each(Object.entries(kinds))("P-29 has the kind %s", (kind, bytes) => {
    expect(brief(read(bytes, limits)).at(-1)).toBe(kind)
  })

  it("its detail is a sentence without what was found", () => {
    const secrets = [
      "<secret:a/>",
      "<a secret='' secret=''/>",
      "<a></secret>",
      "</secret>",
      "<a secret>",
      "<a:b:secret/>"
    ]
    for (const secret of secrets) {
      const [event] = inside(secret)
      expect(event).toMatchObject({ _tag: "Faulted", fault: { kind: "notWellFormed" } })
      expect(JSON.stringify(event)).not.toMatch(/secret/)
    }
  })
})

describe("restricted XML", () => {
  it("XML-01 a comment is refused at <!-, anywhere", () => {
    expectDecided("<!-", "restricted", fresh())
    expectDecided("<?xml version='1.0'?><!-", "restricted", fresh())
    expectDecided("<!-", "restricted")
    expectDecided(" <!-", "restricted")
    expectDecided("<message><!-", "restricted")
    expectDecided("<message>text<!-", "restricted")
  })

  it("XML-02 a processing instruction is refused at <?, but where an XML declaration may be", () => {
    expectDecided("<?", "restricted")
    expectDecided("<message><?", "restricted")
    expectDecided("<?xml version='1.0'?><?", "restricted", fresh())
    expectDecided("<?xml version='1.0'?>\n<?", "restricted", fresh())
    expectDecided("<?g", "restricted", fresh())
    expectDecided("<?xmlf", "restricted", fresh())
    expectDecided("<?xml-", "restricted", fresh())
    expectDecided("<?X", "restricted", fresh())
    expectDecided(" <?g", "restricted", fresh())
  })

  it("XML-03 a document type is refused at <!D, before its subset", () => {
    expectDecided("<!D", "restricted", fresh())
    expectDecided("<?xml version='1.0'?>\n<!D", "restricted", fresh())
    expectDecided("<!D", "restricted")
    expectDecided("<message><!E", "restricted")
    expectDecided("<message><![I", "restricted")
    expectDecided("<message><![CDATA:", "restricted")
  })

  it("XML-03 no entity is ever defined", () => {
    const bomb = "<!DOCTYPE a [<!ENTITY x '&y;&y;'><!ENTITY y 'ha'>]>"
    expect(brief(read(`${bomb}<a>&x;</a>`))).toEqual(["restricted"])
  })

  it("XML-04 a reference to an entity that is not predefined is refused at its ;", () => {
    expectDecided("<a>&nbsp;", "restricted")
    expectDecided("<a>&lt;&LT;", "restricted")
    expectDecided("<a b='&x:y;", "restricted")
    expectDecided("<a>&ampersand;", "restricted")
    expectDecided("<a>&constructor;", "restricted")
    expectDecided("<a>&quota;", "restricted")
    expectDecided("<a>&ap;", "restricted")
    expectDecided("&nbsp;", "restricted")
    expectDecided(stream("").replace(">", " b='&é;"), "restricted", fresh())
  })

  it("XML-06 CDATA is no markup", () => {
    expect(brief(inside("<a><![CDATA[<!-- <?x?> &nbsp; <!DOCTYPE]]></a>"))).toEqual(["ElementRead"])
  })
})

describe("XML declaration", () => {
  it("XML-12 another version is refused where it is named", () => {
    expectDecided("<?xml version='1.1'", "xmlVersion", fresh())
    expectDecided("<?xml version=\"2.0\"", "xmlVersion", fresh())
    expectDecided("<?xml version='1'", "xmlVersion", fresh())
    expectDecided("<?xml version='one'", "notWellFormed", fresh())
  })

  it("XML-09 another encoding is refused where it is named", () => {
    expectDecided("<?xml version='1.0' encoding='ISO-8859-1'", "encoding", fresh())
    expectDecided("<?xml version='1.0' encoding='UTF-16'", "encoding", fresh())
    expectDecided("<?xml version='1.0' encoding='8'", "notWellFormed", fresh())
    expect(brief(read("<?xml version='1.1' encoding='UTF-16'?>"))).toEqual(["xmlVersion"])
  })

  it("XML-07 is refused when malformed", () => {
    expectDecided("<?xml?>", "notWellFormed", fresh())
    expectDecided("<?xml encoding=", "notWellFormed", fresh())
    expectDecided("<?xml version='1.0'e", "notWellFormed", fresh())
    expectDecided("<?xml version='1.0'?x", "notWellFormed", fresh())
  })

  it("XML-13 does not follow white space", () => {
    expectDecided(" \n<?xml ", "notWellFormed", fresh())
    expectDecided("\n<?xml?", "notWellFormed", fresh())
  })
})

describe("encoding", () => {
  const faulty: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
    ["a broken sequence (wire example 6.2)", [0xC3, 0x28]],
    ["an overlong slash", [0xC0]],
    ["an overlong three bytes", [0xE0, 0x9F]],
    ["an overlong four bytes", [0xF0, 0x8F]],
    ["a surrogate", [0xED, 0xA0]],
    ["beyond U+10FFFF", [0xF4, 0x90]],
    ["five bytes", [0xF8]],
    ["a continuation by itself", [0x80]],
    ["a sequence cut off by a tag", [0xE2, 0x82, 0x3C]]
  ]

  it.each(faulty)("XML-09 %s is refused at the byte that cannot be", (_, octets) => {
    for (const before of ["<message><body>", "<message a='", "", "<mess", "<message><![CDATA["]) {
      expectDecided(joinBytes([bytesOf(before), Uint8Array.from(octets)]), "encoding")
    }
    expectDecided(Uint8Array.from(octets), "encoding", fresh())
  })

  it("XML-10 AMB-12 a byte order mark is text outside the root", () => {
    expectDecided(Uint8Array.of(0xEF, 0xBB, 0xBF), "notWellFormed", fresh())
    expect(brief(read(`\uFEFF${opening}`))).toEqual(["notWellFormed"])
  })
})

describe("well-formedness", () => {
  it("XML-07 text before the header is refused at its first character", () => {
    expectDecided("h", "notWellFormed", fresh())
    expectDecided("\n x", "notWellFormed", fresh())
    expectDecided("é", "notWellFormed", fresh())
    expectDecided("&", "notWellFormed", fresh())
    expectDecided("<![CDATA[", "notWellFormed", fresh())
    expectDecided("</", "notWellFormed", fresh())
  })

  it("XML-07 markup is refused where it goes wrong", () => {
    const markups = [
      "< ",
      "<1",
      "<a <",
      "<a b=c",
      "<a b='<",
      "<a b'",
      "<a b='' b=''>",
      "<a b=''c",
      "<a b>",
      "<a/ ",
      "<a></a b"
    ]
    for (const markup of markups) expectDecided(markup, "notWellFormed")
    expectDecided("<a>]]>", "notWellFormed")
    expectDecided("<a>\u0001", "notWellFormed")
    expectDecided("<a b='\uFFFE", "notWellFormed")
    expectDecided("<a &", "notWellFormed")
  })

  it("XML-07 XML-24 end tags match their start tags, prefix included", () => {
    expectDecided("<message><body>one</message>", "notWellFormed")
    expectDecided("<a></>", "notWellFormed")
    expectDecided("</a:stream>", "notWellFormed")
    expectDecided("<a xmlns:b='u' xmlns:c='u'><b:x></c:x>", "notWellFormed")
    expectDecided("<a xmlns='jabber:client'></stream:stream>", "notWellFormed")
  })

  it("XML-05 a reference is to a character that XML has, and has a form", () => {
    const references = [
      "&#0;",
      "&#8;",
      "&#xD800;",
      "&#xDFFF;",
      "&#xFFFE;",
      "&#xFFFF;",
      "&#x110000;",
      "&#;",
      "&#x;",
      "&;"
    ]
    for (const reference of [...references, "&#99999999999999999999;"]) {
      expectDecided(`<a>${reference}`, "notWellFormed")
      expectDecided(`<a b='${reference}`, "notWellFormed")
      expectDecided(reference, "notWellFormed")
    }
  })

  it("XML-04 XML-07 an ampersand that begins no reference is refused where that shows", () => {
    for (const mistake of ["R& ", "AT&T ", "&#1a", "&#xg", "&#X", "&a<", "&1", "&-", "&#x41 ", "&a'"]) {
      expectDecided(`<a>${mistake}`, "notWellFormed")
    }
  })

  it.each([
    ["an unbound prefix", "<x:body>"],
    ["an unbound prefix of an attribute", "<a x:b=''>"],
    ["two attributes with one expanded name", "<a xmlns:b='u' xmlns:c='u' b:x='' c:x=''>"],
    ["a prefix undeclared", "<a xmlns:x=''>"],
    ["xmlns as a prefix declared", "<a xmlns:xmlns='u'>"],
    ["xmlns as a prefix used", "<xmlns:a>"],
    ["xml bound otherwise", "<a xmlns:xml='u'>"],
    ["the namespace of xml bound otherwise", "<a xmlns:x='http://www.w3.org/XML/1998/namespace'>"],
    ["the namespace of xml as default", "<a xmlns='http://www.w3.org/XML/1998/namespace'>"],
    ["the namespace of xmlns bound", "<a xmlns:x='http://www.w3.org/2000/xmlns/'>"],
    ["the namespace of xmlns as default", "<a xmlns='http://www.w3.org/2000/xmlns/'>"],
    ["two colons", "<a xmlns:b='u'><b:c:d>"],
    ["a colon in front", "<:a>"],
    ["a colon at the end", "<a xmlns:b='u' b:=''>"],
    ["a colon at the end of a declaration", "<a xmlns:=''>"],
    ["two colons in a declaration", "<a xmlns:b:c='u'>"],
    ["a local name that is none", "<a xmlns:b='u'><b:1>"],
    ["a prefix of an element that ended", "<a><b xmlns:x='u'/><x:c>"]
  ])("XML-08 %s is refused", (_, written) => {
    expectDecided(written, "notWellFormed")
  })

  it("XML-08 the prefix xml may be declared as what it is", () => {
    expect(brief(inside("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>"))).toEqual([
      "ElementRead"
    ])
  })
})

describe("first level", () => {
  it("XML-17 text is refused at its first character that is no white space", () => {
    expectDecided("l", "textAtRoot")
    expectDecided("\n  é", "textAtRoot")
    expectDecided("<a/> .", "textAtRoot")
    expectDecided("\u{1F600}", "textAtRoot")
    expectDecided("\uFEFF", "textAtRoot")
    expectDecided("]", "textAtRoot")
    expectDecided("\u0001", "notWellFormed")
    expectDecided("\uFFFE", "notWellFormed")
  })

  it("XML-04 XML-17 so it is in a reference and in CDATA", () => {
    expectDecided("&amp;", "textAtRoot")
    expectDecided(" &#x20;&#65;", "textAtRoot")
    expectDecided("<![CDATA[ x", "textAtRoot")
    expectDecided("<![CDATA[]x", "textAtRoot")
    expectDecided("<![CDATA[]] ", "textAtRoot")
    expectDecided("<![CDATA[]]]", "textAtRoot")
    expectDecided("<![CDATA[\u0001", "notWellFormed")
    expectDecided("<![CDATA[]\u0001", "textAtRoot")
  })

  it("HDR-33 a second header is refused at its start tag", () => {
    expectDecided("<stream:stream>", "nestedRoot")
    expectDecided("<stream:stream/>", "nestedRoot")
    expectDecided(`<stream xmlns='${streamNamespace}'>`, "nestedRoot")
    expectDecided("<stream:stream to='oskar@linden' xmlns='jabber:client'>", "nestedRoot")
    expect(brief(inside("<stream/><stream:features/><a><stream:stream/></a>"))).toEqual(
      ["ElementRead", "ElementRead", "ElementRead"]
    )
  })
})

describe("wire example 6.2", () => {
  it.each([
    ["<message><body>one</message>", "notWellFormed"],
    ["<message><x:body>unbound</x:body></message>", "notWellFormed"],
    ["<message><!-- aside --><body>two</body></message>", "restricted"],
    ["<message><body>&nbsp;</body></message>", "restricted"],
    ["<?go on?>", "restricted"],
    [`<message><body>${"x".repeat(300_000)}`, "elementTooBig"],
    ["loose words between elements", "textAtRoot"]
  ])("%.60s", (written, kind) => {
    expect(brief(inside(written))).toEqual([kind])
  })
})
