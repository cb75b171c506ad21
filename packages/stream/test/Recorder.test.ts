import { assert, describe, it } from "@effect/vitest"
import { Config } from "@xmpp-e2e/protocol"
import { Recording, Replay, Reread } from "@xmpp-e2e/recording"
import type { Connection, TlsObserver } from "@xmpp-e2e/transport/Connection"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as E2eStream from "../src/E2eStream.ts"
import * as Recorder from "../src/Recorder.ts"
import * as Stanza from "../src/Stanza.ts"
import { asJuliet, asRomeo, clear, credulous, pair, world } from "./support.ts"

const config = () => {
  const made = Config.make({ role: "recipient", self: "oskar@linden" })
  if (made._tag !== "Made") throw new Error(made.contradictions.join())
  return made.config
}

describe("Recorder", () => {
  it.effect("writes the head, numbers the steps, and leaves chunks out unless asked", () =>
    Effect.gen(function*() {
      for (const wire of [false, true]) {
        const lines: Array<string> = []
        const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), {
          level: "full",
          wire
        })
        const session = yield* recorder.begin(config(), { note: "a note", trust: { AnyOf: [] } })
        session.step(0, { _tag: "TransportOpened" }, [], "Dormant")
        session.wire("in", 1, Uint8Array.of(60))
        session.step(2, { _tag: "CloseRequested" }, [], "Closed")
        const decoded = Result.getOrThrow(Recording.decode(`${lines.join("\n")}\n`))
        assert.strictEqual(decoded.head.note, "a note")
        assert.deepStrictEqual(decoded.head.trust, { AnyOf: [] })
        assert.deepStrictEqual(Recording.steps(decoded).map(({ seq }) => seq), [0, 1])
        assert.lengthOf(decoded.lines, wire ? 3 : 2)
      }
    }))

  it.effect("writes TLS and its secrets on request, at level full and all of it or nothing", () =>
    Effect.gen(function*() {
      for (const [options, tls] of whereTlsIsAskedFor) {
        const lines: Array<string> = []
        const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), {
          ...options,
          tls: true
        })
        yield* Effect.scoped(Effect.gen(function*() {
          const session = yield* recorder.begin(config())
          assert.strictEqual(session.tls !== undefined, tls)
          session.step(0, { _tag: "TransportOpened" }, [], "Dormant")
          session.wire("out", 1, Uint8Array.of(60))
          session.tls?.record("in", 2, Uint8Array.of(22))
          session.tls?.keyLog(3, keylog)
          session.wire("in", 4, Uint8Array.of(62))
        }))
        const recording = read(lines)
        assert.strictEqual(recording.head.tls, tls ? true : undefined)
        assert.strictEqual(recording.lines.some(Recording.isTls), tls)
        assert.deepStrictEqual(recording.lines.filter(Recording.isKeyLog), tls ? [{ keylog, at: 3 }] : [])
        // Under TLS the bytes that TLS carries are written only when they were asked for themselves.
        const chunks = options.wire === true ? 2 : tls ? 1 : 0
        assert.lengthOf(recording.lines.filter(Recording.isWire), chunks)
      }
    }))

  it.effect("TLS-07 hands the network an observer only where TLS is to be recorded", () =>
    Effect.gen(function*() {
      for (const tls of [false, true]) {
        const observers: Array<TlsObserver | undefined> = []
        const written: Array<Array<string>> = []
        yield* Effect.gen(function*() {
          const [near, far] = yield* Memory.pair()
          const telling = (connection: Connection): Connection => ({
            ...connection,
            startTls: (options) => {
              observers.push(options.observer)
              options.observer?.keyLog(keylog)
              return connection.startTls(options)
            }
          })
          const [romeo, juliet] = yield* Effect.all([
            E2eStream.over(telling(near), asRomeo()),
            E2eStream.over(telling(far), asJuliet())
          ], { concurrency: 2 })
          yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
        }).pipe(
          Effect.scoped,
          Effect.provide([Recorder.layerMemory(written, { level: "full", tls }), credulous])
        )
        assert.lengthOf(written, 2)
        assert.deepStrictEqual(observers.map((each) => each !== undefined), [tls, tls])
        for (const lines of written) assert.strictEqual(read(lines).lines.some(Recording.isKeyLog), tls)
      }
    }))

  it.effect("P-21 TLS-15 the bytes that both ends wrote down are read as they were, however they were cut", () =>
    Effect.gen(function*() {
      for (const [seed, most] of [[1, 1], [2, 7], [3, 100], [4, 10_000]] as const) {
        for (const end of ["close", "fail", "abort"] as const) {
          const written: Array<Array<string>> = []
          yield* Effect.gen(function*() {
            const { juliet, romeo } = yield* pair({ link: { chunk: Memory.chunks({ least: 1, most, seed }) } })
            const letters = Array.from({ length: 9 }, (_, at) => Stanza.message({ body: `é 🌹 <${at}>` }))
            yield* romeo.sendAll(letters)
            for (const _ of letters) yield* juliet.receive
            yield* juliet.send(Stanza.message({ body: "]]>" }))
            yield* romeo.receive
            if (end === "close") yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
            else yield* end === "fail" ? romeo.fail("policy-violation") : romeo.abort
          }).pipe(
            Effect.scoped,
            Effect.provide(Recorder.layerMemory(written, { level: "full", wire: true })),
            Effect.provide(world)
          )
          assert.lengthOf(written, 2)
          for (const lines of written) {
            const outcome = Reread.run(read(lines))
            assert.strictEqual(outcome._tag, "Agreed", JSON.stringify(outcome))
            if (outcome._tag !== "Agreed") return
            assert.isUndefined(outcome.until)
            assert.isAbove(outcome.events, 5)
            assert.isAbove(outcome.sent, 3)
            if (most === 1) assert.isAbove(outcome.received, 500)
          }
        }
      }
    }))

  it.effect("numbers the streams it is given, from 1", () =>
    Effect.gen(function*() {
      const opened: Array<number> = []
      const recorder = Recorder.toLines((stream) =>
        Effect.sync(() => {
          opened.push(stream)
          return () => {}
        })
      )
      yield* recorder.begin(config())
      yield* recorder.begin(config())
      assert.deepStrictEqual(opened, [1, 2])
    }))

  it.effect("P-21 what both ends of a stream wrote down comes out the same again", () =>
    Effect.gen(function*() {
      const written: Array<Array<string>> = []
      yield* Effect.gen(function*() {
        const { juliet, romeo } = yield* pair({ romeo: { policy: clear }, juliet: { policy: clear } })
        yield* romeo.send(Stanza.message({ body: "hello" }))
        yield* juliet.receive
        yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
      }).pipe(Effect.scoped, Effect.provide(Recorder.layerMemory(written, { level: "full" })))
      assert.lengthOf(written, 2)
      for (const lines of written) {
        const recording = Result.getOrThrow(Recording.decode(`${lines.join("\n")}\n`))
        const replay = Replay.run(recording)
        assert.strictEqual(replay._tag, "Matched")
        assert.strictEqual(recording.head.trust, "a judge of the application's own")
        assert.isAtLeast(Recording.steps(recording).length, 6)
      }
    }).pipe(Effect.provide(world)))

  it.effect("P-21 redacts by default, with the same names on both sides, and replays", () =>
    Effect.gen(function*() {
      const written = yield* conversation({})
      assert.lengthOf(written, 2)
      for (const lines of written) {
        const text = lines.join("\n")
        for (const secret of ["hello", "romeo", "juliet", "forza", "pronto"]) assert.notInclude(text, secret)
        const recording = read(lines)
        assert.strictEqual(recording.head.level, "redacted")
        assert.strictEqual(Replay.run(recording)._tag, "Matched")
      }
      assert.strictEqual(read(written[0]).head.config.peer, read(written[1]).head.config.self)
    }))

  it.effect("P-21 gives names that a shared secret decides, and at level shape names that nobody shares", () =>
    Effect.gen(function*() {
      const selves = yield* Effect.forEach(
        [{ secret: "one" }, { secret: "one" }, { secret: "two" }, { level: "shape" }, { level: "shape" }] as const,
        (options) => Effect.map(conversation(options), ([left]) => read(left).head.config.self)
      )
      assert.strictEqual(selves[0], selves[1])
      assert.strictEqual(new Set(selves).size, 4)
    }))

  it.effect("a stream that never got an id is written all the same when it ends", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)))
      yield* Effect.scoped(Effect.gen(function*() {
        const session = yield* recorder.begin(config())
        session.step(0, { _tag: "TransportOpened" }, [], "Dormant")
        assert.deepStrictEqual(lines, [])
      }))
      assert.lengthOf(read(lines).lines, 1)
      assert.notInclude(lines.join(), "oskar")
    }))

  it.effect("does not wait for an id for ever, however much is queued", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)))
      const session = yield* recorder.begin(config())
      for (let at = 0; at < 300; at++) session.step(at, { _tag: "CloseRequested" }, [], "Dormant")
      assert.lengthOf(read(lines).lines, 300)
    }))

  it.effect("on failure: writes nothing of a stream that ends in order, and all of one that does not", () =>
    Effect.gen(function*() {
      assert.lengthOf(yield* conversation({ when: "failure" }), 0)
      const written = yield* conversation({ when: "failure" }, "abort")
      assert.isAtLeast(written.length, 1)
      for (const lines of written) {
        const recording = read(lines)
        assert.strictEqual(recording.head.level, "redacted")
        assert.strictEqual(Replay.run(recording)._tag, "Matched")
        assert.strictEqual(Recording.steps(recording).at(-1)?.state, "Closed")
      }
    }))

  it.effect("keeps the negotiation, the first and the last lines, and says what it left out", () =>
    Effect.gen(function*() {
      for (const when of ["always", "failure"] as const) {
        const lines: Array<string> = []
        const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), { when, linesMax: 10 })
        yield* Effect.scoped(Effect.gen(function*() {
          const session = yield* recorder.begin(config())
          for (let at = 0; at < 5; at++) {
            session.step(at, { _tag: "TransportOpened" }, [], at < 4 ? "Dormant" : "Established")
          }
          for (let at = 5; at < 1000; at++) session.step(at, { _tag: "WhitespaceReceived" }, [], "Established")
        }))
        const steps = Recording.steps(read(lines))
        const early = when === "always" ? 15 : 5
        assert.lengthOf(steps, early + 10)
        assert.deepStrictEqual(
          steps.flatMap(({ omitted, seq }) => omitted === undefined ? [] : [[seq, omitted]]),
          [[990, 990 - early]]
        )
      }
    }))

  it.effect("says so as well where it left out chunks only", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const options = { level: "full", linesMax: 2, wire: true } as const
      const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), options)
      yield* Effect.scoped(Effect.gen(function*() {
        const session = yield* recorder.begin(config())
        session.step(0, { _tag: "TransportOpened" }, [], "Established")
        for (let at = 1; at < 9; at++) session.wire("in", at, Uint8Array.of(32))
        session.step(9, { _tag: "WhitespaceReceived" }, [], "Established")
      }))
      const recording = read(lines)
      assert.deepStrictEqual(recording.lines.map(Recording.isWire), [false, true, true, true, false])
      assert.strictEqual(Recording.steps(recording)[1]?.omitted, 0)
      const bytes = Reread.run(recording)
      assert.deepStrictEqual(bytes._tag === "Agreed" && bytes.until, { line: 6, why: "omitted" })
    }))

  it.effect("leaves nothing out when all fits, and keeps chunks in their place", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const options = { level: "full", linesMax: 2, wire: true } as const
      const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), options)
      yield* Effect.scoped(Effect.gen(function*() {
        const session = yield* recorder.begin(config())
        session.step(0, { _tag: "TransportOpened" }, [], "Established")
        for (let at = 1; at < 5; at++) {
          if (at % 2 === 1) session.wire("in", at, Uint8Array.of(32))
          else session.step(at, { _tag: "WhitespaceReceived" }, [], "Established")
        }
      }))
      const recording = read(lines)
      assert.deepStrictEqual(recording.lines.map(Recording.isWire), [false, true, false, true, false])
      assert.isTrue(Recording.steps(recording).every(({ omitted }) => omitted === undefined))
    }))
})

