/** What the fast lane takes and what it leaves to the parser. That both read the same is for `lanes/lanes.test.ts`. */
import { describe, expect, it } from "vitest"
import * as Lane from "../../src/internal/lane/lane.ts"
import * as Unread from "../../src/internal/unread.ts"
import * as Limits from "../../src/Limits.ts"
import { bytesOf, header } from "../arbitrary.ts"

const ask = (text: string, limits = Limits.defaults) => {
  const lane = Lane.make(limits)
  lane.enter(header)
  const unread = Unread.make()
  Unread.push(unread, bytesOf(text))
  const read = lane.next(unread)
  return { said: typeof read === "object" ? read._tag : read, left: unread.size - unread.at }
}

describe("the fast lane", () => {
  it.each([
    ["a chat message", "<message from='a@b/c' to='d@e' type='chat' id='1'><body>Hi &amp; hi</body></message>"],
    ["what is not ASCII in it", "<message><body>\u00E9\u20AC\u{1F600}</body></message>"],
    ["namespaces by default", "<iq><query xmlns='urn:q'><a xmlns=''/></query></iq>"],
    ["the stream's own prefix", "<stream:features><a xmlns='urn:a'/></stream:features>"],
    ["xml:lang and both quotes", "<message xml:lang=\"it's\" a='\"'>x</message >"],
    ["no content", "<presence/>"]
  ])("takes %s", (_, text) => {
    expect(ask(text)).toEqual({ said: "ElementRead", left: 0 })
    expect(ask(text + "<a")).toEqual({ said: "ElementRead", left: 2 })
    for (let cut = 1; cut < bytesOf(text).length; cut++) {
      const lane = Lane.make(Limits.defaults)
      lane.enter(header)
      const unread = Unread.make()
      Unread.push(unread, bytesOf(text).subarray(0, cut))
      expect(lane.next(unread)).toBeUndefined()
      expect(unread.at).toBe(0)
      Unread.push(unread, bytesOf(text).subarray(cut))
      expect(lane.next(unread)).toMatchObject({ _tag: "ElementRead" })
    }
  })

  it.each([
    ["CDATA", "<a><![CDATA[x]]></a>"],
    ["declared prefixes", "<a xmlns:q='urn:q'/>"],
    ["foreign prefixes", "<a><q:b/></a>"],
    ["CR", "<a>\r</a>"],
    ["a name that is not ASCII", "<\u00E9/>"],
    ["a comment", "<a><!-- --></a>"],
    ["an instruction", "<a><?b?></a>"],
    ["a wrong end tag", "<a></b>"],
    ["an attribute twice", "<a b='' b=''/>"],
    ["a stream inside the stream", "<stream:stream>"],
    ["the footer", "</stream:stream>"],
    ["an unknown entity", "<a>&nbsp;</a>"],
    ["bytes beyond UTF-8", "<a>\u0000</a>"]
  ])("leaves to the parser: %s", (_, text) => {
    expect(ask(text)).toEqual({ said: "strange", left: bytesOf(text).length })
  })

  it("XML-18 P-31 leaves to the parser what is beyond the limits", () => {
    const text = "<a b='' c=''><d>x</d></a>"
    expect(ask(text, { ...Limits.defaults, elementBytesMax: text.length }).said).toBe("ElementRead")
    for (const low of [{ elementBytesMax: text.length - 1 }, { depthMax: 1 }, { attributesMax: 1 }]) {
      expect(ask(text, { ...Limits.defaults, ...low }).said).toBe("strange")
    }
  })

  it("looks at the bytes of a tag in small pieces only so often, and then leaves it to the parser", () => {
    const lane = Lane.make(Limits.defaults)
    lane.enter(header)
    const unread = Unread.make()
    Unread.push(unread, bytesOf("<a b='"))
    let pieces = 0
    while (lane.next(unread) === undefined && pieces < 100_000) {
      Unread.push(unread, bytesOf("x"))
      pieces++
    }
    expect(pieces).toBeLessThan(1000)
  })
})
