/** What is kept of what others say, and what follows from it for those who browse. */
import { assert, describe, it } from "vitest"
import type { ResourceRecord } from "../src/mdns/Message.ts"
import { hear, juliet, known, pointer, romeo, romeosName, sentBy, service, two } from "./fixtures.ts"
import * as Net from "./network.ts"

const villa = `mercutio@villa.${service}`
const srv = (port: number, ttl = 120, priority = 0): ResourceRecord => ({
  name: villa,
  ttl,
  flush: true,
  data: { type: "SRV", priority, weight: 0, port, target: "villa.local." }
})
const txt = (text: string, ttl = 4500): ResourceRecord => ({
  name: villa,
  ttl,
  flush: true,
  data: { type: "TXT", strings: [btoa(text)] }
})
const a = (address: string, ttl = 120): ResourceRecord => ({
  name: "villa.local.",
  ttl,
  flush: true,
  data: { type: "A", address }
})

const last = (network: Net.Network) =>
  Net.told(network, "pronto").flatMap((event) =>
    event._tag === "Resolved" && event.instance === "mercutio@villa" ? [event] : []
  ).at(-1)

const mercutio = (...records: ReadonlyArray<ResourceRecord>): Net.Network => {
  const network = two()
  hear(network, "pronto", { answers: [pointer("mercutio@villa"), ...records] })
  return network
}

describe("what is told", () => {
  it("LL-19 what runs out before the pointer stays as a hint", () => {
    const network = mercutio(srv(5, 120), txt("one", 10), a("10.0.0.9", 60))
    Net.pass(network, 20_000)
    hear(network, "pronto", { answers: [a("10.0.0.10", 60)] })
    assert.deepInclude(last(network)!, { addresses: ["10.0.0.10", "10.0.0.9"].toSorted(), txt: [btoa("one")] })
    Net.pass(network, 300_000)
    hear(network, "pronto", { answers: [txt("two")] })
    assert.deepInclude(last(network)!, { host: "villa.local.", port: 5, addresses: ["10.0.0.10"], txt: [btoa("two")] })
    assert.deepEqual(Net.present(Net.told(network, "pronto")), ["mercutio@villa"])
  })

  it("LL-16 addresses that come by themselves are told", () => {
    const network = mercutio(srv(5), txt("one"))
    assert.deepEqual(last(network)?.addresses, [])
    hear(network, "pronto", { answers: [a("10.0.0.9")] })
    assert.deepEqual(last(network)?.addresses, ["10.0.0.9"])
  })

  it("LL-29 of two places the one with the lower priority counts", () => {
    assert.strictEqual(last(mercutio(srv(5, 120, 9), srv(6, 120, 1)))?.port, 6)
    assert.strictEqual(last(mercutio(srv(6, 120, 1), srv(5, 120, 9)))?.port, 6)
  })

  it("RFC 6762 §10.2 the flush bit leaves what was said in the last second, and ends the rest", () => {
    const network = mercutio(srv(5), a("10.0.0.9"))
    Net.pass(network, 900)
    hear(network, "pronto", { answers: [a("10.0.0.10")] })
    Net.pass(network, 5000)
    assert.deepEqual(last(network)?.addresses, ["10.0.0.10", "10.0.0.9"])
    hear(network, "pronto", { answers: [a("10.0.0.10")] })
    Net.pass(network, 5000)
    assert.deepEqual(last(network)?.addresses, ["10.0.0.10"])
  })

  it("LL-14 somebody whose name we try to have is told all the same, and ourselves never, not even when we go", () => {
    const network = known()
    Net.browse(network, "forza")
    Net.announce(network, "pronto", romeo)
    Net.pass(network, 5000)
    assert.deepEqual(Net.names(network, "pronto"), ["romeo@forza-1"])
    assert.isFalse(Net.told(network, "pronto").some(({ _tag }) => _tag === "Vanished"))
    Net.apply(network, "pronto", { _tag: "WithdrawRequested", id: 1 })
    Net.pass(network, 5000)
    const own = Net.told(network, "pronto").filter((event) => "instance" in event && event.instance !== romeo)
    assert.deepEqual(own, [])
  })

  it("LL-14 who browses once more is told once more", () => {
    const network = known()
    const before = Net.told(network, "pronto")
    Net.apply(network, "pronto", { _tag: "BrowseEnded" })
    Net.browse(network, "pronto")
    assert.deepEqual(Net.told(network, "pronto"), [...before, ...before])
  })

  it("LL-22 presence that goes back and forth ends as it was said last, and is said four times a second at most", () => {
    const network = known()
    const since = network.now
    for (let at = 0; at < 40; at++) {
      Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt: [at % 2 === 0 ? "Yg==" : "YQ=="] })
      Net.pass(network, 25)
    }
    assert.isAtMost(sentBy(network, "forza", since).length, 6)
    Net.pass(network, 250)
    const told = Net.told(network, "pronto").flatMap((event) => event._tag === "Resolved" ? event.txt : [])
    assert.strictEqual(told.at(-1), "YQ==")
    for (const txt of ["Yg==", "YQ==", "Yg=="]) {
      Net.apply(network, "forza", { _tag: "UpdateRequested", id: 1, txt: [txt] })
      Net.pass(network, 300)
      const event = Net.told(network, "pronto").at(-1)
      assert.deepEqual(event?._tag === "Resolved" ? event.txt : [], [txt])
    }
  })
})

