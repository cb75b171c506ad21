/**
 * What one way of trusting says of a peer, before the ways are combined (`Combine.ts`).
 *
 * @since 0.1.0
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Peer } from "./Peer.ts"
import type * as Pin from "./Pin.ts"
import type { PinStoreError } from "./PinStore.ts"
import type * as Proof from "./Proof.ts"

/**
 * A way of trusting.
 *
 * @since 0.1.0
 * @category models
 */
export interface Way {
  /** Whom it trusts, in words and fingerprints: what a recording holds. */
  readonly description: Schema.Json
  /** `heard` are the opinions of those that stand before it in the same `AnyOf`. */
  readonly judge: (peer: Peer, heard: ReadonlyArray<Opinion>) => Effect.Effect<Opinion, PinStoreError>
  /** CERT-10: whether something is pinned to the wanted address. Absent where nobody keeps pins. */
  readonly hasPin?: (peer: Peer) => Effect.Effect<boolean, PinStoreError>
}

/**
 * - `Accepts`: it vouches for the peer
 * - `Refuses`: it knows something against the peer
 * - `Abstains`: it knows nothing of the peer, so the others decide; when they do not either, its verdict may hold
 *
 * @since 0.1.0
 * @category models
 */
export type Opinion = Accepts | Refuses | Abstains

/**
 * With `leap`, the acceptance still depends on somebody's consent and on who came first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Accepts {
  readonly _tag: "Accepts"
  readonly verdict: Verdict.Verdict
  readonly proof: Proof.Proof
  readonly leap?: Leap
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Refuses {
  readonly _tag: "Refuses"
  readonly verdict: Verdict.Verdict
  readonly proof: Proof.Proof
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Abstains {
  readonly _tag: "Abstains"
  readonly verdict?: Verdict.Verdict
  readonly proof: Proof.Proof
}

/**
 * A leap of faith that has not been made yet (CERT-86 to CERT-88).
 *
 * @since 0.1.0
 * @category models
 */
export interface Leap {
  /** What the certificate would be pinned to. Never empty. */
  readonly addresses: ReadonlyArray<string>
  /** What holds without it: why nobody else vouches for the certificate. */
  readonly unvouched: Verdict.Verdict
  /** What holds when a pin of another certificate has turned up meanwhile. */
  readonly conflicting: (pins: ReadonlyArray<Pin.Pin>) => Verdict.Verdict
}
