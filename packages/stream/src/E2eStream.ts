/**
 * End-to-end XML streams (XEP-0246) as scoped Effects: connect to a peer, or listen for peers, and talk. The protocol is
 * in `@xmpp-e2e/protocol`; who is believed is up to the `PeerJudge`, what carries the bytes to the `Transport`.
 *
 * Leaving the scope closes the stream in order, and never hangs.
 *
 * @since 0.1.0
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import { Reason } from "@xmpp-e2e/protocol"
import type { Address, Condition, Config, Notice, State, Verdict } from "@xmpp-e2e/protocol"
import type { Connection, Endpoint, TlsFacts } from "@xmpp-e2e/transport/Connection"
import { type Listener, type ListenOptions as TransportOptions, Transport } from "@xmpp-e2e/transport/Transport"
import type { Element } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import {
  type ConfigInvalid,
  type IqFailed,
  ListenFailed,
  type SendFailed,
  type StreamFailed,
  streamFailed
} from "./Failure.ts"
import * as negotiation from "./internal/negotiation.ts"
import type * as outcome from "./internal/outcome.ts"
import * as Options from "./Options.ts"
import type { Received } from "./Stanza.ts"

/**
 * How a stream ended: why and by whose doing, whether both sides closed in order, and what was accepted and never written.
 *
 * @since 0.1.0
 * @category models
 */
export type Ended = outcome.Ended

/**
 * Who we are on one stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface Self {
  /** The one of our addresses by which the peer called us, bare and prepared; an initiator's own. */
  readonly address: string
  readonly naming: Address.Naming
  /** What we have to show in TLS, DER. A recipient has shown it, an initiator only where it was asked for one. */
  readonly certificate?: Uint8Array
}

/**
 * A negotiated stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface E2eStream {
  readonly role: "initiator" | "recipient"
  readonly self: Self
  /** Who the peer is, and whether that is verified or merely announced. */
  readonly peer: State.PeerIdentity
  /** Whether TLS is on and the peer's certificate was judged. */
  readonly secured: boolean
  /** LANG-04: the language of what the peer sends, where a stanza does not name another (`Stanza.langOf`). */
  readonly lang?: string
  /** What the judge said about the peer's certificate. */
  readonly verdict?: Verdict.Verdict
  readonly tls?: TlsFacts
  /** The namespace of stanzas on this stream: `jabber:client`, or `jabber:server` by policy. */
  readonly contentNamespace: string
  /**
   * What the peer sends, in order; iq requests and the replies to `request` excepted. For one consumer. While it does
   * not take, and the queue is full, the peer is not read. Ends when the peer has closed its side in order, and fails
   * when the stream ended otherwise. Elements come in arrays: after `Stream.take` the rest of an array is gone; to take
   * one at a time use `receive`.
   */
  readonly stanzas: Stream.Stream<Received, StreamFailed>
  /** The next of the `stanzas`; none once the peer has closed its side in order. */
  readonly receive: Effect.Effect<Option.Option<Received>, StreamFailed>
  /** Completes when the stanza is handed to the transport. An interruption does not take back what was sent. */
  readonly send: (stanza: Element.Element) => Effect.Effect<void, SendFailed>
  /** In order, and with fewer writes than one by one. Fails with the first that could not be sent. */
  readonly sendAll: (stanzas: ReadonlyArray<Element.Element>) => Effect.Effect<void, SendFailed>
  /**
   * Sends an iq request and waits for its result, 30 seconds unless `timeout` says otherwise. An id is chosen when it has
   * none. When the waiter is interrupted a late reply is ignored.
   */
  readonly request: (
    iq: Element.Element,
    options?: { readonly timeout?: Duration.Input }
  ) => Effect.Effect<Element.Element, IqFailed>
  /** Whether a request of either side waits for its answer. */
  readonly isAwaited: Effect.Effect<boolean>
  /** XEP-0199: how long the peer took to answer. A refusal is an answer too (PING-03). */
  readonly ping: (options?: { readonly timeout?: Duration.Input }) => Effect.Effect<Duration.Duration, IqFailed>
  /** What the reducer reports, the last 64 to begin with. Ends with `Ended`. A slow consumer misses the oldest. */
  readonly notices: Stream.Stream<Notice.Notice>
  /** Closes our side and waits for the end: the peer's footer, the end of the transport, or the timers that bound them. */
  readonly close: Effect.Effect<Ended>
  /** Ends the stream with a stream error of our choice, and waits for the end. `host` belongs to `see-other-host`. */
  readonly fail: (
    condition: Condition.StreamCondition,
    options?: { readonly text?: string; readonly host?: string }
  ) => Effect.Effect<Ended>
  /** Breaks off: no footer, no flushing. */
  readonly abort: Effect.Effect<Ended>
  /** How it ended, once it has. */
  readonly ended: Effect.Effect<Ended>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface ConnectOptions extends Options.Options {
  /** The wanted peer. Nobody else is admitted. */
  readonly to: string
  /**
   * CERT-09: JIDs that discovery claims for `to`, a link-local instance. Nobody vouches for that: they only say which names
   * in an authority's certificate are welcome besides.
   */
  readonly peerAliases?: ReadonlyArray<string>
  readonly at: Endpoint
}

/**
 * @since 0.1.0
 * @category models
 */
