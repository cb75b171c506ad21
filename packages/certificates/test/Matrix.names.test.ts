/** Certificates §9, the rows about names. */
import { assert, describe, it } from "@effect/vitest"
import { Admission } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as oids from "../src/internal/oids.ts"
import type { Trust } from "../src/Trust.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, commonName, dns, judge, make, type Scene, type Spec, srvName, xmppAddr } from "./making.ts"

/** What a certificate of a trusted authority is worth for each of the wanted addresses. */
const worth = Effect.fnUntraced(function*(spec: Spec, expected: ReadonlyArray<string>, more: Partial<Scene> = {}) {
  const root = yield* authority("Harbor Root")
  const shown = yield* make({ issuer: root, ...spec })
  const codes: Array<string> = []
  for (const each of expected) {
    codes.push((yield* judge({ chain: [shown], anchors: [root], expected: each, ...more })).code)
  }
  return codes
})

/** What a recipient lets it speak for. */
const speaksFor = Effect.fnUntraced(function*(spec: Spec, trust: Partial<Trust> = {}) {
  const root = yield* authority("Harbor Root")
  return yield* judge({ chain: [yield* make({ issuer: root, ...spec })], anchors: [root], trust })
})

const nadia = "nadia@harbor.example"

describe("clients", () => {
  it.effect("CERT-62 T6 the XmppAddr is the wanted address", () =>
    Effect.gen(function*() {
      const root = yield* authority("Harbor Root")
      const shown = yield* make({ issuer: root, names: [xmppAddr(nadia)] })
      const verdict = yield* judge({ chain: [shown], anchors: [root], expected: nadia })
      assert.deepInclude(verdict, { decision: "accept", code: "trusted", strength: "pki", identity: nadia })
      assert.deepStrictEqual(verdict.authorised, [nadia])
    }))

  it.effect("CERT-76 T7 addresses compare as addresses", () =>
    Effect.gen(function*() {
      const wanted = ["NADIA@Harbor.Example.", "nadia@harbor.example/phone", "ｎadia@harbor.example"]
      assert.deepStrictEqual(yield* worth({ names: [xmppAddr(nadia)] }, wanted), ["trusted", "trusted", "trusted"])
      assert.deepStrictEqual(yield* worth({ names: [xmppAddr("Nadia@HARBOR.example")] }, [nadia]), ["trusted"])
    }))

  it.effect("CERT-70 T8 another address is a mismatch, and the reason names both", () =>
    Effect.gen(function*() {
      const root = yield* authority("Harbor Root")
      const shown = yield* make({ issuer: root, names: [xmppAddr(nadia)] })
      const verdict = yield* judge({ chain: [shown], anchors: [root], expected: "teo@quarry.example" })
      assert.deepInclude(verdict, { decision: "reject", code: "identityMismatch", rule: "CERT-70", authorised: [] })
      assert.include(verdict.because, nadia)
      assert.include(verdict.because, "teo@quarry.example")
      assert.notProperty(verdict, "identity")
    }))

  it.effect("CERT-77 T9 a dNSName proves no user", () =>
    Effect.map(
      worth({ names: [dns("harbor.example")] }, [nadia]),
      (codes) => assert.deepStrictEqual(codes, ["identityMismatch"])
    ))

  it.effect("CERT-78 T10 a domain XmppAddr proves no user", () =>
    Effect.map(
      worth({ names: [xmppAddr("harbor.example")] }, [nadia, "harbor.example"]),
      (codes) => assert.deepStrictEqual(codes, ["identityMismatch", "trusted"])
    ))

  it.effect("CERT-03 T11 T13 of two XmppAddr names a recipient may take either for from and authzid, and no third", () =>
    Effect.gen(function*() {
      const verdict = yield* speaksFor({ names: [xmppAddr("a@x"), xmppAddr("b@x")] })
      assert.deepInclude(verdict, { decision: "accept", code: "trusted" })
      assert.deepStrictEqual(verdict.authorised, ["a@x", "b@x"])
      const claims = ["b@x", "a@x/phone", "c@x", "x"]
      assert.deepStrictEqual(claims.map((each) => Admission.authorises(verdict, each, "jid")), [
        true,
        true,
        false,
        false
      ])
    }))

  it.effect("CERT-03 T12 T14 without from and authzid the peer is the only XmppAddr name, and nobody when there are two", () =>
    Effect.gen(function*() {
      const one = yield* speaksFor({ names: [xmppAddr("a@x")] })
      assert.deepStrictEqual([one.authorised, Admission.soleAddress(one)], [["a@x"], "a@x"])
      const two = yield* speaksFor({ names: [xmppAddr("a@x"), xmppAddr("b@x")] })
      assert.isUndefined(Admission.soleAddress(two))
    }))

  it.effect("CERT-65 of an XmppAddr with a resource the bare part counts, with a notice", () =>
    Effect.gen(function*() {
      const verdict = yield* speaksFor({ names: [xmppAddr("nadia@harbor.example/phone")] })
      assert.deepStrictEqual(verdict.authorised, [nadia])
      assert.isTrue(verdict.notices.some((each) => each.includes("resource")))
    }))

  it.effect("CERT-76 on link-local streams names compare by their own rule", () =>
    Effect.gen(function*() {
      const naming = { naming: "linkLocal" as const }
      assert.deepStrictEqual(yield* worth({ names: [xmppAddr("Mira Q.@Tansy")] }, ["mira q.@tansy"], naming), [
        "trusted"
      ])
    }))
})

