import { assert, it } from "@effect/vitest"
import { PeerJudge } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { Memory } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import { ask, identityOf, program, thermometer } from "../src/two-programs.ts"

it.live("two programs talk directly, each sure who the other is", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* program, "21.5 °C")
  }))

it.live("a program with another key gets no answer", () =>
  Effect.gen(function*() {
    const [mine, its, stranger] = yield* Effect.all([
      identityOf("mira@linden"),
      identityOf("thermometer@tansy"),
      identityOf("mira@linden")
    ])
    const { at } = yield* thermometer(its).pipe(Effect.provide(PeerJudge.layerPinned([mine.fingerprint])))
    const failure = yield* ask(stranger, at).pipe(
      Effect.provide(PeerJudge.layerPinned([its.fingerprint])),
      Effect.flip
    )
    assert.strictEqual(failure._tag, "StreamFailed")
    if (failure._tag === "StreamFailed") assert.strictEqual(failure.reason._tag, "NotAdmitted")
  }).pipe(Effect.scoped, Effect.provide(NodeTransport.layer)))

it.effect("the same programs over a network in memory, on a clock that stands still", () =>
  Effect.gen(function*() {
    const [mine, its] = yield* Effect.all([identityOf("mira@linden"), identityOf("thermometer@tansy")])
    const { at } = yield* thermometer(its).pipe(Effect.provide(PeerJudge.layerPinned([mine.fingerprint])))
    const reading = yield* ask(mine, at).pipe(Effect.provide(PeerJudge.layerPinned([its.fingerprint])))
    assert.strictEqual(reading, "21.5 °C")
  }).pipe(Effect.scoped, Effect.provide(Memory.layer)))