export interface ListenOptions<R = never> extends Options.Options {
  readonly at: Endpoint
  /** The only peer that is admitted; without it, whoever the `PeerJudge` believes. */
  readonly to?: string
  /**
   * Asked for each connection: who we are by then. A name on a link-local network may change (LL-11), and a certificate be
   * renewed. What it does not say is as above.
   */
  readonly self?: Effect.Effect<Partial<Pick<Options.Options, "aliases" | "from" | "identity">>>
  /** LIM-01. Defaults as in `Transport`. */
  readonly connectionsMax?: number
  readonly connectionsPerAddressMax?: number
  /** Told of each connection that did not become a stream. */
  readonly onFailure?: (failure: StreamFailed) => Effect.Effect<void, never, R>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface OverOptions extends Options.Options {
  readonly role: "initiator" | "recipient"
  /** The wanted peer; an initiator must name one. */
  readonly to?: string
  /**
   * CERT-09: JIDs that discovery claims for `to`, a link-local instance. Nobody vouches for that: they only say which names
   * in an authority's certificate are welcome besides.
   */
  readonly peerAliases?: ReadonlyArray<string>
}

/**
 * Dials, negotiates, and gives the stream once it is negotiated. Interrupting it ends what had begun. The stream closes
 * with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connect = (
  options: ConnectOptions
): Effect.Effect<E2eStream, StreamFailed | ConfigInvalid, Transport | PeerJudge | Scope.Scope> =>
  Effect.flatMap(Transport, (transport) =>
    negotiation.run(
      { ...options, role: "initiator" },
      transport.dial(options.at).pipe(
        Effect.mapError(({ detail }) => streamFailed(Reason.make("transportLost", { detail })))
      )
    ))

/**
 * A stream over a connection that is already there: a Jingle bytestream, a test, a socket of one's own. The connection
 * belongs to the stream from now on, and is dropped with it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const over = (
  connection: Connection,
  options: OverOptions
): Effect.Effect<E2eStream, StreamFailed | ConfigInvalid, PeerJudge | Scope.Scope> =>
  negotiation.run(options, Effect.succeed(connection))

/**
 * Listens until the scope closes. Each connection is negotiated in a fiber and a scope of its own, then given to
 * `handler`; when that returns, the stream is closed in order. A handler that only answers requests waits with
 * `Stream.runDrain(stream.stanzas)`, which ends when the peer has closed its side. A handler that fails ends its stream with
 * `internal-server-error`. A connection that does not become a stream is logged, told to `onFailure`, and disturbs
 * nobody. Closing the scope stops accepting, interrupts the handlers and closes their streams.
 *
 * @since 0.1.0
 * @category constructors
 */
export const listen = <E, R, R2 = never>(
  options: ListenOptions<R2>,
  handler: (stream: E2eStream) => Effect.Effect<void, E, R>
): Effect.Effect<
  Listener,
  ListenFailed | ConfigInvalid,
  Transport | PeerJudge | Scope.Scope | Exclude<R | R2, Scope.Scope>
> =>
  Effect.gen(function*() {
    // Every connection gets this configuration: what is wrong with it is known before the first.
    const config = yield* Options.toConfig("recipient", options, options.to)
    const transport = yield* Transport
    return yield* transport.listen(
      listening(options),
      (connection) => serving(connection, config, options, handler)
    ).pipe(
      Effect.mapError(({ detail }) => new ListenFailed({ at: options.at, detail }))
    )
  })

const listening = ({ at, connectionsMax, connectionsPerAddressMax }: ListenOptions<unknown>): TransportOptions => ({
  at,
  ...(connectionsMax === undefined ? {} : { connectionsMax }),
  ...(connectionsPerAddressMax === undefined ? {} : { connectionsPerAddressMax })
})

const serving = <E, R, R2>(
  connection: Connection,
  config: Config.Config,
  options: ListenOptions<R2>,
  handler: (stream: E2eStream) => Effect.Effect<void, E, R>
) =>
  Effect.matchEffect(serve(connection, config, options), {
    onSuccess: (stream) => Effect.catchCause(handler(stream), (cause) => broken(stream, cause)),
    onFailure: (failure) => refused(failure, options)
  })

/** Who we are may be another at each connection; else nothing about it has to be worked out again. */
const serve = <R>(
  connection: Connection,
  config: Config.Config,
  options: ListenOptions<R>
): Effect.Effect<E2eStream, StreamFailed | ConfigInvalid, PeerJudge | Scope.Scope> =>
  options.self === undefined
    ? negotiation.run({ ...options, role: "recipient" }, Effect.succeed(connection), config)
    : Effect.flatMap(options.self, (self) => over(connection, { ...options, ...self, role: "recipient" }))

const refused = <R>(
  failure: StreamFailed | ConfigInvalid,
  { onFailure }: ListenOptions<R>
): Effect.Effect<void, never, R> =>
  // The configuration was good when listening began, and `self` has to keep it so.
  failure._tag === "ConfigInvalid" ? Effect.die(failure) : onFailure?.(failure) ?? Effect.void

const broken = (stream: E2eStream, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Cause.hasInterruptsOnly(cause)
    ? Effect.interrupt
    : Effect.logError("the handler of a stream failed", cause).pipe(
      Effect.andThen(stream.fail("internal-server-error")),
      Effect.asVoid
    )
