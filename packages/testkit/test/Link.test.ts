import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"
import * as Clock from "../src/simulator/Clock.ts"
import * as Link from "../src/simulator/Link.ts"

const encoder = new TextEncoder()

/** A link, what came out at each end, and how to let it run dry. */
const linked = (options: Partial<Link.Options> = {}, seed = 1) => {
  const clock = Clock.make()
  const link = Link.make(clock, Random.make(seed), { ...Link.calm, ...options })
  const heard = { initiator: "", recipient: "" }
  const told: Array<string> = []
  const pieces: Array<number> = []
  const end = (side: Link.Side) =>
    link.port(side, {
      heard: (bytes) => {
        heard[side] += String.fromCharCode(...bytes)
        pieces.push(bytes.length)
      },
      ended: () => void told.push(`${side} ended`),
      lost: () => void told.push(`${side} lost`)
    })
  const ports = { initiator: end("initiator"), recipient: end("recipient") }
  return {
    clock,
    heard,
    link,
    pieces,
    ports,
    told,
    run: () => {
      while (clock.next());
    }
  }
}

const text = Array.from({ length: 2_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join("")

describe("Link", () => {
  it("brings every byte once and in order, whatever the pieces", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { heard, link, pieces, ports, run } = linked({ chunk: [1, 1 + seed], latency: [0, 40], coalesce: 30 }, seed)
      ports.initiator.write(encoder.encode(text.slice(0, 700)))
      ports.initiator.write(encoder.encode(text.slice(700)))
      ports.recipient.write(encoder.encode("back"))
      run()
      assert.strictEqual(heard.recipient, text)
      assert.strictEqual(heard.initiator, "back")
      assert.isTrue(link.isQuiet())
      assert.isAbove(pieces.length, 2)
    }
  })

  it("half-closes: one direction ends behind its bytes, the other goes on", () => {
    const { heard, ports, run, told } = linked()
    ports.initiator.write(encoder.encode("last words"))
    ports.initiator.end()
    run()
    assert.strictEqual(heard.recipient, "last words")
    assert.deepStrictEqual(told, ["recipient ended"])
    ports.recipient.write(encoder.encode("answer"))
    run()
    assert.strictEqual(heard.initiator, "answer")
  })

  it("breaks at the byte it was told to, and both sides know", () => {
    const { heard, ports, run, told } = linked({ reset: { from: "initiator", at: 10 } })
    ports.initiator.write(encoder.encode(text))
    run()
    assert.isAtMost(heard.recipient.length, 10)
    assert.sameMembers(told, ["initiator lost", "recipient lost"])
  })

  it("stands still for as long as it was told to", () => {
    const { clock, heard, ports, run } = linked({ stall: { from: "initiator", at: 5, millis: 60_000 } })
    ports.initiator.write(encoder.encode(text))
    run()
    assert.strictEqual(heard.recipient, text)
    assert.isAtLeast(clock.now(), 60_000)
  })

  it("lets somebody in the middle take bytes out, put others in, and strip features", () => {
    const bent = linked({ middle: [{ from: "initiator", at: 3, remove: 2, insert: "XYZ" }] })
    bent.ports.initiator.write(encoder.encode("abcdefg"))
    bent.run()
    assert.strictEqual(bent.heard.recipient, "abcXYZfg")
    const stripped = linked({ middle: [{ from: "recipient", strip: "starttls" }] })
    stripped.ports.recipient.write(
      encoder.encode(
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
      )
    )
    stripped.run()
    assert.notInclude(stripped.heard.initiator, "starttls")
    assert.include(stripped.heard.initiator, "stream:features")
  })

  it("names the other side", () => {
    assert.strictEqual(Link.otherOf("initiator"), "recipient")
    assert.strictEqual(Link.otherOf("recipient"), "initiator")
  })
})
