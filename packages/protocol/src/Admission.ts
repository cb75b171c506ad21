/**
 * Proof that policy was asked. `Established` requires an `Admission`, and only `admit` makes one; whoever reads
 * `Established` knows.
 *
 * @since 0.1.0
 */
import type { Config } from "./Config.ts"
import type { Link, PeerHeader, PeerIdentity } from "./State.ts"

declare const admitted: unique symbol

/**
 * @since 0.1.0
 * @category models
 */
export interface Admission {
  readonly [admitted]?: never
  readonly peer: PeerIdentity
  readonly secured: boolean
  readonly header: PeerHeader
  readonly role: Config["role"]
}
