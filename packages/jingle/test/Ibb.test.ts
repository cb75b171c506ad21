/** The rules of in-band bytestreams, each under its id. */
import { Element } from "@xmpp-e2e/xml"
import { assert, describe, it } from "vitest"
import * as Ibb from "../src/Ibb.ts"
import type { IbbAction, Why } from "../src/IbbAction.ts"
import type { IbbEvent, Stanza } from "../src/IbbEvent.ts"
import type { IbbState, Limits } from "../src/IbbState.ts"
import * as Link from "./link.ts"

const ns = "http://jabber.org/protocol/ibb"
const peer = "juliet"
const sid = "s1"

const run = (state: IbbState, ...events: ReadonlyArray<IbbEvent>) =>
  events.reduce<{ readonly state: IbbState; readonly actions: ReadonlyArray<IbbAction> }>((done, event) => {
    const { actions, state } = Ibb.step(done.state, event)
    return { state, actions: [...done.actions, ...actions] }
  }, { state, actions: [] })

const received = (
  id: string,
  name: string,
  attributes: Readonly<Record<string, string>>,
  text = "",
  stanza: Stanza = "iq"
): IbbEvent => ({
  _tag: "RequestReceived",
  peer,
  id,
  stanza,
  element: Element.make(ns, name, { sid, ...attributes }, text === "" ? [] : [text])
})
const open = (blockSize: string, stanza?: string) =>
  received("o", "open", { "block-size": blockSize, ...(stanza === undefined ? {} : { stanza }) })
const data = (id: string, seq: number | string, text = "AAAA") => received(id, "data", { seq: String(seq) }, text)
const close = received("c", "close", {})
const own = (_tag: "Consumed" | "CloseRequested" | "AbortRequested"): IbbEvent => ({ _tag, peer, sid })
const write = (octets: number): IbbEvent => ({ _tag: "WriteRequested", peer, sid, bytes: new Uint8Array(octets) })

const answer = (id: string, type?: "cancel" | "modify", condition = ""): IbbAction => ({
  _tag: "Answer",
  peer,
  id,
  stanza: "iq",
  ...(type === undefined ? {} : { error: { type, condition } })
})
const request = (number: number, name: string, attributes: Readonly<Record<string, string>>): IbbAction => ({
  _tag: "Request",
  peer,
  request: number,
  element: Element.make(ns, name, attributes)
})
const tags = ({ actions }: { readonly actions: ReadonlyArray<IbbAction> }) => actions.map(({ _tag }) => _tag)
const sent = ({ actions }: { readonly actions: ReadonlyArray<IbbAction> }) =>
  actions.flatMap((action) => action._tag === "Request" ? [action.element.name] : [])

/** Opened by the peer. */
const opened = (limits: Partial<Limits> = {}, blockSize = "16") =>
  run(Ibb.make(limits), { _tag: "ExpectRequested", peer, sid }, open(blockSize)).state
/** Opened by us; the next request is number 1. */
const opening = (limits: Partial<Limits> = {}, blockSize = 16) =>
  run(
    Ibb.make(limits),
    { _tag: "OpenRequested", peer, sid, blockSize },
    { _tag: "AnswerReceived", request: 0 }
  ).state

