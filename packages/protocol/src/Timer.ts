/**
 * The named timers (requirements 0.2, state-machine §6). The reducer has no clock: it asks for a timer by name and is
 * told when it fired.
 *
 * @since 0.1.0
 */

/**
 * Milliseconds.
 *
 * @since 0.1.0
 * @category models
 */
export type Millis = number

/**
 * - `negotiation` T-NEG, the whole negotiation; `step` T-STEP, one awaited reply; `verdict` T-VERDICT
 * - `commit` T-COMMIT, until clear text counts as settled
 * - `keepalive` T-KEEP, `idle` T-IDLE, `pong` T-PONG, `certificate` T-CERT, `acknowledgement` T-SM
 * - `close` T-CLOSE, until the peer's footer; `drain` T-DRAIN, until ours; `end` T-END, until the transport ends
 *
 * @since 0.1.0
 * @category models
 */
export type Timer =
  | "negotiation"
  | "step"
  | "verdict"
  | "commit"
  | "keepalive"
  | "idle"
  | "pong"
  | "certificate"
  | "acknowledgement"
  | "close"
  | "drain"
  | "end"

/**
 * A timer that is running. A firing with another generation is stale and changes nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Armed {
  readonly timer: Timer
  readonly generation: number
}
