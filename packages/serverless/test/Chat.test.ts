import { assert, describe, it } from "@effect/vitest"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import * as Chat from "../src/Chat.ts"
import type { ChatAction, ChatEvent, Entry } from "../src/ChatEvent.ts"

const peer = "juliet@pronto"

const run = (events: ReadonlyArray<ChatEvent>, chats = Chat.none): Chat.Stepped =>
  events.reduce<Chat.Stepped>((before, event) => {
    const { actions, chats } = Chat.step(before.chats, event)
    return { chats, actions: [...before.actions, ...actions] }
  }, { chats, actions: [] })

const heard = (stanza: Element.Element): ChatEvent => ({ _tag: "Heard", peer, stanza, mark: "known" })
const said = (id: string, text: string): ChatEvent => ({ _tag: "Said", peer, id, text })
const sent = (id: string): ChatEvent => ({ _tag: "Sent", peer, id, mark: "known" })
const receiptFor = (id: string) => Stanza.message({ children: [Element.make(Chat.receipts, "received", { id })] })
const state = (name: string) => Stanza.message({ type: "chat", children: [Element.make(Chat.chatStates, name)] })
const stanzas = (actions: ReadonlyArray<ChatAction>) =>
  actions.flatMap((each) => each._tag === "Send" ? [each.stanza] : [])
const states = (actions: ReadonlyArray<ChatAction>) =>
  stanzas(actions).flatMap((each) =>
    Element.elements(each).filter(({ namespace }) => namespace === Chat.chatStates).map(({ name }) => name)
  )

describe("what we say", () => {
  it("XEP-0184 §5 waits, is sent, and was received when the peer says so", () => {
    const { actions, chats } = run([said("1", "But soft"), sent("1"), heard(receiptFor("1"))])
    const shown = actions.flatMap((each) => each._tag === "Show" && each.entry.by === "us" ? [each.entry.state] : [])
    assert.deepStrictEqual(shown, ["waiting", "sent", "received"])
    const [message] = stanzas(actions)
    assert.isDefined(message && Element.child(message, Chat.receipts, "request"))
    assert.deepStrictEqual(Chat.history(chats, peer), [
      { by: "us", id: "1", text: "But soft", mark: "known", state: "received" }
    ])
  })

  it("XEP-0184 §5 a receipt for what was never sent, or never said, changes nothing", () => {
    const before = run([said("1", "But soft")])
    assert.strictEqual(run([heard(receiptFor("1"))], before.chats).chats, before.chats)
    assert.strictEqual(run([heard(receiptFor("2"))], before.chats).chats, before.chats)
  })

  it("says why it was not sent, or not taken", () => {
    const failed: ChatEvent = { _tag: "NotSent", peer, id: "1", why: "nobody answers" }
    const error = Stanza.error(Stanza.message({ id: "2", body: "x" }), { condition: "not-acceptable", type: "modify" })
    const { chats } = run([said("1", "Ay me"), failed, said("2", "O"), sent("2"), heard(error)])
    const whys = Chat.history(chats, peer).map((entry) => entry.by === "us" ? entry.why : undefined)
    assert.deepStrictEqual(whys, ["nobody answers", "the peer could not take it: not-acceptable"])
  })
})

describe("what the peer says", () => {
  it("XEP-0184 §5.3 gets the receipt that it asks for, and none without an id", () => {
    const request = [Element.make(Chat.receipts, "request")]
    const asking = run([heard(Stanza.message({ id: "7", body: "Good morrow", children: request }))])
    const [receipt] = stanzas(asking.actions)
    assert.deepStrictEqual(receipt, receiptFor("7"))
    assert.isUndefined(receipt && Stanza.bodyOf(receipt))
    assert.isEmpty(stanzas(run([heard(Stanza.message({ id: "7", body: "Good morrow" }))]).actions))
    assert.isEmpty(stanzas(run([heard(Stanza.message({ body: "Good morrow", children: request }))]).actions))
    assert.isEmpty(stanzas(run([heard(Stanza.message({ id: "8", children: request }))]).actions))
  })

  it("keeps with each message how sure it is who wrote it", () => {
    const marks = ["verified", "known", "unverified", "unencrypted"] as const
    const { chats } = run(marks.map((mark) => ({ _tag: "Heard", peer, stanza: Stanza.message({ body: "?" }), mark })))
    assert.deepStrictEqual(Chat.history(chats, peer).map(({ mark }) => mark), [...marks])
  })
})

