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
import { type Item, performer, type Told } from "./items.ts"
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

export const make = (ports: Ports): Lane => new Line(ports)

class Line implements Lane, Told {
  readonly #ports: Ports
  readonly #draft = drafts.make()
  readonly #room = Gate.make(true)
  #items: Array<Item> = []
  #queued = 0
  #owed = 0
  #dead = false
  /** The fiber is at an item. */
  #busy = false

  constructor(ports: Ports) {
    this.#ports = ports
  }

  say(text: string, request: number | undefined, isOwed: boolean): void {
    if (this.#dead) return
    this.#draft.add(text, request, isOwed)
    this.#queued += text.length
    if (isOwed) this.#owed += text.length
    if (this.#queued >= queuedMax) Gate.close(this.#room)
  }

  startTls(options: StartTls): void {
    this.#queue({ _tag: "Tls", options })
  }

  rest(): void {
    this.#queue({ _tag: "Rest" })
  }

  end(): void {
    this.#queue({ _tag: "End" })
  }

  flush(): void {
    this.#queue()
    if (this.#busy || this.#dead) return
    this.#writeNow()
    if (this.#items.length === 0) return
    this.#busy = true
    this.#ports.start(this.#work())
  }

  isOverdue(): boolean {
    return this.#owed > owedMax
  }

  hasRoom(): boolean {
    return this.#room.isOpen
  }

  get room(): Effect.Effect<void> {
    return Effect.suspend(() => this.#room.isOpen ? Effect.void : Gate.wait(this.#room))
  }

  stop(): void {
    this.#dead = true
    this.#draft.take()
    this.#items = []
    Gate.open(this.#room)
  }

  written(piece: drafts.Piece): void {
    this.#queued -= piece.size
    this.#owed -= piece.owed
    this.#ports.written(piece.requests)
    if (this.#queued < queuedMax) Gate.open(this.#room)
  }

  /** All that was said so far stands in line, and then this. */
  #queue(item?: Item): void {
    for (const piece of this.#draft.take()) this.#items.push({ _tag: "Bytes", piece })
    if (item !== undefined) this.#items.push(item)
  }

  #writeNow(): void {
    const { connection, wired } = this.#ports
    for (let item = this.#items[0]; item?._tag === "Bytes"; item = this.#items[0]) {
      if (connection.writeNow?.(item.piece.bytes) !== true) return
      this.#items.shift()
      wired(item.piece.bytes)
      this.written(item.piece)
    }
  }

  #work(): Effect.Effect<void> {
    const perform = performer(this.#ports, this)
    const next = (): Item | undefined => this.#items.shift()
    const done = (): void => {
      this.#busy = false
    }
    return Effect.gen(function*() {
      for (let item = next(); item !== undefined; item = next()) yield* perform(item)
      done()
    }).pipe(
      Effect.catch(({ detail }) => this.#lost(detail)),
      Effect.catchDefect((defect) => this.#lost(`the transport failed unexpectedly: ${String(defect)}`)),
      Effect.asVoid
    )
  }

  #lost(fault: string): Effect.Effect<unknown> {
    return Effect.suspend(() => {
      this.stop()
      return this.#ports.inbox.post({ _tag: "Happened", event: { _tag: "TransportLost", fault } })
    })
  }
}

/** UTF-16 units. */
const queuedMax = 1_048_576
const owedMax = 262_144
