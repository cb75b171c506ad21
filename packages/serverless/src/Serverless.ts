/**
 * Serverless messaging (XEP-0174) as one scoped Effect: we listen, say on the network that we are there, hear who else is,
 * and have one stream with each peer whom we talk to, whoever opened it. Who is believed is up to the `PeerJudge`; what
 * the network says of anybody is hearsay (LL-26).
 *
 * @since 0.1.0
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type * as Capabilities from "@xmpp-e2e/link-local/Capabilities"
import type { Discovery, DiscoveryFailed } from "@xmpp-e2e/link-local/Discovery"
import * as Presence from "@xmpp-e2e/link-local/Presence"
import type * as Roster from "@xmpp-e2e/link-local/Roster"
import type { TxtTooLarge, TxtUnsound } from "@xmpp-e2e/link-local/Txt"
import { Address } from "@xmpp-e2e/protocol"
import * as E2eStream from "@xmpp-e2e/stream/E2eStream"
import type { ConfigInvalid, ListenFailed, StreamFailed } from "@xmpp-e2e/stream/Failure"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import * as Peers from "@xmpp-e2e/stream/Peers"
import type * as Connection from "@xmpp-e2e/transport/Connection"
import type { Transport } from "@xmpp-e2e/transport/Transport"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { DialFailed } from "./Dial.ts"
import * as abilities from "./internal/abilities.ts"
import * as announcing from "./internal/announcing.ts"
import * as dialling from "./internal/dialling.ts"
import * as guarding from "./internal/guarding.ts"
import * as hearing from "./internal/hearing.ts"
import type { Self } from "./internal/self.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends StreamOptions.Options, Pick<Peers.Options<never>, "grace" | "idle" | "onStanza"> {
  /** Where to listen. Default: every address of this machine, at a port of the system's choice. */
  readonly at?: Connection.Endpoint
  /** What we say of ourselves at first. Default: that we are available. */
  readonly presence?: Presence.Presence
  /** Whether the network is told of us; others can find us only then. Default: yes. */
  readonly isAnnounced?: boolean
  /**
   * What we can do: announced as a hash (LL-23), and told on streams to whoever asks. Without it, nothing is said of that. What
   * has no hash (`Capabilities.ver`) is told only to those who ask.
   */
  readonly abilities?: Capabilities.Info
  /** A URI that stands for the software, in what is announced of its abilities. Default: that of this one. */
  readonly software?: string
  /** Names for which there is always room in the roster: those whose keys are pinned, say. */
  readonly expected?: ReadonlyArray<string>
  /** Where somebody listens whom one need not look for on the network. */
  readonly placeOf?: (peer: string) => Connection.Endpoint | undefined
  /**
   * What we show when somebody else has our name, and ours is another therefore (LL-11): most peers believe only a
   * certificate for the name that is announced. Without it, `identity` as before.
   */
  readonly identityFor?: (instance: string) => Effect.Effect<StreamOptions.Options["identity"]>
  /**
   * Whether a certificate of a peer is known (its address is bare and prepared). Then it has no stream without TLS, whatever
   * `policy` says of others: nobody else may pass for it by being old. Without it, nobody is known.
   */
  readonly isKnown?: (peer: string) => Effect.Effect<boolean>
  /** Told of each connection that did not become a stream. */
  readonly onFailure?: (failure: StreamFailed) => Effect.Effect<void>
}

/**
 * Why there is no stream to a peer: nobody of that name was reached, or no stream came of it.
 *
 * @since 0.1.0
 * @category errors
 */
export type Unreachable = DialFailed | StreamFailed | ConfigInvalid

/**
 * - `Unannounced`: nobody is told of us; `failure` says why where that is not our wish. It is tried again
 * - `Announced`: the network knows us by this name
 *
 * @since 0.1.0
 * @category models
 */
export type Standing =
  | { readonly _tag: "Unannounced"; readonly failure?: DiscoveryFailed }
  | { readonly _tag: "Announced"; readonly instance: string }

/**
 * @since 0.1.0
 * @category models
 */
export interface Serverless {
  /** Where we listen. */
  readonly at: Connection.Endpoint
  /** Our name: the one that is announced, else the one that was wanted. */
  readonly name: Effect.Effect<string>
  /** How we stand on the network now, and from now on. */
  readonly standing: Stream.Stream<Standing>
  /** Everybody who is there. */
  readonly entities: Effect.Effect<ReadonlyArray<Roster.Entity>>
  /** Who is called that, in whatever case, or by the part before the `@` where only one is. */
  readonly find: (who: string) => Effect.Effect<Roster.Entity | undefined>
  /** From now on. A slow consumer misses the oldest. */
  readonly changes: Stream.Stream<Roster.Change>
  readonly presence: Effect.Effect<Presence.Presence>
  /** Said to everybody at once (LL-22). */
  readonly setPresence: (presence: Presence.Presence) => Effect.Effect<void, TxtTooLarge | TxtUnsound | DiscoveryFailed>
  /** Streams, one with each peer. */
  readonly peers: Peers.Peers<Unreachable>
}

/**
 * Leaving the scope says goodbye to the network, and closes the streams in order.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<
  Serverless,
  ListenFailed | ConfigInvalid | TxtTooLarge | TxtUnsound,
  Discovery | Transport | PeerJudge | Scope.Scope
> {
  const { naming = "linkLocal", presence = Presence.available } = options
  const self: Self = {
    name: Address.bareText(options.from, naming) ?? options.from,
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    presence
  }
  const known = abilities.of(options)
  const handlers = [...options.handlers ?? [], ...known.handlers]
  const peers = yield* Peers.make<Unreachable, Discovery | Transport | PeerJudge>({
    ...options,
    naming,
    from: self.name,
    dial: (peer) => dialling.dial(peer, { ...options, naming, handlers }, self)
  })
  const listener = yield* E2eStream.listen({
    ...options,
    naming,
    handlers,
    at: options.at ?? anywhere,
    self: Effect.sync(() => dialling.ownOf(self))
  }, guarding.guarded(options, peers.admit))
  const roster = yield* hearing.make({ own: [self.name], expected: options.expected ?? [] })
  const announced = yield* announcing.make(
    self,
    { ...options, ...known.announced, port: listener.at.port },
    (name) => Effect.all([roster.own([name]), peers.renamed(name)], { discard: true })
  )
  return {
    at: listener.at,
    name: Effect.sync(() => self.name),
    standing: announced.standing,
    entities: roster.entities,
    find: roster.find,
    changes: roster.changes,
    presence: Effect.sync(() => self.presence),
    setPresence: announced.update,
    peers
  }
})

/** IPv6 takes IPv4 as well. */
const anywhere: Connection.Endpoint = { host: "::", port: 0 }
