/** The parser is let go of between first-level elements: it makes no difference where bytes end. */
import { assert, describe, it } from "vitest"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"

const header = (prefix: string): string =>
  prefix === ""
    ? "<?xml version='1.0'?><stream xmlns='http://etherx.jabber.org/streams' xmlns:a='urn:a' xml:lang='en'>"
    : `<?xml version='1.0'?><${prefix}:stream xmlns='jabber:client' xmlns:${prefix}='http://etherx.jabber.org/streams' xmlns:a='urn:a'>`

const ends = (prefix: string): ReadonlyArray<string> => [
  prefix === "" ? "</stream>" : `</${prefix}:stream>`,
  prefix === "" ? "</streams>" : `</${prefix}:streams>`,
  "</a:stream>",
  "</stream:stream >",
  "<!-- -->",
  "<?xml version='1.0'?>",
  "&amp;",
  "<stream:stream/>",
  "<a:b a:c='1' a:d='2'>&lt;<![CDATA[x]]></a:b>",
  "<a c='1' c='2'/>",
  "<unbound:b/>",
  "</message>"
]

const middles = [
  "<message><body>a &amp; b</body></message>",
  "<message xmlns='jabber:server'/>",
  "<a:b a:c='1'><![CDATA[ ]]]]></a:b>",
  "<x:b xmlns:x='urn:x'><x:c/></x:b>",
  "  \n"
]

/** All that a reader says, of pieces. */
const said = (make: typeof Reader.make, pieces: ReadonlyArray<string>): ReadonlyArray<Reader.ReaderEvent> => {
  const reader = make(Limits.defaults)
  const events: Array<Reader.ReaderEvent> = []
  for (const piece of pieces) {
    reader.push(new TextEncoder().encode(piece))
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      events.push(event)
      if (event._tag === "Faulted" || event._tag === "RootClosed") return events
    }
  }
  return events
}

describe("a reader that is given one element at a time", () => {
  for (const make of [Reader.make, Reader.makeParsing]) {
    for (const prefix of ["stream", "", "s"]) {
      it(`says the same as one that is given all at once: ${make === Reader.make ? "lane" : "parser"}, "${prefix}"`, () => {
        for (const end of ends(prefix)) {
          for (const one of middles) {
            for (const other of middles) {
              const pieces = [header(prefix), one, other, end, "<late/>"]
              assert.deepStrictEqual(said(make, pieces), said(make, [pieces.join("")]), pieces.join(" | "))
            }
          }
        }
      })
    }
  }
})
