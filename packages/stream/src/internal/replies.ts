/**
 * Who waits for the reply to which iq request of ours. The reducer lets only replies to known ids through (IQ-08); here
 * they find their waiter. A request that was given up is remembered for a while, so that its late reply is ignored
 * instead of being taken for something else.
 */
import type { Reason } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import * as Exit from "effect/Exit"
import { IqFailed, type IqFailure } from "../Failure.ts"
import * as Stanza from "../Stanza.ts"

export type Reply = Deferred.Deferred<Element.Element, IqFailed>

export interface Replies {
  /** `undefined` when a request with this id still waits, or was given up and not answered (IQ-14). */
  readonly expect: (id: string) => Reply | undefined
  /** Nobody waits any more; a late reply is nobody's. */
  readonly forget: (id: string) => void
  /** It was waited for long enough: the waiter is told so. */
  readonly expire: (id: string, afterMillis: number) => void
  /** It was never sent: the waiter is told why. */
  readonly withdraw: (id: string, failure: IqFailure) => void
  /** What tells the waiter, or does nothing for a late reply; `undefined` when nobody asked. */
  readonly take: (stanza: Element.Element) => (() => void) | undefined
  /** Whether anybody waits. */
  readonly isAwaited: () => boolean
  readonly end: (reason: Reason.Reason) => void
}

export const make = (): Replies => {
  const waiting = new Map<string, Reply>()
  const forgotten = new Set<string>()

  const forget = (id: string): void => {
    if (!waiting.delete(id)) return
    forgotten.add(id)
    const [oldest] = forgotten
    if (forgotten.size > forgottenMax && oldest !== undefined) forgotten.delete(oldest)
  }

  return {
    expect: (id) => {
      if (waiting.has(id) || forgotten.has(id)) return undefined
      const reply: Reply = Deferred.makeUnsafe()
      waiting.set(id, reply)
      return reply
    },
    forget,
    expire: (id, afterMillis) => {
      const reply = waiting.get(id)
      forget(id)
      if (reply !== undefined) Deferred.doneUnsafe(reply, failed({ _tag: "TimedOut", afterMillis }))
    },
    withdraw: (id, failure) => {
      const reply = waiting.get(id)
      waiting.delete(id)
      if (reply !== undefined) Deferred.doneUnsafe(reply, failed(failure))
    },
    take: (stanza) => {
      const id = Stanza.idOf(stanza)
      if (id === undefined) return undefined
      if (forgotten.delete(id)) return () => {}
      const reply = waiting.get(id)
      if (reply === undefined) return undefined
      waiting.delete(id)
      return () => {
        Deferred.doneUnsafe(reply, answerOf(stanza))
      }
    },
    isAwaited: () => waiting.size > 0,
    end: (reason) => {
      for (const reply of waiting.values()) Deferred.doneUnsafe(reply, failed({ _tag: "StreamEnded", reason }))
      waiting.clear()
      forgotten.clear()
    }
  }
}

const answerOf = (stanza: Element.Element): Exit.Exit<Element.Element, IqFailed> => {
  if (Stanza.typeOf(stanza) === "error") return failed({ _tag: "Refused", error: Stanza.errorOf(stanza) })
  return Element.elements(stanza).length > 1 ? failed({ _tag: "Malformed", reply: stanza }) : Exit.succeed(stanza)
}

const failed = (reason: IqFailure): Exit.Exit<never, IqFailed> => Exit.fail(new IqFailed({ reason }))

const forgottenMax = 1024
