/**
 * The one lane on which everything leaves: text, the turn to TLS, the end of our direction, strictly in order. The fiber
 * that owns the stream never waits: it writes what the transport takes at once, and only queues the rest, for which a fiber
 * of the lane's own waits. So a peer that reads nothing holds up neither timers nor an abort.
 */
import type { Connection, StartTls, TlsFacts } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Latch from "effect/Latch"
import * as Result from "effect/Result"
import * as drafts from "./draft.ts"
import type { Message } from "./message.ts"

export interface Lane {
  /** `request` is done once the text is written. `owed`: nobody of our side waits for it, the peer made us say it. */
  readonly say: (text: string, request: number | undefined, owed: boolean) => void
  readonly startTls: (options: StartTls) => void
  /** What is said from here on leaves in another write, a moment later. */
  readonly rest: () => void
  readonly end: () => void
  /** Writes what the transport takes at once; for the rest it wakes the writing fiber. */
  readonly flush: () => void
  /** The peer made us say more than it reads: do not listen to it until it does. */
  readonly isOverdue: () => boolean
  /** Waits while too much is queued. */
  readonly room: Effect.Effect<void>
  /** Nothing leaves any more; whoever waits for room need not. */
  readonly stop: () => void
  readonly run: Effect.Effect<void>
}

export interface Ports {
  readonly connection: Connection
  readonly wired: (bytes: Uint8Array) => void
  readonly written: (requests: ReadonlyArray<number>) => void
  readonly secured: (facts: TlsFacts) => void
  readonly post: (message: Message) => Effect.Effect<unknown>
  readonly eased: Effect.Effect<unknown>
}

type Item =
  | { readonly _tag: "Bytes"; readonly piece: drafts.Piece }
  | { readonly _tag: "Tls"; readonly options: StartTls }
  | { readonly _tag: "Rest" }
  | { readonly _tag: "End" }

export const make = (ports: Ports): Lane => {
  const items: Array<Item> = []
  const draft = drafts.make()
  const filled = Latch.makeUnsafe(false)
  const room = Latch.makeUnsafe(true)
  let queued = 0
  let owed = 0
  let dead = false
  /** The fiber is at an item, or about to be. */
  let busy = true

  const write = Effect.fnUntraced(function*(piece: drafts.Piece) {
    ports.wired(piece.bytes)
    yield* ports.connection.write(piece.bytes)
    written(piece)
    yield* ports.eased
  })

  const written = (piece: drafts.Piece): void => {
    queued -= piece.bytes.length
    owed -= piece.owed
    ports.written(piece.requests)
    if (queued < queuedMax) room.openUnsafe()
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

  const turnToTls = Effect.fnUntraced(function*(options: StartTls) {
    const turned = yield* Effect.result(ports.connection.startTls(options))
    if (Result.isFailure(turned)) {
      stop()
      yield* ports.post({ _tag: "Happened", event: { _tag: "TlsFailed", fault: turned.failure.detail } })
      return
    }
    const { chain, cipher, protocol, resumed } = turned.success
    ports.secured(turned.success)
    yield* ports.post({
      _tag: "Happened",
      event: {
        _tag: "TlsEstablished",
        facts: { protocol, cipher, resumed, chain: chain.map((each) => Base64.encode(each)) }
      }
    })
  })

  const perform = (item: Item) => {
    switch (item._tag) {
      case "Bytes":
        return write(item.piece)
      case "Tls":
        return turnToTls(item.options)
      case "Rest":
        return Effect.sleep(restMillis)
      case "End":
        return Effect.andThen(ports.connection.end, ports.post({ _tag: "SaidAll" }))
    }
  }

  const stop = (): void => {
    dead = true
    draft.take()
    items.length = 0
    room.openUnsafe()
  }

  const lost = (fault: string) =>
    Effect.suspend(() => {
      stop()
      return ports.post({ _tag: "Happened", event: { _tag: "TransportLost", fault } })
    })

  return {
    say: (text, request, isOwed) => {
      if (dead) return
      const size = draft.add(text, request, isOwed)
      queued += size
      if (isOwed) owed += size
      if (queued >= queuedMax) room.closeUnsafe()
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
      if (!busy) writeNow()
      if (items.length > 0) filled.openUnsafe()
    },
    isOverdue: () => owed > owedMax,
    room: Effect.suspend(() => room.isOpen() ? Effect.void : room.await),
    stop,
    run: Effect.gen(function*() {
      while (!dead) {
        const item = items.shift()
        if (item !== undefined) {
          yield* perform(item)
          continue
        }
        filled.closeUnsafe()
        busy = false
        yield* filled.await
        busy = true
      }
    }).pipe(
      Effect.catch(({ detail }) => lost(detail)),
      Effect.catchDefect((defect) => lost(`the transport failed unexpectedly: ${String(defect)}`)),
      Effect.asVoid
    )
  }
}

/** Bytes. */
const queuedMax = 1_048_576
const owedMax = 262_144
/** Long enough for a peer on this network to read what came before. */
const restMillis = 50
