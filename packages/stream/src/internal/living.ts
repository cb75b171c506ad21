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
import * as Stream from "effect/Stream"
import type { E2eStream, Ended } from "../E2eStream.ts"
import type { Change, Options } from "../Peers.ts"
import type * as Couples from "./couples.ts"
import type { Closing } from "./pairing.ts"

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
  const idleMillis = Duration.toMillis(Duration.fromInputUnsafe(idle))
  const graceMillis = Duration.toMillis(Duration.fromInputUnsafe(grace))
  let streams = 0

  const retire = ({ stream }: Couples.Member): Effect.Effect<Ended> =>
    Effect.suspend(() => {
      couples.retire(stream)
      return stream.close
    })

  /** What is still under way on it is heard out; not for ever. */
  const quiet = (member: Couples.Member, rounds = 0): Effect.Effect<void> =>
    Effect.flatMap(
      Effect.sleep(graceMillis),
      () => now() - member.usedMillis < graceMillis && rounds < roundsMax ? quiet(member, rounds + 1) : Effect.void
    )

  /** Whether a stream that is in the way of another one still leads anywhere. */
  const isAlive = ({ heard, stream }: Couples.Member): Effect.Effect<boolean> => {
    const silent = (before: number, rounds: number): Effect.Effect<boolean> =>
      Effect.flatMap(Effect.sleep(graceMillis), () => {
        if (heard.count > before) return Effect.succeed(true)
        return rounds < roundsMax ? silent(heard.count, rounds + 1) : Effect.succeed(false)
      })
    const answered = Effect.isSuccess(stream.ping({ timeout: graceMillis * (roundsMax + 1) }))
    return Effect.raceFirst(answered, silent(heard.count, 1))
  }

  const dismiss = Effect.fnUntraced(function*(member: Couples.Member, peer: string, how: Closing["how"]) {
    if (how === "leave") {
      yield* retire(member)
      return
    }
    yield* quiet(member)
    const better = couples.kept(couples.of(peer))
    // A peer that was gone for a moment may not know of a stream of ours, which is dead then.
    if (better?.by === "us" && !(yield* isAlive(better))) {
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

  /** RFC 6120 §10.1: what a peer said on a stream that has to go, it said before. */
  const turn = (member: Couples.Member, couple: Couples.Couple<E>): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (member.isLeaving) return Effect.void
      const before = couple.members.filter((each) => each.isLeaving)
      return Effect.forEach(before, ({ heardOut }) => heardOut.await, { discard: true })
    })

  const hear = (member: Couples.Member, couple: Couples.Couple<E>) =>
    Stream.runForEach(member.stream.stanzas, (received) => {
      member.usedMillis = now()
      member.heard.count += 1
      return Effect.andThen(turn(member, couple), onStanza(received, member.stream))
    }).pipe(Effect.ignore, Effect.ensuring(member.heardOut.open))

  return Effect.fnUntraced(function*(stream, by, settled) {
    streams += 1
    const { address, verified } = stream.peer
    // Nobody in particular is paired with nothing; no address has a stroke in front.
    const peer = address === undefined ? `/${streams}` : keyOf(address, naming)
    const heardOut = yield* Latch.make(false)
    const member: Couples.Member = {
      ...{ id: streams, by, verified, stream, heardOut },
      ...{ heard: { count: 0 }, usedMillis: now(), isLeaving: false, isClosing: false }
    }
    for (const [leaving, how] of couples.join(peer, member)) {
      yield* Effect.forkIn(dismiss(leaving, peer, how), scope)
    }
    const couple = couples.of(peer)
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
    yield* hear(member, couple).pipe(
      Effect.andThen(retire(member)),
      Effect.tap((ended) => PubSub.publish(changed, { _tag: "Closed", stream, ended })),
      Effect.ensuring(Effect.sync(() => couples.leave(peer, member)))
    )
  })
}

const roundsMax = 10
