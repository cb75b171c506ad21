/**
 * What the stream is told, in order, each thing dealt with before the next. Whoever tells it something deals with it on the
 * spot when nothing else is being dealt with and nothing waits; otherwise it waits for the fiber of the stream. So nearly
 * nothing has to change fibers on its way.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Message } from "./message.ts"

export interface Inbox {
  /** False when nobody takes anything any more. Waits while too much is waiting. */
  readonly post: (message: Message) => Effect.Effect<boolean>
  /**
   * For the fiber of the stream: what has come. While it waits, `deal` deals with what comes; it says whether the fiber is
   * needed all the same, and must not throw.
   */
  readonly take: (deal: (message: Message) => boolean) => Effect.Effect<ReadonlyArray<Message>>
  /** Nothing is dealt with any more. What waits is given back, and those that wait for a place too. */
  readonly close: Effect.Effect<ReadonlyArray<Message>>
}

export const make = Effect.fnUntraced(function*(): Effect.fn.Return<Inbox> {
  const queue = yield* Queue.bounded<Message>(messagesMax)
  /** There only while nothing is being dealt with, nothing waits, and the fiber waits for something to come. */
  let idle: ((message: Message) => boolean) | undefined

  const queued = (message: Message): Effect.Effect<boolean> => {
    idle = undefined
    return Queue.offer(queue, message)
  }

  return {
    post: (message) =>
      Effect.suspend(() => {
        const deal = idle
        if (deal === undefined) return queued(message)
        idle = undefined
        if (deal(message)) return queued(nudge)
        // What was told meanwhile waits in the queue, and has woken the fiber.
        if (Queue.sizeUnsafe(queue) === 0) idle = deal
        return dealtWith
      }),
    take: (deal) =>
      Effect.suspend(() => {
        if (Queue.sizeUnsafe(queue) === 0) idle = deal
        return Queue.takeAll(queue)
      }),
    close: Effect.gen(function*() {
      idle = undefined
      const left: Array<Message> = []
      // Taking messages lets in those that wait for a place, so one taking is not enough.
      for (let rest = yield* Queue.clear(queue); rest.length > 0; rest = yield* Queue.clear(queue)) left.push(...rest)
      yield* Queue.shutdown(queue)
      return left
    })
  }
})

const dealtWith = Effect.succeed(true)

/** Says nothing; whoever takes it looks round. */
const nudge: Message = { _tag: "Eased" }

/** Messages that wait for the fiber of the stream; whoever has one more waits too. */
const messagesMax = 256
