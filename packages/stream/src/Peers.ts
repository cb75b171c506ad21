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
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { E2eStream, Ended } from "./E2eStream.ts"
import { SendFailed } from "./Failure.ts"
import * as Couples from "./internal/couples.ts"
import { living } from "./internal/living.ts"
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
  /**
   * How long a peer has to be quiet on a stream that has to go, before it is told `conflict`; and how long a stream may take
   * to answer when another one comes that would do without it. Default: one second.
   */
  readonly grace?: Duration.Input
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Peers<E> {
  /** The stream to use with a peer now: the one that stands, or a new one. Fails as dialling does. */
  readonly stream: (peer: string) => Effect.Effect<E2eStream, E>
  /** By that stream. Where it ended before it took the stanza, by the next one. Gives the one that took it. */
  readonly send: (peer: string, stanza: Element.Element) => Effect.Effect<E2eStream, E | SendFailed>
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
  const now = () => clock.currentTimeMillisUnsafe()
  const live = living(options, { couples, changed, keyOf, now, scope })

  const dial = Effect.fnUntraced(function*(peer: string, couple: Couples.Couple<E>) {
    const dialling = yield* Deferred.make<E2eStream, E>()
    couple.dialling = dialling
    const over = Effect.sync(() => {
      couple.dialling = undefined
    })
    yield* options.dial(peer).pipe(
      Effect.onError((cause) => {
        const waiting = couple.dialling ?? dialling
        return Effect.andThen(over, Deferred.failCause(waiting, cause))
      }),
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
      member.usedMillis = now()
      return Effect.succeed(member.stream)
    })

  return {
    stream,
    send: (peer, stanza) =>
      stream(peer).pipe(
        Effect.flatMap((found) => sendOn(found, stanza, couples)),
        Effect.retry({ times: endedMax, while: hasEnded })
      ),
    admit: (arrived) => live(arrived, "them", Effect.void),
    renamed: Effect.fnUntraced(function*(from) {
      for (const member of couples.rename(keyOf(from, naming))) yield* Effect.forkIn(member.stream.close, scope)
    }),
    present: Effect.sync(couples.all),
    changes: Stream.fromPubSub(changed)
  }
})

/** A stream that has ended is not used again. */
const sendOn = (stream: E2eStream, stanza: Element.Element, { retire }: Pick<Couples.Couples<unknown>, "retire">) =>
  stream.send(stanza).pipe(
    Effect.as(stream),
    Effect.tapError(({ reason }) => Effect.sync(() => reason._tag === "StreamEnded" && retire(stream)))
  )

/** What is no address is compared as it stands. */
const keyOf = (address: string, naming: Address.Naming): string => Address.bareText(address, naming) ?? address

const hasEnded = (failure: unknown): boolean => failure instanceof SendFailed && failure.reason._tag === "StreamEnded"

/** Streams with one peer that can have ended unnoticed, with some to spare. */
const endedMax = 4
const changesMax = 256
