/** What one end hears: pieces that wait to be read, and the real reader, pulled one event at a time. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import type { Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import type { Refit } from "../../simulator/Subject.ts"

export interface Ear {
  readonly heard: (bytes: Uint8Array) => void
  readonly ended: () => void
  readonly lost: () => void
  /** The next event; `note` is told which bytes the reader was given for it. */
  readonly next: (note: (bytes: Uint8Array) => void) => Event.Event | undefined
  readonly restart: () => void
  /** The bytes nobody has looked at, given away. */
  readonly take: () => ReadonlyArray<Uint8Array>
  readonly stop: () => void
  readonly isStopped: () => boolean
  readonly isEmpty: () => boolean
}

export const make = (
  limits: Limits.Limits,
  freshId: () => string,
  refit: Refit = (reader) => reader
): Ear => {
  const reader = refit(Reader.make(limits))
  const inbox: Array<Uint8Array | "end"> = []
  let ended = false
  let stopped = false
  return {
    heard: (bytes) => inbox.push(bytes),
    ended: () => {
      if (!ended) inbox.push("end")
      ended = true
    },
    lost: () => {
      inbox.length = 0
      ended = true
    },
    next: (note) => {
      for (;;) {
        const read = stopped ? undefined : reader.next()
        if (read !== undefined) return toEvent(read, freshId)
        const piece = inbox.shift()
        if (piece === undefined) return undefined
        if (piece === "end") return { _tag: "TransportEnded" }
        if (stopped) continue
        note(piece)
        reader.push(piece)
      }
    },
    restart: reader.restart,
    take: () => [reader.take(), ...inbox.splice(0).filter((piece) => piece !== "end")],
    stop: () => {
      stopped = true
      reader.take()
    },
    isStopped: () => stopped,
    isEmpty: () => inbox.length === 0
  }
}

export const toEvent = (read: Reader.ReaderEvent, freshId: () => string): Event.PeerEvent => {
  switch (read._tag) {
    case "ElementRead":
      return {
        _tag: "ElementReceived",
        element: read.element,
        ...(read.prefixed ? { prefixed: true } : {}),
        ...(read.headerPrefixed ? { headerPrefixed: true } : {}),
        ...(read.element.namespace === Namespace.management ? { freshId: freshId() } : {})
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
