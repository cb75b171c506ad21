/** What is asked of a person, and what a line of a program means, with verifications that are made up. */
import { assert, describe, it } from "@effect/vitest"
import { PeerJudge } from "@xmpp-e2e/certificates"
import { type Verifying, VerifyingFailure } from "@xmpp-e2e/serverless"
import { E2eStream } from "@xmpp-e2e/stream"
import * as Memory from "@xmpp-e2e/transport/Memory"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { afterEach, vi } from "vitest"
import * as Input from "../src/input.ts"
import * as Talk from "../src/verifyTalk.ts"
import * as Text from "../src/verifyText.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

/** What goes to standard output and standard error. */
const listening = () => {
  const written = { out: "", error: "" }
  for (const [stream, name] of [[process.stdout, "out"], [process.stderr, "error"]] as const) {
    vi.spyOn(stream, "write").mockImplementation((text, ...rest) => {
      written[name] += String(text)
      const done = rest.find((each) => typeof each === "function")
      if (done !== undefined) done(null)
      return true
    })
  }
  return written
}

const policy = { tls: "never", sasl: "never", authenticatePeer: false } as const

const streamTo = Effect.fnUntraced(function*(to: string) {
  const [left, right] = yield* Memory.pair()
  const [ours] = yield* Effect.all([
    E2eStream.over(left, { role: "initiator", from: "mira@tansy", to, policy }),
    E2eStream.over(right, { role: "recipient", from: to, policy })
  ], { concurrency: 2 }).pipe(Effect.provide(PeerJudge.layerPinned([])))
  yield* Effect.addFinalizer(() => ours.abort)
  return ours
})

/** A verification of which the test says what happens, and hears what is answered. */
const scripted = Effect.gen(function*() {
  const events = yield* Queue.unbounded<Verifying.Event>()
  const typed = yield* Queue.unbounded<string, Cause.Done>()
  const said: Array<string> = []
  const word = (name: string) => () => Effect.sync(() => said.push(name) > 0)
  const verifying: Verifying.Verifying = {
    handlers: [],
    begin: () => Effect.void,
    agree: word("agree"),
    same: word("same"),
    different: word("different"),
    stop: word("stop"),
    events: Stream.fromQueue(events)
  }
  const peer = "oskar@linden"
  const stream = yield* streamTo(peer)
  const settled = Effect.yieldNow.pipe(Effect.repeat({ times: 50 }))
  const happen = (news: Verifying.News) => Effect.andThen(Queue.offer(events, { ...news, peer, stream }), settled)
  const type = (line: string) => Effect.andThen(Queue.offer(typed, line), settled)
  return { verifying, said, happen, type, stream, events, settled, typed }
})

type Script = Effect.Success<typeof scripted>

const withPerson = <A>(then: (script: Script, heard: ReadonlyArray<string>) => Effect.Effect<A>) =>
  Effect.gen(function*() {
    const script = yield* scripted
    yield* Effect.gen(function*() {
      const heard: Array<string> = []
      const { lines } = yield* Input.Input
      yield* Effect.forkScoped(Stream.runForEach(lines, (line) => Effect.sync(() => void heard.push(line))))
      yield* Effect.forkScoped(Talk.withPerson(script.verifying, () => Effect.void))
      yield* script.settled
      yield* then(script, heard)
    }).pipe(Effect.provide(Input.layerAsking(Stream.fromQueue(script.typed))))
  }).pipe(Effect.scoped)

const show = { _tag: "Show", text: "27247 51979" } as const
const stopped = { _tag: "Failed", failure: new VerifyingFailure.VerifyingFailed({ why: "stoppedByPeer" }) } as const

