/** Advice is copied into shells, and holds names that strangers chose. */
import { type PeerJudge, Proof, Verdicts } from "@xmpp-e2e/certificates"
import * as Option from "effect/Option"
import { execFileSync } from "node:child_process"
import { assert, describe, it } from "vitest"
import { advice } from "../src/advice.ts"

const fingerprint = "ab".repeat(32)

const changed = (expected: string, naming: PeerJudge.Question["naming"], store: string): ReadonlyArray<string> => {
  const what = { fingerprint, wanted: expected, presented: [], notices: [] }
  const verdict = Verdicts.pinMismatch(what, { addresses: [expected], pins: [] })
  const question: PeerJudge.Question = { role: "initiator", naming, authenticatePeer: true, expected, chain: [] }
  const proof = Proof.rule("CERT-85", "Nothing else is pinned", false)
  return advice({ verdict, proof }, question, { store: Option.some(store), needsAll: false })
}

/** What a shell makes of what follows the command. */
const argumentsOf = (sentence: string, command: string): ReadonlyArray<string> => {
  const words = sentence.slice(sentence.indexOf(command) + command.length)
  return execFileSync("sh", ["-c", `printf '%s\\n' ${words}`], { encoding: "utf8" }).trimEnd().split("\n")
}

describe("advice", () => {
  it("CERT-85 names the command that removes the pin, and the flag that believes the new certificate", () => {
    assert.deepStrictEqual(changed("mira@tansy", "jid", "known"), [
      "If the new fingerprint is confirmed and the old one came from the store: " +
      "xmpp-e2e pins remove mira@tansy --trust-store known",
      `To believe this certificate, once its owner has confirmed the fingerprint: --trust-pin mira@tansy=${fingerprint}`
    ])
  })

  for (
    const [name, naming] of [
      ["$(id)@tansy", "jid"],
      ["`id`;x|y@tansy", "jid"],
      ["mira o'neil; rm *@tansy", "linkLocal"]
    ] as const
  ) {
    it(`is one word for a shell: ${name}`, () => {
      const [remove = "", pin = ""] = changed(name, naming, "a store")
      assert.deepStrictEqual(argumentsOf(remove, "pins remove"), [name, "--trust-store", "a store"])
      assert.deepStrictEqual(argumentsOf(pin, "--trust-pin"), [`${name}=${fingerprint}`])
    })
  }

  it("is none for who is believed", () => {
    const what = { fingerprint, presented: [], notices: [] }
    const verdict = Verdicts.pinned(what, { authorised: ["mira@tansy"], strength: "pinned" })
    const question: PeerJudge.Question = { role: "recipient", naming: "jid", authenticatePeer: true, chain: [] }
    const proof = Proof.rule("CERT-83", "It is pinned", true)
    assert.deepStrictEqual(advice({ verdict, proof }, question, { store: Option.none(), needsAll: false }), [])
  })
})
