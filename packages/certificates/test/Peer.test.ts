import { assert, describe, expect, it } from "@effect/vitest"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as oids from "../src/internal/oids.ts"
import * as Peer from "../src/Peer.ts"
import { authority, dns, make, now, peerOf, xmppAddr } from "./making.ts"

const wanted = (text: string) => {
  const address = Address.parse(text, "jid")
  return address === undefined ? {} : { wanted: address }
}
const nobody = Effect.fnUntraced(function*(party: Parameters<typeof peerOf>[0]) {
  const { wanted: _, ...peer } = yield* peerOf(party)
  return peer
})

describe("a peer", () => {
  it.effect("CERT-84 claims the wanted address, or else every XmppAddr it presents", () =>
    Effect.gen(function*() {
      const party = yield* make({ names: [xmppAddr("a@b"), xmppAddr("c@d"), dns("pumps.example")] })
      assert.deepStrictEqual(Peer.claimed(yield* peerOf(party, wanted("teo@linden"))), ["teo@linden"])
      assert.deepStrictEqual(Peer.claimed(yield* nobody(party)), ["a@b", "c@d"])
      assert.deepStrictEqual(Peer.claimed(yield* nobody(yield* make())), [])
    }))

  it.effect("CERT-87 is spoken of with its fingerprint, its names, and whom we wanted", () =>
    Effect.gen(function*() {
      const party = yield* make({ names: [xmppAddr("a@b"), dns("pumps.example")] })
      const peer = yield* peerOf(party, { ...wanted("teo@linden"), notices: ["one: first."] })
      assert.deepStrictEqual(Peer.caseOf(peer, ["two: second."]), {
        fingerprint: peer.hashes.certificate,
        presented: ["a@b", "pumps.example"],
        notices: ["one: first.", "two: second."],
        wanted: "teo@linden"
      })
      assert.strictEqual(Peer.who(peer), "teo@linden")
      assert.notProperty(Peer.caseOf(yield* nobody(party)), "wanted")
      assert.strictEqual(Peer.who(yield* nobody(party)), "somebody")
    }))

  it.effect("CERT-31 is noticed when it is marked as an authority", () =>
    Effect.gen(function*() {
      assert.lengthOf(Peer.markedAsAuthority(yield* peerOf(yield* authority("Root"))), 1)
      assert.lengthOf(Peer.markedAsAuthority(yield* peerOf(yield* make())), 0)
    }))

  it.effect("CERT-56 CERT-57 is noticed when its certificate is not made for its role, whatever the policy lets pass", () =>
    Effect.gen(function*() {
      const roles = [{ peer: "server", own: oids.serverAuth }, { peer: "client", own: oids.clientAuth }] as const
      const purposes = [oids.serverAuth, oids.clientAuth, oids.xmppAddr, oids.anyExtendedKeyUsage, "1.2.3"]
      for (const { own, peer } of roles) {
        for (const purpose of purposes) {
          const party = yield* make({ extKeyUsage: [purpose] })
          const notices = Peer.otherPurpose(yield* peerOf(party, { purpose: { peer, policy: "either" } }))
          const isFit = [own, oids.xmppAddr, oids.anyExtendedKeyUsage].includes(purpose)
          assert.strictEqual(notices.length, isFit ? 0 : 1, `${peer} ${purpose}`)
        }
        assert.lengthOf(Peer.otherPurpose(yield* peerOf(yield* make(), { purpose: { peer, policy: "strict" } })), 0)
      }
    }))
})

describe("the time that is left", () => {
  it.effect("CERT-105 is that of the certificate that ends first, its last second included, and never less than none", () =>
    Effect.gen(function*() {
      const { certificate } = yield* make()
      const second = fc.integer({ min: -1000, max: 1000 }).map((each) => each * 1000)
      fc.assert(fc.property(fc.array(second, { minLength: 1, maxLength: 5 }), (ends) => {
        const path = ends.map((end) => ({ ...certificate, notAfter: now + end }))
        const left = Peer.timeLeft(path, now)
        expect(left).toBe(
          Math.max(0, ...ends.toSorted((one, other) => one - other).slice(0, 1).map((end) => end + 1000))
        )
      }))
    }))
})
