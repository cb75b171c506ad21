/**
 * What a verification says to the peer: one request after the other, each once the peer has the one before, so that it
 * hears them in order. Whoever puts something in does not wait.
 *
 * @internal
 */
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type { IqFailed } from "@xmpp-e2e/stream/Failure"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import * as Wire from "@xmpp-e2e/stream/VerificationWire"
import type { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import { VerifyingFailed } from "../VerifyingFailure.ts"

/** @internal */
export interface Outbox {
  readonly put: (element: Element.Element) => Effect.Effect<unknown>
  /** Completes when the peer has everything, or cannot have it. */
  readonly emptied: Effect.Effect<void>
}

/** Ends with the scope; what is in it by then is not said. @internal */
export const make = Effect.fnUntraced(function*(
  { contentNamespace, request }: E2eStream,
  told: {
    readonly delivered: (message: Wire.Message) => Effect.Effect<unknown>
    readonly undelivered: (message: Wire.Message, failure: VerifyingFailed) => Effect.Effect<unknown>
  }
): Effect.fn.Return<Outbox, never, Scope.Scope> {
  // A run has a handful of messages, and somebody's word or question at its beginning: that bounds it.
  const waiting = yield* Queue.unbounded<Element.Element>()
  const empty = yield* Latch.make(true)
  let left = 0
  const say = Effect.fnUntraced(function*(payload: Element.Element) {
    const message = Wire.read(payload)
    if (message === undefined) return
    yield* request(Stanza.iq({ type: "set", namespace: contentNamespace, payload })).pipe(
      Effect.matchEffect({
        onFailure: (cause) => told.undelivered(message, failureOf(cause)),
        onSuccess: () => told.delivered(message)
      })
    )
  })
  const done = Effect.suspend(() => {
    left -= 1
    return left === 0 ? empty.open : Effect.void
  })
  yield* Queue.take(waiting).pipe(
    Effect.flatMap((payload) => Effect.andThen(say(payload), done)),
    Effect.forever,
    Effect.ensuring(empty.open),
    Effect.forkScoped
  )
  return {
    put: (element) =>
      Effect.suspend(() => {
        left += 1
        return Effect.andThen(empty.close, Queue.offer(waiting, element))
      }),
    emptied: empty.await
  }
})

const failureOf = ({ message, reason }: IqFailed): VerifyingFailed => {
  if (reason._tag !== "Refused") return new VerifyingFailed({ why: "unanswered", detail: message })
  const { condition, text } = reason.error
  return unable.includes(condition)
    ? new VerifyingFailed({ why: "unsupported" })
    : new VerifyingFailed({ why: "declined", detail: text ?? condition })
}

/** How a peer says that it knows nothing of this (RFC 6120 §8.3.3, IQ-09). */
const unable: ReadonlyArray<Stanza.StanzaCondition> = ["service-unavailable", "feature-not-implemented"]
