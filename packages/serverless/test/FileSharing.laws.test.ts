/**
 * Whatever a peer says and does not answer, in whatever order, and whatever our person does meanwhile: each request is
 * answered, each transfer comes to its end, and nothing is kept but the whole file that was offered.
 */
import { assert, describe, it } from "@effect/vitest"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as FileUrl from "@xmpp-e2e/jingle/FileUrl"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { content, file, juliet, person, romeo, shelf } from "./files.ts"
import { identity, settle, world } from "./support.ts"
import { stream } from "./verifying.ts"

const ibb = "http://jabber.org/protocol/ibb"
const oob = "jabber:iq:oob"
const whole = content(600)
const hash = bytesToHex(sha256(whole))

const sid = fc.constantFrom("one", "two", "ours")
const said = fc.oneof(
  fc.record({ do: fc.constant("offer" as const), sid, size: fc.constantFrom(0, 600, 601) }),
  fc.record({ do: fc.constant("open" as const), sid, blockSize: fc.constantFrom(1, 4096, 65_535) }),
  fc.record({ do: fc.constant("data" as const), sid, seq: fc.nat(2), half: fc.constantFrom(0, 300, 600) }),
  fc.record({ do: fc.constant("close" as const), sid }),
  fc.record({ do: fc.constantFrom("accept" as const, "decline" as const, "give" as const, "stop" as const) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 31) })
)
const answers = fc.array(fc.constantFrom("yes", "no", "never"), { minLength: 1, maxLength: 5 })

type Said = typeof said extends fc.Arbitrary<infer One> ? One : never

/** A transfer in order, of which each script begins with some. */
const inOrder: ReadonlyArray<Said> = [
  { do: "offer", sid: "one", size: 600 },
  { do: "accept" },
  { do: "data", sid: "one", seq: 0, half: 300 },
  { do: "data", sid: "one", seq: 1, half: 600 },
  { do: "close", sid: "one" }
]
const script = fc.tuple(
  fc.nat(inOrder.length).map((count) => inOrder.slice(0, count)),
  fc.array(said, { minLength: 2, maxLength: 14 })
).map((parts) => parts.flat())

/** `ours` stands for the sid of what our side offers. */
const elementOf = (one: Said, ours: string): Element.Element | undefined => {
  const named = (sid: string) => sid === "ours" ? ours : sid
  switch (one.do) {
    case "offer":
      return FileUrl.toElement(romeo, { sid: named(one.sid), name: "letter.txt", size: one.size, sha256: hash })
    case "open":
      return Element.make(ibb, "open", { sid: named(one.sid), "block-size": String(one.blockSize), stanza: "iq" })
    case "data": {
      const bytes = whole.subarray(one.half === 600 ? 300 : 0, one.half === 0 ? 600 : one.half)
      return Element.make(ibb, "data", { sid: named(one.sid), seq: String(one.seq) }, [Base64.encode(bytes)])
    }
    case "close":
      return Element.make(ibb, "close", { sid: named(one.sid) })
    default:
      return undefined
  }
}

const play = Effect.fnUntraced(function*(script: ReadonlyArray<Said>, replies: ReadonlyArray<string>) {
  const hers = yield* person(juliet, { answerTimeout: "60 seconds" })
  let ours = "none"
  let asked = 0
  const handler = (namespace: string, name: string): Handler => ({
    namespace,
    name,
    handle: (iq) =>
      Effect.suspend(() => {
        const query = Element.child(iq, oob, "query")
        const url = query === undefined ? undefined : Element.child(query, oob, "url")
        if (url !== undefined) ours = /sid=([^;]+)/.exec(Element.text(url))?.[1] ?? ours
        const reply = replies[asked++ % replies.length]
        return reply === "never"
          ? Effect.never
          : reply === "no"
          ? Effect.fail(new IqRefusal({ condition: "item-not-found", type: "cancel" }))
          : Effect.undefined
      })
  })
  const handlers = [handler(oob, "query"), ...["open", "data", "close"].map((name) => handler(ibb, name))]
  const his = { name: romeo, options: { from: romeo, identity: identity(romeo), handlers } }
  const { arrived, dialled } = yield* stream(his, hers)
  const places: Array<ReturnType<typeof shelf>> = []
  const deeds: Array<Fiber.Fiber<unknown>> = []
  const requests: Array<Fiber.Fiber<string>> = []
  const fork = <A>(work: Effect.Effect<A>) => Effect.forkChild(work, { startImmediately: true })
  for (const one of script) {
    const element = elementOf(one, ours)
    if (element !== undefined) {
      requests.push(
        yield* fork(
          dialled.request(Stanza.iq({ type: "set", payload: element }), { timeout: "1 hour" }).pipe(
            Effect.match({ onFailure: ({ reason }) => reason._tag, onSuccess: () => "result" })
          )
        )
      )
    }
    const [offer] = yield* hers.waiting
    if (one.do === "accept" && offer !== undefined) {
      const place = shelf()
      places.push(place)
      deeds.push(yield* fork(Effect.exit(offer.accept(place.sink))))
    }
    if (one.do === "decline" && offer !== undefined) yield* offer.decline()
    if (one.do === "give") deeds.push(yield* fork(Effect.exit(hers.offer(arrived, file(content(50_000))))))
    if (one.do === "stop") yield* fork(Effect.forEach(deeds, Fiber.interrupt))
    if (one.do === "wait") yield* TestClock.adjust(`${one.seconds} seconds`)
    yield* settle
  }
  return { hers, arrived, places, deeds, requests }
})

describe("whatever a peer does", () => {
  const scripts = fc.sample(fc.tuple(script, answers), { numRuns: 150, seed: 47 })
  it.effect(
    "IQ-03 each request is answered, each transfer ends, and only the whole file is kept",
    () =>
      Effect.gen(function*() {
        let kept = 0
        let accepted = 0
        for (const [script, replies] of scripts) {
          yield* Effect.scoped(Effect.gen(function*() {
            const { deeds, hers, places, requests } = yield* play(script, replies)
            // As long as anything may take: an answer, and then a block, and a word of farewell.
            for (let second = 0; second < 130; second++) yield* TestClock.adjust("1 second")
            yield* settle
            const told = JSON.stringify([script, replies])
            assert.isTrue(deeds.every((deed) => deed.pollUnsafe() !== undefined), told)
            assert.isTrue(requests.every((request) => request.pollUnsafe() !== undefined), told)
            assert.isEmpty(yield* hers.waiting, told)
            for (const place of places) {
              assert.lengthOf(place.closed, 1, told)
              if (place.kept.length > 0) assert.deepStrictEqual(place.bytes(), whole, told)
              kept += place.kept.length
            }
            accepted += places.length
          }))
        }
        // Otherwise nothing was tried.
        assert.isAbove(accepted, 50)
        assert.isAbove(kept, 3)
      }).pipe(Effect.scoped, Effect.provide(world)),
    30_000
  )
})
