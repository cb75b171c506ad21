import { assert, describe, it } from "@effect/vitest"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import type * as FileSharing from "../src/FileSharing.ts"
import type { FileFailed } from "../src/FileSharingFailure.ts"
import { content, couple, file, juliet, person, romeo, shelf } from "./files.ts"
import { settle, world } from "./support.ts"
import { stream } from "./verifying.ts"

/** Offers, until the other person is asked. */
const offering = Effect.fnUntraced(function*(
  from: Pick<FileSharing.FileSharing, "offer">,
  at: E2eStream,
  offered: FileSharing.OwnFile,
  to: { readonly offered: ReadonlyArray<FileSharing.Incoming> },
  following: FileSharing.Following = {}
) {
  const before = to.offered.length
  const sending = yield* Effect.forkChild(Effect.result(from.offer(at, offered, following)), { startImmediately: true })
  yield* settle
  assert.lengthOf(to.offered, before + 1)
  const incoming = to.offered.at(-1)
  assert.isDefined(incoming)
  return { sending, incoming }
})

const accepting = <A>(
  incoming: FileSharing.Incoming,
  sink: Parameters<typeof incoming.accept<A>>[0],
  following: FileSharing.Following = {}
) => Effect.forkChild(Effect.result(incoming.accept(sink, following)), { startImmediately: true })

const whyOf = (result: Result.Result<unknown, FileFailed>): string =>
  Result.match(result, { onSuccess: () => "done", onFailure: ({ why }) => why })

const outcome = <A>(fiber: Fiber.Fiber<Result.Result<A, FileFailed>>) => Effect.map(Fiber.join(fiber), whyOf)

