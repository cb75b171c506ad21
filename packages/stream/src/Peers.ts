/**
 * One stream between us and each peer, however both dial (RFC 6120 §4.9.3.3; DUP-01, DUP-02): it is opened when somebody
 * wants to say something, used in both directions whoever opened it, and closed when nobody has said anything for long.
 *
 * What dials, and where, is the application's: by an address it has, by discovery, through a session of Jingle.
 *
 * @since 0.1.0
 */
import { Address } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { E2eStream, Ended } from "./E2eStream.ts"
import type { SendFailed } from "./Failure.ts"
import * as Couples from "./internal/couples.ts"
import type { Received } from "./Stanza.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options<E, R = never> {
  /** Our own address, as peers know it. */
  readonly from: string
  /** How addresses are compared; `jid` unless said otherwise. */
  readonly naming?: Address.Naming
  /** Opens a stream to a peer; it closes with the scope. */
  readonly dial: (peer: string) => Effect.Effect<E2eStream, E, R | Scope.Scope>
  /** What peers send, in the order of each stream. While it runs, nothing more is taken from that stream. */
  readonly onStanza: (received: Received, stream: E2eStream) => Effect.Effect<void>
  /**
   * A stream on which neither side has said anything for this long, nor waits for an answer, is closed in order. Default: ten
   * minutes.
   */
  readonly idle?: Duration.Input
  /** How long a stream that has to go is still listened to, for what was under way. Default: one second. */
  readonly grace?: Duration.Input
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Peers<E> {
  /** The stream to use with a peer now: the one that stands, or a new one. Fails as dialling does. */
  readonly stream: (peer: string) => Effect.Effect<E2eStream, E>
  /** By that stream. Where it ended before it took the stanza, by the next one. */
  readonly send: (peer: string, stanza: Element.Element) => Effect.Effect<void, E | SendFailed>
  /** A stream that a peer has opened: the handler for `E2eStream.listen`. Returns when it has ended. */
  readonly admit: (stream: E2eStream) => Effect.Effect<void>
  /** We have another name now (LL-11): streams under the one before are closed in order, and new ones are under this. */
  readonly renamed: (from: string) => Effect.Effect<void>
  /** The streams in use at this moment. */
  readonly present: Effect.Effect<ReadonlyArray<E2eStream>>
  /** From now on. A slow consumer misses the oldest. */
  readonly changes: Stream.Stream<Change>
}

/**
 * A stream came to stand, or ended. `isKept` is false for one that has to go because there is a better one.
 *
 * @since 0.1.0
 * @category models
 */
export type Change =
  | { readonly _tag: "Opened"; readonly stream: E2eStream; readonly isKept: boolean }
  | { readonly _tag: "Closed"; readonly stream: E2eStream; readonly ended: Ended }

