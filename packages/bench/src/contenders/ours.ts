/**
 * Ours, in full: STARTTLS, both certificates judged against pins, EXTERNAL, and the reducer that sees every stanza. As a
 * user has it who deals in arrays: `sendAll`, and the arrays of `stanzas`. No recorder.
 */
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import type { TrustError } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { E2eStream } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { addresses } from "../corpus/corpus.ts"
import { type Credentials, fingerprintOf } from "../harness/credentials.ts"
import { type Arrived, type Contender, type End, one, perItem } from "./contender.ts"

/** What a stream of ours needs besides its addresses. */
export const layerOf = ({ peer }: Credentials) =>
  Layer.mergeAll(PeerJudge.layerPinned([fingerprintOf(peer)]), NodeTransport.layer, Logger.layer([]))

export const identityOf = ({ certificate, key }: Credentials) =>
  Identity.fromPem({ certificates: certificate, privateKey: key })

/** One for all streams of a side, as anybody has it who has more than one. */
const runtimeOf = (own: Credentials) => {
  const runtime = runtimes.get(own.certificate) ?? ManagedRuntime.make(layerOf(own))
  runtimes.set(own.certificate, runtime)
  return runtime
}

const runtimes = new Map<string, ManagedRuntime.ManagedRuntime<Needs, TrustError.TrustError>>()

type Needs = Layer.Success<ReturnType<typeof layerOf>>

const speak = (stream: E2eStream.E2eStream, arrived: Arrived): End => {
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
    close: async () => void await Effect.runPromise(stream.close)
  }
}

const perBatch = 128

const listen: Contender["listen"] = async (own, arrived, accepted) => {
  const runtime = runtimeOf(own)
  const scope = await runtime.runPromise(Scope.make())
  const options = {
    ...common,
    from: addresses.recipient,
    identity: await runtime.runPromise(identityOf(own)),
    at: { host: "127.0.0.1", port: 0 },
    connectionsMax: 100_000,
    connectionsPerAddressMax: 100_000
  }
  const listener = await runtime.runPromise(
    E2eStream.listen(options, (stream) => {
      accepted(speak(stream, arrived))
      return stream.ended
    }).pipe(Scope.provide(scope))
  )
  return { at: String(listener.at.port), stop: () => runtime.runPromise(Scope.close(scope, Exit.void)) }
}

const dial: Contender["dial"] = async (own, at, arrived) => {
  const runtime = runtimeOf(own)
  const scope = await runtime.runPromise(Scope.make())
  const options = {
    ...common,
    from: addresses.initiator,
    to: addresses.recipient,
    identity: await runtime.runPromise(identityOf(own)),
    at: { host: "127.0.0.1", port: Number(at) }
  }
  return speak(await runtime.runPromise(E2eStream.connect(options).pipe(Scope.provide(scope))), arrived)
}

/** Large enough for the largest stanza that a bench sends. */
const common = { limits: { elementBytesMax: 4_194_304 } }

export const ours: Contender = {
  name: "ours",
  about: "the full stack: TLS, verdicts, EXTERNAL, every rule; no recorder",
  listen,
  dial,
  weigh: one,
  total: perItem
}
