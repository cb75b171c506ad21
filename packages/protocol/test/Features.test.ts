import type { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Features from "../src/Features.ts"
import * as Namespace from "../src/Namespace.ts"
import type { Link } from "../src/State.ts"
import * as say from "./speaking.ts"
import { discoInfo, features, foreign, mechanisms, sm, stanza, starttlsRequired, stream, tls } from "./speaking.ts"
import { config, xml } from "./walking.ts"

const bind = { ...foreign("bind"), namespace: Namespace.bind }
const { chain: _, ...facts } = say.facts
const secured: Link = { _tag: "Secured", facts, verdict: say.verdict("recipient"), expired: false }
const offering = (role: say.Role = "recipient") =>
  config(role, { extraFeatures: [discoInfo], management: { use: true } })

describe("read", () => {
  const starttls = (...children: ReadonlyArray<Element.Element>) => Features.read(features(...children)).starttls

  it("FEAT-08 TLS-04 starttls alone is mandatory, beside another feature only when it says so", () => {
    expect(starttls()).toBe("absent")
    expect(starttls(tls("starttls"))).toBe("mandatory")
    expect(starttls(starttlsRequired)).toBe("mandatory")
    expect(starttls(tls("starttls"), discoInfo)).toBe("voluntary")
    expect(starttls(starttlsRequired, discoInfo)).toBe("mandatory")
    expect(starttls(discoInfo, foreign("starttls"))).toBe("absent")
  })

  it("TLS-03 there is no <optional/>", () => {
    expect(starttls(tls("starttls", {}, [tls("optional")]))).toBe("mandatory")
  })

  it("SASL-02 SASL-03 SASL-08 names of mechanisms, as they stand", () => {
    expect(Features.read(features()).mechanisms).toBeUndefined()
    expect(Features.read(features(mechanisms())).mechanisms).toEqual([])
    expect(Features.read(features(mechanisms("SCRAM-SHA-1", " EXTERNAL ", "external"))).mechanisms).toEqual([
      "SCRAM-SHA-1",
      "EXTERNAL",
      "external"
    ])
    const odd = say.sasl("mechanisms", {}, [
      "text",
      foreign("mechanism", {}, ["EXTERNAL"]),
      say.sasl("hostname", {}, ["x"])
    ])
    expect(Features.read(features(odd)).mechanisms).toEqual([])
  })

  it("FEAT-08 FEAT-09 bind, and whatever unknown says required, is mandatory", () => {
    const mandatory = (child: Element.Element) => Features.read(features(child)).unknownMandatory
    expect(mandatory(bind)).toBe(Namespace.bind)
    expect(mandatory(foreign("gizmo", {}, [foreign("required")]))).toBe("https://tansy.example/ns")
    expect(mandatory(foreign("gizmo", {}, [stanza("required")]))).toBe("https://tansy.example/ns")
    expect([foreign("gizmo"), sm("sm"), discoInfo, starttlsRequired, mechanisms("X")].map(mandatory)).toEqual(
      [undefined, undefined, undefined, undefined, undefined]
    )
  })

  it("FEAT-08 only <required/> makes something mandatory, and what we know is never unknown", () => {
    const read = (child: Element.Element) => Features.read(features(child, discoInfo))
    expect(read(foreign("gizmo", {}, [foreign("optional")])).unknownMandatory).toBeUndefined()
    expect(read(tls("starttls", {}, [tls("optional")])).starttls).toBe("voluntary")
    const required = say.sasl("mechanisms", {}, [say.sasl("mechanism", {}, ["EXTERNAL"]), say.sasl("required")])
    expect(read(required)).toStrictEqual({ starttls: "absent", mechanisms: ["EXTERNAL"], management: false })
  })

  it("FEAT-06 SM-01 stream management is on offer or not", () => {
    expect([features(sm("sm")), features(), features(foreign("sm"))].map((each) => Features.read(each).management))
      .toEqual(
        [true, false, false]
      )
  })

  it("FEAT-03 FEAT-04 FEAT-07 the order, and children that are no features, mean nothing", () => {
    const all = [starttlsRequired, mechanisms("EXTERNAL"), sm("sm"), bind, discoInfo]
    const noise = [stream("starttls"), stanza("bind"), { ...stanza("sm"), namespace: Namespace.server }]
    const offer = Features.read(features(...all))
    fc.assert(fc.property(fc.shuffledSubarray([...all, ...noise], { minLength: 8 }), (children) => {
      expect(Features.read({ ...features(...children), children: ["text", ...children] })).toEqual(offer)
    }))
  })
})

describe("offers", () => {
  it("TLS-02 TLS-03 FEAT-10 mandatory TLS, alone but for what is public by nature", () => {
    expect(xml(Features.mandatoryTls(config("recipient")))).toBe("stream:features(tls:starttls(tls:required))")
    expect(xml(Features.mandatoryTls(offering()))).toBe("stream:features(tls:starttls(tls:required) disco:query)")
  })

  it("TLS-04 FEAT-18 voluntary TLS", () => {
    expect(xml(Features.voluntaryTls(offering()))).toBe("stream:features(tls:starttls disco:query)")
  })

  it("SASL-03 SASL-07 EXTERNAL", () => {
    expect(xml(Features.external(offering()))).toBe(
      "stream:features(sasl:mechanisms(sasl:mechanism('EXTERNAL')) disco:query)"
    )
  })

  it("FEAT-11 FEAT-23 SM-01 SM-19 what is left at the end; stream management only under TLS", () => {
    expect(xml(Features.final(offering(), { _tag: "Clear" }))).toBe("stream:features(disco:query)")
    expect(xml(Features.final(offering(), secured))).toBe("stream:features(disco:query sm:sm)")
    expect(xml(Features.final(config("recipient"), secured))).toBe("stream:features")
  })

  it("FEAT-08 are read as they are meant", () => {
    const meant = [Features.mandatoryTls, Features.voluntaryTls, Features.external].map((make) =>
      Features.read(make(offering()))
    )
    expect(meant).toEqual([
      { starttls: "mandatory", management: false },
      { starttls: "voluntary", management: false },
      { starttls: "absent", mechanisms: ["EXTERNAL"], management: false }
    ])
    expect(Features.read(Features.final(offering(), secured))).toEqual({ starttls: "absent", management: true })
  })
})
