/** The laws of in-band bytestreams, over two machines joined by queues; each with faults that it finds. */
import { Element } from "@xmpp-e2e/xml"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Ibb from "../src/Ibb.ts"
import type { IbbAction } from "../src/IbbAction.ts"
import type { IbbEvent } from "../src/IbbEvent.ts"
import type { IbbState, Limits } from "../src/IbbState.ts"
import * as Link from "./link.ts"

interface Law {
  readonly counterexample: () => string | undefined
  readonly findsFaultOf: (step: Link.Step) => boolean
}

const law = <A>(property: (step: Link.Step) => fc.IProperty<A>, numRuns = 150): Law => ({
  counterexample: () => fc.defaultReportMessage(fc.check(property(Ibb.step), { numRuns })),
  findsFaultOf: (step) => fc.check(property(step), { numRuns: 20 * numRuns }).failed
})

const limits: fc.Arbitrary<Partial<Limits>> = fc.record({
  windowMax: fc.integer({ min: 1, max: 8 }),
  writtenOctetsMax: fc.integer({ min: 1, max: 200 }),
  receivedOctetsMax: fc.integer({ min: 64, max: 300 }),
  receivedBlocksMax: fc.integer({ min: 1, max: 8 }),
  blockSizeMin: fc.constant(1),
  blockSizeMax: fc.integer({ min: 1, max: 64 })
})
const moves = fc.array(fc.nat(10_000), { maxLength: 120 })
const blockSize = fc.integer({ min: 1, max: 64 })
const closers = fc.constantFrom<ReadonlyArray<Link.Name>>(["a"], ["b"], ["a", "b"])

const arrival = law((step) =>
  fc.property(limits, blockSize, moves, closers, (limits, size, moves, closers) => {
    const link = Link.make(step, limits, size)
    // Whoever closes what it still expects lets nobody in.
    Link.carry(link, "b")
    Link.follow(link, moves)
    for (const name of closers) Link.close(link, name)
    Link.rest(link)
    assert.deepEqual(link.b.got, link.a.wrote)
    assert.deepEqual(link.a.got, link.b.wrote)
    for (const name of ["a", "b"] as const) {
      assert.isTrue(Link.endedInOrder(link, name) && !Link.failed(link, name), name)
      assert.deepEqual(Ibb.armed(link[name].state), [])
    }
  })
)

const harms: Readonly<Record<string, Link.Damage["harm"]>> = {
  lost: () => [],
  number: (stanza) => altered(stanza, { seq: "4711" }),
  noNumber: (stanza) => altered(stanza, { seq: "-1" }),
  otherSid: (stanza) => altered(stanza, { sid: "s2" }),
  noBase64: (stanza) => altered(stanza, {}, "AA=A"),
  tooLarge: (stanza) => altered(stanza, {}, "A".repeat(4 * 64)),
  repeated: (stanza) => stanza._tag === "Request" ? [stanza, { ...stanza, id: "9999" }] : [stanza]
}
const altered = (stanza: Link.Stanza, attributes: Readonly<Record<string, string>>, text?: string) =>
  stanza._tag === "Answer" ? [] : [{ ...stanza, element: Link.changed(stanza.element, attributes, text) }]

const damage = law((step) =>
  fc.property(
    limits,
    blockSize,
    moves,
    fc.nat(25),
    fc.constantFrom(...Object.keys(harms)),
    (limits, size, moves, at, kind) => {
      const harm = harms[kind]
      const link = Link.make(step, limits, size, harm && { at, harm })
      Link.write(link, "a", 90)
      Link.follow(link, moves)
      Link.close(link, "a")
      Link.rest(link)
      Link.end(link)
      for (const name of ["a", "b"] as const) {
        assert.isTrue(Link.isPrefix(link[name].got, link[Link.other(name)].wrote), "what arrives is a beginning")
        assert.strictEqual(link[name].state.sessions.length, 0)
        assert.strictEqual(Link.failed(link, name) || Link.endedInOrder(link, name), true)
        const isWhole = link[name].got.length === link[Link.other(name)].wrote.length
        // Of a block that the stanzas' carrier repeats, the answer finds no request: to its sender, the end looks in order.
        const isExcused = kind === "repeated" && Link.failed(link, Link.other(name))
        assert.isTrue(isWhole || isExcused || Link.knows(link, name), "who lacks octets knows it")
      }
      if (!Link.isData(link.hit)) return
      assert.isTrue(Link.knows(link, "a") || kind === "repeated", "the first side knows")
      assert.isTrue(Link.knows(link, "b") || kind === "repeated", "the second side knows")
      assert.isTrue(Link.failed(link, "a") || Link.failed(link, "b"), "a repetition is noticed")
    }
  ), 3000)

