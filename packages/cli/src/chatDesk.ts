/**
 * The questions that wait for the person in `chat`. One is answered by `/yes` or `/no`, and never by whatever is typed next:
 * that may be meant for somebody else. They wait in the order in which they came; one that nobody has to answer any more
 * is withdrawn.
 */
import { FirstUse } from "@xmpp-e2e/certificates"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Asking from "./asking.ts"
import * as Input from "./input.ts"

export interface Question {
  readonly lines: ReadonlyArray<string>
  readonly answer: (isYes: boolean) => Effect.Effect<unknown>
}

export interface Desk {
  /** Takes the place of what was asked under the same key. */
  readonly ask: (key: unknown, question: Question) => Effect.Effect<void>
  readonly withdraw: (key: unknown) => Effect.Effect<void>
  /** Whether anything was asked. */
  readonly answer: (isYes: boolean) => Effect.Effect<boolean>
}

/** How a question says that it is one. */
export const how = "[/yes or /no]"

/** A question is shown when its turn comes. */
export const make = (show: (lines: ReadonlyArray<string>) => Effect.Effect<void>): Desk => {
  const waiting = new Map<unknown, Question>()
  const first = (): readonly [key: unknown, question: Question] | undefined => waiting.entries().next().value
  const next = Effect.suspend(() => show(first()?.[1].lines ?? []))
  return {
    ask: (key, question) =>
      Effect.suspend(() => {
        waiting.set(key, question)
        return first()?.[0] === key ? next : Effect.void
      }),
    withdraw: (key) =>
      Effect.suspend(() => {
        const wasFirst = first()?.[0] === key
        return waiting.delete(key) && wasFirst ? next : Effect.void
      }),
    answer: (isYes) =>
      Effect.suspend(() => {
        const asked = first()
        if (asked === undefined) return Effect.succeed(false)
        waiting.delete(asked[0])
        return asked[1].answer(isYes).pipe(Effect.andThen(next), Effect.as(true))
      })
  }
}

/** Input for a command that reads its lines itself, and asks about unknown certificates at the desk (CERT-87). */
export const layer = ({ ask, withdraw }: Desk): Layer.Layer<Input.Input> =>
  Layer.merge(
    Input.layer,
    Layer.succeed(FirstUse.Approver, {
      approve: Effect.fnUntraced(function*(request) {
        const said = yield* Deferred.make<boolean>()
        yield* ask(said, {
          lines: Asking.question(request, how),
          answer: (isYes) => Deferred.succeed(said, isYes)
        })
        return yield* Effect.onInterrupt(Deferred.await(said), () => withdraw(said))
      })
    })
  )
