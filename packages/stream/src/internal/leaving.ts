/** How a stream with a peer goes: because there is a better one, or because nobody says anything. Why so, is in `living.ts`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Ended } from "../E2eStream.ts"
import type * as Couples from "./couples.ts"
import * as Hearing from "./hearing.ts"
import type { Closing } from "./pairing.ts"

export interface Ground {
  readonly couples: Pick<Couples.Couples<unknown>, "keptOf" | "reprieve" | "retire">
  readonly scope: Scope.Scope
  readonly now: () => number
  readonly idleMillis: number
  readonly graceMillis: number
}

export interface Leaving {
  /** Closes it in order; nobody uses it any more. */
  readonly retire: (member: Couples.Member) => Effect.Effect<Ended>
  readonly dismiss: (member: Couples.Member, peer: string, how: Closing["how"]) => Effect.Effect<void>
  readonly closeWhenIdle: (member: Couples.Member) => Effect.Effect<unknown>
}

export const leaving = ({ couples, graceMillis, idleMillis, now, scope }: Ground): Leaving => {
  const retire = ({ stream }: Couples.Member): Effect.Effect<Ended> =>
    Effect.suspend(() => {
      couples.retire(stream)
      return stream.close
    })

  const dismiss = Effect.fnUntraced(function*(member: Couples.Member, peer: string, how: Closing["how"]) {
    if (how === "leave") {
      yield* retire(member)
      return
    }
    yield* Hearing.quiet(member, graceMillis, now)
    const better = couples.keptOf(peer)
    // A peer that was gone for a moment may not know of a stream of ours, which is dead then.
    if (better?.by === "us" && !(yield* Hearing.isAlive(better, graceMillis))) {
      couples.retire(better.stream)
      yield* Effect.forkIn(better.stream.abort, scope)
    }
    if (!couples.reprieve(peer, member)) yield* member.stream.fail("conflict")
  })

  const closeWhenIdle = (member: Couples.Member): Effect.Effect<unknown> =>
    Effect.flatMap(member.stream.isAwaited, (isAwaited) => {
      if (isAwaited) member.usedMillis = now()
      const rest = member.usedMillis + idleMillis - now()
      return rest > 0 ? Effect.andThen(Effect.sleep(rest), closeWhenIdle(member)) : retire(member)
    })

  return { retire, dismiss, closeWhenIdle }
}
