/** Peers that keep to no rule: each request of theirs is answered, and nothing of theirs stays. */
import { assert, describe, it } from "@effect/vitest"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as FileUrl from "@xmpp-e2e/jingle/FileUrl"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as FileSharing from "../src/FileSharing.ts"
import { content, file, juliet, person, romeo, shelf } from "./files.ts"
import { identity, settle, world } from "./support.ts"
import { stream } from "./verifying.ts"

const ibb = "http://jabber.org/protocol/ibb"
const sid = "f1"
const letter: FileUrl.OfferedFile = { sid, name: "letter.txt", size: 1000, sha256: bytesToHex(sha256(content(1000))) }

const data = (seq: number, bytes: Uint8Array, of = sid) =>
  Element.make(ibb, "data", { seq: String(seq), sid: of }, [Base64.encode(bytes)])
const close = Element.make(ibb, "close", { sid })
const open = (blockSize = 4096, of = sid) =>
  Element.make(ibb, "open", { "block-size": String(blockSize), sid: of, stanza: "iq" })

/** What the peer answers: the condition of an error, or nothing. */
const say = (stream: E2eStream, payload: Element.Element) =>
  stream.request(Stanza.iq({ type: "set", payload }), { timeout: "2 days" }).pipe(
    Effect.match({
      onFailure: ({ reason }) => reason._tag === "Refused" ? reason.error.condition : reason._tag,
      onSuccess: () => "result"
    })
  )

const wait = <A, E>(work: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(work, { startImmediately: true })
    yield* settle
    return yield* Fiber.join(fiber)
  })

/** Romeo has no rules; Juliet has our software. */
const couple = Effect.fnUntraced(
  function*(
    answer: (name: string) => ReturnType<Handler["handle"]> = () => Effect.undefined,
    options: FileSharing.Options = {}
  ) {
    const hers = yield* person(juliet, options)
    const heard: Array<string> = []
    const handlers = ["open", "data", "close"].map((name): Handler => ({
      namespace: ibb,
      name,
      handle: () =>
        Effect.suspend(() => {
          heard.push(name)
          return answer(name)
        })
    }))
    const oob: Handler = { namespace: "jabber:iq:oob", name: "query", handle: () => answer("query") }
    const his = { name: romeo, options: { from: romeo, identity: identity(romeo), handlers: [...handlers, oob] } }
    const { arrived, dialled } = yield* stream(his, hers)
    return { hers, heard, at: { his: dialled, hers: arrived } }
  }
)

/** Offered by Romeo, accepted by Juliet, open. */
const opened = Effect.fnUntraced(function*(
  offered = letter,
  options: FileSharing.Options = {},
  reply?: (name: string) => ReturnType<Handler["handle"]>
) {
  const both = yield* couple(reply, options)
  const answer = yield* Effect.forkChild(say(both.at.his, FileUrl.toElement(romeo, offered)), {
    startImmediately: true
  })
  yield* settle
  const [incoming] = both.hers.offered
  assert.isDefined(incoming)
  const place = shelf()
  const receiving = yield* Effect.forkChild(Effect.result(incoming.accept(place.sink)), { startImmediately: true })
  yield* settle
  assert.deepStrictEqual(both.heard, ["open"])
  const why = Effect.map(
    Fiber.join(receiving),
    Result.match({ onSuccess: () => "done", onFailure: ({ why }) => why })
  )
  return { ...both, answer: Fiber.join(answer), why, place, receiving }
})

