/**
 * Who waits for which of our sends. The reducer knows a send by its number; here the number finds its waiter.
 */
import type { Action, Reason } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { SendFailed, type SendFailure } from "../Failure.ts"
import * as Gate from "./gate.ts"

/** Completes once all of its stanzas are written, or fails with the first that cannot be. Nearly always it has, at once. */
export interface Waiter {
  /** How many of its stanzas are neither written nor refused. */
  left: number
  /** Opens when the stream has them, and what they weigh counts as queued; for those who have more. */
  readonly taken: Gate.Gate | undefined
  outcome: Exit.Exit<void, SendFailed> | undefined
  tell: ((outcome: Exit.Exit<void, SendFailed>) => void) | undefined
}

export const waiterFor = (count: number, hasMore: boolean): Waiter => ({
  left: count,
  taken: hasMore ? Gate.make(false) : undefined,
  outcome: count === 0 ? Exit.void : undefined,
  tell: undefined
})

/** For one fiber. */
export const outcomeOf = (waiter: Waiter): Effect.Effect<void, SendFailed> =>
  waiter.outcome ?? Effect.callback((resume) => {
    if (waiter.outcome !== undefined) return resume(waiter.outcome)
    waiter.tell = resume
    return Effect.sync(() => {
      waiter.tell = undefined
    })
  })

/** For those who wait for something else, which then never comes. */
export const whenFailed = (waiter: Waiter, tell: (failure: SendFailed) => void): void => {
  waiter.tell = (outcome) => {
    const failure = Exit.findErrorOption(outcome)
    if (Option.isSome(failure)) tell(failure.value)
  }
  if (waiter.outcome !== undefined) waiter.tell(waiter.outcome)
}

const settle = (waiter: Waiter, outcome: Exit.Exit<void, SendFailed>): void => {
  if (waiter.outcome !== undefined) return
  waiter.outcome = outcome
  waiter.tell?.(outcome)
}

export const failWaiter = (waiter: Waiter, reason: SendFailure): void => {
  if (waiter.taken !== undefined) Gate.open(waiter.taken)
  settle(waiter, Exit.fail(new SendFailed({ reason })))
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

export const make = (): Requests => new Waiters()

/** Numbers come in order and go nearly in order: a line of them, and the number at its head. */
class Waiters implements Requests {
  #line: Array<Waiter | undefined> = []
  #first = 1
  #gone = 0

  enlist(waiter: Waiter | undefined): number {
    return this.#line.push(waiter) + this.#first - 1
  }

  isAwaited(request: number): boolean {
    return this.#line[request - this.#first] !== undefined
  }

  written(requests: ReadonlyArray<number>): void {
    for (const request of requests) {
      const waiter = this.#take(request)
      if (waiter === undefined) continue
      waiter.left -= 1
      if (waiter.left === 0) settle(waiter, Exit.void)
    }
  }

  refused(request: number, refusal: SendFailure): void {
    const waiter = this.#take(request)
    if (waiter !== undefined) failWaiter(waiter, refusal)
  }

  end(reason: Reason.Reason): void {
    const line = this.#line
    this.#first += line.length
    this.#line = []
    this.#gone = 0
    for (const waiter of new Set(line)) if (waiter !== undefined) failWaiter(waiter, { _tag: "StreamEnded", reason })
  }

  #take(request: number): Waiter | undefined {
    const line = this.#line
    const at = request - this.#first
    if (at < this.#gone) return undefined
    const waiter = line[at]
    line[at] = undefined
    while (this.#gone < line.length && line[this.#gone] === undefined) this.#gone += 1
    // Let go of when they are half of the line: constant work for each, on average.
    if (this.#gone * 2 > line.length) {
      this.#line = line.slice(this.#gone)
      this.#first += this.#gone
      this.#gone = 0
    }
    return waiter
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
