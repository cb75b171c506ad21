import { assert, describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Der from "../src/Der.ts"
import * as DistributionPoint from "../src/DistributionPoint.ts"
import * as Extensions from "../src/Extensions.ts"
import type * as GeneralName from "../src/GeneralName.ts"
import { toUtf8 } from "../src/internal/bytes.ts"
import * as oids from "../src/internal/oids.ts"
import * as Name from "../src/Name.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { commonName, right } from "./making.ts"
import { directoryName, points, uri } from "./revoking.ts"

const nameOf = (der: Uint8Array): Name.Name => right(Result.flatMap(Der.decode(der), (value) => Name.read(value, "it")))
const directory = (text: string): GeneralName.GeneralName => ({ _tag: "Directory", name: nameOf(commonName(text)) })
const of = (extension: Uint8Array) =>
  DistributionPoint.ofCertificate(
    right(Result.flatMap(Der.decode(Encode.sequence(extension)), Extensions.read))
  )
const extension = (value: Uint8Array) => Fabricating.extension(oids.crlDistributionPoints, false, value)

describe("the points of a certificate (RFC 5280 §4.2.1.13)", () => {
  it("CERT-50 names, reasons and issuers are read", () => {
    const read = right(
      of(points(
        { names: [uri("http://ca.example/all.crl"), directoryName(commonName("point"))] },
        { names: [uri("x")], reasons: [1, 8], issuer: commonName("another") }
      ))
    )
    expect(read).toMatchObject([
      {
        name: {
          _tag: "Full",
          names: [{ _tag: "Uri", octets: toUtf8("http://ca.example/all.crl") }, directory("point")]
        }
      },
      { reasons: ["keyCompromise", "aACompromise"], issuer: [directory("another")] }
    ])
    expect(read[0]).not.toHaveProperty("reasons")
    expect(right(DistributionPoint.ofCertificate(Extensions.none))).toEqual([])
  })

  it("CERT-50 what has another shape is no point", () => {
    const wrong = [
      Encode.sequence(),
      Encode.nothing(),
      Encode.sequence(Encode.nothing()),
      Encode.sequence(Encode.sequence(Encode.value(0xa3))),
      Encode.sequence(Encode.sequence(Encode.explicit(0, Encode.value(0xa2)))),
      Encode.sequence(Encode.sequence(Encode.value(0xa0))),
      Encode.sequence(Encode.sequence(Encode.value(0xa2), Encode.value(0xa0)))
    ]
    for (const each of wrong) assert.isTrue(Result.isFailure(of(extension(each))))
  })

  it("CERT-50 a relative name is completed with the issuer's", () => {
    const attribute = Encode.sequence(Encode.oid(oids.commonName), Encode.utf8("shard 7"))
    const [point] = right(of(points({ relative: attribute })))
    assert.isDefined(point?.name)
    const [name] = point?.name === undefined ? [] : DistributionPoint.namesOf(point.name, nameOf(commonName("CA")))
    const whole = Encode.sequence(
      Encode.set(Encode.sequence(Encode.oid(oids.commonName), Encode.utf8("CA"))),
      Encode.set(attribute)
    )
    assert.strictEqual(name?._tag === "Directory" ? name.name.comparable : "", nameOf(whole).comparable)
    expect(DistributionPoint.namesOf({ _tag: "Relative", rdn: Uint8Array.of(1) }, nameOf(commonName("CA")))).toEqual([])
  })

  it("CERT-41 directory names are compared as names, others octet by octet", () => {
    const [one, other] = [toUtf8("http://ca.example/1"), toUtf8("http://ca.example/2")]
    const meets = (some: GeneralName.GeneralName, others: GeneralName.GeneralName) =>
      DistributionPoint.meet([directory("first"), some], [others])
    assert.isTrue(meets(directory("CA One"), directory("ca  one")))
    assert.isFalse(meets(directory("CA One"), directory("CA Two")))
    assert.isTrue(meets({ _tag: "Uri", octets: one }, { _tag: "Uri", octets: one }))
    assert.isFalse(meets({ _tag: "Uri", octets: one }, { _tag: "Uri", octets: other }))
    assert.isFalse(meets({ _tag: "Uri", octets: one }, { _tag: "Dns", octets: one }))
    assert.isFalse(meets({ _tag: "Registered", oid: "1.2.3" }, { _tag: "Registered", oid: "1.2.3" }))
  })
})
