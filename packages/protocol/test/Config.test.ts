import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import * as Config from "../src/Config.ts"
import * as Namespace from "../src/Namespace.ts"
import { addresses, discoInfo, foreign, roles } from "./speaking.ts"

const made = (input: Partial<Config.Input> = {}): Config.Config => {
  const result = Config.make({ role: "recipient", self: addresses.recipient, ...input })
  if (result._tag === "Contradictory") throw new Error(result.contradictions.join("; "))
  return result.config
}

const contradictions = (input: Partial<Config.Input>): ReadonlyArray<string> => {
  const result = Config.make({ role: "recipient", self: addresses.recipient, ...input })
  return result._tag === "Made" ? [] : result.contradictions
}

const expectRefused = (input: Partial<Config.Input>, sentence: RegExp) => {
  const found = contradictions(input)
  expect(found.length).toBe(1)
  expect(found[0]).toMatch(sentence)
}

describe("defaults", () => {
  it("AMB-06 TLS-30 SASL-42 TLS is required, EXTERNAL used where it can be, nobody unproven comes in", () => {
    expect(made().policy).toEqual({
      profile: "0.1.1",
      tls: "required",
      tlsEntry: "starttls",
      sasl: "ifUsable",
      authenticatePeer: true,
      legacy: "refuse",
      contentNamespace: Namespace.client,
      unknownElement: "ignore",
      strictStreamPrefix: false,
      strictIds: false,
      hideFromBeforeTls: false
    })
    expect(made({ policy: { profile: "0.1" } }).policy).toMatchObject({ tls: "required", sasl: "required" })
  })

  it("LIM-02 LIM-05 STZ-23 SASL-39 limits", () => {
    expect(made().limits).toEqual({
      headerBytesMax: 16_384,
      elementBytesMax: 262_144,
      depthMax: 64,
      attributesMax: 128,
      heldStanzasMax: 256,
      heldBytesMax: 1_048_576,
      deferredMax: 64,
      saslTriesMax: 3
    })
  })

  it("TIME-01 TIME-02 TIME-04 TIME-10 END-04 SM-26 timers", () => {
    expect(made().timeouts).toEqual({
      negotiationMillis: 60_000,
      stepMillis: 15_000,
      verdictMillis: 120_000,
      commitMillis: 5_000,
      closeMillis: 5_000,
      drainMillis: 0,
      endMillis: 3_000,
      keepaliveMillis: 300_000,
      pongMillis: 30_000,
      acknowledgementMillis: 30_000
    })
  })

  it("keep what is given and fill in the rest", () => {
    const config = made({ lang: "de", policy: { sasl: "never" }, limits: { depthMax: 9 }, timeouts: { stepMillis: 1 } })
    expect(config).toMatchObject({ lang: "de", policy: { sasl: "never", tls: "required" } })
    expect([config.limits.depthMax, config.limits.attributesMax]).toEqual([9, 128])
    expect([config.timeouts.stepMillis, config.timeouts.endMillis]).toEqual([1, 3_000])
    const { certificate, naming } = made({ naming: "linkLocal", certificate: { addresses: ["mira@tansy"] } })
    expect([certificate, naming]).toEqual([{ addresses: ["mira@tansy"] }, "linkLocal"])
    expect(made()).toMatchObject({
      aliases: [],
      former: [],
      naming: "jid",
      lang: "en",
      languages: [],
      extraFeatures: []
    })
    expect(made()).toMatchObject({ management: { use: false } })
    expect(config).not.toHaveProperty("peer")
    expect(config).not.toHaveProperty("certificate")
    expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config)
  })
})

