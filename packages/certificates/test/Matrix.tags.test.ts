/** Certificates §9, rows T23, T26 and T48, and the worked examples of §3: right and wrong tags, octet by octet. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import {
  authority,
  bytes,
  commonName,
  dns,
  judge,
  make,
  makeUnreadable,
  names,
  now,
  type Party,
  type Scene,
  type Spec,
  xmppAddr
} from "./making.ts"

const mira = "mira@tansy"
const text = (content: string) => new TextEncoder().encode(content)
const wide = (content: string) => Uint8Array.from([...content].flatMap((each) => [0, each.charCodeAt(0)]))

/** What a certificate of a trusted authority is worth to whoever dials `expected`, and to whoever is dialled by it. */
const both = Effect.fnUntraced(function*(spec: Spec, expected: string, more: Partial<Scene> = {}) {
  const root = yield* authority("Root")
  const scene = { chain: [yield* make({ issuer: root, ...spec })], anchors: [root], ...more }
  return { dialled: yield* judge({ ...scene, expected }), dialling: yield* judge(scene) }
})

describe("right tags", () => {
  it.effect("CERT-29 T1 T6 the worked extension of §3.3 names mira@tansy, pinned or issued", () =>
    Effect.gen(function*() {
      const worked = bytes(`30 23 06 03 55 1D 11 04 1C 30 1A A0 18 06 08 2B 06 01 05 05 07 08 05
        A0 0C 0C 0A 6D 69 72 61 40 74 61 6E 73 79`)
      assert.deepStrictEqual(worked, names([xmppAddr(mira)]))
      const { dialled, dialling } = yield* both({ more: [worked] }, mira)
      assert.deepInclude(dialled, { code: "trusted", identity: mira })
      assert.deepStrictEqual(dialling.authorised, [mira])
    }))

  it.effect("CERT-60 CERT-61 T15 T16 T18 the four names of §3.5 name a service", () =>
    Effect.gen(function*() {
      const worked = bytes(`30 70 06 03 55 1D 11 04 69 30 67
        A0 28 06 08 2B 06 01 05 05 07 08 07 A0 1C 16 1A 5F 78 6D 70 70 2D 73 65 72 76 65 72
              2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
        82 0D 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
        82 0F 2A 2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
        A0 1B 06 08 2B 06 01 05 05 07 08 05 A0 0F 0C 0D 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65`)
      const { dialled, dialling } = yield* both({ more: [worked] }, "pumps.example")
      assert.strictEqual(dialled.code, "trusted")
      assert.deepStrictEqual(dialling.authorised, ["pumps.example", "*.pumps.example"])
      assert.deepStrictEqual(dialling.notices.filter((each) => each.includes("ignored")), [])
    }))

  it.effect("CERT-20 CERT-76 T6 the names of §3.6: octets that are no ASCII, and lengths of two octets", () =>
    Effect.gen(function*() {
      const zoe = bytes("A0 18 06 08 2B 06 01 05 05 07 08 05 A0 0C 0C 0A 7A 6F C3 AB 40 74 61 6E 73 79")
      const long = `${"a".repeat(120)}@tansy.example`
      const head = bytes("A0 81 96 06 08 2B 06 01 05 05 07 08 05 A0 81 89 0C 81 86")
      const entry = Uint8Array.from([...head, ...text(long)])
      assert.strictEqual(entry.length, 153)
      const { dialled, dialling } = yield* both({ names: [zoe, entry] }, "zoë@tansy")
      assert.strictEqual(dialled.code, "trusted")
      assert.deepStrictEqual(dialling.authorised, ["zoë@tansy", long])
    }))

  it.effect("CERT-55 CERT-56 T35 T37 the extensions of §3.7 are those that we make and read", () =>
    Effect.gen(function*() {
      const extensions = [
        bytes("30 0C 06 03 55 1D 13 01 01 FF 04 02 30 00"),
        bytes("30 0E 06 03 55 1D 0F 01 01 FF 04 04 03 02 07 80"),
        bytes(`30 27 06 03 55 1D 25 04 20 30 1E 06 08 2B 06 01 05 05 07 03 01 06 08 2B 06 01 05 05 07 03 02
          06 08 2B 06 01 05 05 07 08 05`)
      ]
      assert.deepStrictEqual(extensions, [
        Fabricating.basicConstraints(),
        Fabricating.keyUsage("signing"),
        Fabricating.peerPurposes()
      ])
      const strict = { trust: { purpose: "strict" as const } }
      const { dialled, dialling } = yield* both({ extensions: [...extensions, names([xmppAddr(mira)])] }, mira, strict)
      assert.deepStrictEqual([dialled.code, dialling.code], ["trusted", "trusted"])
    }))
})

