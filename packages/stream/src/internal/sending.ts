/**
 * The sending half of the handle: checks what is the caller's to get right, waits for room, asks the fiber of the
 * stream, waits until it is written.
 */
import type { Reason } from "@xmpp-e2e/protocol"
import { Serialize } from "@xmpp-e2e/xml"
import type { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import { SendFailed } from "../Failure.ts"
import { batchEnd } from "./batches.ts"
import * as Gate from "./gate.ts"
import type { Inbox } from "./inbox.ts"
import type { Lane } from "./lane.ts"
import type { Outcome } from "./outcome.ts"
import { failWaiter, outcomeOf, type Waiter, waiterFor } from "./requests.ts"

export interface Ports {
  readonly inbox: Pick<Inbox, "offer" | "post">
  readonly lane: Pick<Lane, "hasRoom" | "room">
  readonly outcome: Pick<Outcome, "isOver" | "reason">
}

export interface Sending {
  /** In order; completes when all of them are written. */
  readonly send: (stanzas: ReadonlyArray<Element.Element>) => Effect.Effect<void, SendFailed>
  /** Whether it was written, if that took no waiting and nothing stood against it; otherwise nothing was done. */
  readonly sendNow: (stanza: Element.Element) => Waiter | undefined
}

export const make = (ports: Ports): Sending => ({
  send: (stanzas) =>
    Effect.suspend(() => {
      for (const stanza of stanzas) {
        const obstacle = Serialize.obstacle(stanza)
        if (obstacle !== undefined) {
          return Effect.fail(new SendFailed({ reason: { _tag: "NotRepresentable", obstacle } }))
        }
      }
      if (stanzas.length > 1 && batchEnd(stanzas, 0) < stanzas.length) return sendMany(ports, stanzas.slice())
      const own = stanzas.slice()
      const waiter = askNow(ports, own)
      return waiter === undefined ? Effect.flatMap(ask(ports, own, false), outcomeOf) : outcomeOf(waiter)
    }),
  sendNow: (stanza) => Serialize.obstacle(stanza) === undefined ? askNow(ports, [stanza]) : undefined
})

/** Nearly always. */
const askNow = (ports: Ports, stanzas: ReadonlyArray<Element.Element>): Waiter | undefined => {
  if (ports.outcome.isOver() || !ports.lane.hasRoom()) return undefined
  const waiter = waiterFor(stanzas.length, false)
  return ports.inbox.offer({ _tag: "Asked", stanzas, waiter }) ? waiter : undefined
}

const sendMany = Effect.fnUntraced(function*(
  ports: Ports,
  stanzas: ReadonlyArray<Element.Element>
): Effect.fn.Return<void, SendFailed> {
  const waiters: Array<Waiter> = []
  for (let at = 0; at < stanzas.length;) {
    // What waits in the inbox counts as nobody's, so one caller has no more than one message there.
    const before = waiters.at(-1)?.taken
    if (before !== undefined) yield* Gate.wait(before)
    const end = batchEnd(stanzas, at)
    waiters.push(yield* ask(ports, stanzas.slice(at, end), true))
    at = end
  }
  for (const waiter of waiters) yield* outcomeOf(waiter)
})

const ask = (
  ports: Ports,
  stanzas: ReadonlyArray<Element.Element>,
  hasMore: boolean
): Effect.Effect<Waiter, SendFailed> => {
  if (ports.outcome.isOver()) return ended(ports)
  const waiter = waiterFor(stanzas.length, hasMore)
  return Effect.flatMap(
    Effect.andThen(ports.lane.room, ports.inbox.post({ _tag: "Asked", stanzas, waiter })),
    (asked) => asked ? Effect.succeed(waiter) : ended(ports)
  )
}

const ended = (ports: Ports): Effect.Effect<never, SendFailed> =>
  Effect.fail(new SendFailed({ reason: { _tag: "StreamEnded", reason: ports.outcome.reason() } }))

/** For those whose message was never taken. */
export const fail = (waiter: Waiter, reason: Reason.Reason): void => failWaiter(waiter, { _tag: "StreamEnded", reason })
