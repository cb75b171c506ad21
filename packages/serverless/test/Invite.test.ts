/** Invites as URIs, there and back, and what becomes of texts that are none. */
import { Address } from "@xmpp-e2e/protocol"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Invite from "../src/Invite.ts"

const certificate = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
const mira: Invite.Invite = {
  address: "mira@tansy",
  naming: "jid",
  certificate,
  places: [{ host: "192.0.2.7", port: 5298 }]
}
const uri = `xmpp:mira@tansy?invite-e2e;sha-256=${certificate.toUpperCase()};at=192.0.2.7%3A5298`

const made = (parts: Partial<Invite.Invite>): Invite.Invite => Result.getOrThrow(Invite.make({ ...mira, ...parts }))

const outcome = (text: string): string =>
  Result.match(Invite.decode(text), { onSuccess: Invite.encode, onFailure: ({ reason }) => reason })

const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain())
const port = fc.integer({ min: 1, max: 65_535 })
const name = fc.record({
  naming: fc.constantFrom<Address.Naming>("jid", "linkLocal"),
  address: fc.oneof(
    fc.tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), fc.domain()).map((parts) => parts.join("@")),
    fc.domain(),
    fc.tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 1100 }), fc.domain()).map((parts) =>
      parts.join("@")
    )
  )
}).filter(({ address, naming }) => Address.bareText(address, naming) !== undefined)

const anyInvite = fc.tuple(
  name,
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.array(fc.record({ host, port }), { maxLength: 8 })
).map(([who, certificate, places]) => Invite.make({ ...who, certificate, places }))
  .filter(Result.isSuccess)
  .map(({ success }) => success)

