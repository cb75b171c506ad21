/**
 * Ours, in full: STARTTLS, both certificates judged against pins, EXTERNAL, and the reducer that sees every stanza. As a
 * user has it who deals in arrays: `sendAll`, and the arrays of `stanzas`. No recorder.
 */
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { E2eStream } from "@xmpp-e2e/stream"
import type { Options } from "@xmpp-e2e/stream"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { addresses } from "../corpus/corpus.ts"
import { type Credentials, fingerprintOf } from "../harness/credentials.ts"
import { type Arrived, type Contender, type End, type Listening, one, perItem } from "./contender.ts"

/** What a stream of ours needs besides its addresses. */
export const layerOf = ({ peer }: Credentials) =>
  Layer.mergeAll(PeerJudge.layerPinned([fingerprintOf(peer)]), NodeTransport.layer, Logger.layer([]))

export const identityOf = ({ certificate, key }: Credentials) =>
  Identity.fromPem({ certificates: certificate, privateKey: key })

const speak = (stream: E2eStream.E2eStream, arrived: Arrived, scope: Scope.Closeable): End => {
  Effect.runFork(Stream.runForEachArray(stream.stanzas, (batch) =>
    Effect.sync(() => {
      for (const { stanza } of batch) arrived(stanza)
    })))
  return {
    load: (corpus) => {
      const elements = corpus.elements()
      const batches = Array.from(
        { length: Math.ceil(elements.length / perBatch) },
        (_, at) => elements.slice(at * perBatch, (at + 1) * perBatch)
      )
      return () => Effect.runPromise(Effect.forEach(batches, stream.sendAll, { discard: true }))
    },
    close: () => Effect.runPromise(Effect.andThen(stream.close, Scope.close(scope, Exit.void)))
  }
}

const perBatch = 128

export const listen = (options: Partial<Options.Options>) => (own: Credentials, arrived: Arrived): Promise<Listening> =>
  Effect.runPromise(Effect.gen(function*() {
    const scope = yield* Scope.make()
    const accepted = yield* Deferred.make<E2eStream.E2eStream>()
    const { at } = yield* E2eStream.listen(
      { from: addresses.recipient, identity: yield* identityOf(own), at: { host: "127.0.0.1", port: 0 }, ...options },
      (stream) => Effect.andThen(Deferred.succeed(accepted, stream), stream.ended)
    ).pipe(Effect.provide(layerOf(own)), Scope.provide(scope))
    return {
      at: String(at.port),
      accepted: Effect.runPromise(Deferred.await(accepted)).then((stream) => speak(stream, arrived, scope))
    }
  }))

export const dial =
  (options: Partial<Options.Options>) => (own: Credentials, at: string, arrived: Arrived): Promise<End> =>
    Effect.runPromise(Effect.gen(function*() {
      const scope = yield* Scope.make()
      const stream = yield* E2eStream.connect({
        from: addresses.initiator,
        to: addresses.recipient,
        identity: yield* identityOf(own),
        at: { host: "127.0.0.1", port: Number(at) },
        ...options
      }).pipe(Effect.provide(layerOf(own)), Scope.provide(scope))
      return speak(stream, arrived, scope)
    }))

export const ours: Contender = {
  name: "ours",
  about: "the full stack: TLS, verdicts, EXTERNAL, every rule; no recorder",
  listen: listen({}),
  dial: dial({}),
  weigh: one,
  total: perItem
}
