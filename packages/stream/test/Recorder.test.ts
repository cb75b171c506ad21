import { assert, describe, it } from "@effect/vitest"
import { Config } from "@xmpp-e2e/protocol"
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Recorder from "../src/Recorder.ts"
import * as Stanza from "../src/Stanza.ts"
import { clear, pair, world } from "./support.ts"

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
        const recorder = Recorder.toLines(() => Effect.succeed((line) => void lines.push(line)), { wire })
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
      }).pipe(Effect.scoped, Effect.provide(Recorder.layerMemory(written)))
      assert.lengthOf(written, 2)
      for (const lines of written) {
        const recording = Result.getOrThrow(Recording.decode(`${lines.join("\n")}\n`))
        const replay = Replay.run(recording)
        assert.strictEqual(replay._tag, "Matched")
        assert.strictEqual(recording.head.trust, "a judge of the application's own")
        assert.isAtLeast(Recording.steps(recording).length, 6)
      }
    }).pipe(Effect.provide(world)))
})
