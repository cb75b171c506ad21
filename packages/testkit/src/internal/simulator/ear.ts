/** What one end hears: pieces that wait to be read, and the real reader, pulled one event at a time. */
import type { Event } from "@xmpp-e2e/protocol"
import * as Ears from "@xmpp-e2e/recording/Ear"
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
  const ear = Ears.make(refit(Reader.make(limits)))
  const inbox: Array<Uint8Array | "end"> = []
  let ended = false
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
        const event = ear.next(freshId)
        if (event !== undefined) return event
        const piece = inbox.shift()
        if (piece === undefined) return undefined
        if (piece === "end") return { _tag: "TransportEnded" }
        if (ear.isStopped()) continue
        note(piece)
        ear.push(piece)
      }
    },
    restart: () => ear.restart(),
    take: () => [ear.take(), ...inbox.splice(0).filter((piece) => piece !== "end")],
    stop: () => ear.stop(),
    isStopped: () => ear.isStopped(),
    isEmpty: () => inbox.length === 0
  }
}