describe("opening", () => {
  it("IBB-03 our side asks, and sends nothing before the answer", () => {
    const asked = run(Ibb.make(), { _tag: "OpenRequested", peer, sid, blockSize: 4 }, write(6))
    assert.deepEqual(asked.actions, [request(0, "open", { "block-size": "4", sid, stanza: "iq" })])
    const done = run(asked.state, { _tag: "AnswerReceived", request: 0 })
    assert.deepEqual(tags(done), ["Opened", "Request"])
    assert.deepEqual(sent(done), ["data"])
  })

  it("IBB-03 what is larger than expected is refused, and what is smaller is taken", () => {
    const expected = run(Ibb.make(), { _tag: "ExpectRequested", peer, sid, blockSize: 100 }).state
    const large = run(expected, open("101"))
    assert.deepEqual(large.actions, [answer("o", "modify", "resource-constraint")])
    assert.deepEqual(run(large.state, open("100")).actions, [answer("o"), {
      _tag: "Opened",
      peer,
      sid,
      blockSize: 100
    }])
  })

  it("IBB-04 smaller blocks are offered until the peer takes them, and not below the least", () => {
    const constraint = (request: number): IbbEvent => (
      { _tag: "AnswerReceived", request, condition: "resource-constraint" }
    )
    const tries = run(
      Ibb.make({ blockSizeMin: 4 }),
      { _tag: "OpenRequested", peer, sid, blockSize: 16 },
      constraint(0),
      constraint(1)
    )
    assert.deepEqual(
      tries.actions,
      ["16", "8", "4"].map((size, at) => request(at, "open", { "block-size": size, sid, stanza: "iq" }))
    )
    assert.deepEqual(run(tries.state, constraint(2)).actions, [
      { _tag: "Failed", peer, sid, failure: { _tag: "Refused", condition: "resource-constraint" } }
    ])
    assert.deepEqual(run(tries.state, { _tag: "AnswerReceived", request: 2 }).actions, [
      { _tag: "Opened", peer, sid, blockSize: 4 }
    ])
  })

  it.each(["not-acceptable", "service-unavailable", "feature-not-implemented"])(
    "IBB-04 %s is a refusal",
    (condition) => {
      const asked = run(Ibb.make(), { _tag: "OpenRequested", peer, sid }).state
      assert.deepEqual(run(asked, { _tag: "AnswerReceived", request: 0, condition }).actions, [
        { _tag: "Failed", peer, sid, failure: { _tag: "Refused", condition } }
      ])
    }
  )

  it("IBB-05 nobody opens what was not expected, nor twice, nor what is no longer", () => {
    const refusal = [answer("o", "cancel", "not-acceptable")]
    assert.deepEqual(run(Ibb.make(), open("16")).actions, refusal)
    assert.deepEqual(run(opened(), open("16")).actions, refusal)
    const expected = run(Ibb.make(), { _tag: "ExpectRequested", peer: "nurse", sid }).state
    assert.deepEqual(run(expected, open("16")).actions, refusal)
    const withdrawn = run(Ibb.make(), { _tag: "ExpectRequested", peer, sid }, own("CloseRequested")).state
    assert.deepEqual(run(withdrawn, open("16")).actions, refusal)
  })

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["no size", {}],
    ["no octets", { "block-size": "0" }],
    ["too many octets", { "block-size": "65536" }],
    ["no number", { "block-size": "1e3" }],
    ["another kind of stanza", { "block-size": "16", stanza: "presence" }],
    ["no sid", { "block-size": "16", sid: "" }],
    ["white space in the sid", { "block-size": "16", sid: "s 1" }],
    ["a sid without end", { "block-size": "16", sid: "s".repeat(300) }]
  ])("IBB-04 a request to open with %s is a bad request", (_, attributes) => {
    assert.deepEqual(run(Ibb.make(), received("o", "open", attributes)).actions, [answer("o", "cancel", "bad-request")])
  })

  it("Bytestreams are bounded, and what cannot be asked for is declined", () => {
    const full = run(Ibb.make({ sessionsMax: 1 }), { _tag: "ExpectRequested", peer, sid })
    const declined = (why: Why, sid: string): ReadonlyArray<IbbAction> => [{ _tag: "Declined", peer, sid, why }]
    const also = (sid: string, blockSize = 16) =>
      run(full.state, { _tag: "OpenRequested", peer, sid, blockSize }).actions
    assert.deepEqual(also("s2"), declined("tooMany", "s2"))
    assert.deepEqual(also(sid), declined("taken", sid))
    assert.deepEqual(also("s 2"), declined("unsound", "s 2"))
    assert.deepEqual(also("s2", 0), declined("unsound", "s2"))
    assert.deepEqual(run(Ibb.make(), write(1)).actions, declined("unknown", sid))
  })
})

