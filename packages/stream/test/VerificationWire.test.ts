import { Element } from "@xmpp-e2e/xml"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Wire from "../src/VerificationWire.ts"
import { facts, nonceOf } from "./verifying.ts"

const hash = fc.string().map(nonceOf)
const message: fc.Arbitrary<Wire.Message> = fc.oneof(
  fc.record({ _tag: fc.constantFrom("start" as const, "stop" as const), run: hash }),
  fc.record({ _tag: fc.constantFrom("answer" as const, "reveal" as const), run: hash, nonce: hash })
)

describe("messages of a verification, RFC 9266", () => {
  it("are read as they were written", () => {
    fc.assert(fc.property(message, (each) => assert.deepStrictEqual(Wire.read(Wire.write(each)), each)))
  })

  it("are nothing without their fields, in capitals, or in another namespace", () => {
    const run = nonceOf("run")
    const wrong = [
      Element.make(Wire.namespace, "start"),
      Element.make(Wire.namespace, "start", { run: run.toUpperCase() }),
      Element.make(Wire.namespace, "answer", { run }),
      Element.make(Wire.namespace, "greet", { run }),
      Element.make("jabber:client", "start", { run })
    ]
    for (const each of wrong) assert.isUndefined(Wire.read(each))
  })

  it("bind every fact: another one gives another commitment and another string", () => {
    const base = facts("initiator")
    const changed: ReadonlyArray<Wire.Facts> = [
      { ...base, exporter: nonceOf("other") },
      { ...base, initiator: { ...base.initiator, address: "tybalt@forza" } },
      { ...base, recipient: { ...base.recipient, address: "nurse@pronto" } },
      { ...base, initiator: { ...base.initiator, certificate: nonceOf("other") } },
      { ...base, recipient: { ...base.recipient, certificate: nonceOf("other") } },
      { ...base, initiator: base.recipient, recipient: base.initiator }
    ]
    const [starter, answerer] = [nonceOf("1"), nonceOf("2")]
    const all = [base, ...changed]
    assert.strictEqual(new Set(all.map((each) => Wire.commitment(each, "initiator", starter))).size, all.length)
    assert.strictEqual(new Set(all.map((each) => Wire.code(each, { starter, answerer }))).size, all.length)
    assert.notStrictEqual(Wire.commitment(base, "initiator", starter), Wire.commitment(base, "recipient", starter))
  })

  it("shows 32 bits as two groups of five digits, no two alike", () => {
    assert.deepStrictEqual([0, 7, 4_294_967_295].map(Wire.display), ["00000 00000", "00000 00007", "42949 67295"])
  })
})
