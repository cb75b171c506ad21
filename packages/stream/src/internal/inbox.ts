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

export const make = (): Inbox => {
  const places = Gate.make(true)
  let messages: Array<Message> = []
  /** There only while the fiber waits. */
  let waiting: Waiting | undefined
  let dealing = false
  let closed = false

  const tell = (message: Message): void => {
    if (closed) return
    messages.push(message)
    if (messages.length >= messagesMax) Gate.close(places)
    if (waiting !== undefined && !dealing) dealWith(waiting)
  }

  const dealWith = ({ deal, wake }: Waiting): void => {
    dealing = true
    let isNeeded = false
    for (let turns = 0; !isNeeded && turns < turnsMax; turns++) {
      const message = messages.shift()
      if (message === undefined) break
      isNeeded = deal(message)
    }
    dealing = false
    if (isNeeded || messages.length > 0) wake()
    else Gate.open(places)
  }

  const takeAll = Effect.sync(() => {
    const all = messages
    messages = []
    Gate.open(places)
    return all
  })

  const post = (message: Message): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      if (closed) return no
      if (!places.isOpen) return Effect.flatMap(Gate.wait(places), () => post(message))
      tell(message)
      return yes
    })

  return {
    post,
    offer: (message) => {
      if (closed || !places.isOpen) return false
      tell(message)
      return true
    },
    tell,
    take: (deal) =>
      Effect.flatMap(
        Effect.callback<void>((resume) => {
          if (messages.length > 0) return resume(Effect.void)
          const wake = (): void => {
            waiting = undefined
            resume(Effect.void)
          }
          waiting = { deal, wake }
          return Effect.sync(() => {
            waiting = undefined
          })
        }),
        () => takeAll
      ),
    close: Effect.suspend(() => {
      closed = true
      waiting = undefined
      return takeAll
    })
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