describe("what is asked", () => {
  const questionsBy = (network: Net.Network, since: number) =>
    sentBy(network, "pronto", since).filter(({ message }) => message.questions[0]?.name === service)

  it("LL-21 who has said goodbye is not asked after", () => {
    const network = known()
    Net.pass(network, 100_000)
    const since = network.now
    hear(network, "pronto", { answers: [pointer(romeo, 0)] })
    Net.pass(network, 900)
    assert.deepEqual(questionsBy(network, since), [])
  })

  it("RFC 6762 §7.1 known answers are those with more than half of their time, and ourselves", () => {
    const network = two()
    // It hears nothing of what it says.
    network.wires.set("wire", new Set(["forza"]))
    Net.announce(network, "pronto", juliet)
    hear(network, "pronto", { answers: [pointer("mercutio@villa", 100)] })
    Net.pass(network, 79_000)
    const answers = sentBy(network, "pronto").filter(({ message }) => message.questions[0]?.name === service)
      .flatMap(({ message }) => message.answers)
    const times = answers.filter(({ data }) => data.type === "PTR" && data.target === villa).map(({ ttl }) => ttl)
    assert.isAtLeast(times.length, 3)
    assert.isAbove(Math.min(...times), 50)
    assert.isTrue(answers.some(({ data }) => data.type === "PTR" && data.target === `${juliet}.${service}`))
  })

  it("RFC 6762 §7.2 many known answers go in several messages, each but the last with more to follow", () => {
    const network = two()
    for (let at = 0; at < 40; at++) hear(network, "pronto", { answers: [pointer(`eve${at}@hill`)] })
    const since = network.now
    Net.pass(network, 150)
    const messages = sentBy(network, "pronto", since).map(({ message }) => message)
    assert.deepEqual(messages.map(({ truncated }) => truncated), [true, true, false])
    assert.deepEqual(messages.map(({ answers }) => answers.length), [16, 16, 8])
    assert.deepEqual(messages.map(({ questions }) => questions.length), [1, 0, 0])
  })

  it("LL-15 what was heard a minute ago is asked for anew, and as long as anybody waits", () => {
    const network = known()
    Net.pass(network, 60_000)
    network.wires.set("wire", new Set(["pronto"]))
    const since = network.now
    for (const id of [1, 2]) Net.apply(network, "pronto", { _tag: "ResolveRequested", id, instance: romeo })
    Net.pass(network, 500)
    Net.apply(network, "pronto", { _tag: "ResolveEnded", id: 1 })
    Net.pass(network, 1000)
    const times = sentBy(network, "pronto", since).filter(({ message }) =>
      message.questions.some(({ name }) => name === romeosName)
    )
    assert.deepEqual(times.map(({ at }) => at - since), [0, 1000])
    assert.deepEqual(Net.actions(network, "pronto", "Answered"), [])
  })

  it("RFC 6762 §10.4 who is doubted is asked after at once, and who answers then stays", () => {
    const network = known()
    Net.pass(network, 60_000)
    network.wires.set("wire", new Set(["pronto"]))
    Net.apply(network, "pronto", { _tag: "ResolveRequested", id: 1, instance: romeo })
    Net.pass(network, 3000)
    network.wires.set("wire", new Set(["pronto", "forza"]))
    const since = network.now
    Net.apply(network, "pronto", { _tag: "ResolveEnded", id: 1 })
    assert.lengthOf(questionsBy(network, since), 1)
    Net.pass(network, 30_000)
    assert.deepEqual(Net.present(Net.told(network, "pronto")), [romeo])
  })
})
