import { describe, expect, it } from "vitest"
import * as Admission from "../src/Admission.ts"
import type { Policy } from "../src/Config.ts"
import type { Established, Initiating, Link, PeerHeader, Responding } from "../src/State.ts"
import * as say from "./speaking.ts"
import { addresses, roles, verdict } from "./speaking.ts"
import { config } from "./walking.ts"

const { chain: _, ...facts } = say.facts
const clear: Link = { _tag: "Clear" }
const secured = (
  role: say.Role,
  more: Parameters<typeof verdict>[1] = {}
): Extract<Link, { readonly _tag: "Secured" }> => ({
  _tag: "Secured",
  facts,
  verdict: verdict(role, more),
  expired: false
})
const authenticated = (role: say.Role, identity?: string): Link => ({
  _tag: "Authenticated",
  secured: secured(role),
  ...(identity === undefined ? {} : { identity })
})

const modern: PeerHeader = { modern: true }
const from = (address: string): PeerHeader => ({ modern: true, from: address })
const policy = (role: say.Role, more: Partial<Policy>) => config(role, { policy: more, extraFeatures: [say.discoInfo] })

describe("admit", () => {
  it.each(roles)("P-03 CERT-04 refuses clear text where TLS is required, %s", (role) => {
    expect(Admission.admit(config(role), clear, modern)).toBeUndefined()
    expect(Admission.admit(policy(role, { tls: "preferred" }), clear, modern)).toMatchObject({ secured: false })
  })

  it.each(roles)("SASL-40 SASL-41 refuses TLS alone where SASL is required, %s", (role) => {
    const wanting = policy(role, { sasl: "required" })
    const peer = from(addresses[say.otherRole(role)])
    expect(Admission.admit(wanting, secured(role), peer)).toBeUndefined()
    expect(Admission.admit(wanting, authenticated(role, addresses.initiator), peer)).toMatchObject({ secured: true })
  })

  it.each(roles)("VER-06 VER-07 refuses an old peer unless policy takes it, %s", (role) => {
    const old: PeerHeader = { modern: false }
    expect(Admission.admit(policy(role, { tls: "never" }), clear, old)).toBeUndefined()
    expect(Admission.admit(policy(role, { tls: "never", legacy: "accept" }), clear, old)).toBeDefined()
  })

  it("CERT-04 HDR-15 P-14 refuses a peer inside TLS that proved nothing, unless policy lets it stay", () => {
    const nobody = secured("recipient", { authorised: [] })
    const stranger = from("rita@harbor.example")
    for (const header of [modern, stranger, from(addresses.initiator)]) {
      expect(Admission.admit(config("recipient"), nobody, header)).toBeUndefined()
    }
    expect(Admission.admit(config("recipient"), secured("recipient"), stranger)).toBeUndefined()
    const lax = policy("recipient", { authenticatePeer: false })
    expect(Admission.admit(lax, nobody, stranger)?.peer).toEqual({
      address: stranger.from,
      how: "announced",
      verified: false
    })
    expect(Admission.admit(lax, nobody, modern)?.peer).toEqual({ how: "unknown", verified: false })
    const unproven = secured("initiator", { strength: "none" })
    const { identity: _, ...nameless } = verdict("initiator")
    const unnamed: Link = { ...secured("initiator"), verdict: nameless }
    const refused = secured("initiator", { decision: "reject" })
    for (const link of [unproven, unnamed, refused]) {
      expect(Admission.admit(config("initiator"), link, from(addresses.recipient))).toBeUndefined()
      expect(Admission.admit(policy("initiator", { authenticatePeer: false }), link, modern)?.peer.verified).toBe(false)
    }
  })

  it("FEAT-17 P-14 believes the authorised identity, then the certificate, then nobody", () => {
    const one = Admission.admit(
      config("recipient"),
      authenticated("recipient", addresses.initiator),
      from(`${addresses.initiator}/deck`)
    )
    expect(one?.peer).toEqual({ address: addresses.initiator, how: "sasl", verified: true })
    const two = Admission.admit(
      policy("recipient", { sasl: "never" }),
      secured("recipient"),
      from(`${addresses.initiator}/deck`)
    )
    expect(two?.peer).toEqual({ address: addresses.initiator, how: "certificate", verified: true })
    const sole = Admission.admit(policy("recipient", { sasl: "never" }), secured("recipient"), modern)
    expect(sole?.peer).toEqual({ address: addresses.initiator, how: "certificate", verified: true })
    const three = Admission.admit(policy("recipient", { tls: "never" }), clear, from(addresses.initiator))
    expect(three?.peer).toEqual({ address: addresses.initiator, how: "announced", verified: false })
  })

  it("CERT-01 CERT-70 SASL-46 an initiator knows whom the verdict found, whatever the header says", () => {
    for (const link of [secured("initiator"), authenticated("initiator")]) {
      expect(Admission.admit(config("initiator"), link, modern)?.peer).toEqual({
        address: addresses.recipient,
        how: "certificate",
        verified: true
      })
    }
    const other = secured("initiator", { identity: "teo@office.example" })
    expect(Admission.admit(config("initiator"), other, modern)?.peer).toEqual({
      address: "teo@office.example",
      how: "certificate",
      verified: true,
      alias: addresses.recipient
    })
  })
})

