/**
 * What those who browse are told, as a stream: all that is known, then what happens. One who does not keep up is told afresh what is
 * known, so that neither memory nor truth suffers.
 *
 * @internal
 */
import type * as DiscoveryEvent from "@xmpp-e2e/link-local/DiscoveryEvent"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Responder } from "./responder.ts"

type Event = DiscoveryEvent.DiscoveryEvent

export const following = (responder: Responder): Stream.Stream<Event> =>
  Stream.unwrap(
    Effect.map(
      Effect.acquireRelease(Effect.sync(() => begin(responder)), ({ end }) => end),
      ({ next }) => Stream.flattenIterable(Stream.fromEffectRepeat(next))
    )
  )

interface Follower {
  readonly next: Effect.Effect<ReadonlyArray<Event>>
  readonly end: Effect.Effect<void>
}

const begin = (responder: Responder): Follower => {
  let waiting: ReadonlyArray<Event> = responder.known()
  let reader: ((events: Effect.Effect<ReadonlyArray<Event>>) => void) | undefined
  const deliver = (): void => {
    if (reader === undefined || waiting.length === 0) return
    const [resume, events] = [reader, waiting]
    reader = undefined
    waiting = []
    resume(Effect.succeed(events))
  }
  const tell = (events: ReadonlyArray<Event>): void => {
    waiting = waiting.length + events.length > waitingMax
      ? afresh(responder, [...waiting, ...events])
      : [...waiting, ...events]
    deliver()
  }
  responder.browsing.add(tell)
  if (responder.browsing.size === 1) responder.apply({ _tag: "BrowseRequested" })
  return {
    next: Effect.callback((resume) => {
      reader = resume
      deliver()
      return Effect.sync(() => {
        reader = undefined
      })
    }),
    end: Effect.sync(() => {
      responder.browsing.delete(tell)
      if (responder.browsing.size === 0) responder.apply({ _tag: "BrowseEnded" })
    })
  }
}

/** What was heard on an interface that goes down is not known any more: so it can be said all over. */
const afresh = (responder: Responder, lost: ReadonlyArray<Event>): ReadonlyArray<Event> => {
  const known = responder.known()
  const vias = new Set([...lost, ...known].map(({ via }) => via))
  return [...Array.from(vias, (via) => ({ _tag: "InterfaceDown", via }) as const), ...known]
}

const waitingMax = 16_384
