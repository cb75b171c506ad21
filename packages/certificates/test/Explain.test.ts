import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Explain from "../src/Explain.ts"
import * as oids from "../src/internal/oids.ts"
import { dns, judge, make, pinOf, srvName, usage, xmppAddr } from "./making.ts"

describe("verdicts", () => {
  it.effect("CERT-30 the rule, what was found, what to do", () =>
    Effect.gen(function*() {
      const shown = yield* make({ names: [xmppAddr("mira@tansy")] })
      const [first, because, ...rest] = Explain.verdict(yield* judge({ chain: [shown], expected: "mira@tansy" }))
      assert.strictEqual(first, "Refused: selfSigned, by CERT-82 (nobody vouches for it).")
      assert.match(because ?? "", /pin it\.$/)
      assert.include(rest, "It may speak for nobody.")
      const pinned = Explain.verdict(
        yield* judge({ chain: [shown], expected: "mira@tansy", pins: [yield* pinOf(shown, "mira@tansy")] })
      )
      assert.strictEqual(pinned[0], "Accepted: pinned, by CERT-83 (its fingerprint was confirmed).")
      assert.includeMembers([...pinned], ["The peer is mira@tansy.", "It may speak for mira@tansy."])
    }))

  it("CERT-65 notices come last", () => {
    const lines = Explain.verdict({
      decision: "accept",
      code: "trusted",
      rule: "CERT-70",
      because: "Because",
      strength: "pki",
      authorised: [],
      notices: ["one", "two"]
    })
    expect(lines[1]).toBe("Because.")
    expect(lines.slice(-2)).toEqual(["Note: one", "Note: two"])
  })
})

describe("certificates", () => {
  it.effect("CERT-81 names, dates, key, uses and fingerprint", () =>
    Effect.gen(function*() {
      const { certificate } = yield* make({
        names: [xmppAddr("mira@tansy"), srvName("_xmpp-client.pumps.example"), dns("pumps.example"), xmppAddr("@")],
        keyUsage: usage(0, 2),
        extKeyUsage: [oids.serverAuth, oids.xmppAddr, "1.2.3"],
        notBefore: 0,
        notAfter: Date.UTC(2050, 1, 3, 4, 5, 6)
      })
      assert.deepStrictEqual(Explain.certificate(certificate, "ab12", "jid"), [
        "Subject CN=somebody",
        "Issuer the same",
        "XmppAddr mira@tansy",
        "SRVName _xmpp-client.pumps.example",
        "dNSName pumps.example",
        "Note: The XmppAddr \"@\" is no address and was ignored.",
        "Valid from 1970-01-01T00:00:00Z until 2050-02-03T04:05:06Z",
        "Key P-256",
        "Use digitalSignature, keyEncipherment",
        "Purpose serverAuth, id-on-xmppAddr, 1.2.3",
        "SHA-256 AB:12"
      ])
    }))

  it.effect("CERT-31 an authority is called one; what is not said is any", () =>
    Effect.gen(function*() {
      const { certificate } = yield* make({ isCa: true, keyUsage: undefined })
      assert.includeMembers([...Explain.certificate(certificate, "", "jid")], [
        "It is the certificate of an authority.",
        "Use any",
        "Purpose any"
      ])
    }))
})
