/**
 * Stanzas from one stream to another in one process, over loopback TCP and TLS as in use, with and without a recorder that
 * writes files. And the same in memory, without TLS, where nothing hides what recording costs.
 */
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import { NodeRecorder, NodeTransport } from "@xmpp-e2e/node"
import { E2eStream, Recorder, Stanza } from "@xmpp-e2e/stream"
import { Memory } from "@xmpp-e2e/transport"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"

export interface Conversation {
  /** Sends `stanzasPerRun` messages one way, and waits until all have arrived. */
  readonly run: () => Promise<void>
  readonly end: () => Promise<void>
}

export type Place = "memory" | "loopback"

/** `none` or a level; both streams are recorded, each into a file of its own in `directory`. */
export const begin = async (
  place: Place,
  recorded: "none" | "redacted" | "full",
  directory: string
): Promise<Conversation> => {
  const scope = Effect.runSync(Scope.make())
  const recorder = recorded === "none"
    ? Layer.empty
    : Recorder.layerSinks(() => Effect.orDie(NodeRecorder.openIn(directory)), {
      level: recorded
    })
  const { juliet, romeo } = await Effect.runPromise(
    (place === "memory" ? inMemory : overLoopback).pipe(
      Effect.provide(Layer.mergeAll(recorder, NodeTransport.layer, Logger.layer([]))),
      Scope.provide(scope)
    )
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

const inMemory = Effect.gen(function*() {
  const [left, right] = yield* Memory.pair()
  const policy = { tls: "never", sasl: "never", authenticatePeer: false } as const
  const [romeo, juliet] = yield* Effect.all([
    E2eStream.over(left, { role: "initiator", from: names.romeo, to: names.juliet, policy }),
    E2eStream.over(right, { role: "recipient", from: names.juliet, policy })
  ], { concurrency: 2 })
  return { romeo, juliet }
}).pipe(Effect.provide(PeerJudge.layerVerdict(() => Effect.die(new Error("there are no certificates")))))

const overLoopback = Effect.gen(function*() {
  const identities = { romeo: yield* identityOf(names.romeo), juliet: yield* identityOf(names.juliet) }
  const arrived = yield* Deferred.make<E2eStream.E2eStream>()
  const listener = yield* E2eStream.listen(
    { from: names.juliet, identity: identities.juliet, at: { host: "127.0.0.1", port: 0 } },
    (stream) => Effect.andThen(Deferred.succeed(arrived, stream), stream.ended)
  ).pipe(Effect.provide(believing(names.romeo)))
  const romeo = yield* E2eStream.connect({
    from: names.romeo,
    identity: identities.romeo,
    to: names.juliet,
    at: listener.at
  }).pipe(Effect.provide(believing(names.juliet)))
  return { romeo, juliet: yield* Deferred.await(arrived) }
})

const identityOf = Effect.fnUntraced(function*(address: string) {
  const made = yield* Identity.create({ address, naming: "jid", algorithm: "p256", days: 1, kind: "self-signed" })
  if (made.kind !== "self-signed") return yield* Effect.die(new Error("a certificate was asked for"))
  return yield* Identity.fromPem({
    certificates: made.certificatePem,
    privateKey: Redacted.value(made.privateKeyPem)
  })
})

/** Whom it is was never in question here. */
const believing = (address: string) =>
  PeerJudge.layerVerdict(() =>
    Effect.succeed({
      decision: "accept",
      code: "pinned",
      rule: "CERT-83",
      because: "the bench made it",
      strength: "pinned",
      identity: address,
      authorised: [address],
      notices: []
    })
  )

const names = { romeo: "romeo@forza.example", juliet: "juliet@pronto.example" }

/** As a client writes it: addresses, a number, a text of two lines. */
const message = (id: number) =>
  Stanza.message({
    id: `m${id}`,
    from: "romeo@forza.example/orchard",
    to: "juliet@pronto.example/balcony",
    body: "With love's light wings did I o'erperch these walls; for stony limits cannot hold love out."
  })

export const stanzasPerRun = 256
const stanzasPerBurst = 64
