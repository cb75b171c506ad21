/** Each kind of fault, and the byte that decides it. */
import { describe, expect, it } from "vitest"
import type { FaultKind } from "../src/Fault.ts"
import { bytesOf, joinBytes, streamNamespace } from "./arbitrary.ts"
import { brief, expectDecided, fresh, inside, opening, read } from "./reading.ts"

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
