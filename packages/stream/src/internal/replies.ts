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

export const make = (): Replies => new Awaited()

/** Most streams ask for nothing. */
class Awaited implements Replies {
  #waiting: Map<string, Reply> | undefined
  #forgotten: Set<string> | undefined

  expect(id: string): Reply | undefined {
    const waiting = this.#waiting ??= new Map()
    if (waiting.has(id) || this.#forgotten?.has(id) === true) return undefined
    const reply: Reply = Deferred.makeUnsafe()
    waiting.set(id, reply)
    return reply
  }

  forget(id: string): void {
    if (this.#waiting?.delete(id) !== true) return
    const forgotten = this.#forgotten ??= new Set()
    forgotten.add(id)
    const [oldest] = forgotten
    if (forgotten.size > forgottenMax && oldest !== undefined) forgotten.delete(oldest)
  }

  expire(id: string, afterMillis: number): void {
    const reply = this.#waiting?.get(id)
    this.forget(id)
    if (reply !== undefined) Deferred.doneUnsafe(reply, failed({ _tag: "TimedOut", afterMillis }))
  }

  withdraw(id: string, failure: IqFailure): void {
    const reply = this.#waiting?.get(id)
    this.#waiting?.delete(id)
    if (reply !== undefined) Deferred.doneUnsafe(reply, failed(failure))
  }

  take(stanza: Element.Element): (() => void) | undefined {
    const id = Stanza.idOf(stanza)
    if (id === undefined) return undefined
    if (this.#forgotten?.delete(id) === true) return () => {}
    const reply = this.#waiting?.get(id)
    if (reply === undefined) return undefined
    this.#waiting?.delete(id)
    return () => {
      Deferred.doneUnsafe(reply, answerOf(stanza))
    }
  }

  isAwaited(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0
  }

  end(reason: Reason.Reason): void {
    for (const reply of this.#waiting?.values() ?? []) {
      Deferred.doneUnsafe(reply, failed({ _tag: "StreamEnded", reason }))
    }
    this.#waiting = undefined
    this.#forgotten = undefined
  }
}

const answerOf = (stanza: Element.Element): Exit.Exit<Element.Element, IqFailed> => {
  if (Stanza.typeOf(stanza) === "error") return failed({ _tag: "Refused", error: Stanza.errorOf(stanza) })
  return Element.elements(stanza).length > 1 ? failed({ _tag: "Malformed", reply: stanza }) : Exit.succeed(stanza)
}

const failed = (reason: IqFailure): Exit.Exit<never, IqFailed> => Exit.fail(new IqFailed({ reason }))

const forgottenMax = 1024
