/**
 * A stream with a peer from the moment it stands to its end: it is heard, and it goes when there is a better one, or when nobody
 * has said anything for long. Which of several is the better one is said by `pairing.ts`.
 *
 * Where both dial at once, one of two streams goes. Nothing is lost by that, and nothing is heard in another order: whoever
 * initiated it closes it in order as soon as he knows, with whatever was said on it before its end; and what comes on
 * the other one is held back until that end has been heard. A peer that does not close is told `conflict` (DUP-01), once it
 * has said nothing for a while.
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import type { E2eStream } from "../E2eStream.ts"
import type { Change, Options } from "../Peers.ts"
import type * as Couples from "./couples.ts"
import * as Hearing from "./hearing.ts"
import { leaving } from "./leaving.ts"

export interface Ground<E> {
  readonly couples: Couples.Couples<E>
  readonly changed: PubSub.PubSub<Change>
  readonly scope: Scope.Scope
  readonly now: () => number
  readonly keyOf: (address: string, naming: Address.Naming) => string
}

/** `settled` is done as soon as it is known whether the stream stays; the rest completes when it has ended. */
export type Live = (stream: E2eStream, by: "us" | "them", settled: Effect.Effect<void>) => Effect.Effect<void>

export const living = <E>(
  { grace = "1 second", idle = "10 minutes", naming = "jid", onStanza }: Omit<Options<E>, "dial">,
  { changed, couples, keyOf, now, scope }: Ground<E>
): Live => {
  const { closeWhenIdle, dismiss, retire } = leaving({
    couples,
    scope,
    now,
    idleMillis: Duration.toMillis(Duration.fromInputUnsafe(idle)),
    graceMillis: Duration.toMillis(Duration.fromInputUnsafe(grace))
  })
  let streams = 0

  /** There is one more; those that have to go because of it begin to. */
  const join = Effect.fnUntraced(function*(stream: E2eStream, by: "us" | "them") {
    streams += 1
    const { address, verified } = stream.peer
    // Nobody in particular is paired with nothing; no address has a stroke in front.
    const peer = address === undefined ? `/${streams}` : keyOf(address, naming)
    const heardOut = yield* Latch.make(false)
    const member: Couples.Member = {
      ...{ id: streams, by, verified, stream, heardOut },
      ...{ heard: 0, usedMillis: now(), isLeaving: false, isClosing: false }
    }
    for (const [leaving, how] of couples.join(peer, member)) {
      yield* Effect.forkIn(dismiss(leaving, peer, how), scope)
    }
    return { couple: couples.of(peer), member, peer }
  })

  return Effect.fnUntraced(function*(stream, by, settled) {
    const { couple, member, peer } = yield* join(stream, by)
    const kept = couples.kept(couple)
    if (couple.dialling !== undefined && kept !== undefined) {
      const waiting = couple.dialling
      // Our own dial may be of use later, when this stream has ended.
      if (by === "them") couple.dialling = yield* Deferred.make<E2eStream, E>()
      yield* Deferred.succeed(waiting, kept.stream)
    }
    yield* settled
    yield* PubSub.publish(changed, { _tag: "Opened", stream, isKept: !member.isLeaving })
    yield* Effect.forkChild(closeWhenIdle(member))
    yield* Hearing.hear(member, couple, { now, onStanza }).pipe(
      Effect.andThen(retire(member)),
      Effect.tap((ended) => PubSub.publish(changed, { _tag: "Closed", stream, ended })),
      Effect.ensuring(Effect.sync(() => couples.leave(peer, member)))
    )
  })
}
