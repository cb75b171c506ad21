import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Reference from "../src/Reference.ts"
import * as Encode from "./encode.ts"
import { commonName, dns, make, srvName, xmppAddr } from "./making.ts"

const mail = (text: string) => Encode.value(0x81, new TextEncoder().encode(text))
const ip = (...octets: ReadonlyArray<number>) => Encode.value(0x87, Uint8Array.from(octets))
const certificate = (...names: ReadonlyArray<Uint8Array>) =>
  Effect.map(make({ subject: commonName("pumps.example"), names }), (party) => party.certificate)
const nameless = Effect.map(make({ subject: commonName("pumps.example") }), (party) => party.certificate)

/** Which of the references the names satisfy. */
const answers = (names: ReadonlyArray<Uint8Array>, references: ReadonlyArray<Reference.Reference>) =>
  Effect.map(certificate(...names), (made) => references.map((each) => Reference.match(made, each)))
const host = (text: string): Reference.Reference => ({ _tag: "Dns", host: text })
const literal = (address: string): Reference.Reference => ({ _tag: "Ip", address })
const mailbox = (address: string): Reference.Reference => ({ _tag: "Mail", address })
const xmpp = (address: string, more: object = {}): Reference.Reference => ({ _tag: "Xmpp", address, ...more })

describe("hosts", () => {
  it.effect("CERT-71 CERT-72 are known by dNSName, without case, with one star, as A-labels", () =>
    Effect.gen(function*() {
      const names = [dns("Pumps.Example"), dns("*.valves.example"), dns("xn--bro-hoa.example")]
      const wanted = ["pumps.example", "PUMPS.example.", "a.valves.example", "büro.example", "xn--bro-hoa.example"]
      assert.deepStrictEqual(yield* answers(names, wanted.map(host)), wanted.map(() => "matches"))
      const others = ["valves.example", "b.a.valves.example", "a.pumps.example", "bro-hoa.example", "example"]
      assert.deepStrictEqual(yield* answers(names, others.map(host)), others.map(() => "mismatch"))
    }))

  it.effect("CERT-60 CERT-63 are not known by SRVName, XmppAddr, mail address or Common Name", () =>
    Effect.gen(function*() {
      const names = [srvName("_xmpp-client.pumps.example"), xmppAddr("pumps.example"), mail("a@pumps.example")]
      assert.deepStrictEqual(yield* answers(names, [host("pumps.example")]), ["mismatch"])
      assert.strictEqual(Reference.match(yield* nameless, host("pumps.example")), "nameless")
    }))
})

describe("services", () => {
  it.effect("CERT-75 RFC 6125 §6.5 are known by their own SRVName, or by dNSName", () =>
    Effect.gen(function*() {
      const service = (name: string, domain: string): Reference.Reference => ({
        _tag: "Service",
        service: name,
        domain
      })
      const names = [srvName("_imap.pumps.example"), srvName("_xmpp-client.valves.example"), dns("*.tanks.example")]
      assert.deepStrictEqual(
        yield* answers(names, [
          service("imap", "PUMPS.example"),
          service("IMAP", "pumps.example"),
          service("xmpp-client", "pumps.example"),
          service("imap", "valves.example"),
          service("imap", "a.tanks.example")
        ]),
        ["matches", "matches", "mismatch", "mismatch", "matches"]
      )
    }))
})

describe("literals", () => {
  const v6 = ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)

  it.effect("CERT-64 are known by iPAddress alone, in whatever notation they are asked for", () =>
    Effect.gen(function*() {
      const notations = [
        "2001:db8::1",
        "[2001:DB8::1]",
        "2001:0db8:0:0:0:0:0:1",
        "2001:db8:0::0:1",
        "2001:db8::0.0.0.1"
      ]
      assert.deepStrictEqual(yield* answers([v6], notations.map(literal)), notations.map(() => "matches"))
      assert.deepStrictEqual(
        yield* answers([v6, ip(192, 0, 2, 7)], ["2001:db8::2", "192.0.2.7", "192.0.2.8"].map(literal)),
        ["mismatch", "matches", "mismatch"]
      )
      const text = [dns("192.0.2.7"), dns("*.0.2.7"), xmppAddr("192.0.2.7")]
      assert.deepStrictEqual(yield* answers(text, [literal("192.0.2.7")]), ["mismatch"])
    }))

  it.effect("CERT-64 every IPv4 and IPv6 matches its own octets and no others", () =>
    Effect.gen(function*() {
      const octets = fc.constantFrom(4, 16).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }))
      const notation = (of: Uint8Array): string =>
        of.length === 4 ? of.join(".") : Buffer.from(of).toString("hex").replace(/(.{4})(?=.)/g, "$1:")
      const property = fc.asyncProperty(octets, octets, async (presented, wanted) => {
        const made = await Effect.runPromise(certificate(ip(...presented)))
        expect(Reference.match(made, literal(notation(presented)))).toBe("matches")
        const isSame = Buffer.from(presented).equals(wanted)
        expect(Reference.match(made, literal(notation(wanted)))).toBe(isSame ? "matches" : "mismatch")
      })
      yield* Effect.promise(() => fc.assert(property, { numRuns: 50 }))
    }))
})

