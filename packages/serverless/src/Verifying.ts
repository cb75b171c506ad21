/**
 * Two people make sure, by a short string that both see and one reads to the other, that nobody sits between them: the
 * machine of `stream/Verification` on streams, with its clock, its nonces, its questions to a person and the pin that it
 * ends with. Why a string so short suffices is in decision record 21.
 *
 * What a person says comes in by functions, what a person should see goes out as `events`. The application puts the
 * `handlers` into the options of its streams.
 *
 * @since 0.1.0
 */
import * as Pin from "@xmpp-e2e/certificates/Pin"
import { PinStore, type PinStoreError } from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Mark } from "./ChatEvent.ts"
import { hashesOf } from "./internal/hashes.ts"
import * as Prompts from "./internal/prompts.ts"
import { addressOf } from "./internal/seen.ts"
import * as Handlers from "./internal/verifyingHandlers.ts"
import * as Runs from "./internal/verifyingRuns.ts"
import type { VerifyingFailed } from "./VerifyingFailure.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** How long one verification may take, from the first request to the last word of our person. Default: two minutes. */
  readonly timeout?: Duration.Input
  /** How long a peer has to wait between two of its requests, on whatever stream. Default: 30 seconds. */
  readonly gap?: Duration.Input
  /** Why nobody can be asked here, a sentence: a peer that asks is refused with it. Without it, people are asked. */
  readonly absence?: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Verifying {
  /** For the `handlers` of every stream on which a peer may ask. */
  readonly handlers: ReadonlyArray<StreamOptions.Handler>
  /**
   * Our person wants to verify. Completes when the peer has the request, and fails when it does not come to that;
   * an interruption stops the verification. Where the peer has asked before, this agrees.
   */
  readonly begin: (stream: E2eStream) => Effect.Effect<void, VerifyingFailed>
  /** Our person agrees to what the peer `Asked`. This and those below say whether there was a use for it. */
  readonly agree: (stream: E2eStream) => Effect.Effect<boolean>
  /** Both strings are the same: the pin of the peer is marked, and then `Verified` is told. */
  readonly same: (stream: E2eStream) => Effect.Effect<boolean>
  /** The person at the other end sees another string. Completes when the peer has been told, or cannot be. */
  readonly different: (stream: E2eStream) => Effect.Effect<boolean>
  /** Also how our person declines. Completes when the peer has been told, or cannot be. */
  readonly stop: (stream: E2eStream) => Effect.Effect<boolean>
  /** From now on. A slow consumer misses the oldest. */
  readonly events: Stream.Stream<Event>
}

/**
 * - `Asked`: the peer wants to verify; `agree` or `stop`
 * - `Show`: both people see this string if nobody is in between; `same` or `different`
 * - `Verified`: the pin is written
 * - `Failed`: it is over otherwise; also when the stream ends before there is a string
 *
 * @since 0.1.0
 * @category models
 */
export type News =
  | { readonly _tag: "Asked" }
  | { readonly _tag: "Show"; readonly text: string }
  | { readonly _tag: "Verified"; readonly pin: Pin.Pin }
  | { readonly _tag: "Failed"; readonly failure: VerifyingFailed }

/**
 * `peer` is its address, bare and prepared: the one that is pinned.
 *
 * @since 0.1.0
 * @category models
 */
export type Event = News & { readonly peer: string; readonly stream: E2eStream }

/**
 * Verifications on whatever streams, until the scope closes. Pins are marked in the `PinStore`; nonces come from `Entropy`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  { absence, gap = "30 seconds", timeout = "2 minutes" }: Options = {}
): Effect.fn.Return<Verifying, never, PinStore | Scope.Scope> {
  const told = yield* PubSub.sliding<Event>(eventsMax)
  const runs = yield* Runs.make(yield* PinStore, timeout, (event) => PubSub.publish(told, event))
  const questions = Prompts.make(Duration.toMillis(Duration.fromInputUnsafe(gap)))
  const say = (word: Word) => (stream: E2eStream): Effect.Effect<boolean> =>
    Effect.suspend(() => runs.find(stream)?.take({ _tag: word }) ?? Effect.succeed(false))
  const tell = (word: Word) => (stream: E2eStream): Effect.Effect<boolean> =>
    Effect.tap(say(word)(stream), () => runs.find(stream)?.told ?? Effect.void)
  return {
    handlers: Handlers.make(runs, questions, absence),
    begin: (stream) => Effect.flatMap(runs.of(stream), ({ begin }) => begin),
    agree: (stream) => Effect.suspend(() => runs.find(stream)?.agree ?? Effect.succeed(false)),
    same: say("Same"),
    different: tell("Different"),
    stop: tell("Stop"),
    events: Stream.fromPubSub(told)
  }
})

/**
 * How sure it is who is at the other end, as what is pinned now says: `verified` where two people have made sure of the key
 * that the peer has on this stream. A certificate that was taken in at first use on this very stream is `unverified`.
 *
 * @since 0.1.0
 * @category getters
 */
export const markOf = Effect.fnUntraced(function*(
  stream: E2eStream
): Effect.fn.Return<Mark, PinStoreError, PinStore> {
  const { peer, secured, self: { naming }, tls, verdict } = stream
  if (!secured) return "unencrypted"
  const address = addressOf(stream)
  const [shown] = tls?.chain ?? []
  if (address === undefined || shown === undefined) return "unverified"
  const hashes = hashesOf(shown)
  const pins = yield* PinStore.use(({ find }) => find({ address, naming }))
  // Whoever renews a certificate with the same key is who he was.
  if (pins.some((pin) => pin.verified !== undefined && Pin.holds(pin, hashes, "key"))) return "verified"
  return peer.verified && verdict?.code !== "firstUse" ? "known" : "unverified"
})

type Word = "Same" | "Different" | "Stop"

const eventsMax = 256
