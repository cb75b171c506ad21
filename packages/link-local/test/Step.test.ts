/** The machine as a whole: finding others, resolving, and the laws. A name of its own and answers are in files of their own. */
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Step from "../src/mdns/Step.ts"
import { hear, juliet, known, pointer, responsesBy, romeo, romeosName, sentBy, service, two } from "./fixtures.ts"
import * as Laws from "./laws.ts"
import * as Net from "./network.ts"

describe("finding others", () => {
  it("LL-14 LL-16 one who is there appears, with everything, once", () => {
    const network = known()
    assert.deepEqual(Net.told(network, "pronto"), [
      { _tag: "Appeared", via: "wire", instance: romeo },
      {
        _tag: "Resolved",
        via: "wire",
        instance: romeo,
        host: "forza.local.",
        port: 5562,
        addresses: [Net.addressOf("forza")],
        txt: ["YQ=="]
      }
    ])
  })

  it("LL-14 within two seconds, whoever begins first, and never ourselves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), fc.nat(3000), (seed, apart) => {
        const network = Net.make(seed)
        for (const [name, instance] of [["forza", romeo], ["pronto", juliet]] as const) {
          Net.host(network, name)
          Net.browse(network, name)
          Net.announce(network, name, instance)
          Net.pass(network, name === "forza" ? apart : 2000)
        }
        assert.deepEqual(Net.present(Net.told(network, "forza")), [juliet])
        assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
      }),
      { numRuns: 60 }
    )
  })

  it("RFC 6762 §5.2 the question is asked after 1, 2, 4 seconds and so on, up to once in an hour", () => {
    const network = two()
    Net.pass(network, 30 * 3_600_000)
    const times = sentBy(network, "pronto").filter(({ message }) => message.questions[0]?.name === service).map((
      { at }
    ) => at)
    const gaps = times.slice(1).map((at, index) => at - times[index]!)
    assert.deepEqual(gaps.slice(0, 5), [1000, 2000, 4000, 8000, 16_000])
    assert.strictEqual(Math.max(...gaps), 3_600_000)
  })

  it("LL-15 SRV, TXT and addresses are not asked for while nobody talks", () => {
    const network = known()
    Net.pass(network, 6 * 3_600_000)
    const asked = sentBy(network, "pronto").flatMap(({ message }) =>
      message.questions.map(({ name, type }) => `${type} ${name}`)
    )
    assert.deepEqual([...new Set(asked)], [`12 ${service}`])
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
  })

  it("RFC 6762 §5.2 RFC 6762 §10 one who is gone without a word is asked after four times, then it is forgotten", () => {
    const network = known()
    Net.kill(network, "forza")
    const since = network.now
    // The question that is repeated anyway comes less and less.
    Net.pass(network, 4_500_000)
    const asked = sentBy(network, "pronto", since + 3_500_000).map(({ at }) => Math.round((at - since) / 45_000))
    assert.includeMembers(asked, [80, 85, 90, 95])
    assert.deepEqual(Net.told(network, "pronto").at(-1), {
      _tag: "Vanished",
      via: "wire",
      instance: romeo,
      why: "expired"
    })
  })

  it("LL-20 LL-21 goodbye: the pointer with 0, and a second later it is gone", () => {
    const network = known()
    const since = network.now
    Net.apply(network, "forza", { _tag: "WithdrawRequested", id: 1 })
    const [response] = responsesBy(network, "forza", since)
    assert.deepInclude(response!.message.answers, pointer(romeo, 0))
    assert.isTrue(response?.message.answers.every(({ ttl }) => ttl === 0))
    Net.pass(network, 1000)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
    Net.pass(network, 1)
    assert.deepEqual(Net.told(network, "pronto").at(-1), {
      _tag: "Vanished",
      via: "wire",
      instance: romeo,
      why: "goodbye"
    })
  })

  it("LL-21 who says goodbye and comes back within the second never went", () => {
    const network = known()
    const before = Net.told(network, "pronto").length
    hear(network, "pronto", { answers: [pointer(romeo, 0)] })
    Net.pass(network, 500)
    hear(network, "pronto", { answers: [pointer(romeo)] })
    Net.pass(network, 5000)
    assert.strictEqual(Net.told(network, "pronto").length, before)
  })

  it("LL-22 presence is told within a second of its change, and each of ten quick ones ends in the last", () => {
    const network = known()
    const told = () => Net.told(network, "pronto").flatMap((event) => event._tag === "Resolved" ? event.txt : []).at(-1)
    Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt: ["Yg=="] })
    Net.pass(network, 10)
    assert.strictEqual(told(), "Yg==")
    for (let at = 0; at < 10; at++) {
      Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt: [at % 2 === 0 ? "YQ==" : "Yw=="] })
      Net.pass(network, 20)
    }
    Net.pass(network, 300)
    assert.strictEqual(told(), "Yw==")
    assert.deepEqual(Net.names(network, "forza"), [romeo])
  })

  it("LL-19 on two interfaces, each is told with its own; one that goes takes along what was heard there", () => {
    const network = known()
    Net.plug(network, "forza", "10.1.0.1", "other")
    Net.plug(network, "pronto", "10.1.0.2", "other")
    Net.pass(network, 5000)
    const vias = Net.told(network, "pronto").flatMap((event) => event._tag === "Appeared" ? [event.via] : [])
    assert.deepEqual(vias, ["wire", "other"])
    Net.unplug(network, "pronto", "other")
    assert.deepEqual(Net.told(network, "pronto").at(-1), { _tag: "InterfaceDown", via: "other" })
    const before = Net.told(network, "pronto").length
    Net.plug(network, "pronto", "10.1.0.2", "other")
    Net.pass(network, 5000)
    assert.deepEqual(Net.told(network, "pronto").slice(before).map(({ _tag }) => _tag), [
      "InterfaceUp",
      "Appeared",
      "Resolved"
    ])
  })

  it("RFC 6762 §8.4 other addresses are announced, and the old ones flushed", () => {
    const network = known()
    Net.plug(network, "forza", "10.0.0.77")
    Net.pass(network, 3000)
    const last = Net.told(network, "pronto").at(-1)
    assert.deepEqual(last?._tag === "Resolved" && last.addresses, ["10.0.0.77"])
    assert.deepEqual(Net.names(network, "forza"), [romeo])
  })

  it("LL-14 one who joins later is told what is known", () => {
    const network = known()
    const state = network.hosts.get("pronto")?.state ?? Step.initial
    assert.deepEqual(Step.known(state), [{ _tag: "InterfaceUp", via: "wire" }, ...Net.told(network, "pronto")])
  })
})

