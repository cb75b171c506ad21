/** Names of our own, and answers to those who ask for them. */
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import type { ResourceRecord } from "../src/mdns/Message.ts"
import {
  hear,
  known,
  pointer,
  probesBy,
  query,
  responsesBy,
  romeo,
  romeosName,
  sentBy,
  service,
  two
} from "./fixtures.ts"
import * as Net from "./network.ts"

describe("having a name", () => {
  it("LL-12 three probes 250 ms apart after up to 250 ms, then two announcements a second apart", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (seed) => {
      const network = two(seed)
      const begun = network.now
      Net.announce(network, "forza", romeo)
      Net.pass(network, 5000)
      const probes = probesBy(network, "forza").map(({ at }) => at - begun)
      assert.strictEqual(probes.length, 3)
      assert.isTrue(probes[0]! >= 0 && probes[0]! < 250)
      assert.deepEqual(probes.map((at) => at - probes[0]!), [0, 250, 500])
      const announced = responsesBy(network, "forza").filter(({ to }) => to === undefined).map(({ at }) =>
        at - begun - probes[0]!
      )
      assert.includeMembers(announced, [750, 1750])
      assert.deepEqual(Net.names(network, "forza"), [romeo])
    }))
  })

  it("LL-12 a probe asks for ANY of both names, and shows what is to be ours", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 1000)
    const [probe] = probesBy(network, "forza")
    assert.deepEqual(probe?.message.questions.map(({ name, type }) => [name, type]), [[romeosName, 255], [
      "forza.local.",
      255
    ]])
    assert.deepEqual(probe?.message.authorities.map(({ data }) => data.type), ["SRV", "TXT", "A"])
    assert.isTrue(probe?.message.authorities.every(({ flush }) => !flush))
  })

  it("LL-01 LL-13 LL-29 the records are PTR, SRV, TXT and the address, with their times to live", () => {
    const [announcement] = responsesBy(known(), "forza")
    assert.deepEqual(announcement?.message.answers, [
      { name: service, ttl: 4500, flush: false, data: { type: "PTR", target: romeosName } },
      {
        name: romeosName,
        ttl: 120,
        flush: true,
        data: { type: "SRV", priority: 0, weight: 0, port: 5562, target: "forza.local." }
      },
      { name: romeosName, ttl: 4500, flush: true, data: { type: "TXT", strings: ["YQ=="] } },
      { name: "forza.local.", ttl: 120, flush: true, data: { type: "A", address: Net.addressOf("forza") } }
    ])
  })

  it("LL-11 who comes second to a name of a machine has the next one", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 3000)
    Net.announce(network, "pronto", romeo)
    Net.pass(network, 5000)
    assert.deepEqual(Net.names(network, "forza"), [romeo])
    assert.deepEqual(Net.names(network, "pronto"), ["romeo@forza-1"])
    Net.host(network, "third")
    Net.announce(network, "third", romeo)
    Net.pass(network, 5000)
    assert.deepEqual(Net.names(network, "third"), ["romeo@forza-2"])
  })

  it("LL-11 a second user of that name on the same machine is told apart by the user", () => {
    const network = Net.make()
    Net.host(network, "one", "10.0.0.7")
    Net.host(network, "two", "10.0.0.7")
    Net.announce(network, "one", romeo)
    Net.pass(network, 3000)
    Net.apply(network, "two", { _tag: "AnnounceRequested", id: 1, instance: romeo, port: 5563, txt: [] })
    Net.pass(network, 5000)
    assert.deepEqual(Net.names(network, "two"), ["romeo-1@forza"])
    assert.deepEqual(Net.names(network, "one"), [romeo])
  })

  it("LL-11 an answer that comes in two messages costs one rename, of the machine alone", () => {
    const srv: ResourceRecord = {
      name: romeosName,
      ttl: 120,
      flush: true,
      data: { type: "SRV", priority: 0, weight: 0, port: 1, target: "forza.local." }
    }
    const a: ResourceRecord = {
      name: "forza.local.",
      ttl: 120,
      flush: true,
      data: { type: "A", address: "10.0.0.200" }
    }
    for (const answers of [[[srv], [a]], [[a], [srv]], [[srv, a]]]) {
      const network = two()
      Net.announce(network, "forza", romeo)
      Net.pass(network, 550)
      for (const some of answers) hear(network, "forza", { answers: some })
      Net.pass(network, 5000)
      assert.deepEqual(Net.names(network, "forza"), ["romeo@forza-1"])
    }
  })

  it("LL-12 whoever begins together ends with names that differ", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), fc.nat(400), fc.nat(400), (seed, first, second) => {
        const network = Net.make(seed)
        for (const name of ["one", "two", "three"]) Net.host(network, name)
        Net.announce(network, "one", romeo)
        Net.pass(network, first)
        Net.announce(network, "two", romeo)
        Net.pass(network, second)
        Net.announce(network, "three", romeo)
        Net.pass(network, 20_000)
        const ended = ["one", "two", "three"].map((name) => Net.names(network, name).at(-1))
        assert.deepEqual(ended.toSorted(), [romeo, "romeo@forza-1", "romeo@forza-2"])
      }),
      { numRuns: 60 }
    )
  })

  it("RFC 6762 §8.2 of two who probe together, the one with the later records has the name", () => {
    const network = Net.make()
    Net.host(network, "low", "10.0.0.1")
    Net.host(network, "high", "10.0.0.2")
    Net.announce(network, "low", romeo)
    Net.announce(network, "high", romeo)
    Net.pass(network, 10_000)
    assert.deepEqual(Net.names(network, "high"), [romeo])
    assert.deepEqual(Net.names(network, "low"), ["romeo@forza-1"])
  })

  /** Somebody has every name that is probed for. When each was tried: */
  const takeAll = (network: Net.Network, millis: number): ReadonlyArray<number> => {
    const [tries, end]: [Array<number>, number] = [[], network.now + millis]
    while (network.now < end) {
      Net.pass(network, 10)
      const probe = probesBy(network, "forza").at(-1)
      if (probe === undefined || probe.at <= (tries.at(-1) ?? 0)) continue
      tries.push(probe.at)
      const name = probe.message.questions[1]?.name ?? ""
      hear(network, "forza", { answers: [{ name, ttl: 120, flush: true, data: { type: "A", address: "10.0.0.200" } }] })
    }
    return tries
  }

  it("RFC 6762 §8.2 who has lost a tie waits a second and begins again with three probes", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 550)
    const before = probesBy(network, "forza").length
    const since = network.now
    hear(network, "forza", {
      ...query(romeosName, 255),
      authorities: [{
        name: romeosName,
        ttl: 120,
        flush: false,
        data: { type: "SRV", priority: 9, weight: 0, port: 1, target: "a." }
      }]
    })
    Net.pass(network, 5000)
    assert.deepEqual(probesBy(network, "forza").slice(before).map(({ at }) => at - since), [1000, 1250, 1500])
    assert.isAtLeast(before, 2)
    assert.deepEqual(Net.names(network, "forza"), [romeo])
  })

  it("LL-12 fifteen names lost in ten seconds, and each further try waits five", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    const tries = takeAll(network, 60_000)
    assert.isAtMost(tries.filter((at) => at - tries[0]! < 10_000).length, 17)
    assert.isAtLeast(tries.length, 20)
    for (const [at, time] of tries.entries()) if (at > 15) assert.isAtLeast(time - tries[at - 1]!, 5000)
    assert.deepEqual(Net.names(network, "forza"), [])
  })

  it("RFC 6762 §8.1 forty names that are all taken, and it is refused", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    assert.lengthOf(takeAll(network, 200_000), 41)
    assert.deepEqual(Net.actions(network, "forza", "NameRefused").map(({ reason }) => reason), ["noFreeName"])
    const quiet = network.now
    Net.pass(network, 20_000)
    assert.deepEqual(sentBy(network, "forza", quiet), [])
  })

  it("RFC 6762 §9 a forged conflict costs a probe, not the name", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", {
      answers: [{
        name: romeosName,
        ttl: 120,
        flush: true,
        data: { type: "SRV", priority: 0, weight: 0, port: 1, target: "evil.local." }
      }]
    })
    Net.pass(network, 3000)
    assert.strictEqual(probesBy(network, "forza", since).length, 3)
    assert.deepEqual(Net.names(network, "forza"), [romeo])
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
  })

  it("RFC 6762 §9 two networks that become one end with names that differ", () => {
    const network = Net.make()
    for (const name of ["one", "two"]) {
      Net.host(network, name, Net.addressOf(name), "wire")
      Net.browse(network, name)
      Net.announce(network, name, romeo)
      // The other end is not plugged in yet.
      network.wires.set("wire", new Set([name]))
      Net.pass(network, 5000)
    }
    assert.deepEqual(["one", "two"].map((name) => Net.names(network, name)), [[romeo], [romeo]])
    network.wires.set("wire", new Set(["one", "two"]))
    Net.host(network, "three")
    Net.apply(network, "three", { _tag: "ResolveRequested", id: 1, instance: romeo })
    Net.pass(network, 30_000)
    assert.deepEqual(["one", "two"].map((name) => Net.names(network, name).at(-1)).toSorted(), [romeo, "romeo@forza-1"])
    for (const [name, other] of [["one", "two"], ["two", "one"]] as const) {
      assert.deepEqual(Net.present(Net.told(network, name)), Net.names(network, other).slice(-1))
    }
  })

  it("RFC 6762 §9 who has had a name is not talked out of all of them for good", () => {
    const network = known()
    hear(network, "forza", {
      answers: [{ name: "forza.local.", ttl: 120, flush: true, data: { type: "A", address: "10.0.0.200" } }]
    })
    assert.isAtLeast(takeAll(network, 300_000).length, 50)
    assert.deepEqual(Net.actions(network, "forza", "NameRefused"), [])
    Net.pass(network, 10_000)
    assert.lengthOf(Net.present(Net.told(network, "pronto")), 1)
  })

  it("RFC 6762 §8.1 other addresses while it is probed cut no probe short, and the same ones are nothing new", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 300)
    Net.plug(network, "forza", "10.0.0.77")
    Net.pass(network, 400)
    assert.deepEqual(responsesBy(network, "forza"), [])
    Net.pass(network, 4000)
    assert.lengthOf(probesBy(network, "forza"), 3)
    const since = network.now
    Net.plug(network, "forza", "10.0.0.77")
    Net.pass(network, 2000)
    assert.deepEqual(sentBy(network, "forza", since), [])
  })

  it("LL-17 names are announced in the form NFC", () => {
    const network = two()
    Net.announce(network, "forza", "rome\u0301o@forza")
    Net.pass(network, 2000)
    assert.deepEqual(Net.names(network, "forza"), ["rom\u00e9o@forza"])
  })

  it("RFC 6762 §9 the same records from somebody else, or our own from before, are no conflict", () => {
    const network = known()
    Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt: ["Yg=="] })
    const since = network.now
    const own = responsesBy(network, "forza")[0]?.message.answers ?? []
    hear(network, "forza", { answers: own })
    const [host, service] = ["forza.local.", "other.local."]
    // Other programs on this machine know of an address before us; somebody else's record of this name is over.
    hear(network, "forza", {
      answers: [{ name: host, ttl: 120, flush: true, data: { type: "A", address: "10.0.0.99" } }]
    }, {
      address: Net.addressOf("forza"),
      port: 5353
    })
    hear(network, "forza", {
      answers: [{
        name: romeosName,
        ttl: 0,
        flush: true,
        data: { type: "SRV", priority: 0, weight: 0, port: 1, target: service }
      }]
    })
    Net.pass(network, 3000)
    assert.deepEqual(probesBy(network, "forza", since), [])
  })

  it("LL-17 LL-18 what cannot be announced is refused", () => {
    for (const instance of ["", "@forza", "romeo@", "romeo@fórza", `${"a".repeat(64)}@b`, "romeo@a\ufffdb"]) {
      const network = two()
      Net.announce(network, "forza", instance)
      assert.deepEqual(Net.actions(network, "forza", "NameRefused").map(({ reason }) => reason), ["unsound"], instance)
    }
    const network = two()
    for (const port of [0, -1, 1.5, 65_536]) {
      Net.apply(network, "forza", { _tag: "AnnounceRequested", id: port, instance: romeo, port, txt: [] })
    }
    Net.announce(network, "forza", romeo, ["not base64!"], 90)
    Net.announce(network, "forza", romeo, Array.from({ length: 100 }, () => btoa("a".repeat(20))), 91)
    assert.strictEqual(Net.actions(network, "forza", "NameRefused").length, 6)
  })

  it("LL-08 strings that cannot be sent leave those before", () => {
    const network = known()
    for (
      const txt of [
        ["not base64!"],
        [btoa("a".repeat(256))],
        Array.from({ length: 14 }, () => btoa("a".repeat(99)))
      ]
    ) {
      Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt })
    }
    Net.apply(network, "forza", { _tag: "UpdateRequested", id: 2, txt: [] })
    assert.deepEqual(Net.actions(network, "forza", "UpdateRefused").map(({ id }) => id), [1, 1, 1, 2])
    Net.pass(network, 3000)
    assert.strictEqual(Net.told(network, "pronto").length, 2)
  })

  it("LL-11 LL-17 a long name is cut so that its suffix fits, at a character", () => {
    const long = `${"é".repeat(28)}@forza`
    const network = Net.make()
    Net.host(network, "one")
    Net.host(network, "two")
    Net.announce(network, "one", long)
    Net.pass(network, 3000)
    Net.announce(network, "two", long)
    Net.pass(network, 5000)
    assert.deepEqual(Net.names(network, "two"), [`${"é".repeat(28)}@forz-1`])
  })
})

