import { assert, describe, it } from "@effect/vitest"
import { Namespace } from "@xmpp-e2e/protocol"
import { Element, Serialize } from "@xmpp-e2e/xml"
import * as Stanza from "../src/Stanza.ts"

const written = (stanza: Element.Element): string =>
  Serialize.element(stanza, [{ prefix: "", namespace: Namespace.client }])

const ask = (more: { readonly from?: string; readonly to?: string } = {}) =>
  Stanza.iq({ type: "get", id: "q1", payload: Element.make("urn:x", "x"), ...more })

describe("Stanza", () => {
  it("STZ-01 STZ-02 makes stanzas in the content namespace, without addresses unless told", () => {
    assert.strictEqual(written(Stanza.message({ body: "Hello" })), "<message><body>Hello</body></message>")
    assert.strictEqual(
      written(Stanza.message({ to: "a@b", id: "m1", type: "chat", lang: "en", body: "Hi" })),
      "<message to='a@b' id='m1' type='chat' xml:lang='en'><body>Hi</body></message>"
    )
    assert.strictEqual(written(Stanza.presence({ type: "unavailable" })), "<presence type='unavailable'/>")
    assert.strictEqual(Stanza.message({ namespace: Namespace.server, body: "x" }).namespace, Namespace.server)
  })

  it("PING-01 a ping is an iq of type get", () => {
    assert.strictEqual(written(Stanza.ping({ id: "p1" })), "<iq id='p1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
  })

  it("IQ-03 a result has the same id, addresses swapped, or left out where the request left them out", () => {
    assert.strictEqual(written(Stanza.result(ask())), "<iq id='q1' type='result'/>")
    assert.strictEqual(
      written(Stanza.result(ask({ from: "a@b", to: "c@d" }), Element.make("urn:x", "y"))),
      "<iq from='c@d' to='a@b' id='q1' type='result'><y xmlns='urn:x'/></iq>"
    )
  })

  it("SERR-01 SERR-02 SERR-05 an error names its condition and type, and echoes nothing", () => {
    assert.strictEqual(
      written(Stanza.error(ask(), { condition: "forbidden", type: "auth", text: "no" })),
      "<iq id='q1' type='error'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" +
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error></iq>"
    )
  })

  it("SERR-02 SERR-03 SERR-07 reads errors, and what is unknown or missing as the rules say", () => {
    const error = {
      condition: "item-not-found",
      type: "cancel",
      text: "gone",
      application: Element.make("urn:y", "why")
    } as const
    assert.deepStrictEqual(Stanza.errorOf(Stanza.error(ask(), error)), error)
    assert.deepStrictEqual(Stanza.errorOf(ask()), { condition: "undefined-condition", type: "cancel" })
    const odd = Element.make(Namespace.client, "iq", { type: "error" }, [
      Element.make(Namespace.client, "error", { type: "strange" }, [Element.make(Namespace.stanzaErrors, "rainy-day")])
    ])
    assert.deepStrictEqual(Stanza.errorOf(odd), { condition: "undefined-condition", type: "cancel" })
  })

  it("IQ-04 knows requests from replies", () => {
    assert.isTrue(Stanza.isRequest(ask()))
    assert.isFalse(Stanza.isReply(ask()))
    assert.isTrue(Stanza.isReply(Stanza.result(ask())))
    assert.isFalse(Stanza.isRequest(Stanza.message({ type: "normal" })))
  })

  it("LANG-04 speaks the language of its stream unless it names another", () => {
    assert.strictEqual(Stanza.langOf(Stanza.message({ body: "Ciao", lang: "it" }), { lang: "en" }), "it")
    assert.strictEqual(Stanza.langOf(Stanza.message({ body: "Hi" }), { lang: "en" }), "en")
    assert.isUndefined(Stanza.langOf(Stanza.message({ body: "?" }), {}))
  })

  it("reads bodies and ids, and gives a stanza another id", () => {
    assert.strictEqual(Stanza.bodyOf(Stanza.message({ body: "" })), "")
    assert.isUndefined(Stanza.bodyOf(Stanza.message({})))
    assert.strictEqual(Stanza.idOf(Stanza.withId(ask(), "other")), "other")
    assert.strictEqual(Stanza.typeOf(ask()), "get")
  })
})
