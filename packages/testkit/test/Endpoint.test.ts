import { Config } from "@xmpp-e2e/protocol"
import { label } from "@xmpp-e2e/protocol/State"
import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"
import * as Clock from "../src/simulator/Clock.ts"
import * as Endpoint from "../src/simulator/Endpoint.ts"
import type * as Link from "../src/simulator/Link.ts"

const encoder = new TextEncoder()

/** A recipient, and somebody at the other end of the line who says what the test says. */
const recipient = () => {
  const made = Config.make({ role: "recipient", self: "juliet@capulet.example" })
  if (made._tag !== "Made") throw new Error(made.contradictions.join())
  const clock = Clock.make()
  const wire: Array<string> = []
  let listener: Link.Listener | undefined
  const end = Endpoint.make({
    config: made.config,
    side: "recipient",
    clock,
    random: Random.make(1),
    open: (heard) => {
      listener = heard
      return {
        write: (bytes) => void wire.push(String.fromCharCode(...bytes)),
        end: () => void wire.push("[end]"),
        drop: () => void wire.push("[drop]")
      }
    },
    tls: { manner: "honest", chain: [] },
    judge: () => undefined,
    sessions: []
  })
  end.tell({ _tag: "TransportOpened" })
  return { clock, end, hear: (text: string) => listener?.heard(encoder.encode(text)), wire }
}

const header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'" +
  " xmlns:stream='http://etherx.jabber.org/streams' to='juliet@capulet.example' version='1.0'>"

describe("Endpoint", () => {
  it("HDR-03 answers a header with header and features in one write", () => {
    const { end, hear, wire } = recipient()
    hear(header)
    assert.lengthOf(wire, 1)
    assert.match(wire[0] ?? "", /^<\?xml version='1.0'\?><stream:stream .*<stream:features>.*<\/stream:features>$/)
    assert.strictEqual(label(end.state()), "Responding.AwaitingChoice")
  })

  it("TLS-15 gives to TLS what comes behind <starttls/>, and never to the reader", () => {
    const { end, hear, wire } = recipient()
    hear(`${header}<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><message><body>injected</body></message>`)
    assert.include(wire.join(""), "<proceed")
    assert.strictEqual(end.state()._tag, "Closed")
    assert.deepStrictEqual(end.delivered, [])
    assert.isFalse(end.trace.some(({ event }) => event._tag === "ElementReceived" && event.element.name === "message"))
  })

  it("TIME-03 fires the timers of the reducer on its own clock", () => {
    const { clock, end, wire } = recipient()
    while (end.state()._tag !== "Closed" && clock.next());
    assert.strictEqual(clock.now(), 15_000)
    assert.include(wire, "[drop]")
  })

  it("a leap of the clock brings them sooner", () => {
    const { clock, end } = recipient()
    end.leap(10_000)
    while (end.state()._tag !== "Closed" && clock.next());
    assert.strictEqual(clock.now(), 5_000)
  })
})
