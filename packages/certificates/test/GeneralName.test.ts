import { assert, describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as GeneralName from "../src/GeneralName.ts"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { bytes, commonName, right } from "./making.ts"

const value = (der: Uint8Array): Der.Value => right(Der.decode(der))
const read = (der: Uint8Array) => GeneralName.read(value(der))
const fault = (der: Uint8Array) =>
  Result.match(read(der), { onFailure: ({ rule }) => rule, onSuccess: ({ _tag }) => _tag })

describe("general names", () => {
  it("CERT-20 are of ten forms, each known by its tag", () => {
    const octets = fc.uint8Array({ maxLength: 20 })
    fc.assert(fc.property(octets, (content) => {
      for (const [tag, _tag] of [[0x81, "Mail"], [0x82, "Dns"], [0x86, "Uri"], [0x87, "Ip"]] as const) {
        assert.deepStrictEqual(read(Encode.value(tag, content)), Result.succeed({ _tag, octets: content }))
      }
    }))
    const name = right(read(Encode.value(0xa4, commonName("nadia"))))
    assert(name._tag === "Directory")
    expect(name.name.text).toBe("CN=nadia")
    const registered = Encode.oid("1.2.840.113549").map((each, at) => at === 0 ? 0x88 : each)
    expect(read(registered)).toEqual(Result.succeed({ _tag: "Registered", oid: "1.2.840.113549" }))
    for (const tag of [0xa3, 0xa5]) {
      expect(read(Encode.value(tag, Encode.nothing()))).toEqual(Result.succeed({ _tag: "Unread", tag }))
    }
  })

  it("CERT-29 the worked examples of certificates §3.3 to §3.6 are read octet by octet", () => {
    const examples = [
      [
        "A0 18 06 08 2B 06 01 05 05 07 08 05 A0 0C 0C 0A 6D 69 72 61 40 74 61 6E 73 79",
        oids.xmppAddr,
        Der.tags.utf8String,
        "mira@tansy"
      ],
      [
        `A0 28 06 08 2B 06 01 05 05 07 08 07 A0 1C 16 1A
         5F 78 6D 70 70 2D 73 65 72 76 65 72 2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65`,
        oids.dnsSrv,
        Der.tags.ia5String,
        "_xmpp-server.pumps.example"
      ],
      [
        "A0 18 06 08 2B 06 01 05 05 07 08 05 A0 0C 0C 0A 7A 6F C3 AB 40 74 61 6E 73 79",
        oids.xmppAddr,
        Der.tags.utf8String,
        "zoë@tansy"
      ]
    ] as const
    for (const [hex, oid, tag, text] of examples) {
      const name = right(read(bytes(hex)))
      assert(name._tag === "Other")
      expect([name.oid, name.value.tag, new TextDecoder().decode(name.value.content)]).toEqual([oid, tag, text])
    }
    const long = `${"a".repeat(120)}@tansy.example`
    const made = Fabricating.otherName(oids.xmppAddr, Encode.utf8(long))
    expect(Buffer.from(made.subarray(0, 19)).toString("hex")).toBe("a0819606082b06010505070805a08189" + "0c8186")
    expect(made).toHaveLength(153)
  })

  it("CERT-20 an otherName is a type and one wrapped value, in this order and nothing more", () => {
    const type = Encode.oid(oids.xmppAddr)
    const wrapped = Encode.explicit(0, Encode.utf8("a@b"))
    expect(fault(Encode.value(0xa0, type, wrapped))).toBe("Other")
    const ill = [
      [],
      [type],
      [wrapped],
      [wrapped, type],
      [type, wrapped, Encode.nothing()],
      [type, Encode.utf8("a@b")],
      [type, Encode.explicit(1, Encode.utf8("a@b"))],
      [type, Encode.value(0xa0)],
      [type, Encode.value(0xa0, Encode.utf8("a@b"), Encode.nothing())],
      [Encode.sequence(type, wrapped)],
      [Encode.utf8(oids.xmppAddr), wrapped]
    ]
    for (const each of ill) expect(fault(Encode.value(0xa0, ...each))).toBe("CERT-20")
  })

  it("CERT-20 a directory name is one name, explicitly wrapped", () => {
    expect(fault(Encode.value(0xa4))).toBe("CERT-20")
    expect(fault(Encode.value(0xa4, commonName("a"), commonName("b")))).toBe("CERT-20")
    expect(fault(commonName("a").map((each, at) => at === 0 ? 0xa4 : each))).toBe("CERT-20")
  })

  it("CERT-23 any DER has an answer", () => {
    const tag = fc.constantFrom(
      0x30,
      0x0c,
      0x80,
      0x81,
      0x82,
      0x83,
      0x84,
      0x86,
      0x87,
      0x88,
      0x89,
      0xa0,
      0xa1,
      0xa4,
      0xa9
    )
    const tree = fc.letrec<{ value: Uint8Array }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.tuple(tag, fc.uint8Array({ maxLength: 6 })).map(([first, content]) => Encode.value(first, content)),
        fc.tuple(tag, fc.array(tie("value"), { maxLength: 3 })).map(([first, parts]) => Encode.value(first, ...parts))
      )
    })).value
    const seen = new Set<string>()
    fc.assert(
      fc.property(tree, (der) => {
        const decoded = Der.decode(der)
        if (Result.isFailure(decoded)) return
        const answer = GeneralName.read(decoded.success)
        seen.add(Result.isSuccess(answer) ? answer.success._tag : answer.failure.rule)
      }),
      { numRuns: 1000 }
    )
    expect(seen.size).toBeGreaterThan(3)
  })
})

describe("lists of them", () => {
  it("CERT-20 hold at least one, and every one of them is read", () => {
    const names = Encode.sequence(Encode.value(0x81, Uint8Array.of(0x61)), Encode.value(0x82, Uint8Array.of(0x62)))
    expect(right(GeneralName.readAll(value(names), "the names")).map(({ _tag }) => _tag)).toEqual(["Mail", "Dns"])
    expect(Result.isFailure(GeneralName.readAll(value(Encode.sequence()), "the names"))).toBe(true)
    expect(Result.isFailure(GeneralName.readAll(undefined, "the names"))).toBe(true)
    const bad = Encode.sequence(Encode.value(0x81, Uint8Array.of(0x61)), Encode.utf8("b"))
    expect(Result.isFailure(GeneralName.readAll(value(bad), "the names"))).toBe(true)
  })
})
