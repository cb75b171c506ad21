/** The roster as it is at the moment, and what changes in it. @internal */
import { Discovery } from "@xmpp-e2e/link-local/Discovery"
import * as Roster from "@xmpp-e2e/link-local/Roster"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** @internal */
export interface Hearing {
  readonly entities: Effect.Effect<ReadonlyArray<Roster.Entity>>
  readonly find: (who: string) => Effect.Effect<Roster.Entity | undefined>
  readonly changes: Stream.Stream<Roster.Change>
  readonly own: (names: ReadonlyArray<string>) => Effect.Effect<void>
}

/** @internal */
export const make = Effect.fnUntraced(function*(
  options: Pick<Roster.Options, "expected" | "own">
): Effect.fn.Return<Hearing, never, Discovery | Scope.Scope> {
  const { browse } = yield* Discovery
  const changed = yield* PubSub.sliding<Roster.Change>(changesMax)
  let roster = Roster.make(options)
  const take = (step: Roster.Step): void => {
    roster = step.roster
    for (const change of step.changes) PubSub.publishUnsafe(changed, change)
  }
  yield* browse.pipe(
    Stream.runForEach((event) => Effect.sync(() => take(Roster.step(roster, event)))),
    // Whoever announces us tells why the network cannot be heard.
    Effect.ignore,
    Effect.repeat(Schedule.spaced("2 seconds")),
    Effect.forkScoped
  )
  yield* Effect.forkScoped(
    Effect.repeat(Effect.sync(() => take(Roster.refresh(roster))), Schedule.spaced("1 second"))
  )
  return {
    entities: Effect.sync(() => Roster.entities(roster)),
    find: (who) => Effect.sync(() => Roster.find(roster, who) ?? onlyOne(Roster.entities(roster), who)),
    changes: Stream.fromPubSub(changed),
    own: (names) => Effect.sync(() => take(Roster.withOwn(roster, names)))
  }
})

/** `romeo` of `romeo@forza`, where nobody else is called that. */
const onlyOne = (entities: ReadonlyArray<Roster.Entity>, user: string): Roster.Entity | undefined => {
  const wanted = user.normalize("NFC").toLowerCase()
  const those = entities.filter(({ instance }) =>
    instance.slice(0, Math.max(0, instance.lastIndexOf("@"))).toLowerCase() === wanted
  )
  return those.length === 1 ? those[0] : undefined
}

const changesMax = 1024
