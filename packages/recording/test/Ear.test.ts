import { describe, expect, it } from "@effect/vitest"
import type { Event } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Limits, Serialize } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Ear from "../src/Ear.ts"

const root = `<stream:stream xmlns='jabber:client' xmlns:stream='${Namespace.stream}' xmlns:p='jabber:client'>`

const listening = () => {
  let drawn = 0
  const ear = Ear.make(Reader.make(Limits.defaults))
  const freshId = (): string => `fresh-${++drawn}`
  return {
    ear,
    hear: (text: string): ReadonlyArray<Event.PeerEvent> => {
      ear.push(Serialize.utf8(text))
      const heard: Array<Event.PeerEvent> = []
      for (let event = ear.next(freshId); event !== undefined; event = ear.next(freshId)) heard.push(event)
      return heard
    }
  }
}

describe("Ear", () => {
  it("HDR-23 SM-13 says what the reader says, with an id of ours where one may be needed", () => {
    const heard = listening().hear(
      `${root} <message/><p:iq/><a xmlns='${Namespace.management}' h='1'/></stream:stream>`
    )
    expect(heard.map((event) => [event._tag, "freshId" in event ? event.freshId : undefined])).toEqual([
      ["HeaderReceived", "fresh-1"],
      ["WhitespaceReceived", undefined],
      ["ElementReceived", undefined],
      ["ElementReceived", undefined],
      ["ElementReceived", "fresh-2"],
      ["FooterReceived", undefined]
    ])
    expect(heard[2]).not.toHaveProperty("prefixed")
    expect(heard[3]).toMatchObject({ prefixed: true, element: { name: "iq" } })
  })

  it("HDR-03 XML-01 says what cannot be read, with an id for the header of our error", () => {
    expect(listening().hear(`${root}<!-- -->`).at(-1)).toMatchObject({
      _tag: "InputRejected",
      fault: { kind: "restricted" },
      freshId: "fresh-2"
    })
  })

  it("TLS-15 gives unread bytes to TLS, and forgets them", () => {
    const { ear, hear } = listening()
    ear.push(Serialize.utf8(`${root}<message/>`))
    expect(ear.next(() => "")?._tag).toBe("HeaderReceived")
    Ear.perform(ear, { _tag: "StartTls", as: "server" })
    expect(hear("")).toEqual([])
  })

  it("SASL-29 goes on with unread bytes in a new document", () => {
    const { ear, hear } = listening()
    ear.push(Serialize.utf8(`${root}${root}`))
    expect(ear.next(() => "")?._tag).toBe("HeaderReceived")
    Ear.perform(ear, { _tag: "RestartInput" })
    expect(hear("").map(({ _tag }) => _tag)).toEqual(["HeaderReceived"])
  })

  it("END-02 hears nothing once it is stopped, and no other action stops it", () => {
    const { ear, hear } = listening()
    Ear.perform(ear, { _tag: "EndTransport" })
    expect(hear(root)).toHaveLength(1)
    ear.push(Serialize.utf8("<message/>"))
    expect(ear.isStopped()).toBe(false)
    Ear.perform(ear, { _tag: "StopInput" })
    expect(ear.isStopped()).toBe(true)
    expect(hear("<message/>")).toEqual([])
  })
})