describe("invites", () => {
  it("RFC 5122 §2.2 are URIs, and say the same when they are read", () => {
    fc.assert(
      fc.property(anyInvite, (invite) => {
        const uri = Invite.encode(invite)
        assert.match(uri, /^xmpp:(?:[\w\-.~@]|%[0-9A-F]{2})+\?invite-e2e(?:;[a-z0-9-]+=(?:[\w\-.~]|%[0-9A-F]{2})+)+$/)
        assert.deepEqual(Invite.decode(uri), Result.succeed(invite))
      })
    )
  })

  it("are read or refused, whatever they are, and refusals say what to do", () => {
    const pieces = fc.constantFrom(
      ..."xmpp: // mira@tansy ? invite-e2e ; sha-256= at= naming= link-local % %c3 [ ]".split(" ")
    )
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.oneof(pieces, fc.string(), fc.constant(certificate))).map((parts) => parts.join("")),
      fc.string().map((tail) => uri + tail)
    )
    fc.assert(
      fc.property(text, (text) => {
        const read = Invite.decode(text)
        if (Result.isFailure(read)) assert.match(read.failure.message, /[;,] .+\.$/)
        // What was read is in its form already.
        else assert.deepEqual(Invite.make(read.success), read)
      })
    )
  })

  it("are short enough for a QR code that a terminal shows", () => {
    assert.strictEqual(Invite.encode(mira), uri)
    assert.isBelow(uri.length, 130)
  })

  it("name whoever is meant by link-local rules as such (JID-10)", () => {
    const invite = made({ address: "Mira at home@a/b@tansy", naming: "linkLocal", places: [] })
    const text = Invite.encode(invite)
    assert.include(text, "xmpp:mira%20at%20home%40a%2Fb@tansy?invite-e2e;")
    assert.deepEqual(Invite.decode(text), Result.succeed(invite))
  })

  it.each<[kind: string, text: string]>([
    ["an IRI", uri.replace("mira", "zoë")],
    ["colons as they are", uri.replace("%3A", ":")],
    ["a fingerprint in lower case", uri.replace(/[A-F0-9]{64}/, certificate)],
    ["keys that nobody knows", `${uri};since=2031;x=%ff;since=2032;;y`],
    ["a fragment", `${uri}#top;sha-256=0`],
    ["space around it", `  ${uri}\n`],
    ["a scheme in upper case", uri.replace("xmpp", "XMPP")],
    ["an at sign that was escaped", uri.replace("@", "%40")]
  ])("RFC 5122 take %s", (_, text) => {
    assert.strictEqual(outcome(text), text.includes("zoë") ? uri.replace("mira", "zo%C3%AB") : uri)
  })

  it("hold no place of scope link, whose zone says nothing elsewhere (RFC 4007 §6)", () => {
    const places = [{ host: "fe80::1%eth0", port: 1 }, { host: "fe80::1", port: 1 }, { host: "2001:DB8:0::1", port: 1 }]
    assert.deepEqual(made({ places }).places, [{ host: "2001:db8::1", port: 1 }])
    assert.strictEqual(outcome(`${uri};at=%5Bfe80::1%25eth0%5D:5298`), uri)
  })

  it.each<[reason: Invite.InviteUnsound["reason"], text: string]>([
    ["notAnInvite", ""],
    ["notAnInvite", "xmpp:mira@tansy"],
    ["notAnInvite", "xmpp:mira@tansy?message;body=hi"],
    ["notAnInvite", uri.replace("xmpp:", "https://")],
    ["notAnInvite", `see ${uri}`],
    ["tooLong", `${uri};x=${"a".repeat(20_000)}`],
    ["account", uri.replace("xmpp:", "xmpp://oskar@linden/")],
    ["malformed", `${uri};sha-256=${"0".repeat(64)}`],
    ["malformed", `${uri};naming=link-local;naming=link-local`],
    ["address", uri.replace("mira@tansy", "")],
    ["address", uri.replace("mira", "%ff")],
    ["address", uri.replace("mira@tansy", "mira@tansy/balcony")],
    ["address", uri.replace("mira@tansy", "mira%2Fbalcony@tansy")],
    ["address", uri.replace("mira", "mi%20ra")],
    ["naming", `${uri};naming=jid`],
    ["naming", `${uri};naming=%ff`],
    ["fingerprint", "xmpp:mira@tansy?invite-e2e"],
    ["fingerprint", uri.replace("9F", "9G")],
    ["fingerprint", uri.replace("9F", "")],
    ["fingerprint", uri.replace(/sha-256=[0-9A-F]+/, "sha-256=%ff")],
    ...[
      ..."192.0.2.7 192.0.2.7%3A0 192.0.2.7%3A65536 192.0.2.7%3A-1 192.0.2.7%3A5298x %3A5298 2001:db8::1:5298".split(
        " "
      ),
      ..."[]:1 [tansy]:1 [2001:db8::1]5298 0.0.0.0:1 [::]:1 224.0.0.1:1 [ff02::fb]:1 192.0.2:1 192.0.2.7%25eth0:1"
        .split(" "),
      ..."a..b:1 -a:1 a%20b:1 tansy%25eth0:1 %ff".split(" "),
      `${"a".repeat(64)}:1`,
      `${"a.".repeat(200)}b:1`
    ].map((place) => ["place", `${uri};at=${place}`] as [Invite.InviteUnsound["reason"], string]),
    ["places", uri + ";at=192.0.2.7:5298".repeat(8)]
  ])("refuse as %s: %s", (reason, text) => assert.strictEqual(outcome(text), reason))

  it("are not made of what does not go in", () => {
    const reason = (parts: Partial<Invite.Invite>) =>
      Result.match(Invite.make({ ...mira, ...parts }), { onSuccess: () => "sound", onFailure: ({ reason }) => reason })
    assert.strictEqual(reason({}), "sound")
    assert.strictEqual(reason({ address: "@" }), "address")
    assert.strictEqual(reason({ certificate: "0" }), "fingerprint")
    assert.strictEqual(reason({ places: [{ host: "tansy", port: 1.5 }] }), "place")
    assert.strictEqual(reason({ places: Array.from({ length: 9 }, () => ({ host: "tansy", port: 1 })) }), "places")
    assert.deepEqual(made({ address: "MIRA@tansy/balcony", certificate: certificate.replace(/../g, "$&:") }), mira)
  })
})
