/**
 * The port through which entities on the same network announce themselves and find each other. `node` has a layer that
 * speaks mDNS on real interfaces; here is only what all layers promise.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { DiscoveryEvent, Resolved } from "./DiscoveryEvent.ts"

/**
 * What one says of oneself. `txt` as in `DiscoveryEvent`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Announcement {
  /** `romeo@forza`: the user and the machine; the machine is `forza.local.` as a host. */
  readonly instance: string
  readonly port: number
  readonly txt: ReadonlyArray<string>
}

/**
 * An announcement that stands until its scope closes, with a goodbye (LL-20).
 *
 * @since 0.1.0
 * @category models
 */
export interface Announced {
  /** The name at present, and each name taken later because somebody else has the one before (LL-11, LL-12). */
  readonly instances: Stream.Stream<string, DiscoveryFailed>
  /** Presence (LL-22): other strings in the place of those before. */
  readonly update: (txt: ReadonlyArray<string>) => Effect.Effect<void, DiscoveryFailed>
}

/**
 * @since 0.1.0
 * @category services
 */
export class Discovery extends Context.Service<Discovery, {
  /** Completes when the name is ours: after probing (LL-12). */
  readonly announce: (what: Announcement) => Effect.Effect<Announced, DiscoveryFailed, Scope.Scope>
  /** What is known already, then what happens. Our own announcements are left out (LL-14). */
  readonly browse: Stream.Stream<DiscoveryEvent, DiscoveryFailed>
  /** Asks where an entity listens, now that somebody is about to talk to it (LL-15, LL-19). */
  readonly resolve: (instance: string) => Effect.Effect<Resolved, DiscoveryFailed>
  /** What keeps us from hearing and being heard at the moment, if anything does: `noInterface` or `unopenable`. It may pass. */
  readonly obstacle: Effect.Effect<DiscoveryFailed | undefined>
}>()("@xmpp-e2e/link-local/Discovery") {}

/**
 * - `noInterface`: there is no interface that can do multicast
 * - `unopenable`: the system does not let us use port 5353
 * - `noAnswer`: nobody answered in time
 * - `noFreeName`: whatever name was tried, somebody else has it
 * - `unsound`: what was to be announced is no announcement, for instance too long
 *
 * @since 0.1.0
 * @category errors
 */
export class DiscoveryFailed extends Data.TaggedError("DiscoveryFailed")<{
  readonly reason: "noInterface" | "unopenable" | "noAnswer" | "noFreeName" | "unsound"
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}
