/** How far a reader reads: to the end of its event, and not at all after the last one. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Limits from "../src/Limits.ts"
import * as Reader from "../src/Reader.ts"
import { bytesOf, joinBytes, parts, runs } from "./arbitrary.ts"
import { brief, drain, inside, open, opening } from "./reading.ts"

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe("unread bytes", () => {
  it("TLS-15 after each event are all that follow it, whatever they are", () => {
    fc.assert(
      fc.property(parts, fc.uint8Array({ maxLength: 20 }), (parts, tail) => {
        const bytes = joinBytes([...parts.map(({ written }) => bytesOf(written)), tail])
        let end = 0
        parts.forEach(({ kind, written }, index) => {
          end += bytesOf(written).length
          // White space is an event only when a tag follows.
          if (kind === "footer" || (kind === "blank" && index === parts.length - 1)) return
          const reader = Reader.make(Limits.defaults)
          reader.push(bytes)
          for (let left = index + 1; left > 0; left--) reader.next()
          expect([...reader.take()]).toEqual([...bytes.subarray(end)])
          expect(reader.take().length).toBe(0)
        })
      }),
      runs
    )
  })

  it("TLS-15 after proceed go to TLS untouched (wire example 16.1)", () => {
    const starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    const reader = open()
    reader.push(joinBytes([bytesOf(starttls), Uint8Array.of(0x16, 0x03, 0x01)]))
    expect(bytesOf(starttls).length).toBe(51)
    expect(reader.next()?._tag).toBe("ElementRead")
    expect([...reader.take()]).toEqual([0x16, 0x03, 0x01])
  })

  it("P-26 an element injected behind starttls is not read", () => {
    const reader = open()
    reader.push(bytesOf("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mess"))
    reader.push(bytesOf("age/>"))
    expect(reader.next()?._tag).toBe("ElementRead")
    expect(textOf(reader.take())).toBe("<message/>")
    expect(reader.next()).toBeUndefined()
  })

  it("SASL-29 HDR-27 after success are the beginning of a new document", () => {
    const reader = open()
    reader.push(bytesOf(`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>${opening}<db:x/>`))
    expect(reader.next()?._tag).toBe("ElementRead")
    reader.restart()
    expect(brief(drain(reader))).toEqual(["RootOpened", "notWellFormed"])
  })

  it("HDR-27 a restart forgets the bindings and the prefix of the old header", () => {
    const reader = Reader.make(Limits.defaults)
    reader.push(
      bytesOf("<s:stream xmlns='urn:old' xmlns:s='urn:s' xmlns:db='urn:db'><a/><stream xmlns:s='urn:t'><s:b/>")
    )
    expect(brief([reader.next(), reader.next()].filter((each) => each !== undefined))).toEqual([
      "RootOpened",
      "ElementRead"
    ])
    reader.restart()
    const [root, element] = drain(reader)
    expect(root).toMatchObject({ tag: { namespace: "", declarations: [{ prefix: "s", namespace: "urn:t" }] } })
    expect(element).toMatchObject({ element: { name: "b", namespace: "urn:t" }, headerPrefixed: true })
  })

  it("XML-02 a restarted document may begin with an XML declaration", () => {
    const reader = open()
    reader.restart()
    reader.push(bytesOf(opening))
    expect(brief(drain(reader))).toEqual(["RootOpened"])
  })
})

describe("the end", () => {
  it("XML-23 END-17 nothing after the footer is read or kept", () => {
    const reader = open()
    reader.push(bytesOf("</stream:stream><!-- <a/>"))
    expect(brief(drain(reader))).toEqual(["RootClosed"])
    reader.push(bytesOf("<b/>"))
    reader.restart()
    reader.push(bytesOf(opening))
    expect(drain(reader)).toEqual([])
    expect(reader.take().length).toBe(0)
  })

  it("wire example 16.3: a footer in two parts is one event", () => {
    const reader = open()
    reader.push(bytesOf("</stre"))
    expect(drain(reader)).toEqual([])
    reader.push(bytesOf("am:stream>"))
    expect(brief(drain(reader))).toEqual(["RootClosed"])
  })

  it("XML-23 a footer may hold white space", () => {
    expect(brief(inside("</stream:stream\r\n >"))).toEqual(["RootClosed"])
  })

  it("XML-15 a stanza that does not end is not delivered (wire example 16.6)", () => {
    expect(inside("<message><body>half</body></mess")).toEqual([])
  })

  it("after a fault the reader is dead, and keeps nothing", () => {
    const reader = open()
    reader.push(bytesOf("<a><!-- --></a><b/>"))
    expect(brief(drain(reader))).toEqual(["restricted"])
    expect(reader.take().length).toBe(0)
    reader.push(bytesOf("<b/>"))
    expect(reader.next()).toBeUndefined()
    expect(reader.take().length).toBe(0)
    reader.restart()
    reader.push(bytesOf(opening))
    expect(reader.next()).toBeUndefined()
  })
})