describe("blocks", () => {
  it("IBB-06 numbers begin at 0 for each sender, and 65535 is followed by 0", () => {
    const link = Link.make(Ibb.step, { windowMax: 8, writtenOctetsMax: 70_000 }, 1)
    Link.carry(link, "b")
    Link.write(link, "b", 3)
    Link.write(link, "a", 65_540)
    Link.rest(link, 600_000)
    assert.deepEqual(link.b.got, link.a.wrote)
    assert.deepEqual(link.a.got, link.b.wrote)
    assert.strictEqual(link.a.state.sessions[0]?.out.seq, 4)
    assert.strictEqual(link.b.state.sessions[0]?.out.seq, 3)
  })

  it("IBB-07 a block has as many octets as was agreed and not one more", () => {
    const fits = run(opened({}, "3"), data("d", 0, "AAAA"))
    assert.deepEqual(tags(fits), ["Deliver"])
    const large = run(opened({}, "3"), data("d", 0, "AAAAAA=="))
    assert.deepEqual(large.actions, [
      answer("d", "cancel", "bad-request"),
      { _tag: "Failed", peer, sid, failure: { _tag: "TooLarge", octets: 4, octetsMax: 3 } },
      request(0, "close", { sid })
    ])
    assert.deepEqual(large.state.sessions, [])
  })

  it.each(["A", "AA", "AA=A", "=AAA", "AAA=AAAA", "AAAA AAAA", "AAAA\n", "AA-_", "AB==", "AA", "é==="])(
    "IBB-08 %j is no base64",
    (text) => {
      const done = run(opened(), data("d", 0, text))
      assert.deepEqual(tags(done), ["Answer", "Failed", "Request"])
      assert.deepEqual(done.actions[0], answer("d", "cancel", "bad-request"))
    }
  )

  it("IBB-08 white space is passed over only where that is wanted, and an element never is", () => {
    const tolerant = opened({ tolerateWhitespace: true })
    assert.deepEqual(tags(run(tolerant, data("d", 0, " AA\n\tAA "))), ["Deliver"])
    assert.deepEqual(tags(run(tolerant, data("d", 0, "AA\u00a0AA"))), ["Answer", "Failed", "Request"])
    const element = Element.make(ns, "data", { sid, seq: "0" }, ["AA", Element.make("", "b"), "AA"])
    const nested = run(opened(), { _tag: "RequestReceived", peer, id: "d", stanza: "iq", element })
    assert.deepEqual(tags(nested), ["Answer", "Failed", "Request"])
  })

  it("IBB-09 a block is answered when it has been dealt with, the oldest first", () => {
    const two = run(opened(), data("d0", 0), data("d1", 1))
    assert.deepEqual(tags(two), ["Deliver", "Deliver"])
    assert.deepEqual(run(two.state, own("Consumed"), own("Consumed"), own("Consumed")).actions, [
      answer("d0"),
      answer("d1")
    ])
  })

  it.each([[1, 1], [3, 3], [0, 1], [100, 8]])(
    "IBB-09 with a window of %i, %i blocks are on their way",
    (wanted, most) => {
      const done = run(opening({ windowMax: wanted }, 1), write(20))
      assert.strictEqual(done.actions.length, most)
      assert.strictEqual(sent(run(done.state, { _tag: "AnswerReceived", request: 1 })).length, 1)
    }
  )

  it("IBB-10 a number that was used, or one too far, is refused and ends it; later blocks find nothing", () => {
    for (const seq of [0, 2, 65_535]) {
      const done = run(opened(), data("d0", 0), data("d1", seq), data("d2", 1))
      assert.deepEqual(done.actions.slice(1), [
        answer("d1", "cancel", "unexpected-request"),
        answer("d0", "cancel", "item-not-found"),
        { _tag: "Failed", peer, sid, failure: { _tag: "OutOfSequence", expected: 1, received: seq } },
        request(0, "close", { sid }),
        answer("d2", "cancel", "item-not-found")
      ])
    }
  })

  it("IBB-11 what no bytestream of this peer has as its sid is not found", () => {
    const unknown = [answer("d", "cancel", "item-not-found")]
    assert.deepEqual(run(Ibb.make(), data("d", 0)).actions, unknown)
    assert.deepEqual(run(Ibb.make(), received("d", "close", {})).actions, unknown)
    const expected = run(Ibb.make(), { _tag: "ExpectRequested", peer, sid }).state
    assert.deepEqual(run(expected, data("d", 0)).actions, unknown)
    const ofTybalt = run(Ibb.make(), { _tag: "ExpectRequested", peer: "tybalt", sid }).state
    assert.deepEqual(run(ofTybalt, data("d", 0)).actions, unknown)
  })

  it.each(["recipient-unavailable", "remote-server-timeout"])("IBB-12 %s gives it up", (condition) => {
    const written = run(opening(), write(4)).state
    assert.deepEqual(run(written, { _tag: "AnswerReceived", request: 1, condition }).actions, [
      { _tag: "Failed", peer, sid, failure: { _tag: "Undeliverable", condition } }
    ])
  })

  it("IBB-13 an error about a block closes it, and nobody closes what the peer does not know", () => {
    const written = run(opening(), write(40)).state
    const refused = run(written, { _tag: "AnswerReceived", request: 1, condition: "bad-request" })
    assert.deepEqual(refused.actions, [
      { _tag: "Failed", peer, sid, failure: { _tag: "BlockRefused", condition: "bad-request" } },
      request(2, "close", { sid })
    ])
    assert.deepEqual(tags(run(written, { _tag: "AnswerReceived", request: 1, condition: "item-not-found" })), [
      "Failed"
    ])
  })

  it("IBB-16 messages are received where the peer opened so, and not sent", () => {
    const expected = run(Ibb.make(), { _tag: "ExpectRequested", peer, sid }).state
    const messages = run(expected, open("16", "message")).state
    const block = (seq: string) => received("m", "data", { seq }, "AAAA", "message")
    const first = run(messages, block("0"), own("Consumed"))
    assert.deepEqual(tags(first), ["Deliver"])
    assert.deepEqual(run(first.state, write(1)).actions, [{ _tag: "Declined", peer, sid, why: "oneWay" }])
    assert.deepEqual(run(first.state, block("3")).actions[0], {
      _tag: "Answer",
      peer,
      id: "m",
      stanza: "message",
      error: { type: "cancel", condition: "unexpected-request" }
    })
    assert.deepEqual(tags(run(first.state, data("d", 1))), ["Answer", "Failed", "Request"])
    assert.deepEqual(tags(run(opened(), block("0"))), ["Answer", "Failed", "Request"])
  })

  it("IBB-18 the directions have numbers and windows of their own", () => {
    const written = run(opened(), write(16), data("d0", 0))
    assert.deepEqual(tags(written), ["Request", "Deliver"])
    const session = written.state.sessions[0]
    assert.deepEqual([session?.out.seq, session?.in.seq], [1, 1])
  })

  it("A peer that does not wait is held back, and one that cannot be is failed", () => {
    const limits = { receivedOctetsMax: 6, receivedBlocksMax: 2 }
    const one = run(opened(limits, "3"), data("d0", 0))
    assert.isTrue(Ibb.wantsInput(one.state))
    const two = run(one.state, data("d1", 1))
    assert.isFalse(Ibb.wantsInput(two.state))
    assert.isTrue(Ibb.wantsInput(run(two.state, own("Consumed")).state))
    const three = run(two.state, data("d2", 2, ""))
    assert.deepInclude(three.actions, { _tag: "Failed", peer, sid, failure: { _tag: "Overrun" } })
  })

  it("What is written is bounded, and what does not fit is declined whole", () => {
    const state = opening({ writtenOctetsMax: 10 }, 4)
    assert.strictEqual(Ibb.room(state, peer, sid), 10)
    const written = run(state, write(10)).state
    assert.strictEqual(Ibb.room(written, peer, sid), 4)
    assert.deepEqual(run(written, write(5)).actions, [{ _tag: "Declined", peer, sid, why: "full" }])
    assert.strictEqual(Ibb.room(written, peer, "s2"), 0)
  })
})

