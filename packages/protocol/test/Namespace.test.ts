import { describe, expect, it } from "vitest"
import * as Namespace from "../src/Namespace.ts"

describe("namespaces", () => {
  it("NS-01 NS-03 TLS-02 SASL-03 ERR-04 SERR-02 are spelled as the texts spell them", () => {
    expect(Namespace).toMatchObject({
      stream: "http://etherx.jabber.org/streams",
      client: "jabber:client",
      server: "jabber:server",
      streamErrors: "urn:ietf:params:xml:ns:xmpp-streams",
      stanzaErrors: "urn:ietf:params:xml:ns:xmpp-stanzas",
      tls: "urn:ietf:params:xml:ns:xmpp-tls",
      sasl: "urn:ietf:params:xml:ns:xmpp-sasl",
      bind: "urn:ietf:params:xml:ns:xmpp-bind",
      communityErrors: "urn:xmpp:errors",
      management: "urn:xmpp:sm:3",
      ping: "urn:xmpp:ping",
      c2cOffer: "urn:xmpp:tmp:c2ctls",
      c2cKey: "urn:xmpp:tmp:pubkey"
    })
  })
})