const small: Partial<Limits> = {
  sessionsMax: 3,
  windowMax: 2,
  writtenOctetsMax: 40,
  receivedOctetsMax: 30,
  receivedBlocksMax: 3,
  blockSizeMax: 16
}
/** So that most runs have something to be unfair to. */
const prelude: ReadonlyArray<IbbEvent> = [
  { _tag: "ExpectRequested", peer: "a", sid: "s1" },
  {
    _tag: "RequestReceived",
    peer: "a",
    id: "first",
    stanza: "iq",
    element: Element.make("http://jabber.org/protocol/ibb", "open", { sid: "s1", "block-size": "16" })
  },
  { _tag: "OpenRequested", peer: "b", sid: "s2" },
  { _tag: "AnswerReceived", request: 0 }
]

/** Puts the number in that would be right. */
const numbered = (state: IbbState, event: IbbEvent): IbbEvent => {
  if (event._tag !== "RequestReceived" || Element.attribute(event.element, "seq") !== "next") return event
  const sid = Element.attribute(event.element, "sid")
  const session = state.sessions.find((session) => session.peer === event.peer && session.sid === sid)
  return { ...event, element: Link.changed(event.element, { seq: String(session?.in.seq ?? 0) }) }
}

const who = { peer: fc.constantFrom("a", "b"), sid: fc.constantFrom("s1", "s1", "s2", "s2", "s3", "s4", "two words") }
const ibb = "http://jabber.org/protocol/ibb"
const element = fc.record({
  name: fc.constantFrom("open", "data", "data", "data", "data", "data", "data", "close", "x"),
  attributes: fc.record({
    sid: who.sid,
    seq: fc.constantFrom("next", "next", "next", "next", "next", "next", "0", "65535", "65536", "-1", "x"),
    "block-size": fc.constantFrom("16", "0", "65535", "8"),
    stanza: fc.constantFrom("iq", "iq", "message", "presence")
  }),
  text: fc.constantFrom("", "AAAA", "AA==", "AAAAAAAAAAAAAAAA", "=", "A A A A")
}).map(({ attributes, name, text }) => Element.make(ibb, name, attributes, [text]))
const written = fc.record({
  _tag: fc.constant("WriteRequested"),
  ...who,
  bytes: fc.nat(100).map((length) => new Uint8Array(length))
})
const received = fc.record({
  _tag: fc.constant("RequestReceived"),
  peer: who.peer,
  id: fc.uuid(),
  stanza: fc.constantFrom("iq", "iq", "iq", "iq", "message"),
  element
})
/** One that is as it should be. */
const block = fc.record({
  _tag: fc.constant("RequestReceived"),
  peer: fc.constant("a"),
  id: fc.uuid(),
  stanza: fc.constant("iq"),
  element: fc.constantFrom("AAAA", "AAAAAAAAAAAAAAAA").map((text) =>
    Element.make("http://jabber.org/protocol/ibb", "data", { sid: "s1", seq: "next" }, [text])
  )
})
const chaos: fc.Arbitrary<ReadonlyArray<IbbEvent>> = fc.array(
  fc.oneof<Array<fc.Arbitrary<IbbEvent>>>(
    fc.record({ _tag: fc.constant("OpenRequested"), ...who, blockSize: fc.constantFrom(0, 8, 16, 99_999) }),
    fc.record({ _tag: fc.constant("ExpectRequested"), ...who }),
    written,
    written,
    written,
    fc.record({ _tag: fc.constantFrom("Consumed", "CloseRequested", "AbortRequested"), ...who }),
    received,
    received,
    block,
    block,
    block,
    fc.record({
      _tag: fc.constant("AnswerReceived"),
      request: fc.nat(8),
      condition: fc.constantFrom("item-not-found", "resource-constraint", "recipient-unavailable", "bad-request")
    }),
    fc.record({ _tag: fc.constant("AnswerReceived"), request: fc.nat(30) }),
    fc.record({ _tag: fc.constant("TimedOut"), request: fc.nat(30) })
  ),
  { maxLength: 150 }
)