/**
 * Leaving the scope closes the streams that were dialled, in order; those admitted belong to whoever listens.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*<E, R = never>(
  options: Options<E, R>
): Effect.fn.Return<Peers<E>, never, Exclude<R, Scope.Scope> | Scope.Scope> {
  const { naming = "jid" } = options
  const scope = yield* Effect.scope
  const context = yield* Effect.context<Exclude<R, Scope.Scope>>()
  const clock = yield* Clock.Clock
  const changed = yield* PubSub.sliding<Change>(changesMax)
  const couples = Couples.make<E>(keyOf(options.from, naming))
  const live = living(options, { couples, changed, scope, now: () => clock.currentTimeMillisUnsafe() })

  const dial = Effect.fnUntraced(function*(peer: string, couple: Couples.Couple<E>) {
    const dialling = yield* Deferred.make<E2eStream, E>()
    couple.dialling = dialling
    const over = Effect.sync(() => {
      couple.dialling = undefined
    })
    yield* options.dial(peer).pipe(
      Effect.onError((cause) => Effect.andThen(over, Deferred.failCause(dialling, cause))),
      Effect.flatMap((stream) => live(stream, "us", over)),
      Effect.scoped,
      Effect.provideContext(context),
      Effect.ignoreCause,
      Effect.forkIn(scope)
    )
    return yield* Deferred.await(dialling)
  })

  const stream = (peer: string): Effect.Effect<E2eStream, E> =>
    Effect.suspend(() => {
      const couple = couples.of(keyOf(peer, naming))
      const member = couples.kept(couple)
      if (member === undefined) {
        return couple.dialling === undefined
          ? dial(peer, couple)
          : Deferred.await(couple.dialling)
      }
      member.usedMillis = clock.currentTimeMillisUnsafe()
      return Effect.succeed(member.stream)
    })

  const sendBy = (peer: string, stanza: Element.Element) => Effect.flatMap(stream(peer), (found) => found.send(stanza))

  return {
    stream,
    send: (peer, stanza) =>
      Effect.catchReason(sendBy(peer, stanza), "SendFailed", "StreamEnded", () => sendBy(peer, stanza)),
    admit: (arrived) => live(arrived, "them", Effect.void),
    renamed: Effect.fnUntraced(function*(from) {
      for (const member of couples.rename(keyOf(from, naming))) yield* Effect.forkIn(member.stream.close, scope)
    }),
    present: Effect.sync(couples.all),
    changes: Stream.fromPubSub(changed)
  }
})

interface Ground<E> {
  readonly couples: Couples.Couples<E>
  readonly changed: PubSub.PubSub<Change>
  readonly scope: Scope.Scope
  readonly now: () => number
}

/** From the moment a stream stands to its end. `settled` is done as soon as it is known whether it stays. */
const living = <E>(
  { grace = "1 second", idle = "10 minutes", naming = "jid", onStanza }: Omit<Options<E>, "dial">,
  { changed, couples, now, scope }: Ground<E>
) => {
  const idleMillis = Duration.toMillis(Duration.fromInputUnsafe(idle))
  let streams = 0

  const dismiss = ({ stream }: Couples.Member, how: "conflict" | "leave"): Effect.Effect<unknown> =>
    Effect.sleep(grace).pipe(
      Effect.andThen(how === "conflict" ? stream.fail("conflict") : Effect.sleep(grace)),
      Effect.andThen(stream.close)
    )

  const closeWhenIdle = (member: Couples.Member): Effect.Effect<unknown> =>
    Effect.flatMap(member.stream.isAwaited, (isAwaited) => {
      if (isAwaited) member.usedMillis = now()
      const rest = member.usedMillis + idleMillis - now()
      return rest > 0 ? Effect.andThen(Effect.sleep(rest), closeWhenIdle(member)) : member.stream.close
    })

  const hear = (member: Couples.Member) =>
    Stream.runForEach(member.stream.stanzas, (received) => {
      member.usedMillis = now()
      return onStanza(received, member.stream)
    })

  return Effect.fnUntraced(function*(stream: E2eStream, by: "us" | "them", settled: Effect.Effect<void>) {
    streams += 1
    const { address, verified } = stream.peer
    // Nobody in particular is paired with nothing; no address has a stroke in front.
    const peer = address === undefined ? `/${streams}` : keyOf(address, naming)
    const member: Couples.Member = { id: streams, by, verified, stream, usedMillis: now(), isLeaving: false }
    for (const [leaving, how] of couples.join(peer, member)) yield* Effect.forkIn(dismiss(leaving, how), scope)
    const couple = couples.of(peer)
    const kept = couples.kept(couple)
    if (couple.dialling !== undefined && kept !== undefined) yield* Deferred.succeed(couple.dialling, kept.stream)
    yield* settled
    yield* PubSub.publish(changed, { _tag: "Opened", stream, isKept: !member.isLeaving })
    yield* Effect.forkChild(closeWhenIdle(member))
    yield* hear(member).pipe(
      Effect.ignore,
      Effect.andThen(stream.close),
      Effect.tap((ended) => PubSub.publish(changed, { _tag: "Closed", stream, ended })),
      Effect.ensuring(Effect.sync(() => couples.leave(peer, member)))
    )
  })
}

/** What is no address is compared as it stands. */
const keyOf = (address: string, naming: Address.Naming): string => Address.bareText(address, naming) ?? address

const changesMax = 256
