import { Config } from "@xmpp-e2e/protocol"
import { assert, describe, it } from "vitest"
import * as Configs from "../src/Configs.ts"
import * as Random from "../src/Random.ts"

describe("Configs", () => {
  it("holds none that contradicts itself, and every level of everything that decides a negotiation", () => {
    assert.isAbove(Configs.all.length, 300)
    for (const config of Configs.all) assert.deepStrictEqual(Config.make(config), { _tag: "Made", config })
    const levels = (of: (config: Config.Config) => unknown): ReadonlyArray<unknown> => [...new Set(Configs.all.map(of))]
    assert.sameMembers([...levels(({ role }) => role)], ["initiator", "recipient"])
    assert.sameMembers([...levels(({ naming }) => naming)], ["jid", "linkLocal"])
    assert.sameMembers([...levels(({ policy }) => policy.tls)], ["required", "preferred", "never"])
    assert.sameMembers([...levels(({ policy }) => policy.sasl)], ["required", "ifUsable", "never"])
    assert.sameMembers([...levels(({ policy }) => policy.legacy)], ["accept", "refuse"])
    assert.sameMembers([...levels(({ policy }) => policy.profile)], ["0.1", "0.1.1"])
    assert.sameMembers([...levels(({ policy }) => policy.tlsEntry)], ["starttls", "direct"])
    assert.sameMembers([...levels(({ policy }) => policy.contentNamespace)], ["jabber:client", "jabber:server"])
    assert.sameMembers([...levels(({ policy }) => policy.authenticatePeer)], [true, false])
    assert.sameMembers([...levels(({ management }) => management.use)], [true, false])
  })

  it("at takes any number", () => {
    assert.strictEqual(Configs.at(0), Configs.all[0])
    assert.strictEqual(Configs.at(Configs.all.length), Configs.all[0])
  })

  it("pairs name the same people in the same way, and speak of the same content", () => {
    for (let seed = 0; seed < 500; seed++) {
      const { initiator, recipient } = Configs.pair(Random.make(seed))
      assert.deepStrictEqual([initiator.role, recipient.role], ["initiator", "recipient"])
      assert.strictEqual(initiator.peer, recipient.self)
      assert.strictEqual(initiator.naming, recipient.naming)
      assert.strictEqual(initiator.policy.contentNamespace, recipient.policy.contentNamespace)
      assert.strictEqual(initiator.policy.tlsEntry, recipient.policy.tlsEntry)
    }
  })

  it("a session to take up again belongs to the peer of the configuration", () => {
    const shape = { role: "initiator", naming: "jid" } as const
    assert.strictEqual(Configs.sessionOf(shape).identity, Configs.people.jid.recipient)
    assert.strictEqual(Configs.peerOf({ ...shape, peer: "a@b" }), "a@b")
  })
})