describe("closing", () => {
  it("IBB-14 our side closes when all is answered, and forgets it with the answer", () => {
    const asked = run(opening(), write(20), own("CloseRequested"))
    assert.deepEqual(sent(asked), ["data"])
    const last = run(asked.state, { _tag: "AnswerReceived", request: 1 }, { _tag: "AnswerReceived", request: 2 })
    assert.deepEqual(sent(last), ["data", "close"])
    for (const condition of [undefined, "item-not-found"]) {
      const done = run(last.state, {
        _tag: "AnswerReceived",
        request: 3,
        ...(condition === undefined ? {} : { condition })
      })
      assert.deepEqual(done.actions, [{ _tag: "Ended", peer, sid, by: condition === undefined ? "us" : "nobody" }])
      assert.deepEqual(done.state.sessions, [])
    }
    assert.deepEqual(tags(run(last.state, write(1))), ["Declined"])
  })

  it("IBB-14, IBB-15: the peer's close is answered after our pending blocks and what we still had to deal with", () => {
    const asked = run(opened({}, "16"), data("d0", 0), write(20), close)
    assert.deepEqual(tags(asked), ["Deliver", "Request"])
    assert.deepEqual(tags(run(asked.state, write(1))), ["Declined"])
    const flushed = run(asked.state, { _tag: "AnswerReceived", request: 0 }, { _tag: "AnswerReceived", request: 1 })
    assert.notInclude(tags(flushed), "Ended")
    assert.deepEqual(run(flushed.state, own("Consumed")).actions, [
      answer("d0"),
      answer("c"),
      { _tag: "Ended", peer, sid, by: "peer" }
    ])
    assert.deepEqual(run(asked.state, data("d1", 1)).actions, [answer("d1", "cancel", "item-not-found")])
  })

  it("IBB-14 both at once is an end in order for both", () => {
    const link = Link.make(Ibb.step, {}, 8)
    Link.rest(link)
    Link.close(link, "a")
    Link.close(link, "b")
    Link.rest(link)
    assert.isTrue(Link.endedInOrder(link, "a") && Link.endedInOrder(link, "b"))
    assert.isFalse(Link.failed(link, "a") || Link.failed(link, "b"))
  })

  it("IBB-14 giving up answers what is left, and tells the peer", () => {
    assert.deepEqual(run(opened(), data("d0", 0), own("AbortRequested")).actions.slice(1), [
      answer("d0", "cancel", "item-not-found"),
      { _tag: "Failed", peer, sid, failure: { _tag: "Aborted" } },
      request(0, "close", { sid })
    ])
  })

  it("Each request has a timer, and a late answer ends the bytestream without a word", () => {
    const asked = run(Ibb.make(), { _tag: "OpenRequested", peer, sid })
    assert.deepEqual(Ibb.armed(asked.state), [0])
    const failed: ReadonlyArray<IbbAction> = [{ _tag: "Failed", peer, sid, failure: { _tag: "NoAnswer" } }]
    assert.deepEqual(run(asked.state, { _tag: "TimedOut", request: 0 }).actions, failed)
    const written = run(opening(), write(4)).state
    assert.deepEqual(Ibb.armed(written), [1])
    assert.deepEqual(run(written, { _tag: "TimedOut", request: 1 }).actions, failed)
    assert.deepEqual(run(written, { _tag: "TimedOut", request: 0 }).actions, [])
    assert.deepEqual(Ibb.armed(run(opening(), own("CloseRequested")).state), [1])
  })

  it("IBB-15 with the stream all bytestreams end", () => {
    const two = run(opened(), { _tag: "OpenRequested", peer, sid: "s2" }).state
    const done = run(two, { _tag: "StreamEnded" })
    assert.deepEqual(done.actions.map((action) => action._tag === "Failed" && [action.sid, action.failure._tag]), [
      [sid, "StreamEnded"],
      ["s2", "StreamEnded"]
    ])
    assert.deepEqual(done.state.sessions, [])
  })
})