describe("T23 wrong tags", () => {
  const typed = (oid: string, ...rest: ReadonlyArray<Uint8Array>) => Encode.value(0xa0, Encode.oid(oid), ...rest)
  const srv = "_xmpp-client.harbor.example"
  const utf8 = Encode.utf8(mira)
  /** The names that a certificate may hold so, and whether people are told. */
  const ill: ReadonlyArray<readonly [what: string, isTold: boolean, name: Uint8Array]> = [
    [
      "CERT-25 T23 an XmppAddr in a BMPString",
      true,
      Fabricating.otherName(oids.xmppAddr, Encode.value(0x1e, wide(mira)))
    ],
    [
      "CERT-25 T23 an XmppAddr in a PrintableString",
      true,
      Fabricating.otherName(oids.xmppAddr, Encode.value(0x13, text(mira)))
    ],
    ["CERT-25 T23 an XmppAddr in an IA5String", true, Fabricating.otherName(oids.xmppAddr, Encode.ia5(mira))],
    [
      "CERT-25 T23 an XmppAddr in a TeletexString",
      true,
      Fabricating.otherName(oids.xmppAddr, Encode.value(0x14, text(mira)))
    ],
    [
      "CERT-25 T23 an XmppAddr in an OCTET STRING",
      true,
      Fabricating.otherName(oids.xmppAddr, Encode.octetString(text(mira)))
    ],
    [
      "CERT-25 T23 raw UTF-8 without 0C: [0] in place of the UTF8String",
      true,
      typed(oids.xmppAddr, Encode.value(0x80, text(mira)))
    ],
    ["CERT-25 T23 a UTF8String that is not wrapped", true, typed(oids.xmppAddr, utf8)],
    ["CERT-25 T23 a UTF8String in [1]", true, typed(oids.xmppAddr, Encode.explicit(1, utf8))],
    ["CERT-25 T23 a UTF8String wrapped twice", true, Fabricating.otherName(oids.xmppAddr, Encode.explicit(0, utf8))],
    ["CERT-25 T23 a UTF8String in a SEQUENCE", true, Fabricating.otherName(oids.xmppAddr, Encode.sequence(utf8))],
    ["CERT-25 T23 two UTF8Strings", true, typed(oids.xmppAddr, Encode.value(0xa0, utf8, utf8))],
    [
      "CERT-25 T23 a SEQUENCE inside the otherName",
      false,
      Encode.explicit(0, Encode.sequence(Encode.oid(oids.xmppAddr), Encode.explicit(0, utf8)))
    ],
    ["CERT-29 T23 the OID as text", false, Encode.value(0xa0, Encode.utf8(oids.xmppAddr), Encode.explicit(0, utf8))],
    ["CERT-29 T23 an XmppAddr under the OID of an SRVName", true, Fabricating.otherName(oids.dnsSrv, utf8)],
    ["CERT-26 T23 an SRVName in a UTF8String", true, Fabricating.otherName(oids.dnsSrv, Encode.utf8(srv))],
    [
      "CERT-26 T23 an SRVName in a PrintableString",
      true,
      Fabricating.otherName(oids.dnsSrv, Encode.value(0x13, text(srv)))
    ],
    [
      "CERT-26 T23 an SRVName without IA5String: [0] in its place",
      true,
      typed(oids.dnsSrv, Encode.value(0x80, text(srv)))
    ],
    [
      "CERT-29 T23 an SRVName under the OID of an XmppAddr",
      true,
      Fabricating.otherName(oids.xmppAddr, Encode.ia5(srv))
    ],
    ["CERT-27 T23 a dNSName under [1]", false, Encode.value(0x81, text("harbor.example"))],
    ["CERT-27 T23 a dNSName under [3]", false, Encode.value(0x83, text("harbor.example"))],
    ["CERT-27 T23 a dNSName under [6]", false, Encode.value(0x86, text("harbor.example"))],
    ["CERT-27 T23 a dNSName as an IA5String of its own", false, Encode.ia5("harbor.example")],
    ["CERT-27 T23 a dNSName that is wrapped", false, Encode.explicit(2, Encode.ia5("harbor.example"))]
  ]

  it.effect.each(ill)("%s names nobody, in either role", ([, isTold, name]) =>
    Effect.gen(function*() {
      for (const expected of [mira, "harbor.example"]) {
        const { dialled, dialling } = yield* both({ names: [name] }, expected)
        assert.deepInclude(dialled, { decision: "reject", code: "noIdentity", authorised: [] })
        assert.deepInclude(dialling, { decision: "accept", code: "noIdentity", authorised: [], strength: "none" })
        assert.strictEqual(dialling.notices.some((each) => each.includes("ignored")), isTold, dialling.notices.join())
      }
      const { dialled, dialling } = yield* both({ names: [name, xmppAddr("nadia@harbor.example")] }, mira)
      assert.strictEqual(dialled.code, "identityMismatch")
      assert.deepStrictEqual(dialling.authorised, ["nadia@harbor.example"], "the others stay")
    }))

  const torn: ReadonlyArray<readonly [what: string, name: Uint8Array]> = [
    [
      "CERT-20 T23 raw UTF-8 in the wrapper, without a tag of its own",
      typed(oids.xmppAddr, Encode.value(0xa0, text(mira)))
    ],
    ["CERT-20 T23 raw ASCII in a constructed dNSName", Encode.value(0xa2, text("harbor.example"))]
  ]
  it.effect.each(torn)("%s is no DER at all, so the certificate is malformed", ([, name]) =>
    Effect.gen(function*() {
      const der = yield* makeUnreadable(Encode.explicit(3, Encode.sequence(names([name, xmppAddr(mira)]))))
      yield* malformed(der)
    }))
})

