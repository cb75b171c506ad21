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

export const make = (ports: Ports): Inbound => new Way(ports)

class Way implements Inbound {
  readonly #ports: Ports
  readonly #ear: Ear.Ear
  /** For a connection that needs a fiber to be read. */
  readonly #gate: Gate.Gate | undefined
  #asked = false
  #ended = false

  constructor(ports: Ports) {
    this.#ports = ports
    this.#ear = Ear.make(Reader.make(ports.limits))
    this.#gate = ports.connection.readThen === undefined ? Gate.make(false) : undefined
  }

  ask(): void {
    if (this.#asked || this.#ended) return
    this.#asked = true
    if (this.#gate === undefined) this.#ports.connection.readThen?.(this.#heard)
    else Gate.open(this.#gate)
  }

  push(bytes: Uint8Array): void {
    this.#asked = false
    this.#ports.wired(bytes)
    this.#ear.push(bytes)
  }

  next(): Event.PeerEvent | undefined {
    return this.#ear.next(this.#ports.freshId)
  }

  restart(): void {
    this.#ear.restart()
  }

  take(): Uint8Array {
    return this.#ear.take()
  }

  stop(): void {
    this.#ear.stop()
  }

  isStopped(): boolean {
    return this.#ear.isStopped()
  }

  hasEnded(): boolean {
    return this.#ended
  }

  get run(): Effect.Effect<void> | undefined {
    const gate = this.#gate
    if (gate === undefined) return undefined
    const once = Effect.suspend(() => {
      Gate.close(gate)
      return Effect.map(Effect.exit(this.#ports.connection.read), this.#heard)
    })
    return Effect.whileLoop({
      while: () => !this.#ended,
      body: () => Effect.andThen(Gate.wait(gate), once),
      step: () => {}
    })
  }

  readonly #heard = (read: Exit.Exit<Option.Option<Uint8Array>, TransportError>): void => {
    const { inbox } = this.#ports
    if (Exit.isSuccess(read) && Option.isSome(read.value)) return inbox.tell({ _tag: "Heard", bytes: read.value.value })
    this.#ended = true
    inbox.tell(
      Exit.isSuccess(read)
        ? { _tag: "HeardAll" }
        : { _tag: "Happened", event: { _tag: "TransportLost", fault: faultOf(read.cause) } }
    )
  }
}

const faultOf = (cause: Cause.Cause<TransportError>): string => {
  const failed = Cause.findErrorOption(cause)
  return Option.isSome(failed)
    ? failed.value.detail
    : `the transport failed unexpectedly: ${String(Cause.squash(cause))}`
}
