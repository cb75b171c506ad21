/**
 * The way in: a fiber that reads behind a gate, one chunk for each opening, and the ear that cuts chunks into events.
 * A read is never raced against anything that could lose its bytes, and nothing is read that was not asked for.
 */
import type { Event } from "@xmpp-e2e/protocol"
import * as Ear from "@xmpp-e2e/recording/Ear"
import type { Connection } from "@xmpp-e2e/transport/Connection"
import type { Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Gate from "./gate.ts"
import type { Message } from "./message.ts"

export interface Inbound {
  /** Asks for one chunk. Asking twice is asking once; after the end it is nothing. */
  readonly ask: () => void
  /** The chunk asked for has come. */
  readonly push: (bytes: Uint8Array) => void
  /** The next event in the bytes so far. */
  readonly next: () => Event.PeerEvent | undefined
  /** The bytes not yet looked at go to a new document. */
  readonly restart: () => void
  /** The bytes not yet looked at, given away. */
  readonly take: () => Uint8Array
  /** From now on what comes is thrown away. */
  readonly stop: () => void
  readonly isStopped: () => boolean
  readonly hasEnded: () => boolean
  readonly run: Effect.Effect<void>
}

export interface Ports {
  readonly connection: Connection
  readonly limits: Limits.Limits
  readonly freshId: () => string
  readonly wired: (bytes: Uint8Array) => void
  readonly post: (message: Message) => Effect.Effect<unknown>
}

export const make = (ports: Ports): Inbound => {
  const ear = Ear.make(Reader.make(ports.limits))
  const gate = Gate.make(false)
  let asked = false
  let ended = false

  const read = Effect.suspend(() => {
    Gate.close(gate)
    return ports.connection.read
  })

  const post = (chunk: Option.Option<Uint8Array>) => {
    if (Option.isSome(chunk)) return ports.post({ _tag: "Heard", bytes: chunk.value })
    ended = true
    return ports.post({ _tag: "HeardAll" })
  }

  const lost = (fault: string) =>
    Effect.suspend(() => {
      ended = true
      return ports.post({ _tag: "Happened", event: { _tag: "TransportLost", fault } })
    })

  return {
    ask: () => {
      if (asked || ended) return
      asked = true
      Gate.open(gate)
    },
    push: (bytes) => {
      asked = false
      ports.wired(bytes)
      ear.push(bytes)
    },
    next: () => ear.next(ports.freshId),
    restart: ear.restart,
    take: ear.take,
    stop: ear.stop,
    isStopped: ear.isStopped,
    hasEnded: () => ended,
    run: Effect.gen(function*() {
      while (!ended) {
        yield* Gate.wait(gate)
        yield* post(yield* read)
      }
    }).pipe(
      Effect.catch(({ detail }) => lost(detail)),
      Effect.catchDefect((defect) => lost(`the transport failed unexpectedly: ${String(defect)}`)),
      Effect.asVoid
    )
  }
}
