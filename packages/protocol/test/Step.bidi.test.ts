import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import * as Features from "../src/Features.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import { auth, features, mechanisms, says } from "./speaking.ts"
import { awaitingChoice, awaitingFeatures, config, expectMove, xml } from "./walking.ts"

const external = mechanisms("EXTERNAL")
const offered = Element.make(Namespace.bidiFeature, "bidi")
const requested = Element.make(Namespace.bidi, "bidi")
const note = "report Diagnostic unknownElement"

/** The same place on a stream of two services. */
const between = (state: State): State => ({
  ...state,
  config: { ...state.config, policy: { ...state.config.policy, contentNamespace: Namespace.server } }
})

const expectAuth = (state: State, offer: ReadonlyArray<Element.Element>, first: ReadonlyArray<string>) =>
  expectMove(state, says(features(...offer)), {
    label: "Initiating.AwaitingSasl",
    actions: [...first, "send sasl:auth[mechanism=EXTERNAL]('=')"],
    timers: ["+step 15000"]
  })

describe("both directions of one stream (XEP-0288)", () => {
  it("NA-02 AMB-02 services offer it with EXTERNAL, nobody else does", () => {
    const service = config("recipient", { policy: { contentNamespace: Namespace.server } })
    expect(xml(Features.external(service))).toBe(`stream:features(${xml(external)} ${xml(offered)})`)
    expect(xml(Features.external(config("recipient")))).toBe(`stream:features(${xml(external)})`)
    expect(Features.read(Features.external(service)).bothWays).toBe(true)
  })

  it("NA-02 AMB-02 services take an offer up before <auth/>, nobody else does", () => {
    for (const offer of [[external, offered], [offered, external]]) {
      expectAuth(between(awaitingFeatures("tls")), offer, [`send ${xml(requested)}`])
      expectAuth(awaitingFeatures("tls"), offer, [])
    }
    expectAuth(between(awaitingFeatures("tls")), [external], [])
  })

  it("NA-02 NS-07 a service hears it in silence and goes on waiting for <auth/>; to others it is unknown", () => {
    const label = "Responding.AwaitingChoice"
    const heard = expectMove(between(awaitingChoice("tls")), says(requested), { label, actions: [] })
    expectMove(heard, says(auth("=")), {
      label: "Responding.AwaitingHeader",
      actions: ["send sasl:success", "RestartInput"],
      timers: ["+step 15000"]
    })
    expectMove(awaitingChoice("tls"), says(requested), { label, actions: [note] })
    expectMove(between(awaitingChoice("clear")), says(requested), { label, actions: [note] })
  })
})