describe("services", () => {
  it.effect("CERT-60 T15 a dNSName is the wanted domain", () =>
    Effect.map(
      worth({ names: [dns("pumps.example")] }, ["pumps.example", "PUMPS.example."]),
      (codes) => assert.deepStrictEqual(codes, ["trusted", "trusted"])
    ))

  it.effect("CERT-72 T16 a wildcard stands for one label", () =>
    Effect.gen(function*() {
      const wanted = ["a.pumps.example", "pumps.example", "b.a.pumps.example", "xpumps.example"]
      assert.deepStrictEqual(yield* worth({ names: [dns("*.pumps.example")] }, wanted), [
        "trusted",
        "identityMismatch",
        "identityMismatch",
        "identityMismatch"
      ])
    }))

  it.effect("CERT-72 CERT-73 T17 a star elsewhere, or too far to the right, stands for nothing", () =>
    Effect.gen(function*() {
      for (const star of ["p*.example", "*umps.example", "a.*.example", "*.*.example", "*", "*.example"]) {
        const wanted = ["pumps.example", "a.b.example", "umps.example"]
        const codes = yield* worth({ names: [dns(star)] }, wanted)
        assert.deepStrictEqual(codes, ["identityMismatch", "identityMismatch", "identityMismatch"], star)
      }
    }))

  it.effect("CERT-08 T18 clients know services by _xmpp-client, services by _xmpp-server", () =>
    Effect.gen(function*() {
      const spec = { names: [srvName("_xmpp-client.pumps.example")] }
      const wanted = ["pumps.example"]
      assert.deepStrictEqual(yield* worth(spec, wanted), ["trusted"])
      assert.deepStrictEqual(yield* worth(spec, wanted, { trust: { as: "service" } }), ["identityMismatch"])
      assert.deepStrictEqual(yield* worth(spec, wanted, { trust: { as: "service", eitherServiceLabel: true } }), [
        "trusted"
      ])
      const server = { names: [srvName("_xmpp-server.pumps.example")] }
      assert.deepStrictEqual(yield* worth(server, wanted), ["identityMismatch"])
      assert.deepStrictEqual((yield* speaksFor(server)).authorised, ["pumps.example"])
      assert.deepStrictEqual((yield* speaksFor(spec)).authorised, [])
    }))

  it.effect("CERT-75 T19 SRVNames compare without case; service and name must both match", () =>
    Effect.gen(function*() {
      const names = [srvName("_XMPP-Client.PUMPS.example"), srvName("_imap.valves.example")]
      assert.deepStrictEqual(yield* worth({ names }, ["pumps.example", "valves.example"]), [
        "trusted",
        "identityMismatch"
      ])
    }))

  it.effect("CERT-63 T20 a Common Name names nobody, unless asked for", () =>
    Effect.gen(function*() {
      const spec = { subject: commonName("pumps.example") }
      assert.deepStrictEqual(yield* worth(spec, ["pumps.example"]), ["noIdentity"])
      const legacy = { trust: { legacyCommonName: true } }
      assert.deepStrictEqual(yield* worth(spec, ["pumps.example", "valves.example"], legacy), [
        "trusted",
        "identityMismatch"
      ])
      assert.deepStrictEqual(yield* worth({ subject: commonName(nadia) }, [nadia], legacy), ["noIdentity"])
    }))

  it.effect("CERT-63 T21 beside any other name a Common Name never counts", () =>
    Effect.gen(function*() {
      const legacy = { trust: { legacyCommonName: true } }
      const spec = { subject: commonName("pumps.example"), names: [dns("other.example")] }
      assert.deepStrictEqual(yield* worth(spec, ["pumps.example"], legacy), ["identityMismatch"])
      const uri = {
        subject: commonName("pumps.example"),
        names: [Encode.value(0x86, new TextEncoder().encode("xmpp:x"))]
      }
      assert.deepStrictEqual(yield* worth(uri, ["pumps.example"], legacy), ["noIdentity"])
    }))

  it.effect("CERT-71 T22 U-labels are compared as A-labels", () =>
    Effect.gen(function*() {
      const spec = { names: [dns("xn--bro-hoa.example"), dns("*.xn--bro-hoa.example")] }
      assert.deepStrictEqual(yield* worth(spec, ["büro.example", "BÜRO.example", "a.büro.example"]), [
        "trusted",
        "trusted",
        "trusted"
      ])
      assert.deepStrictEqual((yield* speaksFor(spec)).authorised, ["büro.example", "*.büro.example"])
    }))

  it.effect("CERT-61 an XmppAddr that is a domain names a service", () =>
    Effect.map(
      worth({ names: [xmppAddr("pumps.example")] }, ["pumps.example"]),
      (codes) => assert.deepStrictEqual(codes, ["trusted"])
    ))

  it.effect("CERT-64 mail addresses and URIs name nobody; an iPAddress names a literal, a dNSName does not", () =>
    Effect.gen(function*() {
      const ascii = (tag: number, text: string) => Encode.value(tag, new TextEncoder().encode(text))
      const others = { names: [ascii(0x81, nadia), ascii(0x86, "xmpp:harbor.example")] }
      assert.deepStrictEqual(yield* worth(others, [nadia, "harbor.example"]), ["noIdentity", "noIdentity"])
      const ip = { names: [Encode.value(0x87, Uint8Array.of(192, 0, 2, 7)), dns("192.0.2.8")] }
      assert.deepStrictEqual(yield* worth(ip, ["192.0.2.7", "192.0.2.8"]), ["trusted", "identityMismatch"])
      assert.deepStrictEqual((yield* speaksFor(ip)).authorised, ["192.0.2.7"])
      const v6 = {
        names: [Encode.value(0x87, Uint8Array.from([0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 1]))]
      }
      assert.deepStrictEqual(yield* worth(v6, ["[2001:DB8::1]", "[2001:db8::2]"]), ["trusted", "identityMismatch"])
    }))

  it.effect("CERT-60 a recipient's domains come from dNSName, SRVName and XmppAddr", () =>
    Effect.gen(function*() {
      const names = [
        srvName("_xmpp-server.pumps.example"),
        dns("valves.example"),
        dns("*.valves.example"),
        dns("*.example"),
        xmppAddr("tanks.example")
      ]
      const { authorised } = yield* speaksFor({ names })
      assert.deepStrictEqual(authorised, ["tanks.example", "pumps.example", "valves.example", "*.valves.example"])
    }))
})