describe("typing", () => {
  it("XEP-0085 §5.1 is told to nobody who has not told a state himself", () => {
    const typed: ChatEvent = { _tag: "Typed", peer, isTyping: true }
    assert.isEmpty(stanzas(run([typed]).actions))
    assert.deepStrictEqual(states(run([heard(state("active")), typed, typed]).actions), ["composing"])
    const parted: ChatEvent = { _tag: "Parted", peer }
    assert.isEmpty(states(run([heard(state("active")), parted, typed]).actions))
  })

  it("XEP-0085 §5.5 ends with what was typed, or by a pause", () => {
    const typed = (isTyping: boolean): ChatEvent => ({ _tag: "Typed", peer, isTyping })
    const tells = run([heard(state("active"))]).chats
    assert.deepStrictEqual(states(run([typed(true), said("1", "Ay me"), typed(false)], tells).actions), [
      "composing",
      "active"
    ])
    assert.deepStrictEqual(states(run([typed(true), typed(false), typed(true)], tells).actions), [
      "composing",
      "paused",
      "composing"
    ])
  })

  it("XEP-0085 §5 shows the peer's until it says something, stops, or goes", () => {
    const typingOf = (last: ReadonlyArray<ChatEvent>) =>
      run([heard(state("composing")), ...last]).actions.flatMap((each) =>
        each._tag === "ShowTyping" ? [each.isTyping] : []
      )
    assert.deepStrictEqual(typingOf([]), [true])
    assert.deepStrictEqual(typingOf([heard(state("paused"))]), [true, false])
    assert.deepStrictEqual(typingOf([heard(Stanza.message({ body: "There." }))]), [true, false])
    assert.deepStrictEqual(typingOf([{ _tag: "Parted", peer }]), [true, false])
  })
})

describe("laws", () => {
  const text = fc.string({ maxLength: 8 })
  const who = fc.constantFrom("a@x", "b@x", "c@x")
  const mark = fc.constantFrom("verified" as const, "known" as const, "unverified" as const, "unencrypted" as const)
  const child = fc.tuple(
    fc.constantFrom(Chat.receipts, Chat.chatStates, "urn:example:other"),
    fc.constantFrom("request", "received", "composing", "active", "gone", "nonsense"),
    fc.constantFrom("0", "1", "2", "")
  ).map(([namespace, name, id]) => Element.make(namespace, name, { id }))
  const stanza = fc.record({
    type: fc.constantFrom("chat" as const, "error" as const, "normal" as const),
    id: fc.constantFrom("0", "1", "2"),
    body: text,
    children: fc.array(child, { maxLength: 3 })
  }).map(Stanza.message)
  const id = fc.constantFrom("0", "1", "2")
  const event: fc.Arbitrary<ChatEvent> = fc.oneof(
    fc.record({ _tag: fc.constant("Said" as const), peer: who, id, text }),
    fc.record({ _tag: fc.constant("Sent" as const), peer: who, id, mark }),
    fc.record({ _tag: fc.constant("NotSent" as const), peer: who, id, why: text }),
    fc.record({ _tag: fc.constant("Typed" as const), peer: who, isTyping: fc.boolean() }),
    fc.record({ _tag: fc.constant("Heard" as const), peer: who, stanza, mark }),
    fc.record({ _tag: fc.constant("Parted" as const), peer: who })
  )

  it("is total; what is said to one peer changes nothing of another; an entry that is shown is kept", () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let chats = Chat.none
      for (const each of events) {
        const stepped = Chat.step(chats, each)
        for (const action of stepped.actions) {
          assert.strictEqual(action.peer, each.peer)
          if (action._tag === "Show") assert.include<Entry>(Chat.history(stepped.chats, each.peer), action.entry)
        }
        for (const other of ["a@x", "b@x", "c@x"].filter((peer) => peer !== each.peer)) {
          assert.strictEqual(stepped.chats.get(other), chats.get(other))
        }
        chats = stepped.chats
      }
    }))
  })

  it("nothing that we did not hand over was received, whatever the peer says", () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const { chats } = run(events)
      const handed = new Set(events.flatMap((each) => each._tag === "Sent" ? [`${each.peer} ${each.id}`] : []))
      for (const [peer, { entries }] of chats) {
        for (const entry of entries) {
          if (entry.by === "us" && entry.state === "received") assert.isTrue(handed.has(`${peer} ${entry.id}`))
        }
      }
    }))
  })

  it("what is kept is bounded, and the newest of it stays", () => {
    const many = Array.from({ length: 700 }, (_, at) => said(String(at), String(at)))
    const { chats } = run(many)
    const entries = Chat.history(chats, peer)
    assert.lengthOf(entries, 500)
    assert.strictEqual(entries.at(-1)?.text, "699")
    const crowd = Array.from(
      { length: 150 },
      (_, at): ChatEvent => ({ _tag: "Said", peer: `p${at}@x`, id: "1", text: "x" })
    )
    assert.strictEqual(run(crowd).chats.size, 100)
    assert.isTrue(run(crowd).chats.has("p149@x"))
  })
})
