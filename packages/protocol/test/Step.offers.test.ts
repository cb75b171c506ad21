/** Offers of keys inside STARTTLS elements (XEP-0250) reach the judge of either side. */
import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import * as Config from "../src/Config.ts"
import type { Event } from "../src/Event.ts"
import * as Header from "../src/Header.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import * as Step from "../src/Step.ts"

const offer = (...methods: ReadonlyArray<Element.Element>) => Element.make(Namespace.c2cOffer, "offer", {}, methods)

const key = (name: string) =>
  Element.make(Namespace.c2cKey, "keyinfo", {}, [Element.make(Namespace.c2cKey, "name", {}, [name])])

const recipientAskedFor = (starttls: Element.Element) => {
  const made = Config.make({ role: "recipient", self: "oskar@linden" })
  if (made._tag !== "Made") return expect.fail(made.contradictions.join())
  const tag = Header.toRootTag({ to: "oskar@linden", version: "1.0", contentNamespace: Namespace.client })
  const events: ReadonlyArray<Event> = [
    { _tag: "TransportOpened" },
    { _tag: "HeaderReceived", tag, freshId: "id-1" },
    { _tag: "ElementReceived", element: starttls },
    { _tag: "TlsEstablished", facts: { protocol: "TLSv1.3", cipher: "x", resumed: false, chain: ["AA=="] } }
  ]
  const begun: Step.Transition = [Step.initial(made.config), []]
  return events.reduce(([state]: readonly [State, ...ReadonlyArray<unknown>], event) => Step.step(state, event), begun)
}

describe("a recipient", () => {
  it("C2C-10 has the certificate held against the keys that were offered", () => {
    const [, actions] = recipientAskedFor(
      Element.make(Namespace.tls, "starttls", {}, [offer(key(" 0E752B5C "), key("77aa"))])
    )
    expect(actions).toContainEqual({ _tag: "JudgePeer", chain: ["AA=="], hints: ["0e752b5c", "77aa"] })
  })

  it("C2C-08 asks without hints when nothing was offered", () => {
    const [, actions] = recipientAskedFor(Element.make(Namespace.tls, "starttls"))
    expect(actions).toContainEqual({ _tag: "JudgePeer", chain: ["AA=="] })
  })
})
