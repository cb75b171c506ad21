import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as Extensions from "../src/Extensions.ts"
import { dnsName } from "../src/internal/names.ts"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { bytes, unknownExtension, usage, xmppAddr } from "./making.ts"

const read = (...extensions: ReadonlyArray<Uint8Array>) =>
  Result.flatMap(Der.decode(Encode.sequence(...extensions)), Extensions.read)
const good = (...extensions: ReadonlyArray<Uint8Array>) => Result.getOrThrow(read(...extensions))
const ruleOf = (...extensions: ReadonlyArray<Uint8Array>) =>
  Result.match(read(...extensions), { onFailure: ({ rule }) => rule, onSuccess: () => "ok" })
const extension = (oid: string, content: Uint8Array) => Fabricating.extension(oid, true, content)

describe("known extensions", () => {
  it("CERT-34 basicConstraints", () => {
    expect(good(Fabricating.basicConstraints()).basicConstraints).toEqual({ isCa: false })
    expect(good(Fabricating.basicConstraints({ pathLengthMax: 300 })).basicConstraints).toEqual({
      isCa: true,
      pathLengthMax: 300
    })
    expect(ruleOf(extension(oids.basicConstraints, bytes("30 03 02 01 ff")))).toBe("CERT-20")
    expect(ruleOf(extension(oids.basicConstraints, bytes("30 09 01 01 ff 02 01 00 02 01 00")))).toBe("CERT-20")
  })

  it("CERT-55 keyUsage, each of its nine bits", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), (bits) => {
      const wanted = Extensions.keyUsages.filter((_, at) => bits.includes(at))
      expect(good(usage(...bits)).keyUsage).toEqual(wanted)
    }))
    expect(good(extension(oids.keyUsage, bytes("03 03 07 00 80"))).keyUsage).toEqual(["decipherOnly"])
    expect(ruleOf(extension(oids.keyUsage, bytes("03 02 07 81")))).toBe("CERT-21")
  })

  it("CERT-56 extKeyUsage", () => {
    expect(good(Fabricating.peerPurposes()).extKeyUsage).toEqual([oids.serverAuth, oids.clientAuth, oids.xmppAddr])
  })

  it("CERT-32 subjectAltName, and whether it is critical", () => {
    const names = Encode.sequence(xmppAddr("mira@tansy"))
    expect(good(extension(oids.subjectAltName, names)).alternativeNames?.isCritical).toBe(true)
    expect(good(Fabricating.extension(oids.subjectAltName, false, names)).alternativeNames?.isCritical).toBe(false)
  })

  it("CERT-41 key identifiers", () => {
    const { authorityKey, subjectKey } = good(
      Fabricating.subjectKey(bytes("0102")),
      Fabricating.authorityKey(bytes("0304"))
    )
    expect({ authorityKey, subjectKey }).toEqual({ subjectKey: "0102", authorityKey: "0304" })
    expect(good(extension(oids.authorityKeyIdentifier, Encode.sequence())).authorityKey).toBeUndefined()
  })

  it("CERT-30 constraints on names", () => {
    const dns = dnsName("x.example")
    const subtree = (...distances: ReadonlyArray<Uint8Array>) =>
      extension(
        oids.nameConstraints,
        Encode.sequence(Encode.explicit(1, Encode.sequence(dns, ...distances)))
      )
    const excluded = (...distances: ReadonlyArray<Uint8Array>) => good(subtree(...distances)).nameConstraints?.excluded
    expect(excluded()).toMatchObject([{ base: { _tag: "Dns" }, hasDistance: false }])
    expect(excluded(bytes("80 01 00"))).toMatchObject([{ hasDistance: false }])
    expect(excluded(bytes("80 01 01"))).toMatchObject([{ hasDistance: true }])
    expect(excluded(bytes("81 01 00"))).toMatchObject([{ hasDistance: true }])
    expect(ruleOf(subtree(bytes("82 01 00")))).toBe("CERT-20")
    expect(ruleOf(subtree(bytes("81 01 00"), bytes("80 01 00")))).toBe("CERT-20")
    expect(ruleOf(extension(oids.nameConstraints, Encode.sequence()))).toBe("CERT-20")
    expect(ruleOf(extension(oids.nameConstraints, Encode.sequence(Encode.value(0xa0))))).toBe("CERT-20")
  })

  it("CERT-30 policies, their mappings and their constraints", () => {
    expect(good(extension(oids.policyConstraints, bytes("30 03 80 01 05"))).policyConstraints)
      .toEqual({ requireExplicit: 5 })
    expect(good(extension(oids.policyConstraints, bytes("30 03 81 01 05"))).policyConstraints)
      .toEqual({ inhibitMapping: 5 })
    expect(ruleOf(extension(oids.policyConstraints, bytes("30 03 82 01 05")))).toBe("CERT-20")
    expect(good(extension(oids.inhibitAnyPolicy, bytes("02 01 02"))).inhibitAnyPolicy).toBe(2)
    expect(ruleOf(extension(oids.inhibitAnyPolicy, bytes("02 01 ff")))).toBe("CERT-20")
    const mapping = Encode.sequence(Encode.oid("1.2.3"), Encode.oid("1.2.4"))
    expect(good(extension(oids.policyMappings, Encode.sequence(mapping))).policyMappings)
      .toEqual([{ issuer: "1.2.3", subject: "1.2.4" }])
    const policies = (...each: ReadonlyArray<string>) =>
      extension(oids.certificatePolicies, Encode.sequence(...each.map((oid) => Encode.sequence(Encode.oid(oid)))))
    expect(good(policies("1.2.3", oids.anyPolicy)).policies).toEqual(["1.2.3", oids.anyPolicy])
    expect(ruleOf(policies("1.2.3", "1.2.3"))).toBe("CERT-20")
    expect(ruleOf(policies())).toBe("CERT-20")
  })
})

describe("all of them", () => {
  it("CERT-22 none occurs twice, known or not", () => {
    expect(ruleOf(usage(0), usage(0))).toBe("CERT-22")
    expect(ruleOf(unknownExtension(false), unknownExtension(true))).toBe("CERT-22")
  })

  it("CERT-30 unknown critical ones are listed, other unknown ones are not", () => {
    expect(good(unknownExtension(true)).unknownCritical).toEqual(["1.3.6.1.4.1.55738.666"])
    expect(good(unknownExtension(false)).unknownCritical).toEqual([])
    const unreadable = (isCritical: boolean) =>
      good(Fabricating.extension(oids.authorityInfoAccess, isCritical, bytes("30 80"))).unknownCritical
    expect([unreadable(true), unreadable(false)]).toEqual([[oids.authorityInfoAccess], []])
    const ignored = [oids.freshestCrl, oids.issuerAltName, oids.certificateTimestamps]
    expect(good(...ignored.map((each) => extension(each, Encode.nothing()))).unknownCritical).toEqual([])
  })
})
