/**
 * Discovery without a network: hosts, their interfaces and the links between them in memory, for tests and examples. What
 * mDNS does in time happens at once here: names are ours when they are asked for, and everybody hears everything. Only what
 * nobody says takes time: a host that crashes or is unplugged is gone when its records have grown too old (LL-13).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as SynchronizedRef from "effect/SynchronizedRef"
import { type Announced, type Announcement, Discovery, DiscoveryFailed } from "./Discovery.ts"
import type { DiscoveryEvent } from "./DiscoveryEvent.ts"
import * as InstanceName from "./InstanceName.ts"
import * as Network from "./internal/network.ts"

/**
 * An interface of a host: its name there, the link that it shares with others, and its addresses, those of scope link
 * without their zone.
 *
 * @since 0.1.0
 * @category models
 */
export interface Interface {
  readonly via: string
  readonly link: string
  readonly addresses: ReadonlyArray<string>
}

/**
 * A host and its `Discovery`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Host {
  readonly discovery: Discovery["Service"]
  readonly layer: Layer.Layer<Discovery>
  /** The host notices, and hears nothing there any more; the others notice when its records have grown too old. */
  readonly down: (via: string) => Effect.Effect<void>
  /** A name that somebody else has on the link by now is given up (LL-11). */
  readonly up: (via: string) => Effect.Effect<void>
  /** For good, and without a goodbye. */
  readonly crash: Effect.Effect<void>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface MemoryNetwork {
  /** Another host, with all its interfaces up. */
  readonly host: (interfaces: ReadonlyArray<Interface>) => Effect.Effect<Host>
}

/**
 * A network without hosts. `lifetimeMillis` is how long records live after their host fell silent, by default the 120 s of
 * host records (LL-13). What waits for that time belongs to the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  { lifetimeMillis = 120_000 }: { readonly lifetimeMillis?: number } = {}
): Effect.fn.Return<MemoryNetwork, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const state = yield* SynchronizedRef.make(Network.empty)
  const hall: Hall = { state, listeners: new Map(), names: new Map() }

  const ask: Asker = (change) =>
    SynchronizedRef.modifyEffect(state, (network) => {
      const { answer, move: [efforts, next] } = change(network)
      return Effect.as(Effect.forEach(efforts, perform, { discard: true }), [answer, next] as const)
    })
  const move = (change: (network: Network.Network) => Network.Move): Effect.Effect<void> =>
    ask((network) => ({ answer: undefined, move: change(network) }))

  const perform = (effort: Network.Effort): Effect.Effect<unknown> => {
    switch (effort._tag) {
      case "Tell":
        return Effect.sync(() => tell(hall, effort.host, effort.event))
      case "Name": {
        const names = hall.names.get(effort.announcement)
        return names === undefined ? Effect.void : SubscriptionRef.set(names, effort.label)
      }
      case "Fade":
        return Effect.sleep(lifetimeMillis).pipe(
          Effect.andThen(Effect.suspend(() => move((network) => Network.faded(network, effort)))),
          Effect.forkIn(scope)
        )
    }
  }

  return {
    host: (interfaces) =>
      Effect.map(
        SynchronizedRef.modify(state, (network) => Network.withHost(network, interfaces)),
        (host) => {
          const discovery = discoveryOf(hall, ask, host)
          return {
            discovery,
            layer: Layer.succeed(Discovery, discovery),
            down: (via) => move((network) => Network.plugged(network, host, via, false)),
            up: (via) => move((network) => Network.plugged(network, host, via, true)),
            crash: move((network) => Network.crashed(network, host))
          }
        }
      )
  }
})

interface Hall {
  readonly state: SynchronizedRef.SynchronizedRef<Network.Network>
  readonly listeners: Map<number, Set<Queue.Queue<DiscoveryEvent>>>
  readonly names: Map<number, SubscriptionRef.SubscriptionRef<string>>
}

type Asker = <A>(
  change: (network: Network.Network) => { readonly answer: A; readonly move: Network.Move }
) => Effect.Effect<A>

const tell = ({ listeners }: Hall, host: number, event: DiscoveryEvent): void => {
  for (const queue of listeners.get(host) ?? []) Queue.offerUnsafe(queue, event)
}

const discoveryOf = (hall: Hall, ask: Asker, host: number): Discovery["Service"] => ({
  announce: (what) => announce(hall, ask, host, what),
  browse: Stream.unwrap(Effect.map(
    Effect.acquireRelease(listen(hall, host), (queue) => Effect.sync(() => hall.listeners.get(host)?.delete(queue))),
    Stream.fromQueue
  )),
  resolve: (instance) =>
    Effect.flatMap(SynchronizedRef.get(hall.state), (network) => {
      const found = Network.resolved(network, host, instance)
      return found === undefined
        ? Effect.fail(failed("noAnswer", `nobody answers for ${JSON.stringify(instance)}`))
        : Effect.succeed(found)
    }),
  obstacle: Effect.map(
    SynchronizedRef.get(hall.state),
    (network) => Network.isOn(network, host) ? undefined : failed("noInterface", "no interface of this host is up")
  )
})

/** What is known and what comes after it, without a gap and without a repetition. */
const listen = (hall: Hall, host: number): Effect.Effect<Queue.Queue<DiscoveryEvent>> =>
  SynchronizedRef.modifyEffect(
    hall.state,
    Effect.fnUntraced(function*(network) {
      const queue = yield* Queue.unbounded<DiscoveryEvent>()
      for (const event of Network.known(network, host)) Queue.offerUnsafe(queue, event)
      hall.listeners.set(host, (hall.listeners.get(host) ?? new Set()).add(queue))
      return [queue, network] as const
    })
  )

