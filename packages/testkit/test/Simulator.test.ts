import { Config } from "@xmpp-e2e/protocol"
import * as Step from "@xmpp-e2e/protocol/Step"
import { Recording } from "@xmpp-e2e/recording"
import { assert, describe, it } from "vitest"
import type * as Configs from "../src/Configs.ts"
import * as Simulator from "../src/simulator/Simulator.ts"

const configOf = (input: Config.Input): Config.Config => {
  const made = Config.make(input)
  if (made._tag !== "Made") throw new Error(made.contradictions.join())
  return made.config
}

/** The ordinary case: TLS required, both with a certificate. */
const pair: Configs.Pair = {
  initiator: configOf({
    role: "initiator",
    self: "romeo@montague.example",
    peer: "juliet@capulet.example",
    certificate: { addresses: ["romeo@montague.example"] }
  }),
  recipient: configOf({
    role: "recipient",
    self: "juliet@capulet.example",
    certificate: { addresses: ["juliet@capulet.example"] }
  })
}

describe("Simulator", () => {
  it("P-22 P-24 two ordinary ends come to an established stream, each sure of the other", () => {
    const session = Simulator.run({ seed: 1, pair })
    assert.isTrue(session.isAtRest)
    assert.deepStrictEqual(Simulator.complaints(session), [])
    for (
      const [end, peer] of [[session.initiator, pair.recipient.self], [session.recipient, pair.initiator.self]] as const
    ) {
      const state = end.state()
      assert.strictEqual(state._tag, "Established")
      if (state._tag === "Established") assert.deepInclude(state.admission.peer, { address: peer, verified: true })
    }
  })

  it("P-28 a cue closes it in order", () => {
    const session = Simulator.run({ seed: 2, pair, script: [["recipient", "CloseRequested"]] })
    assert.deepStrictEqual([session.initiator.state()._tag, session.recipient.state()._tag], ["Closed", "Closed"])
    assert.deepStrictEqual(Simulator.complaints(session), [])
  })

  it("P-26 plaintext in the handshake ends both, and nothing of it is delivered", () => {
    const session = Simulator.run({ seed: 3, pair, tls: { initiator: "plaintext" } })
    assert.strictEqual(session.recipient.state()._tag, "Closed")
    assert.deepStrictEqual([...session.initiator.delivered, ...session.recipient.delivered], [])
  })

  it("complains about a reducer that lets go of a stanza", () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed)
    const complaints = seeds.flatMap((seed) =>
      Simulator.complaints(Simulator.run({
        seed,
        pair,
        script: [["initiator", {
          _tag: "SendRequested",
          request: 1,
          stanza: { name: "message", namespace: "jabber:client", attributes: [], children: ["x"] }
        }]],
        step: (state, event) => {
          const [after, actions] = Step.step(state, event)
          return [after, actions.filter(({ _tag }) => _tag !== "Deliver")]
        }
      }))
    )
    assert.isNotEmpty(complaints)
  })

  it("tells a session so that it can be seen again, and records each end", () => {
    const session = Simulator.run({ seed: 4, pair })
    assert.match(Simulator.transcript(session), /^seed 4\n/)
    assert.lengthOf(Recording.steps(Simulator.recording(session, "initiator")), session.initiator.trace.length)
  })
})