const bounds = law((step) =>
  fc.property(chaos, (events) => {
    let state = Ibb.make(small)
    for (const event of [...prelude, ...events]) {
      state = step(state, numbered(state, event)).state
      assert.isAtMost(state.sessions.length, 3)
      for (const session of state.sessions) {
        const { in: { unconsumed }, out: { onWay, waiting } } = session
        assert.isAtMost(onWay.length, 2)
        assert.isAtMost(waiting.length, 40)
        assert.isAtMost(unconsumed.length, 3)
        assert.isAtMost(unconsumed.reduce((sum, { octets }) => sum + octets, 0), 30)
      }
    }
  })
)

const answers = law((step) =>
  fc.property(chaos, (events) => {
    let state = Ibb.make(small)
    const actions: Array<IbbAction> = []
    const asked: Array<string> = []
    for (const event of [...prelude, ...events, ...leaving]) {
      const done = step(state, numbered(state, event))
      state = done.state
      actions.push(...done.actions)
      if (event._tag === "RequestReceived" && event.stanza === "iq") asked.push(event.id)
    }
    const answered = actions.flatMap((action) => action._tag === "Answer" && action.stanza === "iq" ? [action.id] : [])
    assert.deepEqual(answered.toSorted(), asked.toSorted())
    assert.deepEqual(state.sessions, [])
  })
)
const leaving = ["a", "b"].flatMap((peer) =>
  ["s1", "s2", "s3", "s4"].map((sid): IbbEvent => ({ _tag: "AbortRequested", peer, sid }))
)

/** A step whose actions are changed on their way out. */
const telling = (change: (action: IbbAction) => ReadonlyArray<IbbAction>): Link.Step => (state, event) => {
  const done = Ibb.step(state, event)
  return { ...done, actions: done.actions.flatMap(change) }
}

const deliversTwice = telling((action) => action._tag === "Deliver" ? [action, action] : [action])
const saysInOrder = telling((action) =>
  action._tag === "Failed" ? [{ _tag: "Ended", peer: action.peer, sid: action.sid, by: "peer" }] : [action]
)
const answersOnlyGood = telling((action) => action._tag === "Answer" && action.error !== undefined ? [] : [action])
const ignoresNumbers: Link.Step = (state, event) => {
  const expected = event._tag === "RequestReceived" ? state.sessions[0]?.in.seq : undefined
  return event._tag !== "RequestReceived" || event.element.name !== "data" || expected === undefined
    ? Ibb.step(state, event)
    : Ibb.step(state, { ...event, element: Link.changed(event.element, { seq: String(expected) }) })
}
const closesWithoutFlushing: Link.Step = (state, event) =>
  event._tag !== "CloseRequested" ? Ibb.step(state, event) : Ibb.step({
    ...state,
    sessions: state.sessions.map((each) => ({ ...each, out: { ...each.out, waiting: new Uint8Array(0), onWay: [] } }))
  }, event)
const knowsNoBounds = (key: keyof Limits): Link.Step => (state, event) =>
  Ibb.step({ ...state, limits: { ...state.limits, [key]: 1_000 } }, event)

describe("laws", () => {
  it.each([
    ["IBB-06, IBB-09, IBB-14: all octets arrive once and in order, however they are cut, in both directions", arrival],
    ["IBB-10, IBB-13: after damage what arrived is a beginning, and whoever lacks octets knows it", damage],
    ["No bound is exceeded, whatever comes", bounds],
    ["IQ-03 each request is answered once", answers]
  ])("%s", (_, law) => assert.isUndefined(law.counterexample()))

  it.each<readonly [string, Law, Link.Step]>([
    ["arrival: a block delivered twice", arrival, deliversTwice],
    ["arrival: a close that does not flush", arrival, closesWithoutFlushing],
    ["damage: numbers that are not looked at", damage, ignoresNumbers],
    ["damage: a failure told as an end in order", damage, saysInOrder],
    ["bounds: any number of bytestreams", bounds, knowsNoBounds("sessionsMax")],
    ["bounds: any number of octets written", bounds, knowsNoBounds("writtenOctetsMax")],
    ["bounds: any number of octets received", bounds, knowsNoBounds("receivedOctetsMax")],
    ["bounds: any number of blocks received", bounds, knowsNoBounds("receivedBlocksMax")],
    ["bounds: a window without end", bounds, knowsNoBounds("windowMax")],
    ["answers: errors that are kept back", answers, answersOnlyGood]
  ])("find a fault: %s", (_, law, step) => assert.isTrue(law.findsFaultOf(step)))
})