describe("resolving", () => {
  const resolve = (network: Net.Network, instance = romeo, id = 9) =>
    Net.apply(network, "pronto", { _tag: "ResolveRequested", id, instance })

  it("LL-15 AMB-15 SRV and TXT of the instance are asked for when somebody is about to talk", () => {
    const network = known()
    Net.pass(network, 600_000)
    const since = network.now
    resolve(network)
    const questions = sentBy(network, "pronto", since)[0]?.message.questions
    assert.deepEqual(questions?.map(({ name, type }) => [name, type]), [[romeosName, 33], [romeosName, 16]])
    Net.pass(network, 100)
    const [answer] = Net.actions(network, "pronto", "Answered")
    assert.deepEqual(answer?.resolved.addresses, [Net.addressOf("forza")])
    Net.pass(network, 10_000)
    assert.deepEqual(sentBy(network, "pronto", since + 1).flatMap(({ message }) => message.questions), [])
  })

  it("LL-15 what was heard a moment ago is not asked for", () => {
    const network = two()
    Net.announce(network, "forza", romeo)
    Net.pass(network, 3000)
    const since = network.now
    resolve(network)
    assert.strictEqual(Net.actions(network, "pronto", "Answered").length, 1)
    assert.deepEqual(sentBy(network, "pronto", since), [])
  })

  it("LL-15 a name of which nothing is known is asked for too, and its machine in turn", () => {
    const network = two()
    const since = network.now
    resolve(network, "mercutio@villa")
    const name = `mercutio@villa.${service}`
    hear(network, "pronto", {
      answers: [{
        name,
        ttl: 120,
        flush: true,
        data: { type: "SRV", priority: 0, weight: 0, port: 5, target: "villa.local." }
      }]
    })
    const questions = sentBy(network, "pronto", since).flatMap(({ message }) => message.questions)
    assert.includeMembers(questions.map((each) => `${each.type} ${each.name}`), ["1 villa.local.", "28 villa.local."])
    assert.deepEqual(Net.actions(network, "pronto", "Answered"), [])
    hear(network, "pronto", {
      answers: [{ name: "VILLA.local.", ttl: 120, flush: true, data: { type: "AAAA", address: "fe80::5" } }]
    })
    assert.deepEqual(Net.actions(network, "pronto", "Answered")[0]?.resolved.addresses, ["fe80::5%wire"])
  })

  it("RFC 6762 §10.4 who does not answer is forgotten ten seconds later", () => {
    const network = known()
    Net.pass(network, 60_000)
    Net.kill(network, "forza")
    resolve(network)
    Net.pass(network, 3000)
    Net.apply(network, "pronto", { _tag: "ResolveEnded", id: 9 })
    Net.pass(network, 6999)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
    Net.pass(network, 1)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [])
  })

  it("RFC 6762 §10.4 who is there after all stays", () => {
    const network = known()
    Net.pass(network, 60_000)
    Net.unplug(network, "forza")
    resolve(network)
    Net.pass(network, 3000)
    Net.plug(network, "forza")
    Net.apply(network, "pronto", { _tag: "ResolveEnded", id: 9 })
    Net.pass(network, 30_000)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
  })
})

describe("laws", () => {
  for (const { check, id, sentence } of Laws.all) it(`${id} ${sentence}`, () => check(Step.step))

  it.each(Laws.planted)("P-01 a machine that $fault is seen by its law", ({ law, step }) => {
    const broken = Laws.all.find(({ sentence }) => sentence === law)
    assert.throws(() => broken?.check(step, 1500))
  })
})