describe("a peer that offers", () => {
  it.effect("IBB-05 IBB-11 has nothing opened or taken that was not agreed on", () =>
    Effect.gen(function*() {
      const { at, hers } = yield* couple()
      assert.strictEqual(yield* say(at.his, open()), "not-acceptable")
      assert.strictEqual(yield* say(at.his, data(0, content(10))), "item-not-found")
      assert.strictEqual(yield* say(at.his, close), "item-not-found")
      assert.strictEqual(yield* say(at.his, Element.make(ibb, "data", { seq: "0" })), "bad-request")
      assert.isEmpty(hers.offered)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("XEP-0066 §2 what is no offer, somebody else's, or for a part, is refused, and nobody asked", () =>
    Effect.gen(function*() {
      const { at, hers } = yield* couple()
      const url = (text: string) =>
        Element.make("jabber:iq:oob", "query", {}, [Element.make("jabber:iq:oob", "url", {}, [text])])
      for (
        const [condition, payload] of [
          ["not-acceptable", Element.make("jabber:iq:oob", "query")],
          ["not-acceptable", FileUrl.toElement("tybalt@forza", letter)],
          ["not-acceptable", url(FileUrl.encode(romeo, letter).replace("size=1000", "size=-1"))],
          ["feature-not-implemented", url("https://example.org/letter.txt")],
          ["feature-not-implemented", url(`${FileUrl.encode(romeo, letter)};offset=100`)]
        ] as const
      ) {
        assert.strictEqual(yield* say(at.his, payload), condition)
      }
      assert.isEmpty(hers.offered)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("says the same sid twice: the second is refused, and the first goes on", () =>
    Effect.gen(function*() {
      const { at, hers, why } = yield* opened()
      assert.strictEqual(yield* say(at.his, FileUrl.toElement(romeo, letter)), "conflict")
      assert.lengthOf(hers.offered, 1)
      assert.strictEqual(yield* wait(say(at.his, data(0, content(500)))), "result")
      assert.strictEqual(yield* wait(say(at.his, close)), "result")
      assert.strictEqual(yield* why, "incomplete")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("offers a thousand files: four wait", () =>
    Effect.gen(function*() {
      const { at, hers } = yield* couple()
      const answers: Array<string> = []
      for (let count = 0; count < 1000; count++) {
        yield* Effect.forkChild(
          Effect.map(say(at.his, FileUrl.toElement(romeo, { ...letter, sid: `s${count}` })), (answer) =>
            answers.push(answer)),
          { startImmediately: true }
        )
      }
      yield* settle
      assert.lengthOf(yield* hers.waiting, 4)
      assert.deepStrictEqual([answers.length, new Set(answers)], [996, new Set(["resource-constraint"])])
    }).pipe(Effect.scoped, Effect.provide(world)))

  const cases: ReadonlyArray<readonly [string, string, string, ReadonlyArray<Element.Element>]> = [
    ["IBB-10 begins with the second block", "interrupted", "unexpected-request", [data(1, content(10))]],
    ["IBB-10 repeats a block", "interrupted", "unexpected-request", [data(0, content(10)), data(0, content(10))]],
    ["IBB-07 sends a block larger than agreed", "interrupted", "bad-request", [data(0, content(40_000))]],
    ["IBB-08 sends no base64", "interrupted", "bad-request", [Element.make(ibb, "data", { seq: "0", sid }, ["*"])]],
    ["sends more than was offered", "tooMuch", "item-not-found", [data(0, content(600)), data(1, content(600))]],
    ["closes early", "incomplete", "result", [data(0, content(999)), close]],
    ["sends something else than was offered", "damaged", "result", [data(0, content(1000).reverse()), close]]
  ]
  it.effect.each(cases)("%s: %s", ([, reason, answer, elements]) =>
    Effect.gen(function*() {
      const { answer: last, at, hers, place, why } = yield* opened()
      const answers: Array<string> = []
      for (const element of elements) answers.push(yield* wait(say(at.his, element)))
      assert.strictEqual(answers.at(-1), answer)
      assert.strictEqual(yield* why, reason)
      assert.deepStrictEqual([place.kept, place.closed], [[], [true]])
      assert.strictEqual(yield* last, "item-not-found")
      // Nothing of it is left.
      assert.strictEqual(yield* say(at.his, data(1, content(10))), "item-not-found")
      assert.strictEqual(yield* say(at.his, close), "item-not-found")
      assert.isEmpty(yield* hers.waiting)
      yield* Effect.forkChild(say(at.his, FileUrl.toElement(romeo, letter)), { startImmediately: true })
      yield* settle
      assert.lengthOf(yield* hers.waiting, 1)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("does not say that it has heard that we give up: we wait two seconds, and leave", () =>
    Effect.gen(function*() {
      const { place, receiving } = yield* opened(
        letter,
        {},
        (name) => name === "close" ? Effect.never : Effect.undefined
      )
      const leaving = yield* Effect.forkChild(Fiber.interrupt(receiving), { startImmediately: true })
      yield* TestClock.adjust("1900 millis")
      assert.isUndefined(leaving.pollUnsafe())
      yield* TestClock.adjust("100 millis")
      assert.isDefined(leaving.pollUnsafe())
      assert.deepStrictEqual([place.kept, place.closed], [[], [true]])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IQ-12 waits no longer for an answer after a day", () =>
    Effect.gen(function*() {
      const { answer, why } = yield* opened(letter, { stallTimeout: "3 days" })
      yield* TestClock.adjust("24 hours")
      yield* settle
      assert.strictEqual(yield* answer, "resource-constraint")
      assert.strictEqual(yield* why, "interrupted")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-09 sends a hundred blocks without waiting: no more than a few are held, and the stream goes on", () =>
    Effect.gen(function*() {
      const { answer, at, place, why } = yield* opened({ ...letter, size: 3_200_000 })
      const answers: Array<string> = []
      for (let seq = 0; seq < 100; seq++) {
        yield* Effect.forkChild(
          Effect.map(say(at.his, data(seq, content(32_000))), (answer) => answers.push(answer)),
          { startImmediately: true }
        )
      }
      yield* settle
      assert.lengthOf(answers, 100)
      assert.strictEqual(yield* why, "interrupted")
      assert.isBelow(place.parts.length, 20)
      assert.strictEqual(yield* answer, "item-not-found")
      assert.strictEqual(yield* say(at.his, open()), "not-acceptable")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("a peer that is offered", () => {
  /** Offered by Juliet; `at.his` says what he likes. */
  const offering = Effect.fnUntraced(function*(answer: (name: string) => ReturnType<Handler["handle"]>) {
    const both = yield* couple(answer)
    const sending = yield* Effect.forkChild(Effect.result(both.hers.offer(both.at.hers, file(content(100_000)))), {
      startImmediately: true
    })
    yield* settle
    const why = Effect.map(
      Fiber.join(sending),
      Result.match({ onSuccess: () => "done", onFailure: ({ why }) => why })
    )
    return { ...both, why }
  })

  /** He hears the sid in the offer. */
  const listening = Effect.fnUntraced(function*(
    answer: (name: string) => ReturnType<Handler["handle"]>,
    options: FileSharing.Options = {}
  ) {
    const scope = yield* Scope.make()
    const files = yield* Scope.provide(FileSharing.make(options), scope)
    let of = ""
    const handlers = ["data", "close"].map((name): Handler => ({ namespace: ibb, name, handle: () => answer(name) }))
    const oob: Handler = {
      namespace: "jabber:iq:oob",
      name: "query",
      handle: (iq) =>
        Effect.suspend(() => {
          const query = Element.child(iq, "jabber:iq:oob", "query")
          const read = query === undefined ? undefined : FileUrl.fromElement(juliet, query)
          if (read !== undefined && Result.isSuccess(read)) of = read.success.sid
          return answer("query")
        })
    }
    const his = { name: romeo, options: { from: romeo, identity: identity(romeo), handlers: [...handlers, oob] } }
    const hers = { name: juliet, options: { from: juliet, identity: identity(juliet), handlers: files.handlers } }
    const { arrived, dialled } = yield* stream(his, hers)
    const sending = yield* Effect.forkChild(Effect.result(files.offer(arrived, file(content(100_000)))), {
      startImmediately: true
    })
    yield* settle
    const why = Effect.map(
      Fiber.join(sending),
      Result.match({ onSuccess: () => "done", onFailure: ({ why }) => why })
    )
    const failure = Effect.flip(Effect.flatMap(Fiber.join(sending), Effect.fromResult))
    return { sid: of, his: dialled, why, failure, hers, scope }
  })
  const later = (name: string) => name === "query" ? Effect.never : Effect.undefined

  it.effect("says that it has the file before it has", () =>
    Effect.gen(function*() {
      const { why } = yield* offering(() => Effect.undefined)
      assert.strictEqual(yield* why, "interrupted")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-05 opens it twice, or with another sid, or from another stream", () =>
    Effect.gen(function*() {
      const { hers, his, sid } = yield* listening(later)
      const tybalt = yield* stream(
        { name: "tybalt@forza", options: { from: "tybalt@forza", identity: identity("tybalt@forza") } },
        hers
      )
      assert.strictEqual(yield* say(tybalt.dialled, open(4096, sid)), "not-acceptable")
      assert.strictEqual(yield* say(his, open(4096, "other")), "not-acceptable")
      assert.strictEqual(yield* say(his, open(4096, sid)), "result")
      assert.strictEqual(yield* say(his, open(4096, sid)), "not-acceptable")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("opens it, and answers no block", () =>
    Effect.gen(function*() {
      const { his, sid, why } = yield* listening(() => Effect.never)
      assert.strictEqual(yield* say(his, open(4096, sid)), "result")
      yield* TestClock.adjust("31 seconds")
      yield* settle
      yield* TestClock.adjust("3 seconds")
      yield* settle
      assert.strictEqual(yield* why, "stalled")
      assert.strictEqual(yield* say(his, close), "item-not-found")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-13 refuses a block, and gives no reason", () =>
    Effect.gen(function*() {
      const { his, sid, why } = yield* listening((name) =>
        name === "data" ? Effect.fail(new IqRefusal({ condition: "bad-request", type: "cancel" })) : later(name)
      )
      assert.strictEqual(yield* say(his, open(4096, sid)), "result")
      yield* settle
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* why, "interrupted")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-13 refuses a block, and gives its reason a little later", () =>
    Effect.gen(function*() {
      const text = "The disk is full."
      const { failure, his, sid } = yield* listening((name) =>
        name === "query"
          ? Effect.andThen(
            Effect.sleep("1 second"),
            Effect.fail(new IqRefusal({ condition: "item-not-found", type: "cancel", text }))
          )
          : Effect.fail(new IqRefusal({ condition: "item-not-found", type: "cancel" }))
      )
      assert.strictEqual(yield* say(his, open(4096, sid)), "result")
      yield* TestClock.adjust("2 seconds")
      const { detail, why } = yield* failure
      assert.deepStrictEqual([why, detail], ["stoppedByPeer", text])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-14 closes it in the middle", () =>
    Effect.gen(function*() {
      const { his, sid, why } = yield* listening((name) => name === "data" ? Effect.never : later(name))
      assert.strictEqual(yield* say(his, open(4096, sid)), "result")
      yield* Effect.forkChild(say(his, Element.make(ibb, "close", { sid })), { startImmediately: true })
      yield* TestClock.adjust("31 seconds")
      yield* settle
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* why, "stalled")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("takes all, and says nothing more", () =>
    Effect.gen(function*() {
      const { his, sid, why } = yield* listening(later)
      assert.strictEqual(yield* say(his, open(32_768, sid)), "result")
      yield* settle
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual(yield* why, "stalled")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("takes all, and says nothing until we leave", () =>
    Effect.gen(function*() {
      const { his, scope, sid, why } = yield* listening(later)
      assert.strictEqual(yield* say(his, open(32_768, sid)), "result")
      yield* settle
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* why, "interrupted")
    }).pipe(Effect.scoped, Effect.provide(world)))
})