describe("answering", () => {
  const browsed = (network: Net.Network, ...answers: ReadonlyArray<ResourceRecord>) =>
    hear(network, "forza", { ...query(service, 12), answers })

  it("LL-16 RFC 6763 §12 a pointer comes with SRV, TXT and addresses, after 20 to 120 ms", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (seed) => {
      const network = known()
      network.chance = seed
      const since = network.now
      browsed(network)
      Net.pass(network, 1000)
      const [response, ...more] = responsesBy(network, "forza", since)
      assert.deepEqual(more, [])
      assert.isTrue(response!.at - since >= 20 && response!.at - since < 120)
      assert.deepEqual(response?.message.answers.map(({ data }) => data.type), ["PTR"])
      assert.deepEqual(response?.message.additionals.map(({ data }) => data.type), ["SRV", "TXT", "A", "other"])
    }))
  })

  it("RFC 6762 §6 unique records are answered at once, and not twice in a second", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", query(romeosName, 33))
    hear(network, "forza", query(romeosName, 33))
    Net.pass(network, 200)
    hear(network, "forza", query(romeosName, 33))
    Net.pass(network, 3000)
    assert.deepEqual(responsesBy(network, "forza", since).map(({ at }) => at - since), [0, 1000])
  })

  it("RFC 6762 §6 who probes is answered after a quarter of a second", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", query(romeosName, 33))
    hear(network, "forza", { ...query(romeosName, 33), authorities: [pointer("x@y")] })
    Net.pass(network, 2000)
    assert.deepEqual(responsesBy(network, "forza", since).map(({ at }) => at - since), [0, 250])
  })

  it("RFC 6762 §6 many who ask together have one answer", () => {
    const network = known()
    const since = network.now
    for (let at = 0; at < 30; at++) {
      hear(network, "forza", query(service, 12), { address: `10.0.0.${at + 100}`, port: 5353 })
    }
    Net.pass(network, 900)
    assert.strictEqual(responsesBy(network, "forza", since).length, 1)
  })

  it("RFC 6762 §7.1 known answers are not repeated, unless they have less than half of their time", () => {
    const network = known()
    const since = network.now
    browsed(network, pointer(romeo, 2250))
    Net.pass(network, 1000)
    assert.deepEqual(responsesBy(network, "forza", since), [])
    browsed(network, pointer(romeo, 2249))
    Net.pass(network, 1000)
    assert.strictEqual(responsesBy(network, "forza", since).length, 1)
  })

  it("RFC 6762 §7.2 known answers in a second message count", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", { ...query(service, 12), truncated: true })
    Net.pass(network, 100)
    hear(network, "forza", { isResponse: false, answers: [pointer(romeo)] })
    Net.pass(network, 1000)
    assert.deepEqual(responsesBy(network, "forza", since), [])
    hear(network, "forza", { ...query(service, 12), truncated: true })
    Net.pass(network, 100)
    hear(network, "forza", { isResponse: false, answers: [pointer(romeo)] }, { address: "10.0.0.201", port: 5353 })
    Net.pass(network, 1000)
    assert.strictEqual(responsesBy(network, "forza", since).length, 1)
  })

  it("RFC 6762 §5.4 who asks for itself alone is answered alone, unless the others have not heard it for long", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", query(romeosName, 33, true))
    Net.pass(network, 500)
    assert.deepEqual(responsesBy(network, "forza", since).map(({ to }) => to), [{ address: "10.0.0.200", port: 5353 }])
    Net.pass(network, 40_000)
    const later = network.now
    hear(network, "forza", query(romeosName, 33, true))
    Net.pass(network, 500)
    assert.deepEqual(responsesBy(network, "forza", later).map(({ to }) => to), [undefined])
  })

  it("RFC 6762 §6.7 a simple resolver is answered as in ordinary DNS", () => {
    const network = known()
    const since = network.now
    const source = { address: "10.0.0.200", port: 40_000 }
    hear(network, "forza", { ...query(romeosName, 33), id: 77 }, source)
    const [response] = responsesBy(network, "forza", since)
    assert.deepEqual(response?.to, source)
    assert.strictEqual(response?.message.id, 77)
    assert.deepEqual(response?.message.questions, [{ name: romeosName, type: 33, unicast: false }])
    for (const record of [...response!.message.answers, ...response!.message.additionals]) {
      assert.isFalse(record.flush)
      assert.isAtMost(record.ttl, 10)
    }
  })

  it("RFC 6763 §9 who asks for all services hears of ours", () => {
    const network = known()
    const since = network.now
    hear(network, "forza", query("_services._dns-sd._udp.LOCAL.", 12))
    Net.pass(network, 500)
    assert.deepEqual(responsesBy(network, "forza", since)[0]?.message.answers.map(({ data }) => data), [
      { type: "PTR", target: service }
    ])
    assert.deepEqual(responsesBy(network, "forza", since)[0]?.message.additionals, [])
  })

  it("RFC 6762 §8 nothing is answered that is still probed for", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 300)
    hear(network, "forza", query(romeosName, 255))
    Net.pass(network, 200)
    assert.deepEqual(responsesBy(network, "forza"), [])
  })
})