describe("a file", () => {
  it.effect("XEP-0066 §2 is asked about with its name, size and type, and is whole when it is there", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const bytes = content(100_000)
      const sent: Array<number> = []
      const got: Array<number> = []
      const { incoming, sending } = yield* offering(
        his,
        at.his,
        file(bytes, { name: "../../letter.txt", mediaType: "text/plain" }),
        hers,
        { onProgress: ({ octets }) => Effect.sync(() => void sent.push(octets)) }
      )
      const { mediaType, name, peer, size } = incoming
      assert.deepStrictEqual([peer, name, size, mediaType], [romeo, "letter.txt", 100_000, "text/plain"])
      assert.deepStrictEqual([sent, yield* hers.waiting], [[], [incoming]])
      const place = shelf()
      const kept = yield* incoming.accept(place.sink, {
        onProgress: ({ octets }) => Effect.sync(() => void got.push(octets))
      })
      assert.strictEqual(kept, "letter.txt")
      assert.deepStrictEqual(place.bytes(), bytes)
      assert.strictEqual(yield* outcome(sending), "done")
      assert.deepStrictEqual([sent[0], sent.at(-1), got.at(-1)], [0, 100_000, 100_000])
      assert.deepStrictEqual([yield* incoming.decided, yield* hers.waiting, place.closed], ["accepted", [], [true]])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("XEP-0047 arrives the same, whatever is in it and in whatever parts it is read", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const files = fc.sample(
        fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 4 }).chain((small) =>
          fc.array(fc.integer({ min: 0, max: 70_000 }).map(content), { maxLength: 3 }).map((
            large
          ) => [...small, ...large])
        ),
        { numRuns: 40, seed: 174 }
      )
      for (const parts of files) {
        const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
        const { incoming, sending } = yield* offering(
          his,
          at.his,
          file(bytes, { bytes: Stream.fromIterable(parts) }),
          hers
        )
        const place = shelf()
        yield* incoming.accept(place.sink)
        assert.deepStrictEqual(place.bytes(), bytes)
        assert.strictEqual(yield* outcome(sending), "done")
      }
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("XEP-0047 several go both ways at once on one stream", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const two = yield* offering(his, at.his, file(content(90_000)), hers)
      const three = yield* offering(his, at.his, file(content(80_000)), hers)
      const back = yield* offering(hers, at.hers, file(content(70_000)), his)
      const places = [shelf(), shelf(), shelf()] as const
      const all = yield* Effect.all([
        two.incoming.accept(places[0].sink),
        three.incoming.accept(places[1].sink),
        back.incoming.accept(places[2].sink)
      ], { concurrency: 3 })
      assert.deepStrictEqual(all, ["letter.txt", "letter.txt", "letter.txt"])
      assert.deepStrictEqual(places.map(({ bytes }) => bytes().length), [90_000, 80_000, 70_000])
      for (const { sending } of [two, three, back]) assert.strictEqual(yield* outcome(sending), "done")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IBB-09 is read no faster than it is kept: memory does not grow with it", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const part = content(10_000)
      const count = 400
      let isSending = false
      let read = 0
      let kept = 0
      let most = 0
      const bytes = Stream.range(1, count).pipe(
        Stream.rechunk(1),
        Stream.map(() => {
          if (isSending) {
            read += part.length
            most = Math.max(most, read - kept)
          }
          return part
        })
      )
      const place = shelf({
        append: ({ length }) =>
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => {
              kept += length
            })
          )
      })
      const { incoming, sending } = yield* offering(his, at.his, file(part, { size: count * part.length, bytes }), hers)
      isSending = true
      yield* incoming.accept(place.sink)
      assert.strictEqual(yield* outcome(sending), "done")
      assert.deepStrictEqual([read, kept], [4_000_000, 4_000_000])
      // A piece of 64 KiB that is on its way, and a part beyond it.
      assert.isBelow(most, 65_536 + 2 * part.length)
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("whoever is asked", () => {
  it.effect("declines, and says why", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const { incoming, sending } = yield* offering(his, at.his, file(content(10)), hers)
      assert.isTrue(yield* incoming.decline("Not on this machine."))
      assert.isFalse(yield* incoming.decline())
      const failure = yield* Effect.flip(Effect.flatMap(Fiber.join(sending), Effect.fromResult))
      assert.deepStrictEqual([failure.why, failure.detail], ["declined", "Not on this machine."])
      assert.strictEqual((yield* Effect.flip(incoming.accept(shelf().sink))).why, "withdrawn")
      assert.deepStrictEqual([yield* incoming.decided, yield* hers.waiting], ["declined", []])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("is not asked about what is too large, or where nobody can be asked; the peer is told why", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple({ absence: "Nobody takes files here." }, { sizeMax: 100 })
      const large = yield* Effect.flip(his.offer(at.his, file(content(101))))
      assert.strictEqual(large.why, "declined")
      assert.match(large.detail ?? "", /101 octets, and 100 are the most/)
      const absent = yield* Effect.flip(hers.offer(at.hers, file(content(1))))
      assert.deepStrictEqual([absent.why, absent.detail], ["declined", "Nobody takes files here."])
      assert.deepStrictEqual([his.offered, hers.offered], [[], []])
      const { incoming } = yield* offering(his, at.his, file(content(100)), hers)
      assert.strictEqual(incoming.size, 100)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("has five minutes, and then the offer lapses on both sides", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple({ answerTimeout: "6 minutes" })
      const { incoming, sending } = yield* offering(his, at.his, file(content(10)), hers)
      yield* TestClock.adjust("299 seconds")
      assert.deepStrictEqual(yield* hers.waiting, [incoming])
      yield* TestClock.adjust("2 seconds")
      yield* settle
      assert.deepStrictEqual([yield* incoming.decided, yield* hers.waiting], ["lapsed", []])
      assert.strictEqual(yield* outcome(sending), "declined")
      const patient = yield* couple({}, { answerTimeout: "1 hour" })
      const silent = yield* offering(patient.his, patient.at.his, file(content(10)), patient.hers)
      yield* TestClock.adjust("301 seconds")
      yield* settle
      assert.strictEqual(yield* outcome(silent.sending), "unanswered")
      const failure = yield* Effect.flip(silent.incoming.accept(shelf().sink))
      assert.strictEqual(failure.why, "withdrawn")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("is asked by one peer about four files at a time, and by all about sixteen", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      for (let count = 0; count < 4; count++) yield* offering(his, at.his, file(content(1)), hers)
      assert.strictEqual((yield* Effect.flip(his.offer(at.his, file(content(1))))).why, "busy")
      yield* Effect.flatMap(hers.waiting, ([first]) => first?.decline() ?? Effect.succeed(false))
      yield* settle
      yield* offering(his, at.his, file(content(1)), hers)
      assert.lengthOf(yield* hers.waiting, 4)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("accepts no more files at once than may be, and the offer waits", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple({}, { transfersMax: 1 })
      const gate = yield* Deferred.make<void>()
      const one = yield* offering(his, at.his, file(content(10)), hers)
      const two = yield* offering(his, at.his, file(content(10)), hers)
      const first = yield* accepting(one.incoming, shelf({ append: () => Deferred.await(gate) }).sink)
      yield* settle
      assert.strictEqual((yield* Effect.flip(two.incoming.accept(shelf().sink))).why, "tooMany")
      assert.strictEqual((yield* Effect.flip(hers.offer(at.hers, file(content(1))))).why, "tooMany")
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(yield* outcome(first), "done")
      assert.strictEqual(yield* two.incoming.accept(shelf().sink), "letter.txt")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("IQ-09 is nobody where the software knows nothing of it", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const { dialled } = yield* stream(his, {
        name: juliet,
        options: { ...(yield* person(juliet)).options, handlers: [] }
      })
      const failure = yield* Effect.flip(his.offer(dialled, file(content(10))))
      assert.strictEqual(failure.why, "unsupported")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

/** Accepted, and a few blocks are there. */
const underWay = Effect.fnUntraced(function*(
  one: FileSharing.Options = {},
  two: FileSharing.Options = {}
) {
  const both = yield* couple(one, two)
  const gate = yield* Deferred.make<void>()
  const place = shelf()
  const slow = shelf({
    append: (bytes) => place.parts.push(bytes) < 3 ? Effect.void : Deferred.await(gate)
  })
  const { incoming, sending } = yield* offering(both.his, both.at.his, file(content(500_000)), both.hers)
  const receiving = yield* accepting(incoming, slow.sink)
  yield* settle
  assert.lengthOf(place.parts, 3)
  return { ...both, incoming, sending, receiving, slow, gate }
})

describe("a transfer ends", () => {
  it.effect("when the sender gives it up, and nothing is kept", () =>
    Effect.gen(function*() {
      const { gate, receiving, sending, slow } = yield* underWay()
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(sending), { startImmediately: true })
      yield* settle
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(yield* outcome(receiving), "incomplete")
      assert.deepStrictEqual([slow.kept, slow.closed], [[], [true]])
      yield* Fiber.join(interrupting)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("when the sender gives it up, who does not leave before that is heard", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      let runs = 0
      const stuck = Stream.suspend(() => runs++ === 0 ? Stream.make(content(10)) : Stream.never)
      const { incoming, sending } = yield* offering(his, at.his, file(content(10), { bytes: stuck }), hers)
      const receiving = yield* accepting(incoming, shelf().sink)
      yield* settle
      yield* Effect.forkChild(Effect.andThen(Fiber.interrupt(sending), at.his.abort), { startImmediately: true })
      yield* settle
      assert.strictEqual(yield* outcome(receiving), "incomplete")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("when the receiver gives it up before there is a place to keep it", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const { incoming, sending } = yield* offering(his, at.his, file(content(10)), hers)
      const receiving = yield* accepting(incoming, Effect.never)
      yield* settle
      yield* Fiber.interrupt(receiving)
      yield* settle
      const failure = yield* Effect.flip(Effect.flatMap(Fiber.join(sending), Effect.fromResult))
      assert.deepStrictEqual([failure.why, failure.detail], ["declined", "The person has given it up."])
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("when the receiver gives it up, and the sender hears it", () =>
    Effect.gen(function*() {
      const { receiving, sending, slow } = yield* underWay()
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(receiving), { startImmediately: true })
      yield* settle
      assert.strictEqual(yield* outcome(sending), "stoppedByPeer")
      assert.deepStrictEqual([slow.kept, slow.closed], [[], [true]])
      yield* Fiber.join(interrupting)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("with its stream, on both sides; a file on offer too", () =>
    Effect.gen(function*() {
      const { at, gate, hers, his, receiving, sending, slow } = yield* underWay()
      const offered = yield* offering(his, at.his, file(content(10)), hers)
      yield* at.his.abort
      yield* settle
      yield* Deferred.succeed(gate, undefined)
      yield* settle
      assert.deepStrictEqual([yield* outcome(sending), yield* outcome(receiving)], ["interrupted", "interrupted"])
      assert.deepStrictEqual([slow.kept, slow.closed], [[], [true]])
      assert.strictEqual(yield* outcome(offered.sending), "interrupted")
      assert.deepStrictEqual([yield* offered.incoming.decided, yield* hers.waiting], ["lapsed", []])
      assert.strictEqual((yield* Effect.flip(his.offer(at.his, file(content(1))))).why, "interrupted")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("when nothing comes for half a minute", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const gate = yield* Deferred.make<void>()
      const bytes = content(200_000)
      let runs = 0
      const stuck = Stream.suspend(() => {
        runs += 1
        return runs === 1
          ? Stream.make(bytes)
          : Stream.concat(
            Stream.make(bytes.subarray(0, 100_000)),
            Stream.fromEffect(Effect.as(Deferred.await(gate), bytes))
          )
      })
      const { incoming, sending } = yield* offering(his, at.his, file(bytes, { bytes: stuck }), hers)
      const place = shelf()
      const receiving = yield* accepting(incoming, place.sink)
      yield* settle
      yield* TestClock.adjust("29 seconds")
      yield* settle
      assert.isUndefined(receiving.pollUnsafe())
      yield* TestClock.adjust("2 seconds")
      yield* settle
      assert.strictEqual(yield* outcome(receiving), "stalled")
      assert.deepStrictEqual([place.kept, place.closed], [[], [true]])
      assert.notStrictEqual(yield* outcome(sending), "done")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("where what comes cannot be kept, at the beginning, in the middle and at the end", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const full = Effect.fail({ message: "no space is left" })
      for (
        const [told, sink] of [
          ["declined", full],
          ["stoppedByPeer", shelf({ append: () => full }).sink],
          ["damaged", shelf({ keep: () => full }).sink]
        ] as const
      ) {
        const { incoming, sending } = yield* offering(his, at.his, file(content(50_000)), hers)
        const failure = yield* Effect.flip(incoming.accept(sink))
        assert.deepStrictEqual([failure.why, failure.detail], ["unkept", "no space is left"])
        yield* settle
        const sent = yield* Effect.flip(Effect.flatMap(Fiber.join(sending), Effect.fromResult))
        assert.deepStrictEqual([sent.why, sent.detail], [told, "It could not be kept at the other end."])
      }
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("where our file cannot be read, or is not what it was", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const broken = file(content(10), { bytes: Stream.fail({ message: "the disk is gone" }) })
      const failure = yield* Effect.flip(his.offer(at.his, broken))
      assert.deepStrictEqual([failure.why, failure.detail], ["unreadable", "the disk is gone"])
      for (const size of [9, 11]) {
        assert.strictEqual((yield* Effect.flip(his.offer(at.his, file(content(10), { size })))).why, "changed")
      }
      const endless = file(content(10), { bytes: Stream.forever(Stream.make(content(10))) })
      assert.strictEqual((yield* Effect.flip(his.offer(at.his, endless))).why, "changed")
      assert.isEmpty(hers.offered)
      const twice = (second: Stream.Stream<Uint8Array, FileSharing.Fault>) => {
        let runs = 0
        return Stream.suspend(() => runs++ === 0 ? Stream.make(content(1000)) : second)
      }
      for (
        const [sent, got, second] of [
          ["changed", "incomplete", Stream.make(content(999))],
          ["unreadable", "incomplete", Stream.fail({ message: "the disk is gone" })],
          ["damaged", "damaged", Stream.make(content(1000).reverse())]
        ] as const
      ) {
        const offered = yield* offering(his, at.his, file(content(1000), { bytes: twice(second) }), hers)
        const place = shelf()
        const receiving = yield* accepting(offered.incoming, place.sink)
        yield* settle
        assert.deepStrictEqual([yield* outcome(offered.sending), yield* outcome(receiving)], [sent, got])
        assert.deepStrictEqual([place.kept, place.closed], [[], [true]])
      }
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("with the scope: nobody waits any more", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const his = yield* Scope.provide(person(romeo), scope)
      const hers = yield* person(juliet)
      const { arrived, dialled } = yield* stream(his, hers)
      const out = yield* offering(his, dialled, file(content(10)), hers)
      const back = yield* offering(hers, arrived, file(content(10)), his)
      yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* settle
      assert.strictEqual(yield* outcome(out.sending), "interrupted")
      assert.strictEqual(yield* outcome(back.sending), "declined")
      assert.strictEqual(yield* back.incoming.decided, "declined")
    }).pipe(Effect.scoped, Effect.provide(world)))
})
