/**
 * The one lane on which everything leaves: text, the turn to TLS, the end of our direction, strictly in order. The fiber
 * that owns the stream only queues; a fiber of the lane's own waits for the transport. So a peer that reads nothing
 * holds up neither timers nor an abort.
 */
import type { Connection, StartTls, TlsFacts } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Latch from "effect/Latch"
import * as Result from "effect/Result"
import type { Message } from "./message.ts"

export interface Lane {
  /** `request` is done once the text is written. `owed`: nobody of our side waits for it, the peer made us say it. */
  readonly say: (text: string, request: number | undefined, owed: boolean) => void
  readonly startTls: (options: StartTls) => void
  /** What is said from here on leaves in another write, a moment later. */
  readonly rest: () => void
  readonly end: () => void
  /** Wakes the writing fiber. */
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
  | { readonly _tag: "Text"; text: string; owed: number; readonly requests: Array<number> }
  | { readonly _tag: "Tls"; readonly options: StartTls }
  | { readonly _tag: "Rest" }
  | { readonly _tag: "End" }

export const make = (ports: Ports): Lane => {
  const items: Array<Item> = []
  const filled = Latch.makeUnsafe(false)
  const room = Latch.makeUnsafe(true)
  let queued = 0
  let owed = 0
  let dead = false

  const write = Effect.fnUntraced(function*(item: Item & { readonly _tag: "Text" }) {
    const bytes = encoder.encode(item.text)
    ports.wired(bytes)
    yield* ports.connection.write(bytes)
    queued -= item.text.length
    owed -= item.owed
    ports.written(item.requests)
    if (queued < queuedMax) room.openUnsafe()
    yield* ports.eased
  })

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
      case "Text":
        return write(item)
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
      let last = items.at(-1)
      if (last?._tag !== "Text" || last.text.length >= writeMax) {
        last = { _tag: "Text", text: "", owed: 0, requests: [] }
        items.push(last)
      }
      last.text += text
      queued += text.length
      if (request !== undefined) last.requests.push(request)
      if (isOwed) {
        last.owed += text.length
        owed += text.length
      }
      if (queued >= queuedMax) room.closeUnsafe()
    },
    startTls: (options) => void items.push({ _tag: "Tls", options }),
    rest: () => void items.push({ _tag: "Rest" }),
    end: () => void items.push({ _tag: "End" }),
    flush: () => {
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
        yield* filled.await
      }
    }).pipe(
      Effect.catch(({ detail }) => lost(detail)),
      Effect.catchDefect((defect) => lost(`the transport failed unexpectedly: ${String(defect)}`)),
      Effect.asVoid
    )
  }
}

const encoder = new TextEncoder()

/** UTF-16 units, which is near enough to bytes for what they bound. */
const writeMax = 65_536
const queuedMax = 1_048_576
const owedMax = 262_144
/** Long enough for a peer on this network to read what came before. */
const restMillis = 50