const keylog = `CLIENT_RANDOM ${"0a".repeat(32)} ${"ff".repeat(48)}`

/** And whether it is recorded. */
const whereTlsIsAskedFor: ReadonlyArray<readonly [Recorder.LineOptions, boolean]> = [
  [{ level: "full" }, true],
  [{ level: "full", wire: true }, true],
  [{}, false],
  [{ level: "shape" }, false],
  [{ level: "full", when: "failure" }, false],
  [{ level: "full", linesMax: 100 }, false]
]

const read = (lines: ReadonlyArray<string> | undefined): Recording.Recording =>
  Result.getOrThrow(Recording.decode(`${(lines ?? []).join("\n")}\n`))

/** What both ends of a stream wrote down, the initiator's first. */
const conversation = (options: Recorder.LineOptions, end: "close" | "abort" = "close") =>
  Effect.gen(function*() {
    const written: Array<Array<string>> = []
    yield* Effect.gen(function*() {
      const { juliet, romeo } = yield* pair({ romeo: { policy: clear }, juliet: { policy: clear } })
      yield* romeo.send(Stanza.message({ body: "hello" }))
      yield* juliet.receive
      if (end === "close") yield* Effect.all([romeo.close, juliet.close], { concurrency: 2 })
      else yield* romeo.abort
    }).pipe(Effect.scoped, Effect.provide(Recorder.layerMemory(written, options)), Effect.provide(world))
    return written.toSorted((one) => one.some((line) => line.includes("\"role\":\"initiator\"")) ? -1 : 1)
  })
