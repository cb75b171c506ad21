/**
 * Files between two people over the stream that they have: out-of-band offers (XEP-0066) whose file is fetched over an
 * in-band bytestream (XEP-0047), in the form of decision record 20. The machines are those of `@xmpp-e2e/jingle`; here they
 * get a clock, streams, and somebody who is asked.
 *
 * Nothing comes before our side has said yes, and what came is kept only when it has the size and the SHA-256 that were
 * offered. Memory does not grow with the file: each block is answered when it has been kept, and only then comes the next.
 *
 * @since 0.1.0
 */
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type * as Stream from "effect/Stream"
import type { FileFailed } from "./FileSharingFailure.ts"
import * as bytestreams from "./internal/bytestreams.ts"
import * as receiving from "./internal/fileReceiving.ts"
import * as sending from "./internal/fileSending.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The most octets of a file that is taken; a larger one is refused, and nobody asked. Default: any size. */
  readonly sizeMax?: number
  /** Why nobody can be asked here, a sentence: every offer is refused with it. Without it, `offers` have to be answered. */
  readonly absence?: string
  /** How long an offer stands, in both directions. Default: five minutes. */
  readonly answerTimeout?: Duration.Input
  /** How long nothing may come of a transfer under way. Default: 30 seconds. */
  readonly stallTimeout?: Duration.Input
  /** Files on their way at a time, in both directions and on all streams, ours that are offered included. Default: 8. */
  readonly transfersMax?: number
  /** Offers of peers that wait for an answer at a time. Default: 16, of which four by one peer. */
  readonly offersMax?: number
}

/**
 * Why storage of the application's own kind failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fault {
  readonly message: string
}

/**
 * A file of ours. `bytes` are read twice: once for the hash, once to be sent. `name` is shown to the peer, `size` is in
 * octets.
 *
 * @since 0.1.0
 * @category models
 */
export interface OwnFile {
  readonly name: string
  readonly size: number
  /** Such as `text/plain` (RFC 6838). */
  readonly mediaType?: string
  readonly bytes: Stream.Stream<Uint8Array, Fault>
}

/**
 * Where a file goes that nobody takes for the whole one until it is kept. Whatever is not kept has to go when the scope of
 * the sink closes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sink<A> {
  readonly append: (bytes: Uint8Array) => Effect.Effect<void, Fault>
  /** The whole file is there. `name` is safe, and may be taken: nothing is overwritten. Gives what `accept` gives. */
  readonly keep: (name: string) => Effect.Effect<A, Fault>
}

/**
 * In octets.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly octets: number
  readonly size: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Following {
  /** Told of each piece that the other side has, or that is kept here. The transfer waits for it. */
  readonly onProgress?: (progress: Progress) => Effect.Effect<unknown>
}

/**
 * What became of an offer of a peer. `lapsed`: neither was said, and it cannot be any more.
 *
 * @since 0.1.0
 * @category models
 */
export type Decision = "accepted" | "declined" | "lapsed"

/**
 * A file that a peer offers. `peer` is its address, bare and prepared; `name` is safe as a name of a file, and a stranger's
 * text nevertheless; `size` is in octets.
 *
 * @since 0.1.0
 * @category models
 */
export interface Incoming {
  readonly peer: string
  readonly stream: E2eStream
  readonly name: string
  readonly size: number
  /** What the peer says that it is. */
  readonly mediaType?: string
  /** Fetches it: completes when the whole file is kept. Interruption gives it up, and the peer is told. */
  readonly accept: <A>(
    sink: Effect.Effect<Sink<A>, Fault, Scope.Scope>,
    following?: Following
  ) => Effect.Effect<A, FileFailed>
  /** The peer is told `text`, a sentence for people. Says whether there was a use for it. */
  readonly decline: (text?: string) => Effect.Effect<boolean>
  /** Completes when it waits no longer. */
  readonly decided: Effect.Effect<Decision>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface FileSharing {
  /** For the `handlers` of every stream on which files are offered, in either direction. */
  readonly handlers: ReadonlyArray<StreamOptions.Handler>
  /**
   * Offers a file of ours: completes when the peer has said that it has the whole file. Interruption gives it up, and the
   * peer is told. `onProgress` is first told when the peer has said yes.
   */
  readonly offer: (stream: E2eStream, file: OwnFile, following?: Following) => Effect.Effect<void, FileFailed>
  /** Offers of peers, from now on. A slow consumer misses the oldest, which are `waiting` nevertheless. */
  readonly offers: Stream.Stream<Incoming>
  /** Offers of peers that nobody has answered yet, oldest first. */
  readonly waiting: Effect.Effect<ReadonlyArray<Incoming>>
}

/**
 * Files on whatever streams, until the scope closes: then everything under way is given up. Names of bytestreams come from
 * `Entropy`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  options: Options = {}
): Effect.fn.Return<FileSharing, never, Scope.Scope> {
  const { answerTimeout = "5 minutes", stallTimeout = "30 seconds", transfersMax = 8 } = options
  const times = {
    answer: Duration.fromInputUnsafe(answerTimeout),
    stall: Duration.fromInputUnsafe(stallTimeout)
  }
  const streams = yield* bytestreams.make(times.stall)
  const places = yield* Semaphore.make(transfersMax)
  const incoming = yield* receiving.make(options, { streams, places, times })
  return {
    handlers: [...incoming.handlers, ...streams.handlers],
    offer: yield* sending.make({ streams, places, times }),
    offers: incoming.offers,
    waiting: incoming.waiting
  }
})
