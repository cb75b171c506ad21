import { assert, describe, it } from "@effect/vitest"
import { Namespace } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Outbound from "../src/Outbound.ts"

const header = { from: "mira@tansy", to: "oskar@linden", version: "1.0", lang: "en" } as const

describe("Outbound", () => {
  it("HDR-01 NS-02 writes the header with its declaration, and what follows inside its bindings", () => {
    const outbound = Outbound.make()
    assert.strictEqual(
      outbound.header({ ...header, contentNamespace: Namespace.client }),
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'" +
        " from='mira@tansy' to='oskar@linden' version='1.0' xml:lang='en'>"
    )
    assert.strictEqual(outbound.element(Element.make(Namespace.client, "message")), "<message/>")
    assert.strictEqual(outbound.element(Element.make(Namespace.stream, "features")), "<stream:features/>")
    assert.strictEqual(
      outbound.element(Element.make(Namespace.tls, "starttls")),
      `<starttls xmlns='${Namespace.tls}'/>`
    )
    assert.strictEqual(outbound.footer(), "</stream:stream>")
  })

  it("HDR-27 forgets the bindings of the header before", () => {
    const outbound = Outbound.make()
    outbound.header({ ...header, contentNamespace: Namespace.client })
    outbound.header({ ...header, contentNamespace: Namespace.server })
    assert.strictEqual(outbound.element(Element.make(Namespace.server, "iq")), "<iq/>")
    assert.strictEqual(outbound.element(Element.make(Namespace.client, "iq")), "<iq xmlns='jabber:client'/>")
  })
})