describe("a peer that did not say who it is", () => {
  it("HDR-21 STZ-07 is, for an initiator, the one it asked for, and proven by nothing", () => {
    const wanted = { address: addresses.recipient, how: "announced", verified: false }
    expect(Admission.admit(policy("initiator", { tls: "never" }), clear, modern)?.peer).toEqual(wanted)
    const lax = policy("initiator", { authenticatePeer: false })
    expect(Admission.admit(lax, secured("initiator", { strength: "none" }), modern)?.peer).toEqual(wanted)
    expect(Admission.admit(lax, secured("initiator", { strength: "none" }), from("rita@x.example"))?.peer).toEqual({
      ...wanted,
      address: "rita@x.example"
    })
  })

  it("P-14 FEAT-17 is nobody for a recipient whose judge refused, whatever the certificate names", () => {
    const lax = policy("recipient", { authenticatePeer: false })
    for (const header of [modern, from(addresses.initiator)]) {
      expect(Admission.admit(lax, secured("recipient", { decision: "reject" }), header)?.peer.verified).toBe(false)
    }
  })

  it("CERT-09 has no other name when the certificate holds the one we asked for", () => {
    const peer = Admission.admit(config("initiator"), secured("initiator"), modern)?.peer
    expect(peer).toStrictEqual({ address: addresses.recipient, how: "certificate", verified: true })
  })
})

describe("authorises", () => {
  const allows = (authorised: ReadonlyArray<string>, address: string, naming: "jid" | "linkLocal" = "jid") =>
    Admission.authorises(verdict("recipient", { authorised }), address, naming)

  it("SASL-21 HDR-31 compares bare addresses", () => {
    expect(allows(["nadia@harbor.example"], "Nadia@HARBOR.example/deck")).toBe(true)
    expect(allows(["nadia@harbor.example"], "harbor.example")).toBe(false)
    expect(allows(["harbor.example"], "nadia@harbor.example")).toBe(false)
    expect(allows([], "nadia@harbor.example")).toBe(false)
    expect(allows(["mira@tansy"], "MIRA@tansy", "linkLocal")).toBe(true)
  })

  it("CERT-72 CERT-77 a star stands for one more label of a mere domain", () => {
    const star = ["*.pumps.example"]
    expect(["a.pumps.example", "A.Pumps.example", "a.pumps.example/x"].map((each) => allows(star, each))).toEqual([
      true,
      true,
      true
    ])
    const others = [
      "pumps.example",
      "b.a.pumps.example",
      "x@a.pumps.example",
      "apumps.example",
      "@@",
      "",
      "example"
    ]
    expect(allows(["*.example"], "example")).toBe(false)
    expect(others.map((each) => allows(star, each))).toEqual(others.map(() => false))
  })

  it("SASL-23 SASL-24 the only address is one that is named", () => {
    const sole = (...authorised: ReadonlyArray<string>) => Admission.soleAddress(verdict("recipient", { authorised }))
    expect(sole("a@b.example")).toBe("a@b.example")
    expect(sole()).toBeUndefined()
    expect(sole("a@b.example", "c@d.example")).toBeUndefined()
    expect(sole("*.pumps.example")).toBeUndefined()
  })
})

describe("types", () => {
  it("P-14 nobody but admit makes an admission, and no machine stands at a step of the other role", () => {
    const made: Established["admission"] | undefined = Admission.admit(
      policy("initiator", { tls: "never" }),
      clear,
      modern
    )
    expect(made).toBeDefined()
    // @ts-expect-error the mark of an admission cannot be written down
    const forged: Established["admission"] = { peer: { how: "unknown", verified: true }, secured: true, header: modern }
    // @ts-expect-error an initiator awaits no choice
    const at: Initiating["at"] = { _tag: "AwaitingChoice", header: modern, tries: 0 }
    // @ts-expect-error a recipient awaits no features
    const other: Responding["at"] = { _tag: "AwaitingFeatures", header: modern }
    expect([forged.secured, at, other].length).toBe(3)
  })
})
