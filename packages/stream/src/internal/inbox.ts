/**
 * What the stream is told, in order, each thing dealt with before the next. Whoever tells it something deals with it on the
 * spot when nothing else is being dealt with; what is told meanwhile is dealt with right after. The fiber of the stream is
 * woken only where it is needed. So nearly nothing has to change fibers on its way.
 */
import * as Effect from "effect/Effect"
import * as Gate from "./gate.ts"
import type { Message } from "./message.ts"

export interface Inbox {
  /** False when nobody takes anything any more. Waits while too much is waiting. */
  readonly post: (message: Message) => Effect.Effect<boolean>
  /** At once, where that takes no waiting; false, and nothing is told, where it would, or nobody takes anything any more. */
  readonly offer: (message: Message) => boolean
  /** For those who have one thing to tell at a time, and no more before it is dealt with: finds a place always, and at once. */
  readonly tell: (message: Message) => void
  /**
   * For the fiber of the stream: what has come; nothing when it is needed for something else. While it waits, `deal` deals
   * with what comes; it says whether the fiber is needed all the same, and must not throw.
   */
  readonly take: (deal: (message: Message) => boolean) => Effect.Effect<ReadonlyArray<Message>>
  /** Nothing is dealt with any more. What waits is given back; those that wait for a place are told that there is none. */
  readonly close: Effect.Effect<ReadonlyArray<Message>>
}

export const make = (): Inbox => new Told()

class Told implements Inbox {
  readonly #places = Gate.make(true)
  #messages: Array<Message> = []
  /** There only while the fiber waits. */
  #waiting: Waiting | undefined
  #dealing = false
  #closed = false

  post(message: Message): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      if (this.#closed) return no
      if (!this.#places.isOpen) return Effect.flatMap(Gate.wait(this.#places), () => this.post(message))
      this.tell(message)
      return yes
    })
  }

  offer(message: Message): boolean {
    if (this.#closed || !this.#places.isOpen) return false
    this.tell(message)
    return true
  }

  tell(message: Message): void {
    if (this.#closed) return
    this.#messages.push(message)
    if (this.#messages.length >= messagesMax) Gate.close(this.#places)
    if (this.#waiting !== undefined && !this.#dealing) this.#dealWith(this.#waiting)
  }

  take(deal: (message: Message) => boolean): Effect.Effect<ReadonlyArray<Message>> {
    const come = Effect.callback<void>((resume) => {
      if (this.#messages.length > 0) return resume(Effect.void)
      const wake = (): void => {
        this.#waiting = undefined
        resume(Effect.void)
      }
      this.#waiting = { deal, wake }
      return Effect.sync(() => {
        this.#waiting = undefined
      })
    })
    return Effect.map(come, () => this.#takeAll())
  }

  get close(): Effect.Effect<ReadonlyArray<Message>> {
    return Effect.sync(() => {
      this.#closed = true
      this.#waiting = undefined
      return this.#takeAll()
    })
  }

  #dealWith({ deal, wake }: Waiting): void {
    this.#dealing = true
    let isNeeded = false
    for (let turns = 0; !isNeeded && turns < turnsMax; turns++) {
      const message = this.#messages.shift()
      if (message === undefined) break
      isNeeded = deal(message)
    }
    this.#dealing = false
    if (isNeeded || this.#messages.length > 0) wake()
    else Gate.open(this.#places)
  }

  #takeAll(): ReadonlyArray<Message> {
    const all = this.#messages
    this.#messages = []
    Gate.open(this.#places)
    return all
  }
}

interface Waiting {
  readonly deal: (message: Message) => boolean
  readonly wake: () => void
}

const yes = Effect.succeed(true)
const no = Effect.succeed(false)

/** Messages that wait to be dealt with; whoever has one more waits too. */
const messagesMax = 256

/** Dealt with one after another on the spot. Then the fiber takes over, so that others get their turn. */
const turnsMax = 32
