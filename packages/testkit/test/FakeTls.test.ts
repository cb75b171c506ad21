import type { Event } from "@xmpp-e2e/protocol"
import { assert, describe, it } from "vitest"
import * as FakeTls from "../src/simulator/FakeTls.ts"

const encoder = new TextEncoder()

/** Two sides whose bytes reach each other at once, unless somebody bends them. */
const session = (
  manners: { readonly client?: FakeTls.Manner; readonly server?: FakeTls.Manner } = {},
  bend: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes
) => {
  const told: Array<string> = []
  const facts: Partial<Record<"client" | "server", Event.TlsFacts>> = {}
  const sides: { client?: FakeTls.FakeTls; server?: FakeTls.FakeTls } = {}
  const wire: Array<string> = []
  const side = (as: "client" | "server") =>
    FakeTls.make({
      as,
      manner: manners[as] ?? "honest",
      chain: [`${as}'s certificate`],
      send: (bytes) => {
        wire.push(String.fromCharCode(...bytes))
        sides[as === "client" ? "server" : "client"]?.receive(bend(bytes))
      },
      established: (known) => {
        facts[as] = known
        told.push(`${as} established`)
      },
      failed: (fault) => void told.push(`${as} failed: ${fault}`),
      heard: (bytes) => void told.push(`${as} heard ${String.fromCharCode(...bytes)}`),
      ended: () => void told.push(`${as} ended`),
      broken: () => void told.push(`${as} broken`)
    })
  const client = side("client")
  const server = side("server")
  sides.client = client
  sides.server = server
  server.start()
  client.start()
  return { client, facts, server, told, wire }
}

describe("FakeTls", () => {
  it("shows each side the other's certificates, and carries bytes that look like no XML", () => {
    const { client, facts, server, told, wire } = session()
    assert.deepStrictEqual(facts.client?.chain, ["server's certificate"])
    assert.deepStrictEqual(facts.server?.chain, ["client's certificate"])
    client.write(encoder.encode("<message/>"))
    server.write(encoder.encode("<iq/>"))
    client.end()
    assert.deepStrictEqual(told.slice(2), ["server heard <message/>", "client heard <iq/>", "server ended"])
    assert.notInclude(wire.join(""), "<message/>")
  })

  it("TLS-22 fails on both sides when one refuses, and never speaks when it is silent", () => {
    assert.match(session({ server: "fails" }).told.join(), /server failed.*client failed|client failed.*server failed/)
    assert.deepStrictEqual(session({ server: "silent" }).told, [])
  })

  it("TLS-15 plaintext in the handshake is no record, and ends it", () => {
    assert.match(session({ client: "plaintext" }).told.join(), /server failed: bytes that are no record/)
    const { server, told } = session({ client: "silent" })
    server.receive(encoder.encode("<presence/>"))
    assert.match(told.join(), /server failed/)
  })

  it("nobody changes a byte unnoticed", () => {
    let bends = 0
    const { client, told } = session({}, (bytes) => {
      if (bends === 0) return bytes
      bends -= 1
      const other = Uint8Array.from(bytes)
      const at = other.length - 1
      other[at] = (other[at] ?? 0) ^ 1
      return other
    })
    bends = 1
    client.write(encoder.encode("<message/>"))
    assert.notInclude(told, "server heard <message/>")
    assert.include(told.join(), "server broken")
  })
})