/** Nobody reads it, so nobody takes it: pinned or not, in either role, whatever the policy. */
const malformed = Effect.fnUntraced(function*(der: Uint8Array) {
  const party: Party = { ...yield* make(), der }
  for (const authenticatePeer of [true, false]) {
    for (const expected of [{ expected: mira }, {}]) {
      const verdict = yield* judge({
        chain: [party],
        authenticatePeer,
        trust: { firstUse: "accept", legacyCommonName: true },
        ...expected
      })
      assert.deepInclude(verdict, { decision: "reject", code: "malformed", authorised: [], strength: "none" })
      assert.match(verdict.rule, /^CERT-2[0-2]$/)
    }
  }
})

describe("T26 a subjectAltName that is no DER", () => {
  const content = Encode.sequence(xmppAddr(mira))
  const san = (of: Uint8Array) => Fabricating.extension(oids.subjectAltName, false, of)
  const changed = (at: number, octet: number) => content.map((each, index) => index === at ? octet : each)
  const whole = (...extensions: ReadonlyArray<Uint8Array>) =>
    makeUnreadable(Encode.explicit(3, Encode.sequence(...extensions)))
  it.effect.each(
    [
      ["CERT-20 T26 truncated by one octet", whole(san(content.subarray(0, -1)))],
      ["CERT-20 T26 with a length that is too large", whole(san(changed(3, 0x19)))],
      ["CERT-20 T26 with an inner length that is too small", whole(san(changed(3, 0x17)))],
      ["CERT-21 T26 with an indefinite length", whole(san(changed(1, 0x80)))],
      [
        "CERT-21 T26 with a length that is not minimal",
        whole(san(Uint8Array.from([0x30, 0x81, content.length - 2, ...content.subarray(2)])))
      ],
      ["CERT-22 T26 that occurs twice", whole(names([xmppAddr(mira)]), names([xmppAddr(mira)]))],
      ["CERT-20 T26 that is followed by an octet", whole(san(Uint8Array.from([...content, 0])))]
    ] as const
  )("%s", ([, made]) => Effect.flatMap(made, malformed))
})

describe("T48 years", () => {
  const second = 1000
  const ask = (notBefore: number, notAfter: number, at: number) =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const subject = commonName("nadia")
      const shown = yield* make({ issuer: root, subject, names: [dns("pumps.example")], notBefore, notAfter })
      return (yield* judge({ chain: [shown], anchors: [root], expected: "pumps.example", at })).code
    })

  it.effect("CERT-30 T48 UTCTime 491231235959Z is in 2049, 500101000000Z in 1950, GeneralizedTime reaches 9999", () =>
    Effect.gen(function*() {
      const [first, last] = [Date.UTC(1950, 0, 1), Date.UTC(2049, 11, 31, 23, 59, 59)]
      const end = Date.UTC(9999, 11, 31, 23, 59, 59)
      assert.deepStrictEqual(Encode.time(last), Encode.value(0x17, text("491231235959Z")))
      assert.deepStrictEqual(Encode.time(first), Encode.value(0x17, text("500101000000Z")))
      assert.deepStrictEqual(Encode.time(end), Encode.value(0x18, text("99991231235959Z")))
      assert.strictEqual(yield* ask(first, last, now), "trusted")
      assert.strictEqual(yield* ask(first, last, last + second - 1), "trusted")
      assert.strictEqual(yield* ask(first, last, last + second), "expired")
      assert.strictEqual(yield* ask(last + second, end, last), "notYetValid")
      assert.strictEqual(yield* ask(last + second, end, last + second), "trusted")
      assert.strictEqual(yield* ask(first, end, end), "trusted")
    }))
})
