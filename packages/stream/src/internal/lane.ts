/**
 * The one lane on which everything leaves: text, the turn to TLS, the end of our direction, strictly in order. The fiber
 * that owns the stream never waits: it writes what the transport takes at once, and only queues the rest, for which a fiber
 * of the lane's own waits, as long as there is something to wait for. So a peer that reads nothing holds up neither timers
 * nor an abort.
 */
import type { Connection, StartTls } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import * as drafts from "./draft.ts"
import * as Gate from "./gate.ts"
import type { Inbox } from "./inbox.ts"
import { type Item, performer } from "./items.ts"
import type { Outcome } from "./outcome.ts"

export interface Lane {
  /** `request` is done once the text is written. `owed`: nobody of our side waits for it, the peer made us say it. */
  readonly say: (text: string, request: number | undefined, owed: boolean) => void
  readonly startTls: (options: StartTls) => void
  /** What is said from here on leaves in another write, a moment later. */
  readonly rest: () => void
  readonly end: () => void
  /** Writes what the transport takes at once; the rest is for the writing fiber. */
  readonly flush: () => void
  /** The peer made us say more than it reads: do not listen to it until it does. */
  readonly isOverdue: () => boolean
  readonly hasRoom: () => boolean
  /** Waits while too much is queued. */
  readonly room: Effect.Effect<void>
  /** Nothing leaves any more; whoever waits for room need not. */
  readonly stop: () => void
}

export interface Ports {
  readonly connection: Connection
  readonly wired: (bytes: Uint8Array) => void
  readonly written: (requests: ReadonlyArray<number>) => void
  readonly outcome: Pick<Outcome, "secured">
  readonly inbox: Pick<Inbox, "post">
  readonly eased: Effect.Effect<unknown>
  /** Runs what never fails, beside everything else. */
  readonly start: (work: Effect.Effect<void>) => void
}

export const make = (ports: Ports): Lane => {
  const items: Array<Item> = []
  const draft = drafts.make()
  const room = Gate.make(true)
  let queued = 0
  let owed = 0
  let dead = false
  /** The fiber is at an item. */
  let busy = false

  const written = (piece: drafts.Piece): void => {
    queued -= piece.size
    owed -= piece.owed
    ports.written(piece.requests)
    if (queued < queuedMax) Gate.open(room)
  }

  /** All that was said so far stands in line. */
  const queue = (): void => {
    for (const piece of draft.take()) items.push({ _tag: "Bytes", piece })
  }

  const writeNow = (): void => {
    const { connection } = ports
    for (let item = items[0]; item?._tag === "Bytes"; item = items[0]) {
      if (connection.writeNow?.(item.piece.bytes) !== true) return
      items.shift()
      ports.wired(item.piece.bytes)
      written(item.piece)
    }
  }

  const stop = (): void => {
    dead = true
    draft.take()
    items.length = 0
    Gate.open(room)
  }

  const lost = (fault: string) =>
    Effect.suspend(() => {
      stop()
      return ports.inbox.post({ _tag: "Happened", event: { _tag: "TransportLost", fault } })
    })

  const perform = performer(ports, { stop, written })

  const work = () =>
    Effect.gen(function*() {
      for (let item = items.shift(); item !== undefined; item = items.shift()) yield* perform(item)
      busy = false
    }).pipe(
      Effect.catch(({ detail }) => lost(detail)),
      Effect.catchDefect((defect) => lost(`the transport failed unexpectedly: ${String(defect)}`)),
      Effect.asVoid
    )

  return {
    say: (text, request, isOwed) => {
      if (dead) return
      draft.add(text, request, isOwed)
      queued += text.length
      if (isOwed) owed += text.length
      if (queued >= queuedMax) Gate.close(room)
    },
    startTls: (options) => {
      queue()
      items.push({ _tag: "Tls", options })
    },
    rest: () => {
      queue()
      items.push({ _tag: "Rest" })
    },
    end: () => {
      queue()
      items.push({ _tag: "End" })
    },
    flush: () => {
      queue()
      if (busy || dead) return
      writeNow()
      if (items.length === 0) return
      busy = true
      ports.start(work())
    },
    isOverdue: () => owed > owedMax,
    hasRoom: () => room.isOpen,
    room: Effect.suspend(() => room.isOpen ? Effect.void : Gate.wait(room)),
    stop
  }
}

/** UTF-16 units. */
const queuedMax = 1_048_576
const owedMax = 262_144