describe("mailboxes", () => {
  it.effect("RFC 5280 §4.2.1.6 keep their local part and fold their host; quotes say nothing", () =>
    Effect.gen(function*() {
      const names = [mail("Nadia@Harbor.example"), mail("\"te o\"@quarry.example")]
      assert.deepStrictEqual(
        yield* answers(names, [
          mailbox("Nadia@harbor.EXAMPLE"),
          mailbox("\"Nadia\"@harbor.example"),
          mailbox("nadia@harbor.example"),
          mailbox("Nadia@sub.harbor.example"),
          mailbox("\"te o\"@quarry.example")
        ]),
        ["matches", "matches", "mismatch", "mismatch", "matches"]
      )
    }))

  it.effect("CERT-64 are not known by XmppAddr, and no address of a peer by rfc822Name", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* answers([xmppAddr("nadia@harbor.example")], [mailbox("nadia@harbor.example")]), [
        "nameless"
      ])
      assert.deepStrictEqual(yield* answers([mail("nadia@harbor.example")], [xmpp("nadia@harbor.example")]), [
        "nameless"
      ])
    }))
})

describe("addresses", () => {
  it.effect("CERT-77 CERT-78 with a local part are known by XmppAddr alone, mere domains by services too", () =>
    Effect.gen(function*() {
      const names = [dns("harbor.example"), srvName("_xmpp-server.quarry.example"), xmppAddr("Nadia@Linden.example")]
      const wanted = [
        xmpp("nadia@linden.example/phone"),
        xmpp("nadia@harbor.example"),
        xmpp("harbor.example"),
        xmpp("quarry.example"),
        xmpp("quarry.example", { services: ["xmpp-client"] }),
        xmpp("linden.example")
      ]
      assert.deepStrictEqual(yield* answers(names, wanted), [
        "matches",
        "mismatch",
        "matches",
        "matches",
        "mismatch",
        "mismatch"
      ])
    }))

  it.effect("CERT-76 JID-10 of a link-local stream compare by their own rule", () =>
    Effect.gen(function*() {
      const names = [xmppAddr("Mira Q.@Tansy")]
      assert.deepStrictEqual(
        yield* answers(names, [xmpp("mira q.@tansy", { naming: "linkLocal" }), xmpp("mira q.@tansy")]),
        ["matches", "unusable"]
      )
    }))
})

describe("references that are no names of their kind", () => {
  it.effect("CERT-70 match nothing, whatever the certificate holds", () =>
    Effect.gen(function*() {
      const made = yield* certificate(dns("pumps.example"), xmppAddr("a@b"), mail("a@b.example"), ip(192, 0, 2, 1))
      const none: ReadonlyArray<Reference.Reference> = [
        host(""),
        host("a b"),
        host("pumps.example\0"),
        host("*.pumps.example"),
        host("-a.example"),
        literal("::1::"),
        literal("fe80::1%eth0"),
        literal("[::1"),
        mailbox("a"),
        mailbox("@b.example"),
        mailbox("a@*.example"),
        xmpp("@"),
        xmpp(""),
        { _tag: "Service", service: "imap", domain: "" }
      ]
      assert.deepStrictEqual(none.map((each) => Reference.match(made, each)), none.map(() => "unusable"))
    }))

  it.effect("CERT-23 any text has an answer, and a text that deceives nobody", () =>
    Effect.gen(function*() {
      const made = yield* certificate(dns("pumps.example"), xmppAddr("a@b"))
      fc.assert(fc.property(fc.string({ unit: "binary" }), (wild) => {
        const references: ReadonlyArray<Reference.Reference> = [
          host(wild),
          literal(wild),
          mailbox(wild),
          xmpp(wild),
          { _tag: "Service", service: wild, domain: wild }
        ]
        for (const each of references) {
          expect(["mismatch", "nameless", "unusable"]).toContain(Reference.match(made, each))
          expect(Reference.text(each)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        }
      }))
      expect(Reference.text({ _tag: "Service", service: "imap", domain: "pumps.example" })).toBe("_imap.pumps.example")
    }))
})
