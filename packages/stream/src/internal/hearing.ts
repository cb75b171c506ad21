/**
 * What a peer says on one of its streams, and whether it still says anything. With two streams between the same two, order
 * matters: see `living.ts`.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Options } from "../Peers.ts"
import type * as Couples from "./couples.ts"

/** Until the peer has closed its side, or the stream has ended otherwise. */
export const hear = <E>(
  member: Couples.Member,
  couple: Couples.Couple<E>,
  { now, onStanza }: Pick<Options<E>, "onStanza"> & { readonly now: () => number }
): Effect.Effect<void> =>
  Stream.runForEach(member.stream.stanzas, (received) => {
    member.usedMillis = now()
    member.heard += 1
    return Effect.andThen(turn(member, couple), onStanza(received, member.stream))
  }).pipe(Effect.ignore, Effect.ensuring(member.heardOut.open))

/** RFC 6120 §10.1: what a peer said on a stream that has to go, it said before. */
const turn = <E>(member: Couples.Member, couple: Couples.Couple<E>): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (member.isLeaving) return Effect.void
    const before = couple.members.filter((each) => each.isLeaving)
    return Effect.forEach(before, ({ heardOut }) => heardOut.await, { discard: true })
  })

/** Completes when the peer has said nothing for the grace, or goes on for ever. */
export const quiet = (
  member: Couples.Member,
  graceMillis: number,
  now: () => number,
  rounds = 1
): Effect.Effect<void> =>
  Effect.flatMap(Effect.sleep(graceMillis), () =>
    now() - member.usedMillis < graceMillis && rounds < roundsMax
      ? quiet(member, graceMillis, now, rounds + 1)
      : Effect.void)

/** Whether a stream still leads anywhere: the peer answers, or says anything else. */
export const isAlive = (member: Couples.Member, graceMillis: number): Effect.Effect<boolean> => {
  const before = member.heard
  const saysAnything = (rounds: number): Effect.Effect<boolean> =>
    Effect.flatMap(Effect.sleep(graceMillis), () => {
      if (member.heard > before) return Effect.succeed(true)
      return rounds < roundsMax ? saysAnything(rounds + 1) : Effect.succeed(false)
    })
  const answers = Effect.isSuccess(member.stream.ping({ timeout: graceMillis * (roundsMax + 1) }))
  return Effect.raceFirst(answers, saysAnything(1))
}

const roundsMax = 10