describe("entries that are ignored", () => {
  const ill: ReadonlyArray<readonly [what: string, name: Uint8Array]> = [
    [
      "CERT-25 an XmppAddr that is not UTF-8",
      Fabricating.otherName(oids.xmppAddr, Encode.value(0x0c, Uint8Array.of(0x61, 0xff)))
    ],
    ["CERT-25 T24 an XmppAddr with NUL", xmppAddr(`${nadia}\0.evil`)],
    ["CERT-25 an XmppAddr that is no address", xmppAddr("@@")],
    ["CERT-74 an XmppAddr with a star", xmppAddr("*@harbor.example")],
    ["CERT-26 an SRVName without underscore", srvName("xmpp-client.harbor.example")],
    ["CERT-26 an SRVName without name", srvName("_xmpp-client")],
    ["CERT-74 an SRVName with a star", srvName("_xmpp-client.*.harbor.example")],
    ["CERT-27 T25 a dNSName with NUL", dns("harbor.example\0.evil")],
    ["CERT-27 a dNSName with a space", dns("harbor. example")],
    ["CERT-27 a dNSName with an empty label", dns("harbor..example")],
    ["CERT-27 a dNSName that is not ASCII", dns("härbor.example")],
    ["CERT-27 a dNSName that is too long", dns(`${"a.".repeat(127)}example`)],
    ["CERT-64 an iPAddress of five octets", Encode.value(0x87, Uint8Array.of(1, 2, 3, 4, 5))]
  ]
  it.effect.each(ill)("%s", ([, name]) =>
    Effect.gen(function*() {
      const verdict = yield* speaksFor({ names: [name] })
      assert.deepInclude(verdict, { decision: "accept", code: "noIdentity", authorised: [], strength: "none" })
      assert.isTrue(verdict.notices.some((each) => each.includes("ignored")), verdict.notices.join())
      assert.deepStrictEqual(yield* worth({ names: [name] }, [nadia, "harbor.example"]), ["noIdentity", "noIdentity"])
      const beside = yield* speaksFor({ names: [name, xmppAddr(nadia)] })
      assert.deepStrictEqual(beside.authorised, [nadia], "the others stay")
    }))

  it.effect("CERT-24 CERT-29 names of other kinds are skipped without a word", () =>
    Effect.gen(function*() {
      const urn = Fabricating.otherName("1.3.6.1.5.5.7.8.9", Encode.utf8("id-on-xmppAddr"))
      const verdict = yield* speaksFor({ names: [urn, xmppAddr(nadia)] })
      assert.deepStrictEqual(verdict.authorised, [nadia])
      assert.isFalse(verdict.notices.some((each) => each.includes("ignored")))
    }))

  it.effect("CERT-28 a separator within a name separates nothing", () =>
    Effect.gen(function*() {
      const trick = "a@x, othername:xmppAddr::teo@quarry.example"
      assert.deepStrictEqual(yield* worth({ names: [xmppAddr(trick)] }, ["teo@quarry.example", "a@x"]), [
        "noIdentity",
        "noIdentity"
      ])
      const opaque = yield* worth({ names: [xmppAddr("a, DNS:harbor@x")] }, ["harbor@x", "a@x"], {
        naming: "linkLocal"
      })
      assert.deepStrictEqual(opaque, ["identityMismatch", "identityMismatch"])
    }))
})