describe("a person", () => {
  it.effect("is asked whether to start, sees the string, and says that it is the same", () =>
    withPerson(({ happen, said, type }) =>
      Effect.gen(function*() {
        const written = listening()
        yield* happen({ _tag: "Asked" })
        assert.match(written.error, /oskar@linden wants to make sure.*Start now\? \[yes\/no\]/s)
        yield* type(" Yes ")
        assert.deepStrictEqual(said, ["agree"])
        yield* happen(show)
        assert.match(written.error, /27247 51979.*by voice.*If they differ, somebody sits between you.*\[yes\/no\]/s)
        yield* type("yes")
        assert.deepStrictEqual(said, ["agree", "same"])
        assert.strictEqual(written.out, "")
      })
    ))

  it.effect("declines by anything but yes or no only after another question", () =>
    withPerson(({ happen, said, type }) =>
      Effect.gen(function*() {
        const written = listening()
        yield* happen({ _tag: "Asked" })
        for (const line of ["y", "maybe", ""]) yield* type(line)
        assert.deepStrictEqual(said, [])
        assert.lengthOf(written.error.match(/Please answer yes or no/g) ?? [], 3)
        yield* type("no")
        assert.deepStrictEqual(said, ["stop"])
      })
    ))

  it.effect("says that the strings differ", () =>
    withPerson(({ happen, said, type }) =>
      Effect.gen(function*() {
        listening()
        yield* happen(show)
        yield* type("no")
        assert.deepStrictEqual(said, ["different"])
      })
    ))

  it.effect("who has gone has said nothing about the string", () =>
    withPerson(({ happen, said, settled, typed }) =>
      Effect.gen(function*() {
        listening()
        yield* happen(show)
        yield* Queue.end(typed)
        yield* settled
        assert.deepStrictEqual(said, ["stop"])
      })
    ))

  it.effect("is not held to a question that is over, nor to what was typed before one", () =>
    withPerson(({ happen, said, type }, heard) =>
      Effect.gen(function*() {
        listening()
        yield* type("yes")
        yield* happen(show)
        assert.deepStrictEqual(said, [])
        yield* happen(stopped)
        yield* type("yes")
        assert.deepStrictEqual(said, [])
        assert.deepStrictEqual(heard, ["yes", "yes"])
      })
    ))
})

describe("a program", () => {
  it.effect("is told of everything by lines, and answers by lines", () =>
    Effect.gen(function*() {
      const { events, happen, said, settled, verifying } = yield* scripted
      const other = yield* streamTo("lena@birch")
      const program = Talk.withProgram(verifying, () => Effect.void)
      const written = listening()
      yield* Effect.forkScoped(program.tell)
      yield* happen({ _tag: "Asked" })
      yield* Queue.offer(events, { _tag: "Asked", peer: "lena@birch", stream: other })
      yield* settled
      assert.isFalse(yield* program.take("{\"stanza\":\"<message/>\"}"))
      assert.isFalse(yield* program.take("{\"verification\":\"prove\"}"))
      assert.isTrue(yield* program.take("{\"verification\":\"agree\",\"peer\":\"oskar@linden\"}"))
      assert.isTrue(yield* program.take("{\"verification\":\"stop\"}"))
      yield* happen(show)
      assert.isTrue(yield* program.take("{\"verification\":\"same\"}"))
      assert.deepStrictEqual(said, ["agree", "stop", "same"])
      assert.isTrue(yield* program.take("{\"verification\":\"same\",\"peer\":\"nobody@birch\"}"))
      assert.match(written.error, /nobody waits for this answer/)
      yield* happen(stopped)
      assert.isTrue(yield* program.take("{\"verification\":\"different\",\"peer\":\"oskar@linden\"}"))
      assert.deepStrictEqual(said, ["agree", "stop", "same"])
      const lines = written.out.trimEnd().split("\n").map((line) => JSON.parse(line).verification)
      assert.deepStrictEqual(lines.map(({ event }) => event), ["Asked", "Asked", "Show", "Failed"])
      assert.deepStrictEqual(lines[2], { event: "Show", peer: "oskar@linden", text: "27247 51979" })
      assert.deepInclude(lines[3], { why: "stoppedByPeer" })
    }).pipe(Effect.scoped))
})

describe("words", () => {
  it("move no cursor, whatever a peer is called or says", () => {
    const peer = "o\u001b[2Jskar\u202e@linden"
    const { sentence } = Text.failed(new VerifyingFailure.VerifyingFailed({ why: "declined", detail: peer }))
    for (const text of [...Text.wish(peer), ...Text.comparison(peer, "1"), Text.verified(peer), sentence]) {
      assert.notMatch(text, /[\u001b\u202e]/)
    }
  })
})
