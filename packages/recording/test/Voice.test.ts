import { describe, expect, it } from "@effect/vitest"
import type { Action } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import * as Voice from "../src/Voice.ts"
import * as arbitrary from "./arbitrary.ts"

const header = (contentNamespace: string): Voice.Sending => ({
  _tag: "SendHeader",
  header: { from: "mira@tansy", to: "oskar@linden", version: "1.0", lang: "en", contentNamespace }
})

const element = (namespace: string, name: string): Voice.Sending => ({
  _tag: "SendElement",
  element: Element.make(namespace, name)
})

describe("Voice", () => {
  it("HDR-01 NS-02 writes the header with its declaration, and what follows inside its bindings", () => {
    const voice = Voice.make()
    expect(voice(header(Namespace.client))).toBe(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'" +
        " from='mira@tansy' to='oskar@linden' version='1.0' xml:lang='en'>"
    )
    expect(voice(element(Namespace.client, "message"))).toBe("<message/>")
    expect(voice(element(Namespace.stream, "features"))).toBe("<stream:features/>")
    expect(voice(element(Namespace.tls, "starttls"))).toBe(`<starttls xmlns='${Namespace.tls}'/>`)
    expect(voice({ _tag: "SendFooter" })).toBe("</stream:stream>")
    expect(voice({ _tag: "SendWhitespace" })).toBe(" ")
  })

  it("HDR-27 forgets the bindings of the header before", () => {
    const voice = Voice.make()
    voice(header(Namespace.client))
    voice(header(Namespace.server))
    expect(voice(element(Namespace.server, "iq"))).toBe("<iq/>")
    expect(voice(element(Namespace.client, "iq"))).toBe("<iq xmlns='jabber:client'/>")
  })

  it.prop("is asked about what sends, and about nothing else", [arbitrary.action], ([action]: [Action.Action]) => {
    expect(Voice.isSending(action)).toBe(action._tag.startsWith("Send"))
  })
})
