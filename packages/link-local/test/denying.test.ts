/** What is not there is said at once (RFC 6762 §6.1), and what is overheard of others' questions (§7.3, §10.5). */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import { assert, describe, it } from "vitest"
import type { Message, ResourceRecord } from "../src/mdns/Message.ts"
import { hear, known, pointer, query, responsesBy, romeo, romeosName, sentBy, service } from "./fixtures.ts"
import * as Net from "./network.ts"

const nsec = 47

/** The types that a denial lists, read from its bytes: past the next name there is one window with its bits. */
const typesIn = ({ data, name }: ResourceRecord): ReadonlyArray<number> => {
  if (data.type !== "other" || data.code !== nsec) return []
  const bytes = Result.getOrThrow(Base64.decode(data.bytes))
  const labels = name.split(".").filter((label) => label !== "")
  const start = labels.reduce((sum, label) => sum + label.length + 1, 1)
  const [window, length] = bytes.subarray(start)
  assert.deepEqual([window, length], [0, bytes.length - start - 2])
  return [...bytes.subarray(start + 2)].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (0x80 >> bit)) !== 0).map((bit) => 8 * at + bit)
  )
}

const answersTo = (asked: Partial<Message>): ReadonlyArray<ResourceRecord> => {
  const network = known()
  const since = network.now
  hear(network, "forza", asked)
  Net.pass(network, 1000)
  return responsesBy(network, "forza", since).flatMap(({ message }) => message.answers)
}

describe("denying", () => {
  it("RFC 6762 §6.1 who asks a machine without IPv6 for AAAA is told that it has A alone", () => {
    const [denial, ...more] = answersTo(query("forza.local.", 28))
    assert.deepEqual(more, [])
    assert.isTrue(denial?.flush)
    assert.deepEqual(denial === undefined ? undefined : typesIn(denial), [1])
  })

  it("RFC 6762 §6.1 of an instance there are TXT and SRV, and nothing else", () => {
    for (const type of [1, 13, 28, nsec]) {
      assert.deepEqual(answersTo(query(romeosName, type)).map(typesIn), [[16, 33]], `type ${type}`)
    }
  })

  it("RFC 6762 §6.1 what there is is not denied, nor anything of names that are not ours or not ours alone", () => {
    const types = (name: string, type: number) => answersTo(query(name, type)).map(({ data }) => data.type)
    assert.deepEqual(types(romeosName, 33), ["SRV"])
    assert.deepEqual(types("forza.local.", 1), ["A"])
    assert.deepEqual(types("forza.local.", 13), [])
    assert.deepEqual(types("hill.local.", 28), [])
    assert.deepEqual(types(service, 16), [])
  })

  it("RFC 6762 §6.2 with addresses of both families nothing is denied; with one, the other is, in announcements too", () => {
    const network = Net.make()
    Net.host(network, "forza")
    Net.apply(network, "forza", {
      _tag: "InterfaceChanged",
      via: "wire",
      addresses: [{ address: Net.addressOf("forza"), prefix: 24 }, { address: "fe80::1", prefix: 64 }]
    })
    Net.announce(network, "forza", romeo)
    Net.pass(network, 5000)
    const both = responsesBy(network, "forza").flatMap(({ message }) => message.additionals)
    assert.deepEqual(both.flatMap(typesIn), [])
    const one = responsesBy(known(), "forza").map(({ message }) => message.additionals.flatMap(typesIn))
    assert.deepEqual(one[0], [1])
  })
})

describe("overhearing", () => {
  const other = { address: "10.0.0.201", port: 5353 }
  const asksForAll = (network: Net.Network, answers: ReadonlyArray<ResourceRecord> = []) =>
    hear(network, "pronto", { ...query(service, 12), answers }, other)

  it("RFC 6762 §10.5 who does not answer others is asked for, and gone ten seconds later", () => {
    const network = known()
    Net.kill(network, "forza")
    for (let time = 0; time < 3; time++) {
      asksForAll(network)
      Net.pass(network, 5000)
    }
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
    Net.pass(network, 10_000)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [])
  })

  it("RFC 6762 §10.5 forged questions, at any rate, do not make anybody go who is there", () => {
    const network = known()
    for (let time = 0; time < 600; time++) {
      asksForAll(network)
      Net.pass(network, 100)
    }
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
    assert.notInclude(Net.told(network, "pronto").map(({ _tag }) => _tag), "Vanished")
  })

  it("RFC 6762 §10.5 who knows somebody does not miss them", () => {
    const network = known()
    Net.kill(network, "forza")
    for (let time = 0; time < 10; time++) {
      asksForAll(network, [pointer(romeo)])
      Net.pass(network, 5000)
    }
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
  })

  it("RFC 6762 §7.3 what another has just asked is not asked again by us, but once", () => {
    const askedIn = (others: number): number => {
      const network = known()
      const since = network.now
      for (let time = 0; time < others; time++) {
        asksForAll(network)
        Net.pass(network, 500)
      }
      Net.pass(network, 60_000 - 500 * others)
      return sentBy(network, "pronto", since).filter(({ message }) =>
        !message.isResponse && message.questions.some(({ type }) => type === 12)
      ).length
    }
    const alone = askedIn(0)
    assert.isBelow(askedIn(1), alone)
    assert.isAbove(askedIn(100), 0)
  })
})
