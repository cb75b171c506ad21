/**
 * What a turn leaves to be done after it: effects to run, people to tell, numbers to count. A turn itself neither waits
 * nor calls anybody back, so nothing of the application runs between two steps.
 */
import type { Element } from "@xmpp-e2e/xml"
import type * as Effect from "effect/Effect"

export interface Agenda {
  chores: Array<Effect.Effect<unknown>>
  tellings: Array<() => void>
  /** Replies that go out before the next event is taken. */
  readonly replies: Array<Element.Element>
  received: number
  /** Stanzas that came when nobody took any more. */
  lost: number
  /** The stream is not read until somebody makes room. */
  parked: boolean
}

export const make = (): Agenda => ({ chores: [], tellings: [], replies: [], received: 0, lost: 0, parked: false })
