/**
 * Who waits for which of our sends. The reducer knows a send by its number; here the number finds its waiter.
 */
import type { Action, Reason } from "@xmpp-e2e/protocol"
import * as Deferred from "effect/Deferred"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import { SendFailed, type SendFailure } from "../Failure.ts"

/** Completes once all of its stanzas are written, or fails with the first that cannot be. */
export interface Waiter {
  left: number
  /** Opens when the fiber of the stream has them, and what they weigh counts as queued. */
  readonly taken: Latch.Latch
  readonly done: Deferred.Deferred<void, SendFailed>
}

export const waiterFor = (count: number): Waiter => ({
  left: count,
  taken: Latch.makeUnsafe(false),
  done: Deferred.makeUnsafe()
})

export const failWaiter = (waiter: Waiter, reason: SendFailure): void => {
  waiter.taken.openUnsafe()
  Deferred.doneUnsafe(waiter.done, Exit.fail(new SendFailed({ reason })))
}

export interface Requests {
  /** The number of the next send, which `waiter` waits for. */
  readonly enlist: (waiter: Waiter | undefined) => number
  readonly isAwaited: (request: number) => boolean
  /** These have been handed to the transport. */
  readonly written: (requests: ReadonlyArray<number>) => void
  readonly refused: (request: number, refusal: SendFailure) => void
  /** Whoever still waits, waits in vain. */
  readonly end: (reason: Reason.Reason) => void
}

export const make = (): Requests => {
  const waiters = new Map<number, Waiter>()
  let last = 0
  return {
    enlist: (waiter) => {
      last += 1
      if (waiter !== undefined) waiters.set(last, waiter)
      return last
    },
    isAwaited: (request) => waiters.has(request),
    written: (requests) => {
      for (const request of requests) {
        const waiter = waiters.get(request)
        if (waiter === undefined) continue
        waiters.delete(request)
        waiter.left -= 1
        if (waiter.left === 0) Deferred.doneUnsafe(waiter.done, Exit.void)
      }
    },
    refused: (request, refusal) => {
      const waiter = waiters.get(request)
      if (waiter === undefined) return
      waiters.delete(request)
      failWaiter(waiter, refusal)
    },
    end: (reason) => {
      for (const waiter of waiters.values()) failWaiter(waiter, { _tag: "StreamEnded", reason })
      waiters.clear()
    }
  }
}

/** Commands of stream management are no sends and have no number, so `notOpen` never answers one. */
export const failureOf = (refusal: Action.Refusal, reason: Reason.Reason): SendFailure => {
  switch (refusal) {
    case "queueFull":
      return { _tag: "QueueFull" }
    case "notAStanza":
      return { _tag: "NotAStanza" }
    case "closed":
    case "notOpen":
      return { _tag: "StreamEnded", reason }
  }
}
