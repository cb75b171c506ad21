/** XML-07, XML-08: what is not well-formed, and the byte at which that shows. */
import { describe, expect, it } from "vitest"
import { brief, expectDecided, fresh, inside } from "./reading.ts"

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