describe("contradictions", () => {
  it("HDR-08 an initiator needs a peer", () => {
    expectRefused({ role: "initiator" }, /needs a peer/)
    expect(contradictions({ role: "initiator", peer: addresses.initiator })).toEqual([])
  })

  it.each(roles)("VER-07 VER-13 legacy peers can have neither TLS nor SASL, %s", (role) => {
    const base = { role, peer: addresses[role], extraFeatures: [discoInfo] }
    expectRefused({ ...base, policy: { legacy: "accept" } }, /TLS/)
    expectRefused({ ...base, policy: { legacy: "accept", tls: "preferred", sasl: "required" } }, /SASL/)
    expect(contradictions({ ...base, policy: { legacy: "accept", tls: "preferred" } })).toEqual([])
  })

  it.each(roles)("SASL-06 TLS-33 EXTERNAL and direct TLS need TLS, %s", (role) => {
    const base = { role, peer: addresses[role] }
    expectRefused({ ...base, policy: { sasl: "required", tls: "never" } }, /EXTERNAL/)
    expectRefused({ ...base, policy: { tlsEntry: "direct", tls: "never" } }, /direct TLS/)
  })

  it.each(roles)("AMB-06 profile 0.1 requires both, %s", (role) => {
    const base = { role, peer: addresses[role], extraFeatures: [discoInfo] }
    expectRefused({ ...base, policy: { profile: "0.1", tls: "preferred" } }, /profile 0.1 requires TLS/)
    expectRefused({ ...base, policy: { profile: "0.1", sasl: "ifUsable" } }, /profile 0.1 requires SASL/)
  })

  it("TLS-04 a recipient's voluntary TLS needs another feature beside it", () => {
    expectRefused({ policy: { tls: "preferred" } }, /TLS-04/)
    expect(contradictions({ policy: { tls: "preferred" }, extraFeatures: [discoInfo] })).toEqual([])
    expect(contradictions({ role: "initiator", peer: addresses.recipient, policy: { tls: "preferred" } })).toEqual([])
  })

  it("FEAT-03 FEAT-11 TLS-26 extra features have namespaces of their own", () => {
    const { bind, client, management, sasl, server, stream, tls } = Namespace
    for (const namespace of ["", bind, client, management, sasl, server, stream, tls]) {
      expectRefused({ extraFeatures: [Element.make(namespace, "x")] }, /FEAT-03/)
    }
    expect(contradictions({ extraFeatures: [foreign("x"), discoInfo] })).toEqual([])
  })

  it("LANG-01 LANG-03 our languages are language tags", () => {
    expectRefused({ lang: "" }, /LANG-03/)
    expectRefused({ languages: ["de", "not a tag"] }, /not a tag/)
  })

  it("JID-01 HDR-16 every address is one, of the given kind", () => {
    for (const wrong of [{ self: "@@" }, { aliases: ["@@"] }, { former: ["a@b/"] }, { peer: "" }]) {
      expectRefused(wrong, /is not an address/)
    }
    expectRefused({ naming: "linkLocal", self: "a@Ä" }, /is not an address/)
    expect(contradictions({ naming: "linkLocal", self: "mira@tansy" })).toEqual([])
  })

  it("are sentences that say which value is meant", () => {
    expect(contradictions({ self: "a b@c" })[0]).toMatch(/^"a b@c" is not an address \(JID-\d+\): [A-Z].*\.$/)
    expect(contradictions({ lang: "x y" })).toEqual(["\"x y\" is not a language tag (LANG-03)"])
    expect(contradictions({ extraFeatures: [Element.make(Namespace.tls, "starttls")] })).toEqual([
      `the extra feature starttls has no namespace of its own, but "${Namespace.tls}" (FEAT-03, FEAT-11)`
    ])
    expect(contradictions({ limits: { saslTriesMax: 9 } })).toEqual(["saslTriesMax is 9; it lies between 2 and 5"])
  })

  it("take the place of a configuration", () => {
    const result = Config.make({ role: "recipient", self: "@@" })
    expect(result).toStrictEqual({ _tag: "Contradictory", contradictions: [expect.stringContaining("\"@@\"")] })
  })

  it("come all at once", () => {
    expect(contradictions({ self: "@@", policy: { tls: "never", sasl: "required" }, lang: "" }).length).toBe(3)
  })
})

describe("bounds", () => {
  const limits: ReadonlyArray<readonly [keyof Config.Limits, least: number, most: number]> = [
    ["elementBytesMax", 10_000, Number.MAX_SAFE_INTEGER],
    ["headerBytesMax", 1_024, Number.MAX_SAFE_INTEGER],
    ["depthMax", 4, 10_000],
    ["attributesMax", 8, 100_000],
    ["heldStanzasMax", 0, 1_000_000],
    ["heldBytesMax", 0, Number.MAX_SAFE_INTEGER],
    ["deferredMax", 1, 10_000],
    ["saslTriesMax", 2, 5]
  ]
  it.each(limits)("LIM-02 LIM-05 SASL-39 STZ-23 %s", (name, least, most) => {
    for (const value of [least, most]) expect(contradictions({ limits: { [name]: value } })).toEqual([])
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, Infinity, -Infinity]) {
      expectRefused({ limits: { [name]: value } }, new RegExp(name))
    }
  })

  const timeouts = Object.keys(Config.timeouts).filter((name) => name !== "drainMillis")
  it.each(timeouts)("TIME-04 TIME-07 %s is a time", (name) => {
    expect(contradictions({ timeouts: { [name]: 1 } })).toEqual([])
    for (const value of [0, -1, 0.5, Number.NaN, Infinity]) {
      expectRefused({ timeouts: { [name]: value } }, new RegExp(name))
    }
  })

  it("END-04 drainMillis may be nothing", () => {
    expect(contradictions({ timeouts: { drainMillis: 0 } })).toEqual([])
    expectRefused({ timeouts: { drainMillis: -1 } }, /drainMillis/)
  })

  it("TIME-10 idleness is at least two signs of life", () => {
    expect(contradictions({ timeouts: { idleMillis: 600_000 } })).toEqual([])
    expectRefused({ timeouts: { idleMillis: 599_999 } }, /idleMillis/)
  })
})
