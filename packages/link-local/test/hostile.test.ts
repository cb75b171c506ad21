/** What those on the network can do who mean no good. */
import { assert, describe, it } from "vitest"
import { hear, ignored, known, nothing, pointer, romeo, service, two } from "./fixtures.ts"
import * as Net from "./network.ts"

describe("a hostile network", () => {
  it("RFC 6762 §11 what comes from no network of the interface is ignored", () => {
    const network = two()
    hear(network, "pronto", { answers: [pointer("eve@hill")] }, { address: "192.0.2.1", port: 5353 })
    hear(network, "pronto", { answers: [pointer("eve@hill")] }, { address: "no address", port: 5353 })
    Net.apply(network, "pronto", {
      _tag: "Heard",
      via: "elsewhere",
      source: { address: "10.0.0.9", port: 5353 },
      message: { ...nothing, answers: [pointer("eve@hill")] }
    })
    hear(network, "pronto", { answers: [pointer("eve@hill")] }, { address: "fe80::1", port: 5353 })
    assert.deepEqual(ignored(network, "pronto"), ["notOnLink", "notOnLink", "notOnLink", "notOnLink"])
    assert.deepEqual(Net.told(network, "pronto"), [])
  })

  it("RFC 6762 §6 an answer from another port is ignored", () => {
    const network = two()
    hear(network, "pronto", { answers: [pointer("eve@hill")] }, { address: "10.0.0.9", port: 5354 })
    assert.deepEqual(ignored(network, "pronto"), ["wrongPort"])
    assert.deepEqual(Net.told(network, "pronto"), [])
  })

  it("RFC 6762 §10.2 a cache-flush bit on a pointer makes nobody vanish", () => {
    const network = known()
    Net.pass(network, 3000)
    // Nobody is there to set it right.
    Net.kill(network, "forza")
    hear(network, "pronto", { answers: [pointer("eve@hill", 4500, true)] })
    Net.pass(network, 10_000)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), ["eve@hill", romeo])
  })

  it("LIM-01 ten thousand announcements a second: what is kept is bounded, what is read too, and others stay", () => {
    const network = known()
    for (let at = 0; at < 10_000; at++) {
      hear(network, "pronto", { answers: [pointer(`eve${at}@hill`)] }, {
        address: `10.0.0.${at % 5 + 100}`,
        port: 5353
      })
    }
    Net.pass(network, 1000)
    assert.isAtMost(Net.present(Net.told(network, "pronto")).length, 501)
    assert.include(Net.present(Net.told(network, "pronto")), romeo)
    assert.isAtLeast(ignored(network, "pronto").filter((reason) => reason === "tooFast").length, 9500)
    const cached = network.hosts.get("pronto")?.state.links[0]?.cache.length
    for (let second = 0; second < 10; second++) {
      Net.pass(network, 1000)
      for (let at = 0; at < 500; at++) {
        hear(network, "pronto", { answers: [pointer(`eve${second}-${at}@hill`)] }, {
          address: `10.0.0.${at % 9 + 100}`,
          port: 5353
        })
      }
    }
    assert.isAbove(network.hosts.get("pronto")?.state.links[0]?.cache.length ?? 0, cached ?? 0)
    assert.isAtMost(network.hosts.get("pronto")?.state.links[0]?.cache.length ?? 0, 1024)
    assert.include(ignored(network, "pronto"), "full")
    assert.include(Net.present(Net.told(network, "pronto")), romeo)
  })

  it("LIM-01 four senders who fill everything make room for one who comes honestly", () => {
    const network = known()
    for (let second = 0; second < 12; second++) {
      Net.pass(network, 1000)
      for (let at = 0; at < 400; at++) {
        hear(network, "pronto", { answers: [pointer(`eve${second}-${at}@hill`)] }, {
          address: `10.0.0.${at % 4 + 100}`,
          port: 5353
        })
      }
    }
    Net.pass(network, 1000)
    hear(network, "pronto", { answers: [pointer("honest@villa")] }, { address: "10.0.0.201", port: 5353 })
    assert.includeMembers([...Net.present(Net.told(network, "pronto"))], ["honest@villa", romeo])
    assert.isAtMost(network.hosts.get("pronto")?.state.links[0]?.cache.length ?? 0, 1024)
  })

  it("LIM-01 four announcements with the most that they may say fit one message", () => {
    const network = two()
    const most = Array.from({ length: 5 }, () => btoa("a".repeat(255)))
    const addresses = Array.from({ length: 16 }, (_, at) => ({ address: `2001:db8::${at}`, prefix: 64 }))
    Net.apply(network, "forza", {
      _tag: "InterfaceChanged",
      via: "wire",
      addresses: [{ address: "10.0.0.5", prefix: 24 }, ...addresses]
    })
    for (let id = 1; id <= 5; id++) {
      Net.announce(network, "forza", `${"u".repeat(30)}${id}@${"m".repeat(30)}${id}`, most, id)
    }
    Net.pass(network, 5000)
    assert.lengthOf(Net.names(network, "forza"), 4)
    assert.deepEqual(Net.actions(network, "forza", "NameRefused").map(({ id }) => id), [5])
    hear(network, "forza", {
      isResponse: false,
      questions: [{ name: "_presence._tcp.local.", type: 12, unicast: false }]
    })
    Net.pass(network, 500)
    const last = network.sent.findLast(({ host, message }) => host === "forza" && message.answers.length === 4)
    assert.lengthOf(last?.message.additionals ?? [], 4 * (2 + 16))
  })

  it("LIM-01 one who sends too much does not keep others from being heard, and all together are heard so often", () => {
    const network = two()
    const one = (name: string, address: string) =>
      hear(network, "pronto", { answers: [pointer(name)] }, { address, port: 5353 })
    for (let at = 0; at < 200; at++) one("eve@hill", "10.0.0.100")
    assert.lengthOf(ignored(network, "pronto"), 100)
    for (let at = 0; at < 900; at++) one("eve@hill", `10.0.0.${101 + at % 100}`)
    assert.lengthOf(ignored(network, "pronto"), 600)
    Net.pass(network, 1000)
    one("honest@villa", "10.0.0.100")
    assert.include(Net.present(Net.told(network, "pronto")), "honest@villa")
  })

  it("LIM-01 one sender has a quarter of the room", () => {
    const network = two()
    for (let at = 0; at < 400; at++) {
      Net.pass(network, 20)
      hear(network, "pronto", { answers: [pointer(`eve${at}@hill`)] })
    }
    assert.lengthOf(network.hosts.get("pronto")?.state.links[0]?.cache ?? [], 256)
  })

  it("LIM-01 who has little loses nothing to others, and what one has said stays its own", () => {
    const network = two()
    const senders = Array.from({ length: 206 }, (_, at) => `10.0.0.${at + 40}`)
    const fill = (address: string, count: number, name: string) => {
      for (let at = 0; at < count; at++) {
        Net.pass(network, 11)
        hear(network, "pronto", { answers: [pointer(`${name}${at}@hill`)] }, { address, port: 5353 })
      }
    }
    for (const [at, address] of senders.entries()) fill(address, 5, `sender${at}-`)
    fill("10.0.0.30", 3, "late")
    assert.lengthOf(Net.present(Net.told(network, "pronto")), 1024)
    assert.isFalse(Net.told(network, "pronto").some(({ _tag }) => _tag === "Vanished"))

    const other = two()
    hear(other, "pronto", { answers: [pointer("honest@villa")] }, { address: "10.0.0.20", port: 5353 })
    for (let second = 0; second < 12; second++) {
      for (let at = 0; at < 400; at++) {
        const answers = [pointer("honest@villa"), pointer(`eve${second}-${at}@hill`)]
        hear(other, "pronto", { answers: second === 0 && at < 4 ? answers : answers.slice(1) }, {
          address: `10.0.0.${at % 4 + 100}`,
          port: 5353
        })
      }
      Net.pass(other, 1000)
    }
    for (let at = 0; at < 10; at++) {
      hear(other, "pronto", { answers: [pointer(`late${at}@hill`)] }, { address: "10.0.0.21", port: 5353 })
    }
    assert.includeMembers([...Net.present(Net.told(other, "pronto"))], ["honest@villa", "late9@hill"])
  })

  it("RFC 6762 §10 nobody is believed for longer than 75 minutes", () => {
    const network = two()
    hear(network, "pronto", { answers: [pointer("eve@hill", 2_000_000_000)] })
    Net.pass(network, 4_499_999)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), ["eve@hill"])
    Net.pass(network, 1)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [])
  })

  it("LIM-01 records that are no presence are not kept", () => {
    const network = two()
    const before = network.hosts.get("pronto")?.state.links[0]?.cache
    hear(network, "pronto", {
      answers: [
        { name: "_http._tcp.local.", ttl: 4500, flush: false, data: { type: "PTR", target: "x._http._tcp.local." } },
        { name: "nobody.local.", ttl: 120, flush: true, data: { type: "A", address: "10.0.0.3" } },
        pointer("broken\ufffd@hill"),
        { name: service, ttl: 4500, flush: false, data: { type: "PTR", target: `a.b.${service}` } },
        { name: service, ttl: 4500, flush: false, data: { type: "PTR", target: service } }
      ]
    })
    assert.strictEqual(network.hosts.get("pronto")?.state.links[0]?.cache, before)
  })
})
