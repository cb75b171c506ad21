/**
 * Stanzas between two streams, in one process, with and without a recorder. Everything is as in use but the network, which is
 * in memory, and TLS, which there is none of: both would hide what recording costs.
 */
import { PeerJudge } from "@xmpp-e2e/certificates"
import { NodeRecorder } from "@xmpp-e2e/node"
import { E2eStream, Recorder, Stanza } from "@xmpp-e2e/stream"
import { Memory } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"

export interface Conversation {
  /** Sends `stanzasPerRun` messages one way, and waits until all have arrived. */
  readonly run: () => Promise<void>
  readonly end: () => Promise<void>
}

/** `none` or a level; both streams are recorded, each into a file of its own in `directory`. */
export const begin = async (
  recorded: "none" | Recorder.LineOptions["level"],
  directory: string
): Promise<Conversation> => {
  const scope = Effect.runSync(Scope.make())
  const recorder = recorded === "none" || recorded === undefined
    ? Layer.empty
    : Recorder.layer(() => Effect.map(Effect.orDie(NodeRecorder.openIn(directory)), ({ write }) => write), {
      level: recorded
    })
  const { juliet, romeo } = await Effect.runPromise(
    pair.pipe(Effect.provide(Layer.merge(recorder, nobody)), Scope.provide(scope))
  )
  let sent = 0
  const burst = Effect.gen(function*() {
    const stanzas = Array.from({ length: stanzasPerBurst }, () => message(sent++))
    yield* romeo.sendAll(stanzas)
    for (let each = 0; each < stanzasPerBurst; each++) {
      if (Option.isNone(yield* juliet.receive)) return yield* Effect.die(new Error("the stream ended"))
    }
  })
  const bursts = Effect.repeat(burst, { times: stanzasPerRun / stanzasPerBurst - 1 })
  return {
    run: () => Effect.runPromise(Effect.asVoid(bursts)),
    end: () =>
      Effect.runPromise(
        Effect.all([romeo.close, juliet.close], { concurrency: 2 }).pipe(
          Effect.andThen(Scope.close(scope, Exit.void))
        )
      )
  }
}

const pair = Effect.gen(function*() {
  const [left, right] = yield* Memory.pair()
  const [romeo, juliet] = yield* Effect.all([
    E2eStream.over(left, { role: "initiator", from: "romeo@forza.example", to: "juliet@pronto.example", policy }),
    E2eStream.over(right, { role: "recipient", from: "juliet@pronto.example", policy })
  ], { concurrency: 2 })
  return { romeo, juliet }
})

/** As a client writes it: addresses, a number, a text of two lines. */
const message = (id: number) =>
  Stanza.message({
    id: `m${id}`,
    from: "romeo@forza.example/orchard",
    to: "juliet@pronto.example/balcony",
    body: "With love's light wings did I o'erperch these walls; for stony limits cannot hold love out."
  })

const policy = { tls: "never", sasl: "never", authenticatePeer: false } as const

const nobody = PeerJudge.layerVerdict(() => Effect.die(new Error("there are no certificates")))

export const stanzasPerRun = 256
const stanzasPerBurst = 64
