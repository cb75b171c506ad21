/**
 * The way in: whoever asks gets one chunk, and the ear cuts chunks into events. A connection that needs a fiber to be read
 * has one here, behind a gate. A read is never raced against anything that could lose its bytes, and nothing is read that was not asked for.
 */
import type { Event } from "@xmpp-e2e/protocol"
import * as Ear from "@xmpp-e2e/recording/Ear"
import type { Connection, TransportError } from "@xmpp-e2e/transport/Connection"
import type { Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Gate from "./gate.ts"
import type { Inbox } from "./inbox.ts"

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
  /** Reads where a fiber is needed for it. */
  readonly run: Effect.Effect<void> | undefined
}

export interface Ports {
  readonly connection: Connection
  readonly limits: Limits.Limits
  readonly freshId: () => string
  readonly wired: (bytes: Uint8Array) => void
  readonly inbox: Pick<Inbox, "tell">
}

export const make = (ports: Ports): Inbound => {
  const { connection } = ports
  const { readThen } = connection
  const ear = Ear.make(Reader.make(ports.limits))
  const gate = Gate.make(false)
  let asked = false
  let ended = false

  const heard = (read: Exit.Exit<Option.Option<Uint8Array>, TransportError>): void => {
    if (Exit.isSuccess(read) && Option.isSome(read.value)) {
      return ports.inbox.tell({ _tag: "Heard", bytes: read.value.value })
    }
    ended = true
    ports.inbox.tell(
      Exit.isSuccess(read)
        ? { _tag: "HeardAll" }
        : { _tag: "Happened", event: { _tag: "TransportLost", fault: faultOf(read.cause) } }
    )
  }

  const reading = Effect.gen(function*() {
    while (!ended) {
      yield* Gate.wait(gate)
      Gate.close(gate)
      heard(yield* Effect.exit(connection.read))
    }
  })

  return {
    ask: () => {
      if (asked || ended) return
      asked = true
      if (readThen === undefined) Gate.open(gate)
      else readThen(heard)
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
    run: readThen === undefined ? reading : undefined
  }
}

const faultOf = (cause: Cause.Cause<TransportError>): string => {
  const failed = Cause.findErrorOption(cause)
  return Option.isSome(failed)
    ? failed.value.detail
    : `the transport failed unexpectedly: ${String(Cause.squash(cause))}`
}