const announce = Effect.fnUntraced(function*(
  hall: Hall,
  ask: Asker,
  host: number,
  { instance, port, txt }: Announcement
): Effect.fn.Return<Announced, DiscoveryFailed, Scope.Scope> {
  const wanted = InstanceName.parse(instance)
  if (wanted === undefined) return yield* failed("unsound", InstanceName.explain(instance)?.text ?? "it is no name")
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) return yield* failed("unsound", `${port} is no port`)
  yield* checked(txt)
  const announcement = yield* Effect.acquireRelease(
    Effect.flatMap(
      ask((network) => Network.announced(network, host, { wanted, port, txt })),
      (begun) =>
        begun === undefined
          ? Effect.fail(failed("noFreeName", `of all names like ${wanted.label}, none is free`))
          : Effect.succeed(begun)
    ),
    (announcement) => ask((network) => ({ answer: undefined, move: Network.ended(network, announcement) }))
  )
  const names = yield* naming(hall, announcement, wanted.label)
  return {
    instances: SubscriptionRef.changes(names),
    update: (strings) =>
      Effect.andThen(
        checked(strings),
        ask((network) => ({ answer: undefined, move: Network.updated(network, announcement, strings) }))
      )
  }
})

/** The name at present, and the ones that follow, none of them missed. */
const naming = (
  { names, state }: Hall,
  announcement: number,
  wanted: string
): Effect.Effect<SubscriptionRef.SubscriptionRef<string>, never, Scope.Scope> =>
  Effect.acquireRelease(
    SynchronizedRef.modifyEffect(state, (network) =>
      Effect.map(SubscriptionRef.make(network.standing.get(announcement)?.name.label ?? wanted), (ref) => {
        names.set(announcement, ref)
        return [ref, network] as const
      })),
    () =>
      Effect.sync(() =>
        names.delete(announcement)
      )
  )

/** LL-08 */
const checked = (txt: ReadonlyArray<string>): Effect.Effect<void, DiscoveryFailed> => {
  const sizes = txt.map((each) => Result.getOrUndefined(Base64.decode(each))?.length ?? Infinity)
  return sizes.every((size) => size <= stringOctetsMax)
    ? Effect.void
    : Effect.fail(failed("unsound", `a string of the TXT record is not base64 of at most ${stringOctetsMax} octets`))
}

const failed = (reason: DiscoveryFailed["reason"], detail: string): DiscoveryFailed =>
  new DiscoveryFailed({ reason, detail })

const stringOctetsMax = 255
