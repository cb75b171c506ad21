/**
 * What a shell makes of the bytes that its peer sent: the reader, turned as the actions of the reducer say, and what it
 * says as events of the peer. Every shell hears through it, and so does whoever reads recorded bytes again (`Reread`), so
 * that the two cannot differ.
 *
 * It knows nothing of where bytes come from, nor of when to read on; `Voice` is its counterpart.
 *
 * @since 0.1.0
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import type { Reader, ReaderEvent } from "@xmpp-e2e/xml/reader"

/**
 * A reader in a shell.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ear {
  /** Bytes as they came; thrown away once stopped. */
  readonly push: (bytes: Uint8Array) => void
  /** The next event in the bytes so far. `freshId` is asked where the event carries an id of ours. */
  readonly next: (freshId: () => string) => Event.PeerEvent | undefined
  /** `RestartInput`: the unread bytes go to a new document (SASL-29). */
  readonly restart: () => void
  /** `StartTls`: the unread bytes, given away (TLS-15). */
  readonly take: () => Uint8Array
  /** `StopInput`: from now on what comes is thrown away. */
  readonly stop: () => void
  readonly isStopped: () => boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (reader: Reader): Ear => new Hearing(reader)

class Hearing implements Ear {
  readonly #reader: Reader
  #stopped = false

  constructor(reader: Reader) {
    this.#reader = reader
  }

  push(bytes: Uint8Array): void {
    if (!this.#stopped) this.#reader.push(bytes)
  }

  next(freshId: () => string): Event.PeerEvent | undefined {
    const read = this.#stopped ? undefined : this.#reader.next()
    return read === undefined ? undefined : toEvent(read, freshId)
  }

  restart(): void {
    this.#reader.restart()
  }

  take(): Uint8Array {
    return this.#reader.take()
  }

  stop(): void {
    this.#stopped = true
    this.#reader.take()
  }

  isStopped(): boolean {
    return this.#stopped
  }
}

/**
 * What an action asks of an ear, for those to whom the bytes that go to TLS are of no use; most actions ask nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const perform = (
  ear: Pick<Ear, "restart" | "stop"> & { readonly take: () => unknown },
  action: Action.Action
): void => {
  if (action._tag === "RestartInput") ear.restart()
  if (action._tag === "StopInput") ear.stop()
  if (action._tag === "StartTls") ear.take()
}

const toEvent = (read: ReaderEvent, freshId: () => string): Event.PeerEvent => {
  switch (read._tag) {
    case "ElementRead": {
      const { element, headerPrefixed, prefixed } = read
      // Nearly every stanza.
      if (!prefixed && !headerPrefixed && element.namespace !== Namespace.management) {
        return { _tag: "ElementReceived", element }
      }
      return {
        _tag: "ElementReceived",
        element,
        ...(prefixed ? { prefixed: true } : {}),
        ...(headerPrefixed ? { headerPrefixed: true } : {}),
        ...(element.namespace === Namespace.management ? { freshId: freshId() } : {})
      }
    }
    case "RootOpened":
      return { _tag: "HeaderReceived", tag: read.tag, freshId: freshId() }
    case "WhitespaceRead":
      return { _tag: "WhitespaceReceived" }
    case "RootClosed":
      return { _tag: "FooterReceived" }
    case "Faulted":
      return { _tag: "InputRejected", fault: read.fault, freshId: freshId() }
  }
}
